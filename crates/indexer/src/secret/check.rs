//! What an expression cannot tell: checksums, encodings, and whether a password is one.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::entropy::{bits, is_mixed, is_placeholder};

/// Padding or none, and whatever bits a hasty encoder left over.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A closer look at what an expression matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Check {
    /// The last six letters are the CRC-32 of those between `_` and them, to base 62
    /// (<https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>); npm's are alike.
    Github,
    /// Where it is routable, the last seven letters are the CRC-32 of all before, to base 36
    /// (<https://docs.gitlab.com/security/tokens/>, `routable_token.rb`).
    Gitlab,
    /// The last eight digits are the CRC-32 of what stands before `_`, least byte first
    /// (<https://github.com/grafana/grafana>, `pkg/components/satokengen`).
    Grafana,
    /// A password, and no placeholder or variable in its place.
    Password,
    /// The same, and drawn by chance: a name alone makes no password of a word.
    RandomPassword,
    /// A password in an address, where letters may be percent-encoded.
    UrlPassword,
    /// Base64 of a name, a colon and a password.
    BasicAuth,
    /// Key material follows the first line, and not three dots.
    PrivateKey,
    /// Base64 of the same.
    Base64PrivateKey,
    /// A JSON Web Token that is signed and names what it is for.
    Jwt,
    /// Letters and digits.
    Mixed,
    /// Drawn by chance, as far as that can be told.
    Generic,
}

/// Whether a match is what its rule says. `secret` is the part that is secret, `whole` all that was matched, `name` what it is
/// given to.
pub(super) fn holds(check: Check, whole: &[u8], secret: &[u8], name: Name<'_>) -> bool {
    match check {
        Check::Github => github(whole),
        Check::Gitlab => gitlab(whole),
        Check::Grafana => grafana(whole),
        Check::Password => is_password(secret),
        Check::RandomPassword => is_password(secret) && is_strong(secret) && !names_something_else(name),
        Check::UrlPassword => is_password(&percent_decoded(secret)),
        Check::BasicAuth => is_basic_auth(secret),
        Check::PrivateKey => is_private_key(whole),
        Check::Base64PrivateKey => base64(secret).is_some_and(|decoded| is_private_key(&decoded)),
        Check::Jwt => is_jwt(whole),
        Check::Mixed => is_mixed(secret),
        Check::Generic => is_random(secret) && !names_something_else(name),
    }
}

/// Decodes either alphabet; `None` where it is neither.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let engine = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) { URL_SAFE } else { STANDARD };
    engine.decode(text).ok()
}

/// A number to a base of up to 62, filled with zeros from the left.
fn to_base(mut number: u32, base: u32, length: usize) -> Vec<u8> {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % base) as usize];
        number /= base;
    }
    digits
}

fn github(whole: &[u8]) -> bool {
    let body = whole.splitn(2, |&byte| byte == b'_').nth(1).unwrap_or_default();
    // Refresh tokens of the longer form are not said to carry one.
    if body.len() != 36 {
        return true;
    }
    let (random, checksum) = body.split_at(30);
    to_base(crc32fast::hash(random), 62, 6) == checksum
}

fn gitlab(whole: &[u8]) -> bool {
    if !whole.contains(&b'.') {
        return true;
    }
    let (body, checksum) = whole.split_at(whole.len().saturating_sub(7));
    to_base(crc32fast::hash(body), 36, 7).to_ascii_lowercase() == checksum
}

