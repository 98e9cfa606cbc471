// An object that holds a pod template, as somebody sees it who takes theirs from there.
import type { ManifestTemplate } from '../pod-template.js'

export interface Workload {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'PodTemplate'
  readonly name: string
  /** Raised by every change of what is asked for. */
  readonly generation: number
  readonly template: ManifestTemplate
  /** How many pods of its own it asks for. */
  readonly replicas: number
  readonly deleted: boolean
  setTemplate(template: ManifestTemplate): void
  /** Of a Deployment alone: others can't be scaled through it. */
  scale?(replicas: number): void
  /** Tells of every change of the generation, and of its deletion. */
  listen(changed: () => void): void
}

/** A PodTemplate, or a ReplicaSet that stands by itself: its pods stay what they are when the template changes. */
export class TemplateHolder implements Workload {
  generation = 1
  deleted = false
  private readonly listeners: (() => void)[] = []

  constructor(
    readonly kind: 'ReplicaSet' | 'PodTemplate',
    readonly name: string,
    public template: ManifestTemplate,
    readonly replicas: number,
  ) {}

  setTemplate(template: ManifestTemplate): void {
    if (template.key === this.template.key) return
    this.template = template
    this.generation++
    this.changed()
  }

  listen(changed: () => void): void {
    this.listeners.push(changed)
  }

  private changed(): void {
    for (const listener of this.listeners) listener()
  }
}
