// npm's own parser of names and of what is asked for, loaded by the first text that needs it: with all that it loads in
// turn it takes longer than reading 1,000 names, and nearly every name and range is told without it.

import { createRequire } from 'node:module'
import type parser from 'npm-package-arg'
import { lazily } from './lazily.ts'

export const npa: () => typeof parser = lazily(() => createRequire(import.meta.url)('npm-package-arg'))
