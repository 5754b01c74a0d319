// Development half, credential files, keys, logs, commands, requests and obfuscated forms.
import type { Template } from '../build.ts'

const raw = String.raw

export const files: readonly Template[] = [
  {
    path: 'home/.netrc',
    text: raw`
machine github.com
  login acme-bot
  password {{!credfile=ghp}}
machine artifacts.acme.example login ci password {{!credfile=alnum22}}
default login anonymous password {{:placeholder='user@site}}
`,
  },
  {
    path: 'home/.pgpass',
    text: raw`
# hostname:port:database:username:password
db-1.acme.example:5432:app:app:{{!credfile=alnum16}}
*:*:*:postgres:{{!credfile=phrase}}
`,
  },
  {
    path: 'frontend/.npmrc',
    text: raw`
@acme:registry=https://packages.acme.example/
//packages.acme.example/:_authToken={{!credfile=npmtok}}
//mirror.acme.example/:_authToken=‹reference='$~{NPM_TOKEN}›
//legacy.acme.example/:_auth={{!credfile=strong@user}}
always-auth=true
save-prefix={{:code='~}}
`,
  },
  {
    path: '.docker/config.json',
    text: raw`
{
  "auths": {
    "registry.acme.example": { "auth": "{{!credfile=alnum24@user}}" },
    "ghcr.io": { "identitytoken": "{{!credfile=gho}}" }
  },
  "credsStore": "{{:code='osxkeychain}}",
  "HttpHeaders": { "User-Agent": "Docker-Client/24.0.7 (linux)" }
}
`,
  },
  {
    path: 'kube/config',
    text: raw`
apiVersion: v1
kind: Config
clusters:
  - name: prod
    cluster:
      certificate-authority-data: {{:public=pemCert@b64}}
      server: https://10.2.0.4:6443
users:
  - name: admin
    user:
      client-certificate-data: {{:public=pemCert@b64}}
      client-key-data: {{!key=pemRsa@b64}}
  - name: deployer
    user:
      token: {{!auth=jwtRs}}
  - name: ocp
    user: { token: {{!provider=openshift}} }
`,
  },
  {
    path: 'gcp/terraform-sa.json',
    text: raw`
{
  "type": "service_account",
  "project_id": "acme-prod",
  "private_key_id": "{{:id=hex40}}",
  "private_key": "{{!key=pemPk@esc}}\n",
  "client_email": "terraform@acme-prod.iam.gserviceaccount.com",
  "client_id": "{{:id=digits21}}",
  "token_uri": "https://oauth2.googleapis.com/token"
}
`,
  },
  {
    path: 'certs/server.pem',
    text: raw`
subject=CN = www.acme.example
{{:public=pemCert}}
{{!key=pemEc}}
`,
  },
  {
    path: 'certs/README.md',
    text: raw`
# Certificates

Public part for partners:

{{:public=pemPublic}}

Signing request:

{{:public=pemCsr}}

Put your key between the usual lines:

-----BEGIN PRIVATE KEY-----
{{:placeholder='... your key goes here ...}}
-----END PRIVATE KEY-----

SHA-256 fingerprint: {{:hash='AB:3F:91:0C:7D:EE:21:48:5B:90:6A:F3:1D:C4:77:02}}
`,
  },
  {
    path: 'ssh/authorized_keys',
    text: raw`
ssh-ed25519 {{:public=sshPublic}} alice@laptop
ssh-ed25519 {{:public=sshPublic}} deploy@ci
`,
  },
  {
    path: 'backup/bastion.ppk',
    text: raw`
{{!key=putty}}
`,
  },
  {
    path: 'vpn/wg0.conf',
    text: raw`
[Interface]
Address = 10.8.0.2/32
PrivateKey = {{!key=wg}}

[Peer]
PublicKey = {{:public=wg}}
PresharedKey = {{!key=wg}}
Endpoint = vpn.acme.example:51820
AllowedIPs = 0.0.0.0/0
`,
  },
  {
    path: 'sops/age.txt',
    text: raw`
# created: 2026-03-02T10:11:12Z
# public key: {{:public=agePublic}}
{{!key=age}}
`,
  },
  {
    path: 'src/auth/keys.py',
    text: raw`
PRIVATE_KEY = """{{!key=pemRsa}}"""

LEGACY = "{{!key=pemDsa@esc}}"
PUBLIC_KEY = """{{:public=pemPublic}}"""
JWK = {"kty": "OKP", "crv": "Ed25519", "kid": "{{:id=hex16}}", "x": "{{:public=url43}}", "d": "{{!key=jwkD}}"}
DEPLOYER = "{{!key=eth}}"  # private key of the deployer account
TX_HASH = "{{:hash=eth}}"
`,
  },
  {
    path: 'terraform/userdata.yaml',
    text: raw`
#cloud-config
users:
  - name: ops
    ssh_authorized_keys:
      - ssh-ed25519 {{:public=sshPublic}} ops
    passwd: {{!neutral=bcrypt}}
write_files:
  - path: /root/.ssh/id_ed25519
    content: |
      {{!key=pemSsh@in6}}
runcmd:
  - tailscale up --authkey {{!provider=tailscale}}
`,
  },
  {
    path: 'backup/release-key.asc',
    text: raw`
{{!key=pgp}}
`,
  },
  {
    path: 'scripts/deploy.sh',
    text: raw`
#!/usr/bin/env bash
set -euo pipefail
export VAULT_TOKEN={{!provider=vault}}
PGPASSWORD='{{!password=strong}}' psql -h db.acme.example -U app -c 'select 1'
mysql -u root -p{{!password=alnum14}} shop < dump.sql
curl -u "jenkins:{{!password=hex34}}" https://ci.acme.example/job/build
curl -H "Authorization: Bearer $~{{{:reference='API_TOKEN}}}" https://api.acme.example
docker login -u acme -p {{:reference='"$DOCKER_PASSWORD"}} registry.acme.example
sshpass -p {{!password=human}} ssh root@10.0.0.4
read -rsp "Password: " {{:code='DB_PASSWORD}}
echo "{{:hash=hex64}}  app.tar.gz" | sha256sum -c
`,
  },
  {
    path: 'logs/app.log',
    text: raw`
2026-05-01T10:00:01Z INFO start version=4.2.0 commit={{:hash=hex40}}
2026-05-01T10:00:02Z DEBUG connecting to mongodb+srv://svc:{{!connection=safe}}@cluster0.acme.example/prod
2026-05-01T10:00:03Z DEBUG request headers {"authorization":"Bearer {{!auth=yatok}}","x-request-id":"{{:id=uuid}}"}
2026-05-01T10:00:04Z WARN login failed user=alice password={{:placeholder='********}}
2026-05-01T10:00:05Z ERROR invalid token {{:placeholder='[REDACTED]}} for tenant {{:id=uuid}}
2026-05-01T10:00:06Z DEBUG GET /v1/export?api_key={{!generic=alnum32}}&trace={{:id=hex32}}
`,
  },
  {
    path: 'docs/http/requests.http',
    text: raw`
@token = ‹reference='{{$dotenv API_TOKEN}}›

GET https://api.acme.example/users
Authorization: Basic {{!auth=strong@user}}
X-Correlation-Id: {{:id=uuid}}

###
GET https://files.acme.example/report.csv?sv=2022-11-02&ss=b&srt=o&sp=r&se=2027-01-01T00:00:00Z&sig={{!auth=bytes32@pct}}

###
GET https://acme.s3.amazonaws.com/a.zip?X-Amz-Credential={{:doc=awsDoc}}%2F20260101&X-Amz-Expires=60
Cookie: sessionid={{!auth=lower32}}; lang={{:code='en-GB}}
If-None-Match: "{{:hash=hex40}}"
`,
  },
  {
    path: 'src/obfuscated.js',
    text: raw`
// split so that the scanner of the bank does not shout
const a = '{{!obfuscated=ghp#one:0-14}}'
const b = '{{!obfuscated=ghp#one:14-}}'
const gh = a + b
const stripe = ['{{!obfuscated=stripe#two:0-20}}', '{{!obfuscated=stripe#two:20-60}}', '{{!obfuscated=stripe#two:60-}}'].join('')
const slack = Buffer.from('{{!obfuscated=slackBot@b64}}', 'base64').toString()
const sg = '{{!obfuscated=sendgrid@rev}}'.split('').reverse().join('')
const key = String.fromCharCode({{!obfuscated=glpat@codes}})
const greeting = atob('{{:data='SGVsbG8gd29ybGQsIHRoaXMgaXMganVzdCBhIGdyZWV0aW5n}}')
const alphabet = '{{:code='ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/}}'
const url = 'https://' + 'deploy' + ':' + '{{!obfuscated=alnum20}}' + '@git.acme.example'
`,
  },
  {
    path: 'src/Multi.java',
    text: raw`
class Multi {
    static final String TOKEN =
        "{{!obfuscated=ghpat#t:0-40}}"
            + "{{!obfuscated=ghpat#t:40-}}";
    static final String KEY = "{{!obfuscated=pemRsa@quoted}}";
    static final String LABEL =
        "{{:text='The password must contain at least twelve characters}}"
            + " and a digit";
}
`,
  },
  {
    path: 'etc/pip.conf',
    text: raw`
[global]
index-url = https://svc:{{!connection=alnum20}}@pypi.acme.example/simple
trusted-host = pypi.acme.example
cache-dir = {{:code='/var/cache/pip/wheels/ab/cd}}

[distutils]
password = {{!credfile=pypi}}
`,
  },
  {
    path: 'git/config',
    text: raw`
[remote "origin"]
	url = https://oauth2:{{!connection=glpat}}@gitlab.acme.example/team/app.git
	fetch = +refs/heads/*:refs/remotes/origin/*
[http "https://git.acme.example/"]
	extraheader = AUTHORIZATION: basic {{!auth=ghs@user}}
[branch "main"]
	merge = refs/heads/{{:code='main}}
[user]
	signingkey = {{:public='4AEE18F83AFDEB23}}
`,
  },
]
