// A fault in plain words, as the timeline tells it.
import type { FaultEffect, FaultSelector, ScenarioFault } from '../scenario/faults.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLatencyChange,
  formatPercentage,
  formatRate,
} from '../scenario/units.js'

/** Whom it strikes: `canary`, `1 pod of canary in zone a`, `a third of …`. */
export function struckBy({ on, effect }: ScenarioFault): string {
  switch (effect.kind) {
    case 'prometheus':
      return 'Prometheus'
    case 'controller':
      return 'the controller'
    case 'api-server':
      return 'the API server'
    case 'quota':
      return 'the namespace'
    case 'node-loss':
      return placeWords(on)
        .join(' ')
        .replace(/^(on|in) /, '')
    case 'traffic':
      return ['traffic', ...requestWords(on)].join(' ')
    default:
      return [...podWords(on), ...placeWords(on), ...requestWords(on)].join(' ')
  }
}

export function faultWords({ name, effect }: ScenarioFault): string {
  return name ?? effectWords(effect)
}

function podWords({ version, pods }: FaultSelector): string[] {
  const whom = version === 'both' ? 'both versions' : version
  if (pods === undefined) return [whom]
  if ('ratio' in pods) return [`${formatPercentage(pods.ratio)} of the pods of ${whom}`]
  if ('mostRatio' in pods) return [`up to ${formatPercentage(pods.mostRatio)} of the pods of ${whom}`]
  return [`${pods.count} ${pods.count === 1 ? 'pod' : 'pods'} of ${whom}`]
}

function placeWords({ zone, node }: FaultSelector): string[] {
  return [...(node === undefined ? [] : [`on node ${node}`]), ...(zone === undefined ? [] : [`in zone ${zone}`])]
}

function requestWords({ route, segment, dependency, shareRatio }: FaultSelector): string[] {
  const parts = Object.entries(segment ?? {}).map(([dimension, value]) => `${dimension} ${value}`)
  return [
    ...(route === undefined ? [] : [`on route ${route}`]),
    ...(parts.length === 0 ? [] : [`for ${parts.join(', ')}`]),
    ...(dependency === undefined ? [] : [`when calling ${dependency}`]),
    ...(shareRatio === undefined ? [] : [`in ${formatPercentage(shareRatio)} of requests`]),
  ]
}

function effectWords(effect: FaultEffect): string {
  switch (effect.kind) {
    case 'errors':
      return `${formatPercentage(effect.ratio)} errors${statusWords(effect.status)}${loadWords(effect)}`
    case 'latency':
      return `latency ${formatLatencyChange(effect.change)}${loadWords(effect)}`
    case 'hang':
      return effect.ratio === 1 ? 'no answers' : `${formatPercentage(effect.ratio)} never answered`
    case 'cpu-theft':
      return `a noisy neighbour takes ${formatPercentage(effect.ratio)} of the CPU`
    case 'crash-loop':
      return 'crash loop'
    case 'not-ready':
      return 'never ready'
    case 'leak': {
      if (effect.mostBytes !== undefined) return `takes ${roughBytes(effect.mostBytes)} of memory`
      const limit = effect.limitBytes === undefined ? '' : ` up to ${roughBytes(effect.limitBytes)}`
      return `memory leaks ${roughBytes(effect.bytesPerMs * 60_000)} a minute${limit}`
    }
    case 'kill':
      return effect.what === 'pod' ? 'pods are deleted' : 'containers are killed'
    case 'image-pull':
      return 'the image cannot be pulled'
    case 'node-loss':
      return 'nodes are lost'
    case 'quota':
      return 'quota exhausted'
    case 'poison': {
      const again =
        effect.recoveryMs === undefined ? '' : `, well again after ${formatDuration(effect.recoveryMs)} on average`
      return `poisons ${formatCount(effect.records)} shared records${again}`
    }
    case 'skew': {
      const until = effect.while === 'mixed' ? ' while both versions serve' : ''
      return `${formatPercentage(effect.ratio)} errors${statusWords(effect.status)} from the other version's schema${until}`
    }
    case 'traffic':
      return `x${effect.factor}`
    case 'metrics':
      return effect.how === 'delayed' ? `metrics late by ${formatDuration(effect.delayMs)}` : `metrics ${effect.how}`
    case 'prometheus':
      return 'down'
    case 'controller':
    case 'api-server':
      return effect.how === 'slow' ? `slow by ${formatDuration(effect.delayMs)}` : 'down'
  }
}

/** To a tenth of its unit: megabytes are no round number of mebibytes. */
function roughBytes(bytes: number): string {
  const unit = 1024 ** Math.min(4, Math.max(1, Math.floor(Math.log2(bytes) / 10)))
  return formatBytes((Math.max(1, Math.round((10 * bytes) / unit)) * unit) / 10)
}

function statusWords(status: number): string {
  return status === 500 ? '' : ` (${status})`
}

function loadWords({ abovePerSecond }: { readonly abovePerSecond?: number }): string {
  return abovePerSecond === undefined ? '' : ` above ${formatRate(abovePerSecond)} a pod`
}
