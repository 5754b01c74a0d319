// Scopes that the lockfile takes from elsewhere. Their names are somebody's private matter: asking the registry we
// know would tell it about them, and its "not found" would mean nothing.

import type { Project, Registry } from '../types.ts'

/** scope → host, for scopes of which some locked package comes from a host that no registry setting answers for. */
export async function foreignScopes(project: Project, registry: Registry): Promise<ReadonlyMap<string, string>> {
  const publicHost = await defaultHost()
  const scopes = new Map<string, string>()
  for (const { packages } of project.lockfiles)
    for (const { name, kind, resolved } of packages) {
      const scope = /^@[^/]+(?=\/)/.exec(name)?.[0]
      const host = hostOf(resolved)
      if (kind !== 'registry' || scope === undefined || host === undefined) continue
      // npm replaces the public registry's host by the configured one, so that host names no other registry.
      if (host !== hostOf(registry.urlFor(name)) && host !== publicHost) scopes.set(scope, host)
    }
  return scopes
}

/** The registry that npm falls back to. Its address stands in npm's own code, not in ours. */
async function defaultHost(): Promise<string | undefined> {
  const { default: fetch } = await import('npm-registry-fetch')
  return hostOf(fetch.pickRegistry('name', {}))
}

function hostOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  return new URL(url).host || undefined
}
