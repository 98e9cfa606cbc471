// Whether requests are flown as a flow or one by one: by what somebody says, or by what can't be told otherwise.
import type { Fidelity } from '../scenario/fidelity.js'
import { limits } from '../scenario/limits.js'
import type { ScenarioFile } from '../scenario/load.js'
import type { Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'

/** What a flow doesn't know: it has no single requests, and none of them touches another. */
interface Need {
  readonly asks: (scenario: Scenario, wishes: FidelityWishes) => boolean
  /** Ends a sentence that begins with what the flight does. */
  readonly because: string
}

const needs: readonly Need[] = [
  {
    asks: ({ traffic }) => traffic.sticky === 'cookie',
    because: 'who has a cookie depends on who came when',
  },
  {
    asks: ({ service, faults }) =>
      faults.some(({ effect }) => effect.kind === 'hang') &&
      [service.stable, service.canary].some(({ places }) => places !== undefined),
    because: 'a request that hangs keeps its place from those that come after it',
  },
  {
    asks: ({ clients }) => clients.retries !== undefined,
    because: 'a request that is sent again is one that was sent before',
  },
  { asks: ({ clients }) => clients.connections !== undefined, because: 'a connection takes its requests to one pod' },
  { asks: (_, { isSampled = false }) => isSampled, because: 'a request log shows single requests' },
]

/** What is asked for beside the scenario. */
export interface FidelityWishes {
  /** Instead of what the scenario says. */
  readonly fidelity?: Fidelity | undefined
  /** Whether somebody wants to see requests one by one. */
  readonly isSampled?: boolean | undefined
}

export interface FidelityChoice {
  readonly fidelity: Fidelity
  /** Why requests are flown one by one though nobody has said so; empty if somebody has, or they aren't. */
  readonly because: readonly string[]
}

/** To say that a flight is a flow, and to ask for what it can't tell, is a mistake. */
export function chooseFidelity(
  file: ScenarioFile,
  scenario: Scenario,
  wishes: FidelityWishes,
  problems: Problems,
): FidelityChoice {
  // Whoever looks on may ask for more than the scenario needs.
  const said = wishes.fidelity ?? (wishes.isSampled ? undefined : scenario.fidelity)
  const because = needs.filter(({ asks }) => asks(scenario, wishes)).map(({ because }) => because)
  const fidelity = because.length > 0 ? 'request' : (said ?? 'flow')
  if (fidelity === 'request') checkUsers(file, scenario, problems)
  if (because.length > 0 && said === 'flow') {
    problems.error('fidelity-too-low', file.placeOf(['fidelity']), `a flow can't tell this: ${because.join('; ')}`, {
      hint: 'Fly requests one by one, with `fidelity: request` or --fidelity request.',
    })
  }
  return { fidelity, because: said === undefined ? because : [] }
}

function checkUsers(file: ScenarioFile, { traffic }: Scenario, problems: Problems): void {
  const { count } = traffic.users
  if (count <= limits.usersOneByOne) return
  const message = `requests one by one know at most ${limits.usersOneByOne} users, not ${count}`
  problems.error('too-many-users', file.placeOf(['traffic', 'users']), message, {
    hint: 'Fly them as a flow, with `fidelity: flow` or --fidelity flow: it counts users without telling them apart.',
  })
}
