// Development half, settings: environment files, YAML, TOML, INI, XML, HCL.
import type { Template } from '../build.ts'

const raw = String.raw

export const config: readonly Template[] = [
  {
    path: 'deploy/.env.production',
    text: raw`
NODE_ENV=production
DATABASE_URL=postgresql://app:{{!connection=safe}}@db-1.acme.example:5432/app?sslmode=require
REDIS_URL=rediss://:{{!connection=alnum32}}@cache.acme.example:6380/0
SESSION_SECRET={{!auth=hex64}}
NEXT_PUBLIC_BUILD_ID={{:id=alnum21}}
SENTRY_RELEASE={{:hash=hex40}}
LINEAR_API_KEY={{!provider=linear}}
SMTP_PASSWORD=‹reference='$~{SMTP_PASSWORD_FILE}›
ADMIN_PASSWORD='{{!password=strong}}'
FEATURE_PASSWORDLESS_LOGIN={{:code='enabled}}
`,
  },
  {
    path: '.env.example',
    text: raw`
STRIPE_SECRET_KEY={{:placeholder='sk_test_your_key_here}}
OPENAI_API_KEY={{:placeholder='sk-...}}
JWT_SECRET={{:placeholder='please-change-me-to-a-long-random-string}}
DATABASE_URL=postgres://{{:placeholder='user:password}}@localhost:5432/mydb
AWS_ACCESS_KEY_ID={{:doc=awsDoc}}
AWS_SECRET_ACCESS_KEY={{:doc=awsDocSecret}}
GITHUB_TOKEN={{:placeholder='<your github token>}}
API_SECRET={{:placeholder='0000000000000000000000000000000000000000}}
`,
  },
  {
    path: 'config/application-prod.yml',
    text: raw`
spring:
  datasource:
    url: jdbc:mysql://db.acme.example:3306/shop?useSSL=true
    username: shop
    password: {{!password=strong}}
  rabbitmq:
    addresses: amqps://shop:{{!connection=safe}}@mq.acme.example:5671/shop
  mail:
    password: ‹reference='$~{MAIL_PASSWORD:}›
jasypt:
  encryptor:
    value: ENC({{:crypt=bytes48}})
management:
  endpoint-key: {{!generic=alnum32}}
`,
  },
  {
    path: 'settings/production.toml',
    text: raw`
[auth]
github_client_id = "{{:id='Iv1.8a61f9b3a7aba766}}"
github_client_secret = "{{!auth=hex40}}"
google_client_id = "{{:id='407408718192-q0c7k1v9d2m4n8p5r3t6.apps.googleusercontent.com}}"
google_client_secret = "{{!auth=googClient}}"

[cookies]
secure = true
encryption_key = "{{!generic=bytes32}}"
csrf_cookie_name = "{{:code='__Host-csrf_token_id}}"

[telemetry]
write_token_path = "{{:reference='/run/secrets/telemetry_token}}"
`,
  },
  {
    path: 'infra/main.tf',
    text: raw`
terraform {
  backend "remote" {
    token = "{{!provider=terraform}}"
  }
}

provider "digitalocean" {
  token = {{:reference='var.do_token}}
}

resource "aws_db_instance" "main" {
  identifier = "main"
  username   = "root"
  password   = "{{!password=human}}"
  kms_key_id = "arn:aws:kms:us-east-1:123456789012:key/{{:id=uuid}}"
}

resource "random_password" "app" {
  length = {{:code='32}}
}

output "api_token" {
  value = {{:reference='random_password.app.result}}
}
`,
  },
  {
    path: 'k8s/secret.yaml',
    text: raw`
apiVersion: v1
kind: Secret
metadata:
  name: payments
  uid: {{:id=uuid}}
type: Opaque
data:
  password: {{!credfile=strong@b64}}
  stripe-key: {{!credfile=stripe@b64}}
---
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - image: registry.acme.example/pay@sha256:{{:hash=hex64}}
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef: { name: payments, key: {{:reference='password}} }
            - name: OPSGENIE_API_KEY
              value: {{!generic=uuid}}
`,
  },
  {
    path: 'docker-compose.yml',
    text: raw`
services:
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: acme
      POSTGRES_PASSWORD: {{!password=alnum18}}
      PGDATA: /var/lib/postgresql/data
  search:
    image: elasticsearch:8.15.0
    environment:
      - ELASTIC_PASSWORD={{!password=phrase}}
      - xpack.security.enabled=true
  minio:
    environment:
      MINIO_ROOT_PASSWORD: ‹reference='$~{MINIO_ROOT_PASSWORD:?set it}›
  tunnel:
    command: tunnel run --token {{!generic=bytes90}}
secrets:
  api_token:
    file: {{:reference='./secrets/api_token.txt}}
`,
  },
  {
    path: 'helm/values-staging.yaml',
    text: raw`
grafana:
  adminPassword: {{!password=alnum16}}
  serviceAccountToken: {{!provider=grafana}}
oauth2-proxy:
  config:
    clientID: {{:id='oauth2-proxy-staging}}
    clientSecret: {{!auth=alnum32}}
    cookieSecret: {{!auth=bytes32}}
externalSecrets:
  dbPassword: {{:reference='ref+vault://secret/data/staging/db#/password}}
  apiKey: {{:reference='projects/acme/secrets/api-key/versions/latest}}
imagePullSecrets: [{{:code='regcred-staging-puller}}]
`,
  },
  {
    path: 'web.config',
    text: raw`
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <connectionStrings>
    <add name="Main" connectionString="Server=tcp:sql01.acme.example,1433;Initial Catalog=Main;User ID=svc_main;Password={{!connection=strong}};Encrypt=True" />
    <add name="Local" connectionString="Server=(localdb)\mssqllocaldb;Trusted_Connection={{:code='True}};" />
  </connectionStrings>
  <appSettings>
    <add key="Twilio:AuthToken" value="{{!generic=hex32}}" />
    <add key="Twilio:AccountSid" value="{{:id=twilioSid}}" />
    <add key="owin:PasswordPolicy" value="{{:code='RequireDigit,RequireUppercase}}" />
  </appSettings>
  <machineKey validationKey="{{!generic=HEX128}}" decryptionKey="{{!generic=HEX64}}" validation="SHA1" />
  <dependentAssembly><assemblyIdentity name="Newtonsoft.Json" publicKeyToken="{{:public='30ad4fe6b2a6aeed}}" /></dependentAssembly>
</configuration>
`,
  },
  {
    path: 'config/secrets.yml',
    text: raw`
development:
  secret_key_base: {{:placeholder='development_secret_key_base_not_for_production}}
test:
  secret_key_base: {{:placeholder='test}}
production:
  secret_key_base: {{!auth=hex128}}
  newrelic: {{!provider=newrelic}}
  devise_pepper: {{!generic=hex128}}
  asset_digest: {{:hash=hex64}}
`,
  },
  {
    path: 'alertmanager/alertmanager.yml',
    text: raw`
global:
  smtp_auth_username: alerts@acme.example
  smtp_auth_password: {{!password=lower16}}
  slack_api_url: {{!auth=slackHook}}
receivers:
  - name: teams
    webhook_configs:
      - url: {{!auth=teamsHook}}
  - name: pager
    pagerduty_configs:
      - routing_key: {{!generic=hex32}}
        client: '{{ template "{{:code='pagerduty.default.client.token}}" . }}'
        service_key_file: {{:reference='/etc/alertmanager/pagerduty.key}}
`,
  },
  {
    path: 'ansible/group_vars/all.yml',
    text: raw`
ansible_become_password: {{!password=strong}}
vault_token: "{{ {{:reference='lookup("env", "VAULT_TOKEN")}} }}"
grafana_password: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  {{:crypt=hex80}}
  {{:crypt=hex80}}
mysql_root_password: "{{!password=human}}"
user_password_hash: "{{!neutral=bcrypt}}"
snmp_community: {{!password=lower12}}
`,
  },
  {
    path: 'etc/app.ini',
    text: raw`
[database]
PASSWD = {{!password=alnum20}}
HOST = 127.0.0.1:3306

[security]
SECRET_KEY = {{!generic=alnum64}}
INTERNAL_TOKEN = {{!auth=jwt}}
PASSWORD_HASH_ALGO = {{:code='pbkdf2_hi$50000$50}}
INSTALL_LOCK = true

[oauth2]
JWT_SECRET_URI = {{:reference='file:/etc/gitea/jwt_secret}}
`,
  },
  {
    path: 'appsettings.Production.json',
    text: raw`
{
  "ApplicationInsights": { "InstrumentationKey": "{{!neutral=uuid}}" },
  "ServiceBus": "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={{!connection=bytes32}}",
  "Cosmos": { "AccountEndpoint": "https://acme.documents.azure.com", "AuthKey": "{{!connection=azureStorage}}" },
  "Jwt": { "Issuer": "acme", "SigningKey": "{{!generic=url48}}", "Audience": "{{:id='api://acme-backend-prod}}" },
  "KeyVault": { "Secret": "{{:reference='@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/db)}}" },
  "Logging": { "LogLevel": { "Default": "Information" } }
}
`,
  },
  {
    path: '.github/workflows/release.yml',
    text: raw`
name: release
on: push
env:
  NODE_AUTH_TOKEN: $~{{ {{:reference='secrets.NPM_TOKEN}} }}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@{{:hash=hex40}}
      - run: npm publish
        env:
          SONAR_TOKEN: {{!provider=sonar}}
          CLOUDFLARE_API_TOKEN: {{!provider=cloudflare}}
      - uses: docker/login-action@v3
        with:
          username: acme
          password: {{!provider=dockerhub}}
      - uses: actions/cache@v4
        with:
          key: {{:code='deps-linux-x64-node22-pnpm-lock-v9}}
`,
  },
]
