//! Every format over hand-built reports, held by snapshots and, where they are there, by the validators of others.
#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot do")]

mod documents;
mod host;
mod html;
mod misconfigurations;
mod openvex;
mod sample;
mod secrets;
mod stored;
mod table;
mod template;
mod validators;
