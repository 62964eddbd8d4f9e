//! Elixir: `mix.lock`, an Elixir map of tuples (<https://hexdocs.pm/mix/Mix.Project.html>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;

/// Packages that Mix locked: `"key": {:hex, :name, "1.0.0", …}`; a git dependency has no version.
#[derive(Debug)]
pub(super) struct Mix;

impl Parser for Mix {
    const ID: &'static str = "language/lock/mix";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("mix.lock")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Hex, Self::ID);
        for line in text.lines() {
            let Some((_, tuple)) = line.split_once("{:hex, :") else { continue };
            let mut fields = tuple.split(',').map(|field| field.trim().trim_matches('"'));
            if let (Some(name), Some(version)) = (fields.next(), fields.next()) {
                list.add(name.to_ascii_lowercase(), version);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn tuples() {
        let text = br#"%{
  "jason": {:hex, :jason, "1.4.0", "e855", [:mix], [{:decimal, "~> 1.0", [hex: :decimal, repo: "hexpm"]}], "hexpm", "79a3"},
  "own": {:git, "https://example.org/own.git", "abc", []},
}
"#;
        let found = run(&Whole::<Mix>::new(), "mix.lock", text);
        assert_eq!(
            (found.packages.len(), found.packages[0].name.as_str(), found.packages[0].version.as_str()),
            (1, "jason", "1.4.0")
        );
    }
}
