//! What is nearly a token: of wrong length, alphabet or checksum, or a piece of something longer.
//! They stand under names that promise no secret, so that only their shape could mislead.
use super::super::checksum::crc32;
use super::super::encode::{base64, base64_url};
use super::super::kinds::{Kind, made, telling};
use super::super::shape::bytes;
use super::super::token;
use crate::mutate::Random;

const NAMES: &str = "build id|fixture|sample|revision|marker";

/// A checked token with another last character: only the checksum tells that nobody issued it.
fn wrong_end(token: &str) -> String {
    let (front, last) = token.split_at(token.len() - 1);
    format!("{front}{}", if last == "0" { "1" } else { "0" })
}

fn github(random: &mut Random) -> String {
    wrong_end(&token::github_personal(random))
}

fn github_installation(random: &mut Random) -> String {
    wrong_end(&token::github_server_to_server(random))
}

fn npm(random: &mut Random) -> String {
    wrong_end(&token::npm(random))
}

fn gitlab(random: &mut Random) -> String {
    wrong_end(&token::gitlab_personal_routable(random))
}

fn grafana(random: &mut Random) -> String {
    wrong_end(&token::grafana_service_account(random))
}

/// A dotted text like a JSON Web Token whose front is no JSON.
fn not_json(random: &mut Random) -> String {
    format!("{}.{}.{}", base64_url(&bytes(27, random)), base64_url(&bytes(60, random)), base64_url(&bytes(32, random)))
}

/// A header that is JSON without an algorithm.
fn json_without_algorithm(random: &mut Random) -> String {
    format!("{}.{}", base64_url(br#"{"page":2,"sort":"name"}"#), base64_url(&bytes(12, random)))
}

fn long_base64(random: &mut Random) -> String {
    base64(&bytes(300, random))
}

/// A table of checksums as a build writes it.
fn sums(random: &mut Random) -> String {
    format!("crc32:{:08x}", crc32(&bytes(20, random)))
}

pub(super) const VALUES: &[Kind] = &[
    made("wrong-checksum-github-personal", NAMES, github),
    made("wrong-checksum-github-installation", NAMES, github_installation),
    made("wrong-checksum-npm", NAMES, npm),
    made("wrong-checksum-gitlab-routable", NAMES, gitlab),
    made("wrong-checksum-grafana", NAMES, grafana),
    telling("wrong-alphabet-aws-access-key-id", NAMES, "AKIA{Q7}{=0|1|8|9}{Q8}"),
    telling("wrong-case-aws-access-key-id", NAMES, "akia{q16}"),
    telling("too-short-aws-access-key-id", NAMES, "AKIA{Q12}"),
    telling("too-long-aws-access-key-id", NAMES, "AKIA{Q22}"),
    telling("too-short-github-token", NAMES, "ghp_{a20}"),
    telling("too-short-gitlab-token", NAMES, "glpat-{a9}"),
    telling("too-short-google-api-key", NAMES, "AIza{a24}"),
    telling("too-short-digitalocean-token", NAMES, "dop_v1_{h32}"),
    telling("wrong-alphabet-digitalocean-token", NAMES, "dop_v1_{=g|k|z}{l63}"),
    telling("too-short-slack-token", NAMES, "xoxb-{d4}"),
    telling("too-short-stripe-key", NAMES, "sk_live_{a6}"),
    telling("too-short-npm-token", NAMES, "npm_{a12}"),
    telling("npm-environment-name", "script|name", "npm_config_{z10}"),
    telling("too-short-hugging-face-token", NAMES, "hf_{L9}"),
    telling("hugging-face-name", "dataset|name", "hf_{z6}_{z7}"),
    telling("too-short-docker-token", NAMES, "dckr_pat_{a9}"),
    telling("too-short-pypi-token", NAMES, "pypi-{z8}"),
    telling("too-short-sendgrid-key", NAMES, "SG.{a8}.{a10}"),
    telling("sk-word", "style|name", "sk-{z6}-{z8}"),
    telling("inside-longer-text-github", "blob|payload", "{a40}ghp_{a36}{a40}"),
    telling("inside-longer-text-aws", "blob|payload", "{a57}AKIA{Q16}{a63}"),
    telling("inside-longer-text-google", "blob|payload", "{a61}AIza{w35}{a50}"),
    telling("inside-longer-text-slack", "blob|payload", "{a31}xoxb{a70}"),
    made("not-a-json-web-token", "payload|cursor", not_json),
    made("json-without-algorithm", "cursor|next page", json_without_algorithm),
    made("base64-of-random-bytes", "thumbnail|image data|blob", long_base64),
    made("crc-sum", "sum|checksum", sums),
];
