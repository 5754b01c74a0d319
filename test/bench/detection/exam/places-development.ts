// Where a secret stands: the file of each language or format, and the line in it. The development half and the
// held-out half have files and idioms of their own, so that what is learnt on one is not yet known on the other.

import type { Name } from './random.ts'

type Idiom = (name: Name, value: string) => string
/** A path, the lines before, ways to write the line, the lines after. */
export type Place = readonly [path: string, head: string, idioms: readonly Idiom[], tail: string]

export const developmentPlaces: readonly Place[] = [
  [
    'src/lib/client.js',
    `import { request } from './http.js'\nimport log from './log.js'\n`,
    [(n, v) => `const ${n.camel} = '${v}'`, (n, v) => `export const ${n.upper} = "${v}";`],
    `\nexport async function list(page = 1) {\n  log.debug('fetching page', page)\n  return request('/v2/items?page=' + page)\n}`,
  ],
  [
    'src/services/upload.ts',
    `import type { Options } from '../types'\n\nexport class Uploader {`,
    [(n, v) => `  private readonly ${n.camel}: string = '${v}'`, (n, v) => `  static ${n.upper} = \`${v}\` as const`],
    `  constructor(private options: Options) {}\n  async run(): Promise<void> {\n    await this.options.transport.open()\n  }\n}`,
  ],
  [
    'web/App.jsx',
    `import React from 'react'\nimport { Provider } from './provider'\n\nexport default function App() {\n  return (`,
    [(n, v) => `    <Provider ${n.camel}="${v}" locale="de">`],
    `      <Routes />\n    </Provider>\n  )\n}`,
  ],
  [
    'app/settings.py',
    `import os\nfrom pathlib import Path\n\nBASE_DIR = Path(__file__).resolve().parent\nDEBUG = False`,
    [(n, v) => `${n.upper} = '${v}'`, (n, v) => `${n.upper}: str = "${v}"`],
    `ALLOWED_HOSTS = ['shop.acme.dev']\nTIME_ZONE = 'Europe/Berlin'`,
  ],
  [
    'internal/config/config.go',
    `package config\n\nimport "time"\n\nconst (\n\tdefaultTimeout = 30 * time.Second`,
    [(n, v) => `\t${n.camel} = "${v}"`],
    `\tmaxRetries = 5\n)\n\nfunc Timeout() time.Duration { return defaultTimeout }`,
  ],
  [
    'src/main/java/dev/acme/Api.java',
    `package dev.acme;\n\nimport java.net.http.HttpClient;\n\npublic final class Api {\n    private final HttpClient client = HttpClient.newHttpClient();`,
    [(n, v) => `    private static final String ${n.upper} = "${v}";`],
    `\n    public int retries() {\n        return 3;\n    }\n}`,
  ],
  [
    'app/Secrets.kt',
    `package dev.acme.app\n\nobject Remote {\n    const val BASE = "https://api.acme.dev/"`,
    [(n, v) => `    const val ${n.upper} = "${v}"`],
    `    const val PAGE = 25\n}`,
  ],
  [
    'config/initializers/remote.rb',
    `# frozen_string_literal: true\n\nRemote.configure do |config|\n  config.timeout = 12`,
    [(n, v) => `  config.${n.snake} = '${v}'`],
    `  config.retries = 2\nend`,
  ],
  [
    'config/services.php',
    `<?php\n\nreturn [\n    'timeout' => 30,`,
    [(n, v) => `    '${n.snake}' => '${v}',`],
    `    'endpoint' => 'https://api.acme.dev',\n];`,
  ],
  [
    'Services/Gateway.cs',
    `using System.Net.Http;\n\nnamespace Acme.Services;\n\npublic class Gateway\n{`,
    [(n, v) => `    private const string ${n.pascal} = "${v}";`],
    `    private readonly HttpClient _http = new();\n\n    public int Retries => 3;\n}`,
  ],
  [
    'src/remote.rs',
    `use std::time::Duration;\n\npub const TIMEOUT: Duration = Duration::from_secs(20);`,
    [(n, v) => `pub const ${n.upper}: &str = "${v}";`],
    `\npub fn retries() -> u8 {\n    4\n}`,
  ],
  [
    'deploy/release.sh',
    `#!/usr/bin/env bash\nset -euo pipefail\n\nstage=\${1:-production}`,
    [(n, v) => `export ${n.upper}="${v}"`, (n, v) => `${n.upper}='${v}'`],
    `\necho "releasing to $stage"\n./bin/release --stage "$stage"`,
  ],
  [
    '.env.production',
    `NODE_ENV=production\nPORT=8080\nLOG_LEVEL=info`,
    [(n, v) => `${n.upper}=${v}`, (n, v) => `${n.upper}="${v}"`],
    `FEATURE_CHECKOUT=true`,
  ],
  [
    'docker-compose.prod.yml',
    `services:\n  api:\n    image: acme/api:4.2.1\n    restart: always\n    environment:\n      LOG_LEVEL: warn`,
    [(n, v) => `      ${n.upper}: "${v}"`],
    `    ports:\n      - "8080:8080"`,
  ],
  [
    '.github/workflows/release.yml',
    `name: release\non:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    env:`,
    [(n, v) => `      ${n.upper}: ${v}`],
    `    steps:\n      - uses: actions/checkout@v4\n      - run: make publish`,
  ],
  [
    'group_vars/all.yml',
    `---\nntp_servers:\n  - 0.pool.ntp.org\ndeploy_user: deployer`,
    [(n, v) => `${n.snake}: '${v}'`],
    `nginx_workers: 4`,
  ],
  [
    'config/app.toml',
    `[server]\nhost = "0.0.0.0"\nport = 8080\n\n[remote]`,
    [(n, v) => `${n.snake} = "${v}"`],
    `timeout = "20s"`,
  ],
  [
    'appsettings.Production.json',
    `{\n  "Logging": { "LogLevel": { "Default": "Warning" } },\n  "Remote": {`,
    [(n, v) => `    "${n.pascal}": "${v}",`],
    `    "TimeoutSeconds": 20\n  }\n}`,
  ],
  [
    'main.tf',
    `terraform {\n  required_version = ">= 1.6"\n}\n\nlocals {\n  region = "eu-central-1"`,
    [(n, v) => `  ${n.snake} = "${v}"`],
    `}`,
  ],
  [
    'Dockerfile',
    `FROM node:20-alpine\nWORKDIR /app\nCOPY package.json ./`,
    [(n, v) => `ENV ${n.upper}=${v}`],
    `RUN npm ci --omit=dev\nCMD ["node", "server.js"]`,
  ],
  [
    'notebooks/load.ipynb',
    `{\n "cells": [\n  {\n   "cell_type": "code",\n   "execution_count": 3,\n   "metadata": {},\n   "outputs": [],\n   "source": [\n    "import os\\n",`,
    [(n, v) => `    "os.environ['${n.upper}'] = '${v}'\\n",`],
    `    "df.head()"\n   ]\n  }\n ],\n "nbformat": 4\n}`,
  ],
  [
    'docs/setup.md',
    `# Setup\n\nThe staging box reads these variables; they are the same on the build server:\n\n\`\`\`sh`,
    [(n, v) => `export ${n.upper}=${v}`],
    `make up\n\`\`\`\n\nThen open the dashboard.`,
  ],
  [
    'changes.patch',
    `diff --git a/config/app.js b/config/app.js\nindex 83db48f..bf3a1c2 100644\n--- a/config/app.js\n+++ b/config/app.js\n@@ -3,5 +3,5 @@ module.exports = {\n   port: 8080,`,
    [(n, v) => `-  ${n.camel}: '${v}',`, (n, v) => `+  ${n.camel}: '${v}',`],
    `   retries: 3,\n }`,
  ],
]

/** Places without a telling name: there the token must speak for itself. */
export const developmentBare: readonly Place[] = [
  [
    'src/bot.js',
    `const { connect } = require('./remote')\n\nmodule.exports = async () => {`,
    [(_, v) => `  const client = await connect('${v}')`],
    `  return client.run()\n}`,
  ],
  [
    'src/jobs/Nightly.java',
    `package dev.acme.jobs;\n\nclass Nightly {`,
    [(_, v) => `    // tmp, works until friday: ${v}`],
    `    void run() {\n    }\n}`,
  ],
  ['bin/nightly.sh', `#!/bin/sh\nset -e\ncd /srv/orders`, [(_, v) => `./bin/sync --auth ${v} --all`], `echo ok`],
  [
    'notes/handover.md',
    `# Handover\n\n- the box is web1, ask Kim for access`,
    [(_, v) => `- use ${v} until the new one is there`],
    `- the job runs at 3 am`,
  ],
]
