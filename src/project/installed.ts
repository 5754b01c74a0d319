// What installed or locked packages say beyond their names: which commands they bring, and whom they expect beside them
// (peers). npm and Yarn 2 and later write both into their lockfiles; of the others only what is installed tells the
// commands, and of Yarn 1 nothing the peers.

import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Lockfile, Manifest } from '../types.ts'
import { readText } from './files.ts'

export interface Installed {
  readonly commands: ReadonlySet<string>
  /** False where a lockfile pins packages and neither it nor node_modules tells their commands. */
  readonly commandsKnown: boolean
  /** Names that some package expects beside it. */
  readonly peers: ReadonlySet<string>
  /** False where a lockfile does not say. */
  readonly peersKnown: boolean
}

/**
 * Lists `node_modules/.bin`, and reads lockfiles of which it is not known yet. Never throws: what cannot be read is not
 * known, and nothing is said that rests on it.
 */
export async function readInstalled(
  root: string,
  manifests: readonly Manifest[],
  lockfiles: readonly Lockfile[],
): Promise<Installed> {
  const commands = new Set<string>()
  const peers = new Set<string>()
  const folders = [...new Set(['.', ...manifests.map(({ path }) => dirname(path))])].slice(0, mostFolders)
  const listed = await Promise.all(
    folders.map((folder) => readdir(join(root, folder, 'node_modules', '.bin')).catch(() => [])),
  )
  for (const name of listed.flat()) commands.add(name.replace(/\.(?:cmd|ps1)$/, ''))
  let commandsKnown = lockfiles.length === 0 || listed.some((names) => names.length > 0)
  let peersKnown = true
  for (const { path, format, brings } of lockfiles) {
    for (const name of brings?.commands ?? []) commands.add(name)
    for (const name of brings?.peers ?? []) peers.add(name)
    // Of one that cannot be read nothing is known, and so nothing is called unused.
    const text = brings ? undefined : await readText(root, path).catch(() => undefined)
    const said = brings ? both : text === undefined ? undefined : readers[format]?.(text, commands, peers)
    commandsKnown ||= said?.commands === true
    peersKnown &&= said?.peers === true
  }
  return { commands, commandsKnown, peers, peersKnown }
}

const mostFolders = 500

type Said = { readonly commands: boolean; readonly peers: boolean }
const both: Said = { commands: true, peers: true }
type Reader = (text: string, commands: Set<string>, peers: Set<string>) => Said

const readers: Readonly<Partial<Record<Lockfile['format'], Reader>>> = {
  // `a@1.0.0(react@18.0.0)`, and `peerDependencies:` of the packages section.
  'pnpm-lock': (text, _, peers) => {
    for (const match of text.matchAll(/\(((?:@[\w.-]+\/)?[\w.-]+)@/g)) peers.add(match[1]!)
    indentedPeers(text, peers)
    return { commands: false, peers: true }
  },
  'yarn-berry': (text, commands, peers) => {
    indentedPeers(text, peers)
    for (const [, block = ''] of text.matchAll(/^ {2}bin:\n((?: {4}.*\n)+)/gm))
      for (const [, name = ''] of block.matchAll(/^ {4}"?([\w@/.-]+)"?:/gm)) commands.add(name)
    return { commands: true, peers: true }
  },
  bun: (text, _, peers) => {
    for (const [, block = ''] of text.matchAll(/"peerDependencies":\s*\{([^}]*)\}/g))
      for (const [, name = ''] of block.matchAll(/"([^"]+)":/g)) peers.add(name)
    return { commands: false, peers: true }
  },
}

function indentedPeers(text: string, peers: Set<string>): void {
  for (const [, , block = ''] of text.matchAll(/^( +)peerDependencies:\n((?:\1 +.*\n)+)/gm))
    for (const [, name = ''] of block.matchAll(/^ +["']?((?:@[\w.-]+\/)?[\w.-]+)["']?:/gm)) peers.add(name)
}
