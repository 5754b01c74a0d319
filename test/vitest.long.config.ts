import { defineConfig } from 'vitest/config'
import short from './vitest.config.ts'

/** What takes minutes, and the registry of this machine: `npm run test:long`. */
const { projects: _, env, ...shared } = short.test ?? {}
/** Package managers are installed once, and stay in the developer's own cache; what runs there has a home of its own. */
const { XDG_CACHE_HOME: __, ...others } = env ?? {}

export default defineConfig({
  test: { ...shared, env: others, include: ['test/long/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 600_000 },
})
