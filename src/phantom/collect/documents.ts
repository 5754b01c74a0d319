// Documents and agents' instructions: install commands in fenced blocks, in inline code, and in lines that are a command
// and nothing else; servers that an example of an MCP configuration starts. Prose is not read for names.

import type { TextFile } from '../../project/texts.ts'
import type { Mention } from '../mentions.ts'
import { commandMentions, type Shell, shellOf } from './commands.ts'
import { mcpMentions } from './mcp.ts'

export function documentMentions({ path, text }: TextFile, from: 'document' | 'agent'): Mention[] {
  const shell = shellOf(path, text, from)
  const found: Mention[] = []
  let fence: { mark: string; language: string; start: number } | undefined
  let offset = 0
  for (const line of text.split('\n')) {
    const mark = /^\s*(?:>\s*)*(`{3,}|~{3,})\s*([\w-]*)/.exec(line)
    if (fence === undefined && mark)
      fence = { mark: mark[1]!, language: mark[2]!.toLowerCase(), start: offset + line.length + 1 }
    else if (fence !== undefined && mark && mark[1]!.startsWith(fence.mark) && mark[2] === '') {
      found.push(...block(text.slice(fence.start, offset), fence.language, fence.start, shell))
      fence = undefined
    } else if (fence === undefined) found.push(...outside(line, offset, shell))
    offset += line.length + 1
  }
  if (fence !== undefined) found.push(...block(text.slice(fence.start), fence.language, fence.start, shell))
  return found
}

const program =
  /^(?:[cm]?[jt]sx?|javascript|typescript|vue|svelte|html|css|scss|less|py|python|rb|ruby|go|rust|rs|java|kotlin|swift|c|cpp|cs|php|sql|graphql|toml|ini|diff|xml|svg|mermaid|css)$/

function block(text: string, language: string, start: number, shell: Shell): Mention[] {
  if (/^jsonc?5?$/.test(language)) return mcpMentions(text, shell, start)
  if (program.test(language)) return []
  return commandMentions(withoutPrompts(text), shell, start)
}

/** Blanks of the same length, so that offsets hold: `$ npm i x`, `PS C:\> npm i x`, `- run: npm i x`. */
const withoutPrompts = (text: string): string =>
  text.replace(
    /^[ \t]*(?:>[ \t]+)*(?:(?:[$%>❯➜»]|PS [^>\n]*>|[\w.-]+@[\w.-]+[^$#\n]{0,40}[$#])[ \t]+|-[ \t]+(?:run:[ \t]*)?|run:[ \t]*|RUN[ \t]+)/gm,
    (prompt) => ' '.repeat(prompt.length),
  )

/** Inline code, and a line that begins with a manager's name and goes on like a command. */
function outside(line: string, offset: number, shell: Shell): Mention[] {
  if (!line.includes('`') && !line.includes('<code') && !manager.test(line)) return []
  const spans = [...line.matchAll(/(`+)([^`]+)\1|<(code|pre|kbd)[^>]*>([^<]+)</g)]
  if (spans.length > 0)
    return spans.flatMap((span) => {
      const code = span[2] ?? span[4] ?? ''
      const at = offset + span.index + span[0].indexOf(code)
      return commandMentions(withoutPrompts(code), shell, at)
    })
  const bare = withoutPrompts(line.replace(/^(\s*)(?:[-*+]|\d+\.)(?=\s)/, (mark) => ' '.repeat(mark.length)))
  return command.test(bare) && !prose.test(bare) ? commandMentions(bare, shell, offset) : []
}

const manager = /^[\s>$*+\d.-]*(?:npm|npx|pnpm|pnpx|yarn|bun|bunx)\s/
const command = /^\s*(?:npm|npx|pnpm|pnpx|yarn|bun|bunx)\s[\w@/.^~=:,\s-]+$/
const prose =
  /\s(?:and|or|to|the|a|an|in|with|from|for|is|it|your|will|then|can|into|as|by|that|this|if|on|of)\s|[,:.]\s*$|[.,:]\s/i
