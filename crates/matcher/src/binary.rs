//! Programs that no package manager owns, known by their byte patterns, and what the linker of a Go program kept.

use std::borrow::Cow;

use model::advisory::Affected;
use model::package::Package;

use crate::language;
use crate::plan::{Plan, Reason, Refusal};

/// The plan of a program: upstream's own name and version, held against upstream's ranges.
pub(crate) fn plan(package: &Package) -> Plan<'_> {
    let mut plan = language::plan(package);
    plan.names = vec![Cow::Borrowed(package.name.as_str())];
    if plan.scheme.is_none() && plan.refusal.is_none() {
        plan.refusal = Some(Refusal::Unjudged(Reason::Said(format!("{}: known by its name alone", package.name))));
    }
    plan
}

/// Whether a program can reach what the entry calls vulnerable: true unless the entry names symbols, the program tells
/// what was linked, and none of them was. The linker drops what nothing calls, so a symbol that is not there cannot run.
pub(crate) fn links_vulnerable_symbol(affected: &Affected, package: &Package) -> bool {
    match &package.linked_symbols {
        Some(linked) if !affected.symbols.is_empty() => affected.symbols.iter().any(|symbol| linked.contains(symbol)),
        _ => true,
    }
}
