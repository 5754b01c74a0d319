// Which files name packages besides sources and manifests, by their path. What is no source of mentions is not read.

import type { MentionSource } from '../mentions.ts'

export type FileKind = Extract<MentionSource, 'document' | 'agent' | 'ci' | 'docker' | 'shell' | 'mcp' | 'config'>

/** Instructions that coding agents read, and act upon, by themselves. */
const agent =
  /(?:^|\/)(?:AGENTS?|CLAUDE|GEMINI|SKILL|COPILOT|CONVENTIONS|copilot-instructions)(?:\.local)?\.md$|(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules|goosehints|roorules|aider[^/]*)$|(?:^|\/)\.(?:cursor|claude|codex|gemini|agents|windsurf|clinerules|roo|continue|kiro|trae|junie)\/.*\.(?:md|mdc|txt)$|(?:^|\/)\.github\/(?:instructions|prompts|chatmodes|agents|skills)\/|(?:^|\/)llms(?:-full)?\.txt$/i

const kinds: readonly (readonly [RegExp, FileKind])[] = [
  [
    /(?:^|\/)(?:\.?mcp|claude_desktop_config|mcp_config|mcp_settings|opencode)\.jsonc?$|(?:^|\/)\.(?:gemini|claude|cursor|roo)\/(?:settings(?:\.local)?|mcp)\.json$/i,
    'mcp',
  ],
  [agent, 'agent'],
  [
    /(?:^|\/)\.github\/.*\.ya?ml$|(?:^|\/)(?:\.gitlab-ci|azure-pipelines|bitbucket-pipelines|\.travis|appveyor|\.appveyor|\.drone|\.woodpecker|cloudbuild|buildspec|lefthook|\.lefthook|\.pre-commit-config|\.gitpod|render|Taskfile|action|docker-compose[^/]*|compose)\.ya?ml$|(?:^|\/)\.(?:circleci|gitlab|buildkite|woodpecker)\/.*\.ya?ml$|(?:^|\/)(?:Jenkinsfile|netlify\.toml|vercel\.json|\.?devcontainer\.json)$|(?:^|\/)\.vscode\/tasks\.json$/i,
    'ci',
  ],
  [/(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[^/]*)?$|\.(?:dockerfile|containerfile)$/i, 'docker'],
  [
    /\.(?:sh|bash|zsh|fish|ps1|bat|cmd)$|(?:^|\/)(?:GNUmakefile|Makefile|makefile|justfile|Justfile|Procfile|\.envrc)$|(?:^|\/)\.husky\/[\w-]+$/,
    'shell',
  ],
  [
    /(?:^|\/)(?:ts|js)config[^/]*\.json$|(?:^|\/)\.(?:eslintrc|babelrc|postcssrc|prettierrc|stylelintrc|commitlintrc|releaserc|swcrc|lintstagedrc|mocharc|nycrc)(?:\.(?:json5?|c?js|mjs|ts|ya?ml))?$|(?:^|\/)(?:eslint|babel|postcss|prettier|stylelint|commitlint|release|jest|tailwind|vite|vitest|webpack|rollup|rspack|rsbuild|next|nuxt|svelte|astro|metro|craco|vue|farm|electron\.vite|quasar|gatsby|docusaurus|ember-cli-build|playwright|tsup|esbuild|vitest\.workspace|karma|remix|angular)[\w.-]*\.(?:config|conf)?\.?(?:json5?|[cm]?[jt]s)$|(?:^|\/)[\w.-]*(?:alias|webpack|vite|rollup)[\w.-]*\.[cm]?[jt]s$|(?:^|\/)(?:deno\.jsonc?|import_map\.json|angular\.json|nx\.json|project\.json|components\.json|knip\.json|typedoc\.json|biome\.jsonc?|renovate\.json)$/i,
    'config',
  ],
  [/\.(?:md|mdx|mdc|markdown|rst|adoc)$|(?:^|\/)(?:README|CONTRIBUTING|INSTALL|HACKING)(?:\.txt)?$/i, 'document'],
]

/** Undefined for a file that is of no interest here. What a program wrote by the thousand is no document. */
export const kindOf = (path: string): FileKind | undefined =>
  /(?:^|\/)(?:CHANGELOG|CHANGES|HISTORY|RELEASES?|LICENSE)[^/]*$/i.test(path)
    ? undefined
    : kinds.find(([pattern]) => pattern.test(path))?.[1]

/** Made to be wrong, or to stand for a project of its own: what it names is the test's, not the project's. */
export const isFixture = (path: string): boolean =>
  /\.(?:input|output|fixture)\.[cm]?[jt]sx?$|(?:^|\/)(?:fixtures?|__fixtures__|test-?fixtures?|testdata|test-data|test-?cases?|__testfixtures__|__mocks__|__snapshots__|__mockdata__|mocks?|snapshots?|samples?|corpus|goldens?)\//i.test(
    path,
  )

/** A file of a test folder that is not called a test: it may be one's input, if what it imports is all unknown. */
export const mayBeInput = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests?__|specs?)\//i.test(path) && !/[._-](?:test|spec)s?\.[\w.]+$/i.test(path)

/** Where development dependencies do. */
export const isTest = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests?__|specs?|e2e|cypress|playwright|benchmarks?|bench|examples?|demos?|docs?|scripts?|tools?|\.storybook|\.vitepress|stories)\/|\.(?:test|spec|e2e|cy|bench|stories|test-d|spec-d)\.[\w.]+$|(?:^|\/)[\w.-]+\.config\.[cm]?[jt]s$|(?:^|\/)\.[\w.-]+\.[cm]?js$/i.test(
    path,
  )
