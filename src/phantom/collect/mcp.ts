// MCP configurations: `{ "command": "npx", "args": ["-y", "server@1"] }`. A client starts these without anybody typing
// anything, so a name that is free there is a door that stands open.

import type { TextFile } from '../../project/texts.ts'
import type { Mention } from '../mentions.ts'
import { commandMentions, type Shell, shellOf } from './commands.ts'
import { type Literal, literals } from './literals.ts'
import { shown as shownOf } from './place.ts'

export const mcpFileMentions = ({ path, text }: TextFile): Mention[] => mcpMentions(text, shellOf(path, text, 'mcp'))

/** @param offset of `text` in the file */
export function mcpMentions(text: string, shell: Shell, offset = 0): Mention[] {
  if (!/"(?:command|args)"/.test(text)) return []
  const all = literals(text)
  return all.flatMap((one, index) => {
    if (one.isKey || one.path.at(one.path.at(-1) === '[]' ? -2 : -1) !== 'command') return []
    // Of a command that is a list the first element speaks for all.
    if (one.path.at(-1) === '[]' && all[index - 1]?.path.join() === one.path.join()) return []
    return started(wordsOf(one, index, all), shell, offset)
  })
}

/** The command and its arguments, which stand beside it: in the same object, before or after. */
function wordsOf(command: Literal, index: number, all: readonly Literal[]): readonly Literal[] {
  if (command.path.at(-1) === '[]') return runFrom(all, index, command.path.join('\0'))
  const args = [...command.path.slice(0, -1), 'args', '[]'].join('\0')
  for (let at = Math.max(0, index - near); at < Math.min(all.length, index + near); at++)
    if (all[at]!.path.join('\0') === args) return [command, ...runFrom(all, at, args)]
  return [command]
}

/** Literals that an object may have between its command and its arguments, either way round. */
const near = 100

function runFrom(all: readonly Literal[], from: number, path: string): readonly Literal[] {
  const run: Literal[] = []
  for (let at = from; at < all.length && all[at]!.path.join('\0') === path && !all[at]!.isKey; at++) run.push(all[at]!)
  return run
}

/** Makes a shell line of the words and gives each name back its place in the file. */
function started(words: readonly Literal[], shell: Shell, offset: number): Mention[] {
  let line = ''
  const starts: { at: number; word: Literal }[] = []
  for (const word of words) {
    starts.push({ at: line.length, word })
    line += words.length > 1 && /[\s"']/.test(word.value) ? `'${word.value.replaceAll("'", ' ')}' ` : `${word.value} `
  }
  const real = (at: number): number => {
    const start = starts.findLast((one) => one.at <= at)!
    return offset + start.word.at + (words.length > 1 ? 0 : at - start.at)
  }
  return commandMentions(line, {
    ...shell,
    place: (from, to, shownFrom) => ({
      ...shell.place(real(from), real(from)),
      excerpt: shownOf(line.slice(shownFrom ?? from, to)),
    }),
  })
}
