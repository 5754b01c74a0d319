// Standard input in one piece.

import { fstatSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { AuditError } from '../errors.ts'

/** @throws AuditError USAGE where it is a folder, which node takes for an input that has ended */
export async function standardInput(): Promise<Buffer> {
  if (!fstatSync(0).isDirectory()) return buffer(process.stdin)
  throw new AuditError('USAGE', 'standard input is a folder', { hint: 'give it a file or a pipe' })
}
