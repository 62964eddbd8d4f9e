//! Folders whose manifests are made by another program before they are applied: charts of Helm, and kustomizations.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use checks::yaml::{Document, Node, documents};

/// Bytes of a kustomization that are read.
const MAX_SIZE: u64 = 1 << 20;

/// Whether a folder is a chart of Helm.
pub(super) fn is_chart(folder: &Path) -> bool {
    folder.join("Chart.yaml").is_file() && folder.join("templates").is_dir()
}

/// The folders of a chart that hold templates.
pub(super) fn is_template_folder(name: &OsStr) -> bool {
    name == "templates" || name == "charts"
}

/// What to do with a chart.
pub(super) fn advice(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "{folder} is a chart whose templates have not been rendered; check what it makes: helm template {folder} | plimsoll check -"
    )
}

/// The kustomization of a folder, and what to do with it.
pub(super) fn kustomization(folder: &Path) -> Option<(PathBuf, String)> {
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let file = names.iter().map(|name| folder.join(name)).find(|file| file.is_file())?;
    let folder = folder.display();
    let advice = format!(
        "{folder} is a kustomization, whose patches are not applied here; check what it makes: kubectl kustomize {folder} | plimsoll check -"
    );
    Some((file, advice))
}

/// Files that a kustomization lays over others: parts of objects, which say nothing alone.
pub(super) fn patches(file: &Path) -> BTreeSet<PathBuf> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let bytes = crate::gate::bytes(file, MAX_SIZE).unwrap_or_default();
    let mut patches = BTreeSet::new();
    for Document { root, .. } in documents(&bytes).filter_map(Result::ok) {
        let items = |key: &str| root.get(key).map(Node::items).unwrap_or_default().to_vec();
        let mut found = items("patchesStrategicMerge");
        found.extend(
            ["patches", "patchesJson6902"].iter().flat_map(|key| items(key)).filter_map(|patch| patch.get("path").cloned()),
        );
        patches.extend(found.iter().filter_map(Node::text).filter(|text| !text.contains('\n')).map(|path| folder.join(path)));
    }
    patches
}
