// Where does it come from? From the registry that is responsible for its name, over https, or the file must answer:
// another host, an open line, git, a bare URL, credentials in plain sight.

import type { CatalogCode } from '../../catalog.ts'
import { finding, packageSubject } from '../../finding.ts'
import { hostOf } from '../../project/hosts.ts'
import { asMeant } from '../../project/meanings.ts'
import type { Confidence, FileEvidence, Finding, LockedPackage, Severity } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, exampleHost, fileInput, locked, lockfileOf, manifestOf } from '../file-example.ts'
import { catalogAt, declaredAt, fileAt, holdsCredentials, lockedAt } from '../source.ts'

/** More packages than this on one foreign host, or nearly all there are, have one cause: they are one finding. */
const manyOnOneHost = 20
const nearlyAll = 0.8

const from = (resolved: string, given: Partial<LockedPackage> = {}): FileInput =>
  fileInput({ lockfile: lockfileOf(locked({ resolved, ...given })) })
const commit = '0123456789abcdef0123456789abcdef01234567'

export const origin: Check<FileInput> = {
  codes: [
    'lockfile/foreign-host',
    'lockfile/insecure-url',
    'lockfile/credentials-in-url',
    'lockfile/git-source',
    'lockfile/remote-tarball',
  ],
  run(input) {
    const sources = [...lockedSources(input), ...declaredSources(input)]
    return [...foreignHosts(input), ...sources.flatMap(judge)]
  },
  matches: [
    from('https://evil.example/left/-/left-1.2.3.tgz'),
    from('left-1.2.3.tgz'),
    fileInput({
      lockfile: lockfileOf(
        ...Array.from({ length: manyOnOneHost + 1 }, (_, index) =>
          locked({ name: `left${index}`, resolved: `https://mirror.example/left${index}.tgz` }),
        ),
      ),
    }),
    from(`http://${exampleHost}/left/-/left-1.2.3.tgz`),
    from(`git://git.example/acme/left.git#${commit}`, { kind: 'git' }),
    from(`https://user:${'swordfish'}@${exampleHost}/left/-/left-1.2.3.tgz`),
    from(`https://${exampleHost}/left/-/left-1.2.3.tgz?_authToken=${'0'.repeat(20)}`),
    from(`git+ssh://git@git.example/acme/left.git#${commit}`, { kind: 'git' }),
    from('git+ssh://git@git.example/acme/left.git#main', { kind: 'git' }),
    from('https://cdn.example/left.tgz', { kind: 'tarball' }),
    fileInput({
      manifests: [manifestOf({ dependencies: [declared({ range: 'http://cdn.example/left.tgz', kind: 'tarball' })] })],
    }),
  ],
  ignores: [
    from(`https://${exampleHost}/left/-/left-1.2.3.tgz`),
    from('http://localhost:4873/left/-/left-1.2.3.tgz', { kind: 'tarball', bundled: true }),
    fileInput({ lockfile: lockfileOf(locked({ resolved: undefined })) }),
    fileInput({
      lockfile: lockfileOf(locked({ resolved: 'https://mirror.example/left.tgz' })),
      hostsFor: () => [exampleHost, 'mirror.example'],
    }),
    from('file:../left', { kind: 'local' }),
    from('packages/left', { kind: 'workspace' }),
    fileInput(),
  ],
}

interface Source {
  readonly name: string
  readonly version: string | undefined
  readonly url: string
  readonly kind: LockedPackage['kind']
  readonly bundled: boolean
  readonly integrity: boolean
  /** Made where it is needed: most sources are fine. */
  readonly evidence: () => FileEvidence
}

const lockedSources = ({ lockfile }: FileInput): Source[] =>
  (lockfile?.packages ?? []).flatMap((entry) =>
    entry.resolved === undefined
      ? []
      : [
          {
            name: entry.name,
            version: entry.version,
            kind: entry.kind,
            bundled: entry.bundled,
            url: entry.resolved,
            integrity: entry.integrity !== undefined,
            evidence: () => lockedAt(lockfile!, entry, 'resolved'),
          },
        ],
  )

