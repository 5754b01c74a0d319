// Held-out half, credential files, keys, logs, commands, obfuscated forms. Never look at single results: counts by kind only.
import type { Template } from '../build.ts'

const raw = String.raw

export const files: readonly Template[] = [
  {
    path: 'root/.aws/credentials',
    text: raw`
[default]
aws_access_key_id = {{!neutral=awsId}}
aws_secret_access_key = {{!credfile=awsSecret}}

[sso]
sso_account_id = {{:id=digits12}}
role_arn = arn:aws:iam::123456789012:role/{{:id='SecretsReadOnlyRole}}
credential_process = {{:reference='/usr/local/bin/get-creds --profile sso}}
`,
  },
  {
    path: 'home/.pypirc',
    text: raw`
[distutils]
index-servers = private

[pypi]
username = __token__
password = {{!credfile=pypi}}

[private]
repository = https://pypi.acme.example
username = ci
password = {{!credfile=alnum18}}
`,
  },
  {
    path: 'home/.git-credentials',
    text: raw`
https://acme-bot:{{!credfile=ghp}}@github.com
https://ci:{{!credfile=alnum20}}@bitbucket.acme.example
`,
  },
  {
    path: 'home/.my.cnf',
    text: raw`
[client]
user = root
password = "{{!credfile=strong}}"
socket = {{:code='/var/run/mysqld/mysqld.sock}}

[mysqldump]
password={{!credfile=alnum12}}
`,
  },
  {
    path: 'home/.cargo/credentials.toml',
    text: raw`
[registry]
token = "{{!credfile=crates}}"

[registries.acme]
token = "Bearer {{!credfile=alnum32}}"
index = "{{:code='sparse+https://crates.acme.example/index/}}"
`,
  },
  {
    path: 'home/.config/gh/hosts.yml',
    text: raw`
github.com:
    user: alice
    oauth_token: {{!credfile=gho}}
    git_protocol: {{:code='https}}
home: { rubygems_api_key: {{!credfile=rubygems}} }
`,
  },
  {
    path: 'nuget/NuGet.Config',
    text: raw`
<configuration>
  <packageSourceCredentials>
    <acme>
      <add key="Username" value="ci" />
      <add key="ClearTextPassword" value="{{!credfile=alnum24}}" />
    </acme>
    <other><add key="Password" value="{{:reference='%NUGET_PASSWORD%}}" /></other>
  </packageSourceCredentials>
  <apikeys><add key="https://packages.acme.example" value="{{!credfile=nuget}}" /></apikeys>
</configuration>
`,
  },
  {
    path: 'composer/auth.json',
    text: raw`
{
  "github-oauth": { "github.com": "{{!credfile=ghp}}" },
  "http-basic": { "repo.acme.example": { "username": "{{:id=hex32}}", "password": "{{!credfile=hex32}}" } },
  "bearer": { "packages.acme.example": "{{!credfile=alnum40}}" }
}
`,
  },
  {
    path: 'keys/id_rsa',
    text: raw`
{{!key=pemSsh}}
`,
  },
  {
    path: 'keys/signing.jwk.json',
    text: raw`
{"keys":[{"kty":"EC","crv":"P-256","kid":"{{:id=hex16}}","use":"sig","x":"{{:public=url43}}","y":"{{:public=url43}}","d":"{{!key=jwkD}}"},
{"kty":"RSA","e":"AQAB","use":"enc","kid":"{{:id=hex16}}","n":"{{:public=url342}}"}]}
`,
  },
  {
    path: 'config/firebase-admin.env',
    text: raw`
FIREBASE_PROJECT_ID=acme-prod
FIREBASE_PRIVATE_KEY_ID={{:id=hex40}}
FIREBASE_PRIVATE_KEY="{{!key=pemPk@esc}}\n"
SAML_CERT="{{:public=pemCert@esc}}"
GITHUB_APP_PRIVATE_KEY={{!key=pemRsa@b64}}
VAPID_PUBLIC_KEY={{:public=url87}}
VAPID_PRIVATE_KEY={{!key=jwkD}}
WG_PRIVATE_KEY={{!key=wg}}
`,
  },
  {
    path: 'charts/tls.yaml',
    text: raw`
apiVersion: v1
kind: Secret
metadata: { name: web-tls }
type: kubernetes.io/tls
data:
  tls.crt: {{:public=pemCert@b64}}
  tls.key: {{!key=pemEc@b64}}
stringData:
  ca.key: |
    {{!key=pemEd@in4}}
  SOPS_AGE_KEY: {{!key=age}}
  webhook: {{!auth=discordHook}}
`,
  },
  {
    path: 'src/crypto/Keys.go',
    text: raw`
package crypto

var signing = []byte(´{{!key=pemEc}}´)
var flat = "{{!key=pemPk@flat}}"
var verify = []byte(´{{:public=pemPublic}}´)
var pinned = []string{"sha256/{{:hash=bytes32}}"}
`,
  },
  {
    path: 'release/public-key.asc',
    text: raw`
{{:public=pgpPublic}}

Fingerprint: {{:hash='9F2C 41D0 77AB 0E35 61C8  D4F9 20BE 7715 A3D2 664B}}
`,
  },
  {
    path: 'release/secret.asc',
    text: raw`
{{!key=pgp}}
`,
  },
  {
    path: 'Makefile',
    text: raw`
REGISTRY ?= registry.acme.example
TOKEN ?= {{:reference='$(shell cat .token)}}
SHA := {{:hash=hex40}}

deploy:
	curl -s -X POST -H 'Circle-Token: {{!provider=circleci}}' https://ci.acme.example/api
	curl -H "X-Postman-Key: {{!provider=postman}}" https://api.acme.example
	flyctl deploy --access-token "{{!provider=fly}}"
	mongosh "mongodb://root:{{!connection=safe}}@10.1.0.9:27017/admin"
	redis-cli -h cache.acme.example -a {{!password=alnum22}} ping
	helm upgrade app . --set auth.password={{!password=alnum14}} --set image.tag={{:hash=hex12}}
	vault kv get -field=password {{:reference='secret/data/app}}
`,
  },
  {
    path: 'Dockerfile',
    text: raw`
FROM node:22@sha256:{{:hash=hex64}}
ARG NPM_TOKEN
ENV DOPPLER_TOKEN={{!provider=doppler}}
ENV JWT_SECRET="{{!generic=alnum40}}"
ENV GPG_KEY {{:public='A035C8C19219BA821ECEA86B64E628F8D684696D}}
RUN echo "//packages.acme.example/:_authToken=$~{{{:reference='NPM_TOKEN}}}" > .npmrc
RUN git clone https://x-access-token:{{!connection=ghs}}@github.com/acme/private.git
RUN echo 'root:{{!password=human}}' | chpasswd
HEALTHCHECK CMD curl -f http://localhost/health?{{:code='token_check=skip}}
`,
  },
  {
    path: 'logs/ci.txt',
    text: raw`
[12:00:01] $ terraform apply -var 'do_token={{!provider=digitalocean}}'
[12:00:02] module.db: Creating... [id={{:id=uuid}}]
[12:00:03] + echo Logging in with token {{!provider=supabase}}
[12:00:04] npm notice shasum: {{:hash=hex40}}
[12:00:05] npm notice integrity: sha512-{{:hash=bytes64}}
[12:00:06] Set-Cookie: connect.sid=s%3A{{!neutral=url32}}.{{!auth=alnum43}}; Path=/; HttpOnly
[12:00:07] POST https://hooks.acme.example/in?token={{!generic=alnum32}} 200
[12:00:08] Password for user alice: {{:placeholder='(hidden)}}
[12:00:09] trace_id={{:id=hex32}} span_id={{:id=hex16}} key={{:id='user:1842:profile}}
`,
  },
  {
    path: 'http/collection.postman.json',
    text: raw`
{
  "info": { "_postman_id": "{{:id=uuid}}", "name": "Acme" },
  "auth": { "type": "bearer", "bearer": [{ "key": "token", "value": "{{!auth=jwtRs}}", "type": "string" }] },
  "item": [
    { "request": { "header": [{ "key": "Authorization", "value": "Basic {{!auth=alnum20@user}}" }] } },
    { "request": { "auth": { "apikey": [{ "key": "value", "value": "{{!generic=alnum36}}" }, { "key": "key", "value": "{{:code='X-API-KEY}}" }] } } },
    { "request": { "header": [{ "key": "x-api-key", "value": "‹reference='{{apiKey}}›" }] } }
  ]
}
`,
  },
  {
    path: 'src/split.py',
    text: raw`
import base64, os

part_a = "{{!obfuscated=sendgrid#a:0-30}}"
part_b = "{{!obfuscated=sendgrid#a:30-}}"
SENDGRID = part_a + part_b
HF = "".join(["{{!obfuscated=hf#b:0-10}}", "{{!obfuscated=hf#b:10-22}}", "{{!obfuscated=hf#b:22-}}"])
GITLAB = base64.b64decode("{{!obfuscated=glpat@b64}}").decode()
STRIPE = bytes.fromhex("{{!obfuscated=stripe@hexed}}").decode()
OPENAI = "{{!obfuscated=openai@rev}}"[::-1]
LONG = ("{{!obfuscated=anthropic#c:0-50}}"
        "{{!obfuscated=anthropic#c:50-}}")
ICON = base64.b64decode("{{:data=png}}")
SQL = "".join(["{{:code='SELECT password_hash }}", "{{:code='FROM user_credentials }}"])
MAGIC = bytes.fromhex("{{:data='89504e470d0a1a0a0000000d49484452}}")
`,
  },
  {
    path: 'scripts/build.ts',
    text: raw`
const dsn = ´postgres://$~{'app'}:$~{'{{!obfuscated=alnum18}}'}@db.acme.example/app´
const pat = 'github' + '_pat_' + '{{!obfuscated=ghpat#x:11-}}'
const hook = [ 'https://hooks.slack.com', 'services', '{{!obfuscated=slackHook#h:33-}}' ].join('/')
const url = 'https://api.acme.example/?u=admin%26token%3D{{!obfuscated=stripeRk@pct}}'
const png = atob('{{:data=png}}')
const words = ['{{:text='never}}', '{{:text='gonna}}', '{{:text='give-you-up}}'].join(' ')
`,
  },
]
