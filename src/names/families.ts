// What is known of names beyond the popular list, as data: which look alike for a good reason, what words an imitation
// adds to a name, and which packages big scopes hold. Every entry says why it stands here.

/** Scopes whose packages are called like others for a good reason. Who is popular himself imitates nobody anyway. */
export const benign = [
  {
    scope: '@types',
    why: 'DefinitelyTyped names its packages after the ones they describe: without the scope stands the described one.',
  },
] as const satisfies readonly { readonly scope: string; readonly why: string }[]

/**
 * Words that make a known name look like an edition of itself, and how popular the target must be at least (its rank
 * at most) for that to be told from chance. `brand`: a name of one word that no others use; `compound`: of several
 * words; `noun`: one that names of several owners are built of (`uuid`); `platform`: one that many others extend
 * (`react`). `*` stands for the target. Set by measurement: together they flag 1 real name in 1,000.
 */
export const affixes = [
  {
    why: 'They claim to be the true or the mended one, which the true one never needs to.',
    patterns: '*-official official-* *-original original-* *-real real-* *-true true-* *-genuine *-verified',
    lowestRank: { brand: 20_000, compound: 20_000, noun: 20_000, platform: 4_000 },
  },
  {
    why: 'They claim to be the same in better repair.',
    patterns: '*-fixed *-fix fixed-* *-patched *-secure secure-* *-safe *-clone *-mirror *-copy *-fork *-new new-*',
    lowestRank: { brand: 20_000, compound: 8_000, noun: 8_000, platform: 2_000 },
  },
  {
    why: 'They claim a release of their own; npm has versions for that.',
    patterns: '*-latest *-next *-stable *-beta *-alpha *-dev *-lts *-v1 *-v2 *-v3 *-v4 *-2 *-3 *-4 *-5',
    lowestRank: { brand: 4_000, compound: 4_000, noun: 2_000, platform: 1_000 },
  },
  {
    why: 'The same, in one word.',
    patterns: '*2 *3 *4 *5',
    lowestRank: { brand: 1_000, compound: 1_000, noun: 2_000, platform: 300 },
  },
  {
    why: 'They name the language, which goes without saying on npm.',
    patterns: '*-js *.js js-* *-javascript *-npm npm-* *-nodejs nodejs-*',
    lowestRank: { brand: 4_000, compound: 4_000, noun: 1_000, platform: 1_000 },
  },
  {
    why: 'The same, in one word.',
    patterns: '*js node*',
    lowestRank: { brand: 8_000, compound: 8_000, noun: 2_000, platform: 4_000 },
  },
  {
    why: 'They name the platform, which goes without saying too.',
    patterns: 'node-* *-node',
    lowestRank: { brand: 4_000, compound: 4_000, noun: 300, platform: 300 },
  },
  {
    why: 'They name a language or a format that a popular package often has already.',
    patterns: '*-ts ts-* *-typescript *-es *-es6 *-esm',
    lowestRank: { brand: 2_000, compound: 300, noun: 300, platform: 0 },
  },
  {
    why: 'They promise a better edition.',
    patterns:
      '*-pro *-plus *-premium *-lite *-mini *-extra simple-* easy-* fast-* quick-* super-* ultra-* the-* my-* better-*',
    lowestRank: { brand: 4_000, compound: 300, noun: 0, platform: 0 },
  },
  {
    why: 'They name a part that a well-known package could have.',
    patterns:
      '*-lib *-libs *-library *-api *-sdk *-pkg *-package *-module *-client *-server *-service *-wrapper *-plugin',
    lowestRank: { brand: 4_000, compound: 1_000, noun: 2_000, platform: 300 },
  },
  {
    why: 'They name a part that many well-known packages do have.',
    patterns: '*-cli *-core *-common *-base *-util *-utils *-tool *-tools *-kit *-helper *-helpers',
    lowestRank: { brand: 2_000, compound: 1_000, noun: 300, platform: 0 },
  },
] as const satisfies readonly Affix[]

/** What an organization could call a second scope. */
export const scopeAffixes = '*-org *org *-dev *dev *-labs *labs *-team *-hq *-inc *-io *-oss *-packages'

export interface Affix {
  readonly why: string
  readonly patterns: string
  readonly lowestRank: Readonly<Record<'brand' | 'compound' | 'noun' | 'platform', number>>
}

/** Words that mean the same in a name; one for the other is the name that memory gives back. */
export const synonyms = [
  'util utils utility utilities',
  'parse parser parsing',
  'load loader',
  'config conf cfg configuration',
  'js javascript',
  'ts typescript',
  'str string',
  'msg message',
  'cmd command commander',
  'env environment',
  'pkg package',
  'mw middleware',
  'manager mgr',
  'plugin plug',
  'lib library',
  'auth authentication',
  'db database',
  'dir directory folder',
  'img image',
  'color colour',
  'async asynchronous',
  'validate validator validation',
  'format formatter',
  'color colors',
  'request req',
  'promise promises',
] as const

/** First words of packages that one scope holds in great number, beyond those that are popular. */
export const scopeFamilies = [
  {
    scope: '@azure',
    why: 'The SDK has a package for every service of the cloud; hundreds are known, few are popular.',
    begin:
      'arm cognitiveservices keyvault communication iot maps monitor mixedreality digital-twins schema-registry purview service-bus web-pubsub container-registry app-configuration event-hubs eventgrid notification-hubs synapse core-http core-auth storage-file storage-queue storage-blob data-tables search-documents ai-text ai-form ai-language ai-document ai-content ai-vision ai-anomaly ai-metrics ai-translation',
  },
  {
    scope: '@aws-sdk',
    why: 'One client package for every service of the cloud, and the parts they share.',
    begin:
      'credential-provider eventstream client-s3 client-dynamodb client-cloud client-cognito client-iam client-lambda client-ec2 client-secrets',
  },
] as const satisfies readonly { readonly scope: string; readonly why: string; readonly begin: string }[]
