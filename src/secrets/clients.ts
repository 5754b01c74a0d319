// Does this secret reach every visitor? Front-end build tools copy variables with certain prefixes, and whatever a
// `define` names, into the JavaScript that browsers download.

import type { Span } from '../redact.ts'
import { latin1 } from './latin1.ts'

/**
 * Next.js, Vite, Create React App, Expo, Nuxt, Gatsby, Vue CLI, Angular, Storybook, Snowpack, Bun; SvelteKit, Astro and
 * others share PUBLIC_. Each from the tool's own manual on environment variables.
 */
const prefixes = [
  'NEXT_PUBLIC_',
  'VITE_',
  'REACT_APP_',
  'EXPO_PUBLIC_',
  'NUXT_PUBLIC_',
  'GATSBY_',
  'VUE_APP_',
  'NG_APP_',
  'STORYBOOK_',
  'SNOWPACK_PUBLIC_',
  'BUN_PUBLIC_',
  'PUBLIC_',
] as const

export type ClientPrefix = (typeof prefixes)[number]
/** The prefix of its name, or a build configuration's `define`. */
export type Exposure = ClientPrefix | 'define'

/** The prefix by which a build tool takes `name` into pages. */
export const clientPrefix = (name: string): ClientPrefix | undefined =>
  name === 'PUBLIC_KEY' ? undefined : prefixes.find((prefix) => name.startsWith(prefix) && name.length > prefix.length)

/** How what stands at `span` gets into pages, if it does. Looks at a bounded stretch before it. */
export function exposureOf(bytes: Buffer, { start }: Span, path: string | undefined): Exposure | undefined {
  const name = assigned.exec(latin1(bytes, start - nameReach, start))?.groups?.name
  const prefix = name === undefined ? undefined : clientPrefix(name)
  if (prefix !== undefined) return prefix
  return path !== undefined && buildConfiguration.test(path) && isDefined(latin1(bytes, start - defineReach, start))
    ? 'define'
    : undefined
}

const nameReach = 400
const defineReach = 8000

/** From a name with a prefix to the middle of its value: NAME=…, "NAME": "…", NAME || '…', `- name: NAME\n  value: …`. */
const assigned = new RegExp(
  [
    String.raw`(?<![\w$])(?<name>(?:${prefixes.join('|')})\w{1,80})`,
    String.raw`(?:["'\`]?\s{1,40}["']?value["']?[ \t]*:[ \t]*|["'\`]?[\])]{0,2}[ \t]{0,20}(?::=|=>|={1,3}|\?\?|\|\||[?!]?:|,)[ \t]{0,20}|[ \t]{1,8})`,
    String.raw`(?:[\w.]{1,24}\()?["'\`]{0,3}[^\s"'\`]{0,200}$`,
  ].join(''),
)

const buildConfiguration =
  /(?:^|\/)(?:vite|vitest|webpack|rspack|rsbuild|esbuild|astro|electron\.vite)[\w.-]*\.[cm]?[jt]s$/

/** Inside the braces that a `define` or a DefinePlugin opened, as far as counting braces can tell. */
function isDefined(before: string): boolean {
  const opened = Math.max(lastOf(before, /\bdefine["']?\s{0,8}:\s{0,8}\{/g), lastOf(before, /DefinePlugin\(\s{0,8}\{/g))
  if (opened === -1) return false
  let depth = 1
  for (let i = opened; i < before.length && depth > 0; i++) {
    if (before[i] === '{') depth++
    else if (before[i] === '}') depth--
  }
  return depth > 0
}

const lastOf = (text: string, pattern: RegExp): number => {
  let end = -1
  for (const { index, 0: found } of text.matchAll(pattern)) end = index + found.length
  return end
}

/** Keys that their providers say belong into pages, though some of their siblings do not. */
const publicByDesign: ReadonlySet<string> = new Set([
  'google-api-key',
  'google-recaptcha-key',
  'sentry-dsn-secret',
  'algolia-api-key',
  'razorpay-key',
  'contentful-token',
])

/** Firebase and Maps keys are made for browsers: there they say nothing, elsewhere they might. */
export const isPublicByDesign = (rule: string): boolean => publicByDesign.has(rule)
