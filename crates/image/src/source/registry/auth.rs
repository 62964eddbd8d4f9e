//! What a registry wants to see before it answers: a token from its token service, or a user name and password
//! (<https://distribution.github.io/distribution/spec/auth/token/>, `…/oauth/`).

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client::{Address, HttpClient, Scheme, encode_query};
use serde::Deserialize;

use super::credentials::{self, Credential, Found};
use super::endpoint::readable;
use crate::Error;

/// Longest answer of a token service.
const MAX_ANSWER: u64 = 1 << 20;

/// Gets and keeps the authorization for one repository.
pub(super) struct Authority {
    client: HttpClient,
    /// The registry as credentials are stored for it.
    registry: String,
    repository: String,
    /// What a token is to allow, where the registry does not say.
    scope: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The value of the header.
    header: Option<String>,
    /// Credentials, once they were looked for.
    found: Option<Found>,
}

impl Authority {
    pub(super) fn new(client: HttpClient, registry: String, repository: String, scope: String) -> Self {
        Self { client, registry, repository, scope, state: Mutex::default() }
    }

    /// The header as far as it is known.
    pub(super) fn current(&self) -> Option<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).header.clone()
    }

    /// Answers the challenges that came upon `refused`; `None` where we have nothing to answer with.
    pub(super) fn renew(&self, refused: Option<&str>, challenges: &[&str]) -> Result<Option<String>, Error> {
        // The lock is held meanwhile: one thread gets the token, the others take it.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.header.as_deref() != refused {
            return Ok(state.header.clone());
        }
        let challenges: Vec<Challenge> = challenges.iter().flat_map(|header| parse(header)).collect();
        let of = |scheme: &str| challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme));
        if state.found.is_none() {
            state.found = Some(credentials::find(&self.client.options().environment, &self.registry, &self.repository));
        }
        let credential = state.found.as_ref().and_then(|found| found.credential.as_ref());
        let header = if let Some(bearer) = of("Bearer") {
            Some(format!("Bearer {}", self.token(bearer, credential)?))
        } else if let (Some(_), Some(Credential::Password { user, password })) = (of("Basic"), credential) {
            Some(basic(user, password))
        } else {
            None
        };
        // The same again would be refused again.
        let header = header.filter(|header| Some(header.as_str()) != refused);
        state.header.clone_from(&header);
        Ok(header)
    }

    /// What the user can do about a refusal.
    pub(super) fn advice(&self) -> String {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let registry = &self.registry;
        match &state.found {
            Some(Found { credential: Some(_), origin, .. }) => format!("the login was taken from {origin}: check it"),
            Some(Found { problem: Some(problem), .. }) => problem.clone(),
            _ => format!("check the name, or log in with `docker login {registry}`"),
        }
    }

    fn token(&self, challenge: &Challenge, credential: Option<&Credential>) -> Result<String, Error> {
        let failed = |reason: String| Error::Remote { object: self.registry.clone(), reason, source: None };
        let realm = challenge.get("realm").ok_or_else(|| failed("it asks for a token but names no token service".to_owned()))?;
        let address = Address::parse(realm).map_err(|error| failed(error.to_string()))?;
        if address.scheme == Scheme::Http && !address.is_loopback() && !self.client.is_insecure(&address) {
            return Err(failed(format!(
                "its token service {address} is spoken to in plain http, where a password could be read on the way; \
                 --insecure-registry {} allows it",
                address.authority()
            )));
        }
        let scope = challenge.get("scope").unwrap_or(&self.scope);
        let mut query = vec![("scope", scope)];
        query.extend(challenge.get("service").map(|service| ("service", service)));
        let response = match credential {
            Some(Credential::IdentityToken(token)) => {
                query.extend([("grant_type", "refresh_token"), ("client_id", "plimsoll"), ("refresh_token", token.as_str())]);
                let form = [("Content-Type", "application/x-www-form-urlencoded")];
                self.client.post(realm, &form, encode_query(&query).as_bytes())
            }
            _ => {
                let mut header = None;
                if let Some(Credential::Password { user, password }) = credential {
                    query.push(("account", user));
                    header = Some(basic(user, password));
                }
                let headers: Vec<_> = header.iter().map(|value| ("Authorization", value.as_str())).collect();
                let joint = if realm.contains('?') { '&' } else { '?' };
                self.client.get(&format!("{realm}{joint}{}", encode_query(&query)), &headers)
            }
        };
        let response = response.map_err(|error| failed(error.to_string()))?;
        let status = response.status;
        if status != 200 {
            let advice = match credential {
                Some(_) => "check the login, or log in again",
                None => "check the name, or log in",
            };
            return Err(failed(format!("its token service {address} gives no token (status {status}); {advice}")));
        }
        let body = response.bytes(MAX_ANSWER).map_err(|error| failed(error.to_string()))?;
        let token = serde_json::from_slice::<Token>(&body).ok().and_then(|answer| answer.token.or(answer.access_token));
        token
            .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or_else(|| failed(format!("its token service {address} answers with something else than a token")))
    }
}

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// One way to authenticate that a server offers (<https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1>).
#[derive(Debug, PartialEq, Eq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Reads `Bearer realm="…",service="…", Basic realm="…"`. What cannot be read is left out.
fn parse(header: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = header.get(..header.len().min(16 << 10)).unwrap_or_default();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        let end = rest.find([' ', '=', ',', '\t']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            return challenges;
        }
        let after = after.trim_start_matches([' ', '\t']);
        let Some(value) = after.strip_prefix('=') else {
            challenges.push(Challenge { scheme: readable(word), parameters: Vec::new() });
            rest = after;
            continue;
        };
        let (value, after) = take_value(value.trim_start_matches([' ', '\t']));
        if let Some(challenge) = challenges.last_mut() {
            challenge.parameters.push((word.to_owned(), value));
        }
        rest = after;
    }
}

fn take_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, character)| character)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges() {
        let parsed =
            parse(r#"Bearer realm="https://a/token?x=1,2",service=b , scope="repository:c:pull,push" , Basic realm="q\"r""#);
        assert_eq!(parsed.len(), 2);
        assert_eq!(parsed[0].get("realm"), Some("https://a/token?x=1,2"));
        assert_eq!(parsed[0].get("Service"), Some("b"));
        assert_eq!(parsed[0].get("scope"), Some("repository:c:pull,push"));
        assert_eq!((&parsed[1].scheme[..], parsed[1].get("realm")), ("Basic", Some("q\"r")));
    }

    #[test]
    fn odd_challenges_end() {
        for odd in ["", "=", "= = =", "Bearer", "Bearer realm=\"", "Bearer realm", ",,,", "a=b,c=\"d\\", "\u{e9}=\u{e9}"] {
            let _ = parse(odd);
        }
    }
}
