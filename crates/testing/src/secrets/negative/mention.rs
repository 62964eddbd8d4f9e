//! Code and texts about secrets that hold none.
use super::super::template::{Template, Writing};

const fn text(about: &'static str, path: &'static str, text: &'static str) -> Template {
    Template { about, path, writing: Writing::Plain, text }
}

pub(super) const TEMPLATES: &[Template] = &[
    text(
        "reads-python-environment",
        "app/settings.py",
        "import os\n\n@SCREAM@ = os.environ[\"@SCREAM@\"]\nPASSWORD = os.getenv(\"DB_PASSWORD\", \"\")\n",
    ),
    text(
        "reads-node-environment",
        "src/settings.js",
        "export const settings = {\n  @camel@: process.env.@SCREAM@,\n  password: process.env.DB_PASSWORD ?? '',\n};\n",
    ),
    text(
        "reads-go-environment",
        "cmd/main.go",
        "package main\n\nimport \"os\"\n\nvar @camel@ = os.Getenv(\"@SCREAM@\")\nvar password = os.Getenv(\"DB_PASSWORD\")\n",
    ),
    text(
        "reads-ruby-environment",
        "config/app.rb",
        "config.@snake@ = ENV.fetch('@SCREAM@')\nconfig.password = ENV['DB_PASSWORD']\n",
    ),
    text(
        "reads-java-environment",
        "src/App.java",
        "class App {\n  String @camel@ = System.getenv(\"@SCREAM@\");\n  String password = System.getProperty(\"db.password\");\n}\n",
    ),
    text(
        "reads-php-environment",
        "config/app.php",
        "<?php\nreturn ['@snake@' => env('@SCREAM@'), 'password' => getenv('DB_PASSWORD')];\n",
    ),
    text(
        "reads-rust-environment",
        "src/main.rs",
        "let @snake@ = std::env::var(\"@SCREAM@\")?;\nlet password = rpassword::prompt_password(\"Password: \")?;\n",
    ),
    text(
        "reads-csharp-settings",
        "src/App.cs",
        "var @camel@ = Environment.GetEnvironmentVariable(\"@SCREAM@\");\nvar password = configuration[\"Database:Password\"];\n",
    ),
    text(
        "reads-file",
        "app/secrets.py",
        "from pathlib import Path\n\n@snake@ = Path(\"/run/secrets/@snake@\").read_text().strip()\n",
    ),
    text(
        "reads-vault",
        "app/vault.py",
        "secret = client.secrets.kv.v2.read_secret_version(path=\"orders\")\n@snake@ = secret[\"data\"][\"data\"][\"@snake@\"]\n",
    ),
    text(
        "reads-secrets-manager",
        "app/aws.py",
        "response = client.get_secret_value(SecretId=\"prod/orders\")\npassword = json.loads(response[\"SecretString\"])[\"password\"]\n",
    ),
    text("reads-prompt", "bin/login.sh", "#!/bin/sh\nread -r -s -p 'Password: ' password\nexport PASSWORD=\"$password\"\n"),
    text(
        "generates-password",
        "bin/init.sh",
        "#!/bin/sh\npassword=$(openssl rand -base64 32)\nsecret=$(head -c 32 /dev/urandom | base64)\nkubectl create secret generic orders --from-literal=password=\"$password\"\n",
    ),
    text(
        "password-validator",
        "src/validate.ts",
        "export function validatePassword(password: string): boolean {\n  return password.length >= 12 && /[A-Z]/.test(password) && /[0-9]/.test(password);\n}\n",
    ),
    text(
        "password-messages",
        "locales/en.json",
        "{\n  \"password\": \"Password\",\n  \"password.confirm\": \"Confirm your password\",\n  \"password.reset\": \"Reset password\",\n  \"password.mismatch\": \"The passwords do not match\"\n}\n",
    ),
    text(
        "password-messages-german",
        "locales/de.json",
        "{\n  \"password\": \"Passwort\",\n  \"password.confirm\": \"Passwort wiederholen\",\n  \"secret\": \"Geheimnis\",\n  \"token\": \"Zugangsschlüssel\"\n}\n",
    ),
    text(
        "password-messages-yaml",
        "config/locales/fr.yml",
        "fr:\n  devise:\n    password: \"Mot de passe\"\n    secret: \"Clé secrète\"\n    token: \"Jeton\"\n",
    ),
    text(
        "password-messages-java",
        "src/messages.properties",
        "login.password=Password\nlogin.password.hint=At least twelve characters\nlogin.token.expired=Your token has expired\n",
    ),
    text(
        "password-messages-po",
        "locale/es.po",
        "msgid \"Password\"\nmsgstr \"Contraseña\"\n\nmsgid \"API token\"\nmsgstr \"Clave de acceso\"\n",
    ),
    text(
        "form-field",
        "public/login.html",
        "<form method=\"post\">\n  <input type=\"password\" name=\"password\" id=\"password\" placeholder=\"Enter your password\" autocomplete=\"current-password\">\n  <input type=\"hidden\" name=\"api_key\" value=\"\">\n</form>\n",
    ),
    text(
        "form-field-react",
        "src/Login.tsx",
        "<TextField label=\"Password\" type=\"password\" name=\"password\" value={password} onChange={(event) => setPassword(event.target.value)} />\n",
    ),
    text(
        "type-definition",
        "src/types.ts",
        "export interface Credentials {\n  username: string;\n  password: string;\n  @camel@?: string;\n  secret: Secret | null;\n}\n",
    ),
    text(
        "type-definition-go",
        "internal/config.go",
        "type Config struct {\n\tPassword string `json:\"password\" env:\"DB_PASSWORD\"`\n\t@Pascal@ string `json:\"@camel@\"`\n}\n",
    ),
    text(
        "type-definition-rust",
        "src/config.rs",
        "pub struct Config {\n    pub password: SecretString,\n    pub @snake@: Option<String>,\n}\n",
    ),
    text(
        "type-definition-python",
        "app/models.py",
        "class User(Model):\n    password = CharField(max_length=128)\n    token = ForeignKey(\"Token\", on_delete=CASCADE)\n    api_key: str | None = None\n",
    ),
    text(
        "type-definition-protobuf",
        "api/auth.proto",
        "message LoginRequest {\n  string username = 1;\n  string password = 2;\n  string api_key = 3;\n}\n",
    ),
    text(
        "type-definition-graphql",
        "schema.graphql",
        "input LoginInput {\n  username: String!\n  password: String!\n  token: String\n}\n",
    ),
    text(
        "type-definition-sql",
        "db/schema.sql",
        "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  password varchar(255) NOT NULL,\n  api_token varchar(64) DEFAULT NULL\n);\n",
    ),
    text(
        "openapi-schema",
        "api/openapi.yaml",
        "components:\n  securitySchemes:\n    apiKey:\n      type: apiKey\n      in: header\n      name: X-API-Key\n  schemas:\n    Login:\n      properties:\n        password:\n          type: string\n          format: password\n          minLength: 12\n",
    ),
    text(
        "json-schema",
        "charts/orders/values.schema.json",
        "{\n  \"properties\": {\n    \"password\": { \"type\": \"string\", \"description\": \"Password of the database\" },\n    \"@camel@\": { \"type\": \"string\" }\n  }\n}\n",
    ),
    text(
        "terraform-variable",
        "variables.tf",
        "variable \"@snake@\" {\n  type      = string\n  sensitive = true\n}\n\noutput \"password\" {\n  value     = random_password.main.result\n  sensitive = true\n}\n",
    ),
    text(
        "terraform-reference",
        "main.tf",
        "resource \"aws_db_instance\" \"main\" {\n  username = var.db_username\n  password = var.db_password\n}\n\nprovider \"datadog\" {\n  api_key = var.datadog_api_key\n}\n",
    ),
    text(
        "kubernetes-secret-reference",
        "k8s/deployment.yaml",
        "env:\n  - name: @SCREAM@\n    valueFrom:\n      secretKeyRef:\n        name: orders\n        key: @kebab@\n",
    ),
    text(
        "kubernetes-external-secret",
        "k8s/external.yaml",
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec:\n  data:\n    - secretKey: password\n      remoteRef:\n        key: prod/orders\n        property: password\n",
    ),
    text(
        "helm-template",
        "charts/orders/templates/secret.yaml",
        "apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.password | b64enc | quote }}\n  token: {{ randAlphaNum 32 | b64enc }}\n",
    ),
    text(
        "compose-secrets",
        "compose.yaml",
        "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password\n    secrets: [db_password]\nsecrets:\n  db_password:\n    file: ./db_password.txt\n",
    ),
    text(
        "dockerfile-secret-mount",
        "Dockerfile",
        "FROM node:22\nARG @SCREAM@\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\nENV DB_PASSWORD_FILE=/run/secrets/db_password\n",
    ),
    text(
        "github-workflow-secrets",
        ".github/workflows/ci.yml",
        "env:\n  @SCREAM@: ${{ secrets.@SCREAM@ }}\n  GITHUB_TOKEN: ${{ github.token }}\npermissions:\n  id-token: write\n",
    ),
    text(
        "gitlab-pipeline-variable",
        ".gitlab-ci.yml",
        "deploy:\n  script:\n    - docker login -u \"$CI_REGISTRY_USER\" -p \"$CI_REGISTRY_PASSWORD\" \"$CI_REGISTRY\"\n    - curl --header \"JOB-TOKEN: $CI_JOB_TOKEN\" \"$CI_API_V4_URL/jobs\"\n",
    ),
    text(
        "jenkins-credentials",
        "Jenkinsfile",
        "withCredentials([usernamePassword(credentialsId: 'deploy', usernameVariable: 'USER', passwordVariable: 'PASSWORD')]) {\n  sh 'release --password \"$PASSWORD\"'\n}\n",
    ),
    text(
        "ansible-reference",
        "playbook.yml",
        "- name: user\n  community.mysql.mysql_user:\n    name: app\n    password: \"{{ vault_mysql_password }}\"\n    login_password: \"{{ lookup('env', 'MYSQL_PWD') }}\"\n  no_log: true\n",
    ),
    text(
        "curl-with-variable",
        "bin/call.sh",
        "#!/bin/sh\ncurl -H \"Authorization: Bearer $@SCREAM@\" -u \"$USER_NAME:$PASSWORD\" https://api.acme-logistics.io/v1/items\n",
    ),
    text("npmrc-variable", ".npmrc", "//packages.acme-logistics.io/npm/:_authToken=${NPM_TOKEN}\nfund=false\n"),
    text(
        "maven-settings-variable",
        "settings.xml",
        "<settings><servers><server><id>releases</id><username>${env.MAVEN_USER}</username><password>${env.MAVEN_PASSWORD}</password></server></servers></settings>\n",
    ),
    text(
        "test-names",
        "spec/login_spec.rb",
        "describe 'password' do\n  it 'rejects a wrong password' do\n    expect(login(password: wrong_password)).to be_failure\n  end\n  it 'resets the token after logout' do\n  end\nend\n",
    ),
    text(
        "css-selectors",
        "public/login.css",
        ".password-field,.token-input{border:1px solid #ccc}#api-key::after{content:\"API key\"}.secret{display:none}\n",
    ),
    text(
        "log-messages",
        "src/log.py",
        "log.info(\"password changed for %s\", user)\nlog.warning(\"token expired: %s\", token_id)\nlog.debug(\"api_key=%s\", mask(api_key))\n",
    ),
    text(
        "log-of-logins",
        "var/log/auth.log",
        "Mar  2 10:11:12 build-7 sshd[812]: Accepted publickey for deploy from 10.0.4.17 port 52114 ssh2\nMar  2 10:11:14 build-7 sshd[813]: Failed password for root from 10.0.4.18 port 52115 ssh2\n",
    ),
    text(
        "documentation",
        "docs/auth.md",
        "# Authentication\n\nSet `@SCREAM@` to your key. Never commit passwords. A token looks like `prefix_xxxx` and is sent as `Authorization: Bearer <token>`.\n",
    ),
    text(
        "man-page",
        "man/login.1",
        ".TH LOGIN 1\n.SH OPTIONS\n.TP\n.B --password-file FILE\nRead the password from FILE.\n.TP\n.B --token TOKEN\nUse TOKEN.\n",
    ),
    text(
        "password-comparison",
        "src/check.c",
        "if (password == NULL || strcmp(password, expected_password) != 0) {\n    return -EACCES;\n}\nsecret = derive_secret(token, salt);\n",
    ),
    text(
        "password-from-function",
        "app/hash.py",
        "password = hash_password(form.password.data)\ntoken = secrets.token_urlsafe(32)\napi_key = generate_api_key(user)\n",
    ),
    text(
        "enumeration",
        "src/kinds.ts",
        "export enum CredentialKind {\n  Password = 'password',\n  ApiKey = 'apiKey',\n  ClientSecret = 'client_secret',\n  AccessToken = 'access_token',\n}\n",
    ),
    text(
        "header-names",
        "src/headers.ts",
        "export const API_KEY_HEADER = 'X-Api-Key';\nexport const TOKEN_COOKIE = 'session_token';\nexport const PASSWORD_PARAM = 'password';\n",
    ),
    text(
        "key-heading-in-code",
        "src/pem.go",
        "func isPrivateKey(text string) bool {\n\treturn strings.HasPrefix(text, \"-----BEGIN RSA @~{=PRIVATE}@ KEY-----\") || strings.Contains(text, \"-----END @~{=PRIVATE}@ KEY-----\")\n}\n",
    ),
    text(
        "key-heading-in-text",
        "docs/keys.md",
        "A key begins with `-----BEGIN OPENSSH @~{=PRIVATE}@ KEY-----`. If yours does not, convert it first.\n",
    ),
    text(
        "key-heading-with-dots",
        "docs/tls.md",
        "```\n-----BEGIN @~{=PRIVATE}@ KEY-----\n...\n-----END @~{=PRIVATE}@ KEY-----\n```\n",
    ),
    text(
        "connection-string-template",
        "app/db.py",
        "url = f\"postgresql://{user}:{password}\" + AT + f\"{host}/{name}\"\nengine = create_engine(url)\n",
    ),
    text(
        "passwd-file",
        "etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\ndeploy:x:1000:1000::/home/deploy:/bin/sh\n",
    ),
    text("group-shadow-locked", "etc/shadow", "root:*:19500:0:99999:7:::\ndaemon:!:19500:0:99999:7:::\n"),
    text(
        "pam-configuration",
        "etc/pam.d/common-password",
        "password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt\npassword\trequisite\tpam_deny.so\n",
    ),
    text(
        "debconf-templates",
        "var/lib/dpkg/info/mysql.templates",
        "Template: mysql-server/root_password\nType: password\nDescription: New password for the MySQL \"root\" user:\n",
    ),
    text(
        "bash-completion",
        "usr/share/bash-completion/completions/tool",
        "opts=\"--password --password-file --token --api-key --client-secret --help\"\nCOMPREPLY=( $(compgen -W \"$opts\" -- \"$cur\") )\n",
    ),
];
