// Upper case, lower case and titles, as Go and its text/cases package map letters.

/** Letters one to one: Go leaves alone what only several letters could stand for, as "ß". */
export function toUpper(text: string): string {
  return mapped(text, (letter) => letter.toUpperCase(), UPPER)
}

export function toLower(text: string): string {
  return mapped(text, (letter) => letter.toLowerCase(), LOWER)
}

/** The first letter of each word; the others stay as they are. */
export function toTitle(text: string): string {
  let out = ''
  let isInWord = false
  let wasJoint = false
  for (const letter of text) {
    const isJoint = JOINT.test(letter)
    if (wasJoint && isJoint) isInWord = false
    if (CASED.test(letter)) {
      out += isInWord ? letter : titled(letter)
      isInWord = true
    } else {
      out += letter
      if (!isJoint && !INSIDE.test(letter)) isInWord = false
    }
    wasJoint = isJoint
  }
  return out
}

const CASED = /^\p{Cased}$/u
/** One of these between letters doesn't end a word, two do. */
const JOINT = /^['.:\u00b7\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a]$/
const INSIDE = /^[\p{L}\p{M}\p{Nd}\p{Pc}\p{Cf}]$/u

/** The few letters with a single counterpart that JavaScript doesn't use: the Greek ones with iota subscript, and İ. */
const UPPER: Readonly<Record<string, string>> = Object.fromEntries(
  [...'ᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧ']
    .map((letter) => [letter, String.fromCodePoint(letter.codePointAt(0)! + 8)])
    .concat([
      ['ᾳ', 'ᾼ'],
      ['ῃ', 'ῌ'],
      ['ῳ', 'ῼ'],
    ]),
)
const LOWER: Readonly<Record<string, string>> = { İ: 'i' }

function mapped(text: string, change: (letter: string) => string, single: Readonly<Record<string, string>>): string {
  let out = ''
  for (const letter of text) {
    const changed = single[letter] ?? change(letter)
    out += [...changed].length === 1 ? changed : letter
  }
  return out
}

const DIGRAPHS: Readonly<Record<string, string>> = { Ǆ: 'ǅ', Ǉ: 'ǈ', Ǌ: 'ǋ', Ǳ: 'ǲ' }

function titled(letter: string): string {
  // Georgian has capitals, and no titles.
  if (/^[\p{Lt}\u10d0-\u10ff]$/u.test(letter)) return letter
  const upper = UPPER[letter] ?? letter.toUpperCase()
  const letters = [...(DIGRAPHS[upper] ?? upper)]
  const first = letters.findIndex((each) => CASED.test(each))
  return letters.map((each, index) => (index > first ? each.toLowerCase() : each)).join('')
}
