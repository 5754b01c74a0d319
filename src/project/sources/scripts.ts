// The scripts inside Vue, Svelte and Astro files, with their offsets. Not a parser of HTML, whose templates differ: it
// knows comments and `<script>` with its attributes, wherever that stands.

export interface Script {
  readonly text: string
  /** Where it begins in the file. */
  readonly offset: number
  /** As the parser calls it; undefined for a language that is none of ours. */
  readonly lang: 'js' | 'jsx' | 'ts' | 'tsx' | undefined
}

/** No component has so many; a file that does is read in part. */
const mostScripts = 50
const longestTag = 5_000

/** @param kind the file's extension. Scripts loaded from elsewhere (`src`) hold nothing. */
export function scriptsOf(text: string, kind: 'vue' | 'svelte' | 'astro'): readonly Script[] {
  const front = kind === 'astro' ? frontmatter(text) : undefined
  const scripts: Script[] = front ? [front] : []
  // Astro's own scripts are TypeScript.
  const plain = kind === 'astro' ? 'ts' : 'js'
  const tag = /^<!--|^<script(?=[\s/>])((?:"[^"]*"|'[^']*'|[^'">])*)>/i
  let at = front ? front.offset + front.text.length : 0
  while (scripts.length < mostScripts) {
    at = nextTag(text, at)
    if (at === -1) break
    const found = tag.exec(text.slice(at, at + longestTag))
    if (found === null) at++
    else if (found[1] === undefined) {
      const end = text.indexOf('-->', at)
      if (end === -1) break
      at = end + 3
    } else {
      const offset = at + found[0].length
      if (found[1].endsWith('/')) {
        at = offset
        continue
      }
      const end = endOf(text, offset)
      scripts.push({ text: text.slice(offset, end), offset, lang: languageOf(found[1], plain) })
      at = end
    }
  }
  return scripts
}

/** The next place that could be a comment or a script; a pattern that searches would read on for ever at each `<`. */
function nextTag(text: string, from: number): number {
  for (let at = text.indexOf('<', from); at !== -1; at = text.indexOf('<', at + 1)) {
    const next = text.charCodeAt(at + 1)
    if (next === 0x21 || next === 0x73 || next === 0x53) return at
  }
  return -1
}

function endOf(text: string, from: number): number {
  const closing = /<\/script\s*>/gi
  closing.lastIndex = from
  return closing.exec(text)?.index ?? text.length
}

function languageOf(attributes: string, plain: 'js' | 'ts'): Script['lang'] {
  const [, type] = /(?:^|\s)type\s*=\s*["']?([^\s"'>]+)/i.exec(attributes) ?? []
  if (type !== undefined && !/^(?:module|(?:text|application)\/(?:java|type|ecma)script|ts)$/i.test(type))
    return undefined
  const [, lang = plain] = /(?:^|\s)lang\s*=\s*["']?([^\s"'>]+)/i.exec(attributes) ?? []
  const known = { js: 'js', javascript: 'js', jsx: 'jsx', ts: 'ts', typescript: 'ts', tsx: 'tsx' } as const
  return Object.hasOwn(known, lang) ? known[lang as keyof typeof known] : undefined
}

/** Between the first two lines of three dashes. */
function frontmatter(text: string): Script | undefined {
  const open = /^\s*---[^\S\n]*\r?\n/.exec(text)
  if (open === null) return undefined
  const offset = open[0].length
  const closing = /^---[^\S\n]*\r?$/gm
  closing.lastIndex = offset
  const end = closing.exec(text)?.index
  return end === undefined ? undefined : { text: text.slice(offset, end), offset, lang: 'ts' }
}
