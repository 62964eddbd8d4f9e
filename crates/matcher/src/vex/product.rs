//! Whether a VEX product, with its subcomponents, is about a finding.

use model::finding::Finding;
use model::package::Package;
use model::purl::pattern::Pattern;
use model::vex::{VexProduct, VexReach};

use super::image::Identity;

/// A product that may be about findings of the scanned image.
#[derive(Debug)]
pub(super) struct Product {
    /// The package; `None`: the image itself.
    package: Option<Pattern>,
    /// The components it is limited to; `None`: all of it.
    inside: Option<Vec<Pattern>>,
}

/// The package of a finding as statements may name it: itself, and the source it was built from.
#[derive(Debug)]
pub(super) struct Named {
    own: Option<Pattern>,
    source: Option<Pattern>,
}

impl Named {
    pub(super) fn new(finding: &Finding) -> Self {
        let own = Pattern::parse(&finding.purl);
        let source = own.as_ref().and_then(Pattern::source);
        Self { own, source }
    }

    fn is(&self, pattern: &Pattern) -> bool {
        self.own.iter().chain(&self.source).any(|named| pattern.means(named))
    }
}

impl Product {
    /// Reads a product; `None` where it is another image, nothing that can be recognised, or more than its source is
    /// believed about.
    pub(super) fn new(product: &VexProduct, identity: &Identity, reach: VexReach) -> Option<Self> {
        // Components that are no purls cannot be told apart: they narrow the statement to nothing, never widen it.
        let inside = (!product.subcomponents.is_empty())
            .then(|| product.subcomponents.iter().filter_map(|text| Pattern::parse(text)).collect());
        let Some(pattern) = Pattern::parse(&product.id) else {
            return identity.is_text(&product.id, reach).then_some(Self { package: None, inside });
        };
        match identity.is_purl(&pattern, reach) {
            Some(is_image) => is_image.then_some(Self { package: None, inside }),
            None => (reach == VexReach::Everything).then_some(Self { package: Some(pattern), inside }),
        }
    }

    pub(super) fn is_about(&self, finding: &Finding, named: &Named, packages: &[(String, Package)]) -> bool {
        let within = |inside: &[Pattern]| inside.iter().any(|pattern| named.is(pattern));
        match (&self.package, &self.inside) {
            (None, None) => true,
            (None, Some(inside)) => within(inside),
            (Some(package), None) => named.is(package),
            (Some(package), Some(inside)) => within(inside) && (named.is(package) || holds(package, finding, packages)),
        }
    }
}

/// Whether the package is found in the very file that the finding's package is in: a program and the libraries built into
/// it. That is all which is known here of who depends on whom.
fn holds(package: &Pattern, finding: &Finding, packages: &[(String, Package)]) -> bool {
    let shares = |location: &str| {
        !finding.evidence.is_empty()
            && finding
                .evidence
                .iter()
                .all(|evidence| evidence.path.strip_prefix(location).is_some_and(|rest| rest.is_empty() || rest.starts_with('!')))
    };
    packages
        .iter()
        .filter(|(_, candidate)| candidate.locations.iter().any(|location| shares(&location.path)))
        .any(|(purl, _)| Pattern::parse(purl).is_some_and(|candidate| package.means(&candidate)))
}
