// Pairs of an imitation and the name it imitates, made from popular names by the ways an attacker could think of.
// Two parts: targets are divided by a hash, and the held-out part also has ways that the tuning part has not. Its targets
// are unseen; its ways were known to those who wrote the rules, so real attacks will be found somewhat less often.

import { type Random, seeded } from '../detection/random.ts'

export const splitNames = ['tuning', 'held-out'] as const
export type Split = (typeof splitNames)[number]

export interface Imitation {
  readonly name: string
  readonly target: string
  readonly kind: string
  readonly group: Group
}

export const groups = ['edit', 'scope', 'affix', 'look', 'word'] as const
export type Group = (typeof groups)[number]

interface Way {
  readonly group: Group
  /** Undefined where the way does not apply to the target. */
  readonly make: (target: string, random: Random) => string | undefined
}

/** Up to `each` pairs of every way that the part has, the same on every machine. */
export function imitations(split: Split, popular: readonly string[], each: number): readonly Imitation[] {
  const known = new Set(popular)
  const targets = popular.filter((name) => splitOf(name) === split)
  return Object.entries(waysOf(split)).flatMap(([kind, { group, make }]) => {
    const random = seeded(hash(`${split} ${kind}`))
    const made = new Map<string, Imitation>()
    for (let tries = 0; made.size < each && tries < each * 60; tries++) {
      const target = draw(targets, random)
      const name = make(target, random)
      if (name !== undefined && name !== target && !known.has(name)) made.set(name, { name, target, kind, group })
    }
    return [...made.values()]
  })
}

export const splitOf = (name: string): Split => splitNames[hash(name) & 1]!

const waysOf = (split: Split): Readonly<Record<string, Way>> =>
  split === 'tuning' ? { ...shared, ...onlyTuning } : { ...shared, ...onlyHeldOut }

/** Attackers prefer the popular, but not only: half the draws are even, half fall off with the rank. */
const draw = (targets: readonly string[], random: Random): string =>
  random.chance(0.5)
    ? random.pick(targets)
    : targets[Math.floor(targets.length ** (random.below(1_000_000) / 1_000_000)) - 1]!

export function hash(text: string): number {
  let state = 0x811c9dc5
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193)
  return (state ^ (state >>> 15)) >>> 0
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

const isScoped = (name: string): boolean => name.startsWith('@')
const scopeOf = (name: string): string => name.slice(1, name.indexOf('/'))
const partOf = (name: string): string => (isScoped(name) ? name.slice(name.indexOf('/') + 1) : name)

/** A place in the name's last part where a letter stands. */
function place(name: string, random: Random): number | undefined {
  const start = name.length - partOf(name).length
  const at = random.between(start, name.length - 1)
  // Names of three letters are near everything.
  return name.length - start >= 4 && letters.includes(name[at]!) ? at : undefined
}

const change = (
  name: string,
  random: Random,
  how: (letter: string, next: string | undefined, random: Random) => string,
  length = 1,
): string | undefined => {
  const at = place(name, random)
  return at === undefined
    ? undefined
    : name.slice(0, at) + how(name[at]!, name[at + 1], random) + name.slice(at + length)
}

function neighbour(letter: string, random: Random): string {
  const row = rows.find((one) => one.includes(letter))!
  const at = row.indexOf(letter)
  return random.pick([row[at - 1], row[at + 1]].filter((one) => one !== undefined))
}

const unscoped =
  (make: Way['make']): Way['make'] =>
  (target, random) =>
    isScoped(target) ? undefined : make(target, random)
const scoped =
  (make: Way['make']): Way['make'] =>
  (target, random) =>
    isScoped(target) ? make(target, random) : undefined
/** What another scope holds is its owner's: edits of the part make no imitation that could be told from it. */
const edit = (make: Way['make']): Way => ({ group: 'edit', make: unscoped(make) })

const affix = (patterns: readonly string[]): Way => ({
  group: 'affix',
  make: unscoped((target, random) => random.pick(patterns).replace('X', target)),
})

const shared: Readonly<Record<string, Way>> = {
  drop: edit((target, random) => change(target, random, () => '')),
  double: edit((target, random) => change(target, random, (letter) => letter + letter)),
  swap: edit((target, random) =>
    change(target, random, (letter, next) => (next === undefined ? letter : next + letter), 2),
  ),
  insert: edit((target, random) => change(target, random, (letter) => letter + random.pick([...letters]))),
  replace: edit((target, random) => change(target, random, () => random.pick([...letters]))),
  'scope flattened': { group: 'scope', make: scoped((target) => target.slice(1).replace('/', '-')) },
  'scope dropped': {
    group: 'scope',
    make: scoped((target) => (/[-.]/.test(partOf(target)) ? partOf(target) : undefined)),
  },
  separators: {
    group: 'look',
    make: unscoped((target, random) =>
      /[-_.]/.test(target) ? target.replace(/[-_.]/, random.pick(['', '_', '.', '-'])) : undefined,
    ),
  },
  digits: {
    group: 'look',
    make: unscoped((target, random) =>
      change(target, random, (letter) => ({ o: '0', l: '1', i: '1', e: '3', s: '5', a: '4' })[letter] ?? letter),
    ),
  },
  plural: {
    group: 'word',
    make: unscoped((target) => (target.endsWith('s') ? target.slice(0, -1) : `${target}s`)),
  },
  order: {
    group: 'word',
    make: unscoped((target, random) => {
      const words = target.split('-')
      return words.length === 2
        ? words.reverse().join('-')
        : words.length > 2
          ? random.shuffled(words).join('-')
          : undefined
    }),
  },
}

