//! Scripts, builds, requests, logs, data.
use super::super::template::{Template, Writing};

const fn plain(about: &'static str, path: &'static str, text: &'static str) -> Template {
    Template { about, path, writing: Writing::Plain, text }
}

pub(super) const TEMPLATES: &[Template] = &[
    plain(
        "shell-export",
        "bin/deploy.sh",
        "#!/bin/sh\nset -eu\nexport REGION=eu-central-1\nexport @SCREAM@='@value@'\n./release --stage production\n",
    ),
    plain(
        "command-line-flag",
        "bin/sync.sh",
        "#!/bin/bash\nset -euo pipefail\n\nsyncer run \\\n  --interval 30s \\\n  --@kebab@ @value@ \\\n  --verbose\n",
    ),
    plain(
        "curl-header",
        "bin/probe.sh",
        "#!/bin/sh\ncurl --silent --fail \\\n  -H 'Accept: application/json' \\\n  -H 'X-@Header@: @value@' \\\n  https://upstream.acme-logistics.io/v1/items\n",
    ),
    plain(
        "http-request",
        "requests/items.http",
        "GET /v1/items HTTP/1.1\nHost: upstream.acme-logistics.io\nAccept: application/json\nX-@Header@: @value@\n\n",
    ),
    plain(
        "dockerfile-env",
        "Dockerfile",
        "FROM debian:12\nRUN apt-get update\nENV LOG_LEVEL=info\nENV @SCREAM@=@value@\nCMD [\"/usr/bin/orders\"]\n",
    ),
    plain("dockerfile-arg", "build/Dockerfile", "FROM node:22\nARG @SCREAM@=@value@\nRUN npm ci\nUSER node\n"),
    plain(
        "dockerfile-run",
        "docker/Dockerfile",
        "FROM debian:12\nRUN @SCREAM@=\"@value@\" ./configure && make install\nUSER nobody\n",
    ),
    plain(
        "github-workflow",
        ".github/workflows/release.yml",
        "name: release\non: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n    env:\n      @SCREAM@: @value@\n    steps:\n      - run: make release\n",
    ),
    plain(
        "gitlab-pipeline",
        ".gitlab-ci.yml",
        "stages: [build]\nvariables:\n  LOG_LEVEL: info\n  @SCREAM@: \"@value@\"\nbuild:\n  stage: build\n  script: make\n",
    ),
    plain(
        "jenkinsfile",
        "Jenkinsfile",
        "pipeline {\n  agent any\n  environment {\n    @SCREAM@ = '@value@'\n  }\n  stages {\n    stage('build') { steps { sh 'make' } }\n  }\n}\n",
    ),
    plain(
        "log-line",
        "var/log/orders.log",
        "2026-03-02T10:11:12.031Z INFO  starting orders 1.4.2\n2026-03-02T10:11:12.104Z DEBUG environment: LOG_LEVEL=info @SCREAM@=@value@ HTTP_PORT=8080\n2026-03-02T10:11:12.530Z INFO  listening on 8080\n",
    ),
    plain(
        "markdown",
        "docs/runbook.md",
        "# Runbook\n\nTo sync by hand:\n\n```sh\n@SCREAM@=@value@ make sync\n```\n\nThen look at the dashboard.\n",
    ),
    plain(
        "sql-dump",
        "backup/settings.sql",
        "CREATE TABLE settings (id int, name text, value text, updated date);\nINSERT INTO settings VALUES (1,'locale','en-GB','2026-03-02');\nINSERT INTO settings VALUES (2,'@snake@','@value@','2026-03-02');\n",
    ),
    plain("csv", "export/settings.csv", "name,value,updated\nlocale,en-GB,2026-03-02\n@snake@,@value@,2026-03-02\n"),
    Template {
        about: "url-query",
        path: "var/log/access.txt",
        writing: Writing::Percent,
        text: "10.0.4.17 - - [02/Mar/2026:10:11:12 +0000] \"GET /v1/items?page=2&@snake@=@value@&sort=name HTTP/1.1\" 200 512\n10.0.4.17 - - [02/Mar/2026:10:11:14 +0000] \"GET /health HTTP/1.1\" 200 2\n",
    },
    plain("makefile", "Makefile", "@SCREAM@ := @value@\n\n.PHONY: sync\nsync:\n\t./syncer run --verbose\n"),
    plain("batch", "deploy.bat", "rem Release\nset STAGE=production\nset @SCREAM@=@value@\nrelease.exe\n"),
    plain(
        "powershell",
        "deploy.ps1",
        "$ErrorActionPreference = 'Stop'\n$env:@SCREAM@ = '@value@'\n.\\release.exe --stage production\n",
    ),
    plain("shell-history", "root/.bash_history", "cd /srv/orders\nls -la\nexport @SCREAM@=@value@\nmake sync\nexit\n"),
    plain(
        "systemd-unit",
        "etc/systemd/system/orders.service",
        "[Unit]\nDescription=Orders\n\n[Service]\nEnvironment=\"@SCREAM@=@value@\"\nExecStart=/usr/bin/orders\n\n[Install]\nWantedBy=multi-user.target\n",
    ),
    plain(
        "nginx-header",
        "etc/nginx/conf.d/upstream.conf",
        "server {\n  listen 8080;\n  location / {\n    proxy_set_header X-@Header@ \"@value@\";\n    proxy_pass https://upstream;\n  }\n}\n",
    ),
    plain(
        "patch",
        "fix.patch",
        "diff --git a/conf/app.env b/conf/app.env\nindex 4f1c2ab..9d03e11 100644\n--- a/conf/app.env\n+++ b/conf/app.env\n LOG_LEVEL=info\n+@SCREAM@=@value@\n HTTP_PORT=8080\n",
    ),
    plain("crontab", "etc/cron.d/sync", "MAILTO=\"\"\n@SCREAM@=@value@\n*/5 * * * * root /usr/bin/syncer run\n"),
    plain(
        "heredoc",
        "bin/setup.sh",
        "#!/bin/sh\ncat > /etc/orders.conf <<'END'\nlog_level = info\n@snake@ = @value@\nEND\nsystemctl restart orders\n",
    ),
    plain(
        "cloud-init",
        "user-data.yaml",
        "#cloud-config\nwrite_files:\n  - path: /etc/orders.env\n    content: |\n      LOG_LEVEL=info\n      @SCREAM@=@value@\nruncmd:\n  - systemctl restart orders\n",
    ),
    plain(
        "chat-export",
        "export/channel.json",
        "[\n  {\"user\": \"ines\", \"text\": \"where is it set?\"},\n  {\"user\": \"ravi\", \"text\": \"in the pod, @SCREAM@=@value@ and restart\"}\n]\n",
    ),
    plain("conda-activation", "etc/conda/activate.d/env.fish", "set -gx LOG_LEVEL info\nset -gx @SCREAM@ \"@value@\"\n"),
];
