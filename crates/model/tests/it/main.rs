//! Tests of the model against the tools whose rules it follows.

mod constraint_oracle;
mod version_oracle;
