// The one registry client of a run: memory → disk cache → network, one request in flight per name. Each name goes to
// the registry that is responsible for it and nowhere else; private names go nowhere.

import { cacheFolder } from '../cache-folder.ts'
import { besides } from '../coverage.ts'
import type { Answer, Config, Existence, Missed, Registry, Served } from '../types.ts'
import { knownAdvisories } from './advisories.ts'
import { createAsk, createBelief } from './ask.ts'
import { type Cache, noCache, openCache } from './cache.ts'
import { downloadsUrl, weeklyDownloads } from './downloads.ts'
import { createExists, existenceOf } from './exists.ts'
import { allAdvisories, type Found, type Installed } from './known-advisories.ts'
import { loadRouting, type Routing, type Settings } from './npmrc.ts'
import { privacy, type Refusal } from './privacy.ts'
import { createRequests, defaultTiming, type Timing } from './requests.ts'
import { allStates, type SignedPackage, signatureStates } from './signatures.ts'
import { createTarballs } from './tarball.ts'
import type { Transport } from './transport.ts'

export interface RegistryOptions {
  /** The audited folder: its `.npmrc` may map scopes to registries that the user already knows. */
  readonly root: string
  readonly config: Pick<
    Config,
    'offline' | 'cache' | 'registry' | 'trustProjectNpmrc' | 'privateNames' | 'allowedHosts' | 'osv' | 'advisories'
  >
  readonly workspaceNames?: ReadonlySet<string> | undefined
  readonly environment?: NodeJS.ProcessEnv
  readonly home?: string
  readonly now?: () => Date
  readonly timing?: Partial<Timing>
  /** Instead of npm's own default, for tests: a loopback registry that is held to be the one everybody shares. */
  readonly publicRegistry?: string
}

/** Set by a user whose mirror serves download counts too; ends with a slash. No scanned project can set it. */
const downloadsVariable = 'AUDIT_DEPS_DOWNLOADS_URL'
/** Set by a user who runs a mirror of OSV; ends with a slash. */
const osvVariable = 'AUDIT_DEPS_OSV_URL'

