// Where what is remembered between runs lies: one folder in the user's cache, for all parts of the program.

import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where the user's caches live on this system, or undefined where no such place is known. */
export function cacheFolder(environment: NodeJS.ProcessEnv, home = homedir(), platform = process.platform) {
  const configured = environment.XDG_CACHE_HOME
  // A relative one is invalid by the XDG base directory specification: it would lie in the audited project.
  if (configured && isAbsolute(configured)) return join(configured, 'audit-deps')
  if (platform === 'win32') return environment.LOCALAPPDATA && join(environment.LOCALAPPDATA, 'audit-deps', 'cache')
  if (!isAbsolute(home)) return undefined
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'audit-deps') : join(home, '.cache', 'audit-deps')
}
