// The places of the held-out half: other files, other languages, other ways to write the line.

import type { Place } from './places-development.ts'

export const heldOutPlaces: readonly Place[] = [
  [
    'server/routes/hook.mjs',
    `import { Router } from 'express'\n\nconst router = Router()\n\nrouter.post('/hook', async (req, res) => {\n  const client = connect({`,
    [(n, v) => `    ${n.camel}: "${v}",`],
    `    retries: 2,\n  })\n  res.json(await client.push(req.body))\n})\n\nexport default router`,
  ],
  [
    'packages/core/src/env.ts',
    `export interface Env {\n  readonly stage: string\n}\n\nexport const load = (): Env => ({ stage: process.env.STAGE ?? 'dev' })`,
    [(n, v) => `const ${n.camel} = process.env.${n.upper} || '${v}'`, (n, v) => `process.env['${n.upper}'] ??= '${v}'`],
    `export const ttl = 3600`,
  ],
  [
    'scripts/sync.py',
    `"""Nightly sync of the catalogue."""\nimport requests\n\n\ndef main():\n    session = requests.Session()`,
    [
      (n, v) => `    client = connect(session, ${n.snake}="${v}")`,
      (n, v) => `    ${n.snake} = os.environ.get("${n.upper}", "${v}")`,
    ],
    `    for row in client.pages():\n        print(row["id"])\n\n\nif __name__ == "__main__":\n    main()`,
  ],
  [
    'cmd/worker/main.go',
    `package main\n\nimport (\n\t"log"\n\t"os"\n)\n\nfunc main() {`,
    [(n, v) => `\tos.Setenv("${n.upper}", "${v}")`, (n, v) => `\t${n.camel} := "${v}"`],
    `\tif err := run(); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}`,
  ],
  [
    'src/main/resources/application.properties',
    `server.port=8080\nspring.application.name=orders`,
    [(n, v) => `acme.${n.dotted}=${v}`],
    `management.endpoints.web.exposure.include=health`,
  ],
  [
    'src/main/resources/application.yml',
    `server:\n  port: 8080\nacme:\n  remote:`,
    [(n, v) => `    ${n.kebab}: ${v}`],
    `    timeout: 20s`,
  ],
  [
    'Sources/App/Remote.swift',
    `import Foundation\n\nstruct Remote {\n    let base = URL(string: "https://api.acme.dev")!`,
    [(n, v) => `    static let ${n.camel} = "${v}"`],
    `    var retries = 3\n}`,
  ],
  [
    'lib/remote.dart',
    `import 'package:http/http.dart' as http;\n\nclass Remote {`,
    [(n, v) => `  static const String ${n.camel} = '${v}';`],
    `  Future<http.Response> ping() => http.get(Uri.parse('https://api.acme.dev/ping'));\n}`,
  ],
  [
    'config/prod.exs',
    `import Config\n\nconfig :shop, ShopWeb.Endpoint, url: [host: "shop.acme.dev", port: 443]`,
    [(n, v) => `config :shop, ${n.snake}: "${v}"`],
    `config :logger, level: :info`,
  ],
  [
    'app/Remote.scala',
    `package dev.acme\n\nobject Remote {\n  val base = "https://api.acme.dev"`,
    [(n, v) => `  private val ${n.camel}: String = "${v}"`],
    `  def retries: Int = 3\n}`,
  ],
  [
    'tools/Publish.ps1',
    `param([string]$Stage = "prod")\n$ErrorActionPreference = "Stop"`,
    [(n, v) => `$env:${n.upper} = "${v}"`, (n, v) => `$${n.camel} = '${v}'`],
    `Write-Host "publishing $Stage"\n./publish.cmd $Stage`,
  ],
  [
    'k8s/deployment.yaml',
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  template:\n    spec:\n      containers:\n        - name: orders\n          image: acme/orders:2.3.0\n          env:`,
    [(n, v) => `            - name: ${n.upper}\n              value: "${v}"`],
    `          ports:\n            - containerPort: 8080`,
  ],
  [
    '.gitlab-ci.yml',
    `stages: [build, deploy]\n\nvariables:\n  DOCKER_DRIVER: overlay2`,
    [(n, v) => `  ${n.upper}: '${v}'`],
    `\ndeploy:\n  stage: deploy\n  script:\n    - ./deploy.sh`,
  ],
  [
    'charts/orders/values.yaml',
    `replicaCount: 3\nimage:\n  repository: acme/orders\n  tag: 2.3.0\nconfig:`,
    [(n, v) => `  ${n.camel}: ${v}`],
    `  logLevel: info\nresources: {}`,
  ],
  [
    'conf/service.ini',
    `[main]\nworkers = 4\n\n[remote]\nurl = https://api.acme.dev`,
    [(n, v) => `${n.snake} = ${v}`],
    `verify = yes`,
  ],
  [
    '.vscode/settings.json',
    `{\n  "editor.tabSize": 2,\n  "files.eol": "\\n",`,
    [(n, v) => `  "acme.${n.camel}": "${v}",`],
    `  "typescript.tsdk": "node_modules/typescript/lib"\n}`,
  ],
  [
    'Web.config',
    `<?xml version="1.0" encoding="utf-8"?>\n<configuration>\n  <appSettings>\n    <add key="Stage" value="production" />`,
    [(n, v) => `    <add key="${n.pascal}" value="${v.replaceAll('&', '&amp;')}" />`],
    `  </appSettings>\n</configuration>`,
  ],
  [
    'app/src/main/res/values/keys.xml',
    `<?xml version="1.0" encoding="utf-8"?>\n<resources>\n    <string name="app_name">Orders</string>`,
    [(n, v) => `    <string name="${n.snake}" translatable="false">${v.replaceAll('&', '&amp;')}</string>`],
    `</resources>`,
  ],
  [
    'terraform.tfvars',
    `region      = "eu-central-1"\nenvironment = "production"`,
    [(n, v) => `${n.snake} = "${v}"`],
    `instance_type = "t3.medium"`,
  ],
  [
    'Makefile',
    `.PHONY: build deploy\n\nSTAGE ?= production`,
    [(n, v) => `${n.upper} := ${v.replaceAll('$', '$$')}`],
    `\nbuild:\n\tgo build ./...\n\ndeploy: build\n\t./deploy.sh $(STAGE)`,
  ],
  [
    'migrations/014_settings.sql',
    `BEGIN;\n\nCREATE TABLE IF NOT EXISTS settings (name text PRIMARY KEY, value text);`,
    [(n, v) => `INSERT INTO settings (name, value) VALUES ('${n.snake}', '${v}');`],
    `\nCOMMIT;`,
  ],
  [
    'logs/worker.log',
    `2025-05-11T08:14:02Z INFO  starting worker pid=4121\n2025-05-11T08:14:02Z DEBUG environment loaded`,
    [(n, v) => `2025-05-11T08:14:03Z DEBUG ${n.upper}=${v}`],
    `2025-05-11T08:14:04Z INFO  connected in 312ms`,
  ],
  [
    'public/index.html',
    `<!doctype html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n  <script>\n    window.settings = {`,
    [(n, v) => `      ${n.camel}: "${v}",`],
    `      locale: "en"\n    }\n  </script>\n</head>\n<body></body>\n</html>`,
  ],
  [
    'Jenkinsfile',
    `pipeline {\n  agent any\n  environment {\n    STAGE = 'production'`,
    [(n, v) => `    ${n.upper} = '${v}'`],
    `  }\n  stages {\n    stage('build') { steps { sh 'make' } }\n  }\n}`,
  ],
  [
    'playbooks/site.yml',
    `- hosts: web\n  become: true\n  vars:\n    workers: 4`,
    [(n, v) => `    ${n.snake}: "${v}"`],
    `  roles:\n    - nginx`,
  ],
]

/** Places without a telling name: there the token must speak for itself. */
export const heldOutBare: readonly Place[] = [
  [
    'tools/check.py',
    `from remote import check\n\nfor item in [`,
    [(_, v) => `    "${v}",`],
    `]:\n    print(check(item))`,
  ],
  [
    'logs/sync.log',
    `2025-04-02 03:00:01 INFO start`,
    [(_, v) => `2025-04-02 03:00:02 DEBUG GET /v1/items?auth=${v} 200`],
    `2025-04-02 03:00:09 INFO 214 rows`,
  ],
  ['data/accounts.csv', `id,owner,value,active`, [(_, v) => `17,kim,${v},true`], `18,lee,,false`],
  ['cmd/probe/main.go', `package main\n\nfunc main() {`, [(_, v) => `\tprobe(ctx, \`${v}\`)`], `}`],
]
