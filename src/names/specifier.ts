// What a module specifier names: `@scope/name/sub/path` → `@scope/name`.

import { isPackageName } from './valid.ts'

const plain = /^(?!node_modules$|favicon)(?:@[a-z\d][a-z\d-]{0,80}\/)?[a-z\d][a-z\d._-]{0,120}$/

/**
 * The package of a bare specifier, without bundlers' query (`x?raw`); undefined for paths, URLs, subpath imports
 * (`#x`), aliases such as `@/x` or `~/x`, modules with a protocol (`virtual:x`) and what no registry could hold.
 */
export function packageOf(specifier: string): string | undefined {
  const bare = specifier.split('?', 1)[0]!
  // Webpack's `style-loader!./x.css` names loaders by another rule.
  if (/^[./#~$\\]|[:!\\\s]/.test(bare)) return undefined
  const name = bare.split('/', bare.startsWith('@') ? 2 : 1).join('/')
  // npm's own parser takes 40 µs a name, and source files name the same few again and again.
  if (plain.test(name)) return name
  return isPackageName(name) ? name : undefined
}
