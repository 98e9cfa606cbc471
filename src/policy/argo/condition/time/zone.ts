// The time zones that are known without a database.

import { Panic } from '../value/panic.js'
import { Location, UTC } from '../value/value.js'

export function isKnownZone(name: string): boolean {
  return name === '' || name === 'UTC' || name === 'Local'
}

export function loadZone(name: string): Location {
  if (!isKnownZone(name)) throw new Panic(`coalmine has no time-zone database and cannot load ${name}`)
  return name === 'Local' ? new Location('Local', 0) : UTC
}
