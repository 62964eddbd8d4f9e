//! HTTP for every part of the program: what is trusted, which proxy is asked, how long is waited, what is tried again.
//!
//! Whoever downloads anything uses [`HttpClient`], so that `--ca-cert`, `--offline`, the proxy variables and Docker's
//! `certs.d` mean the same everywhere. Nothing here knows what the bytes are for.

mod address;
mod error;
mod http;
mod options;
mod proxy;
mod response;
mod resume;
mod retry;
mod tls;

pub use address::{Address, Scheme, encode_query};
pub use error::{Error, Fault};
pub use http::{HttpClient, Method, Request};
pub use options::{ClientOptions, Environment};
pub use response::{Body, Headers, Response};
pub use resume::{Resumable, Resume};
