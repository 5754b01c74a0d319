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
  /** `-utils` (at the end) or `node-` (at the beginning), with the mark that joins it if there is one → its class. */
  readonly before: ReadonlyMap<string, AffixClass>
  readonly after: ReadonlyMap<string, AffixClass>
  /** What a scope's name may have more, before or after. */
  readonly scopeWords: readonly { readonly before: string; readonly after: string }[]
  readonly synonyms: ReadonlyMap<string, ReadonlySet<string>>
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
      if (first !== '') before.set(first, one)
      else after.set(last, one)
    }
  }
  return {
    benignScopes: new Set(benign.map(({ scope }) => scope)),
    before,
    after,
    scopeWords: affix
      .filter((one) => one.class === 'scope')
      .flatMap(({ patterns }) => list(patterns))
      .map((pattern) => ({ before: pattern.split('*')[0]!, after: pattern.split('*')[1]! })),
    synonyms: groupSynonyms(synonyms.flatMap(({ groups }) => groups.split('\n'))),
    families: new Map(family.flatMap(({ scope, begin }) => list(begin).map((one) => [one, scope]))),
    members: [
      ...members.flatMap(({ scope, names }) => list(names).map((name) => `${scope}/${name}`)),
      ...known.flatMap(({ names }) => list(names)),
    ],
  }
}

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
