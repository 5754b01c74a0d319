// The files behind an import: read once, and found as Node, bundlers and TypeScript find them.

import { builtinModules } from 'node:module'
import type { PackageFiles } from '../../project/sources/disk.ts'
import { splitSpecifier, typesNameOf } from '../specifiers.ts'
import { lexedFacts } from './commonjs.ts'
import { typeFacts } from './declarations.ts'
import { isPlainCommonJS, openFacts, runtimeFacts } from './esm.ts'
import type { Facts, Modules } from './names.ts'
import { joinPath, type Manifest, manifestIn, resolveFile, resolveTypes, type Targets, targetsOf } from './targets.ts'

export interface World {
  readonly files: PackageFiles
  readonly runtime: Modules
  /** The same at first sight. */
  readonly glance: Modules
  types(specifier: string): Modules
  manifest(folder: string): Manifest | undefined
}

export function createWorld(files: PackageFiles): World {
  const manifests = new Map<string, Manifest | undefined>()
  const manifest = (folder: string): Manifest | undefined => {
    if (!manifests.has(folder)) manifests.set(folder, manifestIn(files, folder))
    return manifests.get(folder)
  }
  const thorough = remembered((file) => {
    const text = files.text(file)
    if (text === undefined) return openFacts('esm', 'its entry is not there, or too large')
    return runtimeFacts(file, text, isModule(files, file, manifest))
  })
  const glance = remembered((file) => {
    const text = files.text(file)
    const isPlain = text !== undefined && isPlainCommonJS(file, text, isModule(files, file, manifest))
    return isPlain ? lexedFacts(text) : thorough(file)
  })
  const resolve: Modules['resolve'] = (specifier, from) => {
    if (isBuiltin(specifier)) return undefined
    if (!specifier.startsWith('.')) return targetsIn(specifier, from)?.runtime
    const file = resolveFile(files, joinPath(parentOf(from), specifier))
    return file === undefined ? undefined : [file]
  }
  return {
    files,
    manifest,
    runtime: { facts: thorough, resolve },
    glance: { facts: glance, resolve },
    types: (specifier) => ({
      facts: remembered((file) => {
        const text = files.text(file)
        if (text === undefined) return openFacts('types', 'its types are not there, or too large')
        return typeFacts(text, specifier, /\.d(?:\.[^./]+)?\.[cm]?ts$/.test(file))
      }),
      resolve: (inner, from) => {
        if (isBuiltin(inner)) return undefined
        if (inner.startsWith('.')) {
          const file = resolveTypes(files, joinPath(parentOf(from), inner))
          return file === undefined || files.kind(file) !== 'file' ? undefined : [file]
        }
        const types = [inner, typesNameOf(inner)].map((one) => targetsIn(one, from)?.types ?? [])
        return types.find((found) => found.length > 0)
      },
    }),
  }

  function targetsIn(specifier: string, from: string): Targets | undefined {
    const { name, subpath } = splitSpecifier(specifier)
    const folder = packageFolder(files, name, parentOf(from))
    const known = folder === undefined ? undefined : manifest(folder)
    if (folder === undefined || known === undefined) return undefined
    const targets = targetsOf(files, folder, known, subpath)
    return 'closed' in targets || targets.typesOpen !== undefined ? undefined : targets
  }
}

function remembered(read: (file: string) => Facts): (file: string) => Facts {
  const known = new Map<string, Facts>()
  return (file) => {
    const facts = known.get(file) ?? read(file)
    known.set(file, facts)
    return facts
  }
}

/** By Node's rules: the ending, else the `type` of the nearest manifest. */
function isModule(files: PackageFiles, file: string, manifest: (folder: string) => Manifest | undefined): boolean {
  if (/\.mjs$|\.mts$/.test(file)) return true
  if (/\.cjs$|\.cts$/.test(file)) return false
  for (let folder = parentOf(file); folder.includes('/'); folder = parentOf(folder)) {
    if (files.kind(`${folder}/package.json`) === 'file') return manifest(folder)?.type === 'module'
    if (folder.endsWith('/node_modules')) return false
  }
  return false
}

/** As Node looks for it, upwards from a folder. */
function packageFolder(files: PackageFiles, name: string, from: string): string | undefined {
  for (let folder = from; folder.includes('/'); folder = parentOf(folder)) {
    if (folder.endsWith('/node_modules')) continue
    const found = `${folder}/node_modules/${name}`
    if (files.kind(found) === 'folder') return files.real(found)
  }
  return undefined
}

const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier)
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))
