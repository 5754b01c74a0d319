// Where a module of ours stands that another process or thread is to run. Node 20 reads no TypeScript: started from the
// sources, as tests are, that is what `npm run build` made.

import { existsSync } from 'node:fs'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @param module `new URL('./child.js', import.meta.url)` of whoever asks. Throws where it was not built. */
export function builtFile(module: URL): string {
  const file = fileURLToPath(module)
  const built = import.meta.url.endsWith('.ts') ? replaceLast(file, `${sep}src${sep}`, `${sep}dist${sep}`) : file
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build`)
  return built
}

function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from)
  return at === -1 ? text : text.slice(0, at) + to + text.slice(at + from.length)
}
