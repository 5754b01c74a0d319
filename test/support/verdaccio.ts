// A real registry for tests: Verdaccio on 127.0.0.1 at a free port, no uplinks, storage in a temporary folder.
// It runs in a process of its own, so that a test may block on a child (execFileSync) that talks to it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Arborist from '@npmcli/arborist'
import fetch from 'npm-registry-fetch'
import pacote from 'pacote'
import ssri from 'ssri'
import { removeFolder } from './repository.ts'

export interface Verdaccio {
  /** Ends with a slash. */
  readonly url: string
  /** Of the publishing user; reading needs none. */
  readonly token: string
  /**
   * Packs the files as npm would (package.json among them) and publishes them. Scripts are not run.
   * @param published ISO 8601: when the registry shall say that it was; default: now.
   */
  publish(files: Readonly<Record<string, string>>, published?: string): Promise<void>
  /** Ends the process and removes its storage. */
  close(): Promise<void>
}

const startMs = 30_000

/** Takes one to two seconds: start one per test file. `access` is who may read (`$all`, `$authenticated`). */
export async function startVerdaccio(options: { access?: '$all' | '$authenticated' } = {}): Promise<Verdaccio> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-deps-verdaccio-'))
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: 10 } },
    uplinks: {},
    packages: { '**': { access: options.access ?? '$all', publish: '$authenticated', unpublish: '$authenticated' } },
    log: { type: 'stdout', format: 'json', level: 'fatal' },
    // Without this it would ask another registry for advisories: here that endpoint answers 404.
    middlewares: {},
    web: { enable: false },
    self_path: folder,
    configPath: join(folder, 'config.yaml'),
  }
  const child = spawn(process.execPath, ['-e', program, require.resolve('verdaccio'), JSON.stringify(config)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    removeFolder(folder)
  }
  let errors = ''
  child.stderr!.on('data', (chunk) => {
    errors += chunk
  })
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`Verdaccio ended at start: ${errors}`)))
  failed.catch(() => {})
  try {
    const signal = AbortSignal.timeout(startMs)
    const [port] = (await Promise.race([once(child, 'message', { signal }), failed])) as [number]
    const url = `http://127.0.0.1:${port}/`
    const token = await addUser(url)
    const publishAt: Verdaccio['publish'] = async (files, published) => {
      await publish(url, token, files)
      if (published !== undefined) backdate(join(folder, 'storage'), files, published)
    }
    return { url, token, publish: publishAt, close }
  } catch (error) {
    await close()
    throw error
  }
}

const require = createRequire(import.meta.url)

/** Ends with its parent: when the channel closes, so does the registry. */
const program = `
const [path, config] = process.argv.slice(1)
process.on('disconnect', () => process.exit())
require(path).runServer(JSON.parse(config)).then((server) =>
  server.listen(0, '127.0.0.1', () => process.send(server.address().port)))
`

async function addUser(url: string): Promise<string> {
  const name = 'publisher'
  const answer = await fetch.json(`-/user/org.couchdb.user:${name}`, {
    registry: url,
    method: 'PUT',
    body: { name, password: ['only', 'for', 'this', 'loopback'].join('-') },
  })
  return String(answer.token)
}

async function publish(url: string, token: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-deps-publish-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const tarball = await pacote.tarball(`file:${folder}`, { Arborist, ignoreScripts: true })
    await put(url, token, JSON.parse(files['package.json'] ?? '{}'), tarball)
  } finally {
    removeFolder(folder)
  }
}

/** In Verdaccio's own document, which it reads anew for every request. */
function backdate(storage: string, files: Readonly<Record<string, string>>, published: string): void {
  const { name, version } = JSON.parse(files['package.json'] ?? '{}') as { name: string; version: string }
  const file = join(storage, name, 'package.json')
  const document = JSON.parse(readFileSync(file, 'utf8')) as { time: Record<string, string> }
  const versions = Object.entries({ ...document.time, [version]: published }).filter(([key]) => /^\d/.test(key))
  const created = versions.map(([, time]) => time).sort()[0]
  writeFileSync(file, JSON.stringify({ ...document, time: { ...Object.fromEntries(versions), created } }))
}

/** The document that `npm publish` sends. */
async function put(
  url: string,
  token: string,
  manifest: { name: string; version: string },
  tarball: Buffer,
): Promise<void> {
  const { name, version } = manifest
  const file = `${name}-${version}.tgz`
  const dist = {
    integrity: ssri.fromData(tarball, { algorithms: ['sha512'] }).toString(),
    shasum: ssri.fromData(tarball, { algorithms: ['sha1'] }).hexDigest(),
    tarball: `${url}${name}/-/${file}`,
  }
  await fetch(name.replace('/', '%2f'), {
    registry: url,
    method: 'PUT',
    forceAuth: { token },
    body: {
      _id: name,
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
      access: null,
      _attachments: {
        [file]: {
          content_type: 'application/octet-stream',
          data: tarball.toString('base64'),
          length: tarball.length,
        },
      },
    },
    ignoreBody: true,
  })
}
