// What of a manifest decides about an install, read the same way from a packument and from a package.json. Both are
// claims of whoever published them: what has not the shape that npm reads is left out.

import type { ManifestFacts } from '../types.ts'

export type Json = Readonly<Record<string, unknown>>

const hooks = ['preinstall', 'install', 'postinstall'] as const
/** What npm runs for a package with a binding.gyp and no install script of its own. */
const implicitBuild = 'node-gyp rebuild'

/** @param builds the package holds a binding.gyp; a packument says `gypfile` itself. */
export function manifestFacts(manifest: Json, builds = manifest.gypfile === true): ManifestFacts {
  const name = text(manifest.name)
  return {
    name,
    version: text(manifest.version),
    installScripts: installScripts(manifest, builds),
    // The registry writes optional ones among the others; in a package.json they may stand in either place.
    dependencies: new Map([...textsOf(manifest.dependencies), ...textsOf(manifest.optionalDependencies)]),
    bins: binsOf(manifest.bin, name),
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function installScripts(manifest: Json, builds: boolean): Record<string, string> {
  const scripts = new Map(textsOf(manifest.scripts))
  const found: Record<string, string> = {}
  for (const hook of hooks) {
    // npm's publisher takes the folder away, for it is on the path anyway.
    const script = scripts.get(hook)?.replace(/^(?:\.[/\\])?node_modules[/\\]\.bin[/\\]/, '')
    if (script?.trim()) found[hook] = script.trim()
  }
  const isImplicit = builds && manifest.gypfile !== false && !found.install && !found.preinstall
  return isImplicit ? { ...found, install: implicitBuild } : found
}

/** A string is a command of the package's own name; a path in a key is only ever its last part. */
export function binsOf(bin: unknown, name: string): string[] {
  const names = typeof bin === 'string' ? [name] : textsOf(bin).map(([key]) => key)
  return names.map((key) => key.replace(/^.*[/\\]/, '')).filter((key) => key !== '')
}

const textsOf = (value: unknown): [string, string][] =>
  isObject(value) ? Object.entries(value).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])) : []

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
