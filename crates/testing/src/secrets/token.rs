//! Tokens whose parts follow from each other: checksums, signed JSON, packed structures.
use super::checksum::{crc32, hmac_sha256};
use super::encode::{BASE36, BASE62, base32, base64, base64_url, digits, hex};
use super::shape::{bytes, draw, uuid};
use crate::mutate::Random;
use serde_json::{Value, json};

/// A JSON object in this order, by which many tokens begin alike.
pub(super) fn object(fields: &[(&str, Value)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

/// GitHub's classic format: 30 characters and six of their CRC-32 in base 62
/// (<https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>). npm's is the same.
pub(super) fn checked_base62(prefix: &str, random: &mut Random) -> String {
    let body = draw("{a30}", random);
    format!("{prefix}{body}{}", digits(crc32(body.as_bytes()), BASE62, 6))
}

pub(super) fn github_personal(random: &mut Random) -> String {
    checked_base62("ghp_", random)
}

pub(super) fn github_oauth(random: &mut Random) -> String {
    checked_base62("gho_", random)
}

pub(super) fn github_user_to_server(random: &mut Random) -> String {
    checked_base62("ghu_", random)
}

pub(super) fn github_server_to_server(random: &mut Random) -> String {
    checked_base62("ghs_", random)
}

pub(super) fn github_refresh(random: &mut Random) -> String {
    // A refresh token is longer than the others: 76 characters behind its prefix.
    let body = draw("{a70}", random);
    format!("ghr_{body}{}", digits(crc32(body.as_bytes()), BASE62, 6))
}

/// What GitHub's checksum of these runs over is not published; here it is all that stands between prefix and checksum.
pub(super) fn github_fine_grained(random: &mut Random) -> String {
    let body = draw("11{u20}_{a53}", random);
    format!("github_pat_{body}{}", digits(crc32(body.as_bytes()), BASE62, 6))
}

pub(super) fn npm(random: &mut Random) -> String {
    checked_base62("npm_", random)
}

/// GitLab's routable tokens: base64 of where the owner lives and 16 random bytes, a version, the length and the CRC-32 of all
/// that, both in base 36 (<https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/>).
pub(super) fn gitlab_routable(prefix: &str, random: &mut Random) -> String {
    let mut payload = draw("c:1\no:{l1}\nu:{l5}", random).into_bytes();
    payload.extend(bytes(16, random));
    payload.push(16);
    let payload = base64_url(&payload);
    let text = format!("{prefix}{payload}.01.{}", digits(payload.len() as u32, BASE36, 2));
    let sum = digits(crc32(text.as_bytes()), BASE36, 7);
    text + &sum
}

pub(super) fn gitlab_personal_routable(random: &mut Random) -> String {
    gitlab_routable("glpat-", random)
}

pub(super) fn gitlab_runner_routable(random: &mut Random) -> String {
    gitlab_routable("glrt-", random)
}

/// Grafana's service account tokens close with the CRC-32 of all before, its lowest byte first.
pub(super) fn grafana_service_account(random: &mut Random) -> String {
    let body = draw("glsa_{a32}", random);
    let sum = hex(&crc32(body.as_bytes()).to_le_bytes());
    format!("{body}_{sum}")
}

/// Grafana Cloud's tokens are JSON in base64.
pub(super) fn grafana_cloud(random: &mut Random) -> String {
    let inside = object(&[
        ("o", draw("{d6}", random).into()),
        ("n", draw("stack-{d6}-{=alloy|metrics|logs}-write", random).into()),
        ("k", draw("{a24}", random).into()),
        ("m", json!({"r": draw("prod-{=eu-west-2|us-east-0}", random)})),
    ]);
    format!("glc_{}", base64(inside.as_bytes()))
}

/// Grafana's old API keys are JSON in base64 too.
pub(super) fn grafana_api_key(random: &mut Random) -> String {
    base64(object(&[("k", draw("{a32}", random).into()), ("n", draw("{z8}", random).into()), ("id", 1.into())]).as_bytes())
}

/// Atlassian's tokens close with eight large hex digits; that they are the CRC-32 of all before is what other tools check, not
/// what Atlassian publishes.
fn atlassian(body: &str) -> String {
    format!("{body}{:08X}", crc32(body.as_bytes()))
}

pub(super) fn atlassian_api(random: &mut Random) -> String {
    atlassian(&draw("ATATT3xFfGF0{w171}=", random))
}

pub(super) fn bitbucket_app_password(random: &mut Random) -> String {
    atlassian(&draw("ATBB{a24}", random))
}

pub(super) fn bitbucket_access_token(random: &mut Random) -> String {
    atlassian(&draw("ATCTT3xFfGN0{w171}=", random))
}

pub(super) fn trello(random: &mut Random) -> String {
    atlassian(&draw("ATTA{h64}", random))
}

/// Access tokens of Bitbucket, Jira and Confluence Data Center: base64 of a number, a colon and 20 random bytes.
pub(super) fn atlassian_data_center(random: &mut Random) -> String {
    let mut inside = draw("{d12}:", random).into_bytes();
    inside.extend(bytes(20, random));
    base64(&inside)
}

pub(super) fn bitbucket_data_center(random: &mut Random) -> String {
    format!("BBDC-{}", atlassian_data_center(random))
}

/// Azure DevOps' personal access tokens until 2024: 32 bytes in base32, of which four are the CRC-32 of the others, against a
/// magic number.
pub(super) fn azure_devops_classic(random: &mut Random) -> String {
    let mut token = bytes(32, random);
    let covered = [&token[0..2], &token[3..7], &token[9..22], &token[23..32]].concat();
    let sum = (crc32(&covered) ^ 0xe0b9_692d).to_le_bytes();
    for (place, byte) in [22, 8, 7, 2].into_iter().zip(sum) {
        token[place] = byte;
    }
    base32(&token)
}

/// PyPI's tokens are macaroons: the second version of the binary format (<https://github.com/rescrv/libmacaroons>), from the
/// place that they are good for to a signature.
pub(super) fn pypi(random: &mut Random) -> String {
    let field = |number: u8, text: &[u8]| [&[number, text.len() as u8], text].concat();
    let caveat = format!("[3, \"{}\"]", uuid(random));
    let macaroon = [
        vec![2],
        field(1, ["pypi", "org"].join(".").as_bytes()),
        field(2, uuid(random).as_bytes()),
        vec![0],
        field(2, caveat.as_bytes()),
        vec![0, 0],
        field(6, &bytes(32, random)),
    ];
    format!("pypi-{}", base64_url(&macaroon.concat()))
}

/// A JSON Web Token under HMAC-SHA-256.
pub(super) fn signed_json(claims: &str, random: &mut Random) -> String {
    let header = base64_url(br#"{"alg":"HS256","typ":"JWT"}"#);
    let text = format!("{header}.{}", base64_url(claims.as_bytes()));
    let signature = base64_url(&hmac_sha256(&bytes(32, random), text.as_bytes()));
    format!("{text}.{signature}")
}

pub(super) fn json_web_token(random: &mut Random) -> String {
    let now = 1_760_000_000 + random.below(40_000_000);
    let claims = json!({"sub": uuid(random), "iat": now, "exp": now + 315_360_000, "scope": "orders:read orders:write"});
    signed_json(&claims.to_string(), random)
}

pub(super) fn supabase_service_role(random: &mut Random) -> String {
    let claims = object(&[
        ("iss", "supabase".into()),
        ("ref", draw("{z20}", random).into()),
        ("role", "service_role".into()),
        ("iat", 1_733_000_000.into()),
        ("exp", 2_048_000_000.into()),
    ]);
    signed_json(&claims, random)
}

/// A token that Kubernetes signed with RSA for a service account.
pub(super) fn kubernetes_service_account(random: &mut Random) -> String {
    let header = json!({"alg": "RS256", "kid": base64_url(&bytes(32, random))});
    let claims = json!({
        "iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": "kube-system",
        "kubernetes.io/serviceaccount/secret.name": draw("deployer-token-{l5}", random),
        "kubernetes.io/serviceaccount/service-account.name": "deployer",
        "kubernetes.io/serviceaccount/service-account.uid": uuid(random), "sub": "system:serviceaccount:kube-system:deployer",
    });
    let part = |value: Value| base64_url(value.to_string().as_bytes());
    format!("{}.{}.{}", part(header), part(claims), base64_url(&bytes(256, random)))
}

/// Sentry's organisation tokens: JSON in base64 and 32 random bytes.
pub(super) fn sentry_organisation(random: &mut Random) -> String {
    let inside = object(&[
        ("iat", 1_750_000_000.25.into()),
        ("url", "https://sentry.io".into()),
        ("region_url", "https://us.sentry.io".into()),
        ("org", draw("{z9}", random).into()),
    ]);
    let secret = base64(&bytes(32, random));
    format!("sntrys_{}_{}", base64(inside.as_bytes()), secret.trim_end_matches('='))
}

/// 1Password's service account tokens: all that the client needs, as JSON in base64.
pub(super) fn one_password_service_account(random: &mut Random) -> String {
    let key = json!({"alg": "A256GCM", "ext": true, "k": base64_url(&bytes(32, random)), "key_ops": ["encrypt", "decrypt"],
        "kty": "oct", "kid": draw("{q26}", random)});
    let method =
        json!({"method": "SRPg-4096", "alg": "PBES2g-HS256", "iterations": 650_000, "salt": base64_url(&bytes(16, random))});
    let inside = object(&[
        ("signInAddress", "my.1password.com".into()),
        ("userAuth", method),
        ("email", draw("{q13}@1passwordserviceaccounts.com", random).into()),
        ("srpX", draw("{h64}", random).into()),
        ("muk", key),
        ("secretKey", draw("A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}", random).into()),
        ("throttleSecret", json!({"seed": draw("{h64}", random), "uuid": draw("{u26}", random)})),
        ("deviceUuid", draw("{q26}", random).into()),
    ]);
    format!("ops_{}", base64_url(inside.as_bytes()))
}

/// Mapbox' secret tokens: JSON in base64 and a signature.
pub(super) fn mapbox_secret(random: &mut Random) -> String {
    let inside = object(&[("u", draw("{z9}", random).into()), ("a", draw("cm{l23}", random).into())]);
    format!("sk.{}.{}", base64_url(inside.as_bytes()), base64_url(&bytes(16, random)))
}

/// Intercom's: `tok:` and 8, 4 and 19 hex digits in base64.
pub(super) fn intercom(random: &mut Random) -> String {
    base64(draw("tok:{h8}_{h4}_{h4}_{h4}_{h12}:1:0", random).as_bytes())
}

/// A bot's token at Discord: its number in base64, a time and a signature.
pub(super) fn discord_bot(random: &mut Random) -> String {
    draw(&format!("{}.G{{w5}}.{{w38}}", base64_url(draw("1{d17-18}", random).as_bytes())), random)
}

/// Long-term keys of Amazon Bedrock: who they belong to and a secret, in base64.
pub(super) fn aws_bedrock(random: &mut Random) -> String {
    format!("ABSK{}", base64(draw("BedrockAPIKey-{l4}-at-{d12}:{b60}", random).as_bytes()))
}

/// Reference tokens of Artifactory: what they are, when they end and a secret, in base64.
pub(super) fn artifactory_reference(random: &mut Random) -> String {
    base64(draw("reftkn:01:1{d9}:{a27}", random).as_bytes())
}

/// The key that unlocks a Laravel application.
pub(super) fn laravel_key(random: &mut Random) -> String {
    format!("base64:{}", base64(&bytes(32, random)))
}

/// 32 random bytes in base64: cookie keys, encryption keys, WireGuard keys.
pub(super) fn key_of_32_bytes(random: &mut Random) -> String {
    base64(&bytes(32, random))
}

/// An identity of age: 32 bytes in Bech32 (<https://age-encryption.org/v1>).
pub(super) fn age_identity(random: &mut Random) -> String {
    super::encode::bech32_upper("AGE-SECRET-KEY-", &bytes(32, random))
}

/// `user:password` in base64, as in HTTP's basic authentication.
pub(super) fn basic_credentials(random: &mut Random) -> String {
    base64(draw("deploy:{p20}", random).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of a token that its issuer or another tool's tests published as a dummy, from its front.
    fn closes(body: &str, end: &str) {
        assert_eq!(digits(crc32(body.as_bytes()), BASE62, 6), end);
    }

    #[test]
    fn base62_checksums_of_published_dummies() {
        closes("qkJaB6MffYVzZXWqmcoF49yrUxP3wf", "0LsakP");
        closes("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17");
    }

    #[test]
    fn grafana_checksum_of_its_own_example() {
        let body = concat!("gl", "sa_yscW25imSKJIuav8zF37RZmnbiDvB05G");
        assert_eq!(hex(&crc32(body.as_bytes()).to_le_bytes()), "fcaaf58a");
    }

    #[test]
    fn lengths_are_those_of_the_issuers() {
        let mut random = Random::new(7);
        let random = &mut random;
        assert_eq!(github_personal(random).len(), 40);
        assert_eq!(github_fine_grained(random).len(), 93);
        assert_eq!(npm(random).len(), 40);
        assert_eq!(azure_devops_classic(random).len(), 52);
        assert_eq!(bitbucket_app_password(random).len(), 36);
        assert_eq!(atlassian_api(random).len(), 192);
        assert_eq!(grafana_service_account(random).len(), 46);
        assert_eq!(age_identity(random).len(), 74);
        assert!(pypi(random).starts_with(concat!("pypi-Ag", "EIcHlwaS5vcmcCJ")));
    }

    #[test]
    fn packed_tokens_begin_as_their_issuers_show() {
        let random = &mut Random::new(7);
        assert!(sentry_organisation(random).starts_with("sntrys_eyJpYXQiO"));
        assert!(mapbox_secret(random).starts_with("sk.eyJ1Ijoi"));
        assert!(grafana_cloud(random).starts_with("glc_eyJvIjoi"));
        assert!(grafana_api_key(random).starts_with("eyJrIjoi"));
        assert!(one_password_service_account(random).starts_with("ops_eyJzaWduSW5BZGRyZXNzIjoi"));
        assert!(aws_bedrock(random).starts_with("ABSKQmVkcm9ja0FQSUtleS"));
        assert!(artifactory_reference(random).starts_with("cmVmdGtuOjAxOjE"));
    }

    #[test]
    fn routable_tokens_tell_their_length_and_sum() {
        let token = gitlab_personal_routable(&mut Random::new(3));
        let (text, sum) = token.split_at(token.len() - 7);
        let payload = text["glpat-".len()..].split('.').next().unwrap();
        assert_eq!(usize::from_str_radix(&text[text.len() - 2..], 36).unwrap(), payload.len());
        assert_eq!(u32::from_str_radix(sum, 36).unwrap(), crc32(text.as_bytes()));
    }

    /// Two tokens of Microsoft's own tests, in halves.
    #[test]
    fn devops_checksum_of_published_tests() {
        for halves in [
            ["67csyuknm2k4azb2q3ktjb7dwn", "afo2xj5bwpv7vt7ei2l5a7wwfb"],
            ["nj3ithqqxdghjtxuo6a27lebc4", "ko5jyqsthyqshtnnlpvowh2oaq"],
        ] {
            let number = |letter: u8| if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'a' };
            let bits: Vec<u8> =
                halves.concat().bytes().flat_map(|letter| (0..5).rev().map(move |bit| number(letter) >> bit & 1)).collect();
            let token: Vec<u8> = bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect();
            let covered = [&token[0..2], &token[3..7], &token[9..22], &token[23..32]].concat();
            let sum = u32::from_le_bytes([token[22], token[8], token[7], token[2]]);
            assert_eq!(crc32(&covered) ^ 0xe0b9_692d, sum);
        }
    }
}
