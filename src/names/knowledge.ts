// What signatures/lookalikes.toml knows of names: benign families, words that imitations add or swap, packages of big
// scopes. tables.ts reads the file; kept.ts has what the build made of it.

export const affixClasses = ['claim', 'release', 'platform', 'language', 'praise', 'part'] as const
export type AffixClass = (typeof affixClasses)[number]

/** As it stands in the file; lists are words between blanks, `groups` are lines of them. */
export interface Tables {
  readonly benign: readonly { readonly scope: string; readonly why: string }[]
  readonly affix: readonly { readonly class: AffixClass | 'scope'; readonly why: string; readonly patterns: string }[]
  readonly synonyms: readonly { readonly why: string; readonly groups: string }[]
  readonly family: readonly { readonly scope: string; readonly why: string; readonly begin: string }[]
  readonly members: readonly { readonly scope: string; readonly why: string; readonly names: string }[]
  readonly known: readonly { readonly why: string; readonly names: string }[]
}

export interface Knowledge {
  readonly benignScopes: ReadonlySet<string>
  /** `node` (at the beginning) or `utils` (at the end), however it is joined → its class. */
  readonly before: ReadonlyMap<string, AffixClass>
  readonly after: ReadonlyMap<string, AffixClass>
  /** What a scope's name may have more, before or after. */
  readonly scopeWords: readonly { readonly before: string; readonly after: string }[]
  readonly synonyms: ReadonlyMap<string, ReadonlySet<string>>
  /** Those with synonyms by their first two letters: see startOf. */
  readonly synonymsFrom: ReadonlyMap<number, readonly string[]>
  /** First words → the scope whose packages begin so. */
  readonly families: ReadonlyMap<string, string>
  /** Packages that are known though not popular. */
  readonly members: readonly string[]
}

export function understand({ benign, affix, synonyms, family, members, known }: Tables): Knowledge {
  const before = new Map<string, AffixClass>()
  const after = new Map<string, AffixClass>()
  for (const { class: one, patterns } of affix) {
    if (one === 'scope') continue
    for (const pattern of list(patterns)) {
      const [first, last] = pattern.split('*') as [string, string]
      if (first !== '') before.set(withoutMark(first), one)
      else after.set(withoutMark(last), one)
    }
  }
  const grouped = groupSynonyms(synonyms.flatMap(({ groups }) => groups.split('\n')))
  return {
    benignScopes: new Set(benign.map(({ scope }) => scope)),
    before,
    after,
    scopeWords: affix
      .filter((one) => one.class === 'scope')
      .flatMap(({ patterns }) => list(patterns))
      .map((pattern) => ({ before: pattern.split('*')[0]!, after: pattern.split('*')[1]! })),
    synonyms: grouped,
    synonymsFrom: byStart([...grouped.keys()]),
    families: new Map(family.flatMap(({ scope, begin }) => list(begin).map((one) => [one, scope]))),
    members: [
      ...members.flatMap(({ scope, names }) => list(names).map((name) => `${scope}/${name}`)),
      ...known.flatMap(({ names }) => list(names)),
    ],
  }
}

const withoutMark = (affix: string): string => affix.replace(/^[-.]|[-.]$/g, '')
const list = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

function groupSynonyms(lines: readonly string[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>()
  for (const line of lines) {
    const words = list(line)
    for (const word of words) {
      const others = groups.get(word) ?? new Set()
      for (const other of words) if (other !== word) others.add(other)
      groups.set(word, others)
    }
  }
  return groups
}

/** The two letters at a place of a text, as one number. */
export const startOf = (text: string, at: number): number => text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1)

function byStart(words: readonly string[]): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const word of words) {
    const others = found.get(startOf(word, 0))
    if (others) others.push(word)
    else found.set(startOf(word, 0), [word])
  }
  return found
}
