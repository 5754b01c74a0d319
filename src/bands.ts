// From a sum of weights to a band: the one place that knows the thresholds.

import { type Band, bands } from './types.ts'

/** The smallest sum that reaches each band. The same figures as the severities': one certain fact is its own band. */
const bandFloor = { none: -1, low: 10, medium: 30, high: 60, critical: 100 } as const satisfies Record<Band, number>

export const bandOf = (points: number): Band => bands.findLast((band) => points >= bandFloor[band]) ?? 'none'
