// The names worth imitating: npm's most downloaded and most depended-on packages, most popular first.
// The list is a dependency (`npm-high-impact`), so it is as fresh as its pinned version and needs no network:
// `npm run names:refresh` takes the newest.

import { readTargets } from './kept.ts'
import { lazily } from './lazily.ts'
import type { Popular, Targets } from './targets.ts'

const load = lazily(readTargets)

/** Loaded on first use, once a process. */
export const loadTargets = async (): Promise<Targets> => (await load()).targets
export const loadPopular = async (): Promise<Popular> => (await load()).popular
