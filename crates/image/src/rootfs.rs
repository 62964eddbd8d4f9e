//! Walks folders: a live root file system, and a folder of source code.

use std::path::Path;

use crate::{Error, Limits, Visitor};

/// Walks a root file system: one file system, sorted, following no link, without `/proc /sys /dev /run /tmp` and the
/// stores of container engines; opens only what the visitor wants.
pub fn walk_rootfs(root: &Path, limits: &Limits, visitor: &mut dyn Visitor) -> Result<(), Error> {
    let _ = (limits, visitor);
    Err(Error::unusable(root.display().to_string(), "cannot be walked yet"))
}

/// Walks a folder of source code, without version control, `node_modules`, virtual environments and byte code.
pub fn walk_source(folder: &Path, limits: &Limits, visitor: &mut dyn Visitor) -> Result<(), Error> {
    let _ = (limits, visitor);
    Err(Error::unusable(folder.display().to_string(), "cannot be walked yet"))
}
