//! Installed Ruby gems: the specification that RubyGems writes for each
//! (<https://guides.rubygems.org/specification-reference/>).

use model::license::{self, Dialect};
use model::package::PackageType;

use super::listing::Listing;
use crate::extractor::{Claim, File, Found, Parser};

/// Installed gems, those that come with Ruby itself (`specifications/default`) included.
#[derive(Debug)]
pub struct Ruby;

impl Parser for Ruby {
    const ID: &'static str = "language/ruby";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".gemspec")];
    const MAX_SIZE: u64 = 4 << 20;

    /// A gem's own source carries a specification too, which computes its fields; only the generated one is literal.
    fn accepts(file: &File<'_>) -> bool {
        let folder = model::path::parent(file.path);
        let folder = folder.strip_suffix(b"/default").unwrap_or(folder);
        model::path::file_name(folder) == b"specifications"
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let (mut name, mut version, mut platform, mut licenses) = (None, None, None, Vec::new());
        for line in text.lines() {
            let Some((field, value)) = assignment(line) else { continue };
            match field {
                "name" => name = name.or_else(|| literals(value).next()),
                "version" => version = version.or_else(|| literals(value).next()),
                "platform" | "original_platform" => platform = literals(value).next(),
                "license" | "licenses" => {
                    licenses = literals(value).take(32).map(|text| license::expression_or_text(text, Dialect::General)).collect();
                }
                _ => {}
            }
        }
        let (Some(name), Some(version)) = (name, version) else {
            found.lost("a gem specification without a literal name and version");
            return;
        };
        if let Some(package) = Listing::new(found, PackageType::Gem, Self::ID).add(name, version) {
            package.licenses = licenses;
            package.architecture = platform.filter(|platform| *platform != "ruby").map(str::to_owned);
        }
    }
}

/// `  s.name = "rake".freeze` → `name`, `"rake".freeze`; whatever the variable is called.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (target, value) = line.trim_start().split_once('=')?;
    let (variable, field) = target.trim_end().split_once('.')?;
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (word(variable) && word(field) && !value.starts_with(['=', '~'])).then_some((field, value))
}

/// The string literals of a line. Generated ones hold no escapes that matter to a name or version.
fn literals(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        let start = rest.find(['"', '\''])?;
        let quote = rest.get(start..)?.chars().next()?;
        let (literal, after) = rest.get(start + 1..)?.split_once(quote)?;
        rest = after;
        Some(literal)
    })
    .filter(|literal| !literal.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn reads_a_generated_specification() {
        let text = r#"# -*- encoding: utf-8 -*-
# stub: nokogiri 1.13.4 x86_64-linux lib

Gem::Specification.new do |s|
  s.name = "nokogiri".freeze
  s.version = "1.13.4"
  s.platform = "x86_64-linux".freeze

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
  s.metadata = { "bug_tracker_uri" => "https://example.org" } if s.respond_to? :metadata=
  s.licenses = ["MIT".freeze, "Ruby".freeze]
  s.rubygems_version = "3.3.5".freeze
  s.specification_version = 4
end
"#;
        let found = run(&Whole::<Ruby>::new(), "usr/lib/ruby/gems/3.1.0/specifications/nokogiri-1.13.4.gemspec", text.as_bytes());
        let package = &found.packages[0];
        assert_eq!((package.name.as_str(), package.version.as_str()), ("nokogiri", "1.13.4"));
        assert_eq!(
            (package.licenses.as_slice(), package.architecture.as_deref()),
            (["MIT".to_owned(), "Ruby".to_owned()].as_slice(), Some("x86_64-linux"))
        );
        let wrapped = text.replace("\"1.13.4\"", "Gem::Version.new(\"1.13.4\".freeze)");
        let found = run(&Whole::<Ruby>::new(), "x/specifications/default/nokogiri.gemspec", wrapped.as_bytes());
        assert_eq!(found.packages[0].version, "1.13.4");
    }

    #[test]
    fn sources_are_not_installed() {
        assert!(
            run(&Whole::<Ruby>::new(), "x/gems/rake-13.0.6/rake.gemspec", b"s.name = 'rake'\ns.version = '1'")
                .packages
                .is_empty()
        );
        let found = run(&Whole::<Ruby>::new(), "x/specifications/rake.gemspec", b"s.name = 'rake'\ns.version = Rake::VERSION");
        assert_eq!((found.packages.len(), found.problems.len()), (0, 1));
    }
}
