// Every package manager in every way: minutes. What cannot be had here is skipped by name.

import { managerNames } from '../guard/support/managers.ts'
import { matrixFor } from '../guard/support/scenarios.ts'

matrixFor(managerNames)
