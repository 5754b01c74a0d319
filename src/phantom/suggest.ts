// "Did you mean", from what lies on this machine: the popular names and those the project already uses.
// No name is made up and none is asked for.

import { findLookalikes } from '../names/lookalikes.ts'
import { nearest } from '../names/nearest.ts'

/**
 * The package that a name which does not exist most likely stands for.
 * @param existing names the project uses and the registry knows.
 */
export async function suggest(name: string, existing: Iterable<string>): Promise<string | undefined> {
  const [popular] = await findLookalikes(name)
  return popular?.target ?? nearest(name, existing)
}
