// The entry is called one package and its URL leads to another, or to another version. npm's own integrity check does
// not help: the hash in the same entry is the other package's. Only URLs of the form that registries give their
// tarballs (`…/NAME/-/NAME-VERSION.tgz`) say what they lead to; of others nothing is known.

import semver from 'semver'
import { finding, packageSubject } from '../../finding.ts'
import type { Finding, LockedPackage, Lockfile } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { exampleHost, fileInput, locked, lockfileOf } from '../file-example.ts'
import { lockedAt, shown } from '../source.ts'

const from = (path: string, given: Partial<LockedPackage> = {}): FileInput =>
  fileInput({ lockfile: lockfileOf(locked({ resolved: `https://${exampleHost}/${path}`, ...given })) })

export const resolvedMismatch: Check<FileInput> = {
  codes: ['lockfile/resolved-mismatch'],
  run: ({ lockfile }) =>
    (lockfile?.packages ?? []).flatMap((entry) => {
      const other = elsewhere(entry)
      return other === undefined ? [] : [report(lockfile!, entry, other)]
    }),
  matches: [
    from('evil/-/evil-1.2.3.tgz'),
    from('@evil/left/-/left-1.2.3.tgz'),
    from('%40evil%2fleft/-/left-1.2.3.tgz'),
    from('mirror/npm/evil/-/evil-1.2.3.tgz'),
    from('left/-/left-1.0.0.tgz'),
    from('left/-/left-1.2.3-rc.1.tgz'),
    from('left/-/left-1.0.0.tgz?x=left/-/left-1.2.3.tgz'),
    from('@acme/left/-/evil-1.2.3.tgz', { name: '@acme/left' }),
    // Under an alias it is the real name that counts.
    from('old/-/old-1.2.3.tgz', { alias: 'old' }),
  ],
  ignores: [
    from('left/-/left-1.2.3.tgz'),
    from('left/-/left-1.2.3.tgz#0123456789abcdef0123456789abcdef01234567'),
    from('mirror/npm/left/-/left-1.2.3.tgz'),
    from('@acme/left/-/left-1.2.3.tgz', { name: '@acme/left' }),
    from('@acme%2fleft/-/left-1.2.3.tgz', { name: '@acme/left' }),
    // As some mirrors write scoped ones.
    from('@acme/left/-/@acme/left-1.2.3.tgz', { name: '@acme/left' }),
    from('left/-/left-1.2.3.tgz', { alias: 'old' }),
    // Old packages have files of other spellings; the name in the path is theirs.
    from('JSONStream/-/jsonstream-1.2.3.tgz', { name: 'JSONStream' }),
    from('left/-/left-1.2.3-fixed.2+build.5.tgz', { version: '1.2.3-fixed.2' }),
    from('left/-/left-v1.2.3.tgz'),
    from('left/-/left-01.02.3beta.tgz', { version: '1.2.3-beta' }),
    from('download/@acme/left/1.2.3/0123456789abcdef', { name: '@acme/left' }),
    from('evil/-/evil-1.2.3.tgz', { kind: 'tarball' }),
    fileInput({ lockfile: lockfileOf(locked({ resolved: undefined })) }),
    fileInput(),
  ],
}

const tarball = /^https?:\/\/[^/?#]+\/([^?#]+)\/-\/([^?#]+)\.tgz(?:[?#]|$)/i

/** The package that a registry's path ends with: mirrors put folders before it. */
function nameIn(path: string): string {
  const parts = path.replace(/%40/g, '@').replace(/%2f/gi, '/').split('/')
  return parts.slice(parts.at(-2)?.startsWith('@') ? -2 : -1).join('/')
}

/** What its URL names instead; undefined where it names the same, or nothing. */
export function elsewhere({
  name,
  version,
  resolved,
  kind,
}: Pick<LockedPackage, 'name' | 'version' | 'resolved' | 'kind'>): string | undefined {
  const [, path, file] = (kind === 'registry' && tarball.exec(resolved ?? '')) || []
  if (path === undefined || file === undefined) return undefined
  const named = nameIn(path)
  if (named !== name) return named
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/%2b/gi, '+')
  const short = name.slice(name.indexOf('/') + 1)
  // As nearly all are.
  if (base === `${short}-${version}`) return undefined
  // What follows the package's own name; else whatever looks like a version at its end.
  const rest = base.toLowerCase().startsWith(`${short.toLowerCase()}-`) ? base.slice(short.length + 1) : undefined
  const [, other, tail] = rest === undefined ? (/^(.+?)-(v?\d.*)$/.exec(base) ?? []) : []
  if (other !== undefined && semver.valid(tail) !== null) return `${base}.tgz`
  const found = semver.valid(rest)
  const wanted = semver.valid(version)
  // Versions that semver does not know as they stand (`1.2beta`) say too little.
  return found !== null && wanted !== null && found !== wanted ? `${name}@${found}` : undefined
}

function report(lockfile: Lockfile, entry: LockedPackage, other: string): Finding {
  const { name, version } = entry
  return finding(
    {
      code: 'lockfile/resolved-mismatch',
      scanner: 'lockfile',
      subject: packageSubject(name, version),
      severity: 'high',
      confidence: 'high',
      message: shown(`the entry says ${name}@${version ?? '?'}, and what it downloads is ${other}`),
      evidence: [lockedAt(lockfile, entry, 'resolved')],
    },
    `${version ?? ''} ${other}`,
  )
}
