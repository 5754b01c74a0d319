// Provider tokens by their published shapes, with bodies of our own. No token stands here whole: a shape is a literal
// with holes, `{w36}` being 36 characters of the class w. Where the checksum's formula is public, two in three are
// valid, for people break checksums when they fake tokens and a scanner must see both.

import { crc32 } from 'node:zlib'
import type { Random } from './random.ts'

export interface Provider {
  readonly id: string
  /** The environment variable people keep it in. */
  readonly variable: string
  /** Whether the token says by itself what it is; else only the name tells. */
  readonly anchored: boolean
  make(random: Random): string
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const lower = upper.toLowerCase()
const digits = '0123456789'
export const classes = {
  w: digits + upper + lower,
  h: `${digits}abcdef`,
  H: `${digits}ABCDEF`,
  d: digits,
  a: lower,
  A: upper,
  l: digits + lower,
  B: `${upper}234567`,
  b: `${upper + lower + digits}+/`,
  u: `${upper + lower + digits}-_`,
  s: digits + upper,
  n: '123456789',
  x: 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.toUpperCase(),
} as const

/** Fills a shape: `{w36}` by 36 characters of class w, `{U}` by a UUID; everything else stands for itself. */
export function fill(shape: string, random: Random): string {
  return shape
    .replaceAll('{U}', '{h8}-{h4}-4{h3}-a{h3}-{h12}')
    .replace(/\{([a-zA-Z])(\d+)\}/g, (_, kind: keyof typeof classes, length: string) =>
      random.chars(classes[kind], Number(length)),
    )
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const base64url = (text: string): string => Buffer.from(text, 'latin1').toString('base64url')

function base62(number: number): string {
  let written = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) written = classes.w[rest % 62]! + written
  return written.padStart(6, '0')
}
const hex8 = (number: number): string => number.toString(16).padStart(8, '0')
function reversedHex8(number: number): string {
  return hex8(number).match(/../g)!.reverse().join('')
}

/** A checksummed token: `sum` writes the checksum behind `prefix + body`. */
function summed(prefix: string, body: string, wrong: string, sum: (prefix: string, body: string) => string) {
  return (random: Random): string => {
    const filled = fill(body, random)
    return prefix + filled + (random.chance(2 / 3) ? sum(prefix, filled) : fill(wrong, random))
  }
}
const crc62 = (_: string, body: string): string => base62(crc32(body))
const crcHex = (_: string, body: string): string => hex8(crc32(body))

export function jwt(random: Random, claims?: Readonly<Record<string, unknown>>): string {
  const header = base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' }))
  const sub = String(random.between(1000, 99_999))
  const body = base64url(JSON.stringify({ sub, iat: 1_700_000_000 + random.below(9_000_000), ...claims }))
  return `${header}.${body}.${random.chars(classes.u, 43)}`
}

/** [id, variable, shape or maker]: tokens that tell by themselves. */
const anchored: readonly (readonly [string, string, string | Provider['make']])[] = [
  ['github-classic', 'GITHUB_TOKEN', summed('ghp_', '{w30}', '{w6}', crc62)],
  ['github-oauth', 'GH_OAUTH_TOKEN', summed('gho_', '{w30}', '{w6}', crc62)],
  ['github-user-to-server', 'GH_USER_TOKEN', summed('ghu_', '{w30}', '{w6}', crc62)],
  ['github-server', 'GH_APP_TOKEN', summed('ghs_', '{w30}', '{w6}', crc62)],
  ['github-refresh', 'GH_REFRESH_TOKEN', summed('ghr_', '{w30}', '{w6}', crc62)],
  ['github-fine-grained', 'GH_TOKEN', 'github_pat_11{s20}_{w59}'],
  ['gitlab', 'GITLAB_TOKEN', 'glpat-{u20}'],
  [
    'gitlab-routable',
    'GITLAB_PAT',
    summed('glpat-', '{u27}.01.{l2}', '{l7}', (prefix, body) =>
      crc32(prefix + body)
        .toString(36)
        .padStart(7, '0'),
    ),
  ],
  ['gitlab-trigger', 'GITLAB_TRIGGER_TOKEN', 'glptt-{h40}'],
  ['gitlab-runner', 'RUNNER_TOKEN', 'glrt-{u20}'],
  ['gitlab-deploy', 'GITLAB_DEPLOY_TOKEN', 'gldt-{u20}'],
  ['openai-project', 'OPENAI_API_KEY', 'sk-proj-{u74}T3BlbkFJ{u74}'],
  ['openai-legacy', 'OPENAI_KEY', 'sk-{w20}T3BlbkFJ{w20}'],
  ['openai-service', 'OPENAI_SERVICE_KEY', 'sk-svcacct-{u74}T3BlbkFJ{u74}'],
  ['anthropic', 'ANTHROPIC_API_KEY', 'sk-ant-api03-{u93}AA'],
  ['anthropic-admin', 'ANTHROPIC_ADMIN_KEY', 'sk-ant-admin01-{u93}AA'],
  ['npm', 'NPM_TOKEN', summed('npm_', '{w30}', '{w6}', crc62)],
  ['slack-bot', 'SLACK_BOT_TOKEN', 'xoxb-{n1}{d11}-{n1}{d12}-{w24}'],
  ['slack-user', 'SLACK_USER_TOKEN', 'xoxp-{n1}{d11}-{n1}{d11}-{n1}{d12}-{h32}'],
  ['slack-app', 'SLACK_APP_TOKEN', 'xapp-1-A{s10}-{n1}{d12}-{h64}'],
  ['slack-webhook', 'SLACK_WEBHOOK_URL', 'https://hooks.slack.com/services/T{s8}/B{s10}/{w24}'],
  ['sendgrid', 'SENDGRID_API_KEY', 'SG.{u22}.{u43}'],
  ['stripe-live', 'STRIPE_SECRET_KEY', 'sk_live_51{w97}'],
  ['stripe-live-short', 'STRIPE_KEY', 'sk_live_{w24}'],
  ['stripe-restricted', 'STRIPE_RESTRICTED_KEY', 'rk_live_51{w97}'],
  ['stripe-test', 'STRIPE_TEST_KEY', 'sk_test_51{w97}'],
  ['stripe-webhook', 'STRIPE_WEBHOOK_SECRET', 'whsec_{w32}'],
  ['azure-client-secret', 'AZURE_CLIENT_SECRET', '{w3}8Q~{w12}-{w10}.{w8}'],
  ['google-api', 'GOOGLE_API_KEY', 'AIzaSy{u33}'],
  ['google-oauth-secret', 'GOOGLE_CLIENT_SECRET', 'GOCSPX-{u28}'],
  ['google-access', 'GOOGLE_ACCESS_TOKEN', 'ya29.a0Af{u130}'],
  ['hugging-face', 'HF_TOKEN', (random) => `hf_${random.chars(upper + lower, 34)}`],
  ['pypi', 'TWINE_PASSWORD', 'pypi-AgEIcHlwaS5vcmcCJ{u130}'],
  ['jwt', 'ACCESS_JWT', (random) => jwt(random)],
  ['bitbucket', 'BITBUCKET_APP_PASSWORD', 'ATBB{w24}{H8}'],
  ['rubygems', 'GEM_HOST_API_KEY', 'rubygems_{h48}'],
  [
    'discord-bot',
    'DISCORD_TOKEN',
    (random) => `${base64url(fill('{n1}{d17}', random))}.G${fill('{w5}.{u38}', random)}`,
  ],
  ['discord-webhook', 'DISCORD_WEBHOOK_URL', 'https://discord.com/api/webhooks/1{d17}/{u68}'],
  ['telegram', 'TELEGRAM_BOT_TOKEN', '{n1}{d9}:AA{u33}'],
  ['mailchimp', 'MAILCHIMP_API_KEY', '{h32}-us{n1}'],
  ['square-access', 'SQUARE_OAUTH_TOKEN', 'sq0atp-{u22}'],
  ['square-secret', 'SQUARE_SECRET', 'sq0csp-{u43}'],
  ['square-production', 'SQUARE_ACCESS_TOKEN', 'EAAA{u60}'],
  ['shopify-admin', 'SHOPIFY_ACCESS_TOKEN', 'shpat_{h32}'],
  ['shopify-shared', 'SHOPIFY_API_SECRET', 'shpss_{h32}'],
  ['heroku', 'HEROKU_API_KEY', 'HRKU-AA{u58}'],
  ['databricks', 'DATABRICKS_TOKEN', 'dapi{h32}'],
  [
    'grafana-service',
    'GRAFANA_TOKEN',
    summed('glsa_', '{w32}', '_{h8}', (prefix, body) => `_${reversedHex8(crc32(prefix + body))}`),
  ],
  [
    'grafana-cloud',
    'GRAFANA_CLOUD_TOKEN',
    (random) => `glc_${base64(JSON.stringify({ o: '71234', n: 'ci', k: fill('{w24}', random), m: { r: 'eu' } }))}`,
  ],
  ['vault', 'VAULT_TOKEN', 'hvs.{u95}'],
  ['postman', 'POSTMAN_API_KEY', 'PMAK-{h24}-{h34}'],
  [
    'atlassian',
    'ATLASSIAN_API_TOKEN',
    summed('ATATT3xFfGF0', '{u175}=', '{H8}', (prefix, body) => hex8(crc32(prefix + body)).toUpperCase()),
  ],
  ['artifactory', 'ARTIFACTORY_API_KEY', 'AKCp{n1}{w68}'],
  ['mailgun', 'MAILGUN_API_KEY', 'key-{h32}'],
  ['digitalocean', 'DIGITALOCEAN_TOKEN', 'dop_v1_{h64}'],
  ['cloudflare-origin', 'CLOUDFLARE_ORIGIN_CA_KEY', 'v1.0-{h24}-{h146}'],
  ['cloudflare-user', 'CLOUDFLARE_USER_TOKEN', summed('cfut_', '{w40}', '{h8}', crcHex)],
  ['linear', 'LINEAR_API_KEY', 'lin_api_{w40}'],
  ['dropbox', 'DROPBOX_TOKEN', 'sl.B{u136}'],
  ['new-relic-user', 'NEW_RELIC_API_KEY', 'NRAK-{s27}'],
  ['new-relic-insights', 'NEW_RELIC_INSERT_KEY', 'NRII-{u32}'],
  ['doppler', 'DOPPLER_TOKEN', 'dp.pt.{w43}'],
  ['facebook', 'FACEBOOK_ACCESS_TOKEN', 'EAACEdEose0cBA{w140}'],
  ['age', 'AGE_KEY', 'AGE-SECRET-KEY-1{x58}'],
  ['azure-devops', 'AZURE_DEVOPS_EXT_PAT', '{w76}AZDO{w4}'],
  ['docker-hub', 'DOCKERHUB_TOKEN', 'dckr_pat_{u27}'],
  ['brevo', 'BREVO_API_KEY', 'xkeysib-{h64}-{w16}'],
  ['planetscale', 'PLANETSCALE_TOKEN', 'pscale_tkn_{u43}'],
  ['planetscale-password', 'PLANETSCALE_PASSWORD', 'pscale_pw_{u43}'],
  ['dynatrace', 'DT_API_TOKEN', 'dt0c01.{B24}.{B64}'],
  ['mapbox', 'MAPBOX_SECRET_TOKEN', (random) => `sk.${jwt(random).split('.')[1]}${fill('{u20}.{u22}', random)}`],
  ['twitter-bearer', 'TWITTER_BEARER_TOKEN', 'AAAAAAAAAAAAAAAAAAAAA{w23}%3D{w50}'],
  ['adobe', 'ADOBE_CLIENT_SECRET', 'p8e-{u32}'],
  [
    'azure-storage',
    'AZURE_STORAGE_CONNECTION_STRING',
    'DefaultEndpointsProtocol=https;AccountName=shopfiles;AccountKey={b86}==;EndpointSuffix=core.windows.net',
  ],
  ['nuget', 'NUGET_API_KEY', 'oy2{l43}'],
  ['sonar', 'SONAR_TOKEN', 'squ_{h40}'],
  ['teams-webhook', 'TEAMS_WEBHOOK_URL', 'https://acme.webhook.office.com/webhookb2/{U}@{U}/IncomingWebhook/{h32}/{U}'],
  ['netlify', 'NETLIFY_AUTH_TOKEN', 'nfp_{w36}'],
  ['contentful', 'CONTENTFUL_MANAGEMENT_TOKEN', 'CFPAT-{u43}'],
  ['notion', 'NOTION_TOKEN', 'ntn_{n1}{d10}{w35}'],
  ['asana', 'ASANA_TOKEN', '1/{n1}{d15}:{h32}'],
  [
    'sentry-org',
    'SENTRY_AUTH_TOKEN',
    (random) =>
      `sntrys_${base64(JSON.stringify({ iat: 1_700_000_000.5, url: 'https://sentry.io', org: 'acme' })).replace(/=+$/, '')}_${fill('{b43}', random)}`,
  ],
  ['sentry-user', 'SENTRY_TOKEN', 'sntryu_{h64}'],
  ['terraform-cloud', 'TFE_TOKEN', '{w14}.atlasv1.{w67}'],
  ['pulumi', 'PULUMI_ACCESS_TOKEN', 'pul-{h40}'],
  ['hubspot', 'HUBSPOT_TOKEN', 'pat-na1-{U}'],
  ['typeform', 'TYPEFORM_TOKEN', 'tfp_{w44}_{w14}'],
  ['readme', 'README_API_KEY', 'rdme_xn8s9h{l64}'],
  ['prefect', 'PREFECT_API_KEY', 'pnu_{w36}'],
  ['duffel', 'DUFFEL_ACCESS_TOKEN', 'duffel_live_{u43}'],
  ['easypost', 'EASYPOST_API_KEY', 'EZAK{w54}'],
  ['shippo', 'SHIPPO_TOKEN', 'shippo_live_{h40}'],
  ['groq', 'GROQ_API_KEY', 'gsk_{w20}WGdyb3FY{w24}'],
  ['clojars', 'CLOJARS_PASSWORD', 'CLOJARS_{h60}'],
  ['yandex', 'YANDEX_API_KEY', 'AQVN{u36}'],
  ['confluent', 'CONFLUENT_SECRET', 'cflt{b60}'],
  ['airtable', 'AIRTABLE_API_KEY', 'pat{w14}.{h64}'],
  ['figma', 'FIGMA_TOKEN', 'figd_{u40}'],
  [
    'onepassword',
    'OP_SERVICE_ACCOUNT_TOKEN',
    (random) =>
      `ops_${base64url(JSON.stringify({ signInAddress: 'acme.1password.com', email: fill('{l13}@1passwordserviceaccounts.com', random), srpX: fill('{h64}', random), muk: { alg: 'A256GCM', k: fill('{u43}', random) } }))}`,
  ],
  ['buildkite', 'BUILDKITE_API_TOKEN', 'bkua_{h40}'],
  ['launchdarkly', 'LAUNCHDARKLY_SDK_KEY', 'sdk-{U}'],
  ['salesforce', 'SF_ACCESS_TOKEN', '00D{w12}!AQ{u94}'],
  ['perplexity', 'PERPLEXITY_API_KEY', 'pplx-{w48}'],
  ['plaid', 'PLAID_ACCESS_TOKEN', 'access-production-{U}'],
  ['flutterwave', 'FLUTTERWAVE_SECRET_KEY', 'FLWSECK-{h32}-X'],
  ['vercel', 'VERCEL_TOKEN', summed('vcp_', '{w50}', '{w6}', crc62)],
  ['fly', 'FLY_API_TOKEN', 'FlyV1 fm2_{b180}'],
  ['supabase-personal', 'SUPABASE_ACCESS_TOKEN', 'sbp_{h40}'],
  ['supabase-secret', 'SUPABASE_SECRET_KEY', 'sb_secret_{u22}_{u8}'],
  [
    'supabase-service-role',
    'SUPABASE_SERVICE_ROLE_KEY',
    (random) => jwt(random, { iss: 'supabase', ref: fill('{a20}', random), role: 'service_role' }),
  ],
  ['sourcegraph', 'SRC_ACCESS_TOKEN', 'sgp_{h16}_{h40}'],
  ['openshift', 'OPENSHIFT_TOKEN', 'sha256~{u43}'],
  ['xai', 'XAI_API_KEY', 'xai-{w80}'],
  ['crates', 'CARGO_REGISTRY_TOKEN', 'cio{w32}'],
  ['braintree', 'BRAINTREE_ACCESS_TOKEN', 'access_token$production${l16}${h32}'],
  ['posthog', 'POSTHOG_PERSONAL_API_KEY', 'phx_{w43}'],
  ['circleci', 'CIRCLE_TOKEN', 'CCIPAT_{w22}_{h40}'],
  ['tailscale', 'TAILSCALE_AUTHKEY', 'tskey-auth-k{w10}CNTRL-{w32}'],
  ['aws-mws', 'MWS_AUTH_TOKEN', 'amzn.mws.{U}'],
  ['cosmos', 'COSMOS_KEY', '{w76}ACDb{w4}=='],
  ['replicate', 'REPLICATE_API_TOKEN', 'r8_{w37}'],
  ['elevenlabs', 'ELEVENLABS_API_KEY', 'sk_{h48}'],
  ['openrouter', 'OPENROUTER_API_KEY', 'sk-or-v1-{h64}'],
  ['nvidia', 'NVIDIA_API_KEY', 'nvapi-{u64}'],
  ['paystack', 'PAYSTACK_SECRET_KEY', 'sk_live_{h40}'],
  ['honeycomb', 'HONEYCOMB_API_KEY', 'hcaik_01{l56}'],
  ['aws-bedrock', 'AWS_BEARER_TOKEN_BEDROCK', 'ABSKQmVkcm9ja0FQSUtleS{b108}='],
  ['langsmith', 'LANGSMITH_API_KEY', 'lsv2_pt_{h32}_{h10}'],
  ['langfuse', 'LANGFUSE_SECRET_KEY', 'sk-lf-{U}'],
  ['mandrill', 'MANDRILL_API_KEY', 'md-{u22}'],
  ['clickup', 'CLICKUP_TOKEN', 'pk_{n1}{d7}_{s32}'],
  ['fcm-legacy', 'FCM_SERVER_KEY', 'AAAA{u7}:APA91b{u134}'],
  ['pinecone', 'PINECONE_API_KEY', 'pcsk_{w6}_{w63}'],
  ['trello', 'TRELLO_TOKEN', 'ATTA{h64}{H8}'],
  ['resend', 'RESEND_API_KEY', 're_{w8}_{w24}'],
  ['render', 'RENDER_API_KEY', 'rnd_{w32}'],
  ['neon', 'NEON_API_KEY', 'napi_{l64}'],
  ['cerebras', 'CEREBRAS_API_KEY', 'csk-{l48}'],
  ['snyk-uat', 'SNYK_OAUTH_TOKEN', 'snyk_uat.{h8}.{w30}.{w40}'],
  ['intercom', 'INTERCOM_ACCESS_TOKEN', (random) => base64(`tok:${fill('{h8}_{h4}_{h4}_{h4}_{h12}:1:0', random)}`)],
  ['aws-session', 'AWS_SESSION_TOKEN', 'IQoJb3JpZ2luX2Vj{b340}=='],
]

/** Tokens without a mark of their own: the name says whose they are. */
const named: readonly (readonly [string, string, string])[] = [
  ['aws-secret', 'AWS_SECRET_ACCESS_KEY', '{b40}'],
  ['npm-legacy', 'NPM_AUTH_TOKEN', '{U}'],
  ['twilio-auth', 'TWILIO_AUTH_TOKEN', '{h32}'],
  ['heroku-legacy', 'HEROKU_API_TOKEN', '{U}'],
  ['cloudflare-legacy', 'CLOUDFLARE_API_TOKEN', '{u40}'],
  ['cloudflare-global', 'CLOUDFLARE_API_KEY', '{h37}'],
  ['facebook-secret', 'FACEBOOK_APP_SECRET', '{h32}'],
  ['azure-devops-legacy', 'AZURE_DEVOPS_PAT', '{l52}'],
  ['alibaba', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', '{w30}'],
  ['twitter-secret', 'TWITTER_API_SECRET', '{w50}'],
  ['spotify', 'SPOTIFY_CLIENT_SECRET', '{h32}'],
  ['twitch', 'TWITCH_CLIENT_SECRET', '{l30}'],
  ['box', 'BOX_CLIENT_SECRET', '{w32}'],
  ['okta', 'OKTA_API_TOKEN', '00{u40}'],
  ['linkedin', 'LINKEDIN_CLIENT_SECRET', '{w16}'],
  ['algolia', 'ALGOLIA_ADMIN_KEY', '{h32}'],
  ['datadog-api', 'DD_API_KEY', '{h32}'],
  ['datadog-app', 'DD_APP_KEY', '{h40}'],
  ['snyk', 'SNYK_TOKEN', '{U}'],
  ['codecov', 'CODECOV_TOKEN', '{U}'],
  ['zendesk', 'ZENDESK_API_TOKEN', '{w40}'],
  ['loggly', 'LOGGLY_TOKEN', '{U}'],
  ['django', 'DJANGO_SECRET_KEY', '{l14}@w%{l12}^-{l10}!+{l8}'],
  ['rails', 'SECRET_KEY_BASE', '{h128}'],
  ['laravel', 'APP_KEY', 'base64:{b43}='],
  ['cohere', 'CO_API_KEY', '{w40}'],
  ['cohere-long', 'COHERE_API_KEY', '{w40}'],
  ['deepseek', 'DEEPSEEK_API_KEY', 'sk-{h32}'],
  ['wandb', 'WANDB_API_KEY', '{h40}'],
  ['postmark', 'POSTMARK_SERVER_TOKEN', '{U}'],
  ['auth0', 'AUTH0_CLIENT_SECRET', '{u64}'],
  ['recaptcha', 'RECAPTCHA_SECRET_KEY', '6Le{u37}'],
  ['azure-openai', 'AZURE_OPENAI_API_KEY', '{h32}'],
  ['mistral', 'MISTRAL_API_KEY', '{w32}'],
  ['together', 'TOGETHER_API_KEY', '{h64}'],
  ['scaleway', 'SCW_SECRET_KEY', '{U}'],
  ['rollbar', 'ROLLBAR_ACCESS_TOKEN', '{h32}'],
  ['mixpanel', 'MIXPANEL_SECRET', '{h32}'],
  ['pagerduty', 'PAGERDUTY_TOKEN', 'u+{w18}'],
  ['opsgenie', 'OPSGENIE_API_KEY', '{U}'],
  ['ngrok', 'NGROK_AUTHTOKEN', '2{w26}_{w21}'],
  ['infura', 'INFURA_API_KEY_SECRET', '{w43}'],
  ['ethereum', 'DEPLOYER_PRIVATE_KEY', '0x{h64}'],
  ['razorpay', 'RAZORPAY_KEY_SECRET', '{w24}'],
  ['linode', 'LINODE_TOKEN', '{h64}'],
  ['hetzner', 'HCLOUD_TOKEN', '{w64}'],
  ['railway', 'RAILWAY_TOKEN', '{U}'],
  ['gocardless', 'GC_ACCESS_TOKEN', 'live_{u40}'],
  ['ibm-cloud', 'IBMCLOUD_API_KEY', '{u44}'],
  ['coinbase', 'COINBASE_API_SECRET', '{w32}'],
  ['vonage', 'VONAGE_API_SECRET', '{w16}'],
  ['plaid-secret', 'PLAID_SECRET', '{h30}'],
  ['snowflake', 'SNOWFLAKE_PASSWORD', '{w10}-{d4}!'],
  ['sumologic', 'SUMO_ACCESS_KEY', '{w64}'],
  ['trello-secret', 'TRELLO_API_SECRET', '{h64}'],
  ['drone', 'DRONE_TOKEN', '{w32}'],
]

const maker = (shape: string | Provider['make']): Provider['make'] =>
  typeof shape === 'string' ? (random) => fill(shape, random) : shape

export const providers: readonly Provider[] = [
  ...anchored.map(([id, variable, shape]) => ({ id, variable, anchored: true, make: maker(shape) })),
  ...named.map(([id, variable, shape]) => ({ id, variable, anchored: false, make: maker(shape) })),
]
