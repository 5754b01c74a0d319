// Install commands as mentions: what `npm i x`, `npx x` and their kin name, wherever shell lines stand.

import { type InstallCommand, installCommands } from '../../names/install-commands.ts'
import { parseSpec } from '../../names/spec.ts'
import type { Mention, MentionSource } from '../mentions.ts'
import { type Place, placer } from './place.ts'
import { placeholder } from './placeholders.ts'

export interface Shell {
  /** Where the mentions stand. */
  readonly path: string
  readonly from: MentionSource
  /** Offset → place; of the whole file, so that `offset` counts in it. */
  readonly place: (from: number, to: number, shownFrom?: number) => Place
}

/**
 * The packages that shell lines would fetch. Placeholders, variables and what comes from no registry are left out.
 * @param offset of `text` in the file
 */
export function commandMentions(text: string, { path, from, place }: Shell, offset = 0): Mention[] {
  // Most lines of most files name no manager.
  if (!/\b(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|deno|cnpm)\b/.test(text)) return []
  return logicalLines(text).flatMap(({ line, at: start }) =>
    installCommands(line).flatMap((command) =>
      command.specs.slice(0, mostSpecs).flatMap(({ text: spec, at, end }) => {
        const meant = meaningOf(spec)
        if (meant === undefined) return []
        const begin = offset + start + at
        return [
          {
            ...meant,
            from,
            path,
            ...place(begin, offset + start + end, offset + start + command.at),
            optional: false,
            ...(isCommand(command) && { command: true }),
          },
        ]
      }),
    ),
  )
}

/** Nobody installs more by one command. */
const mostSpecs = 500

/** One by one, for a stray quote in one line must not swallow the next; a backslash joins a line to its next. */
function logicalLines(text: string): { line: string; at: number }[] {
  const lines: { line: string; at: number }[] = []
  let start = 0
  for (let at = text.indexOf('\n'); ; at = text.indexOf('\n', at + 1)) {
    const end = at === -1 ? text.length : at
    if (at !== -1 && /\\\r?$/.test(text.slice(Math.max(start, end - 2), end))) continue
    if (end > start) lines.push({ line: text.slice(start, end), at: start })
    if (at === -1) return lines
    start = at + 1
  }
}

/** A name alone after npx may be the command of an installed package; with a version, or by `--package`, it is a package. */
const isCommand = ({ action, specs, byPackage }: InstallCommand): boolean =>
  action === 'execute' && specs.length === 1 && !specs[0]!.text.slice(1).includes('@') && !byPackage

function meaningOf(spec: string): Pick<Mention, 'name' | 'wanted'> | undefined {
  if (/[$<>{}*`…]|^-|\\/.test(spec)) return undefined
  // Prose goes on after a command: a comma, a full stop, a bracket are its own.
  const bare = spec.replace(/[.,;:!?)'"\]]+$/, '')
  if (placeholder(nameIn(bare)) !== undefined) return undefined
  try {
    const parsed = parseSpec(bare)
    if (parsed.kind !== 'registry' || placeholder(parsed.name) !== undefined) return undefined
    return { name: parsed.name, ...(parsed.wanted !== '*' && { wanted: parsed.wanted }) }
  } catch {
    return undefined
  }
}

const nameIn = (spec: string): string => (spec.lastIndexOf('@') > 0 ? spec.slice(0, spec.lastIndexOf('@')) : spec)

/** For a file that is a shell script as a whole. */
export const shellOf = (path: string, text: string, from: MentionSource): Shell => ({ path, from, place: placer(text) })
