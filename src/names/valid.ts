// Which texts can be a package's name at all. npm's own rule decides, legacy names (capitals, odd marks) included.

import { npa } from './npa.ts'

/** The longest name that a registry takes. */
const longestName = 214

/** Nearly all there are, told without npm's parser, which takes 0.1 ms; the reserved names it has to tell. */
const plainName = /^(?:@[a-z\d][a-z\d._-]*\/)?[a-z\d][a-z\d._-]*$/
const reserved = /(?:^|\/)(?:node_modules|favicon\.ico)$/

/** True for what a registry could hold under that name; `../x`, `🙂` and `a b` it never could. */
export function isPackageName(name: string): boolean {
  // npa takes an empty name for "whatever the range says".
  if (name === '' || name.length > longestName) return false
  if (plainName.test(name) && !reserved.test(name)) return true
  try {
    return npa().resolve(name, '*').registry === true
  } catch {
    return false
  }
}
