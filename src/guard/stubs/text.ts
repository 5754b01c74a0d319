// The small files that `audit-deps init` leaves in a project. They have no dependency, for node_modules is empty when
// they run; they find audit-deps, hand over, and stop everything where it is missing. Their text is stable: pnpm puts a
// checksum of its file into the lockfile.

/** By this line a file is known as ours alone. */
export const written = 'written by audit-deps init, removed by audit-deps init --remove'

/** Where `audit-deps init` puts them. */
export const stubFolder = '.audit-deps'

const missing = `audit-deps is missing, so nothing may be installed. Install it first, outside this project: npm install --global audit-deps`

/** The project's own audit-deps, then the one in PATH. */
const finder = `const { realpathSync } = require('node:fs')
const { delimiter, join } = require('node:path')

function findAuditDeps(root) {
  const folders = (process.env.PATH || '').split(delimiter).filter((folder) => folder !== '')
  const places = [
    join(root, 'node_modules', 'audit-deps', 'dist', 'cli.js'),
    ...folders.flatMap((folder) => [
      join(folder, 'audit-deps'),
      join(folder, 'node_modules', 'audit-deps', 'dist', 'cli.js'),
      join(folder, '..', 'audit-deps', 'dist', 'cli.js'),
    ]),
  ]
  for (const place of places) {
    try {
      const file = realpathSync(place)
      if (file.endsWith('cli.js')) return file
    } catch {}
  }
  return undefined
}
`

/** Root preinstall script of npm 12 and later, and of yarn 1. */
export const preinstall = `// ${written}
${finder}
const file = findAuditDeps(process.cwd())
if (file === undefined) {
  console.error('${missing}')
  process.exit(1)
}
const { spawnSync } = require('node:child_process')
const { status } = spawnSync(process.execPath, [file, 'guard', '--preinstall'], { stdio: 'inherit' })
process.exit(status === 0 ? 0 : status || 1)
`

/** pnpm 10 and later: the lockfile before anything is resolved, then each package that is newly resolved. */
export const pnpmfile = `// ${written}
'use strict'
${finder}
const { spawnSync } = require('node:child_process')
const { pathToFileURL } = require('node:url')

const found = () => {
  const file = findAuditDeps(__dirname)
  if (file === undefined) throw new Error('${missing}')
  return file
}

let door
const open = () =>
  (door ??= import(new URL('guard/door.js', pathToFileURL(found())).href).then(({ openDoor }) => openDoor(__dirname)))

module.exports = {
  hooks: {
    async preResolution() {
      const { status } = spawnSync(process.execPath, [found(), 'guard', '--preinstall', '--quiet'], {
        cwd: __dirname,
        stdio: ['ignore', 2, 2],
      })
      if (status !== 0) throw new Error('audit-deps blocked this install')
    },
    async readPackage(manifest) {
      const vet = await open()
      const reasons = await vet(manifest)
      if (reasons.length > 0) throw new Error('audit-deps blocked this install: ' + reasons.join(' | '))
      return manifest
    },
  },
}
`

/** bun: this package exports the scanner; the stub finds it. */
export const bunScanner = `// ${written}
const { createRequire } = await import('node:module')
const require = createRequire(import.meta.url)
const { pathToFileURL } = require('node:url')
${finder}
const file = findAuditDeps(require('node:path').join(import.meta.dirname, '..'))
if (file === undefined) throw new Error('${missing}')
export const { scanner } = await import(new URL('guard/bun-scanner.js', pathToFileURL(file)).href)
`

/** Claude Code lets a tool run whose hook is missing or breaks: this one says no to installs instead, by exit code 2. */
export const agentHook = `// ${written}
${finder}
const file = findAuditDeps(process.env.CLAUDE_PROJECT_DIR || process.cwd())
if (file === undefined) {
  let event = ''
  try {
    event = require('node:fs').readFileSync(0, 'utf8')
  } catch {
    event = 'npm'
  }
  if (/npm|npx|pnpx|yarn|bun|deno|corepack/i.test(event.replace(/["'\\\\]/g, ''))) {
    console.error('${missing}')
    process.exit(2)
  }
} else {
  process.argv = [process.execPath, file, 'hook', '--deny-only']
  import(require('node:url').pathToFileURL(file).href).catch((error) => {
    console.error('audit-deps could not be started: ' + error.message)
    process.exit(2)
  })
}
`
