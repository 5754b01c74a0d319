// Vets one install command of an agent's line: the packages it names, or, where it names none, the project it would
// install. What a named package brings along is not resolved here; the wrapper does that.

import { existsSync, statSync } from 'node:fs'
import { contextFor } from '../audit.ts'
import { checkReport } from '../check.ts'
import { AuditError } from '../errors.ts'
import { loadRouting } from '../registry/npmrc.ts'
import { urlOf } from '../url.ts'
import { type Decision, decide, neededSources } from './decide.ts'
import { projectRoot, surroundings } from './folders.ts'
import type { Outcome } from './hook.ts'
import type { PlacedInstall } from './hook-line.ts'
import { configOf, decideOn, factsFor, vetFolder } from './vet.ts'

/** @throws AuditError as audit(): then nothing was vetted */
export async function vetInstall(install: PlacedInstall): Promise<Outcome> {
  const name = [install.manager, install.action === 'execute' ? 'exec' : install.action].join(' ')
  const { folder } = install
  const known = folder !== undefined && existsSync(folder) && statSync(folder).isDirectory() ? folder : undefined
  const root = projectRoot(known ?? process.cwd(), install.manager)
  const moved = await foreign(install, root)
  if (moved.length > 0) return { verdict: 'ask', reasons: moved, vetted: '' }
  if (install.specs.length > 0) return vetNames(install, known, root)
  if (install.manager === 'deno')
    return asking(`${name} without npm names is not vetted; vet them: audit-deps check NAME`)
  if (known === undefined)
    return asking(
      `${name}: its folder is not there, or not known before → cd there first, then install on its own line`,
    )
  if (install.late) return asking(`${name}: what comes before it may change what it installs → run it on its own line`)
  return vetProject(name, root, install)
}

const asking = (reason: string): Outcome => ({ verdict: 'ask', reasons: [reason], vetted: '' })

/**
 * Options that say whom the manager asks, or what runs besides: judged before anybody is asked. npm reads them shortened,
 * with one hyphen and with three.
 */
const movers =
  /^-+(?:no-)*(?:(?:userc|globalc|script-s|node-o|strict-s|https?-p|prox|caf)[\w-]*|(?:use-yarnrc|config|pnpmfile|global-pnpmfile|git|shell|use-node-version))(?:[= ]|$)/
/** The same of `--registry` and `--@scope:registry`, with its value if there is one. */
const registryFlag = /^-+(?:@([^/:]+):)?reg[a-z]*(?:[= ](.*))?$/

async function foreign({ flags }: PlacedInstall, root: string): Promise<string[]> {
  const reasons: string[] = []
  for (const flag of flags) {
    const [given, scope, url] = registryFlag.exec(flag) ?? []
    if (url !== undefined) {
      const config = configOf(root, {})
      const routing = await loadRouting({ root, config, environment: process.env })
      const known = routing.route(scope === undefined ? 'example' : `@${scope}/example`).url
      if (urlOf(url)?.host !== new URL(known).host)
        reasons.push(
          `the line names a registry of its own (${urlOf(url)?.host ?? 'no URL'}) → if you trust it, name it in your user-level .npmrc`,
        )
    } else if (given !== undefined || movers.test(flag))
      reasons.push(`${flag.split(/[= ]/)[0]} changes whom the manager asks, or what it runs → leave it out`)
  }
  return reasons
}

async function vetNames(install: PlacedInstall, folder: string | undefined, root: string): Promise<Outcome> {
  const names = install.specs.map(({ text }) => text)
  const asked = names.filter((name) => !isLocal(install, name, folder))
  if (asked.length === 0) return { verdict: 'none', reasons: [], vetted: '' }
  const now = new Date()
  const config = configOf(root, {})
  const context = contextFor(root, config, () => {}, now)
  try {
    const report = await checkReport(asked, context)
    const decision = decide({
      report,
      factsOf: await factsFor(report, context),
      policy: config.guard,
      needed: ['existence-direct'],
      now,
    })
    const strangers = config.offline ? [] : (await context.registry()).untrustedRegistries
    if (strangers.length > 0 && config.guard.foreignRegistry !== 'allow')
      return {
        verdict: 'deny',
        reasons: strangers.map(
          ({ host }) =>
            `.npmrc of the project names ${host}, which no .npmrc of yours names → remove that line, or name it in your user-level .npmrc`,
        ),
        vetted: '',
      }
    const first = `audit-deps ${install.manager} …`
    return outcomeOf(
      decision,
      `vetted: ${asked.join(', ')}; not what they bring along: ${first} resolves and vets that, too`,
    )
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'USAGE') throw error
    return { verdict: 'deny', reasons: [`${error.message} → ${error.hint ?? 'name packages'}`], vetted: '' }
  }
}

/** `npx eslint` runs the project's own eslint where there is one: nothing is fetched. dlx always fetches. */
function isLocal({ manager, action }: PlacedInstall, name: string, folder: string | undefined): boolean {
  if (action !== 'execute' || folder === undefined || (manager !== 'npm' && manager !== 'bun')) return false
  return /^[\w.-]+$/.test(name) && surroundings(folder, process.env).hasBin(name)
}

async function vetProject(name: string, root: string, { manager }: PlacedInstall): Promise<Outcome> {
  const vetted = await vetFolder(root, {})
  const { lockfiles, manifests } = vetted.project
  // Nothing locked, nothing to look up: the answer below says what that leaves open.
  const needed = neededSources.filter((source) => source !== 'existence-transitive' || lockfiles.length > 0)
  const decision = decideOn(root, {}, vetted, { needed })
  if (manifests.length === 0) return asking(`${name}: there is no package.json in its folder → run it where it is`)
  const outcome = outcomeOf(
    decision,
    `vetted: ${lockfiles.reduce((sum, { packages }) => sum + packages.length, 0)} packages of the lockfile`,
  )
  if (lockfiles.length > 0 || outcome.verdict === 'deny') return outcome
  return asking(
    `${name}: there is no lockfile, so only direct dependencies could be vetted → audit-deps ${manager} install resolves and vets the whole tree`,
  )
}

/** The way past the guard is a person's: an agent is not shown it. */
const past = /; or install it unvetted, with --allow-unverified$/

function outcomeOf({ verdict, reasons }: Decision, vetted: string): Outcome {
  const lines = (action: 'block' | 'warn') =>
    reasons
      .filter((reason) => reason.action === action)
      .map(({ subject, message, wayOn }) => `${subject}: ${message} → ${wayOn.replace(past, '')}`)
  if (verdict === 'block') return { verdict: 'deny', reasons: lines('block'), vetted }
  if (verdict === 'warn') return { verdict: 'ask', reasons: lines('warn'), vetted }
  return { verdict: 'allow', reasons: [], vetted }
}
