// The lockfile's URL against the registry's own address of that very version: catches what URLs alone do not tell
// (registries that number their downloads), as resolved-mismatch.ts judges what they do tell.

import type { LockedPackage } from '../../types.ts'
import { urlOf } from '../../url.ts'
import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'
import { shown } from '../source.ts'
import { elsewhere } from './resolved-mismatch.ts'

const comparing = (resolved: string | undefined, tarball: string | undefined): PackageInput =>
  packageExample({
    locked: { integrity: undefined, resolved },
    facts: { version: tarball === undefined ? {} : { tarball } },
  })

const host = 'https://registry.example'

export const resolvedElsewhere: Check<PackageInput> = {
  codes: ['lockfile/resolved-mismatch'],
  run(input) {
    const { name, version, locked } = input
    const published = versionFacts(input)?.tarball
    if (locked?.resolved === undefined || published === undefined || version === undefined) return []
    if (locked.resolved === published) return []
    const entry: LockedAt = { name, version, resolved: locked.resolved, kind: 'registry' }
    // Already said, from the URL alone.
    if (elsewhere(entry) !== undefined || isSame(locked.resolved, published)) return []
    return [
      packageFinding(input, {
        code: 'lockfile/resolved-mismatch',
        severity: 'high',
        confidence: 'medium',
        message: shown(`the lockfile downloads ${locked.resolved}, and the registry has it at ${published}`),
        observed: shown(`tarball ${published}`),
        detail: version,
      }),
    ]
  },
  matches: [
    comparing(`${host}/download/@acme/example/1.0.0/aaaa`, `${host}/download/@acme/example/1.0.0/bbbb`),
    comparing(`${host}/files/7.tgz`, `${host}/example/-/example-1.0.0.tgz`),
    comparing(`${host}/example/-/example-1.0.0.tgz`, `${host}/example/-/renamed-1.0.0.tgz`),
  ],
  ignores: [
    comparing(`${host}/example/-/example-1.0.0.tgz`, `${host}/example/-/example-1.0.0.tgz`),
    comparing(`${host}/example/-/example-1.0.0.tgz#0123`, `${host}/example/-/example-1.0.0.tgz`),
    comparing(`${host}/mirror/example/-/example-1.0.0.tgz`, `https://up.example/example/-/example-1.0.0.tgz`),
    comparing(`${host}/@s/example/-/@s/example-1.0.0.tgz`, `${host}/@s/example/-/example-1.0.0.tgz`),
    comparing(`${host}/%65xample/-/example-1.0.0.tgz`, `${host}/example/-/example-1.0.0.tgz`),
    // From another host by a path of its own: whose it is, origin.ts says.
    comparing('https://mirror.example/files/7.tgz', `${host}/example/-/example-1.0.0.tgz`),
    comparing(undefined, `${host}/example/-/example-1.0.0.tgz`),
    comparing(`${host}/example/-/example-1.0.0.tgz`, undefined),
    comparing(`${host}/example/-/example-1.0.0.tgz`, 'no URL'),
    comparing('no URL', `${host}/example/-/example-1.0.0.tgz`),
  ],
}

type LockedAt = Pick<LockedPackage, 'name' | 'version' | 'resolved' | 'kind'>

/** Of two hosts only the tail that all registries share can be compared: package and file. */
function isSame(resolved: string, published: string): boolean {
  const [one, other] = [urlOf(resolved), urlOf(published)]
  if (!one || !other) return true
  const [tail, theirs] = [tailOf(one), tailOf(other)]
  if (tail !== undefined && theirs !== undefined) return tail === theirs
  return one.host !== other.host || plain(one.pathname) === plain(other.pathname)
}

/** Package and file name; mirrors put folders before the one and scopes before the other. */
function tailOf(url: URL): string | undefined {
  const [, name, file] = /((?:@[^/]+\/)?[^/]+)\/-\/(?:.*\/)?([^/]+)$/.exec(plain(url.pathname)) ?? []
  return name === undefined ? undefined : `${name} ${file}`.toLowerCase()
}

function plain(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
