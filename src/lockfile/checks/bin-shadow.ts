// Commands of common names. Dependencies' commands stand before everything else on the path of scripts, so whoever
// brings a `git` is called for git.

import { listed } from '../../listed.ts'
import type { VersionFacts } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { freshness, previousOf } from '../history.ts'
import { daysAgo, packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

/** What scripts, CI files and people call without a second thought: shells, POSIX tools, version control, runtimes. */
const commonCommands: ReadonlySet<string> = new Set(
  `awk base64 bash bun bunx bzip2 cat cd chmod chown cmd cmp corepack cp curl cut date dd deno df diff dig dirname docker
  dscl echo env eval exec expr false find gcc gh git go gpg grep gunzip gzip head hostname id java kill kubectl less ln ls
  make md5sum mkdir mktemp more mv nc netstat node nohup npm npx openssl passwd perl php ping pip pip3 pnpm pnpx
  powershell printenv printf ps pwd pwsh python python3 rm rmdir rsync ruby scp sed sh sha256sum sleep sort source ssh
  ssh-add ssh-keygen su sudo systemctl tail tar tee test touch tr true uname unzip wc wget which whoami xargs yarn yarnpkg
  zip zsh`.split(/\s+/),
)

const bringing = (...bins: string[]): VersionFacts => ({ bins })

export const binShadow: Check<PackageInput> = {
  codes: ['package/bin-shadow'],
  run(input) {
    const shadowed = (versionFacts(input)?.bins ?? []).filter((bin) => commonCommands.has(bin) && !isOwn(bin, input))
    if (shadowed.length === 0) return []
    return [
      packageFinding(input, {
        code: 'package/bin-shadow',
        severity: 'medium',
        confidence: 'high',
        message: `its command${shadowed.length === 1 ? '' : 's'} ${listed(shadowed)} would be run instead of the usual`,
        observed: `bin: ${listed(shadowed)}`,
        detail: [...shadowed].sort().join(' '),
      }),
    ]
  },
  matches: [
    packageExample({ facts: { version: bringing('git') } }),
    packageExample({ facts: { version: bringing('example', 'npm', 'sudo') } }),
    // Of a popular package only what it did not bring before.
    packageExample({
      popular: true,
      facts: { previous: bringing('tool'), version: { ...bringing('tool', 'node'), published: daysAgo(1) } },
    }),
  ],
  ignores: [
    packageExample({ facts: { version: bringing('example', 'my-git') } }),
    packageExample({ name: 'npm', facts: { version: bringing('npm') } }),
    packageExample({ name: '@example/which', popular: true, facts: { version: bringing('which') } }),
    packageExample({ popular: true, facts: { version: bringing('node') } }),
    packageExample({
      popular: true,
      facts: { previous: bringing('node'), version: { ...bringing('node'), published: daysAgo(1) } },
    }),
    packageExample({ facts: undefined }),
    packageExample(),
  ],
}

/** It is called so itself, as `which` and `npm` are; or everybody has had it from there for long. */
function isOwn(bin: string, input: PackageInput): boolean {
  if (input.name === bin) return true
  if (input.popular !== true) return false
  const previous = freshness(input) === undefined ? undefined : previousOf(input)
  return previous === undefined || previous.facts.bins?.includes(bin) === true
}
