/** Why a case can't be played yet. */
export class NotPlayable extends Error {}
