// The ids of all commits in the object store, reachable or not. Packs tell them themselves: git looks at every object.

import { listAll } from './objects.ts'
import { kinds } from './pack/forest.ts'
import { openStore } from './pack/store.ts'
import type { Repository } from './repository.ts'

export async function storedCommits(repo: Repository): Promise<readonly string[]> {
  if (repo.objectFormat !== 'sha1') return commitsOf((await listAll(repo)).objects)
  const store = await openStore(repo)
  try {
    const found = commitsOf(store.rest.objects)
    for (const { index, forest, repeated } of store.packs)
      for (let entry = 0; entry < index.count; entry++)
        if (forest.kind[entry] === kinds.commit && repeated[entry] === 0) found.push(index.oid(entry))
    return found
  } finally {
    await store.close()
  }
}

const commitsOf = (objects: readonly { readonly oid: string; readonly type: string }[]): string[] =>
  objects.flatMap(({ oid, type }) => (type === 'commit' ? [oid] : []))
