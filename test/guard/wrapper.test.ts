// The short form of the matrix: the npm that is there. All managers, actions and caches: `npm run test:long`.

import { matrixFor } from './support/scenarios.ts'

matrixFor(['npm'], ['add', 'exec'], ['cold'])
