// `npm run bench -- NAME [options]`: runs the benchmark test/bench/NAME.ts. Plain JavaScript, because Node 20 does
// not read TypeScript: Vitest's own Vite loads the benchmark with the sources it measures, so no build is needed.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createViteServer } from 'vitest/node'

const root = join(import.meta.dirname, '../..')
const [name, ...options] = process.argv.slice(2)
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !/\.(?:test|config)\.ts$/.test(file))
  .map((file) => file.slice(0, -'.ts'.length))

if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME [options]\nbenchmarks: ${names.join(', ')}`)
  process.exit(2)
}

const vite = await createViteServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
try {
  const { run } = await vite.ssrLoadModule(`/test/bench/${name}.ts`)
  process.exitCode = await run(options)
} catch (error) {
  if (!String(error?.code).startsWith('ERR_PARSE_ARGS')) throw error
  console.error(`${name}: ${error.message}`)
  process.exitCode = 2
} finally {
  await vite.close()
}
