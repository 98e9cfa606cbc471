// What stands between the % and the verb of a format: flags, width and precision.

export interface Layout {
  width: number | undefined
  precision: number | undefined
  minus: boolean
  plus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** %+v names the fields of structs. */
  plusV: boolean
  /** %#v writes Go. */
  sharpV: boolean
}

export function plainLayout(): Layout {
  return {
    width: undefined,
    precision: undefined,
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
  }
}
