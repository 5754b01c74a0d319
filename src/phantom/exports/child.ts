// The process in which packages are read and parsed: nothing else, for native code may end it at any file.

import { filesBelow } from '../../project/sources/disk.ts'
import { serve } from '../../project/sources/serve.ts'
import { judgePackage, type PackageQuestion, type Verdict } from './judge.ts'

export interface ChildQuestion extends PackageQuestion {
  readonly base: string
}

/** Declarations are rolled up into single files of a megabyte or two; larger bundles cost seconds. */
const largestBytes = 4 * 2 ** 20

serve<ChildQuestion, readonly Verdict[]>(({ base, ...question }) => {
  try {
    return judgePackage(filesBelow(base, largestBytes), question)
  } catch (error) {
    const why = error instanceof RangeError ? 'its files are nested too deeply' : `reading it failed: ${String(error)}`
    return question.uses.map(() => ({ state: 'unknown', why }))
  }
})
