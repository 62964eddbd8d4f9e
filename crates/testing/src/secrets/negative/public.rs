//! What looks random and is public.
use super::super::encode::{base64, base64_url, hex};
use super::super::kinds::{Kind, made, telling};
use super::super::shape::{bytes, draw};
use super::super::{key, token};
use crate::mutate::Random;

fn integrity(random: &mut Random) -> String {
    format!("sha512-{}", base64(&bytes(64, random)))
}

fn integrity_256(random: &mut Random) -> String {
    format!("sha256-{}", base64(&bytes(32, random)))
}

fn nix(random: &mut Random) -> String {
    format!("sha256:{}", super::super::shape::of("0123456789abcdfghijklmnpqrsvwxyz", 52, random))
}

fn go_sum(random: &mut Random) -> String {
    format!("h1:{}", base64(&bytes(32, random)))
}

fn fingerprint(random: &mut Random) -> String {
    format!("SHA256:{}", base64(&bytes(32, random)).trim_end_matches('='))
}

fn colons(random: &mut Random) -> String {
    bytes(20, random).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

fn google_client(random: &mut Random) -> String {
    draw("{d12}-{l32}.apps.googleusercontent.com", random)
}

fn mapbox_public(random: &mut Random) -> String {
    token::mapbox_secret(random).replacen("sk.", "pk.", 1)
}

/// Clerk's: the address of the application in base64.
fn clerk_publishable(random: &mut Random) -> String {
    format!("pk_live_{}", base64(draw("clerk.{z8}.io$", random).as_bytes()).trim_end_matches('='))
}

fn image_data(random: &mut Random) -> String {
    format!("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA{}", base64(&bytes(240, random)))
}

fn wireguard_public(random: &mut Random) -> String {
    base64(&bytes(32, random))
}

fn bcrypt(random: &mut Random) -> String {
    draw("$2b$12${a53}", random)
}

fn argon2(random: &mut Random) -> String {
    format!("$argon2id$v=19$m=65536,t=3,p=4${}${}", base64_url(&bytes(16, random)), base64_url(&bytes(32, random)))
}

fn pbkdf2(random: &mut Random) -> String {
    format!("pbkdf2_sha256$870000${}${}", draw("{a22}", random), base64(&bytes(32, random)))
}

fn trace_parent(random: &mut Random) -> String {
    format!("00-{}-{}-01", hex(&bytes(16, random)), hex(&bytes(8, random)))
}

pub(super) const VALUES: &[Kind] = &[
    telling("uuid", "request id|correlation id|tenant id", "{uuid}"),
    telling("uuid-capitals", "product code|component guid", "{H8}-{H4}-4{H3}-A{H3}-{H12}"),
    telling("git-sha", "commit|revision|git sha", "{h40}"),
    telling("git-sha-short", "commit|version suffix", "{h8}"),
    telling("image-digest", "image digest|base image", "sha256:{h64}"),
    telling("sha256-sum", "sha256|artifact sha256", "{h64}"),
    telling("sha512-sum", "sha512", "{h128}"),
    telling("md5-sum", "md5|content md5", "{h32}"),
    telling("sha1-sum", "sha1|file sha1", "{h40}"),
    made("npm-integrity", "integrity|resolved integrity", integrity),
    made("script-integrity", "integrity|style integrity", integrity_256),
    made("go-module-sum", "module sum", go_sum),
    made("nix-hash", "nix hash|vendor hash", nix),
    telling("etag", "etag|if none match", "W/{h32}"),
    telling("content-nonce", "script nonce|csp nonce", "{a22}"),
    telling("trace-id", "trace id|x trace id", "{h32}"),
    telling("span-id", "span id|parent span id", "{h16}"),
    made("trace-parent", "traceparent", trace_parent),
    telling("object-id", "object id|document id", "65{h22}"),
    telling("ulid", "event id|order id", "01{=H|J}{u23}"),
    telling("ksuid", "event id", "2{a26}"),
    telling("snowflake-id", "message id|tweet id", "1{d18}"),
    telling("aws-request-id", "x amz request id|amz id", "{u16}"),
    telling("aws-account-arn", "role arn|topic arn", "arn:aws:iam::{d12}:role/orders-{l6}"),
    telling("aws-account-id", "account id", "{d12}"),
    telling("aws-cognito-pool", "user pool id", "eu-central-1_{a9}"),
    telling("aws-cognito-client-id", "user pool client id", "{l26}"),
    telling("azure-ids", "azure tenant id|azure client id|azure subscription id", "{uuid}"),
    telling("stripe-publishable-key", "stripe publishable key|stripe public key", "pk_live_51{a97}"),
    telling("stripe-object-id", "stripe price id|stripe customer", "{=price|cus|prod|pi}_1{a23}"),
    made("google-client-id", "google client id|oauth client id", google_client),
    telling("google-analytics-id", "analytics id|measurement id", "G-{u10}"),
    telling("google-tag-manager-id", "tag manager id", "GTM-{u7}"),
    telling("firebase-app-id", "firebase app id", "1:{d12}:web:{h22}"),
    telling("recaptcha-site-key", "recaptcha site key", "6L{=c|d|e|f}{w37}"),
    made("mapbox-public-token", "mapbox public token", mapbox_public),
    telling("posthog-project-key", "posthog project key|posthog public key", "phc_{a43}"),
    telling("sentry-dsn", "sentry dsn|next public sentry dsn", "https://{h32}@o{d6}.ingest.sentry.io/{d7}"),
    telling("twilio-account-sid", "twilio account sid", "AC{h32}"),
    telling("slack-ids", "slack channel id|slack team id", "{=C|T|U}0{u9}"),
    telling("supabase-publishable-key", "supabase publishable key", "sb_publishable_{w22}_{w8}"),
    made("clerk-publishable-key", "clerk publishable key", clerk_publishable),
    telling("square-application-id", "square application id", "sq0idp-{w22}"),
    telling("launchdarkly-client-side-id", "launchdarkly client side id", "{h24}"),
    telling("ethereum-address", "wallet address|contract address", "0x{h40}"),
    telling("ethereum-transaction", "transaction hash|tx hash", "0x{h64}"),
    telling("bitcoin-address", "payout address|bitcoin address", "bc1q{l38}"),
    telling("ipfs-content-id", "content id|ipfs cid", "Qm{x44}"),
    telling("age-public-key", "age recipient|sops recipient", "age1{l58}"),
    made("ssh-fingerprint", "host fingerprint|key fingerprint", fingerprint),
    made("certificate-fingerprint", "certificate fingerprint|signing fingerprint", colons),
    telling("pgp-fingerprint", "pgp fingerprint|signing key id", "{H40}"),
    made("ssh-public-key", "ssh public key|authorized key", key::ssh_public),
    made("ssh-public-key-rsa", "ssh public key", key::ssh_public_rsa),
    made("wireguard-public-key", "wireguard public key|peer public key", wireguard_public),
    made("password-hash-bcrypt", "password hash|password digest", bcrypt),
    made("password-hash-argon2", "password hash", argon2),
    made("password-hash-pbkdf2", "password hash|encoded password", pbkdf2),
    telling("password-hash-sha512crypt", "password hash|shadow hash", "$6${a16}${a86}"),
    made("image-data", "logo|avatar|background", image_data),
    telling("mac-address", "mac address|hardware address", "{h2}:{h2}:{h2}:{h2}:{h2}:{h2}"),
    telling("ipv6-address", "listen address|peer address", "2001:db8:{h4}:{h4}:{h4}:{h4}:{h4}:{h4}"),
    telling("phone-number", "phone|support phone", "+49 30 {d8}"),
    telling("isbn", "isbn", "978-3-{d2}-{d6}-{d1}"),
    telling("iban", "iban", "DE{d20}"),
    telling("color", "accent color|brand color", "#{h6}"),
    telling("coordinates", "location|coordinates", "52.{d6},13.{d6}"),
    telling("hashed-file-name", "entry|main chunk", "assets/index-{a8}.js"),
    telling("object-url", "download url|artifact url", "https://files.acme-logistics.io/{h2}/{h2}/{h60}.tar.gz"),
    telling("s3-bucket", "bucket|artifact bucket", "orders-artifacts-{l12}"),
    telling("version-with-hash", "version|build version", "1.4.2+{h12}"),
    telling("class-name", "class name|style", "css-{l6}-MuiButton-root-{d3}"),
    telling("key-name", "partition key|sort key|cache key", "orders:{z6}:{d8}"),
    telling("token-lifetime", "token ttl|access token lifetime", "3600s"),
    telling("password-length", "password min length|password length", "1{d1}"),
    telling("secret-name", "secret name|tls secret name", "orders-{z6}-tls"),
    telling("key-path", "ssl key path|private key file|key file", "/etc/ssl/private/{z6}.key"),
    telling("token-endpoint", "token url|token endpoint", "https://login.acme-logistics.io/oauth2/v1/token"),
    telling("public-key-id", "key id|kid", "{w27}"),
];
