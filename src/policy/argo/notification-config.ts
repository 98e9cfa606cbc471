// What the controller is told about notifications for a whole cluster: the ConfigMap argo-rollouts-notification-configmap.
import { isJsonObject, type Json } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { Problems } from '../../scenario/problem.js'
import { parseYaml } from '../../scenario/yaml.js'
import { type Subscription, shippedTriggers } from './notification.js'

export interface NotificationConfig {
  /** How many messages a trigger sends when it fires, by its name. */
  readonly triggers: ReadonlyMap<string, number>
  /** Undefined where nobody knows which there are. */
  readonly services: ReadonlySet<string> | undefined
  /** Of subscriptions that name no trigger, to a service of their own or to any. */
  defaultTriggers(service: string): readonly string[]
  /** Those of all Rollouts. */
  readonly subscriptions: readonly Subscription[]
}

/** What an installation begins with, and may have any services. */
const shippedConfig: NotificationConfig = {
  triggers: new Map(shippedTriggers.map((name) => [name, 1])),
  services: undefined,
  defaultTriggers: () => [],
  subscriptions: [],
}

export function readConfig(manifests: readonly Manifest[], problems: Problems): NotificationConfig {
  const map = manifests.find(
    ({ kind, name }) => kind === 'ConfigMap' && name === 'argo-rollouts-notification-configmap',
  )
  return map ? new Reader(map, problems).config() : shippedConfig
}

class Reader {
  private readonly data: Readonly<Record<string, Json>>

  constructor(
    private readonly map: Manifest,
    private readonly problems: Problems,
  ) {
    const data = map.value['data']
    this.data = isJsonObject(data ?? null) ? (data as Readonly<Record<string, Json>>) : {}
  }

  config(): NotificationConfig {
    const keys = Object.keys(this.data)
    const of = (prefix: string) => keys.filter((key) => key.startsWith(prefix))
    const ending = (key: string) => key.slice(key.indexOf('.') + 1)
    const templates = new Set(of('template.').map(ending))
    const triggers = new Map(of('trigger.').map((key) => [ending(key), this.sends(key, templates)]))
    const defaults = this.names('defaultTriggers')
    const defaultsOf = new Map(of('defaultTriggers.').map((key) => [ending(key), this.names(key)]))
    return {
      triggers,
      // `service.slack`, or `service.webhook.pager` by its own name.
      services: new Set(of('service.').map((key) => key.split('.').at(-1)!)),
      defaultTriggers: (service) => defaultsOf.get(service) ?? defaults,
      subscriptions: this.items('subscriptions').flatMap((item) => this.subscriptionsIn(item, defaults)),
    }
  }

  /** A message under a condition is sent when that comes true of the Rollout as it is in the cluster, event or not. */
  private sends(key: string, templates: ReadonlySet<string>): number {
    let count = 0
    for (const item of this.items(key)) {
      const { when, send } = isJsonObject(item) ? item : {}
      const missing = textsIn(send).find((template) => !templates.has(template))
      if (typeof when === 'string' && when !== '') {
        this.warn(
          key,
          'notification-condition',
          `the condition \`${when}\` is not simulated: what it sends is not listed`,
        )
      } else if (missing !== undefined) {
        this.warn(key, 'notification-template', `there is no template.${missing}: nothing is sent`)
      } else count++
    }
    return count
  }

  private subscriptionsIn(item: Json, defaults: readonly string[]): readonly Subscription[] {
    const { recipients, triggers, selector } = isJsonObject(item) ? item : {}
    if (typeof selector === 'string' && selector !== '') {
      this.warn(
        'subscriptions',
        'notification-selector',
        `the selector \`${selector}\` is not simulated: its subscription is left out`,
      )
      return []
    }
    const wanted = textsIn(triggers)
    return (wanted.length > 0 ? wanted : defaults).flatMap((trigger) =>
      textsIn(recipients).map((written) => {
        const [service = '', recipient = ''] = written.split(':')
        return { trigger, service, recipients: [recipient] }
      }),
    )
  }

  private names(key: string): readonly string[] {
    return textsIn(this.items(key))
  }

  private items(key: string): readonly Json[] {
    const text = this.data[key]
    if (typeof text !== 'string') return []
    const items = itemsIn(text)
    if (!items)
      this.warn(key, 'notification-config', `${key} must be a list in YAML: the controller sends nothing at all`)
    return items ?? []
  }

  private warn(key: string, code: string, message: string): void {
    this.problems.warning(code, placeOf(this.map, ['data', key]), message)
  }
}

/** Of a list written in YAML; undefined when it is none. */
export function itemsIn(text: string): readonly Json[] | undefined {
  const problems = new Problems()
  const [document] = parseYaml(text, '', 'kubernetes', problems)
  const value = document?.value ?? []
  return !problems.hasErrors && Array.isArray(value) ? value : undefined
}

export function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : []
}
