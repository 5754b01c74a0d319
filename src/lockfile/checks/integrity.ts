// Does the lockfile bind the bytes? Every registry package and every tarball needs a hash that some algorithm could
// have produced, and SHA-1 or MD5 alone binds nothing any more. Git, link, workspace, file and bundled entries
// rightly have none: npm takes them from the disk, from a commit, or out of another package's tarball.

import { finding, packageSubject } from '../../finding.ts'
import type { Finding, LockedPackage, Lockfile } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { exampleIntegrity, fileInput, locked, lockfileOf } from '../file-example.ts'
import { hashesOf } from '../hashes.ts'
import { fileAt, lockedAt } from '../source.ts'

const sha1 = `sha1-${Buffer.alloc(20, 1).toString('base64')}`
const holding = (...packages: readonly LockedPackage[]): FileInput => fileInput({ lockfile: lockfileOf(...packages) })
const yarns = (checksum: string): FileInput => holding(locked({ resolved: undefined, integrity: undefined, checksum }))

export const integrity: Check<FileInput> = {
  codes: ['lockfile/integrity-missing', 'lockfile/integrity-weak', 'lockfile/integrity-malformed'],
  run({ lockfile }) {
    if (!lockfile) return []
    const bound = lockfile.packages.filter(needsIntegrity)
    const without = bound.filter((entry) => entry.integrity === undefined)
    const everyOne = without.length > 1 && without.length === bound.length
    return [
      ...(everyOne ? [noneAtAll(lockfile, without)] : without.map((entry) => missing(lockfile, entry))),
      ...lockfile.packages.flatMap((entry) => judge(lockfile, entry)),
    ]
  },
  matches: [
    holding(locked({ integrity: undefined }), locked({ name: 'right' })),
    holding(locked({ integrity: undefined }), locked({ name: 'right', integrity: undefined })),
    holding(locked({ integrity: undefined, resolved: undefined })),
    holding(locked({ kind: 'tarball', resolved: 'https://cdn.example/left.tgz', integrity: undefined })),
    holding(locked({ integrity: sha1 })),
    holding(locked({ integrity: 'sha512-AAAA' })),
    holding(locked({ integrity: '' })),
    holding(locked({ integrity: 'sha999-AAAA' })),
    holding(locked({ integrity: `${exampleIntegrity} and more` })),
    yarns('10c0/abc'),
    yarns(''),
    yarns(`10c0/${'a'.repeat(127)}g`),
  ],
  ignores: [
    holding(locked()),
    holding(locked({ resolved: undefined })),
    holding(locked({ integrity: `${sha1} ${exampleIntegrity}` })),
    holding(locked({ integrity: `${exampleIntegrity}?comment` })),
    holding(locked({ bundled: true, resolved: undefined, integrity: undefined })),
    holding(locked({ kind: 'git', resolved: 'git+ssh://git@git.example/left.git#0', integrity: undefined })),
    holding(locked({ kind: 'workspace', key: 'packages/left', resolved: undefined, integrity: undefined })),
    holding(locked({ kind: 'local', resolved: 'file:left', integrity: undefined })),
    yarns(`10c0/${'a'.repeat(128)}`),
    yarns('a'.repeat(128)),
    holding(locked({ resolved: undefined, integrity: undefined, conditions: 'os=darwin' })),
    fileInput(),
  ],
}

/** Yarn's checksum binds the bytes as well; what is for other platforms only it has never seen. */
const needsIntegrity = ({ kind, bundled, checksum, conditions }: LockedPackage): boolean =>
  (kind === 'registry' || kind === 'tarball') && !bundled && checksum === undefined && conditions === undefined

const noneAtAll = (lockfile: Lockfile, without: readonly LockedPackage[]): Finding =>
  finding({
    code: 'lockfile/integrity-missing',
    scanner: 'lockfile',
    subject: { kind: 'project', path: lockfile.path },
    severity: 'medium',
    confidence: 'high',
    message: `${lockfile.path} holds no integrity for any of its ${without.length} packages`,
    evidence: [fileAt(lockfile.path, without[0]!.line, `"${without[0]!.key}" has no "integrity"`)],
  })

const missing = (lockfile: Lockfile, entry: LockedPackage): Finding =>
  about(lockfile, entry, 'lockfile/integrity-missing', 'medium', 'nothing binds the bytes of its tarball')

/** SHA-512 in hexadecimal, since Berry 5 (cache key 10) behind the key of the cache that it was made for. */
const yarnChecksum = /^(?:[\w.-]+\/)?[\da-f]{128}$/i

function judge(lockfile: Lockfile, entry: LockedPackage): Finding[] {
  if (entry.checksum !== undefined && !yarnChecksum.test(entry.checksum))
    return [about(lockfile, entry, 'lockfile/integrity-malformed', 'high', 'its checksum is no hash that Yarn writes')]
  if (entry.integrity === undefined) return []
  const hashes = hashesOf(entry.integrity)
  if (hashes === undefined)
    return [about(lockfile, entry, 'lockfile/integrity-malformed', 'high', 'its integrity is no hash of any algorithm')]
  const algorithms = hashes.map(({ algorithm }) => algorithm)
  if (algorithms.some((algorithm) => algorithm !== 'sha1' && algorithm !== 'md5')) return []
  const weak = [...new Set(algorithms)].join(' and ')
  // Collisions can be made, but nobody has yet made a second tarball for a given SHA-1.
  const severity = algorithms.includes('sha1') ? 'low' : 'medium'
  return [about(lockfile, entry, 'lockfile/integrity-weak', severity, `only ${weak} binds its tarball`)]
}

const about = (
  lockfile: Lockfile,
  entry: LockedPackage,
  code: 'lockfile/integrity-missing' | 'lockfile/integrity-malformed' | 'lockfile/integrity-weak',
  severity: Finding['severity'],
  what: string,
): Finding => {
  const { name, version } = entry
  return finding(
    {
      code,
      scanner: 'lockfile',
      subject: packageSubject(name, version),
      severity,
      confidence: 'high',
      message: what,
      evidence: [lockedAt(lockfile, entry, entry.checksum === undefined ? 'integrity' : 'checksum')],
    },
    version,
  )
}
