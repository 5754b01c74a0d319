// Imitations from a second, independent hand: written from what attackers do (spelling, separators, scopes, words
// added, dropped, moved and replaced) before its author had read any rule of src/names, so it asks for more than the
// rules know. Weights follow what public reports say in prose: about four in ten npm name confusions play with a
// scope, two in ten hang a word on a name, the rest misspell. Targets come from the whole list, low ranks too.

import type { Group, Imitation } from './imitations.ts'

/** A seeded generator of numbers in [0, 1): the same seed gives the same names on every machine. */
export type Random = () => number

/** Deterministic pseudo-random numbers (mulberry32, a 32-bit generator in the public domain). */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Trick = (target: string, random: Random) => string | undefined

/**
 * Draws `count` imitations of names of `ranked` (most popular first).
 * @param dependedOn those of them that people type most
 * @param taken names that exist, which nobody can publish any more
 */
export function blindImitations(
  ranked: readonly string[],
  count: number,
  random: Random,
  taken: ReadonlySet<string> = new Set(),
  dependedOn: readonly string[] = ranked,
): readonly Imitation[] {
  const known = new Set(ranked)
  const scopedNames = [ranked.filter(scoped), dependedOn.filter(scoped)] as const
  const [all, typed] = [ranked, dependedOn].map((names) => names.filter((name) => !scoped(name)))
  const unscopedNames = [all as string[], typed as string[]] as const
  const found = new Map<string, Imitation>()
  for (let turn = 0; found.size < count && turn < count * 100; turn += 1) {
    const [kind, trick] = weighted(TRICKS, random)
    const target = draw(...(inScopes.has(kind) ? scopedNames : unscopedNames), random)
    const name = trick(target, random)?.toLowerCase()
    if (
      name === undefined ||
      known.has(name) ||
      taken.has(name) ||
      !/^(?:@[a-z\d-]+\/)?[a-z\d][\w.-]*$/.test(name) ||
      name.length < 3
    )
      continue
    if (!found.has(name)) found.set(name, { name, target, kind, group: groupOf(kind) })
  }
  return [...found.values()]
}

/** The famous are imitated most: a third by the log of the rank in either list, a third from anywhere. */
function draw(ranked: readonly string[], dependedOn: readonly string[], random: Random): string {
  const way = random()
  const from = way < 1 / 3 ? dependedOn : ranked
  const at = way < 2 / 3 ? Math.floor(from.length ** random()) - 1 : Math.floor(random() * from.length)
  return from[Math.max(0, at)] as string
}

const groupOf = (kind: string): Group =>
  kind.includes('scope')
    ? 'scope'
    : /fix|digit|doubled/.test(kind)
      ? 'affix'
      : /edit/.test(kind)
        ? 'edit'
        : /word|plural/.test(kind)
          ? 'word'
          : 'look'

function weighted(table: readonly (readonly [string, number, Trick])[], random: Random): readonly [string, Trick] {
  let left = random() * table.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [kind, weight, trick] of table) {
    left -= weight
    if (left < 0) return [kind, trick]
  }
  throw new Error('weights do not add up')
}

const pick = <T>(of: ArrayLike<T>, random: Random): T => of[Math.floor(random() * of.length)] as T
const scoped = (name: string): boolean => name.startsWith('@')

/** Of names without a scope: in a scope only its owner can publish. */
const bare =
  (edit: Trick): Trick =>
  (target, random) =>
    scoped(target) ? undefined : edit(target, random)

const letters = (edit: (text: string, at: number, random: Random) => string | undefined): Trick =>
  bare((text, random) => (text.length < 4 ? undefined : edit(text, Math.floor(random() * text.length), random)))

const words = (edit: (parts: string[], separator: string, random: Random) => string | undefined): Trick =>
  bare((text, random) => {
    const separator = /[-._]/.exec(text)?.[0] ?? '-'
    const parts = text.split(/[-._]/).filter(Boolean)
    return edit(parts, separator, random)
  })

const replaceOne = (pairs: readonly (readonly [string, string])[]): Trick =>
  bare((text, random) => {
    const fitting = pairs
      .flatMap(([a, b]) => [[a, b] as const, [b, a] as const])
      .filter(([from]) => text.includes(from))
    if (fitting.length === 0) return undefined
    const [from, to] = pick(fitting, random)
    const places = text.split(from).length - 1
    const place = Math.floor(random() * places)
    let seen = -1
    return text.replaceAll(from, (found) => {
      seen += 1
      return seen === place ? to : found
    })
  })

const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890']

function besideOnKeyboard(letter: string, random: Random): string | undefined {
  const row = KEYBOARD.find((keys) => keys.includes(letter))
  if (row === undefined) return undefined
  const at = row.indexOf(letter)
  return pick(
    [row[at - 1], row[at + 1]].filter((key) => key !== undefined),
    random,
  )
}

