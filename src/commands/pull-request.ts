// What a pull request is compared with, as CI says: each system names the target branch in a variable of its own.

import { AuditError } from '../errors.ts'

/** Variable → where it comes from. First one that is set counts; all name the branch that is merged into. */
const variables = [
  'GITHUB_BASE_REF', // GitHub Actions, Gitea, Forgejo: docs.github.com, "Variables reference"
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME', // GitLab: docs.gitlab.com, "Predefined CI/CD variables reference"
  'BITBUCKET_PR_DESTINATION_BRANCH', // Bitbucket Pipelines
  'SYSTEM_PULLREQUEST_TARGETBRANCH', // Azure Pipelines, as refs/heads/main
  'CHANGE_TARGET', // Jenkins, multibranch
  'BUILDKITE_PULL_REQUEST_BASE_BRANCH', // Buildkite
] as const

/**
 * The target branch as its remote-tracking ref: what commits after the merge base with it brought is the pull request.
 * @throws AuditError USAGE where no variable names one
 */
export function pullRequestBase(environment: NodeJS.ProcessEnv = process.env): string {
  const branch = variables.map((name) => environment[name]).find(Boolean)
  if (branch !== undefined) return `origin/${branch.replace(/^refs\/heads\//, '')}`
  throw new AuditError('USAGE', 'no pull request is known here: CI names none', {
    hint: 'name what to compare with, as --since origin/main',
  })
}
