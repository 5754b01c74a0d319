// In what ways names can be alike, and how each is called towards the outside.

export const lookalikeKinds = [
  'edit',
  'edits',
  'separators',
  'scope',
  'scope-dropped',
  'scope-replaced',
  'scope-family',
  'homoglyphs',
  'repetition',
  'order',
  'affix',
  'synonym',
] as const
export type LookalikeKind = (typeof lookalikeKinds)[number]

/** Finer than kinds, for each has its own likelihood of being chance; the plainest first. */
export const kindOfWay = {
  separators: 'separators',
  flattened: 'scope',
  'scope-invented': 'scope',
  homoglyphs: 'homoglyphs',
  repetition: 'repetition',
  'scope-misspelt': 'edit',
  swap: 'edit',
  omission: 'edit',
  plural: 'edit',
  slip: 'edit',
  insertion: 'edit',
  replacement: 'edit',
  'separator-and-edit': 'edits',
  sound: 'edits',
  order: 'order',
  'flattened-and-edit': 'scope',
  edits: 'edits',
  'scope-word': 'affix',
  'scope-dropped': 'scope-dropped',
  'scope-replaced': 'scope-replaced',
  'word-doubled': 'affix',
  'affix-claim': 'affix',
  'affix-release': 'affix',
  'affix-platform': 'affix',
  'affix-language': 'affix',
  'affix-praise': 'affix',
  'affix-part': 'affix',
  'affix-other': 'affix',
  synonym: 'synonym',
  'scope-dropped-and-affix': 'scope-dropped',
  'scope-family': 'scope-family',
} as const satisfies Record<string, LookalikeKind>
export type Way = keyof typeof kindOfWay
