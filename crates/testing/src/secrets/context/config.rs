//! Files of settings.
use super::super::template::{Template, Writing};

const fn plain(about: &'static str, path: &'static str, text: &'static str) -> Template {
    Template { about, path, writing: Writing::Plain, text }
}

const fn json(about: &'static str, path: &'static str, text: &'static str) -> Template {
    Template { about, path, writing: Writing::Json, text }
}

pub(super) const ENV: &Template = &plain(
    "env-file",
    "app/.env",
    "# Settings of the production stage\nAPP_ENV=production\nLOG_LEVEL=info\nHTTP_PORT=8080\n@SCREAM@=@value@\nCACHE_TTL=300\nFEATURE_NEW_CHECKOUT=true\n",
);

pub(super) const JSON: &Template = &json(
    "json",
    "config/production.json",
    "{\n  \"environment\": \"production\",\n  \"http\": { \"port\": 8080, \"timeout\": 30 },\n  \"@camel@\": \"@value@\",\n  \"features\": [\"search\", \"exports\"],\n  \"locale\": \"en-GB\"\n}\n",
);

pub(super) const INI: &Template =
    &plain("ini", "etc/service.ini", "[general]\nworkers = 4\ntimeout = 30\n\n[upstream]\n@snake@ = @value@\nretries = 3\n");

pub(super) const PROPERTIES: &Template = &plain(
    "properties",
    "src/main/resources/application.properties",
    "server.port=8080\nspring.application.name=orders\nlogging.level.root=INFO\n@dotted@=@value@\nmanagement.endpoints.web.exposure.include=health\n",
);

