// Output of git that nobody reads yet: taken in at once, up to a bound, so that git works while we do something else.

/** An error of the stream is thrown to whoever reads it, and to nobody else. */
export interface Ahead extends AsyncIterable<Buffer> {
  /** Chunks that have not been read are forgotten, and no more are taken: to whoever reads on, that is an error. */
  stop(): void
}

/**
 * Starts reading now.
 * @param most bytes that are kept unread; beyond them the stream waits
 * @param abort ends whatever feeds the stream
 */
export function readAhead(stream: AsyncIterable<Buffer>, most: number, abort: AbortController): Ahead {
  const chunks: Buffer[] = []
  let bytes = 0
  let over: { readonly error?: unknown } | undefined
  let changed = (): void => {}
  const change = (): Promise<void> => new Promise((resolve) => (changed = resolve))
  const pump = async (): Promise<void> => {
    try {
      for await (const chunk of stream) {
        chunks.push(chunk)
        bytes += chunk.length
        changed()
        while (bytes > most && !abort.signal.aborted) await drained()
        if (abort.signal.aborted) break
      }
      over ??= {}
    } catch (error) {
      over ??= { error }
    }
    changed()
  }
  let room = (): void => {}
  const drained = (): Promise<void> => new Promise((resolve) => (room = resolve))
  void pump()
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        // All at once, for one by one a long queue would be moved for each; and again, for others may have come meanwhile.
        while (chunks.length > 0) {
          for (const chunk of chunks.splice(0)) {
            bytes -= chunk.length
            room()
            yield chunk
          }
        }
        if (over !== undefined) break
        await change()
      }
      if ('error' in over) throw over.error
    },
    stop() {
      // Else the part that was read would pass for all of it.
      over = { error: new Error('it was stopped before its end') }
      abort.abort()
      chunks.length = 0
      room()
      changed()
    },
  }
}
