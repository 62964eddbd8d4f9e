//! What a policy decides, seen from outside.

mod cases;
mod condition;
mod decision;
mod evidence;
mod hostile;
mod loading;
mod properties;
mod sample;
mod short_forms;
