// The Experiments of a Rollout, and the controller that runs them.
import type { Experiment } from './experiment.js'
import type { ExperimentController } from './experiment-controller.js'

export class Experiments {
  /** Those that there are, in the order of their making. */
  readonly all: Experiment[] = []

  constructor(readonly controller: ExperimentController) {}

  named(name: string): Experiment | undefined {
    return name === '' ? undefined : this.all.find((experiment) => experiment.name === name)
  }

  delete(experiment: Experiment): void {
    this.all.splice(this.all.indexOf(experiment), 1)
    this.controller.forget(experiment)
  }
}
