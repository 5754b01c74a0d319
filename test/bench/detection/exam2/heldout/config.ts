// Held-out half, settings. Never look at single results of this half: counts by kind only.
import type { Template } from '../build.ts'

const raw = String.raw

export const config: readonly Template[] = [
  {
    path: 'api/.env',
    text: raw`
APP_KEY=base64:{{!auth=bytes32}}
DB_CONNECTION=mysql
DB_PASSWORD={{!password=strong}}
MAIL_PASSWORD={{!password=lower16}}
PUSHER_APP_KEY={{:public=hex20}}
PUSHER_APP_SECRET={{!generic=hex20}}
TWILIO_SID={{:id=twilioSid}}
TWILIO_TOKEN={{!generic=hex32}}
AWS_ACCESS_KEY_ID={{!neutral=awsTmpId}}
AWS_SECRET_ACCESS_KEY="{{!provider=awsSecret}}"
AWS_SESSION_TOKEN="{{!provider=awsSession}}"
SESSION_DRIVER={{:code='file}}
CIPHER_SWEET_KEY_PATH={{:reference='/etc/keys/ciphersweet.key}}
`,
  },
  {
    path: '.env.sample',
    text: raw`
API_TOKEN={{:placeholder='insert-token-here}}
CLIENT_SECRET={{:placeholder='abcdef1234567890}}
SECRET_KEY={{:placeholder='"s3cr3t"}}
SLACK_BOT_TOKEN={{:placeholder='xoxb-your-bot-token}}
MONGO_URL=mongodb://{{:placeholder='<user>:<password>}}@cluster.example/db
ENCRYPTION_KEY={{:placeholder='$(openssl rand -hex 32)}}
PASSWORD={{:placeholder='••••••••}}
SENDGRID_API_KEY={{:placeholder='SG.XXXXXXXXXXXXXXXX.XXXXXXXXXXXXXXXXXXXXXXXX}}
`,
  },
  {
    path: 'conf/database.yml',
    text: raw`
default: &default
  adapter: postgresql
  password: <%= {{:reference='ENV["DB_PASSWORD"]}} %>
staging:
  <<: *default
  password: {{!password=phrase}}
production:
  url: postgres://web:{{!connection=escaped}}@pg.acme.example/web
  encryption:
    primary_key: {{!generic=alnum32}}
    key_derivation_salt: {{!generic=alnum32}}
  migrations_digest: {{:hash=hex64}}
`,
  },
  {
    path: 'conf/server.properties',
    text: raw`
ssl.keystore.location={{:reference='/var/private/ssl/kafka.keystore.jks}}
ssl.keystore.password={{!password=alnum12}}
ssl.key.password={{!password=strong}}
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="broker" password="{{!password=alnum26}}";
ssl.truststore.password=‹reference='$~{file:/opt/secrets.properties:truststore}›
key.converter={{:code='org.apache.kafka.connect.storage.StringConverter}}
token.auth.class={{:code='io.acme.security.TokenAuthProvider}}
`,
  },
  {
    path: 'settings.xml',
    text: raw`
<settings>
  <servers>
    <server>
      <id>releases</id>
      <username>deployer</username>
      <password>{{!password=alnum20}}</password>
    </server>
    <server>
      <id>snapshots</id>
      <password>‹crypt='{COQLCE6DU6GtcS5P=}›</password>
    </server>
    <server>
      <id>central</id>
      <privateKey>‹reference='$~{user.home}/.ssh/id_rsa›</privateKey>
      <passphrase>{{!password=phrase}}</passphrase>
    </server>
  </servers>
  <profiles><profile><properties><sonar.token>{{!provider=sonar}}</sonar.token></properties></profile></profiles>
</settings>
`,
  },
  {
    path: 'infra/prod.tfvars',
    text: raw`
region             = "eu-central-1"
db_password        = "{{!password=alnum24}}"
cloudflare_token   = "{{!provider=cloudflare}}"
datadog_api_key    = "{{!generic=hex32}}"
datadog_app_key    = "{{!generic=hex40}}"
ami_id             = "{{:id='ami-0c7217cdde317cfec}}"
ssh_public_key     = "ssh-ed25519 {{:public=sshPublic}} ops"
secret_manager_arn = "{{:reference='arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf}}"
`,
  },
  {
    path: 'pulumi/Pulumi.prod.yaml',
    text: raw`
encryptionsalt: v1:{{:crypt=bytes8}}:v1:{{:crypt=bytes16}}:{{:crypt=bytes32}}
config:
  aws:region: eu-west-1
  app:dbPassword:
    secure: {{:crypt=bytes40}}
  app:tailscaleKey: {{!provider=tailscale}}
  app:planetscale: {{!provider=planetscale}}
  app:imageTag: {{:hash=hex12}}
`,
  },
  {
    path: 'circleci/config.yml',
    text: raw`
version: 2.1
jobs:
  build:
    docker:
      - image: cimg/node:22.1@sha256:{{:hash=hex64}}
        auth: { username: acme, password: {{:reference='$DOCKERHUB_PASSWORD}} }
    environment:
      PULUMI_ACCESS_TOKEN: {{!provider=pulumi}}
      NETLIFY_AUTH_TOKEN: {{!provider=netlify}}
      CODECOV_TOKEN: {{!generic=uuid}}
    steps:
      - restore_cache: { keys: ["‹code='v1-deps-{{ checksum "package-lock.json" }}›"] }
      - add_ssh_keys: { fingerprints: ["{{:public='SO:ME:FI:NG:ER:PR:IN:T0:12:34:56:78:9a:bc:de:f0}}"] }
`,
  },
  {
    path: 'traefik/dynamic.yml',
    text: raw`
http:
  middlewares:
    auth:
      basicAuth:
        users:
          - "admin:{{!neutral=bcrypt}}"
    api:
      headers:
        customRequestHeaders:
          X-Api-Key: {{!generic=alnum36}}
certificatesResolvers:
  le:
    acme:
      eab: { kid: {{:id=url22}}, hmacEncoded: {{!generic=url86}} }
`,
  },
  {
    path: 'mcp.json',
    text: raw`
{
  "mcpServers": {
    "github": { "command": "npx", "env": { "GITHUB_PERSONAL_ACCESS_TOKEN": "{{!provider=ghpat}}" } },
    "notion": { "env": { "OPENAPI_MCP_HEADERS": "{\"Authorization\": \"Bearer {{!provider=notion}}\"}" } },
    "figma": { "args": ["--figma-api-key={{!provider=figma}}", "--stdio"] },
    "brave": { "env": { "BRAVE_API_KEY": "‹reference='$~{input:brave_key}›" } },
    "search": { "env": { "SEARCH_KEY": "{{:placeholder='<your-api-key>}}" } }
  }
}
`,
  },
  {
    path: 'firebase/remote.json',
    text: raw`
{
  "project_info": { "project_number": "{{:id=digits12}}", "storage_bucket": "acme.appspot.example" },
  "client": [{ "oauth_client": [{ "client_id": "{{:id='407408718192-7d1q9v2m8n.apps.googleusercontent.com}}" }],
    "api_key": [{ "current_key": "{{!neutral=gcpKey}}" }] }],
  "web": { "client_secret": "{{!auth=googClient}}", "auth_provider_x509_cert_url": "{{:code='https://www.googleapis.com/oauth2/v1/certs}}" }
}
`,
  },
  {
    path: 'nats/nats.conf',
    text: raw`
authorization {
  users = [
    { user: sensor, password: "{{!password=alnum16}}" }
    { user: admin, password: "{{!neutral=bcrypt}}" }
  ]
  timeout: 2
}
leafnodes { remotes: [ { url: "nats-leaf://edge:{{!connection=safe}}@hub.acme.example:7422" } ] }
cluster { name: {{:id='acme-cluster-eu-1}}, authorization { token: "{{!generic=alnum30}}" } }
`,
  },
  {
    path: 'prometheus/prometheus.yml',
    text: raw`
scrape_configs:
  - job_name: node
    basic_auth: { username: prom, password: {{!password=strong}} }
  - job_name: gitlab
    authorization:
      credentials: {{!provider=glpat}}
  - job_name: vault
    bearer_token_file: {{:reference='/var/run/secrets/vault/token}}
    params: { format: [{{:code='prometheus}}] }
remote_write:
  - url: https://{{:id=digits6}}:{{!connection=alnum40}}@metrics.acme.example/api/prom/push
`,
  },
  {
    path: 'odbc.ini',
    text: raw`
[warehouse]
Driver = PostgreSQL
Servername = wh.acme.example
UID = reader
PWD = {{!password=alnum15}}

[oracle]
ConnectString = oracle://scott:{{!connection=safe}}@ora.acme.example:1521/XE
EncryptionMethod = {{:code='1}}
KeyStorePassword = {{:placeholder='********}}
`,
  },
  {
    path: 'django/settings.py',
    text: raw`
SECRET_KEY = "django-insecure-{{!auth=alnum50}}"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "{{!password=strong}}", "HOST": "pg"}}
AUTH_PASSWORD_VALIDATORS = [{"NAME": "{{:code='django.contrib.auth.password_validation.MinimumLengthValidator}}"}]
CELERY_BROKER_URL = "amqp://celery:{{!connection=safe}}@rabbit.acme.example:5672//"
CACHES = {"default": {"LOCATION": "redis://localhost:6379", "KEY_PREFIX": "{{:code='acme-sessions-v2}}"}}
SOCIAL_AUTH_GITHUB_SECRET = {{:reference='env.str("GITHUB_SECRET")}}
EMAIL_HOST_PASSWORD = {{:reference='get_secret("smtp")["password"]}}
`,
  },
]
