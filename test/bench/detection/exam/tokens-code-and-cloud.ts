// Provider tokens of the blind exam, first part: code, packages, clouds and data. One row a type: the kind, the names
// that developers give it, and how a made-up one is put together. Formats come from the providers' documentation.

import {
  AN,
  B32,
  B58,
  B64,
  B64U,
  base64,
  bech32,
  crcBase64Little,
  crcHex,
  crcHexLittle,
  DIGIT,
  HEX,
  LOW,
  type Random,
  routable,
  UP,
  withCrc62,
} from './random.ts'

export type Token = readonly [kind: string, names: string, make: (r: Random) => string]

const fixed =
  (prefix: string, alphabet: string, length: number, suffix = ''): Token[2] =>
  (r) =>
    prefix + r.text(alphabet, length) + suffix
const uuid =
  (prefix = ''): Token[2] =>
  (r) =>
    prefix + r.uuid()

export const codeAndCloud: readonly Token[] = [
  [
    'aws-access-key-id',
    'AWS_ACCESS_KEY_ID',
    (r) => `${r.pick(['AKIA', 'ASIA'])}${r.pick(['X', 'Y', '2', '3'])}${r.text(B32, 15)}`,
  ],
  ['aws-secret-access-key', 'AWS_SECRET_ACCESS_KEY', fixed('', B64, 40)],
  ['aws-session-token', 'AWS_SESSION_TOKEN', (r) => `IQoJb3JpZ2luX2Vj${r.text(B64, 340)}==`],
  ['aws-mws', 'MWS_AUTH_TOKEN', uuid('amzn.mws.')],
  [
    'aws-bedrock',
    'AWS_BEARER_TOKEN_BEDROCK',
    (r) => `ABSK${base64(`BedrockAPIKey-${r.text(LOW, 4)}-at-${r.text(DIGIT, 12)}:${r.text(B64, 60)}`)}`,
  ],
  ['github-classic', 'GITHUB_TOKEN GH_TOKEN', (r) => `ghp_${withCrc62(r.text(AN, 30))}`],
  ['github-fine-grained', 'GITHUB_PAT', (r) => `github_pat_11${r.text(UP, 20)}_${r.text(AN, 59)}`],
  ['github-oauth', 'GITHUB_OAUTH_TOKEN', (r) => `gho_${withCrc62(r.text(AN, 30))}`],
  ['github-app', 'GH_APP_TOKEN', (r) => `${r.pick(['ghs_', 'ghu_'])}${withCrc62(r.text(AN, 30))}`],
  ['github-refresh', 'GITHUB_REFRESH_TOKEN', (r) => `ghr_${withCrc62(r.text(AN, 70))}`],
  ['gitlab-pat', 'GITLAB_TOKEN GITLAB_PRIVATE_TOKEN', fixed('glpat-', B64U, 20)],
  ['gitlab-pat-routable', 'GITLAB_API_TOKEN', (r) => routable('glpat-', r.text(B64U, 36))],
  ['gitlab-trigger', 'GITLAB_TRIGGER_TOKEN', fixed('glptt-', HEX, 40)],
  ['gitlab-runner', 'RUNNER_TOKEN', fixed('glrt-', B64U, 20)],
  ['gitlab-runner-registration', 'CI_REGISTRATION_TOKEN', fixed('GR1348941', B64U, 20)],
  ['gitlab-deploy', 'GITLAB_DEPLOY_TOKEN', fixed('gldt-', B64U, 20)],
  ['gitlab-feed', 'GITLAB_FEED_TOKEN', fixed('glft-', B64U, 20)],
  ['gitlab-job', 'CI_JOB_TOKEN', (r) => `glcbt-${r.text(HEX, 2)}_${r.text(B64U, 20)}`],
  ['gitlab-scim', 'SCIM_TOKEN', fixed('glsoat-', B64U, 20)],
  ['gitlab-agent', 'GITLAB_AGENT_TOKEN', fixed('glagent-', B64U, 50)],
  ['gitlab-oauth', 'GITLAB_OAUTH_SECRET', fixed('gloas-', HEX, 64)],
  ['gitlab-incoming-mail', 'GITLAB_MAIL_TOKEN', fixed('glimt-', LOW, 25)],
  [
    'bitbucket-app-password',
    'BITBUCKET_APP_PASSWORD',
    (r) => {
      const b = `ATBB${r.text(AN, 24)}`
      return b + crcHex(b).toUpperCase()
    },
  ],
  [
    'bitbucket-repository',
    'BITBUCKET_ACCESS_TOKEN',
    (r) => {
      const b = `ATCTT3xFfGN0${r.text(B64U, 171)}=`
      return b + crcHex(b).toUpperCase()
    },
  ],
  ['bitbucket-oauth', 'BITBUCKET_CLIENT_SECRET', fixed('', AN, 32)],
  [
    'atlassian',
    'JIRA_API_TOKEN CONFLUENCE_TOKEN',
    (r) => {
      const b = `ATATT3xFfGF0${r.text(B64U, 171)}=`
      return b + crcHex(b).toUpperCase()
    },
  ],
  ['npm', 'NPM_TOKEN', (r) => `npm_${withCrc62(r.text(AN, 30))}`],
  ['pypi', 'PYPI_TOKEN TWINE_PASSWORD', fixed('pypi-AgEIcHlwaS5vcmcC', B64U, 150)],
  ['rubygems', 'RUBYGEMS_API_KEY GEM_HOST_API_KEY', fixed('rubygems_', HEX, 48)],
  ['nuget', 'NUGET_API_KEY', fixed('oy2', LOW, 43)],
  ['crates-io', 'CARGO_REGISTRY_TOKEN', fixed('cio', AN, 32)],
  ['clojars', 'CLOJARS_PASSWORD', fixed('CLOJARS_', HEX, 60)],
  ['packagist', 'PACKAGIST_TOKEN', fixed('packagist_uut_', HEX, 68)],
  ['docker-hub', 'DOCKERHUB_TOKEN DOCKER_PASSWORD', fixed('dckr_pat_', B64U, 27)],
  ['docker-organisation', 'DOCKER_OAT', fixed('dckr_oat_', B64U, 32)],
  ['artifactory', 'ARTIFACTORY_API_KEY', fixed('AKCp', B58, 69)],
  ['artifactory-reference', 'JFROG_ACCESS_TOKEN', (r) => base64(`reftkn:01:17${r.text(DIGIT, 8)}:${r.text(AN, 27)}`)],
  ['sonar', 'SONAR_TOKEN', (r) => `${r.pick(['squ_', 'sqp_', 'sqa_'])}${r.text(HEX, 40)}`],
  ['sonarcloud', 'SONARCLOUD_TOKEN', fixed('', HEX, 40)],
  ['codecov', 'CODECOV_TOKEN', uuid()],
  ['snyk', 'SNYK_TOKEN', uuid()],
  ['buildkite', 'BUILDKITE_API_TOKEN', fixed('bkua_', HEX, 40)],
  ['circleci', 'CIRCLECI_TOKEN', (r) => `CCIPAT_${r.text(B58, 22)}_${r.text(HEX, 40)}`],
  ['travis', 'TRAVIS_API_TOKEN', fixed('', B64U, 22)],
  ['sourcegraph', 'SOURCEGRAPH_TOKEN', (r) => `sgp_${r.text(HEX, 16)}_${r.text(HEX, 40)}`],
  ['terraform-cloud', 'TFE_TOKEN', (r) => `${r.text(AN, 14)}.atlasv1.${r.text(AN, 67)}`],
  ['pulumi', 'PULUMI_ACCESS_TOKEN', fixed('pul-', HEX, 40)],
  ['vault-service', 'VAULT_TOKEN', fixed('hvs.CAESI', B64U, 90)],
  ['vault-legacy', 'VAULT_ROOT_TOKEN', fixed('s.', AN, 24)],
  ['doppler', 'DOPPLER_TOKEN', (r) => `dp.${r.pick(['pt.', 'st.prd.'])}${r.text(AN, 43)}`],
  ['infisical', 'INFISICAL_TOKEN', (r) => `st.${r.text(HEX, 24)}.${r.text(HEX, 32)}.${r.text(HEX, 32)}`],
  [
    'one-password-service',
    'OP_SERVICE_ACCOUNT_TOKEN',
    (r) =>
      `ops_${base64(JSON.stringify({ signInAddress: 'acme.1password.com', userAuth: { method: 'SRPg-4096' }, email: `${r.text(LOW, 13)}@1passwordserviceaccounts.com`, srpX: r.text(HEX, 64), muk: { k: r.text(B64U, 43) }, secretKey: r.text(UP, 20) }))}`,
  ],
  [
    'one-password-secret-key',
    'OP_SECRET_KEY',
    (r) => `A3-${[6, 6, 5, 5, 5, 5].map((length) => r.text('23456789ABCDEFGHJKLMNPQRSTVWXYZ', length)).join('-')}`,
  ],
  ['age', 'SOPS_AGE_KEY', (r) => bech32('age-secret-key-', r.bytes(32))],
  ['gcp-api-key', 'GCP_API_KEY', fixed('AIzaSy', B64U, 33)],
  ['google-oauth-secret', 'GOOGLE_CLIENT_SECRET', fixed('GOCSPX-', B64U, 28)],
  ['google-access-token', 'GOOGLE_ACCESS_TOKEN', fixed('ya29.a0', B64U, 180)],
  ['firebase-server-key', 'FCM_SERVER_KEY', (r) => `AAAA${r.text(B64U, 7)}:APA91b${r.text(B64U, 134)}`],
  ['recaptcha', 'RECAPTCHA_SECRET_KEY', fixed('6Lc', B64U, 37)],
  [
    'azure-client-secret',
    'AZURE_CLIENT_SECRET ARM_CLIENT_SECRET',
    (r) => `${r.text(AN, 3)}8Q~${r.text(`${AN}_~.-`, 33)}${r.text(AN, 1)}`,
  ],
  ['azure-storage', 'AZURE_STORAGE_KEY', (r) => `${r.text(B64, 76)}+ASt${r.text(B64, 5)}A==`],
  ['azure-cosmos', 'COSMOS_KEY', (r) => `${r.text(B64, 76)}ACDb${r.text(B64, 5)}A==`],
  ['azure-search', 'AZURE_SEARCH_ADMIN_KEY', (r) => `${r.text(AN, 42)}AzSe${r.text(AN, 6)}`],
  ['azure-function', 'AZURE_FUNCTION_KEY', (r) => `${r.text(B64U, 44)}AzFu${r.text(AN, 5)}A==`],
  ['azure-registry', 'ACR_PASSWORD', (r) => `${r.text(AN, 42)}+ACR${r.text(AN, 6)}`],
  ['azure-devops', 'AZURE_DEVOPS_PAT', (r) => `${r.text(AN, 76)}AZDO${r.text(AN, 4)}`],
  ['azure-devops-legacy', 'AZURE_DEVOPS_EXT_PAT', fixed('', 'abcdefghijklmnopqrstuvwxyz234567', 52)],
  [
    'azure-openai',
    'AZURE_OPENAI_API_KEY',
    (r) => `${r.text(AN, 52)}JQQJ99${r.text(UP, 8)}XJ3w3AAABACOG${r.text(AN, 5)}`,
  ],
  ['azure-openai-legacy', 'AZURE_OPENAI_KEY', fixed('', HEX, 32)],
  ['digitalocean', 'DIGITALOCEAN_TOKEN DO_TOKEN', (r) => `${r.pick(['dop_v1_', 'doo_v1_'])}${r.text(HEX, 64)}`],
  [
    'cloudflare-scannable',
    'CLOUDFLARE_API_TOKEN',
    (r) => {
      const b = r.text(AN, 40)
      return `cfut_${b}${crcHex(b)}`
    },
  ],
  ['cloudflare-token', 'CF_API_TOKEN CLOUDFLARE_TOKEN', fixed('', B64U, 40)],
  ['cloudflare-origin-ca', 'CLOUDFLARE_CA_KEY', (r) => `v1.0-${r.text(HEX, 24)}-${r.text(HEX, 146)}`],
  ['heroku', 'HEROKU_API_KEY', fixed('HRKU-AA', B64U, 58)],
  ['heroku-uuid', 'HEROKU_API_KEY', uuid()],
  ['alibaba-id', 'ALIBABA_ACCESS_KEY_ID', fixed('LTAI5t', AN, 18)],
  ['alibaba-secret', 'ALIYUN_ACCESS_KEY_SECRET', fixed('', AN, 30)],
  ['tencent-id', 'TENCENT_SECRET_ID', fixed('AKID', AN, 32)],
  ['tencent-secret', 'TENCENT_SECRET_KEY', fixed('', AN, 32)],
  ['ibm-cloud', 'IBM_CLOUD_API_KEY', fixed('', B64U, 44)],
  ['yandex', 'YANDEX_API_KEY', fixed('AQVN', B64U, 36)],
  ['scaleway', 'SCW_SECRET_KEY', uuid()],
  ['linode', 'LINODE_TOKEN', fixed('', HEX, 64)],
  ['hetzner', 'HCLOUD_TOKEN', fixed('', AN, 64)],
  ['vultr', 'VULTR_API_KEY', fixed('', UP, 36)],
  ['fly-io', 'FLY_API_TOKEN', (r) => `FlyV1 fm2_${r.text(B64, 160)}`],
  ['render', 'RENDER_API_KEY', fixed('rnd_', AN, 32)],
  ['railway', 'RAILWAY_TOKEN', uuid()],
  ['vercel', 'VERCEL_TOKEN', (r) => `vcp_${withCrc62(r.text(AN, 50))}`],
  ['netlify', 'NETLIFY_AUTH_TOKEN', fixed('nfp_', AN, 36)],
  ['supabase-pat', 'SUPABASE_ACCESS_TOKEN', fixed('sbp_', HEX, 40)],
  ['supabase-secret', 'SUPABASE_SECRET_KEY', (r) => `sb_secret_${r.text(B64U, 22)}_${r.text(B64U, 8)}`],
  ['neon', 'NEON_API_KEY', fixed('napi_', LOW, 64)],
  ['planetscale', 'PLANETSCALE_SERVICE_TOKEN', fixed('pscale_tkn_', B64U, 43)],
  ['planetscale-password', 'PLANETSCALE_PASSWORD', fixed('pscale_pw_', B64U, 43)],
  ['databricks', 'DATABRICKS_TOKEN', fixed('dapi', HEX, 32)],
  ['snowflake', 'SNOWFLAKE_PASSWORD', fixed('', `${AN}!@%&*`, 18)],
  [
    'confluent',
    'CONFLUENT_API_SECRET',
    (r) => {
      const b = r.text(B64, 54)
      return `cflt${b}${crcBase64Little(b)}`
    },
  ],
  ['elastic-cloud', 'EC_API_KEY', (r) => `essu_${base64(`${r.text(B64U, 20)}:${r.text(B64U, 22)}`)}`],
  ['pinecone', 'PINECONE_API_KEY', (r) => `pcsk_${r.text(AN, 6)}_${r.text(AN, 63)}`],
  [
    'grafana-service',
    'GRAFANA_TOKEN',
    (r) => {
      const b = `glsa_${r.text(AN, 32)}`
      return `${b}_${crcHexLittle(b)}`
    },
  ],
  [
    'grafana-cloud',
    'GRAFANA_CLOUD_API_KEY',
    (r) => `glc_${base64(JSON.stringify({ o: r.text(DIGIT, 6), n: 'ci-push', k: r.text(B64, 28), m: { r: 'eu' } }))}`,
  ],
  ['grafana-legacy', 'GRAFANA_API_KEY', (r) => base64(JSON.stringify({ k: r.text(AN, 32), n: 'provision', id: 1 }))],
  ['tailscale', 'TS_AUTHKEY', (r) => `tskey-auth-k${r.text(AN, 10)}CNTRL-${r.text(AN, 32)}`],
  ['ngrok', 'NGROK_AUTHTOKEN', (r) => `2${r.text(AN, 26)}_${r.text(AN, 21)}`],
  ['openshift', 'OPENSHIFT_TOKEN', fixed('sha256~', B64U, 43)],
]