const onlyTuning: Readonly<Record<string, Way>> = {
  'affix js': affix(['X-js', 'X.js', 'Xjs', 'js-X']),
  'affix node': affix(['node-X', 'X-node', 'nodeX']),
  'affix tool': affix(['X-cli', 'X-utils', 'X-core']),
  'scope edited': { group: 'scope', make: scoped((target, random) => editScope(target, random)) },
}

function editScope(target: string, random: Random): string | undefined {
  const scope = scopeOf(target)
  if (scope.length < 4) return undefined
  const at = random.below(scope.length - 1)
  const changed =
    scope.slice(0, at) + random.pick(['', scope[at]! + scope[at]!, scope[at + 1]! + scope[at]!]) + scope.slice(at + 1)
  return target.replace(scope, changed)
}

const vowels = 'aeiou'

const onlyHeldOut: Readonly<Record<string, Way>> = {
  keyboard: edit((target, random) => change(target, random, (letter) => neighbour(letter, random))),
  'two edits': edit((target, random) => {
    if (target.length < 10) return undefined
    const once = change(target, random, (letter, next) => (next ?? '') + letter, 2)
    return once && change(once, random, (letter) => random.pick(['', letter + letter, neighbour(letter, random)]))
  }),
  'vowel changed': edit((target, random) =>
    change(target, random, (letter) => (vowels.includes(letter) ? random.pick([...vowels]) : letter)),
  ),
  'vowels dropped': edit((target, random) =>
    target.length < 6 ? undefined : change(target, random, (letter) => (vowels.includes(letter) ? '' : letter)),
  ),
  homophone: edit((target, random) => {
    const sounds = [
      ['ph', 'f'],
      ['ck', 'k'],
      ['c', 'k'],
      ['x', 'ks'],
      ['z', 's'],
      ['y', 'i'],
      ['ee', 'ea'],
      ['qu', 'kw'],
      ['er', 'or'],
      ['f', 'ph'],
    ] as const
    const [from, to] = random.pick(sounds)
    return target.length >= 5 && target.includes(from) ? target.replace(from, to) : undefined
  }),
  'affix language': affix(['X-ts', 'X-es', 'Xts', 'ts-X', 'X-es6', 'X-esm', 'X-javascript', 'X-nodejs', 'nodejs-X']),
  'affix role': affix([
    'X-lib',
    'X-api',
    'X-sdk',
    'X-plugin',
    'X-tools',
    'X-helper',
    'X-client',
    'X-server',
    'X-wrapper',
    'X-util',
    'X-common',
  ]),
  'affix version': affix(['X2', 'X-2', 'X-v2', 'X3', 'X-next', 'X-latest', 'X-new', 'X-beta', 'X-dev']),
  'affix praise': affix([
    'X-official',
    'official-X',
    'real-X',
    'X-pro',
    'X-plus',
    'X-lite',
    'the-X',
    'fast-X',
    'X-fixed',
    'my-X',
    'X-secure',
  ]),
  'scope with words': {
    group: 'scope',
    make: scoped((target, random) =>
      target.replace(
        `@${scopeOf(target)}/`,
        random
          .pick(['@S-js/', '@Sjs/', '@S-org/', '@S-official/', '@S-dev/', '@S-labs/'])
          .replace('S', scopeOf(target)),
      ),
    ),
  },
  'scope as package': {
    group: 'scope',
    make: unscoped((target, random) =>
      /^[a-z]+-[a-z]/.test(target)
        ? random.pick(['@X/', '@X_']).replace('X', target.split('-')[0]!).replace('_', '/') +
          target.slice(target.indexOf('-') + 1)
        : undefined,
    ),
  },
  'scope flattened otherwise': {
    group: 'scope',
    make: scoped((target, random) => scopeOf(target) + random.pick(['.', '_', '']) + partOf(target)),
  },
  'scope flattened and edited': {
    group: 'scope',
    make: scoped((target, random) => {
      const flat = target.slice(1).replace('/', '-')
      return flat.length < 8
        ? undefined
        : change(flat, random, (letter, next) => random.pick(['', letter + letter, (next ?? '') + letter]))
    }),
  },
  abbreviation: {
    group: 'word',
    make: unscoped((target, random) => {
      const [long, short] = random.pick([
        ['parser', 'parse'],
        ['utils', 'util'],
        ['loader', 'load'],
        ['manager', 'mgr'],
        ['config', 'conf'],
        ['plugin', 'plug'],
        ['command', 'cmd'],
        ['javascript', 'js'],
        ['string', 'str'],
        ['middleware', 'mw'],
        ['environment', 'env'],
        ['message', 'msg'],
        ['package', 'pkg'],
      ] as const)
      if (target.includes(long)) return target.replace(long, short)
      return target.split('-').includes(short) ? target.replace(short, long) : undefined
    }),
  },
  'word doubled': {
    group: 'word',
    make: unscoped((target) => (/^[a-z]{3,}$/.test(target) ? `${target}-${target}` : undefined)),
  },
  'word dropped': {
    group: 'word',
    make: unscoped((target, random) => {
      const words = target.split('-')
      return words.length > 2 ? words.filter((_, at, all) => at !== random.below(all.length)).join('-') : undefined
    }),
  },
}
