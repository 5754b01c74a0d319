// What somebody asks a package manager for: `name`, `name@range`, `name@tag`, an alias, or something that comes from
// no registry. npm's own npm-package-arg decides what it means.

import type { Result } from 'npm-package-arg'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import { npa } from './npa.ts'
import { isPackageName } from './valid.ts'

export interface RegistrySpec {
  readonly kind: 'registry'
  readonly spec: string
  readonly name: string
  /** A semver range, a version or a dist-tag. */
  readonly wanted: string
}

export interface ExoticSpec {
  readonly kind: 'git' | 'tarball' | 'local'
  readonly spec: string
  readonly name: string | undefined
}

/** @throws AuditError USAGE for what names no package at all. */
export function parseSpec(spec: string): RegistrySpec | ExoticSpec {
  const parsed = tryParse(spec)
  // `alias@npm:real@1` fetches `real`.
  const meant = parsed.subSpec ?? parsed
  if (meant.registry) {
    if (!isPackageName(meant.name ?? '')) throw noPackage(spec)
    return { kind: 'registry', spec, name: meant.name!, wanted: meant.fetchSpec ?? '*' }
  }
  const kind = meant.type === 'git' ? 'git' : meant.type === 'remote' ? 'tarball' : 'local'
  return { kind, spec, name: meant.name ?? undefined }
}

function tryParse(spec: string): Result & { readonly subSpec?: Result } {
  if (spec.trim() === '') throw noPackage(spec)
  try {
    return npa()(spec)
  } catch (cause) {
    throw noPackage(spec, cause)
  }
}

const noPackage = (spec: string, cause?: unknown): AuditError =>
  new AuditError('USAGE', `"${clean(spec.slice(0, 100))}" names no package`, {
    hint: 'write name, name@range or @scope/name@tag',
    cause,
  })
