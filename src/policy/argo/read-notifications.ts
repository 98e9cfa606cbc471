// From the annotations of a Rollout, and the configuration of the controller, to who is told of what.
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { Manifest } from '../../scenario/manifest.js'
import { nearName } from '../../scenario/near-name.js'
import type { Place, Problems } from '../../scenario/problem.js'
import { firedTriggers, type Subscription, type Subscriptions } from './notification.js'
import { itemsIn, type NotificationConfig, readConfig, textsIn } from './notification-config.js'

/** A subscription as it is written: what it lacks is made up for by the configuration. */
interface Wanted {
  readonly trigger: string | undefined
  readonly service: string
  readonly recipients: readonly string[]
}

export function readNotifications(
  rollout: Manifest,
  manifests: readonly Manifest[],
  problems: Problems,
): Subscriptions {
  const config = readConfig(manifests, problems)
  const found = new Map<string, Subscription[]>()
  const add = (subscription: Subscription) => {
    const sent = new Array<Subscription>(config.triggers.get(subscription.trigger) ?? 0).fill(subscription)
    found.set(subscription.trigger, [...(found.get(subscription.trigger) ?? []), ...sent])
  }
  config.subscriptions.forEach(add)
  for (const key of annotationKeys(rollout)) {
    const place = { file: rollout.file, ...rollout.keyPositionOf(['metadata', 'annotations', key]) }
    for (const wanted of wantedBy(key, annotationOf(rollout, key), place, problems)) {
      subscriptionsOf(wanted, config, place, problems).forEach(add)
    }
  }
  return found
}

const prefix = 'notifications.argoproj.io/'

function annotationKeys(rollout: Manifest): readonly string[] {
  return Object.keys(annotationsOf(rollout)).filter((key) => key.startsWith(prefix))
}

function annotationOf(rollout: Manifest, key: string): string {
  const text = annotationsOf(rollout)[key]
  return typeof text === 'string' ? text : ''
}

function annotationsOf({ value }: Manifest): Readonly<Record<string, Json>> {
  const metadata = value['metadata']
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined
  return isJsonObject(annotations) ? annotations : {}
}

/** `subscribe.TRIGGER.SERVICE: one;another`, `subscribe.SERVICE`, or `subscriptions` with a list in YAML. */
function wantedBy(key: string, text: string, place: Place, problems: Problems): readonly Wanted[] {
  const name = key.slice(prefix.length)
  if (name.startsWith('subscriptions')) return wantedByList(text, place, problems)
  if (!name.startsWith('subscribe.')) return []
  const [first = '', second] = name.slice('subscribe.'.length).split('.')
  const recipients = text === '' ? [''] : recipientsIn(text)
  return [
    second === undefined
      ? { trigger: undefined, service: first, recipients }
      : { trigger: first || undefined, service: second, recipients },
  ]
}

function recipientsIn(text: string): readonly string[] {
  return text
    .split(';')
    .map((recipient) => recipient.trim())
    .filter((recipient) => recipient !== '')
}

function wantedByList(text: string, place: Place, problems: Problems): readonly Wanted[] {
  const items = itemsIn(text)
  if (!items) {
    const message = 'subscriptions must be a list in YAML, of triggers and their destinations: nobody is subscribed'
    problems.warning('notification-config', place, message)
  }
  return (items ?? []).flatMap((item) => {
    const { trigger, destinations } = isJsonObject(item) ? item : {}
    const triggers = textsIn(trigger)
    const to: readonly Json[] = Array.isArray(destinations) ? destinations : []
    return (triggers.length > 0 ? triggers : [undefined]).flatMap((name) =>
      to.filter(isJsonObject).map(({ service, recipients }) => ({
        trigger: name,
        service: typeof service === 'string' ? service : '',
        recipients: textsIn(recipients),
      })),
    )
  })
}

/** Those of which something will be sent. */
function subscriptionsOf(
  { trigger, service, recipients }: Wanted,
  config: NotificationConfig,
  place: Place,
  problems: Problems,
): readonly Subscription[] {
  const warn = (code: string, message: string, hint?: string) => problems.warning(code, place, message, { hint })
  const triggers = trigger === undefined ? config.defaultTriggers(service) : [trigger]
  if (triggers.length === 0) {
    const message = `the subscription to ${service} names no trigger, and there are no default ones: nothing is sent`
    warn('notification-trigger', message, `Write ${prefix}subscribe.on-rollout-aborted.${service}, for instance.`)
  }
  const { services } = config
  if (services && !services.has(service)) {
    warn('notification-service', `no service ${service} is configured: nothing is sent`, didYouMean(service, services))
    return []
  }
  return triggers.flatMap((name) => {
    if (!config.triggers.has(name)) {
      const hint = didYouMean(name, config.triggers.keys())
      warn('notification-trigger', `there is no trigger ${name}: nothing is sent`, hint)
      return []
    }
    // Messages under a condition have another way out, and have been told of.
    if (!firedTriggers.has(name) && config.triggers.get(name)! > 0) {
      const message = `no event of the controller is called as the trigger ${name}: it never fires`
      warn('notification-trigger', message, didYouMean(name, firedTriggers))
      return []
    }
    return [{ trigger: name, service, recipients }]
  })
}

function didYouMean(written: string, known: Iterable<string>): string | undefined {
  const near = nearName(written, known)
  return near === undefined ? undefined : `Did you mean ${near}?`
}
