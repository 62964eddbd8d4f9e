//! Names by which people call secrets. Only names are ever shown, never what they hold.

/// Last words of names that are about a secret and hold none: files, addresses, switches.
const ABOUT: &[&str] = &[
    "ALGORITHM",
    "AUDIENCE",
    "COUNT",
    "DIR",
    "DURATION",
    "ENABLED",
    "ENDPOINT",
    "EXPIRATION",
    "EXPIRY",
    "FILE",
    "FORMAT",
    "HASH",
    "HEADER",
    "ID",
    "ISSUER",
    "LENGTH",
    "LIFETIME",
    "LIMIT",
    "MAX",
    "MIN",
    "MODE",
    "NAME",
    "NAMESPACE",
    "PATH",
    "POLICY",
    "PREFIX",
    "PROVIDER",
    "REF",
    "REQUIRED",
    "SECONDS",
    "STORE",
    "TIMEOUT",
    "TTL",
    "TYPE",
    "URI",
    "URL",
    "USER",
    "USERNAME",
    "VERSION",
];
/// Words that call a value a secret.
const WORDS: &[&str] = &["TOKEN", "CREDENTIAL", "CREDENTIALS", "PSW", "PWORD", "PWD"];
/// Ends of such words: `PGPASSWORD`.
const ENDS: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "SECRETS", "APIKEY", "AUTHTOKEN"];
/// Words before `KEY` that make a secret of it.
const KEYS: &[&str] =
    &["API", "ACCESS", "PRIVATE", "SECRET", "ENCRYPTION", "SIGNING", "MASTER", "CLIENT", "AUTH", "DEPLOY", "ACCOUNT"];

/// Whether a variable or key of this name holds a secret by custom.
pub(crate) fn is_name(name: &str) -> bool {
    let words = words(name);
    // The folder a shell is in.
    if matches!(&words[..], [only] if only == "PWD" || only == "OLDPWD") {
        return false;
    }
    if words.last().is_none_or(|last| ABOUT.contains(&last.as_str())) {
        // But for the two halves of one key.
        return words == ["AWS", "ACCESS", "KEY", "ID"];
    }
    let is_key = |pair: &[String]| pair[1] == "KEY" && KEYS.contains(&pair[0].as_str());
    let is_secret = |word: &String| WORDS.contains(&word.as_str()) || ENDS.iter().any(|end| word.ends_with(end));
    words.iter().any(is_secret) || (words.windows(2).any(is_key) && !words.iter().any(|word| word == "PUBLIC"))
}

/// Whether a variable or key holds a secret that is written out.
pub(crate) fn is_written(name: &str, value: &str) -> bool {
    // What is called a secret may be the name of one, of words as Kubernetes has them.
    let is_reference = words(name).last().is_some_and(|last| last == "SECRET")
        && value.contains('-')
        && value.split('-').all(|word| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase()));
    is_name(name) && is_literal(value) && !is_reference
}

/// Whether a value is written out: not empty, no switch, no place where the secret is, nothing that is put in later.
fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let is_switch =
        matches!(value.to_ascii_lowercase().as_str(), "" | "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "none");
    let is_later = ["{{", "${", "$("].iter().any(|begin| value.contains(begin)) || value.contains('\0');
    let is_place = value.starts_with('/') || value.starts_with("file:");
    !is_switch && !is_later && !is_place
}

/// The words of a name, however they are put together: `DB_PASSWORD`, `db.password`, `dbPassword`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars() {
        let separates = !letter.is_ascii_alphanumeric();
        if separates || (letter.is_ascii_uppercase() && was_lower) {
            words.push(String::new());
        }
        if !separates && let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_uppercase());
        }
        was_lower = letter.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{is_literal, is_name, is_written};

    #[test]
    fn names_and_values_are_told() {
        for name in
            ["DB_PASSWORD", "db.password", "dbPassword", "API_TOKEN", "AWS_SECRET_ACCESS_KEY", "apiKey", "MYSQL_ROOT_PASSWORD"]
        {
            assert!(is_name(name), "{name}");
        }
        for name in
            ["DB_PASSWORD_FILE", "TOKEN_URL", "MAX_TOKENS", "KEY", "TOKEN_EXPIRY", "passwordLength", "SECRETARY", "", "tokenTTL"]
        {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_written("WEBHOOK_SECRET", "a-B3-d") && !is_written("WEBHOOK_SECRET", "webhook-server-cert"));
        assert!(is_written("DB_PASSWORD", "correct-horse"));
        assert!(is_literal("hunter2") && is_literal("12345"));
        for value in ["", "yes", "$(PASSWORD)", "${PASSWORD}", "{{ .Values.password }}", "/run/secrets/password"] {
            assert!(!is_literal(value), "{value}");
        }
    }
}
