// What a packument says, distilled: a few facts per version instead of megabytes. Everything in it is a claim by
// somebody else, so each fact is checked by itself; one that cannot be true is absent, and the rest stands.

import type { Answer, PackageFacts, RegistrySignature, VersionFacts } from '../types.ts'
import { isObject, type Json } from './manifest.ts'
import { createProfiles } from './people.ts'

/** Why a packument is not believed at all. */
export interface Unusable {
  readonly state: 'unusable'
  readonly why: string
}

type Distilled = Extract<Answer, { observedAt: string }> | Extract<Answer, { state: 'exists' }> | Unusable

const day = 86_400_000
/** The one version of a package, or of a release, that the registry took down and put a placeholder in the place of. */
export const securityVersion = /^\d+\.\d+\.\d+-security(\.\d+)?$/
const versionLike = /^\d+\.\d+\.\d+[\w.+-]*$/
const longestNote = 300
const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** `registry` is the URL that answered, `now` the moment it did. Never throws, whatever JSON came. */
export function distill(name: string, registry: string, packument: unknown, now: Date): Distilled {
  const observedAt = now.toISOString()
  if (!isObject(packument)) return unusable('its answer is no packument')
  if (packument.name !== name) return unusable('it answered with a package of another name')
  const time = isObject(packument.time) ? packument.time : {}
  if (isObject(time.unpublished) && (!isObject(packument.versions) || Object.keys(packument.versions).length === 0)) {
    const at = instant(time.unpublished.time, now)
    return { state: 'unpublished', registry, ...(at !== undefined && { at }), observedAt }
  }
  if (!isObject(packument.versions)) return unusable('its list of versions is no object')
  const versions = versionsOf(name, packument.versions, time, now)
  const keys = Object.keys(versions)
  if (keys.length === 0) {
    if (Object.keys(packument.versions).length > 0) return unusable('it lists no version that can be read')
    // Every version was taken down one by one.
    return { state: 'unpublished', registry, observedAt }
  }
  if (isHeld(keys, packument)) return { state: 'security-held', registry, observedAt }
  const created = createdOf(time, versions, now)
  const withdrawn = withdrawnOf(time, packument.versions, now)
  const facts: PackageFacts = {
    name,
    registry,
    ...(created !== undefined && { created }),
    distTags: tagsOf(packument['dist-tags'], versions),
    versions,
    ...(withdrawn !== undefined && { withdrawn }),
    observedAt,
  }
  return { state: 'exists', facts }
}

const unusable = (why: string): Unusable => ({ state: 'unusable', why })

function versionsOf(name: string, given: Json, time: Json, now: Date): Record<string, VersionFacts> {
  const profileOf = createProfiles(name)
  // No prototype: a version called `__proto__` is only a key, and then not version-like.
  const versions: Record<string, VersionFacts> = Object.create(null)
  for (const [version, manifest] of Object.entries(given))
    if (versionLike.test(version) && isObject(manifest))
      versions[version] = versionFacts(manifest, own(time, version), now, profileOf)
  return versions
}

function versionFacts(
  manifest: Json,
  published: unknown,
  now: Date,
  profileOf: ReturnType<typeof createProfiles>,
): VersionFacts {
  const dist = isObject(manifest.dist) ? manifest.dist : {}
  // By assignment: a cold run does this for a hundred thousand versions.
  const facts: { -readonly [K in keyof VersionFacts]: VersionFacts[K] } = {
    installScript: runsAtInstall(manifest),
    ...profileOf(manifest, dist),
  }
  const at = instant(published, now)
  const deprecated = deprecation(manifest.deprecated)
  if (at !== undefined) facts.published = at
  if (deprecated !== undefined) facts.deprecated = deprecated
  if (isText(dist.integrity)) facts.integrity = dist.integrity
  if (isText(dist.shasum)) facts.shasum = dist.shasum
  if (isText(dist.tarball)) facts.tarball = dist.tarball
  if (dist.signatures !== undefined) facts.signatures = signaturesOf(dist.signatures)
  return facts
}

/** One a key; a version has one, and two while keys are changed. */
const mostSignatures = 4

function signaturesOf(value: unknown): RegistrySignature[] {
  const sound: RegistrySignature[] = []
  if (!Array.isArray(value)) return sound
  for (const one of value.slice(0, mostSignatures) as unknown[]) {
    if (!isObject(one)) continue
    const { keyid, sig } = one
    if (typeof keyid !== 'string' || !/^[!-~]{1,100}$/.test(keyid)) continue
    if (typeof sig === 'string' && /^[A-Za-z\d+/]{40,200}={0,2}$/.test(sig)) sound.push({ keyid, sig })
  }
  return sound
}

/** The registry writes the implicit `node-gyp rebuild` into scripts or says `gypfile`; mirrors may only say the flag. */
function runsAtInstall(manifest: Json): boolean {
  if (manifest.hasInstallScript === true || manifest.gypfile === true) return true
  const scripts = isObject(manifest.scripts) ? manifest.scripts : {}
  return ['preinstall', 'install', 'postinstall'].some((hook) => isText(own(scripts, hook)))
}

function deprecation(value: unknown): string | undefined {
  if (value === true) return 'no reason given'
  return isText(value) ? value.slice(0, longestNote) : undefined
}

/** A placeholder: nothing but `-security` versions, or one that is described as one. */
function isHeld(versions: readonly string[], packument: Json): boolean {
  if (versions.every((version) => securityVersion.test(version))) return true
  const { description } = packument
  return versions.length === 1 && isText(description) && /^security holding package$/i.test(description.trim())
}

/** A package created after its own versions contradicts itself: a mirror's clock, not the package's age. */
function createdOf(time: Json, versions: Readonly<Record<string, VersionFacts>>, now: Date): string | undefined {
  const created = instant(own(time, 'created'), now)
  if (created === undefined) return undefined
  const limit = new Date(Date.parse(created) - day).toISOString()
  for (const version of Object.keys(versions)) {
    const { published } = versions[version]!
    if (published !== undefined && published < limit) return undefined
  }
  return created
}

/** The registry's list of times keeps what was unpublished. */
function withdrawnOf(time: Json, versions: Json, now: Date): Record<string, string> | undefined {
  let withdrawn: Record<string, string> | undefined
  for (const [version, value] of Object.entries(time)) {
    if (Object.hasOwn(versions, version) || !versionLike.test(version)) continue
    const at = instant(value, now)
    if (at === undefined) continue
    withdrawn ??= Object.create(null) as Record<string, string>
    withdrawn[version] = at
  }
  return withdrawn
}

function tagsOf(value: unknown, versions: Readonly<Record<string, VersionFacts>>): Record<string, string> {
  const tags: Record<string, string> = Object.create(null)
  for (const [tag, version] of Object.entries(isObject(value) ? value : {}))
    if (tag !== '__proto__' && typeof version === 'string' && Object.hasOwn(versions, version)) tags[tag] = version
  return tags
}

/** ISO 8601, normalised; undefined for what is no time, or is more than a few minutes (clocks differ) in the future. */
function instant(value: unknown, now: Date): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return undefined
  const at = Date.parse(value)
  if (Number.isNaN(at) || at > now.getTime() + 300_000) return undefined
  return canonical.test(value) ? value : new Date(at).toISOString()
}

const own = (object: Json, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined)

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
