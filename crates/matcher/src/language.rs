//! Packages of language ecosystems: the namespace is the ecosystem, whatever the distribution around it.

use std::borrow::Cow;

use model::package::Package;

use crate::plan::{Plan, Reason, Refusal};

/// The plan of a package of an ecosystem. A version that cannot be told is left to the entries: where none speaks of the
/// name, nothing is in doubt.
pub(crate) fn plan(package: &Package) -> Plan<'_> {
    Plan {
        release: None,
        namespaces: vec![package.kind.name().to_owned()],
        names: vec![Cow::Borrowed(package.name.as_str())],
        version: &package.version,
        scheme: package.kind.version_scheme(),
        refusal: package.unjudged.as_ref().map(|reason| Refusal::Unjudged(Reason::Said(format!("{}: {reason}", package.name)))),
    }
}
