// Held-out half, provider tokens that the first templates had left out (kind `provider, late`): written after the
// first totals were seen, the rules still unread. Never look at single results: counts by kind only.
import type { Template } from '../build.ts'

const raw = String.raw

export const late: readonly Template[] = [
  {
    path: 'app/clients.rb',
    text: raw`
module Clients
  JIRA = Jira.new(user: 'bot@acme.example', api_token: '{{!provider, late=atlassian}}')
  OSS = Aliyun::OSS.new('{{!neutral=alibaba}}', '{{!generic=alnum30}}')
  FLAGS = LaunchDarkly::LDClient.new('{{!provider, late=launchdarkly}}')
  BOARD = '{{:id='acme.atlassian.example/browse/OPS-1842}}'
  REVISION = '{{:hash=hex40}}'
end
`,
  },
  {
    path: 'deploy/run.sh',
    text: raw`
#!/bin/sh
export OP_SERVICE_ACCOUNT_TOKEN="{{!provider, late=onepassword}}"
export SLACK_APP_LEVEL={{!provider, late=slackApp}}
export IMAGE_DIGEST=sha256:{{:hash=hex64}}
twilio login {{:id=twilioSid}} --key {{!neutral=twilioKey}} --secret {{!generic=alnum32}}
posthog-cli --api-key {{!provider, late=posthog}} --project {{:id=digits5}}
`,
  },
  {
    path: 'server/ai.toml',
    text: raw`
[models]
xai = "{{!provider, late=xai}}"
default = "{{:code='grok-4-fast-reasoning-latest}}"

[vector]
pinecone = "{{!provider, late=pinecone}}"
index = "{{:id='acme-docs-7f3k2p9}}"

[trace]
langsmith = "{{!provider, late=langsmith}}"
run = "{{:id=uuid}}"

[mail]
resend = "{{!provider, late=resend}}"
`,
  },
]
