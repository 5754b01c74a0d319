import { defineConfig } from 'vitest/config'
import short from './vitest.config.ts'

/** What takes minutes, and the registry of this machine: `npm run test:long`. */
const { include: _, exclude: __, ...shared } = short.test ?? {}

export default defineConfig({
  test: { ...shared, include: ['test/long/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 600_000 },
})
