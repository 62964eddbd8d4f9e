//! What a policy decides, seen from outside.
#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot do")]

mod cases;
mod condition;
mod decision;
mod evidence;
mod hostile;
mod loading;
mod properties;
mod sample;
mod short_forms;
