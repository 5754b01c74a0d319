// Where a package manager works when it is called in some folder: the folder of the nearest manifest, or of the
// workspace that it belongs to; and what is to be found there.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { matchesPatterns } from '../project/glob.ts'
import { isObject } from '../project/json.ts'
import type { Surroundings } from './adapters/adapter.ts'

/** The folder that holds the lockfile, whether it is there yet or not. */
export function projectRoot(cwd: string, program: string): string {
  const nearest = above(cwd).find((folder) => existsSync(join(folder, 'package.json'))) ?? cwd
  const workspace = above(dirname(nearest)).find((folder) =>
    program === 'pnpm' ? existsSync(join(folder, 'pnpm-workspace.yaml')) : takesIn(folder, nearest),
  )
  return workspace ?? nearest
}

/** @returns what the plan of a command may depend on */
export function surroundings(cwd: string, environment: NodeJS.ProcessEnv): Surroundings {
  const folders = above(cwd)
  const manifest = folders.map((folder) => manifestIn(folder)).find((found) => found !== undefined)
  const scripts = isObject(manifest?.scripts) ? Object.keys(manifest.scripts) : []
  return {
    scripts: new Set(scripts),
    hasBin: (name) => folders.some((folder) => existsSync(join(folder, 'node_modules', '.bin', name))),
    environment,
  }
}

/** The folder itself and all those above it. */
export function above(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...above(parent)]
}

function takesIn(folder: string, member: string): boolean {
  const { workspaces } = manifestIn(folder) ?? {}
  const given = isObject(workspaces) ? workspaces.packages : workspaces
  const patterns = Array.isArray(given) ? given.filter((pattern) => typeof pattern === 'string') : []
  return patterns.length > 0 && matchesPatterns(patterns, relative(folder, member).replaceAll('\\', '/'))
}

/** The manifest as an object; undefined where there is none, or it is broken: then the manager complains. */
export function manifestIn(folder: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse((textOf(join(folder, 'package.json')) ?? '').replace(/^\ufeff/, ''))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function textOf(file: string): string | undefined {
  try {
    // A pipe or a device may never end.
    return statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined
  } catch {
    return undefined
  }
}
