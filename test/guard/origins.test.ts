import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../src/config.ts'
import { bun } from '../../src/guard/adapters/bun.ts'
import { npm } from '../../src/guard/adapters/npm.ts'
import { berry } from '../../src/guard/adapters/yarn.ts'
import { parseCommandLine } from '../../src/guard/commandline.ts'
import { foreignOrigins } from '../../src/guard/origins.ts'
import { temporaryFolder } from '../support/repository.ts'

/** Without the question to the manager itself, which is not there in every place. */
const { registryQuestion: _, ...yarn } = berry

const against = async (
  adapter: typeof npm | typeof yarn,
  argv: readonly string[],
  files: Readonly<Record<string, string>> = {},
  npmrc = '',
) => {
  const root = temporaryFolder()
  const home = join(root, 'home')
  mkdirSync(home)
  writeFileSync(join(home, '.npmrc'), `registry=https://registry.example/\n${npmrc}`)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  const environment = { HOME: home, npm_config_userconfig: join(home, '.npmrc') }
  const line = parseCommandLine(argv, adapter.valued)
  const reasons = await foreignOrigins({ adapter, line, folder: root, root, config: defaults, environment })
  return reasons.map(({ subject }) => subject)
}

describe('foreignOrigins', () => {
  it.each<[string, readonly string[]]>([
    ['install x', []],
    ['install --registry=https://registry.example/ x', []],
    ['install --registry=https://other.example/ x', ['--registry']],
    ['install --registry other x', ['--registry']],
    ['install --@acme:registry=https://other.example/ x', ['--@acme:registry']],
    ['install --userconfig=x', ['--userconfig']],
    ['install --no-strict-ssl', ['--no-strict-ssl']],
  ])('npm %s', async (text, subjects) => expect(await against(npm, text.split(' '))).toEqual(subjects))

  const scopes =
    'npmScopes:\n  acme:\n    npmRegistryServer: https://other.example/\n  "beta":\n    x: 1\nnodeLinker: pnp\n'
  it('scopes that only yarn’s or bun’s own settings know', async () => {
    expect(await against(yarn, ['add', 'x'], { '.yarnrc.yml': scopes })).toEqual(['@acme', '@beta'])
    const npmrc = '@acme:registry=https://other.example/\n@beta:registry=https://other.example/\n'
    expect(await against(yarn, ['add', 'x'], { '.yarnrc.yml': scopes }, npmrc)).toEqual([])
    const toml =
      '[install]\nexact = true\n[install.scopes]\n"@acme" = "https://other.example/"\nbeta = "x"\n[run]\nx = 1\n'
    expect(await against(bun, ['add', 'x'], { 'bunfig.toml': toml })).toEqual(['@acme', '@beta'])
  })
})
