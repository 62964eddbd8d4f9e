//! Lists of packages with their checksums, and encrypted or public keys.
use super::super::draft::Draft;
use super::super::encode::{base64, wrapped};
use super::super::key;
use super::super::shape::{bytes, draw, pick};
use super::Document;
use crate::mutate::Random;

/// A file of lines, each new.
fn lines(path: &str, head: &str, count: usize, line: &str, tail: &str, random: &mut Random) -> Draft {
    let mut draft = Draft::new("", path).text(head);
    for _ in 0..count {
        draft = draft.text(&draw(line, random));
    }
    draft.text(tail)
}

pub(super) const DOCUMENTS: &[Document] = &[
    ("npm-lock", |random| {
        let mut draft = Draft::new("", "package-lock.json").text("{\n  \"lockfileVersion\": 3,\n  \"packages\": {\n");
        for _ in 0..40 {
            let name = draw("{z7}", random);
            let sum = draw("sha512-{b86}==", random);
            draft = draft.text(&format!(
                "    \"node_modules/{name}\": {{\n      \"version\": \"{}.2.1\",\n      \"integrity\": \"{sum}\"\n    }},\n",
                random.below(9)
            ));
        }
        draft.text("    \"\": {}\n  }\n}\n")
    }),
    ("yarn-lock", |random| {
        lines(
            "yarn.lock",
            "# yarn lockfile v1\n\n",
            40,
            "{z7}-{z4}:\n  version \"{d1}.{d2}.{d1}\"\n  resolved \"https://packages.acme-logistics.io/{z7}.tgz#{h40}\"\n  integrity sha512-{b86}==\n\n",
            "",
            random,
        )
    }),
    ("pnpm-lock", |random| {
        lines(
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\npackages:\n",
            40,
            "  {z8}:\n    resolution: [integrity: sha512-{b86}==]\n    engines: [node: '>=18']\n",
            "",
            random,
        )
    }),
    ("cargo-lock", |random| {
        lines(
            "Cargo.lock",
            "version = 4\n\n",
            40,
            "[[package]]\nname = \"{z7}\"\nversion = \"{d1}.{d2}.{d1}\"\nchecksum = \"{h64}\"\n\n",
            "",
            random,
        )
    }),
    ("go-sum", |random| lines("go.sum", "", 60, "github.com/{z6}/{z7} v{d1}.{d2}.{d1} h1:{b43}=\n", "", random)),
    ("poetry-lock", |random| {
        lines(
            "poetry.lock",
            "",
            30,
            "[[package]]\nname = \"{z7}\"\nversion = \"{d1}.{d1}\"\nfiles = [\n    \"{z7}-{d1}.{d1}.tar.gz\", \"sha256:{h64}\",\n]\n\n",
            "",
            random,
        )
    }),
    ("pip-hashes", |random| {
        lines("requirements.txt", "", 30, "{z7}=={d1}.{d2} \\\n    --hash=sha256:{h64} \\\n    --hash=sha256:{h64}\n", "", random)
    }),
    ("gemfile-lock", |random| {
        lines("Gemfile.lock", "GEM\n  specs:\n", 30, "    {z7} ({d1}.{d1}.{d2})\n", "\nPLATFORMS\n  ruby\n", random)
    }),
    ("composer-lock", |random| {
        lines(
            "composer.lock",
            "{\n  \"content-hash\": \"c0ffee\",\n  \"packages\": [\n",
            30,
            "    [\"{z6}/{z7}\", \"reference: {h40}\", \"shasum: {h40}\"],\n",
            "    []\n  ]\n}\n",
            random,
        )
    }),
    ("nix-flake-lock", |random| {
        lines(
            "flake.lock",
            "{ \"nodes\": [\n",
            12,
            "  [\"narHash\", \"sha256-{b43}=\", \"rev\", \"{h40}\"],\n",
            "  []\n] }\n",
            random,
        )
    }),
    ("bazel-module", |random| {
        lines(
            "WORKSPACE",
            "",
            15,
            "http_archive(\n    name = \"{z8}\",\n    sha256 = \"{h64}\",\n    urls = [\"https://files.acme-logistics.io/{z8}.tar.gz\"],\n)\n\n",
            "",
            random,
        )
    }),
    ("homebrew-formula", |random| {
        lines(
            "Formula/orders.rb",
            "class Orders < Formula\n",
            6,
            "  url \"https://files.acme-logistics.io/{z8}.tar.gz\"\n  sha256 \"{h64}\"\n",
            "end\n",
            random,
        )
    }),
    ("sha256sums", |random| lines("SHA256SUMS", "", 40, "{h64}  {z8}-{d1}.{d1}.tar.gz\n", "", random)),
    ("md5sums", |random| lines("var/lib/dpkg/info/orders.md5sums", "", 60, "{h32}  usr/share/{z7}/{z9}\n", "", random)),
    ("kustomization-digests", |random| {
        lines("kustomization.yaml", "images:\n", 10, "  - name: {z7}\n    digest: sha256:{h64}\n", "", random)
    }),
    ("image-manifest", |random| {
        lines("manifest.json", "{\"schemaVersion\":2,\"layers\":[\n", 12, "\"sha256:{h64}\",\n", "\"\"]}\n", random)
    }),
    ("git-submodules-and-refs", |random| {
        lines(
            ".git/packed-refs",
            "# pack-refs with: peeled fully-peeled sorted\n",
            40,
            "{h40} refs/tags/v{d1}.{d2}.{d1}\n",
            "",
            random,
        )
    }),
    ("git-log", |random| {
        lines("CHANGELOG.txt", "", 30, "commit {h40}\nDate: 2026-03-0{=1|2|3} 10:11:12\n\n    Fix {z7} of {z6}\n\n", "", random)
    }),
    ("patch-index", |random| lines("series.patch", "", 20, "diff --git a/{z6} b/{z6}\nindex {h10}..{h10} 100644\n", "", random)),
    ("certificate", |random| Draft::new("", "etc/ssl/certs/acme.pem").text(&key::certificate(random))),
    ("certificate-bundle", |random| {
        let certificates: String = (0..12).map(|_| key::certificate(random)).collect();
        Draft::new("", "etc/ssl/certs/ca-certificates.crt").text(&certificates)
    }),
    ("public-key-pem", |random| Draft::new("", "etc/keys/release.pub.pem").text(&key::public(random))),
    ("public-key-pgp", |random| Draft::new("", "etc/apt/keyrings/acme.asc").text(&key::pgp_public(random))),
    ("pgp-signed-message", |random| {
        let signature = key::armor("SIGNATURE", &bytes(280, random));
        Draft::new("", "InRelease").text("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSuite: stable\n").text(&signature)
    }),
    ("ssh-known-hosts", |random| {
        let mut draft = Draft::new("", "root/.ssh/known_hosts");
        for _ in 0..12 {
            draft = draft.text(&draw("|1|{b27}=|{b27}= ", random)).text(&key::ssh_public(random)).text("\n");
        }
        draft
    }),
    ("ssh-authorized-keys", |random| {
        let mut draft = Draft::new("", "root/.ssh/authorized_keys");
        for _ in 0..6 {
            draft = draft.text(&key::ssh_public_rsa(random)).text(&draw(" {z5}-laptop\n", random));
        }
        draft
    }),
    ("dkim-record", |random| {
        let text = format!(
            "mail._domainkey IN TXT \"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA{}\"\n",
            base64(&bytes(261, random))
        );
        Draft::new("", "zones/acme.zone").text(&text)
    }),
    ("dnssec-zone", |random| {
        lines(
            "zones/signed.zone",
            "",
            20,
            "{z6} 3600 IN RRSIG A 13 3 3600 20260401000000 20260301000000 {d5} acme.io. {b86}==\n",
            "",
            random,
        )
    }),
    ("ansible-vault", |random| {
        let body = super::super::encode::hex(draw("{h64}\n{h64}\n{h160}", random).as_bytes());
        Draft::new("", "group_vars/vault.yml").text("$ANSIBLE_VAULT;1.1;AES256\n").text(&wrapped(&body, 80))
    }),
    ("sops-file", |random| {
        let line = "{z7}: ENC[AES256_GCM,data:{b24},iv:{b43}=,tag:{b22}==,type:str]\n";
        lines("secrets.enc.yaml", "", 8, line, "sops:\n    version: 3.9.0\n", random)
    }),
    ("sealed-secret", |random| {
        let head = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: orders\nspec:\n  encryptedData:\n";
        lines("k8s/sealed.yaml", head, 3, "    {z7}: AgB{b680}=\n", "", random)
    }),
    ("age-encrypted-file", |random| {
        let body = wrapped(&base64(&bytes(400, random)), 64);
        let label = "AGE ENCRYPTED FILE-----\n";
        Draft::new("", "backup/env.age").text(&format!("-----BEGIN {label}{body}-----END {label}"))
    }),
    ("pgp-encrypted-message", |random| Draft::new("", "mail/message.asc").text(&key::armor("MESSAGE", &bytes(500, random)))),
    ("htpasswd-hashes", |random| lines("etc/nginx/.htpasswd", "", 5, "{z6}:$2y$10${a53}\n", "", random)),
    ("shadow-hashes", |random| lines("etc/shadow-", "", 5, "{z6}:$6${a16}${a86}:19500:0:99999:7:::\n", "", random)),
    ("json-web-keys-public", |random| {
        let keys: Vec<String> = (0..3)
            .map(|_| {
                let (id, modulus) = (draw("{w27}", random), draw("{w342}", random));
                format!(
                    "{{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"{id}\",\"e\":\"AQAB\",\"n\":\"{modulus}\"}}"
                )
            })
            .collect();
        Draft::new("", "jwks.json").text(&format!("{{\"keys\":[{}]}}\n", keys.join(",")))
    }),
    ("user-table-with-hashes", |random| {
        lines("backup/users.sql", "", 20, "INSERT INTO users VALUES ({d4},'{z7}','$2b$12${a53}','2026-03-02');\n", "", random)
    }),
    ("rsa-test-moduli", |random| {
        let size = *pick(&[256, 384], random);
        Draft::new("", "etc/ssh/moduli").text(&format!("20260301101112 2 6 100 {} 2 {}\n", size * 8 - 1, draw("F{H511}", random)))
    }),
];
