//! The base image, as BuildKit's provenance names it: an in-toto statement with a SLSA predicate, in an attestation
//! manifest beside the image (<https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-provenance.md>).
//!
//! The provenance lists every image that the build pulled, without saying which of them the last stage began with. Only
//! where one is left after BuildKit's own helpers are taken away is it the base; otherwise nothing is said.

use model::digest::Digest;
use model::image::{BaseEvidence, BaseImage};
use serde::Deserialize;

/// Images that a build pulls to be carried out, not to be built on.
const HELPERS: [&str; 4] =
    ["docker/dockerfile", "docker/dockerfile-upstream", "docker/buildkit-syft-scanner", "docker/buildkit-scanner"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    /// SLSA provenance v0.2.
    #[serde(default)]
    materials: Vec<Material>,
    /// SLSA provenance v1.
    build_definition: Option<BuildDefinition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuildDefinition {
    #[serde(default)]
    resolved_dependencies: Vec<Material>,
}

#[derive(Deserialize)]
struct Material {
    #[serde(default)]
    uri: String,
    #[serde(default)]
    digest: std::collections::BTreeMap<String, String>,
}

/// The base that a statement names; `None` where it is no provenance, or names none or several.
pub(crate) fn base(statement: &[u8]) -> Option<BaseImage> {
    let statement: Statement = serde_json::from_slice(statement).ok()?;
    if !statement.predicate_type.starts_with("https://slsa.dev/provenance/") {
        return None;
    }
    let Predicate { materials, build_definition } = statement.predicate;
    let dependencies = build_definition.map(|definition| definition.resolved_dependencies).unwrap_or_default();
    let mut images: Vec<(String, Option<Digest>)> = materials.iter().chain(&dependencies).filter_map(image).collect();
    images.sort();
    images.dedup();
    match <[_; 1]>::try_from(images) {
        Ok([(name, digest)]) => Some(BaseImage { name: Some(name), digest, how: BaseEvidence::Provenance, layers: None }),
        Err(_) => None,
    }
}

/// Name and digest of a `pkg:docker/NAME@TAG?…` material that is no helper.
fn image(material: &Material) -> Option<(String, Option<Digest>)> {
    let rest = material.uri.strip_prefix("pkg:docker/")?;
    let rest = rest.split('?').next().unwrap_or(rest);
    let (name, tag) = match rest.split_once('@') {
        Some((name, tag)) => (name, Some(tag)),
        None => (rest, None),
    };
    if HELPERS.contains(&name) {
        return None;
    }
    let digest = material.digest.get("sha256").and_then(|hex| format!("sha256:{hex}").parse().ok());
    let name = match tag {
        Some(tag) if !tag.starts_with("sha256:") => format!("{name}:{tag}"),
        _ => name.to_owned(),
    };
    Some((name, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn statement(uris: &[&str]) -> Vec<u8> {
        let materials: Vec<String> =
            uris.iter().map(|uri| format!(r#"{{"uri": "{uri}", "digest": {{"sha256": "{HEX}"}}}}"#)).collect();
        let list = materials.join(",");
        format!(
            r#"{{"_type": "x", "predicateType": "https://slsa.dev/provenance/v0.2", "predicate": {{"materials": [{list}]}}}}"#
        )
        .into_bytes()
    }

    #[test]
    fn one_image_is_the_base_and_several_are_not() {
        let got =
            base(&statement(&["pkg:docker/docker/dockerfile@1", "pkg:docker/debian@bookworm?platform=linux%2Famd64"])).unwrap();
        assert_eq!((got.name.as_deref(), got.how), (Some("debian:bookworm"), BaseEvidence::Provenance));
        assert_eq!(got.digest.unwrap().hex(), HEX);
        assert_eq!(base(&statement(&["pkg:docker/golang@1.22", "pkg:docker/debian@bookworm"])), None);
        assert_eq!(base(&statement(&["https://github.com/x/y.git"])), None);
        assert_eq!(base(b"{}"), None);
    }

    #[test]
    fn version_1() {
        let text = format!(
            r#"{{"predicateType": "https://slsa.dev/provenance/v1", "predicate": {{"buildDefinition": {{"resolvedDependencies":
            [{{"uri": "pkg:docker/alpine@3.20", "digest": {{"sha256": "{HEX}"}}}}]}}}}}}"#
        );
        assert_eq!(base(text.as_bytes()).unwrap().name.as_deref(), Some("alpine:3.20"));
    }
}
