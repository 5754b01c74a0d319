// Development half, program code: clients, settings and tests in a dozen languages.
import type { Template } from '../build.ts'

const raw = String.raw

export const code: readonly Template[] = [
  {
    path: 'cmd/notifier/main.go',
    text: raw`
package main

import (
	"context"
	"github.com/slack-go/slack"
)

const (
	channelID   = "{{:id='C04QX7TB2LM}}"
	defaultHook = "{{!provider=slackHook}}"
	buildSHA    = "{{:hash=hex40}}"
)

func client() *slack.Client {
	return slack.New("{{!provider=slackBot}}", slack.OptionAppLevelToken({{:reference='os.Getenv("SLACK_APP_TOKEN")}}))
}
`,
  },
  {
    path: 'src/main/java/io/acme/billing/StripeGateway.java',
    text: raw`
package io.acme.billing;

public final class StripeGateway {
    private static final String API_KEY = "{{!provider=stripe}}";
    private static final String PUBLISHABLE = "{{:public=stripePk}}";
    private static final String ENDPOINT_SECRET = "{{!auth=whsec}}";
    private static final String TOKEN_HEADER = "{{:code='X-Stripe-Signature-Token}}";

    public void init() {
        Stripe.apiKey = API_KEY;
        log.info("using secret key {}", {{:code='mask(apiKeySecret)}});
    }
}
`,
  },
  {
    path: 'app/services/mailer.py',
    text: raw`
import os
from sendgrid import SendGridAPIClient

SENDER = "no-reply@acme.example"
TEMPLATE_ID = "{{:id=uuid}}"

def client():
    # TODO move to vault before launch
    return SendGridAPIClient("{{!provider=sendgrid}}")

def fallback():
    api_key = {{:reference='os.environ["MAILGUN_API_KEY"]}}
    return Mailgun(api_key or "{{!provider=mailgun}}", domain="mg.acme.example")
`,
  },
  {
    path: 'lib/cloud/uploader.rb',
    text: raw`
require 'aws-sdk-s3'

Aws.config.update(
  region: 'eu-west-1',
  credentials: Aws::Credentials.new('{{!neutral=awsId}}', '{{!provider=awsSecret}}')
)

BUCKET_ETAG = '{{:hash=hex32}}'
KMS_KEY = 'arn:aws:kms:eu-west-1:123456789012:key/{{:id=uuid}}'
DOC_KEY = '{{:doc=awsDoc}}' # from the AWS manual
`,
  },
  {
    path: 'crates/agent/src/config.rs',
    text: raw`
use serde::Deserialize;

pub const ANTHROPIC: &str = "{{!provider=anthropic}}";
pub const MODEL_DIGEST: &str = "sha256:{{:hash=hex64}}";

#[derive(Deserialize)]
pub struct Settings {
    pub api_token: {{:code='Option<SecretString>}},
    pub password: {{:code='Zeroizing<String>}},
}

impl Default for Settings {
    fn default() -> Self {
        Self { api_token: Some("{{!generic=alnum40}}".into()), password: Zeroizing::new({{:code='String::with_capacity(64)}}) }
    }
}
`,
  },
  {
    path: 'Services/TokenProvider.cs',
    text: raw`
namespace Acme.Identity;

public class TokenProvider
{
    private const string TenantId = "{{:id=uuid}}";
    private const string ClientId = "{{:id=uuid}}";
    private const string ClientSecret = "{{!provider=azureClient}}";
    private readonly string _storage = "DefaultEndpointsProtocol=https;AccountName=acmeprod;AccountKey={{!connection=azureStorage}};EndpointSuffix=core.windows.net";
    private readonly string _emulator = "UseDevelopmentStorage={{:code='true}}";
    public string Password { get; set; } = {{:code='string.Empty}};
}
`,
  },
  {
    path: 'web/src/api/maps.tsx',
    text: raw`
import { useEffect } from 'react'

const GEO = { key: '{{!provider=gcpKey}}', mapId: '{{:id=hex16}}' }
export const analytics = { token: '{{:public=posthogPub}}' }

export function Map({ apiKey = {{:reference='import.meta.env.VITE_MAPS_KEY}} }: { apiKey?: {{:code='string | undefined}} }) {
  useEffect(() => {
    void fetch(´/tiles?access_token=$~{{{:reference='apiKey}}}´)
  }, [apiKey])
  return <div className="{{:data='bg-gradient-to-r-from-indigo-500-via-purple-500}}" />
}
`,
  },
  {
    path: 'bot/index.js',
    text: raw`
const { Client } = require('discord.js')
const client = new Client({ intents: [1, 512] })

const OWNER = '{{:id='294882584201003009}}'
const GUILD = '{{:id='613425648685547541}}'

client.on('ready', () => console.log('up'))
client.login('{{!provider=discordBot}}')

const tg = new Telegraf('{{!provider=telegram}}')
tg.start((ctx) => ctx.reply('token expired, use /reset_{{:code='password_confirmation}}'))
`,
  },
  {
    path: 'app/Providers/PaymentServiceProvider.php',
    text: raw`
<?php

namespace App\Providers;

class PaymentServiceProvider
{
    const RAZORPAY_KEY = '{{!neutral=razorpay}}';
    const RAZORPAY_SECRET = '{{!generic=alnum24}}';
    protected $password = '{{:placeholder='changeme}}';

    public function register()
    {
        $this->app->singleton('pay', fn () => new Api({{:reference='config("services.pay.secret")}}));
        define('AUTH_SALT', '{{!generic=url64}}');
        $nonce = wp_create_nonce('{{:code='reset_user_password_nonce}}');
    }
}
`,
  },
  {
    path: 'Sources/App/Secrets.swift',
    text: raw`
import Foundation

enum Secrets {
    static let mapbox = "{{!provider=mapbox}}"
    static let openAI = "{{!provider=openai}}"
    static let keychainService = "{{:code='io.acme.app.keychain.accessToken}}"
    static let bundleChecksum = "{{:hash=hex64}}"
    static var sessionKey: {{:code='SymmetricKey?}} = nil
}
`,
  },
  {
    path: 'app/src/main/kotlin/Network.kt',
    text: raw`
package io.acme.app

object Network {
    private const val SIGNING_SECRET = "{{!generic=hex64}}"
    private const val PREF_AUTH_TOKEN = "{{:code='pref_auth_token_v2}}"
    val apiKey: String = {{:reference='BuildConfig.WEATHER_API_KEY}}

    fun okHttp() = OkHttpClient.Builder().addInterceptor { chain ->
        chain.proceed(chain.request().newBuilder().header("Authorization", "Bearer {{!auth=jwt}}").build())
    }.build()
}
`,
  },
  {
    path: 'scripts/report.R',
    text: raw`
library(DBI)

con <- dbConnect(RPostgres::Postgres(),
  host = "warehouse.acme.example", user = "analyst",
  password = "{{!password=strong}}", dbname = "dwh")

Sys.setenv(QUANDL_API_KEY = "{{!generic=alnum20}}")
token <- {{:reference='Sys.getenv("GITHUB_PAT")}}
seed_hash <- "{{:hash=hex32}}"
`,
  },
  {
    path: 'lib/acme/worker.ex',
    text: raw`
defmodule Acme.Worker do
  @token "{{!provider=ghp}}"
  @signing_salt "{{:placeholder='REPLACE_WITH_SALT}}"
  @ets_key :{{:code='session_token_cache_by_user_id}}

  def headers, do: [{"authorization", "token #{@token}"}, {"x-honeycomb-team", "{{!generic=alnum22}}"}]
  def secret, do: {{:reference='System.fetch_env!("SECRET_KEY_BASE")}}
end
`,
  },
  {
    path: 'src/scala/Kafka.scala',
    text: raw`
object Kafka {
  val jaas =
    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"ingest\" password=\"{{!password=alnum24}}\";"
  val schemaRegistryAuth = "ingest:{{!password=alnum32}}"
  val keystorePassword = {{:reference='sys.env("KEYSTORE_PASSWORD")}}
  val clusterId = "{{:id='lkc-7vp2xq}}"
  val passwordRegex = "‹code='^(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{12,}$›".r
}
`,
  },
  {
    path: 'firmware/wifi_config.h',
    text: raw`
#pragma once

#define WIFI_SSID "acme-workshop"
#define WIFI_PASSWORD "{{!password=phrase}}"
#define MQTT_URI "mqtts://sensor:{{!connection=safe}}@broker.acme.example:8883"
#define OTA_TOKEN_MAX_LEN {{:code='128}}
#define DEVICE_KEY_PLACEHOLDER "{{:placeholder='xxxxxxxxxxxxxxxxxxxxxxxx}}"
static const char *fw_sha = "{{:hash=hex40}}";
`,
  },
  {
    path: 'tools/sync.pl',
    text: raw`
use strict;
use LWP::UserAgent;

my $password = '{{!password=human}}';
my $api_key  = ‹reference='$ENV{RT_API_KEY}›;
my $ua = LWP::UserAgent->new;
$ua->default_header('PRIVATE-TOKEN' => '{{!provider=glpat}}');
my $digest = '{{:hash=hex64}}';
print "password: {{:code='$password_hint}}\n";
`,
  },
  {
    path: 'lib/main.dart',
    text: raw`
const sentryDsn = 'https://{{:public=hex32}}@o4504.ingest.sentry.example/4505';
const onesignalAppId = '{{:id=uuid}}';
const algoliaAdminKey = '{{!generic=hex32}}';
const revenueCat = RevenueCatConfig(secretKey: '{{!provider=stripeRk}}');
final passwordController = {{:code='TextEditingController()}};
`,
  },
  {
    path: 'notebooks/finetune.ipynb',
    text: raw`
{
 "cells": [
  {
   "cell_type": "code",
   "source": [
    "import wandb, openai\n",
    "wandb.login(key='{{!generic=hex40}}')\n",
    "os.environ['HF_TOKEN'] = '{{!provider=hf}}'\n",
    "tokenizer_name = '{{:code='sentencepiece-unigram-32000-cased}}'\n"
   ],
   "id": "{{:id=hex32}}",
   "outputs": [{"data": {"image/png": "{{:data=png}}"}}]
  }
 ]
}
`,
  },
]