/**
 * Reads `.npmrc` and opens the cache; the network is touched by the first question only, and never when offline.
 * @throws AuditError CONFIG_INVALID for a registry that is no http(s) URL or an unreadable `.npmrc`.
 */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const { config, environment = process.env, now = () => new Date() } = options
  const routing = await loadRouting({ ...options, environment })
  const requests = createRequests(transportOf(routing.settings), { ...defaultTiming, ...options.timing })
  const caches = openCaches(routing, config.cache ? cacheFolder(environment, options.home) : undefined, now)
  const refuse = privacy({ ...options, privateNames: config.privateNames })
  const believe = createBelief(routing.publicRegistry, requests)
  const asking = { routing, requests, cacheOf: caches.of, refuse, offline: config.offline, now, believe }
  const ask = createAsk(asking)
  const askExistence = createExists(asking)
  const askPublicly = createExists({
    ...asking,
    routing: { ...routing, route: () => ({ url: routing.publicRegistry }) },
    refuse: privacy({ privateNames: [] }),
  })
  const answers = new Map<string, Promise<Answer>>()
  const existences = new Map<string, Promise<Existence>>()

  /** What may be told to a registry: the names that are its own and nobody's secret; and why the others may not. */
  const namesOf = (registry: string, names: Iterable<string>, whyNot = isAnothers) => {
    const own: string[] = []
    const missed: Missed[] = []
    for (const name of new Set(names)) {
      const { url, refusal = refuse(name) ?? (url === registry ? undefined : whyNot(url)) } = routing.route(name)
      if (refusal === undefined) own.push(name)
      else missed.push({ what: name, ...refusal })
    }
    return { own, missed }
  }
  const source = (registry: string, url: string) => ({
    url,
    requests,
    cache: caches.of(registry),
    offline: config.offline,
  })
  const only = (names: readonly string[], installed: Installed): Installed =>
    new Map(names.map((name) => [name, installed.get(name)!]))
  const ofRegistry = async (installed: Installed): Promise<Found> => {
    const { url, refusal } = routing.route()
    if (refusal) return { state: 'not-served', missed: [{ what: 'advisories', ...refusal }] }
    const { own, missed } = namesOf(url, installed.keys())
    const known = await knownAdvisories(only(own, installed), source(url, url))
    // Offline it knows what it was told within the hour, and the export was named to answer for the rest.
    const isStoodIn = config.offline && config.advisories !== undefined && known.state === 'served'
    return isStoodIn ? { ...known, missed: [] } : besides(missed, known)
  }
  /** A mirror of the user's own may be told what the default registry is told; OSV only what everybody knows. */
  const ofOsv = async (installed: Installed): Promise<Found> => {
    const { osvAdvisories, osvUrl } = await import('./osv-service.ts')
    const configured = environment[osvVariable]
    const { own, missed } = namesOf(
      configured ? routing.route().url : routing.publicRegistry,
      installed.keys(),
      notOsvs,
    )
    const url = configured || osvUrl
    return besides(missed, await osvAdvisories(only(own, installed), source(url, url)))
  }
  const ofExport = async (installed: Installed, path: string): Promise<Found> => {
    const { exportedAdvisories } = await import('./osv-export.ts')
    return exportedAdvisories(installed, path)
  }
  const answerOf = (name: string): Promise<Answer> => {
    const known = answers.get(name) ?? caches.saveAfter(ask(name))
    answers.set(name, known)
    return known
  }
  return {
    package: answerOf,
    exists: (name) => {
      const known = existences.get(name) ?? answers.get(name)?.then(existenceOf) ?? caches.saveAfter(askExistence(name))
      existences.set(name, known)
      return known
    },
    existsPublicly: (name) => caches.saveAfter(askPublicly(name)),
    downloads: async (names) => {
      const configured = environment[downloadsVariable]
      const registry = configured ? routing.route().url : routing.publicRegistry
      const { own, missed } = namesOf(registry, names)
      if (own.length === 0 && names.length > 0) return noDownloads
      const api = configured || downloadsUrl(routing.publicRegistry)
      return besides(missed, await caches.saveAfter(weeklyDownloads(own, source(registry, api))))
    },
    advisories: async (installed) => {
      const parts = [ofRegistry(installed), ...(config.osv ? [ofOsv(installed)] : [])]
      if (config.advisories !== undefined) parts.push(ofExport(installed, config.advisories))
      return allAdvisories(installed, await caches.saveAfter(Promise.all(parts)))
    },
    signatures: async (wanted) => {
      const served = new Map<string, SignedPackage[]>()
      for (const [name, versions] of wanted) {
        const answer = await answerOf(name)
        if (answer.state !== 'exists') continue
        const { facts } = answer
        const known = served.get(facts.registry)
        if (known) known.push({ facts, versions })
        else served.set(facts.registry, [{ facts, versions }])
      }
      const check = ([url, packages]: readonly [string, readonly SignedPackage[]]) =>
        signatureStates(packages, source(url, url))
      return allStates(await caches.saveAfter(Promise.all([...served].map(check))))
    },
    tarballManifest: createTarballs({ ...config, routing, requests, refuse, now }),
    urlFor: (name) => routing.route(name).url,
    untrustedRegistries: routing.untrustedRegistries,
  }
}

/** With Node's clients and their TLS; a run that the cache answers needs neither. */
function transportOf(settings: Settings): Transport {
  let opened: Promise<Transport> | undefined
  return async (url, options) => {
    opened ??= import('./transport.ts').then(({ createTransport }) => createTransport(settings))
    return (await opened)(url, options)
  }
}

const isAnothers = (url: string): Refusal => ({
  why: `it belongs to ${new URL(url).host}, and only the default registry is asked for this`,
  next: 'look it up there',
})

const notOsvs = (url: string): Refusal => ({
  why: `it belongs to ${new URL(url).host}, and OSV is told public names only`,
  next: `look it up there; or name a mirror of OSV of your own in ${osvVariable}`,
})

const noDownloads = {
  state: 'not-served',
  missed: [
    {
      what: 'downloads',
      why: 'the registry responsible for these packages publishes no download counts',
      next: `if a mirror of the downloads API exists, name it in ${downloadsVariable}`,
    },
  ],
} as const satisfies Served<never>

/** One cache per registry, opened when first used, written when the last question of a batch is answered. */
function openCaches(routing: Routing, folder: string | undefined, now: () => Date) {
  const caches = new Map<string, Cache>()
  let running = 0
  const of = (registry: string): Cache => {
    const known = caches.get(registry)
    if (known) return known
    const cache = folder ? openCache({ folder, registry, identity: routing.identity(registry), now }) : noCache
    caches.set(registry, cache)
    return cache
  }
  const saveAfter = async <T>(work: Promise<T>): Promise<T> => {
    running++
    try {
      return await work
    } finally {
      running--
      if (running === 0) for (const cache of caches.values()) cache.flush()
    }
  }
  return { of, saveAfter }
}
