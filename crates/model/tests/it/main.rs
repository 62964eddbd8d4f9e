//! Tests of the model against the tools whose rules it follows.

mod constraint_oracle;
mod fuzz;
mod license;
mod version_oracle;
