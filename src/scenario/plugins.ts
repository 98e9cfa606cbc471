// What the step plugins of a policy will answer: nothing but a scenario can say what somebody's own plugin does.

export const pluginPhases = ['Successful', 'Failed', 'Error'] as const

export interface PluginScript {
  readonly name: string
  /** What it comes to; undefined where the operator has switched it off. */
  readonly phase: (typeof pluginPhases)[number] | undefined
  /** Since its first call. */
  readonly afterMs: number
  readonly message: string
  /** When it asks to be called again while it runs; 0 leaves that to the controller. */
  readonly requeueAfterMs: number
}
