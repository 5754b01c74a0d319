// Configuration that names packages, with the short names each tool documents: `plugins: ['react']` of ESLint is
// `eslint-plugin-react`. Only fields whose meaning is documented; what is computed is not seen.

import { isBuiltin } from 'node:module'
import { packageOf } from '../../names/specifier.ts'
import type { TextFile } from '../../project/texts.ts'
import type { Mention } from '../mentions.ts'
import { typesNameOf } from '../specifiers.ts'
import { type Literal, literals, yamlLiterals } from './literals.ts'
import { type Place, placer } from './place.ts'
import { placeholder } from './placeholders.ts'

/** Names that a value may mean, the likeliest first; none for what names no package. */
type Meaning = (value: string) => readonly string[]

interface Tool {
  /** Whole files; `key` is the field of package.json that holds the same. */
  readonly file: RegExp
  readonly key?: string
  /** The end of the way to a value → what it means. */
  readonly fields: readonly (readonly [RegExp, Meaning])[]
}

const asWritten: Meaning = (value) => {
  const name = packageOf(value)
  return name === undefined ? [] : [name]
}

/** `x` → `prefix-x`, `@s` → `@s/prefix`, `@s/x` → `@s/prefix-x`; a name that says it already stays. */
const prefixed =
  (prefix: string): Meaning =>
  (value) => {
    const name = packageOf(value.startsWith('@') && !value.includes('/') ? `${value}/${prefix}` : value)
    if (name === undefined) return []
    const [scope, rest] = name.startsWith('@') ? (name.split('/') as [string, string]) : ['', name]
    const full = rest === prefix || rest.startsWith(`${prefix}-`) ? rest : `${prefix}-${rest}`
    const long = scope === '' ? full : `${scope}/${full}`
    return [long]
  }

const eslintPlugin = prefixed('eslint-plugin')
const eslintConfig = prefixed('eslint-config')

const eslintExtends: Meaning = (value) => {
  if (value.startsWith('eslint:')) return []
  if (!value.startsWith('plugin:')) return eslintConfig(value)
  const plugin = value.slice(7).replace(/\/[^/]*$/, '')
  return eslintPlugin(plugin)
}

const babel =
  (kind: 'preset' | 'plugin'): Meaning =>
  (value) => {
    if (value.startsWith('module:')) return asWritten(value.slice(7))
    if (/^@babel\/(?:preset|plugin)-/.test(value)) return asWritten(value)
    const own = /^@babel\/(.+)$/.exec(value)
    return own ? [`@babel/${kind}-${own[1]}`] : prefixed(`babel-${kind}`)(value)
  }

const jestBuiltin = new Set(['node', 'default', 'github-actions', 'summary', 'jest-circus/runner', 'jest-jasmine2'])
const jest =
  (prefix: string): Meaning =>
  (value) =>
    jestBuiltin.has(value) ? [] : [...new Set([...prefixed(prefix)(value), ...asWritten(value)])]

const typesOf: Meaning = (value) => {
  const name = packageOf(value)
  if (name === undefined) return []
  return name === value ? [typesNameOf(name), name] : [name]
}

