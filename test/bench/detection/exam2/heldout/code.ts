// Held-out half, program code. Never look at single results of this half: counts by kind only.
import type { Template } from '../build.ts'

const raw = String.raw

export const code: readonly Template[] = [
  {
    path: 'internal/store/store.go',
    text: raw`
package store

var dsn = "clickhouse://ingest:{{!connection=safe}}@ch.acme.example:9440/events?secure=true"

type Options struct {
	Password {{:code='string}} ´json:"password"´
	Token    {{:code='*oauth2.Token}}
}

func New() *Client {
	opts := Options{Password: "{{!password=alnum16}}"}
	return Dial(dsn, opts, WithAPIKey("{{!provider=airtable}}"), WithRevision("{{:hash=hex40}}"))
}
`,
  },
  {
    path: 'src/lib/openai.ts',
    text: raw`
import OpenAI from 'openai'

export const assistantId = '{{:id='asst_abc123DocsHelper}}'
export const openai = new OpenAI({ apiKey: process.env.OPENAI ?? '{{!provider=openai}}' })
export const groq = new Groq({ apiKey: '{{!provider=groq}}' })
export const fallback = { apiKey: {{:reference='await secrets.get('fallback-api-key')}} }
export const replicate = createClient({ auth: "{{!provider=replicate}}", version: '{{:hash=hex64}}' })
`,
  },
  {
    path: 'jobs/etl.py',
    text: raw`
from sqlalchemy import create_engine
import snowflake.connector

ENGINE = create_engine("mssql+pyodbc://etl:{{!connection=escaped}}@sql.acme.example/dwh?driver=ODBC+Driver+18")
conn = snowflake.connector.connect(
    user="ETL", account="xy12345.eu-central-1",
    password="{{!password=strong}}",
    role="{{:code='SECURITY_ADMIN_READONLY}}",
)
DATABRICKS = dict(host="https://adb.acme.example", token="{{!provider=databricks}}")
partition_key = "{{:id='year=2026/month=05/day=17}}"
secret = {{:reference='dbutils.secrets.get(scope="prod", key="etl")}}
`,
  },
  {
    path: 'config/initializers/omniauth.rb',
    text: raw`
Rails.application.config.middleware.use OmniAuth::Builder do
  provider :github, '{{:id=lower20}}', '{{!auth=hex40}}'
  provider :facebook, '{{:id=digits15}}', '{{!auth=hex32}}'
  provider :okta, ENV['OKTA_ID'], {{:reference='ENV.fetch("OKTA_SECRET")}}
end
Stripe.api_key = "{{!provider=stripeRk}}"
PASSWORD_FORMAT = /‹code='\A(?=.*\d)(?=.*[a-z])[[:print:]]{10,}\z›/
`,
  },
  {
    path: 'src/main/java/io/acme/Mail.java',
    text: raw`
package io.acme;

class Mail {
    Session session() {
        props.put("mail.smtp.auth", "{{:code='true}}");
        return Session.getInstance(props, new Authenticator() {
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("noreply@acme.example", "{{!password=lower16}}");
            }
        });
    }
    static final String PASSWORD_RESET_SUBJECT = "{{:text='Reset-your-password-now}}";
    static final String BREVO = "{{!provider=brevo}}";
    static final long serialVersionUID = {{:id=digits18}}L;
}
`,
  },
  {
    path: 'Auth/JwtService.cs',
    text: raw`
public class JwtService
{
    private static readonly SymmetricSecurityKey Key =
        new(Encoding.UTF8.GetBytes("{{!generic=alnum48}}"));
    public const string Scheme = "{{:code='BearerTokenAuthenticationScheme}}";
    private readonly IConfiguration _cfg;
    string Secret => {{:reference='_cfg["Jwt:Secret"]}};
    private static NetworkCredential Smtp() => new NetworkCredential("relay", "{{!password=human}}");
    Guid TenantId = new("{{:id=uuid}}");
}
`,
  },
  {
    path: 'src/pages/login.vue',
    text: raw`
<template>
  <input v-model="password" type="password" placeholder="{{:text='Enter-your-password}}" autocomplete="{{:code='current-password}}" />
</template>
<script setup>
const firebaseConfig = {
  apiKey: '{{!neutral=gcpKey}}',
  appId: '{{:id='1:407408718192:web:5f3a9d1c7b2e4860}}',
  messagingSenderId: '{{:id=digits12}}',
}
const captcha = { siteKey: '{{:id='demo-site-key-for-local}}', secretKey: '{{!generic=alnum40}}' }
const token = {{:reference='useCookie('access_token').value}}
</script>
`,
  },
  {
    path: 'wp-config.php',
    text: raw`
<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_PASSWORD', '{{!password=alnum20}}' );
define( 'AUTH_KEY',         '{{!generic=url64}}' );
define( 'SECURE_AUTH_SALT', '{{!generic=url64}}' );
define( 'NONCE_KEY', '{{:placeholder='put your unique phrase here}}' );
define( 'COOKIEHASH', {{:code='md5( $siteurl )}} );
$table_prefix = '{{:id='wp_7f3a_}}';
`,
  },
  {
    path: 'src/bin/sync.rs',
    text: raw`
const GITLAB: &str = "{{!provider=glpat}}";
const TRIGGER: &str = "{{!provider=glptt}}";
const SECRET_HEADER: &str = "{{:code='x-gitlab-webhook-secret-token}}";

#[test]
fn digest() {
    assert_eq!(hex(sha1(b"abc")), "{{:hash=hex40}}");
}

fn token() -> String { {{:reference='env::var("GITLAB_TOKEN").unwrap()}} }
`,
  },
  {
    path: 'Config/Keys.swift',
    text: raw`
struct Keys {
    let algolia = APIKey(appID: "{{:id=upper10}}", adminKey: "{{!generic=hex32}}")
    let plaid = "{{!provider=plaid}}"
    let stripePublishable = "{{:public=stripePk}}"
    var refreshToken: ‹code='String? { keychain["refresh_token"] }›
    static let passwordlessNotification = Notification.Name("{{:code='PasswordlessLoginDidFinish}}")
}
`,
  },
  {
    path: 'android/gradle.properties',
    text: raw`
org.gradle.jvmargs=-Xmx2g
RELEASE_STORE_PASSWORD={{!password=alnum14}}
RELEASE_KEY_PASSWORD={{!password=phrase}}
RELEASE_KEY_ALIAS={{:id='upload-key-2024}}
artifactory_password={{!provider=artifactory}}
signing.keyId={{:id='24875D73}}
signing.secretKeyRingFile={{:reference='/home/ci/.gnupg/secring.gpg}}
`,
  },
  {
    path: 'lua/plugins/ai.lua',
    text: raw`
return {
  api_key = "{{!provider=anthropic}}",
  api_key_cmd = "{{:reference='op read op://dev/anthropic/credential}}",
  keymaps = { submit = "{{:code='<C-s><leader>ai}}" },
  commit = "{{:hash=hex40}}",
  mysql = mysql.connect({ user = "root", password = "{{!password=strong}}" }),
}
`,
  },
  {
    path: 'src/Main.hs',
    text: raw`
module Main where

slackToken :: Text
slackToken = "{{!provider=slackBot}}"

connInfo = defaultConnectInfo { connectPassword = "{{!password=alnum18}}", connectUser = "app" }

mkPassword :: {{:code='Text -> IO (Maybe PasswordHash)}}
mkPassword = {{:code='hashPasswordUsingPolicy slowerBcryptHashingPolicy}}
`,
  },
  {
    path: 'deploy/Deploy.ps1',
    text: raw`
$SecurePassword = ConvertTo-SecureString "{{!password=strong}}" -AsPlainText -Force
$Credential = New-Object PSCredential("svc_deploy", {{:reference='$SecurePassword}})
$env:ARM_CLIENT_SECRET = "{{!provider=azureClient}}"
$SubscriptionId = "{{:id=uuid}}"
$ApiKey = {{:reference='(Get-AzKeyVaultSecret -VaultName prod -Name api).SecretValue}}
dotnet nuget push out.nupkg --api-key {{!provider=nuget}} --source https://packages.acme.example
`,
  },
  {
    path: 'matlab/fetch.m',
    text: raw`
opts = weboptions('HeaderFields', {'X-API-Key', '{{!generic=alnum32}}'});
opts.Username = 'lab'; opts.Password = '{{!password=alnum12}}';
key = {{:code='keys(containers.Map)}};
checksum = '{{:hash=hex32}}';
`,
  },
  {
    path: 'spec/clients_spec.rb',
    text: raw`
RSpec.describe Client do
  let(:token) { '{{:placeholder='fake-token-for-specs}}' }
  let(:password) { {{:code='Faker::Internet.password(min_length: 12)}} }
  let(:digest) { '{{:hash=hex64}}' }

  it 'talks to the live service' do
    client = Client.new(key: '{{!provider=shopify}}', secret: '{{!generic=hex32}}')
    expect(client.header).to eq('Bearer {{:placeholder='test-token}}')
  end
end
`,
  },
  {
    path: 'contracts/hardhat.config.ts',
    text: raw`
export default {
  networks: {
    mainnet: { url: 'https://mainnet.rpc.example/v3/{{!generic=hex32}}', accounts: { privateKey: '{{!key=eth}}' } },
    sepolia: { accounts: [{{:reference='process.env.PRIVATE_KEY!}}] },
  },
  etherscan: { apiKey: '{{!generic=upper34}}' },
  contractAddress: '0x{{:id=hex40}}',
  creationTx: '0x{{:hash=hex64}}',
}
`,
  },
]