fn grafana(whole: &[u8]) -> bool {
    let (body, checksum) = whole.split_at(whole.len().saturating_sub(9));
    let expected: String = crc32fast::hash(body).to_le_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    checksum.get(1..).is_some_and(|checksum| checksum.eq_ignore_ascii_case(expected.as_bytes()))
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let digit = |at: usize| tail.get(at).and_then(|&digit| char::from(digit).to_digit(16));
        if byte == b'%'
            && let (Some(high), Some(low)) = (digit(0), digit(1))
        {
            out.push((high * 16 + low) as u8);
            rest = &tail[2..];
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out
}

/// Words that stand for a password in examples and are no secret where they are used.
const COMMON: &[&str] = &[
    "password",
    "passwd",
    "passw0rd",
    "passphrase",
    "pass",
    "pwd",
    "pw",
    "secret",
    "secrets",
    "admin",
    "administrator",
    "root",
    "test",
    "tests",
    "testing",
    "guest",
    "user",
    "username",
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "redis",
    "rabbitmq",
    "rabbit",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "undefined",
    "string",
    "str",
    "token",
    "key",
    "apikey",
    "credentials",
    "login",
    "default",
    "demo",
    "foo",
    "bar",
    "baz",
    "foobar",
    "hello",
    "tiger",
    "scott",
    "world",
    "qwerty",
    "letmein",
    "changeit",
    "changeme",
    "welcome",
    "hunter",
    "server",
    "host",
    "hostname",
    "localhost",
    "database",
    "sa",
    "docker",
    "oracle",
    "minio",
    "minioadmin",
    "elastic",
    "kibana",
    "grafana",
    "keycloak",
    "wordpress",
    "django",
    "rails",
    "app",
    "web",
    "dev",
    "development",
    "prod",
    "production",
    "staging",
    "local",
    "private",
    "public",
    "anonymous",
    "passwordhere",
    "yourpassword",
    "your",
    "some",
    "empty",
    "required",
    "optional",
    "mypass",
    "mypassword",
    "userpass",
    "userpassword",
    "dbpass",
    "dbpassword",
    "db",
    "pswd",
    "abc",
    "xyz",
    "x",
    "xxx",
    "asdf",
    "pass_word",
    "my_pass",
    "db_pass",
    "db_password",
    "my_password",
    "p4ssw0rd",
    "p@ssw0rd",
    "p@ssword",
    "pa55word",
    "s3cr3t",
    "s3cret",
    "secr3t",
    "auth",
    "oauth",
    "bearer",
    "basic",
    "hidden",
    "proxy",
    "port",
    "number",
    "value",
    "text",
];

/// Whether somebody could log in with it: no variable, no template, no word of every example.
fn is_password(value: &[u8]) -> bool {
    let first = value.first().copied().unwrap_or(b'$');
    let is_variable = matches!(first, b'$' | b'{' | b'<' | b'[' | b'*' | b'(')
        || (first == b'%' && value.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'('))
        || [
            "${",
            "{{",
            "}}",
            "<%",
            "$(",
            "#{",
            "%(",
            "{0}",
            "...",
            "%s",
            "%d",
            "process.env",
            "os.environ",
            "getenv",
            "env.",
            "env(",
        ]
        .iter()
        .any(|word| memchr::memmem::find(value, word.as_bytes()).is_some())
        // What is hashed or sealed is no password any more.
        || ["pbkdf2", "bcrypt", "argon2", "scrypt", "{SSHA", "ENC[", "vault:", "AQICAH", "sha256:", "sha512:", "SCRAM-"].iter().any(|word| value.starts_with(word.as_bytes()))
        || (first == b':' || first == b'@');
    if is_variable || value.len() < 5 || is_placeholder(value) {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    // Oracle's sample account, in every document about it.
    if lower.starts_with(b"tiger") {
        return false;
    }
    let word: &[u8] = {
        let end = lower.iter().rposition(|byte| !byte.is_ascii_digit() && !b"!@#$%.,;)_-".contains(byte)).map_or(0, |at| at + 1);
        &lower[..end]
    };
    let distinct = (0..=255u8).filter(|byte| value.contains(byte)).count();
    // A word in capitals is the name of a variable.
    let variable = value.contains(&b'_') && value.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let letters: Vec<u8> = lower.iter().copied().filter(u8::is_ascii_alphabetic).collect();
    let common = COMMON.iter().any(|common| common.as_bytes() == word)
        || matches!(&letters[..], b"password" | b"pssword" | b"psswrd" | b"pass");
    !variable && !common && !word.is_empty() && distinct >= 4
}

fn is_basic_auth(secret: &[u8]) -> bool {
    let Some(decoded) = base64(secret) else { return false };
    // Letters and signs of any language, no controls.
    if std::str::from_utf8(&decoded).map_or(true, |text| text.chars().any(char::is_control)) {
        return false;
    }
    let mut parts = decoded.splitn(2, |&byte| byte == b':');
    let user = parts.next().unwrap_or_default();
    parts.next().is_some_and(|password| !user.is_empty() && password != user && is_password(password))
}

/// Base64 letters that key material has at least: an Ed25519 key has 64.
const KEY_LETTERS: usize = 48;

fn is_private_key(whole: &[u8]) -> bool {
    let Some(begin) = memchr::memmem::find(whole, b"-----BEGIN").map(|at| at + 5) else { return false };
    let Some(head) = memchr::memmem::find(&whole[begin..], b"-----").map(|at| begin + at + 5) else { return false };
    if memchr::memmem::find(&whole[begin..head], b"PRIVATE KEY").is_none() {
        return false;
    }
    let body = &whole[head..];
    let body = &body[..memchr::memmem::find(body, b"-----END").unwrap_or(body.len())];
    let mut letters = Vec::with_capacity(256);
    // A line of `Proc-Type: …` or `Version: …` is no key; line ends may be written out.
    for line in body.split(|&byte| byte == b'\n') {
        if line.contains(&b':') {
            continue;
        }
        let mut escaped = false;
        for &byte in line {
            match byte {
                b'\\' => escaped = true,
                b'n' | b'r' if escaped => escaped = false,
                byte if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => {
                    escaped = false;
                    letters.push(byte);
                }
                _ => escaped = false,
            }
        }
        if letters.len() >= 400 {
            break;
        }
    }
    letters.len() >= KEY_LETTERS && bits(&letters) >= 4.0
}

fn is_jwt(whole: &[u8]) -> bool {
    let mut parts = whole.split(|&byte| byte == b'.').map(base64);
    let (Some(Some(header)), Some(Some(claims))) = (parts.next(), parts.next()) else { return false };
    let (Ok(header), Ok(claims)) =
        (serde_json::from_slice::<serde_json::Value>(&header), serde_json::from_slice::<serde_json::Value>(&claims))
    else {
        return false;
    };
    let text = |value: &serde_json::Value, name: &str| value.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let signed = text(&header, "alg").is_some_and(|alg| !alg.eq_ignore_ascii_case("none"));
    // The one of every tutorial, and Supabase's key that browsers are meant to have.
    let public = text(&claims, "sub").as_deref() == Some("1234567890") || text(&claims, "role").as_deref() == Some("anon");
    signed && claims.is_object() && !public
}

/// Whether a value looks drawn by chance, and not written by a person or a compiler.
fn is_random(value: &[u8]) -> bool {
    // What base64 fills up with is no sign of code.
    let value = &value[..value.iter().rposition(|&byte| byte != b'=').map_or(0, |at| at + 1)];
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let others = value.len() - digits - letters;
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let changes =
        value.windows(2).filter(|pair| class(pair[0]) != class(pair[1]) && class(pair[0]).max(class(pair[1])) < 3).count();
    let first = value.first().copied().unwrap_or(b'$');
    let is_code = matches!(first, b'$' | b'%' | b'/' | b'.' | b'~' | b'&' | b'@' | b'#' | b'*' | b'!' | b'^' | b'?' | b':')
        || ["://", "..", "::", "->", "?.", "${", "&&", "==", "+=", ".get", ".to", "this.", "self.", ".env"]
            .iter()
            .any(|word| memchr::memmem::find(value, word.as_bytes()).is_some());
    let lower = value.to_ascii_lowercase();
    let names_itself = ["password", "passwd", "secret", "token", "sha1", "sha256", "sha384", "sha512", "md5"]
        .iter()
        .any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some());
    let unspeakable = is_unspeakable(value) && value.len() >= 14 && changes * 20 >= value.len() * 9;
    (digits >= 2 || unspeakable)
        && !names_itself
        && !is_identifier(value)
        && letters >= 4
        && others * 4 <= value.len()
        && changes * 4 >= value.len()
        && !is_code
        && !is_uuid(value)
}

