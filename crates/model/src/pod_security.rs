//! What the Pod Security Standards say of a workload.

use serde::{Deserialize, Serialize};

/// The level that one workload of a file meets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodSecurity {
    /// The file.
    pub target: String,
    /// From 1.
    pub line: usize,
    /// Kind, namespace and name.
    pub workload: String,
    /// `privileged`, `baseline` or `restricted`.
    pub level: String,
    /// Controls that stand against the next level.
    pub against: Vec<String>,
}
