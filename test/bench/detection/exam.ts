// A blind exam of the secret detector: nearly 1,000 small files, made from a seed, written without a look at the
// signatures, the detector or the corpus beside it; its author knew the providers' documents and how people leak.
// (`traps-near-*` and `shapes-*` came after the first totals were seen, the rules still unread.) Two halves with templates
// and token types of their own: the development half may be looked at, of the held-out half only the numbers.

import type { CorpusFile, Label } from './corpus.ts'
import { developmentKeys } from './exam/keys-development.ts'
import { heldOutKeys } from './exam/keys-held-out.ts'
import { developmentLogins } from './exam/logins-development.ts'
import { heldOutLogins } from './exam/logins-held-out.ts'
import { developmentBare, developmentPlaces, type Place } from './exam/places-development.ts'
import { heldOutBare, heldOutPlaces } from './exam/places-held-out.ts'
import { nameOf, random } from './exam/random.ts'
import { developmentShapes } from './exam/shapes-development.ts'
import { heldOutShapes } from './exam/shapes-held-out.ts'
import { codeAndCloud, type Token } from './exam/tokens-code-and-cloud.ts'
import { services } from './exam/tokens-services.ts'
import { developmentNear } from './exam/traps-near-development.ts'
import { heldOutNear } from './exam/traps-near-held-out.ts'
import { developmentNoise } from './exam/traps-noise-development.ts'
import { heldOutNoise } from './exam/traps-noise-held-out.ts'
import { developmentWords } from './exam/traps-words-development.ts'
import { heldOutWords } from './exam/traps-words-held-out.ts'

const seed = 'exam-1'
const rounds = { secrets: 2, traps: 3 } as const
const halves = {
  development: {
    places: developmentPlaces,
    bare: developmentBare,
    secrets: [...developmentLogins, ...developmentKeys, ...developmentShapes],
    traps: [...developmentWords, ...developmentNoise, ...developmentNear],
  },
  'held-out': {
    places: heldOutPlaces,
    bare: heldOutBare,
    secrets: [...heldOutLogins, ...heldOutKeys, ...heldOutShapes],
    traps: [...heldOutWords, ...heldOutNoise, ...heldOutNear],
  },
} as const

/** Name half a pair, open nothing alone: saying something of them is neither right nor wrong. */
const neutral = new Set(['aws-access-key-id', 'alibaba-id', 'tencent-id', 'twilio-api-key'])

/** The files of one half of the exam, always the same ones. Every second token type stands in each. */
export function exam(half: keyof typeof halves): readonly CorpusFile[] {
  const { places, bare, secrets, traps } = halves[half]
  const odd = half === 'held-out' ? 1 : 0
  const files: CorpusFile[] = []
  for (const [index, token] of [...codeAndCloud, ...services].entries()) {
    if (index % 2 !== odd) continue
    files.push(placed('provider', half, token, places, index))
    if (marked(token)) files.push(placed('provider, unnamed', half, token, bare, index >> 1))
  }
  for (const [kind, template, make] of secrets) {
    for (let round = 0; round < rounds.secrets; round++) {
      const [path, text, value, beside] = make(random(`${seed}/${half}/${kind}/${template}/${round}`))
      const file = withSecret(`${template}/${round}`, kind, template, path, text, value)
      files.push(beside === undefined ? file : { ...file, neutral: [labelled(text, beside, kind, template)] })
    }
  }
  for (const [kind, template, make] of traps) {
    for (let round = 0; round < rounds.traps; round++) {
      const [path, text] = make(random(`${seed}/${half}/trap/${template}/${round}`))
      // What comes out the same in another round, as a documented sample does, counts once.
      if (!files.some((file) => file.text === text))
        files.push({ id: `${template}/${round}`, path, kind, trap: true, text, labels: [], neutral: [] })
    }
  }
  return files
}

/** Two tokens of the type begin with the same four characters or more. */
function marked([type, , make]: Token): boolean {
  const [one, other] = [make(random(`${type}/1`)), make(random(`${type}/2`))]
  return one.slice(0, 4) === other.slice(0, 4)
}

function placed(
  kind: string,
  half: string,
  [type, names, make]: Token,
  places: readonly Place[],
  index: number,
): CorpusFile {
  const r = random(`${seed}/${half}/${kind}/${type}`)
  const value = make(r)
  const name = nameOf(r.pick(names.split(' ')))
  for (let step = 0; step < places.length; step++) {
    const [path, head, idioms, tail] = places[(index + step) % places.length]!
    const text = `${head}\n${r.pick(idioms)(name, value)}\n${tail}\n`
    // A place that must escape the value (XML, make) is no place for it.
    if (text.includes(value)) return withSecret(`${type}/${kind}`, kind, type, path, text, value)
  }
  throw new Error(`no place holds a ${type} as it is`)
}

function withSecret(id: string, kind: string, what: string, path: string, text: string, value: string): CorpusFile {
  const label = labelled(text, value, kind, what)
  const ignored = neutral.has(what)
  return { id, path, kind, trap: false, text, labels: ignored ? [] : [label], neutral: ignored ? [label] : [] }
}

function labelled(text: string, value: string, kind: string, what: string): Label {
  const [from, to] = span(text, value)
  const bytes = (end: number): number => Buffer.byteLength(text.slice(0, end))
  return { start: bytes(from), end: bytes(to), value, kind, what }
}

/** Where the value stands; of one in pieces, from the first to the end of the last. */
function span(text: string, value: string): [from: number, to: number] {
  const whole = text.indexOf(value)
  if (whole >= 0) return [whole, whole + value.length]
  for (let length = value.length - 1; length >= 4; length--) {
    const from = text.indexOf(value.slice(0, length))
    const last = text.indexOf(value.slice(-10), from)
    if (from >= 0 && last >= from) return [from, last + 10]
  }
  throw new Error('a label names a value that its file does not hold')
}
