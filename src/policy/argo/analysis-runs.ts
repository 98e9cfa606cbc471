// The AnalysisRuns of a Rollout, and the controller that measures them.
import type { AnalysisController } from './analysis-controller.js'
import type { AnalysisRun } from './analysis-run.js'
import type { Catalogue } from './catalogue.js'
import type { RunStatus } from './status.js'

export class AnalysisRuns {
  /** Those that there are, in the order of their making. */
  readonly all: AnalysisRun[] = []

  constructor(
    readonly controller: AnalysisController,
    /** Of the templates that there are now. */
    public catalogue: Catalogue,
  ) {}

  named(status: RunStatus | undefined): AnalysisRun | undefined {
    return status && this.all.find((run) => run.name === status.name)
  }

  delete(run: AnalysisRun): void {
    this.all.splice(this.all.indexOf(run), 1)
    this.controller.forget(run)
  }
}
