// Who stands behind a version, as its manifest in a packument says: who published it, who could, from which
// repository, by which way. All of it is optional, much of it absent at mirrors, and every name a stranger's text.

import type { VersionFacts } from '../types.ts'
import { binsOf, isObject, type Json } from './manifest.ts'

/** What versions of a package usually share. */
export type Profile = Pick<VersionFacts, 'publisher' | 'maintainers' | 'provenance' | 'repository' | 'bins'>

const longestName = 100
const mostNames = 200
const longestText = 500
const none: readonly string[] = []

/** Gives a function that reads one version's profile; equal ones are one object, for a package has few of them. */
export function createProfiles(name: string): (manifest: Json, dist: Json) => Profile {
  const known = new Map<string, Profile>()
  let before: Profile | undefined
  // A cold run reads a hundred thousand versions, and neighbours say the same.
  const repository = remembered(repositoryOf)
  const people = remembered((key: string) => {
    const names = [...new Set(key.split('\0').flatMap((one) => nameOf(one) ?? []))]
    return names.length === 0 ? none : names.sort()
  })
  return (manifest, dist) => {
    const profile: { -readonly [K in keyof Profile]: Profile[K] } = {}
    const user = isObject(manifest._npmUser) ? manifest._npmUser : {}
    const publisher = nameOf(user)
    const maintainers = people(peopleKey(manifest.maintainers))
    const from = repository(repositoryText(manifest.repository))
    const bins = manifest.bin === undefined ? none : boundedNames(binsOf(manifest.bin, name))
    const provenance = provenanceOf(user, dist)
    if (publisher !== undefined) profile.publisher = publisher
    if (maintainers.length > 0) profile.maintainers = maintainers
    if (provenance !== undefined) profile.provenance = provenance
    if (from !== undefined) profile.repository = from
    if (bins.length > 0) profile.bins = bins
    if (before && isSame(before, profile)) return before
    const key = profileKey(profile)
    before = known.get(key) ?? profile
    known.set(key, before)
    return before
  }
}

/** Without reading lists: neighbours whose lists are one and the same are told from each other at no cost. */
export const isSame = (one: Profile, other: Profile): boolean =>
  one.publisher === other.publisher &&
  one.maintainers === other.maintainers &&
  one.provenance === other.provenance &&
  one.repository === other.repository &&
  one.bins === other.bins

/** Texts in a profile are never empty: what is absent is not taken for a person of that name. */
export const profileKey = ({ publisher, maintainers, provenance, repository, bins }: Profile): string =>
  [publisher, maintainers?.join('\0'), '', provenance, repository, bins?.join('\0')].join('\0')

function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>()
  return (text) => {
    if (made.has(text)) return made.get(text) as T
    const one = make(text)
    made.set(text, one)
    return one
  }
}

/** Trusted publishing signs the statement too; of both the stronger counts. */
function provenanceOf(user: Json, dist: Json): Profile['provenance'] {
  if (isObject(user.trustedPublisher)) return 'trusted-publisher'
  return isObject(dist.attestations) && isObject(dist.attestations.provenance) ? 'attested' : undefined
}

/** As npm writes people, `{ name, email }`, or as authors do, `name <email>`. The address is nobody's business. */
function nameOf(person: unknown): string | undefined {
  const text = isObject(person) ? person.name : person
  const name = typeof text === 'string' ? text.replace(/[<(].*$/s, '').trim() : ''
  return isName(name) ? name : undefined
}

/** All that is written of them, as one text. */
function peopleKey(people: unknown): string {
  if (!Array.isArray(people)) return ''
  let key = ''
  for (const person of people.slice(0, mostNames) as unknown[]) {
    const text = isObject(person) ? person.name : person
    if (typeof text === 'string' && text.length <= longestText && !text.includes('\0')) key += `${text}\0`
  }
  return key
}

const boundedNames = (names: readonly string[]): string[] => [...new Set(names.slice(0, mostNames))].filter(isName)

/** No control characters: names are compared, cached and shown. */
const isName = (text: string): boolean => text !== '' && text.length <= longestName && !/\p{Cc}/u.test(text)

const shortcut = /^(?:(github|gitlab|bitbucket):)?([\w.-]+\/[\w.-]+)$/
const url = /^(?:git\+)?(?:https?|git|ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/
const scp = /^(?:git\+)?(?:ssh:\/\/)?[^@/:]+@([^:/]+):(.+)$/
const codeHosts = { github: 'github.com', gitlab: 'gitlab.com', bitbucket: 'bitbucket.org' } as const

/** The ways in which manifests write one repository, as one text; undefined for what names none. */
export function repositoryOf(written: string): string | undefined {
  const text = written.trim()
  const [, named, short] = shortcut.exec(text) ?? []
  if (short !== undefined) return tidy(codeHosts[(named ?? 'github') as keyof typeof codeHosts], short)
  const [, host, path] = url.exec(text) ?? scp.exec(text) ?? []
  return host === undefined || path === undefined ? undefined : tidy(host, path)
}

/** In a manifest it is a text, or an object with one. */
function repositoryText(value: unknown): string {
  const given = isObject(value) ? value.url : value
  return typeof given === 'string' && given.length <= longestText ? given : ''
}

function tidy(host: string, path: string): string | undefined {
  const plain = path.replace(/[?#].*$/s, '').replace(/\/+$/, '')
  const known = host.toLowerCase().replace(/^www\./, '')
  // There a repository is two segments, whatever page of it is named.
  const isFlat = known === 'github.com' || known === 'bitbucket.org'
  const parts = (isFlat ? plain.split('/').slice(0, 2) : plain.split('/')).map((part) => part.replace(/\.git$/, ''))
  const whole = `${known}/${parts.join('/')}`.toLowerCase()
  return parts.length >= 2 && parts.every((part) => part !== '') && /^[\x21-\x7e]+$/.test(whole) ? whole : undefined
}