/** `'ph f, ck k'`: what stands for what, either way. */
function pairs(text: string): readonly (readonly [string, string])[] {
  return text.split(', ').map((pair) => pair.split(' ') as [string, string])
}

const ANY = 'abcdefghijklmnopqrstuvwxyz'
const SOUNDS = pairs(
  'ph f, ck k, c k, i y, s z, ks x, qu kw, er or, er re, ee ea, ou u, our or, ise ize, se ce, ie ei, oo u, ght te, ' +
    'tion sion, ant ent, able ible, wr r, kn n, j g, v w, yse yze',
)
const SHAPES = pairs(
  'rn m, l 1, o 0, e 3, vv w, cl d, i 1, i l, s 5, a 4, t 7, b 8, g 9, nn m, u v, g q, s 2, h n, i j',
)
const SYNONYMS = pairs(
  'parser parse, parser reader, logger log, utils util, utils helpers, utils tools, config conf, config settings, ' +
    'config options, client sdk, client api, js javascript, ts typescript, typescript types, plugin addon, ' +
    'plugin extension, plugin module, core base, core main, request fetch, request http, file fs, dir folder, ' +
    'string str, strip remove, get fetch, is check, color colour, colors colours, image img, node nodejs, ' +
    'server backend, middleware handler, loader load, webpack wp, react reactjs, vue vuejs, native mobile, test spec, ' +
    'testing test, cookie cookies, error err, errors exceptions, array arr, object obj, number num, event events, ' +
    'stream pipe, cache memo, crypto crypt, hash digest, auth authentication, token jwt, db database, ' +
    'validator validate, generator gen, compiler compile, preset config, icons icon, component components, ' +
    'popup modal, table grid, date time, env environment, dev development, merge combine, clone copy, deep deeply, ' +
    'async promise',
)
const BEFORE = (
  'node js npm my the new next super easy fast simple lite real official react vue nodejs ts get use python py go ' +
  'rust test open pro safe secure ultra web x'
).split(' ')
const AFTER = (
  'js node cli dev utils util api sdk lib core tool tools helper plugin client pro plus next latest beta test demo ' +
  'v2 v3 v14 2 3 4 x ts es6 module package pkg npm updated fixed fix fork new lite mini min fast async promise ' +
  'types typed config setup loader install installer server app web browser native react wrapper proxy logger ' +
  'selfbot bot hook hooks extra extended enhanced official secure sync master main stable chain wallet token ' +
  'validator handler manager service kit ui theme polyfill shim compat'
).split(' ')
/** Not all are as common: what comes to mind first is taken first. */
const FIRST_AFTER = [
  'js',
  'js',
  'js',
  'node',
  'cli',
  'api',
  'utils',
  'core',
  'dev',
  'lib',
  'sdk',
  'client',
  'v2',
  '2',
] as const
const FIRST_BEFORE = ['node', 'node', 'js', 'npm'] as const

const OTHER_SCOPES = 'npm node js dev types core lib official team open web packages test'.split(' ')

const delimit: Trick = bare((text, random) => {
  const at = [...text].flatMap((char, index) => (/[-._]/.test(char) && index > 0 ? [index] : []))
  const inside = 2 + Math.floor(random() * Math.max(1, text.length - 4))
  const way = random()
  if (at.length === 0) return text.length < 6 ? undefined : `${text.slice(0, inside)}-${text.slice(inside)}`
  const place = pick(at, random)
  if (way < 0.5) return text.slice(0, place) + text.slice(place + 1)
  if (way < 0.65) return text.replaceAll(/[-._]/g, '')
  if (way < 0.8)
    return (
      text.slice(0, place) +
      pick(
        ['-', '.', '_'].filter((mark) => mark !== text[place]),
        random,
      ) +
      text.slice(place + 1)
    )
  if (way < 0.9) return text.slice(0, place) + text[place + 1] + text[place] + text.slice(place + 2)
  return `${text.slice(0, inside)}-${text.slice(inside)}`
})

const oneEdit: readonly Trick[] = [
  letters((text, at) => text.slice(0, at) + text.slice(at + 1)),
  letters((text, at, random) => text.slice(0, at) + pick(ANY, random) + text.slice(at)),
  letters((text, at, random) => text.slice(0, at) + pick(ANY, random) + text.slice(at + 1)),
  letters((text, at) =>
    at + 1 < text.length ? text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2) : undefined,
  ),
  letters((text, at) => text.slice(0, at) + text[at] + text.slice(at)),
  letters((text, at, random) => {
    const beside = besideOnKeyboard(text[at] as string, random)
    return beside && text.slice(0, at) + beside + text.slice(at + 1)
  }),
  letters((text, at, random) => {
    const vowel = /[aeiou]/.test(text[at] as string)
    return vowel ? text.slice(0, at) + pick('aeiou', random) + text.slice(at + 1) : undefined
  }),
  letters((text, at) => (text[at] === text[at + 1] ? text.slice(0, at) + text.slice(at + 1) : undefined)),
]

