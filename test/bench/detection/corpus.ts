// Templates to files with labels. A template is the text of a file with holes: `{{!password}}` is filled with a secret
// and labelled, `{{?…}}` with an indicator that counts neither way, `{{:sha1}}` with something harmless. A secret may
// be written in another form: `{{!token1|base64}}`. Same templates and seed, same files, byte by byte.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Random, seeded } from './random.ts'
import { fill, type Provider, providers } from './tokens.ts'
import { encodings, values } from './values.ts'

/** Where a secret stands in its file, in bytes, and what it is. */
export interface Label {
  readonly start: number
  readonly end: number
  readonly value: string
  readonly kind: string
  /** The provider, for provider tokens. */
  readonly what: string
}

export interface CorpusFile {
  /** `split/number`: unique in the corpus. */
  readonly id: string
  readonly path: string
  readonly kind: string
  readonly trap: boolean
  readonly text: string
  readonly labels: readonly Label[]
  /** Key ids and the like: saying something of them is neither right nor wrong. */
  readonly neutral: readonly Label[]
}

interface Template {
  readonly path: string
  readonly kind: string
  readonly body: string
}

const splits = {
  development: { seed: 20_240_611, variants: { secrets: 2, traps: 7 } },
  'held-out': { seed: 77_041_983, variants: { secrets: 2, traps: 7 } },
} as const
export type Split = keyof typeof splits
export const splitNames = Object.keys(splits) as Split[]

/** The files of one part of the corpus. */
export function corpus(split: Split): readonly CorpusFile[] {
  const { seed, variants } = splits[split]
  const random = seeded(seed)
  const queue = providerQueue(random)
  const files: CorpusFile[] = []
  for (const half of ['secrets', 'traps'] as const) {
    const templates = templatesOf(`${split}-${half}`)
    const carriers = templates.filter(({ body }) => /\{\{!token\d\}/.test(body))
    for (const template of templates)
      for (let variant = 0; variant < variants[half]; variant++)
        files.push(render(template, `${split}/${files.length + 1}`, half === 'traps', random, queue))
    // Every provider stands in each part at least once.
    for (let turn = 0; half === 'secrets' && queue.unused() && turn < 1000; turn++)
      files.push(render(carriers[turn % carriers.length]!, `${split}/${files.length + 1}`, false, random, queue))
  }
  return distinct(files)
}

/** A template without a varying hole is one file, however often it was rendered: a copy is no further evidence. */
function distinct(files: readonly CorpusFile[]): readonly CorpusFile[] {
  const seen = new Set<string>()
  return files.filter(({ path, text }) => {
    const key = `${path}\n${text}`
    return !seen.has(key) && seen.add(key)
  })
}

function templatesOf(name: string): readonly Template[] {
  const text = readFileSync(join(import.meta.dirname, 'templates', `${name}.txt`), 'utf8')
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      const [path, kind] = part.slice(0, end).split(' | ')
      if (path === undefined || kind === undefined)
        throw new Error(`${name}: no "path | kind" in "${part.slice(0, end)}"`)
      return { path, kind: kind.trim(), body: part.slice(end + 1).replace(/\n*$/, '\n') }
    })
}

interface Queue {
  /** 'hidden': a token that some code hides takes no turn. */
  next(place: 'named' | 'bare' | 'hidden'): Provider
  unused(): boolean
}

/** All providers in turn, in an order of their own: anchored ones apart, for a place without a name asks for these. */
function providerQueue(random: Random): Queue {
  const turn = (kind: readonly Provider[]): { next(): Provider; given: () => number; all: number } => {
    let order = random.shuffled(kind)
    let given = 0
    return {
      next() {
        if (given > 0 && given % kind.length === 0) order = random.shuffled(kind)
        return order[given++ % kind.length]!
      },
      given: () => given,
      all: kind.length,
    }
  }
  const anchored = providers.filter((provider) => provider.anchored)
  const marked = turn(anchored)
  const unmarked = turn(providers.filter((provider) => !provider.anchored))
  return {
    next: (place) =>
      place === 'hidden' ? random.pick(anchored) : (place === 'bare' || random.chance(0.66) ? marked : unmarked).next(),
    unused: () => marked.given() < marked.all || unmarked.given() < unmarked.all,
  }
}

const hole = /\{\{([!?:])((?:[^{}|]|\{[^{}]*\})+)(?:\|([\w-]+))?\}\}/g

function render(template: Template, id: string, trap: boolean, random: Random, queue: Queue): CorpusFile {
  const chosen = new Map<string, Provider>()
  const placeOf = (turn: string): Parameters<Queue['next']>[0] => {
    if (template.body.includes(`{{!token${turn}|`)) return 'hidden'
    return new RegExp(`{{:(?:NAME|camel|kebab|snake)${turn}}}`).test(template.body) ? 'named' : 'bare'
  }
  const providerOf = (turn: string): Provider => {
    const known = chosen.get(turn) ?? queue.next(placeOf(turn))
    chosen.set(turn, known)
    return known
  }
  const labels: Label[] = []
  const neutral: Label[] = []
  let text = ''
  let last = 0
  for (const match of template.body.matchAll(hole)) {
    const [whole, mark, what, encoding] = match
    text += template.body.slice(last, match.index)
    last = match.index + whole.length
    const value = madeFor(what!, random, providerOf)
    const encode = encoding === undefined ? undefined : encodings[encoding]
    if (encoding !== undefined && encode === undefined) throw new Error(`${template.path}: no encoding "${encoding}"`)
    const written = encode ? encode(value, random) : value
    const start = Buffer.byteLength(text)
    const turn = /^token(\d)$/.exec(what!)?.[1]
    const provider = turn === undefined ? undefined : chosen.get(turn)
    const kind = encode ? 'encoded' : provider ? (provider.anchored ? 'provider' : 'provider by name') : template.kind
    const label = { start, end: start + Buffer.byteLength(written), value, kind, what: provider?.id ?? what! }
    if (mark === '!') labels.push(label)
    else if (mark === '?') neutral.push(label)
    text += written
  }
  text += template.body.slice(last)
  return { id, path: template.path, kind: template.kind, trap, text, labels, neutral }
}

function madeFor(what: string, random: Random, providerOf: (turn: string) => Provider): string {
  if (what.startsWith('~')) return fill(what.slice(1), random)
  const named = /^(token|NAME|camel|kebab|snake)(\d)$/.exec(what)
  if (named) return named[1] === 'token' ? providerOf(named[2]!).make(random) : cased(named[1]!, providerOf(named[2]!))
  if (!Object.hasOwn(values, what)) throw new Error(`no value is called "${what}"`)
  return values[what as keyof typeof values](random)
}

function cased(style: string, { variable }: Provider): string {
  if (style === 'NAME') return variable
  const words = variable.toLowerCase().split('_')
  if (style === 'kebab') return words.join('-')
  if (style === 'snake') return words.join('_')
  return words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('')
}
