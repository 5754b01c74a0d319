// Every object of one delta tree, base before child, with what the child copied from its base. Depth first, and a
// base is let go before its last child is visited, so that even a chain of thousands holds two objects.

import { readSync } from 'node:fs'
import { AuditError } from '../../errors.ts'
import { applyDelta, type Copy, deltaSizes } from './delta.ts'
import type { Forest } from './forest.ts'
import { createInflater } from './inflate.ts'

/** What a walk needs of a forest; plain arrays, so that threads can share them. */
export type Trees = Pick<Forest, 'base' | 'firstChild' | 'nextSibling' | 'dataAt' | 'inflated' | 'end'> & {
  readonly offsets: Float64Array
}

export interface Visitor<State> {
  /**
   * One object. `state` is what the visit of its base gave, absent for the object a walk begins with; `copies` then is
   * what it took from there. The bytes are valid until the visit returns.
   */
  visit(
    entry: number,
    data: Buffer,
    from: { readonly state: State; readonly copies: readonly Copy[] } | undefined,
  ): State
  /** About how many bytes a state takes while it is held for an object's children. */
  weigh(state: State): number
  /** An object that could not be read here, and with it all of its children. */
  unread(entry: number): void
}

/** Above this an object is not held: it and its children go to the streaming path, which says so. */
const largestBytes = 64 * 1024 * 1024
/** What the bases on the way down to an object may take together; large objects on a forked chain would take it all. */
const largestHeld = 256 * 1024 * 1024

interface Held<State> {
  readonly data: Buffer
  readonly state: State
  readonly bytes: number
  next: number
}

/**
 * Visits `root` and, of the entries below it, those that `skips` does not refuse (whoever walks elsewhere begins
 * there). The root may itself be a delta: its bases are then read, and not visited.
 */
export function walk<State>(
  pack: PackReader,
  root: number,
  skips: (entry: number) => boolean,
  visitor: Visitor<State>,
): void {
  const { trees } = pack
  const stack: Held<State>[] = []
  let held = 0
  const enter = (entry: number, data: Buffer, state: State): void => {
    const next = trees.firstChild[entry]!
    const bytes = data.buffer.byteLength + visitor.weigh(state)
    if (next === -1) {
      pack.release(data)
      return
    }
    stack.push({ data, state, bytes, next })
    held += bytes
  }
  const leave = (): void => {
    const { data, bytes } = stack.pop()!
    pack.release(data)
    held -= bytes
  }
  const whole = pack.attempt(() => pack.resolve(root))
  if (whole === undefined) {
    unreadTree(trees, root, skips, visitor)
    return
  }
  enter(root, whole, visitor.visit(root, whole, undefined))
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const entry = top.next
    if (entry === -1) {
      leave()
      continue
    }
    top.next = trees.nextSibling[entry]!
    if (skips(entry)) continue
    const built = held > largestHeld ? undefined : pack.attempt(() => pack.build(entry, top.data))
    // Its last child is built: the base is needed no more.
    if (top.next === -1) leave()
    if (built === undefined) unreadTree(trees, entry, skips, visitor)
    else enter(entry, built.data, visitor.visit(entry, built.data, { state: top.state, copies: built.copies }))
  }
}

function unreadTree<State>(
  { firstChild, nextSibling }: Trees,
  root: number,
  skips: (entry: number) => boolean,
  visitor: Visitor<State>,
): void {
  const pending = [root]
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    visitor.unread(entry)
    for (let child = firstChild[entry]!; child !== -1; child = nextSibling[child]!)
      if (!skips(child)) pending.push(child)
  }
}

const windowBytes = 32 * 1024
/** No deflated byte stands for more. Checked first, for room is made for what a header promises. */
const bestRatio = 1032

/** Inflates entries of one open pack into buffers that are used again. Not for two walks at a time. */
export class PackReader {
  readonly trees: Trees
  private readonly fd: number
  private readonly window = Buffer.allocUnsafe(windowBytes)
  private windowFrom = 0
  private windowFilled = 0
  private readonly spare: Buffer[] = []
  private readonly inflate = createInflater()
  /** Holds one delta at a time. */
  private room = Buffer.allocUnsafe(windowBytes)