const tools: readonly Tool[] = [
  {
    file: /(?:^|\/)\.eslintrc[^/]*$/,
    key: 'eslintConfig',
    fields: [
      [/(?:^|>)extends(?:>\[\])?$/, eslintExtends],
      [/(?:^|>)plugins>\[\]$/, eslintPlugin],
      [/(?:^|>)parser$/, (value) => (value === 'espree' ? [] : asWritten(value))],
    ],
  },
  {
    file: /(?:^|\/)(?:\.babelrc|babel\.config)[^/]*$/,
    key: 'babel',
    fields: [
      [/(?:^|>)presets>\[\](?:>\[\])?$/, babel('preset')],
      [/(?:^|>)plugins>\[\](?:>\[\])?$/, babel('plugin')],
    ],
  },
  {
    file: /(?:^|\/)jest[\w.-]*\.config\.[^/]*$|(?:^|\/)jest\.config[^/]*$/,
    key: 'jest',
    fields: [
      [/(?:^|>)preset$/, asWritten],
      [/(?:^|>)testEnvironment$/, jest('jest-environment')],
      [/(?:^|>)runner$/, jest('jest-runner')],
      [/(?:^|>)transform>[^>]+(?:>\[\])?$/, asWritten],
      [/(?:^|>)watchPlugins>\[\](?:>\[\])?$/, jest('jest-watch')],
      [/(?:^|>)reporters>\[\](?:>\[\])?$/, (value) => (jestBuiltin.has(value) ? [] : asWritten(value))],
      [/(?:^|>)(?:setupFiles|setupFilesAfterEnv|snapshotSerializers)>\[\]$/, asWritten],
    ],
  },
  {
    file: /(?:^|\/)(?:\.prettierrc|prettier\.config)[^/]*$/,
    key: 'prettier',
    fields: [
      [/(?:^|>)plugins>\[\]$/, asWritten],
      [/^$/, asWritten],
    ],
  },
  {
    file: /(?:^|\/)(?:\.stylelintrc|stylelint\.config)[^/]*$/,
    key: 'stylelint',
    fields: [
      [/(?:^|>)extends(?:>\[\])?$/, asWritten],
      [/(?:^|>)plugins(?:>\[\])?$/, asWritten],
      [/(?:^|>)customSyntax$/, asWritten],
    ],
  },
  {
    file: /(?:^|\/)(?:\.commitlintrc|commitlint\.config)[^/]*$/,
    key: 'commitlint',
    fields: [
      [
        /(?:^|>)extends(?:>\[\])?$/,
        (value) => (value.startsWith('@') ? asWritten : prefixed('commitlint-config'))(value),
      ],
    ],
  },
  {
    file: /(?:^|\/)(?:\.releaserc|release\.config)[^/]*$/,
    key: 'release',
    fields: [
      [/(?:^|>)plugins>\[\](?:>\[\])?$/, asWritten],
      [/(?:^|>)extends(?:>\[\])?$/, asWritten],
    ],
  },
  {
    file: /(?:^|\/)(?:\.postcssrc|postcss\.config)[^/]*$/,
    key: 'postcss',
    fields: [[/(?:^|>)plugins>\[\](?:>\[\])?$/, asWritten]],
  },
  {
    file: /(?:^|\/)(?:ts|js)config[^/]*\.json$/,
    fields: [
      [/^extends(?:>\[\])?$/, asWritten],
      [/^compilerOptions>types>\[\]$/, typesOf],
      [/^compilerOptions>jsxImportSource$/, asWritten],
      [/^compilerOptions>plugins>\[\]>name$/, asWritten],
    ],
  },
]

const places = /^(?:\.|\/|~|<rootDir>|[A-Za-z]:[\\/])/

export function configMentions({ path, text }: TextFile): Mention[] {
  const tool = tools.find(({ file }) => file.test(path))
  if (tool === undefined) return []
  const yaml = /\.ya?ml$/.test(path) || (/rc$/.test(path) && !/^\s*[{[]/.test(text))
  const all = yaml ? yamlLiterals(text) : literals(text)
  return mentionsIn(all, tool, path, placer(text), exported)
}

/** Keys of package.json that hold a tool's configuration. */
export function embeddedConfigMentions(path: string, all: readonly Literal[], place: Placer): Mention[] {
  return tools.flatMap((tool) =>
    tool.key === undefined
      ? []
      : mentionsIn(
          all.filter((one) => one.path[0] === tool.key),
          tool,
          path,
          place,
          (way) => way.slice(1),
        ),
  )
}

type Placer = (from: number, to: number) => Place

/** `module.exports = {`, `const config = {`, `export default defineConfig({`: the name before it is no field. */
const exported = (way: readonly string[]): readonly string[] =>
  ['module', 'exports', 'config', 'default'].includes(way[0] ?? '') || /^[a-z]+Config$/i.test(way[0] ?? '')
    ? way.slice(1)
    : way

function mentionsIn(
  all: readonly Literal[],
  tool: Tool,
  path: string,
  place: Placer,
  wayOf: (path: readonly string[]) => readonly string[],
): Mention[] {
  return all.flatMap((one) => {
    // PostCSS names plugins by keys too.
    const way = wayOf(one.isKey ? [...one.path, '[]'] : one.path).join('>')
    if (one.isKey && !(tool.key === 'postcss' && way === 'plugins>[]')) return []
    const meaning = tool.fields.find(([pattern]) => pattern.test(way))?.[1]
    if (meaning === undefined || places.test(one.value) || one.value === '') return []
    const [name, ...or] = meaning(one.value).filter((each) => !isBuiltin(each))
    if (name === undefined || placeholder(one.value) !== undefined) return []
    const at = place(one.at, one.at + one.value.length)
    return [{ name, ...(or.length > 0 && { or }), from: 'config', path, ...at, optional: false }]
  })
}
