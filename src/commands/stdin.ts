// `audit-deps secrets --stdin`: one text from a pipe, without git and without a folder.

import type { AuditOptions } from '../audit.ts'
import { checkSecretCodes } from '../codes.ts'
import { loadConfig } from '../config.ts'
import { judge } from '../risk.ts'
import { scanText } from '../secrets/text.ts'
import { version } from '../version.ts'
import type { Flags } from './options.ts'
import { deliver } from './output.ts'
import { standardInput } from './standard-input.ts'

/** @throws AuditError CONFIG_INVALID, SIGNATURE_INVALID, OUTPUT_UNWRITABLE */
export async function stdinCommand({ configFile, ...set }: AuditOptions, flags: Flags): Promise<number> {
  const config = loadConfig(process.cwd(), set, configFile)
  await checkSecretCodes(config)
  const startedAt = new Date()
  const result = await scanText(await standardInput(), {
    path: 'stdin',
    inlineAllow: config.inlineAllow,
    examples: config.examples,
  })
  const report = judge({
    results: [{ ...result, coverage: [{ scanner: 'secrets', source: 'work-tree', state: 'complete', checked: 1 }] }],
    policy: config,
    named: true,
    run: {
      tool: { name: 'audit-deps', version },
      target: 'standard input',
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
    },
  })
  return deliver(report, flags)
}
