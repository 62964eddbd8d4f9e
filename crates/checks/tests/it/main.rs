//! The rules against hadolint, and against whatever may lie in a Dockerfile.
#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot do")]

mod documentation;
mod hadolint;
mod hostile;
mod trivy;
