// A ScanContext for scanner tests: no network, no terminal, a fixed clock. Hand in what the test is about.

import { defaults } from '../../src/config.ts'
import { openRepository } from '../../src/git/repository.ts'
import { listed } from '../../src/project/sources/list.ts'
import type { Answer, Config, PackageFacts, Project, Registry, ScanContext, Sources } from '../../src/types.ts'

export const now = new Date('2026-06-01T12:00:00Z')

export const context = (
  root: string,
  given: { config?: Partial<Config>; project?: Partial<Project>; sources?: Sources; registry?: Registry } = {},
): ScanContext => ({
  root,
  config: { ...defaults, cache: false, ...given.config },
  project: async () => ({
    manifests: [],
    lockfiles: [],
    unread: [],
    workspaceNames: new Set(),
    ...given.project,
  }),
  repository: () => openRepository(root),
  files: () => listed(() => openRepository(root), root),
  sources: async () => given.sources ?? { files: [], missed: [] },
  registry: async () => given.registry ?? fakeRegistry({}),
  progress: () => {},
  now,
})

export const registryUrl = 'https://registry.example/'

/** Old, used, harmless: override what the test is about. */
export const facts = (name: string, given: Partial<PackageFacts> = {}): Answer => ({
  state: 'exists',
  facts: {
    name,
    registry: registryUrl,
    created: '2015-01-01T00:00:00Z',
    distTags: { latest: '1.0.0' },
    versions: { '1.0.0': { published: '2020-01-01T00:00:00Z', installScript: false, publisher: 'ada' } },
    observedAt: now.toISOString(),
    ...given,
  },
})

/** Answers from a table; names not in it do not exist. */
export const fakeRegistry = (
  packages: Record<string, Answer>,
  given: Partial<
    Pick<Registry, 'downloads' | 'advisories' | 'signatures' | 'tarballManifest' | 'untrustedRegistries'>
  > = {},
): Registry => {
  const answerOf = async (name: string): Promise<Answer> =>
    (Object.hasOwn(packages, name) ? packages[name] : undefined) ?? {
      state: 'not-found',
      registry: registryUrl,
      observedAt: now.toISOString(),
    }
  return {
    package: answerOf,
    exists: async (name) => {
      const answer = await answerOf(name)
      return answer.state === 'exists'
        ? { state: 'exists', registry: registryUrl, observedAt: answer.facts.observedAt }
        : answer
    },
    existsPublicly: async (name) => {
      const answer = await answerOf(name)
      return answer.state === 'exists'
        ? { state: 'exists', registry: registryUrl, observedAt: answer.facts.observedAt }
        : answer
    },
    downloads: async () => ({ state: 'served', value: new Map(), missed: [] }),
    advisories: async (installed) => ({
      state: 'served',
      value: new Map([...installed.keys()].map((name) => [name, []])),
      missed: [],
    }),
    signatures: async () => ({ state: 'served', value: new Map(), missed: [] }),
    tarballManifest: async () => ({ state: 'skipped', reason: 'this registry has no tarballs' }),
    urlFor: () => registryUrl,
    untrustedRegistries: [],
    ...given,
  }
}
