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

/** What every audit begins with, whatever it audits. */
const audit = ['commands/audit', 'git/repository', 'project/sources/list', 'report/json']

/**
 * Modules that begin what is mostly loaded as a whole. Two modules that are reached by the same of these stand in one
 * file: what starts at once stays small, and an audit loads few files and nothing of another's.
 */
const together = {
  start: ['cli'],
  hook: ['commands/hook'],
  parts: ['phantom/exports/child', 'project/sources/child', 'secrets/pool-worker'],
  secrets: [...audit, 'secrets/scan'],
  packages: [
    ...[...audit, 'lockfile/scan', 'phantom/scan', 'registry/client'],
    ...['project/read', 'project/sources', 'project/lockfiles/npm'],
  ],
}

const pathOf = (file) => relative(dist, file).split(sep).join('/')
const nameOf = (file) => pathOf(file).replace(/\.js$/, '')

/** Module → which of these reach it, `rest` for all else. */
const reachedBy = new Map()

const reach = {
  name: 'reach',
  buildEnd() {
    reachedBy.clear()
    const ours = (ids) => ids.filter((id) => id.startsWith(dist))
    const mark = (id, by) => {
      const known = reachedBy.get(id) ?? new Set()
      if (known.has(by)) return
      reachedBy.set(id, known.add(by))
      for (const next of ours(this.getModuleInfo(id).importedIds)) mark(next, by)
    }
    const wished = [...this.getModuleIds()].flatMap((id) => ours(this.getModuleInfo(id).dynamicallyImportedIds))
    const begins = new Set([...entries, ...wished.map(nameOf)])
    for (const name of Object.values(together).flat())
      if (!begins.has(name)) this.error(`rolldown.config.js: nothing loads ${name} by itself any more`)
    for (const begin of begins) {
      const named = Object.keys(together).filter((one) => together[one].includes(begin))
      for (const by of named.length > 0 ? named : ['rest']) mark(join(dist, `${begin}.js`), by)
    }
  },
}

/** Null leaves it to rolldown: files that others name, and what is not loaded as a whole. */
function fileFor(id) {
  const by = [...(reachedBy.get(id) ?? [])].sort().join('-')
  return ['', 'rest', 'parts'].includes(by) || entries.includes(nameOf(id)) ? null : by
}

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
  plugins: [addresses, reach, once],
  output: {
    dir: dist,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    // Each module's file is said here, so none comes along with another: what it imports is reached by as many or more.
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: fileFor }] },
  },
}
