// When requests arrive, as the engine asks it: whoever hands it requests knows.

export interface Arrivals {
  /** When the next request arrives; infinity if none does. */
  readonly nextMs: number
  /** It has arrived. */
  take(): void
}
