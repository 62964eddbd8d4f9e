//! What a distribution's package owns is judged by the distribution alone: it patches without raising the upstream
//! version, so the ecosystem's ranges would be wrong about it.

use std::collections::BTreeMap;

use model::distro::Distro;
use model::package::Package;

use crate::plan::{Reason, Refusal};
use crate::{os, vendor};

/// Why the ecosystem may not judge a package that lies in files of a distribution's package.
///
/// An owner that the distribution did not build (`docker-ce`) has no vendor with a feed: there the ecosystem speaks, or
/// nobody would.
pub(crate) fn refusal(package: &Package, distro: Option<&Distro>, owners: &BTreeMap<&str, &Package>) -> Option<Refusal> {
    let owner = package.owned_by.as_deref()?;
    let name = owner.split_once(':').map_or(owner, |(name, _architecture)| name);
    let third_party = owners
        .get(name)
        .is_some_and(|owner| os::distro_of(owner, distro).is_some_and(|distro| vendor::is_third_party(owner, &distro.id)));
    (!third_party)
        .then_some(Refusal::Unjudged(Reason::Counted("in files of distribution packages, which their vendor alone judges")))
}

#[cfg(test)]
mod tests {
    use model::package::PackageType;

    use super::*;

    #[test]
    fn the_owner_decides_who_judges() {
        let debian = Distro::from_os_release("ID=debian\nVERSION_ID=12").unwrap();
        let mut docker = Package::new(PackageType::Deb, "docker-ce", "5:24.0.7-1~debian.12~bookworm", "os/dpkg");
        docker.vendor = Some("Docker <support@docker.com>".into());
        let python = Package::new(PackageType::Deb, "python3-requests", "2.28.1+dfsg-1", "os/dpkg");
        let owners = BTreeMap::from([("docker-ce", &docker), ("python3-requests", &python)]);
        let mut package = Package::new(PackageType::Pypi, "requests", "2.28.1", "language/python");
        assert_eq!(refusal(&package, Some(&debian), &owners), None);
        for (owner, refused) in
            [("python3-requests", true), ("python3-requests:amd64", true), ("docker-ce", false), ("unknown-owner", true)]
        {
            package.owned_by = Some(owner.into());
            assert_eq!(refusal(&package, Some(&debian), &owners).is_some(), refused, "{owner}");
        }
    }
}
