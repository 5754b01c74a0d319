// Development half, provider tokens that the first templates had left out (kind `provider, late`): written after the
// first totals were seen, the rules still unread.
import type { Template } from '../build.ts'

const raw = String.raw

export const late: readonly Template[] = [
  {
    path: 'src/integrations/index.mjs',
    text: raw`
import { createHash } from 'node:crypto'

export const deployments = new Vercel({ bearerToken: '{{!provider, late=vercel}}', team: '{{:id=alnum24}}' })
export const list = mailchimp.setConfig({ apiKey: "{{!provider, late=mailchimp}}", server: '{{:code='us19}}' })
export const shop = { access: '{{!provider, late=square}}', location: '{{:id=upper13}}' }
export const graph = (path) => fetch('https://graph.example/v19.0/' + path + '?access_token={{!provider, late=facebook}}')
export const digest = (text) => createHash('sha256').update(text).digest('hex') // {{:hash=hex64}}
`,
  },
  {
    path: 'ops/monitoring.yaml',
    text: raw`
dynatrace:
  apiToken: {{!provider, late=dynatrace}}
  entity: {{:id='HOST-06F288EE2A930951}}
okta:
  orgUrl: https://acme.okta.example
  token: {{!provider, late=okta}}
  keyId: {{:id=url43}}
crm:
  hubspot: { accessToken: {{!provider, late=hubspot}}, portal: {{:id=digits8}} }
asana: {{!provider, late=asana}}
`,
  },
  {
    path: 'agents/run.py',
    text: raw`
LLM = {
    "openrouter": "{{!provider, late=openrouter}}",
    "nvidia": "{{!provider, late=nvapi}}",
    "model": "{{:code='meta-llama/llama-3.3-70b-instruct}}",
    "trace": "{{:id=uuid}}",
}
# runner: gitlab-runner register --token {{!provider, late=glrt}}
`,
  },
]