const edit: Trick = (target, random) => pick(oneEdit, random)(target, random)

const inScope =
  (change: (scope: string, name: string, random: Random) => string | undefined): Trick =>
  (target, random) => {
    const slash = target.indexOf('/')
    return slash < 0 ? undefined : change(target.slice(1, slash), target.slice(slash + 1), random)
  }

const TRICKS: readonly (readonly [string, number, Trick])[] = [
  ['one edit', 18, edit],
  ['two edits', 3, (target, random) => (target.length < 9 ? undefined : chain(target, random, edit, edit))],
  ['look-alike', 4, replaceOne(SHAPES)],
  ['sound', 3, replaceOne(SOUNDS)],
  ['separator', 9, delimit],
  ['separator and edit', 1, (target, random) => chain(target, random, delimit, edit)],
  [
    'plural',
    3,
    words((parts, separator, random) => {
      const at = Math.floor(random() * parts.length)
      parts[at] = parts[at]?.endsWith('s') ? parts[at].slice(0, -1) : `${parts[at]}s`
      return parts.join(separator)
    }),
  ],
  [
    'word order',
    4,
    words((parts, separator, random) => {
      if (parts.length < 2) return undefined
      const at = Math.floor(random() * (parts.length - 1))
      parts.splice(at, 2, parts[at + 1] as string, parts[at] as string)
      return parts.join(separator)
    }),
  ],
  ['word replaced', 3, replaceOne(SYNONYMS)],
  [
    'word dropped',
    3,
    words((parts, separator, random) => {
      if (parts.length < 3) return undefined
      parts.splice(Math.floor(random() * parts.length), 1)
      return parts.join(separator)
    }),
  ],
  [
    'word doubled',
    0.5,
    words((parts, separator, random) => {
      const at = Math.floor(random() * parts.length)
      parts.splice(at, 0, parts[at] as string)
      return parts.join(separator)
    }),
  ],
  [
    'suffix',
    9,
    bare(
      (text, random) =>
        text + pick(['-', '-', '-', '', '.', '_'], random) + pick(random() < 0.4 ? FIRST_AFTER : AFTER, random),
    ),
  ],
  [
    'prefix',
    5,
    bare(
      (text, random) => pick(random() < 0.4 ? FIRST_BEFORE : BEFORE, random) + pick(['-', '-', '-', ''], random) + text,
    ),
  ],
  ['scope dropped, word added', 1, inScope((_, name, random) => `${name}-${pick(AFTER, random)}`)],
  ['version digit', 2, bare((text, random) => text + pick(['1', '2', '3', '4', '5', '-2', '-4', '10'], random))],
  ['scope dropped', 14, inScope((_, name) => name)],
  ['scope flattened', 7, inScope((scope, name, random) => scope + pick(['-', '-', '', '.', '_'], random) + name)],
  ['scope misspelt', 4, inScope((scope, name, random) => `@${edit(scope, random) ?? `${scope}s`}/${name}`)],
  [
    'scope extended',
    2,
    inScope(
      (scope, name, random) =>
        `@${scope}${pick(['-', ''], random)}${pick(['js', 'dev', 'team', 'io', 'org', 'labs', 'sdk'], random)}/${name}`,
    ),
  ],
  ['scope replaced', 1, inScope((_, name, random) => `@${pick(OTHER_SCOPES, random)}/${name}`)],
  [
    'scope invented',
    2,
    (target, random) => {
      if (scoped(target)) return undefined
      const first = target.split(/[-._]/)[0] as string
      const rest = target.slice(first.length + 1)
      return rest !== '' && random() < 0.6 ? `@${first}/${rest}` : `@${first}/${target}`
    },
  ],
  ['scope flattened, misspelt', 1, inScope((scope, name, random) => edit(`${scope}-${name}`, random))],
  ['scope dropped, misspelt', 1, inScope((_, name, random) => edit(name, random))],
]

const inScopes: ReadonlySet<string> = new Set(
  TRICKS.map(([kind]) => kind).filter((kind) => kind.includes('scope') && kind !== 'scope invented'),
)

/** Two tricks, one after the other; none when either finds nothing to do. */
function chain(target: string, random: Random, ...tricks: readonly Trick[]): string | undefined {
  return tricks.reduce<string | undefined>(
    (name, trick) => (name === undefined ? undefined : trick(name, random)),
    target,
  )
}
