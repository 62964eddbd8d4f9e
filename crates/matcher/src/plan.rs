//! What a package is looked up as, or why no feed may judge it: the first step of every judgement, shared by matching
//! and by `--explain`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::inventory::Inventory;
use model::package::{Package, PackageType};
use model::version::Scheme;

use crate::{MatchOptions, binary, language, os, ownership};

/// How one package is judged.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// `debian:12` for packages of distributions; the row of the coverage.
    pub(crate) release: Option<String>,
    /// Where entries are looked for. A namespace that stands before another overrules it on the vulnerabilities it names.
    pub(crate) namespaces: Vec<String>,
    /// Names that entries are keyed by.
    pub(crate) names: Vec<Cow<'a, str>>,
    /// The version that ranges are held against.
    pub(crate) version: &'a str,
    /// How versions are ordered; `None` for types without an order, which no feed covers either.
    pub(crate) scheme: Option<Scheme>,
    /// Why the entries are not to be asked.
    pub(crate) refusal: Option<Refusal>,
}

/// Why a package is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No feed may speak of it.
    Unjudged(Reason),
    /// A feed should speak of it, but the answer cannot be told.
    Undetermined(Reason),
}

/// A reason in plain words, as the coverage lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// About this one package, by name.
    Said(String),
    /// The same for many packages: the coverage says how many.
    Counted(&'static str),
}

impl Reason {
    /// The reason without a count.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Said(text) => text,
            Self::Counted(text) => text,
        }
    }
}

/// What the plans of one inventory share.
pub(crate) struct Planner<'a> {
    inventory: &'a Inventory,
    kernel_headers: bool,
    /// OS packages by name: the owners of files.
    owners: BTreeMap<&'a str, &'a Package>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(inventory: &'a Inventory, options: &MatchOptions) -> Self {
        let owners = inventory
            .packages
            .iter()
            .filter(|package| package.kind.is_os())
            .map(|package| (package.name.as_str(), package))
            .collect();
        Self { inventory, kernel_headers: options.kernel_headers, owners }
    }

    /// Distribution first, then ownership, then the ecosystem.
    pub(crate) fn plan(&self, package: &'a Package) -> Plan<'a> {
        if package.kind.is_os() {
            return os::plan(package, self.inventory.distro.as_ref(), self.kernel_headers);
        }
        let mut plan = match package.kind {
            PackageType::Bitnami | PackageType::Generic => binary::plan(package),
            _ => language::plan(package),
        };
        if plan.refusal.is_none() {
            plan.refusal = ownership::refusal(package, self.inventory.distro.as_ref(), &self.owners);
        }
        plan
    }
}
