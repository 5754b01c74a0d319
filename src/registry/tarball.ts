// What a version's tarball holds, beside what the registry shows of it. Publishers write both, and nothing makes them
// agree: a manifest in the packument may hide the install script that the tarball brings ("manifest confusion").

import pLimit from 'p-limit'
import { valid } from 'semver'
import { clean } from '../redact.ts'
import type { Missed, Served, TarballFacts } from '../types.ts'
import { urlOf } from '../url.ts'
import { isLoopback } from './address.ts'
import { isObject, type Json, manifestFacts } from './manifest.ts'
import { NoAnswer, whyNoAnswer } from './no-answer.ts'
import type { Routing } from './npmrc.ts'
import type { Refusal } from './privacy.ts'
import type { Requests } from './requests.ts'

export interface TarballOptions {
  readonly routing: Routing
  readonly requests: Requests
  readonly refuse: (name: string) => Refusal | undefined
  readonly offline: boolean
  /** Hosts (with port) besides the registry's own from which a tarball may come. */
  readonly allowedHosts: readonly string[]
  readonly now: () => Date
}

/** A tarball is held in memory, up to 64 MiB of it. */
const atOnce = 2
const reportIt = 'report it to whoever runs the registry'

/** Gives the function that looks into a version's tarball; it never throws. */
export function createTarballs(
  options: TarballOptions,
): (name: string, version: string) => Promise<Served<TarballFacts>> {
  const { routing, refuse, offline } = options
  const limit = pLimit(atOnce)
  return async (name, version) => {
    const { url: registry, refusal = refuse(name) } = routing.route(name)
    const what = `the tarball of ${clean(name)}@${clean(version)}`
    if (refusal) return { state: 'not-served', missed: [{ what, ...refusal }] }
    if (offline) return { state: 'skipped', reason: 'offline' }
    try {
      const { facts, unverified } = await limit(lookInto, name, version, registry, options)
      return { state: 'served', value: facts, missed: unverified ? [{ what, ...unverified }] : [] }
    } catch (error) {
      return { state: 'not-served', missed: [{ what, ...whyNoAnswer(error) }] }
    }
  }
}

interface LookedInto {
  readonly facts: TarballFacts
  readonly unverified?: Pick<Missed, 'why' | 'next'>
}

async function lookInto(
  name: string,
  version: string,
  registry: string,
  { routing, requests, allowedHosts, now }: TarballOptions,
): Promise<LookedInto> {
  const manifest = await shownManifest(name, version, registry, requests)
  const dist = isObject(manifest.dist) ? manifest.dist : {}
  const url = tarballUrl(dist.tarball, { registry, publicRegistry: routing.publicRegistry, allowedHosts })
  const promised = await promisedHash(dist)
  const facts = { registry, shown: manifestFacts(manifest) }
  let bytes = await download(url, requests)
  let received = await differs(bytes, promised)
  // A download can break on the way. Twice the same wrong bytes are no accident.
  if (received) {
    bytes = await download(url, requests)
    received = await differs(bytes, promised)
  }
  const observedAt = now().toISOString()
  if (promised && received) return { facts: { ...facts, observedAt, held: { promised, received } } }
  const { unpackManifest } = await import('./unpack.ts')
  const held = await unpackManifest(bytes)
  const why = 'the registry names no hash for it, so its bytes were not verified'
  return { facts: { ...facts, observedAt, held }, ...(!promised && { unverified: { why, next: reportIt } }) }
}

/** The version's own document is light; registries that do not serve it have it in the packument. */
async function shownManifest(name: string, version: string, registry: string, requests: Requests): Promise<Json> {
  if (valid(version) === null) throw new NoAnswer('it is no exact version', 'name a version that exists')
  const packument = `${registry}${name.replace('/', '%2f')}`
  const one = await requests.json(`${packument}/${encodeURIComponent(version)}`)
  const manifest = one.status === 200 ? one.value : versionIn(await requests.json(packument), version)
  if (isObject(manifest) && manifest.name === name && manifest.version === version) return manifest
  throw new NoAnswer('the registry shows no manifest of that name and version', reportIt)
}

function versionIn({ status, value }: { status: number; value?: unknown }, version: string): unknown {
  if (status !== 200) throw new NoAnswer(`the registry answered ${status}`, 'check the registry URL in your .npmrc')
  const versions = isObject(value) && isObject(value.versions) ? value.versions : {}
  return Object.hasOwn(versions, version) ? versions[version] : undefined
}

/** @throws NoAnswer where a packument would send us to a host that nobody configured. */
function tarballUrl(
  value: unknown,
  from: { readonly registry: string; readonly publicRegistry: string; readonly allowedHosts: readonly string[] },
): string {
  const url = typeof value === 'string' ? urlOf(value) : undefined
  if (url === undefined) throw new NoAnswer('the registry names no tarball', reportIt)
  const registry = new URL(from.registry)
  if (url.username || url.password) throw new NoAnswer('its address holds credentials', reportIt)
  // As npm does: a mirror may repeat the address upstream, and serves it at the same path itself.
  if (url.host === new URL(from.publicRegistry).host && url.host !== registry.host)
    return new URL(url.pathname.slice(1), registry).href
  // The same host by another protocol: a mirror behind a proxy does not know its own.
  if (url.host === registry.host) return new URL(`${url.pathname}${url.search}`, registry).href
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (from.allowedHosts.includes(url.host) && isSafe) return url.href
  throw new NoAnswer(
    `it lies on ${url.host}, which is not the registry: it was not downloaded`,
    `if you trust that host, list it under allowedHosts in audit-deps.json`,
  )
}

/** As Subresource Integrity; what is malformed counts as not named. */
async function promisedHash(dist: Json): Promise<string | undefined> {
  const { default: ssri } = await import('ssri')
  const strong = typeof dist.integrity === 'string' && ssri.parse(dist.integrity, { strict: true })?.toString()
  if (strong) return strong
  const isSha1 = typeof dist.shasum === 'string' && /^[\da-f]{40}$/i.test(dist.shasum)
  return isSha1 ? ssri.fromHex(dist.shasum as string, 'sha1').toString() : undefined
}

/** The hash of other bytes than were promised; undefined where they are the ones, or nothing was promised. */
async function differs(bytes: Buffer, promised: string | undefined): Promise<string | undefined> {
  const { default: ssri } = await import('ssri')
  if (promised === undefined || ssri.checkData(bytes, promised)) return undefined
  const { algorithm } = Object.values(ssri.parse(promised) ?? {}).flat()[0] ?? { algorithm: 'sha512' }
  return ssri.fromData(bytes, { algorithms: [algorithm] }).toString()
}

async function download(url: string, requests: Requests): Promise<Buffer> {
  const { status, value } = await requests.bytes(url)
  if (status !== 200 || value === undefined)
    throw new NoAnswer(`downloading it was answered ${status}`, 'check that this login may download packages')
  // A captive portal is no attack.
  if (/^\s*(?:<|\{|$)/.test(value.subarray(0, 100).toString('latin1')))
    throw new NoAnswer('a web page or message came in its place', 'a proxy may stand in between: open its address')
  return value
}
