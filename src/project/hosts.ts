// Which host may serve which package, and which scopes are none of the registry's business.

import { scopeOf } from '../names/words.ts'
import type { Answer, Project } from '../types.ts'
import { urlOf } from '../url.ts'

/** The registry's second name, which yarn writes: the same registry by its owners' word, no other host. */
const publicAlias = 'registry.yarnpkg.com'

export interface Hosts {
  /** Hosts (with port) from which a package may come, the responsible registry's first. */
  readonly of: (name: string) => readonly string[]
  /** Scope → the host it comes from, where that is no host that may serve it: its names are asked nowhere. */
  readonly foreignScopes: ReadonlyMap<string, string>
}

/**
 * @param urlFor the registry responsible for a name, or the default one.
 * @param allowed further hosts by the user's own word.
 */
export async function hostsOf(
  project: Pick<Project, 'lockfiles'>,
  urlFor: (name?: string) => string,
  allowed: readonly string[],
): Promise<Hosts> {
  const open = await publicHosts()
  const byRegistry = new Map<string, Serving>()
  const serving = (name: string): Serving => {
    const url = urlFor(name)
    const known = byRegistry.get(url)
    if (known) return known
    // npm writes the public registry's host and puts the configured one in its place at install. For a scope with
    // a registry of its own it is foreign all the same: that is how dependency confusion looks.
    const hosts = [hostOf(url), ...(url === urlFor() ? open : [])].filter((host) => host !== undefined)
    const found = { hosts, withAllowed: [...hosts, ...allowed] }
    byRegistry.set(url, found)
    return found
  }
  return {
    of: (name) => serving(name).withAllowed,
    // An allowed host makes a package no stranger, but its name is still not the registry's to hear.
    foreignScopes: foreignScopes(project, (name) => serving(name).hosts),
  }
}

/** Of one registry. */
interface Serving {
  readonly hosts: readonly string[]
  readonly withAllowed: readonly string[]
}

/** npm's own default stands in npm's code, not in ours. */
async function publicHosts(): Promise<readonly (string | undefined)[]> {
  // Its defaults alone: the rest of it is a network client, 0.1 s to load.
  const { default: defaults } = await import('npm-registry-fetch/lib/default-opts.js')
  return [hostOf(defaults.registry), publicAlias]
}

function foreignScopes(project: Pick<Project, 'lockfiles'>, serving: Hosts['of']): ReadonlyMap<string, string> {
  const scopes = new Map<string, string>()
  for (const { packages } of project.lockfiles)
    for (const { name, kind, resolved } of packages) {
      const scope = scopeOf(name)
      const host = resolved === undefined ? undefined : hostOf(resolved)
      if (kind !== 'registry' || scope === '' || host === undefined) continue
      if (!serving(name).includes(host)) scopes.set(scope, host)
    }
  return scopes
}

/** The answer for a name whose scope the lockfile takes from a host that is none of its registry's; else undefined. */
export function withheld(
  name: string,
  foreignScopes: Hosts['foreignScopes'],
): (Answer & { readonly state: 'not-asked' }) | undefined {
  const scope = scopeOf(name)
  const host = foreignScopes.get(scope)
  if (host === undefined) return undefined
  return {
    state: 'not-asked',
    why: `the lockfile takes ${scope} from ${host}, which no .npmrc of yours names as its registry`,
    next: `set ${scope}:registry in your own .npmrc, or list ${scope}/* under privateNames`,
  }
}

/** `host:port`, or undefined where there is none. */
export function hostOf(url: string): string | undefined {
  const plain = plainHost.exec(url)?.[1]
  if (plain !== undefined) return plain
  return urlOf(url)?.host || undefined
}

/** As nearly all are written, told without a parser; what it would rewrite (ports, numbers, other scripts) it has to tell. */
const plainHost = /^https?:\/\/(?!.{0,250}xn--)([a-z][a-z\d-]*(?:\.[a-z\d-]+)*\.[a-z]{2,20})\//
