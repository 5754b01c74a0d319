// A loopback registry for the guard's tests: what is fine, what brings something along, and what should never run.
// The postinstall script of the bad one writes the file that MARKER names.

import { startVerdaccio, type Verdaccio } from '../../support/verdaccio.ts'

const longAgo = '2020-01-01T00:00:00.000Z'
const postinstall = `node -e "require('fs').writeFileSync(process.env.MARKER, 'ran')"`
const cli = `#!/usr/bin/env node\nconsole.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))\n`

/**
 * `tidy-top-example` → `tidy-leaf-example`, both old and harmless · `bad-leaf-example` 1.0.0 old and harmless, 1.1.0
 * published now with a script · `carrier-example` → `bad-leaf-example` ^1.1.0 · `patient-example` → ^1.0.0 ·
 * `lost-example` → a package that does not exist.
 */
export async function startGuardRegistry(): Promise<Verdaccio> {
  const verdaccio = await startVerdaccio()
  const publish = (name: string, version: string, manifest: object = {}, published: string | undefined = longAgo) =>
    verdaccio.publish(
      { 'package.json': JSON.stringify({ name, version, ...manifest }), 'index.js': '', 'cli.js': cli },
      published,
    )
  await publish('tidy-leaf-example', '1.0.0')
  await publish('tidy-top-example', '1.0.0', {
    dependencies: { 'tidy-leaf-example': '^1.0.0' },
    bin: { 'tidy-top-example': 'cli.js' },
  })
  await publish('bad-leaf-example', '1.0.0')
  await publish('patient-example', '1.0.0', { dependencies: { 'bad-leaf-example': '^1.0.0' } })
  await publish('carrier-example', '1.0.0', {
    dependencies: { 'bad-leaf-example': '^1.1.0' },
    bin: { 'carrier-example': 'cli.js' },
  })
  await publish('lost-example', '1.0.0', { dependencies: { 'nobody-has-this-example': '^1.0.0' } })
  return verdaccio
}

/** From now on `bad-leaf-example` is bad: whoever resolves `^1.0.0` anew gets it. */
export const turnBad = (verdaccio: Verdaccio): Promise<void> =>
  verdaccio.publish({
    'package.json': JSON.stringify({ name: 'bad-leaf-example', version: '1.1.0', scripts: { postinstall } }),
    'index.js': '',
  })
