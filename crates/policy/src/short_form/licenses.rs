//! The short form about licences: what is allowed, what is denied, and what becomes of the rest.

use model::license::Terms;
use model::report::Outcome;

use super::{LicenseLists, Part, list, part};
use crate::file::{Licenses, Many, RawOutcome};
use crate::purls::PurlPatterns;

/// Words of both lists and patterns of packages.
const MOST: usize = 1000;

/// `licenses`: what is missing, what is denied, and what no list speaks of.
pub(super) fn parts(licenses: &Licenses) -> Result<Vec<Part>, String> {
    let (allow, deny, except) = words(licenses)?;
    // Checked here, so that what is wrong is told in the words of the file.
    lists(licenses)?;
    let verdict = format!("p.license.licenseVerdict({}, {})", list(allow.iter().copied()), list(deny.iter().copied()));
    let of_packages = |is: &str| {
        let spared =
            if except.is_empty() { String::new() } else { format!(" && !p.purl.purlMatches({})", list(except.iter().copied())) };
        format!("licenses != null && packages.exists(p, {verdict} == \"{is}\"{spared})")
    };
    let mut parts = vec![
        part("licenses == null", "not looked at: nobody looked at licences"),
        part(of_packages("deny"), "a licence that is denied"),
    ];
    let at_most = match licenses.unknown {
        Some(RawOutcome::Allow) => return Ok(parts),
        Some(RawOutcome::Warn) => Some(Outcome::Warn),
        Some(RawOutcome::Deny) | None => None,
    };
    let says = "a licence that is unknown, or that no list speaks of";
    parts.push(Part { at_most, ..part(of_packages("unknown"), says) });
    Ok(parts)
}

/// The lists, ready to be asked.
pub(super) fn lists(licenses: &Licenses) -> Result<LicenseLists, String> {
    let (allow, deny, except) = words(licenses)?;
    let terms = Terms::new(allow, deny).map_err(|error| error.to_string())?;
    Ok(LicenseLists { terms, except: PurlPatterns::new(except)? })
}

type Words<'a> = (Vec<&'a str>, Vec<&'a str>, Vec<&'a str>);

fn words(licenses: &Licenses) -> Result<Words<'_>, String> {
    fn read(list: Option<&Many>) -> Vec<&str> {
        list.map(Many::texts).unwrap_or_default()
    }
    let (allow, deny) = (read(licenses.allow.as_ref()), read(licenses.deny.as_ref()));
    let except = read(licenses.except.as_ref());
    if allow.is_empty() && deny.is_empty() {
        return Err("neither list names a licence; write one as in `licenses: {allow: [MIT], deny: [AGPL]}`".to_owned());
    }
    if allow.len() + deny.len() + except.len() > MOST {
        return Err(format!("there are more than {MOST} words in these lists"));
    }
    Ok((allow, deny, except))
}
