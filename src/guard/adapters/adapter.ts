// What the wrapper must know of a package manager: which of its commands install something, how it writes a lockfile
// without installing, and how it installs from exactly that lockfile. One file per manager; a command that is in none
// of its lists is refused, for it could install.

import type { CommandLine } from '../commandline.ts'

export type Plan =
  /** Installs nothing: run as given. */
  | { readonly kind: 'pass' }
  /** Installs from the lockfile that is there, and from nothing else: vet that, then run as given. */
  | { readonly kind: 'frozen' }
  /** Changes the lockfile, then installs: vet what it would become. */
  | {
      readonly kind: 'resolve'
      /** Arguments that write the lockfile and install nothing. */
      readonly resolve: readonly string[]
      /** Arguments that install from the lockfile which is there then. */
      readonly install: readonly string[]
      /** What is asked for by name. */
      readonly specs: readonly string[]
      /** Manifest and lockfile are to be as before, afterwards: `--no-save`. */
      readonly unsaved?: boolean
    }
  /** Installs for the whole machine. */
  | {
      readonly kind: 'global'
      readonly specs: readonly string[]
      readonly install: (specs: readonly string[]) => string[]
    }
  /** Runs a tool, which is fetched where it is not there. */
  | {
      readonly kind: 'exec'
      readonly specs: readonly string[]
      /** The command to run; undefined: the one that the package brings. */
      readonly bin: string | undefined
      readonly args: readonly string[]
      /** A line for the shell instead (`npx -c`). */
      readonly shell?: string
      /** Where the project brings this command, it is run as given with these words put in front: no fetching. */
      readonly local?: { readonly bin: string; readonly before: readonly string[] }
    }
  | { readonly kind: 'refuse'; readonly why: string; readonly next: string }

export interface Surroundings {
  /** Names in `scripts` of the nearest package.json. */
  readonly scripts: ReadonlySet<string>
  /** Whether node_modules/.bin here or above has it. */
  readonly hasBin: (name: string) => boolean
  readonly environment: NodeJS.ProcessEnv
}

export interface Adapter {
  /** The program. */
  readonly program: string
  /** Options that take the next word as their value. */
  readonly valued: ReadonlySet<string>
  /** Lockfile names, the one that is written first. */
  readonly lockfiles: readonly string[]
  /** Options that say in which folder to work. */
  readonly folder: readonly string[]
  /** What keeps it from looking for the project above the folder that it is started in, where one is named. */
  readonly here?: (folder: string) => string
  plan(line: CommandLine, argv: readonly string[], here: Surroundings): Plan
  /** For tools: writes a lockfile of the specs behind it in an empty project, and installs from it. */
  readonly fetch: {
    readonly resolve: readonly string[]
    readonly install: readonly string[]
    /** What the empty project must hold. */
    readonly files?: Readonly<Record<string, string>>
  }
  /** Variables for that project, besides `environment`. */
  readonly fetchEnvironment?: Readonly<Record<string, string>>
  /** Variables for the steps that resolve. */
  readonly environment: Readonly<Record<string, string>>
  /** Prints the default registry; absent where .npmrc alone decides, as we read it. */
  readonly registryQuestion?: readonly string[]
  /** The variable by which users and CI set the default registry of this manager, the strongest first. */
  readonly registryVariables: readonly string[]
}

/** Run it as given. */
export const pass = { kind: 'pass' } as const satisfies Plan

/** @param next as a sentence that tells what to do instead */
export const refuse = (why: string, next: string): Plan => ({ kind: 'refuse', why, next })

/** For commands that no list names. */
export const notCovered = (program: string, command: string): Plan =>
  refuse(
    `audit-deps does not cover "${program} ${command}", which could install something`,
    `vet first with audit-deps check or audit-deps deps, then run ${program} itself`,
  )

/** For what oddOption() finds. */
export const oddlyWritten = (program: string, option: string): Plan =>
  refuse(`not every ${program} reads ${option} alike`, 'write the option out, with two hyphens')

/** Of words that white space parts. */
export const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))
