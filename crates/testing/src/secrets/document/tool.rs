//! Files of developers' tools: clouds' command lines, package managers, source hosts.
use super::super::encode::{base64, json};
use super::super::shape::{bytes, draw, uuid};
use super::super::{azure, key, token};
use super::{Document, start};
use serde_json::json as value;

fn basic(user: &str, password: &str) -> String {
    base64(format!("{user}:{password}").as_bytes())
}

pub(super) const DOCUMENTS: &[Document] = &[
    |random| {
        let (id, secret) = (draw("AKIA{=Q|W|X|Y|Z}{Q15}", random), draw("{b40}", random));
        start("root/.aws/credentials")
            .text("[default]\naws_access_key_id = ")
            .secret("aws-access-key-id", &id)
            .text("\naws_secret_access_key = ")
            .secret("aws-secret-access-key", &secret)
            .text("\nregion = eu-central-1\n")
    },
    |random| {
        let file = [
            ("type", concat!("service", "_account").to_owned()),
            ("project_id", draw("{z8}-{d6}", random)),
            ("private_key_id", draw("{h40}", random)),
            ("private_key", key::pkcs8_rsa(random)),
            ("client_email", draw("deploy@{z8}-{d6}.iam.gserviceaccount.com", random)),
            ("client_id", draw("{d21}", random)),
            ("auth_uri", "https://accounts.google.com/o/oauth2/auth".to_owned()),
            ("token_uri", "https://oauth2.googleapis.com/token".to_owned()),
            ("universe_domain", "googleapis.com".to_owned()),
        ];
        let lines: Vec<String> = file.iter().map(|(name, text)| format!("  \"{name}\": \"{}\"", json(text))).collect();
        let text = format!("{{\n{}\n}}", lines.join(",\n"));
        // Tools point at its type, its key or its whole.
        start("secrets/service-account.json").secret("gcp-service-account", &text).text("\n")
    },
    |random| {
        let (secret, refresh) = (draw("GOCSPX-{w28}", random), draw("1//0{d1}{w97}", random));
        start("root/.config/gcloud/application_default_credentials.json")
            .text(&format!(
                "{{\n  \"client_id\": \"{}\",\n  \"client_secret\": \"",
                draw("{d12}-{l32}.apps.googleusercontent.com", random)
            ))
            .secret("google-oauth-client-secret", &secret)
            .text("\",\n  \"refresh_token\": \"")
            .secret("google-oauth-refresh-token", &refresh)
            .text("\",\n  \"type\": \"authorized_user\"\n}\n")
    },
    |random| {
        start("azure-credentials.json")
            .text(&format!("{{\n  \"clientId\": \"{}\",\n  \"clientSecret\": \"", uuid(random)))
            .secret("azure-entra-client-secret", &azure::entra_client_secret(random))
            .text(&format!("\",\n  \"subscriptionId\": \"{}\",\n  \"tenantId\": \"{}\"\n}}\n", uuid(random), uuid(random)))
    },
    |random| {
        let auth = basic("deploy", &draw("{p24}", random));
        start("root/.docker/config.json")
            .text("{\n  \"auths\": {\n    \"registry.acme-logistics.io\": {\n      \"auth\": \"")
            .secret("docker-config-auth", &auth)
            .text("\"\n    }\n  }\n}\n")
    },
    |random| {
        let auth = basic("deploy", &draw("{a64}", random));
        let inside = format!("{{\"auths\":{{\"registry.acme-logistics.io\":{{\"username\":\"deploy\",\"auth\":\"{auth}\"}}}}}}");
        start("k8s/pull-secret.yaml")
            .text("apiVersion: v1\nkind: Secret\nmetadata:\n  name: pull\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: ")
            .written("docker-config-auth", &auth, &base64(inside.as_bytes()))
            .text("\n")
    },
    |random| {
        let text = format!("machine git.acme-logistics.io login {} password ", draw("{z6}", random));
        start("root/.netrc").text(&text).secret("netrc-password", &draw("{a24}", random)).text("\n")
    },
    |random| {
        let text = "machine api.heroku.com\n  login dev\n  password ";
        start("home/dev/.netrc").text(text).secret("netrc-password", &draw("HRKU-AA{w58}", random)).text("\n")
    },
    |random| {
        let text = "save-exact=true\n//packages.acme-logistics.io/npm/:_authToken=";
        start("root/.npmrc").text(text).secret("npmrc-token", &token::npm(random)).text("\nfund=false\n")
    },
    |random| {
        let text = "//packages.acme-logistics.io/npm/:_authToken=";
        start("app/.npmrc").text(text).secret("npmrc-token", &uuid(random)).text("\n")
    },
    |random| {
        let auth = basic("deploy", &draw("{a24}", random));
        start("home/dev/.npmrc").text("always-auth=true\n_auth=").secret("npmrc-auth", &auth).text("\nemail=dev.example\n")
    },
    |random| {
        let text = "npmScopes:\n  acme:\n    npmAlwaysAuth: true\n    npmAuthToken: \"";
        start(".yarnrc.yml").text(text).secret("yarnrc-token", &uuid(random)).text("\"\n")
    },
    |random| {
        let text = "[distutils]\nindex-servers =\n    acme\n\n[acme]\nrepository = https://packages.acme-logistics.io/legacy/\nusername = deploy\npassword = ";
        start("root/.pypirc").text(text).secret("pypirc-password", &draw("{a24}", random)).text("\n")
    },
    |random| {
        let text = "[pypi]\nusername = __token__\npassword = ";
        start("home/dev/.pypirc").text(text).secret("pypi-token", &token::pypi(random)).text("\n")
    },
    |random| {
        let url = draw("https://deploy:{a24}@packages.acme-logistics.io/simple", random);
        start("etc/pip.conf").text("[global]\ntimeout = 30\nindex-url = ").secret("https-url-with-password", &url).text("\n")
    },
    |random| {
        let url = draw("https://{z6}:{a20}@git.acme-logistics.io", random);
        start("root/.git-credentials").secret("git-credentials", &url).text("\n")
    },
    |random| {
        let url = format!("https://oauth2:{}@gitlab.com/acme/api.git", draw("glpat-{w20}", random));
        start("app/.git/config")
            .text("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = ")
            .secret("git-config-password", &url)
            .text("\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n")
    },
    |random| {
        let text = "github.com:\n    user: dev\n    oauth_token: ";
        start("root/.config/gh/hosts.yml")
            .text(text)
            .secret("github-oauth-token", &token::github_oauth(random))
            .text("\n    git_protocol: https\n")
    },
    |random| {
        let text = "{\n  \"credentials\": {\n    \"app.terraform.io\": {\n      \"token\": \"";
        start("root/.terraform.d/credentials.tfrc.json")
            .text(text)
            .secret("terraform-cloud-token", &draw("{a14}.atlasv1.{a67}", random))
            .text("\"\n    }\n  }\n}\n")
    },
    |random| {
        let text = "credentials \"tf.acme-logistics.io\" {\n  token = \"";
        start("root/.terraformrc").text(text).secret("terraformrc-token", &draw("{a14}.atlasv1.{a67}", random)).text("\"\n}\n")
    },
    |random| {
        let text =
            "<settings>\n  <servers>\n    <server>\n      <id>releases</id>\n      <username>deploy</username>\n      <password>";
        start("root/.m2/settings.xml")
            .text(text)
            .secret("maven-settings-password", &draw("{a20}", random))
            .text("</password>\n    </server>\n  </servers>\n</settings>\n")
    },
    |random| {
        let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<configuration>\n  <packageSourceCredentials>\n    <acme>\n      <add key=\"Username\" value=\"deploy\" />\n      <add key=\"ClearTextPassword\" value=\"";
        start("NuGet.config")
            .text(text)
            .secret("nuget-config-password", &draw("{a24}", random))
            .text("\" />\n    </acme>\n  </packageSourceCredentials>\n</configuration>\n")
    },
    |random| {
        let text = "org.gradle.jvmargs=-Xmx2g\nacmeUser=deploy\nacmePassword=";
        start("root/.gradle/gradle.properties")
            .text(text)
            .secret("gradle-password", &draw("{a20}", random))
            .text("\norg.gradle.parallel=true\n")
    },
    |random| {
        let text = "[registry]\ntoken = \"";
        start("root/.cargo/credentials.toml").text(text).secret("crates-io-token", &draw("cio{a32}", random)).text("\"\n")
    },
    |random| {
        let text = "---\n:rubygems_api_key: ";
        start("root/.gem/credentials").text(text).secret("rubygems-token", &draw("rubygems_{h48}", random)).text("\n")
    },
    |random| {
        let text = "---\nBUNDLE_JOBS: \"4\"\nBUNDLE_GEMS__ACME__IO: \"deploy:";
        start("root/.bundle/config").text(text).secret("bundle-password", &draw("{a24}", random)).text("\"\n")
    },
    |random| {
        let text =
            "{\n  \"http-basic\": {\n    \"repo.acme-logistics.io\": {\n      \"username\": \"deploy\",\n      \"password\": \"";
        start("root/.composer/auth.json")
            .text(text)
            .secret("composer-password", &draw("{a20}", random))
            .text("\"\n    }\n  }\n}\n")
    },
    |random| {
        let text = "{\n  \"github-oauth\": {\n    \"github.com\": \"";
        start("auth.json").text(text).secret("github-personal-token", &token::github_personal(random)).text("\"\n  }\n}\n")
    },
    |random| {
        let text = "apiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster:\n    server: https://10.0.4.1:6443\nusers:\n- name: deployer\n  user:\n    token: ";
        start("root/.kube/config").text(text).secret("kubeconfig-token", &token::kubernetes_service_account(random)).text("\n")
    },
    |random| {
        let pem = key::elliptic(random);
        let text = format!(
            "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    client-certificate-data: {}\n    client-key-data: ",
            base64(key::certificate(random).as_bytes())
        );
        start("etc/kubernetes/admin.conf").text(&text).written("kubeconfig-client-key", &pem, &base64(pem.as_bytes())).text("\n")
    },
    |random| start("root/.vault-token").secret("hashicorp-vault-service-token", &draw("hvs.CAESI{w86}", random)).text("\n"),
    |random| {
        let text = "{\"username\":\"dev\",\"key\":\"";
        start("root/.kaggle/kaggle.json").text(text).secret("kaggle-key", &draw("{h32}", random)).text("\"}\n")
    },
    |random| start("root/.cache/huggingface/token").secret("huggingface-token", &draw("hf_{L34}", random)),
    |random| {
        let text = "[DEFAULT]\nhost = https://acme.cloud.databricks.com\ntoken = ";
        start("root/.databrickscfg").text(text).secret("databricks-token", &draw("dapi{h32}", random)).text("\n")
    },
    |random| {
        let text = "[default]\naccess_key = ";
        start("root/.s3cfg")
            .text(text)
            .secret("aws-access-key-id", &draw("AKIA{=Q|W|X|Y|Z}{Q15}", random))
            .text("\nbucket_location = eu\nsecret_key = ")
            .secret("aws-secret-access-key", &draw("{b40}", random))
            .text("\nuse_https = True\n")
    },
    |random| {
        let inside = json(
            &value!({"resources": [{"type": "random_password", "instances": [{"attributes": {"length": 24, "result": "#"}}]}]})
                .to_string(),
        );
        let (front, back) = inside.split_once('#').unwrap_or_default();
        start("backup/state.json")
            .text("{\"version\":4,\"state\":\"")
            .text(front)
            .secret("terraform-state-password", &draw("{a24}", random))
            .text(back)
            .text("\"}\n")
    },
    |random| {
        let password = draw("{p20}", random);
        let text = "{\n  \"version\": 4,\n  \"terraform_version\": \"1.9.5\",\n  \"resources\": [\n    {\n      \"type\": \"aws_db_instance\",\n      \"name\": \"main\",\n      \"instances\": [\n        {\n          \"attributes\": {\n            \"engine\": \"postgres\",\n            \"password\": \"";
        start("infra/terraform.tfstate")
            .text(text)
            .secret("terraform-state-password", &password)
            .text("\",\n            \"port\": 5432\n          }\n        }\n      ]\n    }\n  ]\n}\n")
    },
    |random| {
        let text = "sonar.projectKey=orders\nsonar.host.url=https://sonar.acme-logistics.io\nsonar.login=";
        start("sonar-project.properties")
            .text(text)
            .secret("sonarqube-user-token", &draw("squ_{h40}", random))
            .text("\nsonar.sources=src\n")
    },
    |random| {
        start("keys/backup.txt")
            .text(&format!("# created: 2026-03-02T10:11:12Z\n# public key: age1{}\n", draw("{q58}", random)))
            .secret("age-identity", &key::age(random))
            .text("\n")
    },
    |random| start("keys/signing.jwk").secret("json-web-key", &key::json_web_key(random)).text("\n"),
    |random| start("config/jwks.json").text("{\"keys\":[").secret("json-web-key", &key::json_web_key_rsa(random)).text("]}\n"),
    |random| {
        let key = base64(&bytes(16, random));
        start("web/actions.json").text("{\n  \"encryptionKey\": \"").secret("encryption-key", &key).text("\"\n}\n")
    },
];