/// Whether a password mixes large and small letters, digits and signs as a generator does.
fn is_strong(value: &[u8]) -> bool {
    let value = value.trim_ascii_end();
    let signs = value.iter().filter(|byte| b"!@#$%^&*+=~?".contains(byte)).count();
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let changes = value.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    let both = value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase);
    let is_code = ["&&", "||", "=>", "==", "::", "->", "://", "**", "+=", "?.", ".get", ".to", "this.", "self."]
        .iter()
        .any(|word| memchr::memmem::find(value, word.as_bytes()).is_some());
    let lower = value.to_ascii_lowercase();
    let names_itself = ["password", "passwd", "secret", "pwd", "s3cret", "secr3t", "passw0rd", "pa55", "p4ss"]
        .iter()
        .any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some());
    let mixed = both && signs >= 1 && signs + digits >= 2 && changes * 10 >= value.len() * 3;
    let shuffled = both && signs + digits >= 1 && value.len() >= 12 && changes * 5 >= value.len() * 3;
    !is_code
        && !names_itself
        && !is_identifier(value)
        && (shuffled || (mixed && value.len() >= 8) || (value.len() >= 10 && is_random(value)))
}

/// Whether a value is a name in a program: words parted by dots, after a `!` perhaps.
fn is_identifier(value: &[u8]) -> bool {
    let bare = value.iter().position(|&byte| byte != b'!').map_or(value, |at| &value[at..]);
    let word = |part: &[u8]| {
        part.first().is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'_')
            && part.iter().all(|&byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    (bare.len() < value.len() || value.contains(&b'.')) && bare.split(|&byte| byte == b'.').all(word)
}

/// Whether letters follow each other as in no word: large and small ones, and five consonants in a row.
fn is_unspeakable(value: &[u8]) -> bool {
    let mut row = 0;
    let mut longest = 0;
    for byte in value {
        row = if byte.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(byte) { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    longest >= 5 && value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase)
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36 && [8, 13, 18, 23].iter().all(|&at| value[at] == b'-')
}

/// Whether a name says that its value is about a secret and not one: by what follows the word for a secret in it
/// (`password_hash`), or what stands anywhere (`csrf_token`).
fn names_something_else(name: Name<'_>) -> bool {
    const AFTER: &[&str] = &[
        "hash",
        "sha1",
        "sha256",
        "sha512",
        "md5",
        "digest",
        "checksum",
        "url",
        "uri",
        "path",
        "file",
        "name",
        "type",
        "length",
        "size",
        "expir",
        "ttl",
        "regex",
        "pattern",
        "label",
        "title",
        "placeholder",
        "field",
        "prefix",
        "suffix",
        "policy",
        "endpoint",
        "host",
        "version",
        "count",
        "class",
        "selector",
        "input",
        "error",
        "message",
        "format",
        "_id",
        "-id",
        "ids",
        "arn",
        "dir",
        "izer",
        "tokens",
        "thumbprint",
        "fingerprint",
        "integrity",
        "etag",
        "issuer",
        "color",
        "theme",
        "syntax",
    ];
    const ANYWHERE: &[&str] = &[
        "public",
        "csrf",
        "xsrf",
        "nonce",
        "mask",
        "encrypted",
        "sealed",
        "cipher",
        "next",
        "page",
        "cursor",
        "continuation",
        "example",
        "hash_",
    ];
    let lower = name.whole.to_ascii_lowercase();
    let after = lower.get(name.word..).unwrap_or_default();
    let contains = |text: &[u8], words: &[&str]| words.iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some());
    contains(after, AFTER) || contains(&lower, ANYWHERE) || name.whole.ends_with(b"Id") || name.whole.ends_with(b"ID")
}

/// A name that something is given to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Name<'t> {
    /// All of it.
    pub whole: &'t [u8],
    /// Where in it the word stands that a rule knows.
    pub word: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_published_tokens() {
        // Each in two pieces, so that no scanner takes this file for a leak.
        let github = ["ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"].concat();
        assert!(holds(Check::Github, github.as_bytes(), b"", Name::default()));
        assert!(!holds(Check::Github, github.replace("mLq17", "mLq18").as_bytes(), b"", Name::default()));
        let body = ["glpat", "-", "bzoxCnU6MwphYmNkZWZnaGlqa2xtbm9w", ".01.0w"].concat();
        let token =
            format!("{body}{}", String::from_utf8(to_base(crc32fast::hash(body.as_bytes()), 36, 7)).unwrap().to_lowercase());
        assert!(holds(Check::Gitlab, token.as_bytes(), b"", Name::default()));
        assert!(!holds(Check::Gitlab, token.replace("glpat", "gldtt").as_bytes(), b"", Name::default()));
    }

    #[test]
    fn passwords() {
        for word in [
            "password",
            "Password123!",
            "${DB_PASSWORD}",
            "{{ password }}",
            "<password>",
            "%s",
            "xxxxxx",
            "changeme",
            "DB_PASSWORD",
            "test1",
        ] {
            assert!(!is_password(word.as_bytes()), "{word}");
        }
        for word in ["q8Zt2LmX0b", "correct-horse-battery", "Tr0ub4dor&3"] {
            assert!(is_password(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn randomness() {
        for value in ["kJ8sd7Fh2Lq9Xz4V", "9f86d081884c7d659a2feaa0c55ad015", "a8f5f167f44f4964e6c998dee827110c"] {
            assert!(is_random(value.as_bytes()), "{value}");
        }
        for value in [
            "my-secret-name-01",
            "applicationSecret1",
            "org.example.Token2",
            "123e4567-e89b-12d3-a456-426614174000",
            "user.password1",
        ] {
            assert!(!is_random(value.as_bytes()), "{value}");
        }
    }
}
