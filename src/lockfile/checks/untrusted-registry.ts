// A registry that only the project's own .npmrc names. We do not contact it; npm would, with the next install.

import { finding } from '../../finding.ts'
import type { UntrustedRegistry } from '../../types.ts'
import type { Check, ProjectInput } from '../check.ts'
import { fileAt, shown } from '../source.ts'

const naming = (setting: string, value = 'https://npm.stranger.example/'): ProjectInput => ({
  untrustedRegistries: [{ host: 'npm.stranger.example', setting, value, path: '.npmrc', line: 3 }],
})

export const untrustedRegistry: Check<ProjectInput> = {
  codes: ['lockfile/untrusted-registry'],
  run: ({ untrustedRegistries }) => untrustedRegistries.map(judge),
  matches: [
    naming('registry'),
    naming('@acme:registry'),
    naming('registry', `https://user:${'swordfish'}@npm.stranger.example/`),
    naming('registry', `https://npm.stranger.example/?token=${'0'.repeat(20)}`),
  ],
  ignores: [{ untrustedRegistries: [] }],
}

function judge({ host, setting, value, path, line }: UntrustedRegistry) {
  // Companies do give a scope a registry of its own, and forget that each user must know it; for everything, hardly.
  const isScope = setting !== 'registry'
  const what = isScope ? `packages of ${setting.slice(0, setting.indexOf(':'))}` : 'every package'
  return finding(
    {
      code: 'lockfile/untrusted-registry',
      scanner: 'lockfile',
      subject: { kind: 'project', path },
      severity: 'medium',
      confidence: isScope ? 'medium' : 'high',
      message: shown(`${path} sends npm to ${host} for ${what}, which no .npmrc of yours names; it was not contacted`),
      evidence: [fileAt(path, line, `${setting}=${value}`)],
    },
    `${setting} ${host}`,
  )
}
