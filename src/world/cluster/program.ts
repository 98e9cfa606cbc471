// A program of the control plane: what it remembers and has in its work queues goes when it ends.

export class Program {
  isRunning = true
  /** How often it was started. */
  starts = 1
  /** How late it comes to whatever it has to do. */
  delayMs = 0

  start(): void {
    this.isRunning = true
    this.starts++
  }

  stop(): void {
    this.isRunning = false
  }
}

/** Whether it runs and hasn't ended since that start; what is no program always does. */
export function isStill(program: Program | undefined, start: number): boolean {
  return program === undefined || (program.isRunning && program.starts === start)
}
