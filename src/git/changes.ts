// What commits did to the wanted objects: which they brought or took away, and at which path. Read from the output of
// `git diff-tree`, where nearly every line is about something else: bytes are compared before anything becomes a string.

/** From where a commit is reached, the easiest way first: that one counts. */
export const reaches = ['history', 'merge', 'stash', 'note', 'reflog', 'unreachable'] as const
export type Reach = (typeof reaches)[number]

export interface Commit {
  readonly oid: string
  /** Of the committer, in seconds since 1970. */
  readonly time: number
  readonly isMerge: boolean
  /** Its first one; absent for a root. */
  readonly parent?: string
  reach: Reach
}

export interface Change {
  readonly commit: Commit
  /** From the top of the work tree, latin1. */
  readonly path: string
  /** It took the object away from there; else it brought it. */
  readonly took: boolean
}

/** Everything that is known of the wanted objects' commits. */
export class Changes {
  readonly commits = new Map<string, Commit>()
  readonly of = new Map<string, Change[]>()

  /** The commit as it is known here, reached as easily as anybody said. */
  commit(given: Commit): Commit {
    const known = this.commits.get(given.oid)
    if (known === undefined) {
      this.commits.set(given.oid, given)
      return given
    }
    if (reaches.indexOf(given.reach) < reaches.indexOf(known.reach)) known.reach = given.reach
    return known
  }

  /** As if these commits had never been. */
  forget(oids: ReadonlySet<string>): void {
    for (const oid of oids) this.commits.delete(oid)
    for (const [oid, some] of this.of)
      this.of.set(
        oid,
        some.filter(({ commit }) => !oids.has(commit.oid)),
      )
  }

  add(oid: string, change: Change): void {
    const known = this.of.get(oid)
    if (known === undefined) this.of.set(oid, [change])
    // Told by an earlier walk already.
    else if (
      !known.some(({ commit, path, took }) => commit === change.commit && path === change.path && took === change.took)
    )
      known.push(change)
  }
}

/** Ids in full, many to be looked up in bytes. */
export interface Wanted {
  has(oid: string): boolean
  /** Whether the id that stands there in hex is wanted. */
  at(bytes: Buffer, start: number): string | undefined
}

/** @param digits of an id: 40 or 64 */
export function wantedOf(oids: ReadonlySet<string> | ReadonlyMap<string, unknown>, digits: number): Wanted {
  const bits = new Uint8Array(1 << 17)
  for (const oid of oids.keys()) {
    const key = Number.parseInt(oid.slice(0, 5), 16)
    bits[key >> 3]! |= 1 << (key & 7)
  }
  return {
    has: (oid) => oids.has(oid),
    at(bytes, start) {
      let key = 0
      for (let i = start; i < start + 5; i++) {
        const code = bytes[i]!
        key = key * 16 + (code < 58 ? code - 48 : code - 87)
      }
      if (((bits[key >> 3]! >> (key & 7)) & 1) === 0) return undefined
      const oid = bytes.toString('latin1', start, start + digits)
      return oids.has(oid) ? oid : undefined
    },
  }
}

/** What diff-tree is told to print before a commit's changes. */
export const header = '%H %ct %P'

export interface ReadInto {
  readonly wanted: Wanted
  readonly digits: number
  readonly reach: Reach
  readonly changes: Changes
  /** Told of each commit with more than one parent. */
  readonly merge?: (oid: string) => void
  /** Told of each commit. */
  readonly met?: (oid: string) => void
}

/** Reads `git diff-tree --stdin -r --root --raw -z --always --format=<header>`, with or without `-c`. */
export async function readChanges(stream: AsyncIterable<Buffer>, options: ReadInto): Promise<void> {
  const reader = new ChangeReader(options)
  let rest: Buffer | undefined
  for await (const chunk of stream) {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, from)) {
      reader.field(bytes, from, end)
      from = end + 1
    }
    rest = from === bytes.length ? undefined : bytes.subarray(from)
  }
  if (rest !== undefined) reader.field(rest, 0, rest.length)
}

const lineBreak = 10
const colon = 58
/** Of a mode, with its space. */
const modeBytes = 7

class ChangeReader {
  private readonly options: ReadInto
  /** The line of the commit that is being told. */
  private header: Buffer = Buffer.alloc(0)
  private commit: Commit | undefined
  /** What the next field is the path of. */
  private brought: string | undefined
  private took: string | undefined
  private isPath = false

  constructor(options: ReadInto) {
    this.options = options
  }

  field(bytes: Buffer, start: number, end: number): void {
    // A line break parts a commit from its changes.
    const from = bytes[start] === lineBreak ? start + 1 : start
    if (this.isPath) this.path(bytes, start, end)
    else if (bytes[from] === colon) this.change(bytes, from)
    else if (end > from) this.begin(bytes.subarray(from, end))
  }

  private begin(line: Buffer): void {
    const { wanted, digits, merge, met } = this.options
    this.header = line
    this.commit = undefined
    met?.(line.toString('latin1', 0, digits))
    // Two ids, a time and what parts them: whatever is longer has two parents.
    if (merge !== undefined && line.length > 3 * digits) merge(line.toString('latin1', 0, digits))
    if (wanted.at(line, 0) !== undefined) this.current()
  }

  /** `:100644 100644 <old> <new> M`, or with one more colon, mode, id and letter for each further parent. */
  private change(bytes: Buffer, start: number): void {
    const { wanted, digits } = this.options
    let parents = 1
    while (bytes[start + parents] === colon) parents++
    const olds = start + parents + (parents + 1) * modeBytes
    this.brought = wanted.at(bytes, olds + parents * (digits + 1))
    // What a merge left out stood in its other parent, too, or was taken away before it.
    this.took = parents === 1 ? wanted.at(bytes, olds) : undefined
    this.isPath = true
  }

  private path(bytes: Buffer, start: number, end: number): void {
    this.isPath = false
    if (this.brought === undefined && this.took === undefined) return
    const path = bytes.toString('latin1', start, end)
    const commit = this.current()
    if (this.brought !== undefined) this.options.changes.add(this.brought, { commit, path, took: false })
    if (this.took !== undefined) this.options.changes.add(this.took, { commit, path, took: true })
  }

  private current(): Commit {
    if (this.commit !== undefined) return this.commit
    const { reach, changes } = this.options
    const [oid = '', time, parent, second] = this.header.toString('latin1').split(' ')
    const isMerge = second !== undefined
    this.commit = changes.commit({
      oid,
      time: Number(time),
      isMerge,
      ...(parent && { parent }),
      reach: isMerge && reach === 'history' ? 'merge' : reach,
    })
    return this.commit
  }
}
