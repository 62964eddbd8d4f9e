//! The rules against hadolint and Trivy, and against whatever may lie in a Dockerfile.
#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot do")]

mod agreement;
mod cases;
mod differences;
mod documentation;
mod host;
mod hostile;
mod mend;
mod peers;
mod trivy;
mod yaml;