  constructor(fd: number, trees: Trees) {
    this.fd = fd
    this.trees = trees
  }

  /** The object of an entry, whatever it is a delta of. */
  resolve(entry: number): Buffer {
    const chain: number[] = []
    for (let at = entry; at !== -1; at = this.trees.base[at]!) chain.push(at)
    let data = this.whole(chain.pop()!)
    for (let next = chain.pop(); next !== undefined; next = chain.pop()) {
      const built = this.build(next, data).data
      this.release(data)
      data = built
    }
    return data
  }

  build(entry: number, base: Buffer): { data: Buffer; copies: readonly Copy[] } {
    const delta = this.delta(entry)
    const sizes = deltaSizes(delta)
    if (sizes.target > largestBytes) throw new AuditError('GIT_FAILED', 'an object is too large to be held')
    const data = this.take(sizes.target)
    return { data, copies: applyDelta(base, delta, sizes, data) }
  }

  /** Undefined where the pack is damaged there; any other error is thrown on. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (error instanceof AuditError) return undefined
      throw error
    }
  }

  private whole(entry: number): Buffer {
    const size = this.trees.inflated[entry]!
    const deflated = this.checked(entry)
    // One byte more than promised shows a stream that holds too much.
    const data = this.take(size + 1)
    if (this.inflate(deflated, data) !== size) throw wrongSize()
    return data.subarray(0, size)
  }

  private delta(entry: number): Buffer {
    const size = this.trees.inflated[entry]!
    const deflated = this.checked(entry)
    if (this.room.length <= size) this.room = Buffer.allocUnsafe(2 * size)
    if (this.inflate(deflated, this.room.subarray(0, size + 1)) !== size) throw wrongSize()
    return this.room.subarray(0, size)
  }

  /** Deflated bytes that may become what the entry promises. */
  private checked(entry: number): Buffer {
    const size = this.trees.inflated[entry]!
    const deflated = this.deflated(entry)
    if (size > largestBytes) throw new AuditError('GIT_FAILED', 'an object is too large to be held')
    if (size > deflated.length * bestRatio) throw new AuditError('GIT_FAILED', 'an object promises too much')
    return deflated
  }

  private deflated(entry: number): Buffer {
    const { dataAt, offsets, end } = this.trees
    const from = dataAt[entry]!
    const length = (entry + 1 < offsets.length ? offsets[entry + 1]! : end) - from
    if (length > largestBytes + windowBytes) throw new AuditError('GIT_FAILED', 'an object is too large to be held')
    if (length > windowBytes) return this.read(Buffer.allocUnsafe(length), from)
    if (from < this.windowFrom || from + length > this.windowFrom + this.windowFilled) {
      this.windowFrom = from
      this.windowFilled = readSync(this.fd, this.window, 0, windowBytes, from)
    }
    const at = from - this.windowFrom
    return this.window.subarray(at, Math.min(at + length, this.windowFilled))
  }

  private read(into: Buffer, from: number): Buffer {
    return into.subarray(0, readSync(this.fd, into, 0, into.length, from))
  }

  private take(size: number): Buffer {
    const found = this.spare.findIndex(({ buffer }) => buffer.byteLength >= size)
    // Rounded up, so that one serves many; but not where that would be much.
    const room = size > 8 * 1024 * 1024 ? size : Math.max(65_536, 2 ** Math.ceil(Math.log2(size)))
    if (found === -1) return Buffer.allocUnsafeSlow(room).subarray(0, size)
    const [data] = this.spare.splice(found, 1)
    return Buffer.from(data!.buffer, 0, size)
  }

  /** Gives a buffer back. */
  release(data: Buffer): void {
    if (this.spare.length < 8) this.spare.push(data)
  }
}

const wrongSize = (): AuditError => new AuditError('GIT_FAILED', 'an object is not of the promised size')
