//! The program as a user meets it, and the rules that hold for the whole workspace.

mod architecture;
mod cargo_audit;
