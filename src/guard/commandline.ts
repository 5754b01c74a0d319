// A package manager's command line, taken apart far enough to know what it asks for: the command, the words behind it,
// the options with their values. Nothing is interpreted by a shell, here or later.

export interface CommandLine {
  /** The first word; undefined where there are options only. */
  readonly command: string | undefined
  /** Words behind the command that are no option and no option's value. */
  readonly words: readonly string[]
  /** As written, values that stand apart included: `['--omit', 'dev', '-D']`. */
  readonly options: readonly Option[]
  /** What follows `--`. */
  readonly rest: readonly string[]
}

export interface Option {
  /** `--omit`, `-D`; without the value. */
  readonly name: string
  readonly value: string | undefined
  /** The one or two words it was written in. */
  readonly written: readonly string[]
}

/**
 * @param valued options that take the next word as their value.
 * @param tool true where everything behind the first word belongs to a tool that is run: `npx cowsay -h`.
 */
export function parseCommandLine(argv: readonly string[], valued: ReadonlySet<string>, tool = false): CommandLine {
  const words: string[] = []
  const options: Option[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!
    if (word === '--') return { ...split(words), options, rest: argv.slice(at + 1) }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      if (tool) return { ...split(words), options, rest: argv.slice(at + 1) }
      continue
    }
    const equals = word.indexOf('=')
    const next = argv[at + 1]
    if (equals > 0) options.push({ name: word.slice(0, equals), value: word.slice(equals + 1), written: [word] })
    else if (valued.has(word) && next !== undefined) {
      options.push({ name: word, value: next, written: [word, next] })
      at++
    } else options.push({ name: word, value: undefined, written: [word] })
  }
  return { ...split(words), options, rest: [] }
}

const split = ([command, ...words]: readonly string[]) => ({ command, words })

/** Whether one of these options, which mean the same, is given and not taken back: `--global --no-global`. */
export const hasOption = (line: CommandLine, ...names: readonly string[]): boolean =>
  optionSays(line, ...names) === true

/** What the last of these options says, `--no-global` and `--global=false` no; undefined where none is given. */
export function optionSays({ options }: CommandLine, ...names: readonly string[]): boolean | undefined {
  const negated = names.map((name) => name.replace(/^--/, '--no-'))
  const last = options.findLast(({ name }) => names.includes(name) || negated.includes(name))
  return last && names.includes(last.name) === (last.value !== 'false')
}

/**
 * An option that npm and pnpm 10 read as one of these, though it is not written so: `--regis=…`,
 * `-no-dry-run`, `--config.registry=…`.
 * @param names without hyphens, such as begin others (`global`, `globalconfig`) among them
 */
export const oddOption = ({ options }: CommandLine, names: readonly string[]): string | undefined =>
  options.find(({ name }) => {
    const bare = name.replace(/^-+(?:no-)*(?:config\.)?/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    const isWritten = name === `--${bare}` || name === `--no-${bare}`
    if (bare.startsWith('@')) return !isWritten
    if (names.includes(bare) && isWritten) return false
    return !/^-[^-]$/.test(name) && names.some((whole) => whole.startsWith(bare))
  })?.name

/** The last value that one of these options is given. */
export const optionValue = ({ options }: CommandLine, ...names: readonly string[]): string | undefined =>
  options.findLast(({ name, value }) => names.includes(name) && value !== undefined)?.value

/** The options as words again, without those of these names. */
export const optionWords = ({ options }: CommandLine, without: (name: string) => boolean = () => false): string[] =>
  options.filter(({ name }) => !without(name)).flatMap(({ written }) => written)

/** Words of this command line, without those that wrote these options. */
export function withoutOptions(
  words: readonly string[],
  { options }: CommandLine,
  names: readonly string[],
): readonly string[] {
  const end = words.indexOf('--')
  const left = [...(end === -1 ? words : words.slice(0, end))]
  for (const { written } of options.filter(({ name }) => names.includes(name))) {
    const at = left.findIndex((_, index) => written.every((word, offset) => left[index + offset] === word))
    if (at !== -1) left.splice(at, written.length)
  }
  return [...left, ...(end === -1 ? [] : words.slice(end))]
}

/** Whether the command line says anything of registries: then no memory answers for it. */
export const namesOrigins = ({ options }: CommandLine): boolean =>
  options.some(({ name }) => movers.has(name) || /^--(?:reg(?:istry)?|@[^/:]+:registry)$/.test(name))

/** Options that move the settings which say whom to trust, or how. */
export const movers: ReadonlySet<string> = new Set([
  '--userconfig',
  '--globalconfig',
  '--use-yarnrc',
  '--no-strict-ssl',
  '--strict-ssl',
  '--config',
])
