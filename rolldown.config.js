// The build's last step: of what tsc wrote into dist, a file for each module, a few larger ones are made. Node takes
// longer to find, read and link 300 small modules than to run them. No dependency is taken in.

import { rmSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'

const dist = join(import.meta.dirname, 'dist')

/** What is named from outside: by package.json, by the stubs that init writes, as a thread or process of our own. */
const entries = [
  'cli',
  'index',
  'guard/bun-scanner',
  'guard/door',
  'phantom/exports/child',
  'project/sources/child',
  'secrets/pool-worker',
]

const pathOf = (file) => relative(dist, file).split(sep).join('/')

/** A module finds files of ours by its own address: in whatever chunk it comes to stand, it keeps that. */
const addresses = {
  name: 'addresses',
  transform: (code, id) =>
    code.replace(
      /new URL\('(\.[^']+)', import\.meta\.url\)/g,
      (_, path) => `new URL('dist:${posix.join(posix.dirname(pathOf(id)), path)}', import.meta.url)`,
    ),
  renderChunk: (code, { fileName }) =>
    code.replace(
      /new URL\(["']dist:([^"']+)["'], import\.meta\.url\)/g,
      (_, path) => `new URL('./${posix.relative(posix.dirname(fileName), path)}', import.meta.url)`,
    ),
}

/** What stands in a chunk now is not shipped twice. */
const once = {
  name: 'once',
  writeBundle(_, written) {
    for (const id of this.getModuleIds()) if (id.startsWith(dist) && !(pathOf(id) in written)) rmSync(id)
  },
}

export default {
  input: Object.fromEntries(entries.map((name) => [name, join(dist, `${name}.js`)])),
  platform: 'node',
  // Packages stay where npm puts them; only rolldown's own helper, six lines for tagged templates, comes along.
  external: (id) => /^[^./\0]/.test(id) && !id.startsWith('@oxc-project/runtime'),
  plugins: [addresses, once],
  output: { dir: dist, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
}
