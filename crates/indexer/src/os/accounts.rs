//! Accounts and groups (`passwd(5)`, `shadow(5)`, `group(5)`): which may be logged in to without a password, and which share a
//! number. Hashes of passwords are never kept.

use std::collections::BTreeMap;

use model::notable::Notable;

use crate::extractor::{Claim, File, Found, Parser};

/// The extractor.
pub struct Accounts;

/// Longest name that is kept; `useradd` takes 32 letters.
const MAX_NAME: usize = 64;
/// Names of one number that are kept.
const MAX_SHARED: usize = 20;
/// Findings of each sort that one file may bring.
const MAX_FOUND: usize = 100;

impl Parser for Accounts {
    const ID: &'static str = "os/accounts";
    const VERSION: u32 = 1;
    const CLAIMS: &'static [Claim] = &[Claim::Path("etc/passwd"), Claim::Path("etc/shadow"), Claim::Path("etc/group")];
    const MAX_SIZE: u64 = 4 << 20;

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let name = file.name();
        if name != b"group" {
            found.notable.extend(without_password(content).take(MAX_FOUND).map(|account| Notable::NoPassword { account }));
        }
        match name {
            b"passwd" => {
                let user = |(id, accounts)| Notable::SharedUser { id, accounts };
                found.notable.extend(shared(content).into_iter().take(MAX_FOUND).map(user));
            }
            b"group" => {
                let group = |(id, groups)| Notable::SharedGroup { id, groups };
                found.notable.extend(shared(content).into_iter().take(MAX_FOUND).map(group));
            }
            _ => {}
        }
    }
}

/// The fields of each record; lines that are none (NIS's `+`, comments) are passed over.
fn records(content: &[u8]) -> impl Iterator<Item = (String, Vec<&[u8]>)> {
    content.split(|&byte| byte == b'\n').filter_map(|line| {
        let fields: Vec<&[u8]> = line.splitn(4, |&byte| byte == b':').collect();
        let name = *fields.first()?;
        let is_record = fields.len() > 2 && !name.is_empty() && name.len() <= MAX_NAME && !matches!(name[0], b'+' | b'-' | b'#');
        is_record.then(|| (String::from_utf8_lossy(name).into_owned(), fields))
    })
}

/// Accounts whose second field is empty.
fn without_password(content: &[u8]) -> impl Iterator<Item = String> {
    records(content).filter(|(_, fields)| fields[1].is_empty()).map(|(name, _)| name)
}

/// Names that share the number in the third field.
fn shared(content: &[u8]) -> Vec<(u32, Vec<String>)> {
    let mut names: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (name, fields) in records(content) {
        let number = std::str::from_utf8(fields[2]).ok().and_then(|text| text.parse().ok());
        let Some(number) = number else { continue };
        let of_number = names.entry(number).or_default();
        if of_number.len() < MAX_SHARED && !of_number.contains(&name) {
            of_number.push(name);
        }
    }
    names.into_iter().filter(|(_, names)| names.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn notable(path: &str, content: &str) -> Vec<Notable> {
        let found = run(&Whole::<Accounts>::new(), path, content.as_bytes());
        assert!(found.packages.is_empty() && found.problems.is_empty());
        found.notable
    }

    #[test]
    fn accounts_without_a_password() {
        let none = |account: &str| Notable::NoPassword { account: account.to_owned() };
        assert_eq!(notable("etc/shadow", "root::19000:0:99999:7:::\nbin:!:1::::::\nme:$6$a$b:1::::::\n"), [none("root")]);
        assert_eq!(notable("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nme::1000:1000::/:/bin/sh\n"), [none("me")]);
        // A group without a password is what groups are.
        assert_eq!(notable("etc/group", "root::0:\n"), []);
        assert_eq!(notable("etc/shadow", "\n:\n::\n+::::::\n#::1:\nroot"), []);
    }

    #[test]
    fn numbers_that_are_shared() {
        let accounts = vec!["root".to_owned(), "toor".to_owned()];
        assert_eq!(
            notable("etc/passwd", "root:x:0:0::/:\nme:x:1:1::/:\ntoor:x:0:0::/:\nme:x:1:1::/:\n"),
            [Notable::SharedUser { id: 0, accounts }]
        );
        let groups = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(notable("etc/group", "a:x:5:\nb:x:5:\nc:x:-1:\nd:x:99999999999:\n"), [Notable::SharedGroup { id: 5, groups }]);
    }
}
