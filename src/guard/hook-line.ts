// What a shell line would install, where, and what about that cannot be read for sure. Only text is looked at: a line
// that hides an install on purpose, in an encoded script or behind a name of its own, is not found here. This is no
// sandbox, and says so.

import { resolve } from 'node:path'
import { type InstallCommand, installCommands } from '../names/install-commands.ts'
import { type ShellWord, shellCommands } from '../names/shell-words.ts'
import { withoutTexts } from './here-documents.ts'

export interface PlacedInstall extends InstallCommand {
  /** Where it would run; undefined where that cannot be told. */
  readonly folder: string | undefined
  /** Something in the line comes before it and may change what it would install. */
  readonly late: boolean
}

export interface ReadLine {
  readonly installs: readonly PlacedInstall[]
  /** Why some of it cannot be vetted, each a sentence without its end. */
  readonly doubts: readonly string[]
  /** Nothing in the line but installs, `cd` and what only prints. */
  readonly plain: boolean
}

/** As long as the parser reads. */
const longest = 100_000

const nothing: ReadLine = { installs: [], doubts: [], plain: true }

/** More in one line is nobody's work. */
const mostInstalls = 20

/** What cannot be read is a doubt. @param cwd where the line would run */
export function readLine(given: string, cwd: string): ReadLine {
  const line = given.length > longest ? given : withoutTexts(given, runners)
  const bare = line.replace(/\\\r?\n|["'\\^]/g, '')
  if (!manager.test(bare) && !variable.test(bare)) return nothing
  if (line.length > longest) return { ...nothing, doubts: ['the line is too long to be read'], plain: false }
  const found = installCommands(line)
  if (found.length > mostInstalls) return { ...nothing, doubts: [`it holds ${found.length} installs`], plain: false }
  const commands = shellCommands(line)
  const doubts = new Set([
    ...found.flatMap((command) => ownDoubts(command, line)),
    ...commands.flatMap((words) => commandDoubts(words, found)),
    ...lineDoubts(line, bare, found),
  ])
  const unsettling = found.length > 0 && moved.test(bare) && !onlyFlags(line, found)
  if (unsettling) doubts.add('the line itself sets which registry is asked, or how')
  return {
    installs: found.map((command) => ({ ...command, ...surroundingsOf(command, commands, line, cwd) })),
    doubts: [...doubts],
    plain: isPlain(line, commands, found),
  }
}

const manager = /npm|npx|pnpx|yarn|corepack|(?:^|[^a-z])(?:bunx?|deno|n(?:i|ci|lx))(?:$|[^a-z])/i
/** A command that a variable names, which could be a package manager. */
const variable = /\$\{?\w*(?:pm|pkg|package|manager)\w*\}?/i
const verbs = 'install|add|ci|i|dlx|exec|x|create|init|update|upgrade|up'

/** Settings of registries in variables, files and `config set`; options are judged with their command. */
const moved = /npm_config_|pnpm_config_|bun_config_|yarn_(?:npm_)?registry|registry|npmrc|yarnrc|bunfig|pnpmfile/i

/** The words speak of registries only as options of the commands that were found. */
function onlyFlags(line: string, found: readonly InstallCommand[]): boolean {
  let rest = line
  for (const { flags } of found)
    for (const flag of flags) for (const word of flag.split(' ')) rest = rest.replace(word, '')
  return !moved.test(rest.replace(/["'\\^]/g, ''))
}

/** Of a command that was found: what the shell would put in place of its words. */
function ownDoubts(command: InstallCommand, line: string): string[] {
  const name = `${command.manager} ${command.action}`
  const end = endOfCommand(line, command.at)
  const start = startOfCommand(line, command.at)
  const doubts: string[] = []
  if (end.expands) doubts.push(`"${name}" takes words that only the shell will know ($…, \`…\`)`)
  if (/(?:^|\s)(?:xargs|parallel)\s/.test(line.slice(start, command.at)))
    doubts.push(`"${name}" takes its names from another command`)
  return doubts
}

/** Where the simple command ends that goes on at `from`, and whether something in it would be expanded. */
function endOfCommand(line: string, from: number): { readonly at: number; readonly expands: boolean } {
  let quote = ''
  let expands = false
  let at = from
  for (; at < line.length; at++) {
    const character = line[at]!
    if (quote === "'") quote = character === "'" ? '' : quote
    else if (character === '\\') at++
    else if (character === '$' || character === '`') expands = true
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (/[;&|\n()]/.test(character)) break
  }
  return { at, expands }
}

const startOfCommand = (line: string, at: number): number =>
  Math.max(...[';', '&', '|', '\n', '('].map((separator) => line.lastIndexOf(separator, at - 1) + 1))

/** Print or search text: a package manager named there is a word. */
const textual: ReadonlySet<string> = new Set(
  'echo printf git gh grep egrep rg ag ack cat less more head tail sed awk man which type whereis command hash jq yq ls wc diff sort uniq tee touch mkdir cp mv rm cd pwd export unset alias history test [ code vim nano open find-up'.split(
    ' ',
  ),
)

/** Change what is installed to something that nobody can name beforehand. */
const changing: ReadonlySet<string> = new Set(
  'update up upgrade udpate dedupe ddp link ln audit import unplug install-test it'.split(' '),
)

const isManager = ({ text }: ShellWord): boolean =>
  /^(?:.*[\\/])?(?:npm|pnpm|yarn|yarnpkg|bun|cnpm)(?:\.cmd|\.exe|\.ps1)?(?:@[\w.^~-]+)?$/i.test(text)
const isFetcher = ({ text }: ShellWord): boolean => /^(?:.*[\\/])?(?:corepack|deno)(?:\.cmd|\.exe|\.ps1)?$/i.test(text)
const isRunner = ({ text }: ShellWord): boolean => /^(?:.*[\\/])?(?:npx|pnpx|bunx)(?:\.cmd|\.exe|\.ps1)?$/i.test(text)

/** Of a simple command: installs that the parser of install commands leaves out. */
function commandDoubts(words: readonly ShellWord[], found: readonly InstallCommand[]): string[] {
  const first = words.find(({ text, quoted }) => quoted || !/^[A-Za-z_]\w*=/.test(text))
  const last = words.at(-1)
  if (first === undefined || last === undefined) return []
  const name = first.text.replace(/^.*[\\/]/, '')
  if (name === 'audit-deps') return ownCommand(words)
  const at = words.findIndex((word) => isManager(word) || isRunner(word) || isFetcher(word))
  if (at === -1 || (textual.has(name) && !words.some(({ text }) => text === '-exec'))) return []
  const covered = found.some((command) => command.at >= first.at && command.at <= last.end)
  if (covered) return []
  const rest = words.slice(at + 1).filter(({ text }) => !text.startsWith('-'))
  const verb = rest[0]?.text ?? ''
  const called = words[at]!.text.replace(/^.*[\\/]/, '')
  const [remote] = remoteCode.exec([plainName(called), ...rest.map(({ text }) => text)].join(' ')) ?? []
  if (remote !== undefined)
    return [`"${remote}" runs code from elsewhere, or changes the package manager itself, which nobody vets`]
  if (isFetcher(words[at]!)) return []
  if (isRunner(words[at]!)) return rest.length > 0 ? [`"${called}" is called in a way that cannot be read`] : []
  if (verb === 'config' || verb === 'c' || verb === 'set')
    return settles(
      called,
      rest.map(({ text }) => text),
    )
  if (changing.has(verb)) return changes(called, verb, rest[1]?.text)
  const known = new RegExp(`^(?:${verbs})$`).test(verb)
  // `npm init -y` and `npm exec` without a name fetch nothing.
  if (known && words[at] !== first && !/^(?:init|exec|create)$/.test(verb))
    return [`"${called} ${verb}" is called by ${name}, in a way that cannot be read`]
  return []
}

const plainName = (called: string): string => called.replace(/(?:\.(?:cmd|exe|ps1))?(?:@.*)?$/i, '').toLowerCase()

/** What is fetched by these is no package that a registry could be asked about: a plugin, a release, a program. */
const remoteCode =
  /^yarn(?:pkg)? (?:.* )?(?:plugin import|set version|policies set-version)(?= |$)|^pnpm (?:.* )?(?:self-update|env (?:use|add)|runtime set)(?= |$)|^corepack (?:use|up|install|prepare)(?= |$)|^deno (?:(?:run|serve|install|i|test|bench|compile|cache) )?https?:/

function changes(called: string, verb: string, next: string | undefined): string[] {
  // `npm audit` reads, `npm audit fix` installs; `npm link` alone links this folder.
  if ((verb === 'audit' && next !== 'fix') || (/^(?:link|ln)$/.test(verb) && next === undefined)) return []
  return [
    `"${called} ${verb}" installs what nobody can name before; the wrapper vets it first: audit-deps ${called} ${verb}`,
  ]
}

/** From then on another registry would be asked, by us as well. */
function settles(called: string, rest: readonly string[]): string[] {
  const words = rest[0] === 'set' ? rest : rest.slice(1)
  return /^(?:set|--global)$/.test(words[0] ?? '') &&
    /registry|userconfig|proxy|cafile|strict-ssl|shell|yarnpath|pnpmfile|node-?options/i.test(words.join(' '))
    ? [`"${called} config set" changes which registry is asked, or what is run, from now on`]
    : []
}

/** The wrapper vets for itself; what switches that off is a person's decision. */
const ownCommand = (words: readonly ShellWord[]): string[] =>
  words.some(({ text }) => text === '--allow-unverified') ? ['--allow-unverified installs what nobody could vet'] : []

/** Hands text to something that runs it. */
const runners = [
  /(?:^|[\s;&|(`])(?:[gmn]?awk\s|git\s[^;&|\n]{0,200}?\balias\.)/,
  /(?:^|[\s;&|(`])(?:eval|source|xargs|parallel|ssh|su|trap|script|flock|tmux|screen|at|batch|watch|watchexec|entr|nodemon|hyperfine|nix-shell|env\s+-\S*S)\s/,
  /(?:^|[\s;&|(`/])(?:ba|z|da|k|fi)?sh(?:\s|$)/,
  /(?:^|[\s;&|(`/])(?:pwsh|powershell|cmd)(?:\.exe)?\s/i,
  /(?:^|[\s;&|(`/])(?:node|bun|deno|tsx|python[\d.]*|perl|ruby|php|osascript)\s[^;&|\n]{0,200}?(?:\s-{1,2}(?:e|p|c|r|E|eval|print)\b|<<)/,
  /(?:^|[\s;&|(])(?:node|bun|deno|python[\d.]*|perl|ruby|php)\s+(?:eval\s|-{1,2}(?:e|p|c|r|E|eval|print)\b|<<|-\s)/,
]

/** An install that stands in some text: `execSync('npm i x')`, `["npm", "install"]`, `CMD="npx x"`. */
const mention = new RegExp(`\\b(?:npm|pnpm|yarn|bun)\\b\\W{1,8}(?:${verbs})\\b|\\b(?:npx|pnpx|bunx)\\b\\W{1,8}\\w`, 'g')

function lineDoubts(line: string, bare: string, found: readonly InstallCommand[]): string[] {
  const hidden = new RegExp(
    `\\$\\{?\\w*(?:pm|pkg|package|manager|npm|npx|yarn|bun|cmd)\\w*\\}?\\s+(?:${verbs})\\b|\\$\\([^()]*\\)\\s*(?:${verbs})\\s|\`[^\`]*\`\\s*(?:${verbs})\\s`,
    'i',
  )
  if (hidden.test(bare) || namedByVariable(bare)) return ['what installs is named by a variable or another command']
  if (expanded.test(bare)) return ['only the shell will know what the package manager is told to do']
  if (/\balias\s+\w+=["']?(?:npm|npx|pnpm|pnpx|yarn|bunx?)\b/.test(line)) return ['a package manager gets another name']
  if (/(?:>|\btee\b)[^;&|\n]{0,200}(?:npmrc|yarnrc|bunfig)/.test(line)) return ['it writes settings of registries']
  const open = [...line.matchAll(mention)].find(({ index }) => !covers(found, line, index))
  if (open !== undefined && (runners.some((runner) => runner.test(line)) || /(?:^|[\s;&|])\$\w/.test(line)))
    return [`"${open[0].replace(/\W+/g, ' ')}" stands in text that something else runs`]
  // `n\pm i x` and `n''pm`: nobody types that.
  const plainly = bare.match(mention)?.length ?? 0
  const spelled = line.replace(/["']/g, '').match(mention)?.length ?? 0
  if (plainly > spelled && found.length < plainly && !/[A-Za-z]:\\/.test(line))
    return ['an install is written with escapes inside its name']
  return []
}

/** `N=npm; $N i x` */
function namedByVariable(bare: string): boolean {
  const names = [
    ...bare.matchAll(/(?:^|[\s;&|(])(\w+)=(?:[^\s;&|]*\/)?(?:npm|npx|pnpm|pnpx|yarn|bunx?)(?=[\s;&|)]|$)/g),
  ]
  return names.slice(0, 20).some(([, name]) => new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`).test(bare))
}

/** `npm $WHAT x`, `npm {i,x}`, `{npm,i,x}`, `npm${IFS}i` */
const expanded =
  /(?:^|[\s;&|(/])(?:npm|npx|pnpm|pnpx|yarn|bunx?)(?:\$\{?IFS|\s+(?:\$|\{[^}\s]*,))|(?:^|[\s;&|(])\{(?:npm|npx|pnpm|pnpx|yarn|bunx?),/

const covers = (found: readonly InstallCommand[], line: string, index: number): boolean =>
  found.some(({ at }) => at <= index && index - at < 2_000 && !/[;&|\n]/.test(line.slice(at, index)))

/** Read, print or step: they change nothing of what is installed. */
const harmless: ReadonlySet<string> = new Set('cd pushd popd pwd echo ls true : date which clear sleep set'.split(' '))

function surroundingsOf(
  command: InstallCommand,
  commands: readonly (readonly ShellWord[])[],
  line: string,
  cwd: string,
): Pick<PlacedInstall, 'folder' | 'late'> {
  let folder: string | undefined = cwd
  let late = false
  for (const [first, second] of commands) {
    if (first === undefined || first.at >= command.at) break
    if (first.text === 'cd' || first.text === 'pushd') folder = entered(folder, second?.text, line)
    else if (!harmless.has(first.text) && !(command.at >= first.at && sameCommand(line, first.at, command.at)))
      late = true
  }
  if (/(?:^|[^\d&])>[^&]/.test(line.slice(0, command.at))) late = true
  const option = command.flags.flatMap((flag) => /^(?:--prefix|-C|--dir|--cwd)[= ](.+)$/.exec(flag)?.[1] ?? []).at(-1)
  return { folder: option === undefined ? folder : entered(folder, option, ''), late }
}

const sameCommand = (line: string, from: number, to: number): boolean => endOfCommand(line, from).at > to

function entered(from: string | undefined, to: string | undefined, line: string): string | undefined {
  // Home, a variable, `cd -`, or a step that a subshell takes back.
  if (from === undefined || to === undefined || /^[~-]|[$`*?]/.test(to) || line.includes('(')) return undefined
  return resolve(from, to)
}

function isPlain(line: string, commands: readonly (readonly ShellWord[])[], found: readonly InstallCommand[]): boolean {
  if (/[$`<>(){}\\|]|(?:^|[^&])&(?:[^&]|$)/.test(line)) return false
  return commands.every(
    ([first]) => first !== undefined && (first.text === 'cd' || found.some(({ at }) => at === first.at)),
  )
}
