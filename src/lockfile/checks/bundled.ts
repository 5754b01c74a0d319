// Packages that lie in another package's tarball. The tarball's hash binds them, to whatever its publisher packed: no
// registry serves them, and their name and version are only that publisher's word. Worth knowing, no fault by itself.

import { finding, packageSubject } from '../../finding.ts'
import { listed } from '../../listed.ts'
import type { LockedPackage, Lockfile } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { fileInput, locked, lockfileOf } from '../file-example.ts'
import { lockedAt } from '../source.ts'

const carrier = locked({ name: 'carrier' })
const inner = (name: string, key = `node_modules/carrier/node_modules/${name}`): LockedPackage =>
  locked({ name, key, bundled: true, resolved: undefined, integrity: undefined, direct: false })

export const bundled: Check<FileInput> = {
  codes: ['lockfile/bundled'],
  run({ lockfile }) {
    if (!lockfile) return []
    const inner = lockfile.packages.filter((entry) => entry.bundled)
    const inside = new Set(inner.map((entry) => entry.key))
    const byCarrier = new Map<string, LockedPackage[]>()
    for (const entry of inner) {
      const key = carrierOf(entry.key, inside, lockfile)
      const known = byCarrier.get(key)
      if (known) known.push(entry)
      else byCarrier.set(key, [entry])
    }
    const entries = new Map(lockfile.packages.map((entry) => [entry.key, entry]))
    return [...byCarrier].map(([key, held]) => report(lockfile, entries.get(key) ?? held[0]!, held))
  },
  matches: [
    fileInput({ lockfile: lockfileOf(carrier, inner('a')) }),
    fileInput({
      lockfile: lockfileOf(carrier, inner('a'), inner('b', 'node_modules/carrier/node_modules/a/node_modules/b')),
    }),
    fileInput({
      lockfile: { ...lockfileOf(locked({ name: 'carrier', key: 'carrier' }), inner('a', 'carrier/a')), format: 'bun' },
    }),
  ],
  ignores: [fileInput({ lockfile: lockfileOf(carrier, locked({ name: 'a' })) }), fileInput()],
}

/** The outermost package that is bundled by nobody (is none of those `inside`): what lies below it came in its tarball. */
function carrierOf(key: string, inside: ReadonlySet<string>, { format }: Lockfile): string {
  let at = key
  while (inside.has(at)) {
    const end = format === 'bun' ? at.replace(/\/(?:@[^/]+\/)?[^/]+$/, '').length : at.lastIndexOf('/node_modules/')
    if (end <= 0 || end === at.length) break
    at = at.slice(0, end)
  }
  return at
}

function report(lockfile: Lockfile, entry: LockedPackage, held: readonly LockedPackage[]) {
  const { name, version } = entry
  const names = held.map((one) => `${one.name}@${one.version ?? '?'}`)
  return finding(
    {
      code: 'lockfile/bundled',
      scanner: 'lockfile',
      subject: packageSubject(name, version),
      severity: 'info',
      confidence: 'high',
      message: `brings ${names.length === 1 ? 'a package' : `${names.length} packages`} in its own tarball: ${listed(names)}`,
      evidence: [lockedAt(lockfile, held[0]!)],
    },
    version,
  )
}
