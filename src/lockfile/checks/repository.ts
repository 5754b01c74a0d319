// A package that calls another one's repository its own. Monorepos publish many packages from one, and forks forget to
// change the line, so only what can be judged counts: a popular package of other people claims the same repository.

import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

const repositoryOfReact = { version: { repository: 'github.com/example/react' } }
const claiming: Parameters<typeof packageExample>[0] = { namesakes: ['react'], facts: repositoryOfReact }

export const repository: Check<PackageInput> = {
  codes: ['package/repository-mismatch'],
  run(input) {
    const [namesake] = input.namesakes ?? []
    const named = versionFacts(input)?.repository
    if (namesake === undefined || named === undefined) return []
    // Called like it, too: then it is no forgotten line.
    const isImitation = input.lookalikes?.some(({ target }) => input.namesakes?.includes(target)) === true
    return [
      packageFinding(input, {
        code: 'package/repository-mismatch',
        severity: isImitation ? 'medium' : 'low',
        confidence: isImitation ? 'high' : 'medium',
        message: `names ${named} as its repository, which is that of ${namesake} and of other people`,
        observed: `repository ${named}`,
        detail: namesake,
      }),
    ]
  },
  matches: [
    packageExample(claiming),
    packageExample({
      ...claiming,
      name: 'reakt',
      lookalikes: [{ target: 'react', kind: 'edit', distance: 1, rank: 441 }],
    }),
  ],
  ignores: [packageExample({ facts: repositoryOfReact }), packageExample({ namesakes: ['react'] }), packageExample()],
}
