// Inflates one object after another. zlib.inflateSync() makes a stream for each call, which costs several times what a
// small delta does; so the engine of one stream is used again and again, as npm's own minizlib does. It is no public
// interface: where it does not look or work as expected, inflateSync() is asked.

import { constants, createInflate, deflateSync, inflateSync } from 'node:zlib'
import { AuditError } from '../../errors.ts'

/**
 * Inflates `deflated` to the beginning of `into`, and gives how many bytes that were. All of `into` says that the
 * stream may hold more, and nothing of what stands there: give it room for one byte more than is expected.
 * @throws AuditError GIT_FAILED where the stream is damaged or ends early
 */
export type Inflate = (deflated: Buffer, into: Uint8Array) => number

export function createInflater(): Inflate {
  const again = reusedEngine()
  return again !== undefined && worksAsExpected(again) ? again : byStreams
}

export const byStreams: Inflate = (deflated, into) => {
  try {
    const data = inflateSync(deflated, { chunkSize: Math.max(64, into.length), maxOutputLength: into.length })
    into.set(data)
    return data.length
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return into.length
    throw damaged()
  }
}

/** Of node's zlib binding: what it did is left in the stream's `_writeState`, free bytes of the output first. */
interface Engine {
  reset(): void
  writeSync(
    flush: number,
    from: Uint8Array,
    at: number,
    length: number,
    into: Uint8Array,
    to: number,
    room: number,
  ): void
  onerror: (...why: unknown[]) => void
}

function reusedEngine(): Inflate | undefined {
  const stream = createInflate() as unknown as { readonly _handle?: Partial<Engine>; readonly _writeState?: unknown }
  const { _handle: engine, _writeState: state } = stream
  if (typeof engine?.reset !== 'function' || typeof engine.writeSync !== 'function') return undefined
  if (!(state instanceof Uint32Array)) return undefined
  const { reset, writeSync } = engine as Engine
  let failed = false
  engine.onerror = () => {
    failed = true
  }
  return (deflated, into) => {
    failed = false
    reset.call(engine)
    // The stream owns the engine: it is named here, so that it lives as long as this function.
    writeSync.call(stream._handle, constants.Z_FINISH, deflated, 0, deflated.length, into, 0, into.length)
    if (failed) throw damaged()
    return into.length - state[0]!
  }
}

/** A trial of what it is used for: streams that fit, that are too long, that end early or are damaged, in turn. */
function worksAsExpected(inflate: Inflate): boolean {
  const data = Buffer.from('one object after another, and another')
  const deflated = deflateSync(data)
  const into = Buffer.alloc(data.length + 1)
  const attempt = (from: Buffer, room: Buffer): number => {
    try {
      return inflate(from, room)
    } catch {
      return -1
    }
  }
  for (let turn = 0; turn < 2; turn++) {
    if (attempt(deflated, into) !== data.length || !into.subarray(0, data.length).equals(data)) return false
    if (attempt(deflated, into.subarray(0, 9)) !== 9) return false
    if (attempt(deflated.subarray(0, 12), into) !== -1) return false
    if (attempt(Buffer.from(deflated).fill(0xff, 8, 12), into) !== -1) return false
  }
  return true
}

const damaged = (): AuditError => new AuditError('GIT_FAILED', 'an object does not inflate')