pub(super) const TEMPLATES: &[Template] = &[
    plain("env-file", "app/.env", ENV.text),
    json("json", "config/production.json", JSON.text),
    plain(
        "yaml",
        "config/settings.yaml",
        "service:\n  name: orders\n  replicas: 3\nupstream:\n  url: https://upstream.acme-logistics.io\n  @camel@: @value@\n  timeout: 30s\nlogging:\n  level: info\n",
    ),
    Template {
        about: "kubernetes-secret-data",
        path: "k8s/secret.yaml",
        writing: Writing::Base64,
        text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders\n  namespace: shop\ntype: Opaque\ndata:\n  @kebab@: @value@\n",
    },
    plain(
        "kubernetes-secret-text",
        "k8s/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders\n  labels:\n    app: orders\nstringData:\n  @SCREAM@: \"@value@\"\n",
    ),
    plain(
        "kubernetes-environment",
        "k8s/deployment.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  template:\n    spec:\n      containers:\n        - name: orders\n          image: orders:1.4.2\n          env:\n            - name: LOG_LEVEL\n              value: info\n            - name: @SCREAM@\n              value: \"@value@\"\n            - name: HTTP_PORT\n              value: \"8080\"\n",
    ),
    plain("toml", "config.toml", "[server]\nport = 8080\nworkers = 4\n\n[upstream]\n@snake@ = \"@value@\"\nretries = 3\n"),
    plain("ini", "etc/service.ini", INI.text),
    plain("properties", "src/main/resources/application.properties", PROPERTIES.text),
    Template {
        about: "xml-attribute",
        path: "App.config",
        writing: Writing::Xml,
        text: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<configuration>\n  <appSettings>\n    <add key=\"PageSize\" value=\"50\" />\n    <add key=\"@Pascal@\" value=\"@value@\" />\n    <add key=\"Culture\" value=\"en-GB\" />\n  </appSettings>\n</configuration>\n",
    },
    Template {
        about: "xml-element",
        path: "conf/service.xml",
        writing: Writing::Xml,
        text: "<service>\n  <name>orders</name>\n  <timeout>30</timeout>\n  <@camel@>@value@</@camel@>\n  <retries>3</retries>\n</service>\n",
    },
    plain(
        "compose",
        "docker-compose.yml",
        "services:\n  orders:\n    image: orders:1.4.2\n    ports:\n      - \"8080:8080\"\n    environment:\n      LOG_LEVEL: info\n      @SCREAM@: @value@\n  cache:\n    image: redis:7\n",
    ),
    plain(
        "compose-list",
        "compose.yaml",
        "services:\n  orders:\n    image: orders:1.4.2\n    environment:\n      - LOG_LEVEL=info\n      - @SCREAM@=@value@\n    restart: unless-stopped\n",
    ),
    plain(
        "terraform-variables",
        "prod.tfvars",
        "region = \"eu-central-1\"\ninstances = 3\n@snake@ = \"@value@\"\nenable_backups = true\n",
    ),
    plain(
        "terraform",
        "main.tf",
        "resource \"aws_ecs_task_definition\" \"orders\" {\n  family = \"orders\"\n  cpu    = 256\n}\n\nlocals {\n  environment = \"production\"\n  @snake@ = \"@value@\"\n}\n",
    ),
    plain(
        "helm-values",
        "charts/orders/values.yaml",
        "replicaCount: 2\nimage:\n  repository: orders\n  tag: 1.4.2\nsecrets:\n  @camel@: '@value@'\nresources:\n  limits:\n    memory: 256Mi\n",
    ),
    plain(
        "ansible-variables",
        "group_vars/all.yml",
        "---\nntp_servers:\n  - 0.pool.ntp.org\n@snake@: \"@value@\"\nsshd_port: 22\n",
    ),
    Template {
        about: "property-list",
        path: "ios/Config.plist",
        writing: Writing::Xml,
        text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n\t<key>@Pascal@</key>\n\t<string>@value@</string>\n\t<key>PageSize</key>\n\t<integer>50</integer>\n</dict>\n</plist>\n",
    },
    Template {
        about: "android-strings",
        path: "app/src/main/res/values/keys.xml",
        writing: Writing::Xml,
        text: "<resources>\n    <string name=\"app_name\">Orders</string>\n    <string name=\"@snake@\">@value@</string>\n</resources>\n",
    },
    json(
        "json-list-of-names",
        "task-definition.json",
        "{\n  \"family\": \"orders\",\n  \"containerDefinitions\": [\n    {\n      \"name\": \"orders\",\n      \"environment\": [\n        { \"name\": \"LOG_LEVEL\", \"value\": \"info\" },\n        { \"name\": \"@SCREAM@\", \"value\": \"@value@\" }\n      ]\n    }\n  ]\n}\n",
    ),
    Template {
        about: "json-in-json",
        path: "state/parameters.json",
        writing: Writing::JsonTwice,
        text: "{\n  \"version\": 4,\n  \"body\": \"{\\\"region\\\":\\\"eu-central-1\\\",\\n\\\"@snake@\\\":\\\"@value@\\\",\\\"size\\\":3}\",\n  \"lineage\": \"stable\"\n}\n",
    },
    json(
        "editor-settings",
        ".vscode/launch.json",
        "{\n  \"version\": \"0.2.0\",\n  \"configurations\": [\n    {\n      \"type\": \"node\",\n      \"request\": \"launch\",\n      \"program\": \"server.js\",\n      \"env\": {\n        \"@SCREAM@\": \"@value@\"\n      }\n    }\n  ]\n}\n",
    ),
    plain(
        "hocon",
        "conf/application.conf",
        "http {\n  port = 9000\n}\nupstream {\n  @kebab@ = \"@value@\"\n  timeout = 30 seconds\n}\n",
    ),
    plain(
        "yaml-flow",
        "config/pools.yml",
        "pools:\n  - {name: main, size: 5, @snake@: \"@value@\"}\n  - {name: spare, size: 1}\n",
    ),
    json(
        "appsettings",
        "src/Api/appsettings.Production.json",
        "{\n  \"Logging\": { \"LogLevel\": { \"Default\": \"Warning\" } },\n  \"Upstream\": {\n    \"@Pascal@\": \"@value@\"\n  },\n  \"AllowedHosts\": \"*\"\n}\n",
    ),
];
