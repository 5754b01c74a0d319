// Names that stand for "your package here", in documents and configuration: not asked, so that an example's invented
// name never reaches a registry, and not reported. Each pattern with its reason.

const patterns: readonly (readonly [RegExp, why: string])[] = [
  [/[<>{}[\]$*%|"'`…\\]|\.\.\./, 'marks that templates and shells fill in'],
  [
    /^(?:package|package[-_.]?name|pkg|pkg[-_.]?name|module|module[-_.]?name|name|packages?|names?|modules?|deps?|dependency|dependencies|lib|library|plugin|plugins)$/i,
    'the word itself',
  ],
  [/^[A-Z][A-Z\d_-]+$/, 'capitals throughout: a placeholder, where no package on npm is named so'],
  [
    /(?:^|[/@])(?:your|my|our|some|another|example|sample|dummy|fake|placeholder)[-_.]/i,
    'says whose or which: my-package, your-lib',
  ],
  [/[-_.](?:name|example|placeholder|here)$/i, 'package-name, lib-example'],
  [
    /^@?(?:foo|bar|baz|qux|quux|foobar|foo-bar|xyz|abc|xxx|acme|example|placeholder|todo|tbd|lorem|ipsum)(?:[/_.-]?(?:foo|bar|baz|qux|\d+|utils?|lib|pkg|package|plugin|core|app))*$/i,
    'the words of examples',
  ],
  [
    /^@(?:scope|org|orgs?name|organi[sz]ation|company|companyname|mycompany|myorg|my-?org|my-?scope|my-?company|your-?org|your-?scope|your-?company|team|user|username|namespace|owner|acme|acme-corp|example|foo|bar|test|vendor|repo|monorepo|workspace|xxx|private|internal|mono|app|apps|demo|client|project|scoped)(?:\/|$)/i,
    'scopes of examples',
  ],
  [/^@[^/]+\/(?:package|package-?name|pkg|name|your-.*|my-.*|foo|bar|baz|\.{2,})$/i, 'members of examples'],
  [
    /^(?:package|pkg|module|lib|plugin|dep|dependency|project|workspace|app)[-_]?(?:[a-z]|\d{1,2}|one|two|three)$/i,
    'numbered examples: package-a, pkg1',
  ],
  [/^(?:[a-z]|x{2,}|y{2,}|z{2,}|\d+)$/, 'a single letter, or a number'],
  [
    /^(?:and|or|to|the|a|in|with|from|for|is|it|your|command|commands|script|args?|options?|flags?|version|latest|next)$/i,
    'prose after the command: "npm install and"',
  ],
]

/** Why a name is an example's and no package's; undefined for any other. */
export const placeholder = (name: string): string | undefined => patterns.find(([pattern]) => pattern.test(name))?.[1]
