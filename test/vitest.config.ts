import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // Real git, npm and Verdaccio run in these tests: two workers fit the smallest CI machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The suite answers the same whatever the developer's shell or CI sets.
    env: { NO_COLOR: '1', FORCE_COLOR: '', CI: '' },
  },
})
