// What is published works: the packed tarball, installed by real npm into an empty folder from a loopback registry
// that serves our own installed dependencies, then its binary run and its API imported.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import Arborist from '@npmcli/arborist'
import ssri from 'ssri'
import * as tar from 'tar'
import { expect, onTestFinished, test } from 'vitest'
import type { Report } from '../src/types.ts'
import { cli } from './support/cli.ts'
import { type Handler, startRegistryServer } from './support/registry-server.ts'
import { temporaryFolder } from './support/repository.ts'

const repository = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }

test('npm pack, npm install, run', { timeout: 120_000 }, async () => {
  const registry = await startRegistryServer(await ownDependencies())
  onTestFinished(() => registry.close())
  const folder = temporaryFolder()
  const npm = (cwd: string, ...args: string[]) =>
    cli(args, { cwd, command: ['npm'], env: { npm_config_registry: registry.url, npm_config_audit: 'false' } })

  const packed = await npm(repository, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder)
  const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }]
  const strays = files
    .map(({ path }) => path)
    .filter((path) => !/^(dist|signatures)\/|^(package\.json|README\.md|LICENSE)$/.test(path))
  expect(strays).toEqual([])

  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }')
  const installed = await npm(folder, 'install', `./${filename}`)
  expect(installed.stderr).not.toMatch(/ERR/)
  expect(installed.code).toBe(0)

  const command = [join(folder, 'node_modules/.bin/audit-deps')] as const
  expect((await cli(['--version'], { command })).stdout).toBe(`${version}\n`)
  const audited = await cli([folder, '--offline', '--format', 'json'], { command })
  const codes = (JSON.parse(audited.stdout) as Report).findings.map(({ code }) => code)
  // npm just wrote a lockfile that names the loopback host, and the default registry is another. Nothing else is wrong.
  expect(new Set(codes)).toEqual(new Set(['lockfile/foreign-host']))
  const explained = await cli(['explain', 'secret/github-pat'], { command })
  expect(explained.stdout).toMatch(/GitHub/)

  const use = `import { findLookalikes, scanText } from 'audit-deps'
    import schema from 'audit-deps/report.schema.json' with { type: 'json' }
    console.log((await findLookalikes('reakt'))[0].target, (await scanText('nothing')).findings.length, schema.$id)`
  const answered = await cli(['--input-type=module', '-e', use], { cwd: folder, command: [process.execPath] })
  expect(answered.stdout).toBe('react 0 urn:audit-deps:report:1\n')
})

test('what is started by its path stays a file of its own when modules are joined', async () => {
  const { default: joined } = (await import(pathToFileURL(join(repository, 'rolldown.config.js')).href)) as {
    default: { input: Record<string, string> }
  }
  const src = join(repository, 'src')
  const named = readdirSync(src, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    if (!file.endsWith('.ts')) return []
    // Ours, and what the stubs look for beside the program.
    const found = readFileSync(join(src, file), 'utf8').matchAll(
      /^(?! *(?:\/\*)?\*).*new URL\('([^']+)\.js', (import\.meta\.url)?/gm,
    )
    return [...found].map(([, path = '', own]) => (own ? join(dirname(file), path) : path))
  })
  const exported = readFileSync(join(repository, 'package.json'), 'utf8').matchAll(/"\.?\/?dist\/([^"]+)\.js"/g)
  const needed = [...named, ...[...exported].map(([, path]) => path!)].map((path) => relative('.', path))
  expect(needed.length).toBeGreaterThan(5)
  for (const path of needed) expect(Object.keys(joined.input)).toContain(path)
})

/** Every production package of our own tree, packed again, as a registry would serve it. */
async function ownDependencies(): Promise<Record<string, Handler>> {
  const tree = await new Arborist({ path: repository }).loadActual()
  const nodes = [...tree.inventory.values()].filter((node) => !node.isRoot && !node.dev && !node.isLink)
  const versions = new Map<string, Map<string, { manifest: object; integrity: string }>>()
  const served: Record<string, Handler> = {}
  for (const { name, version, realpath } of nodes) {
    const tarball = packed(realpath)
    const manifest = JSON.parse(readFileSync(join(realpath, 'package.json'), 'utf8')) as object
    const known = versions.get(name) ?? new Map()
    versions.set(name, known.set(version, { manifest, integrity: ssri.fromData(tarball).toString() }))
    served[tarballPath(name, version)] = (_request, response) => response.end(tarball)
  }
  for (const [name, known] of versions) {
    served[name] = (request, response) => {
      const dist = (version: string, integrity: string) => ({
        integrity,
        tarball: `http://${request.headers.host}${tarballPath(name, version)}`,
      })
      const all = [...known].map(([version, { manifest, integrity }]) => [
        version,
        { ...manifest, dist: dist(version, integrity) },
      ])
      response.end(
        JSON.stringify({ name, 'dist-tags': { latest: [...known.keys()].at(-1) }, versions: Object.fromEntries(all) }),
      )
    }
  }
  return served
}

/** All that its publisher packed, but hardly compressed: that takes most of the time. */
const packed = (folder: string): Buffer =>
  tar
    .create(
      {
        cwd: folder,
        prefix: 'package',
        gzip: { level: 1 },
        sync: true,
        filter: (path) => !/^(\.\/)?node_modules(\/|$)/.test(path),
      },
      ['.'],
    )
    .read()!

const tarballPath = (name: string, version: string): string => `/tarballs/${name.replace('/', '-')}-${version}.tgz`
