// Is a version what the registry signed? It signs name, version and integrity of each one, and publishes its keys
// (the format: docs of npm's "ECDSA registry signatures"). A key counts for what was published before it expired.
// Whoever serves keys and packages together can forge both: this finds what was changed in between, at a mirror or a
// cache, or in the registry's own store. Statements of provenance are told apart in distill.ts, and not verified.

import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { Missed, PackageFacts, RegistrySignature, Served, SignatureState, VersionFacts } from '../types.ts'
import { day, hour } from './cache.ts'
import { isObject } from './manifest.ts'
import { NoAnswer } from './no-answer.ts'
import type { AskedSource } from './source.ts'

export interface SignedPackage {
  readonly facts: PackageFacts
  readonly versions: readonly string[]
}

type States = Served<ReadonlyMap<string, SignatureState>>

/** Keys change seldom, and then at once. */
const keysFreshFor = hour
const verifyAsync = promisify(verify)

/** By `name@version`; versions that the registry does not list are absent. Never throws. */
export async function signatureStates(packages: readonly SignedPackage[], source: AskedSource): Promise<States> {
  const listed = packages.flatMap(({ facts, versions }) =>
    versions.flatMap((version) =>
      Object.hasOwn(facts.versions, version) ? [{ facts, version, one: facts.versions[version]! }] : [],
    ),
  )
  if (listed.length === 0) return { state: 'served', value: new Map(), missed: [] }
  const keys = await keysOf(source)
  if ('state' in keys) return keys
  const known = digestOf(keys.keys)
  const states = new Map<string, SignatureState>()
  const check = async ({ facts, version, one }: (typeof listed)[number]): Promise<void> => {
    const id = `${facts.name}@${version}`
    const fingerprint = `${known} ${fingerprintOf(one)}`
    // What was valid a day ago is not computed again, if it and the keys are the same.
    if (source.cache.get(`s:${id}`, day)?.value === fingerprint) return void states.set(id, { state: 'valid' })
    const state = await stateOf(id, one, keys.keys)
    states.set(id, state)
    if (state.state === 'valid') source.cache.set(`s:${id}`, fingerprint)
  }
  await Promise.all(listed.map(check))
  return { state: 'served', value: states, missed: [] }
}

/** Of several registries, each with keys of its own. */
export function allStates(parts: readonly States[]): States {
  const missed = parts.flatMap((part) => (part.state === 'skipped' ? [] : part.missed))
  const served = parts.filter((part) => part.state === 'served')
  const [first, ...rest] = missed
  if (served.length === 0 && first) return { state: 'not-served', missed: [first, ...rest] }
  const skipped = parts.find((part) => part.state === 'skipped')
  if (served.length === 0 && skipped) return skipped
  return { state: 'served', value: new Map(served.flatMap(({ value }) => [...value])), missed }
}

const fingerprintOf = ({ integrity, signatures, published }: VersionFacts): string =>
  `${integrity} ${published} ${signatures?.map(({ keyid, sig }) => `${keyid}:${sig}`).join(' ')}`

/** A key that is taken back, or expired early, vouches for nothing that it vouched for an hour ago. */
const digestOf = (keys: ReadonlyMap<string, Key>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([...keys].map(([keyid, { key, expires }]) => [keyid, key.export({ format: 'jwk' }), expires])),
    )
    .digest('hex')
    .slice(0, 16)

interface Key {
  readonly key: KeyObject
  /** Milliseconds since 1970; absent: never. */
  readonly expires: number | undefined
}

async function stateOf(
  id: string,
  { integrity, signatures, published }: VersionFacts,
  keys: ReadonlyMap<string, Key>,
): Promise<SignatureState> {
  if (signatures === undefined) return { state: 'missing' }
  if (signatures.length === 0) return { state: 'malformed' }
  if (integrity === undefined) return { state: 'no-integrity' }
  const message = Buffer.from(`${id}:${integrity}`)
  const states = await Promise.all(signatures.map((one) => verdict(message, one, published, keys)))
  // While keys are changed a version has two signatures: one of a key that is not published yet says nothing.
  return states.find(({ state }) => state === 'wrong') ?? states.find(({ state }) => state === 'valid') ?? states[0]!
}

async function verdict(
  message: Buffer,
  { keyid, sig }: RegistrySignature,
  published: string | undefined,
  keys: ReadonlyMap<string, Key>,
): Promise<SignatureState> {
  const known = keys.get(keyid)
  if (!known) return { state: 'unknown-key', keyid }
  const isTrue = await verifyAsync('sha256', message, known.key, Buffer.from(sig, 'base64'))
  if (!isTrue) return { state: 'wrong', keyid }
  // Without a time of publishing nobody can tell: npm, too, then holds it to be old enough.
  const isLate = known.expires !== undefined && published !== undefined && Date.parse(published) >= known.expires
  return isLate ? { state: 'expired-key', keyid } : { state: 'valid' }
}

/** The registry's keys, or that it has none, fresh for an hour. */
async function keysOf(source: AskedSource): Promise<{ readonly keys: ReadonlyMap<string, Key> } | States> {
  const { url, requests, cache, offline } = source
  const cached = cache.get('k:', keysFreshFor)?.value
  if (cached === notThere) return notServed(url, noKeys(notThere))
  const remembered = readKeys(cached)
  if (remembered.size > 0) return { keys: remembered }
  if (offline) return { state: 'skipped', reason: 'offline' }
  try {
    const { status, value } = await requests.json(`${url}-/npm/v1/keys`)
    if (status === notThere) cache.set('k:', notThere)
    if (status !== 200) return notServed(url, noKeys(status))
    const keys = readKeys(value)
    if (keys.size === 0) return notServed(url, 'it names no signing key that we can use')
    cache.set('k:', value)
    return { keys }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { state: 'not-served', missed: [{ what, why: error.message, next: error.next }] }
  }
}

/** Most mirrors have no such place, and say so. */
const notThere = 404
const noKeys = (status: number): string => `it serves no signing keys (${status})`
const what = 'signatures of the registry'
const notServed = (url: string, why: string): States & { readonly missed: readonly [Missed, ...Missed[]] } => ({
  state: 'not-served',
  missed: [{ what, why: `${new URL(url).host}: ${why}`, next: 'nothing: what it serves is then trusted as it is' }],
})

const mostKeys = 50

/** ECDSA on P-256, the one scheme that registries use; what is anything else is no key. */
function readKeys(value: unknown): ReadonlyMap<string, Key> {
  const list: unknown = isObject(value) ? value.keys : undefined
  const keys = new Map<string, Key>()
  for (const one of Array.isArray(list) ? list.slice(0, mostKeys) : []) {
    const { keyid, key, keytype, expires } = isObject(one) ? one : {}
    const object = typeof key === 'string' && keytype === 'ecdsa-sha2-nistp256' ? publicKey(key) : undefined
    if (typeof keyid !== 'string' || !object) continue
    const end = typeof expires === 'string' ? Date.parse(expires) : Number.NaN
    // An expiry that is no time leaves a key whose validity nobody knows.
    if (typeof expires === 'string' && Number.isNaN(end)) continue
    keys.set(keyid, { key: object, expires: Number.isNaN(end) ? undefined : end })
  }
  return keys
}

function publicKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}
