// The ids of all commits in the object store, reachable or not. Packs tell them themselves: git looks at every object.

import { listAll } from './objects.ts'
import { kinds } from './pack/forest.ts'
import { openStore, type Store } from './pack/store.ts'
import type { Repository } from './repository.ts'

export async function storedCommits(repo: Repository): Promise<readonly string[]> {
  if (repo.objectFormat !== 'sha1') return commitsOf((await listAll(repo)).objects)
  const store = await openStore(repo)
  try {
    return commitsIn(store)
  } finally {
    await store.close()
  }
}

/** Those that are to be read of a store. */
export function commitsIn({ packs, rest }: Pick<Store, 'packs' | 'rest'>): readonly string[] {
  const found = commitsOf(rest.objects)
  for (const { index, forest, repeated } of packs)
    for (let entry = 0; entry < index.count; entry++)
      if (forest.kind[entry] === kinds.commit && repeated[entry] === 0) found.push(index.oid(entry))
  return found
}

const commitsOf = (objects: readonly { readonly oid: string; readonly type: string }[]): string[] =>
  objects.flatMap(({ oid, type }) => (type === 'commit' ? [oid] : []))
