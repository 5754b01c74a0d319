// Tarballs entry by entry, so that they can hold what no packer would write; and a registry that serves one.

import { gzipSync } from 'node:zlib'
import ssri from 'ssri'
import { Header } from 'tar'
import type { RegistryServer } from '../support/registry-server.ts'
import { server } from './setup.ts'

export interface Entry {
  readonly path: string
  readonly text?: string | Buffer
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link'
  readonly linkpath?: string
}

export function archive(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, text = '', type = 'File', linkpath }) => {
    const body = Buffer.from(text)
    const head = Buffer.alloc(512)
    new Header({ path, type, mode: 0o644, size: body.length, ...(linkpath && { linkpath }) }).encode(head)
    return [head, body, Buffer.alloc(-body.length & 511)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export const tarball = (...entries: readonly Entry[]): Buffer => gzipSync(archive(entries))

export const manifest = (given: object = {}): Entry => ({
  path: 'package/package.json',
  text: JSON.stringify({ name: 'a', version: '1.0.0', ...given }),
})

export interface Published {
  /** What the registry shows besides name, version and dist. */
  readonly shown?: Readonly<Record<string, unknown>>
  readonly dist?: Readonly<Record<string, unknown>>
  /** Only the packument, no document of the version. */
  readonly packumentOnly?: boolean
}

/** Serves `a@1.0.0`: `bytes` under the address that the registry shows, with their own hash unless told otherwise. */
export async function publish(bytes: Buffer, given: Published = {}): Promise<RegistryServer> {
  let url = ''
  const shown = () => ({
    name: 'a',
    version: '1.0.0',
    ...given.shown,
    dist: { tarball: `${url}a/-/a-1.0.0.tgz`, integrity: ssri.fromData(bytes).toString(), ...given.dist },
  })
  const started = await server({
    '/a/-/a-1.0.0.tgz': { raw: bytes, type: 'application/octet-stream' },
    '/a/1.0.0': (_request, response) => {
      response.writeHead(given.packumentOnly ? 404 : 200)
      response.end(given.packumentOnly ? '' : JSON.stringify(shown()))
    },
    a: (_request, response) => response.end(JSON.stringify({ name: 'a', versions: { '1.0.0': shown() } })),
  })
  url = started.url
  return started
}
