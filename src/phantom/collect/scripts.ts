// Shell scripts, Makefiles, Dockerfiles and CI files: each line for itself, freed of what its format puts around a
// command. What a format does with variables, templates and includes is not followed.

import type { TextFile } from '../../project/texts.ts'
import type { Mention } from '../mentions.ts'
import { commandMentions, shellOf } from './commands.ts'
import { mcpMentions } from './mcp.ts'

export const shellMentions = ({ path, text }: TextFile): Mention[] =>
  // Make's recipes begin with a tab, and with marks that are not the shell's.
  commandMentions(
    text.replace(/^\t[@+-]+/gm, (mark) => ' '.repeat(mark.length)),
    shellOf(path, text, 'shell'),
  )

export const dockerMentions = ({ path, text }: TextFile): Mention[] =>
  commandMentions(
    text
      .replace(/^[ \t]*(?:RUN|CMD|ENTRYPOINT|ONBUILD RUN|HEALTHCHECK .*?CMD)[ \t]+(?:--[\w-]+=\S+[ \t]+)*/gim, blank)
      // The exec form: `["npx", "-y", "x"]`.
      .replace(/^[ \t]*\[.*\][ \t\r]*$/gm, (list) => list.replace(/[[\]",]/g, ' ')),
    shellOf(path, text, 'docker'),
  )

export function ciMentions({ path, text }: TextFile): Mention[] {
  const shell = shellOf(path, text, 'ci')
  if (/\.json$/.test(path))
    return [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].flatMap((string) =>
      commandMentions(string[1]!, shell, string.index + 1),
    )
  const lines = text
    .replace(/^[ \t]*(?:-[ \t]+)?(?:name|description|title|if|uses|image|with|key|path|restore-keys):.*$/gm, blank)
    .replace(/^[ \t]*(?:-[ \t]+)*(?:[\w.-]+[ \t]*[:=][ \t]*)?(?:[|>][+-]?[ \t]*$)?/gm, blank)
    // A whole line in quotes, and lists in one line: `command: ["npx", "x"]`.
    .replace(/^([ \t]*)(["'])(.*)\2[ \t\r]*$/gm, (_, space: string, __, inside: string) => `${space} ${inside} `)
    .replace(/^[ \t]*\[.*\][ \t\r]*$/gm, (list) => list.replace(/[[\]"',]/g, ' '))
  return [...commandMentions(lines, shell), ...mcpMentions(text, shell)]
}

const blank = (text: string): string => ' '.repeat(text.length)