/** What the manifest names by URL; where the lockfile has it pinned, that entry is the better witness. */
const declaredSources = ({ manifests, lockfile }: FileInput): Source[] => {
  const pinned = new Set(lockfile?.packages.map(({ alias, name }) => alias ?? name))
  return manifests.flatMap((manifest) =>
    manifest.dependencies.map(asMeant).flatMap((one) =>
      (one.kind === 'git' || one.kind === 'tarball') && (!pinned.has(one.name) || holdsCredentials(one.range))
        ? [
            {
              name: one.target,
              version: undefined,
              url: one.range,
              kind: one.kind,
              bundled: false,
              integrity: false,
              evidence: () => catalogAt(one) ?? declaredAt(manifest, one),
            },
          ]
        : [],
    ),
  )
}

function foreignHosts({ lockfile, hostsFor }: FileInput): Finding[] {
  if (!lockfile) return []
  const byHost = new Map<string, LockedPackage[]>()
  let resolved = 0
  for (const entry of lockfile.packages) {
    if (entry.kind !== 'registry' || entry.resolved === undefined) continue
    resolved++
    const host = hostOf(entry.resolved) ?? ''
    if (hostsFor(entry.name).includes(host)) continue
    const known = byHost.get(host)
    if (known) known.push(entry)
    else byHost.set(host, [entry])
  }
  return [...byHost].flatMap(([host, entries]) => {
    const instead = (name: string): string => {
      const [responsible] = hostsFor(name)
      return responsible === undefined ? '' : `, not from ${responsible}`
    }
    const comes = host === '' ? 'from a place that is no URL' : `from ${host}`
    if (entries.length > Math.min(manyOnOneHost, Math.max(2, resolved * nearlyAll)))
      return finding(
        {
          code: 'lockfile/foreign-host',
          scanner: 'lockfile',
          subject: { kind: 'project', path: lockfile.path },
          severity: 'high',
          confidence: 'high',
          message: `${entries.length} packages of ${lockfile.path} come ${comes}${instead(entries[0]!.name)}`,
          evidence: [fileAt(lockfile.path, entries[0]!.line, entries[0]!.resolved ?? '')],
        },
        host,
      )
    return entries.map(({ name, version, ...entry }) =>
      finding(
        {
          code: 'lockfile/foreign-host',
          scanner: 'lockfile',
          subject: packageSubject(name, version),
          severity: 'high',
          confidence: 'high',
          message: `comes ${comes}${instead(name)}`,
          evidence: [lockedAt(lockfile, { name, version, ...entry }, 'resolved')],
        },
        host,
      ),
    )
  })
}

function judge(source: Source): Finding[] {
  const { url, kind } = source
  const found: Finding[] = []
  if (isInsecure(url))
    found.push(about(source, 'lockfile/insecure-url', 'high', 'high', 'comes over an unencrypted connection'))
  if (holdsCredentials(url))
    found.push(about(source, 'lockfile/credentials-in-url', 'critical', 'high', 'its URL holds credentials'))
  if (kind === 'git') {
    // Code hosts give an archive of one commit under its name.
    const full = /[#/](?:[\da-f]{40}|[\da-f]{64})(?:\.tar\.gz)?$/i.test(url)
    const what = full ? 'comes from one commit of a git repository' : 'comes from a git repository, at no full commit'
    found.push(about(source, 'lockfile/git-source', full ? 'low' : 'medium', 'high', what))
  }
  if (kind === 'tarball' && !source.bundled) {
    // With an integrity its owner can take it away, but no longer replace it.
    const confidence = source.integrity ? 'medium' : 'high'
    const host = hostOf(url) ?? 'a place that is no URL'
    found.push(about(source, 'lockfile/remote-tarball', 'medium', confidence, `comes as a tarball from ${host}`))
  }
  return found
}

/** On the way to this machine itself nobody else listens. */
function isInsecure(url: string): boolean {
  if (!/^(?:git\+)?(?:http|ftp|git):/i.test(url)) return false
  const name = hostOf(url.replace(/^git\+/i, ''))?.replace(/:\d+$/, '')
  return name !== 'localhost' && name !== '[::1]' && !/^127(?:\.\d+){3}$/.test(name ?? '')
}

const about = (
  { name, version, evidence }: Source,
  code: CatalogCode,
  severity: Severity,
  confidence: Confidence,
  message: string,
): Finding =>
  finding({
    code,
    scanner: 'lockfile',
    subject: packageSubject(name, version),
    severity,
    confidence,
    message,
    evidence: [evidence()],
  })
