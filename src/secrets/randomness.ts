// Does a string look drawn at random, or written by a person? Shannon entropy alone cannot tell
// "getElementsByTagName" from a key of that length, so adjacent letters are weighed against how often
// English prose and identifiers put them side by side. Pure, and linear in the string's length.

/**
 * Half bits by which a letter pair is likelier in words than by chance: row = first letter, column = second,
 * 'Q' = as likely as chance, later letters = likelier. Counted by us over 13 MB of documentation and type
 * declarations of npm packages, with camelCase folded.
 */
const pairTable = [
  'EPSRFKPCPFKTRTCPCUSUONKLPF',
  'TJKHVGHDRSGTIHTICQOJUAEARA',
  'TINGUGDTPBRSHEVIAQMUPCGEKB',
  'SLLRXKKITEGPLKSKCORLQJGDNA',
  'RLSSNQMHKIHPQTLPNVTSIOMRNB',
  'TENJTSEAVBBODNUDASOPSAABOA',
  'PIKHXKPRUDDRNSPIBRRQRIGAMJ',
  'UIIFYJBGTADIMISICPMQMFEAIA',
  'OMQQPQPADAKRQWTOHOTTCNAMAM',
  'RAGDXCALKDDGBCQKDHXKPJLFAD',
  'RKNNXOMHUFHKKSNNALULNDKAHA',
  'SNJPVJIGUFIUGHTLAMQRSMIARA',
  'VSILWFLCTGGLPISTAIPIOLEDKA',
  'QGSTSNUGPEOOJNSMAHTUQMEANB',
  'LPPRKRNDOIMQRVPRAUPQROPJGA',
  'UFINVGHLPAHSNGUQAUPTPJDFLA',
  'DDECCAAFFAALGCDDAEREZAEEFD',
  'TLONWNOFTANNOPTKARRSPMJAPA',
  'QJPJVKGPTCMLKKSQDLSWQGJGPA',
  'SHOKUJGVUAEMJISMATQPPHKERA',
  'OPPNTQPAQADTSUGQATTSHBAFAB',
  'WCFEXDIFTAADJITDAEJFJDBAFA',
  'UHGLSFIUWAFKFSSJARRJGEICCA',
  'SHRJSHEHREOKJFLXCKNWGBIJPC',
  'OPNKPMJJPNIPQTTXAOSQJJOAGG',
  'SFIHYDCKRCGQJFQJIIMGJGHFNN',
].join('')

const chance = 'Q'.charCodeAt(0)
const letterDigit = -4
const lowerUpper = -2

/**
 * Mean half bits per adjacent pair by which `value` is likelier as words (positive) than as chance (negative).
 * Letter next to digit and lower next to upper case speak for chance; separators and digit pairs for neither.
 */
export function wordLikeness(value: string): number {
  let sum = 0
  let pairs = 0
  let previous = kindOf(value.charCodeAt(0))
  for (let i = 1; i < value.length; i++) {
    const next = kindOf(value.charCodeAt(i))
    if (previous !== other && next !== other) {
      pairs++
      if (previous === digit || next === digit) sum += previous === next ? 0 : letterDigit
      else if (previous === lower && next === upper) sum += lowerUpper
      else sum += pairTable.charCodeAt(letter(value, i - 1) * 26 + letter(value, i)) - chance
    }
    previous = next
  }
  return pairs === 0 ? 0 : sum / pairs
}

/** Shannon entropy in bits per character. */
export function entropy(value: string): number {
  const counts = new Map<number, number>()
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}

export interface Classes {
  readonly lower: number
  readonly upper: number
  readonly digit: number
  /** Anything else, bytes of UTF-8 letters included. */
  readonly other: number
  /** How many of the four occur. */
  readonly kinds: number
}

export function classes(value: string): Classes {
  const counts: [number, number, number, number] = [0, 0, 0, 0]
  for (let i = 0; i < value.length; i++) counts[kindOf(value.charCodeAt(i))]++
  return {
    lower: counts[lower],
    upper: counts[upper],
    digit: counts[digit],
    other: counts[other],
    kinds: counts.filter((count) => count > 0).length,
  }
}

const lower = 0
const upper = 1
const digit = 2
const other = 3

function kindOf(code: number): 0 | 1 | 2 | 3 {
  if (code >= 97 && code <= 122) return lower
  if (code >= 65 && code <= 90) return upper
  return code >= 48 && code <= 57 ? digit : other
}

const letter = (value: string, i: number): number => (value.charCodeAt(i) | 32) - 97
