// `audit-deps render FILE --format html`: a report that was written with `--format json`, in another format. So one run
// in CI serves the log, code scanning and people. Nothing is scanned and nobody is asked.

import { readFile } from 'node:fs/promises'
import { AuditError, reasonOf } from '../errors.ts'
import { parseJson } from '../project/json.ts'
import { firstProblem, type Schema, withoutPrototypes } from '../report/validate.ts'
import type { Report } from '../types.ts'
import { type Flags, refuseContradictions } from './options.ts'
import { deliver } from './output.ts'
import { standardInput } from './standard-input.ts'

/**
 * @param file `-` is standard input
 * @returns 0, for what the report says was known when it was made
 * @throws AuditError USAGE, PATH_MISSING, REPORT_INVALID, OUTPUT_UNWRITABLE
 */
export async function renderCommand(file: string, flags: Flags): Promise<number> {
  refuseContradictions(flags)
  await deliver(await readReport(file), flags)
  return 0
}

/** @throws AuditError PATH_MISSING, REPORT_INVALID: it says what is wrong and where, and quotes nothing */
export async function readReport(file: string): Promise<Report> {
  const name = file === '-' ? 'standard input' : file
  const bytes = await (file === '-' ? standardInput() : readFile(file)).catch((cause: unknown) => {
    const hint = 'name a file that audit-deps --format json --output FILE has written'
    throw new AuditError('PATH_MISSING', `cannot read ${name}: ${reasonOf(cause)}`, { hint, cause })
  })
  const value = parsed(bytes, name)
  const schema = JSON.parse(await readFile(new URL('../report/report.schema.json', import.meta.url), 'utf8')) as Schema
  const problem = firstProblem(value, schema)
  if (problem !== undefined) throw invalid(name, problem)
  return withoutPrototypes(value as Report)
}

function parsed(bytes: Buffer, name: string): unknown {
  if (bytes.length > largestBytes) throw invalid(name, `it is larger than ${largestBytes / 1e6} MB`)
  const text = bytes.toString('utf8').replace(/^\ufeff/, '')
  if (text.trim() === '') throw invalid(name, 'it is empty')
  const json = parseJson(text)
  if (json.ok) return json.value
  const isCut = /^\s*\{/.test(text) && !/\}\s*$/.test(text) && json.line >= text.trimEnd().split('\n').length
  throw invalid(name, isCut ? `it ends in line ${json.line}, before the report does` : `line ${json.line} is no JSON`)
}

/** Text as long as V8 holds, with room for its parts. */
const largestBytes = 400e6

const invalid = (name: string, why: string): AuditError =>
  new AuditError('REPORT_INVALID', `${name} is no report of audit-deps: ${why}`, {
    hint: 'write it anew: audit-deps --format json --output report.json',
  })
