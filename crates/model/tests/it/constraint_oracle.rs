//! Requirements against the tools whose notation they are, on generated expressions.

use model::version::{Scheme, constraint, contains};
use testing::tool;

use crate::version_oracle::{Pair, Random, ask_words, npm_semver, python};

const PAIRS: usize = 6_000;

/// Requirements of one to three comparators, and versions to try them on.
fn questions(operators: &[&str], separators: &[&str], bounds: &[&str], versions: &[&str]) -> Vec<Pair> {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let comparator = move |random: &mut Random| format!("{}{}", random.pick(operators), random.pick(bounds));
    (0..PAIRS)
        .map(|_| {
            let mut text = comparator(&mut random);
            for _ in 0..random.below(3) {
                text = format!("{text}{}{}", random.pick(separators), comparator(&mut random));
            }
            (text, random.pick(versions).to_owned())
        })
        .collect()
}

/// The tool answers `1` where the version meets the requirement, `0` where not, `x` where it cannot read it.
fn agree(scheme: Scheme, questions: &[Pair], answers: &[String]) {
    let ours = |(text, version): &Pair| match constraint::parse(scheme, text) {
        Err(_) => "x",
        Ok(ranges) if ranges.iter().any(|range| contains(scheme, range, version) == Some(true)) => "1",
        Ok(_) => "0",
    };
    let differing: Vec<String> = questions
        .iter()
        .zip(answers)
        .filter(|(question, answer)| ours(question) != **answer)
        .map(|((text, version), answer)| format!("{version} in {text:?}: the tool says {answer}, we do not"))
        .collect();
    let shown = differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(differing.is_empty(), "{scheme}: {} of {} differ\n{shown}", differing.len(), questions.len());
    for wanted in ["0", "1"] {
        assert!(answers.iter().filter(|answer| *answer == wanted).count() > PAIRS / 20, "{scheme}: few answers are {wanted}");
    }
}

#[test]
fn npm_ranges_agree_with_node_semver() {
    let (Some(semver), Some(mut node)) = (npm_semver(), tool("node", &["--version"])) else { return };
    let script = "
const semver = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1);
console.log(lines.map(line => {
  const [range, version] = line.split('\\t');
  if (semver.validRange(range) === null) return 'x';
  return semver.satisfies(version, range, { includePrerelease: true }) ? '1' : '0';
}).join(' '));
";
    let questions = questions(
        &["", "^", "~", ">", ">=", "<", "<=", "=", ">= ", "< "],
        &[" ", " || ", "||", "  "],
        &[
            "1.2.3",
            "0.2.3",
            "0.0.3",
            "1.2",
            "1",
            "0",
            "0.0",
            "1.x",
            "1.2.x",
            "*",
            "1.2.3-beta.1",
            "2.0.0",
            "0.0.0",
            "v1.2.3",
            "1.0.0 - 1.2",
            "0.2 - 1.2.3",
            "2.0.0-rc.1 - 3",
        ],
        &[
            "0.0.0",
            "0.0.3",
            "0.0.4",
            "0.2.3",
            "0.3.0",
            "0.3.0-0",
            "1.0.0",
            "1.2.2",
            "1.2.3-beta.0",
            "1.2.3-beta.2",
            "1.2.3",
            "1.2.4",
            "1.3.0-0",
            "1.3.0",
            "1.9.9",
            "2.0.0-0",
            "2.0.0-rc.2",
            "2.0.0",
            "2.0.1",
            "3.0.0-a",
            "3.1.0",
            "4.0.0",
        ],
    );
    // Not tried: pre-releases of the lower bound of `~1` and `^0.2.3`, which differ between releases of node-semver.
    // A hyphen range is an alternative of its own; we would also take it among comparators.
    let is_alone = |part: &str| {
        !part.contains(" - ") || part.trim().split(' ').count() == 3 && !part.trim().starts_with(['<', '>', '=', '^', '~'])
    };
    let questions: Vec<Pair> = questions.into_iter().filter(|(text, _)| text.split("||").all(is_alone)).collect();
    agree(Scheme::Npm, &questions, &ask_words(node.args(["-e", script, &semver]), &questions));
}

#[test]
fn gem_requirements_agree_with_rubygems() {
    let Some(mut ruby) = tool("ruby", &["--version"]) else { return };
    let script = "
STDIN.each_line(chomp: true) do |line|
  text, version = line.split(\"\\t\")
  begin
    puts Gem::Requirement.new(text.split(',')).satisfied_by?(Gem::Version.new(version)) ? 1 : 0
  rescue ArgumentError
    puts 'x'
  end
end
";
    let questions = questions(
        &["", "~> ", "> ", ">= ", "< ", "<= ", "= ", "!= ", ">="],
        &[", ", ","],
        &["1.2.3", "1.2", "1", "0", "1.2.3.rc1", "2.0.0.beta.1", "1.2.3-rc", "1.2.3p4", "5.2.7.1", "1.0.0.rc4.1", "1.10"],
        &[
            "0",
            "0.9",
            "1",
            "1.0.0.rc4",
            "1.0.0.rc5",
            "1.2.2",
            "1.2.3.a",
            "1.2.3.rc1",
            "1.2.3",
            "1.2.4",
            "1.3.a",
            "1.3",
            "1.10",
            "1.11",
            "2.0.a",
            "2.0.0.beta.1",
            "2",
            "5.2.7",
            "5.2.7.1",
            "5.2.9",
            "5.3.0.rc1",
            "5.3",
        ],
    );
    agree(Scheme::Gem, &questions, &ask_words(ruby.args(["-e", script]), &questions));
}

#[test]
fn pep_440_specifiers_agree_with_packaging() {
    let Some(mut python) = python("import packaging.specifiers", "packaging") else { return };
    let script = "
import sys
from packaging.specifiers import SpecifierSet, InvalidSpecifier
for line in sys.stdin:
    text, version = line.rstrip('\\n').split('\\t')
    try:
        print(int(SpecifierSet(text).contains(version, prereleases=True)))
    except InvalidSpecifier:
        print('x')
";
    // No `~=0.9` either: `packaging` 23 lets it hold `1!1.5`, having lost the epoch.
    // `<` and `>` follow the order here, where `packaging` leaves out pre- and post-releases of the bound: those are not tried.
    let questions = questions(
        &["==", "!=", "~=", ">=", "<=", "<", ">"],
        &[",", ", "],
        &["1.2.3", "1.2", "1!1.0", "2.0", "1.5.0", "1.9", "1.3"],
        &[
            "0.1",
            "0.8.9",
            "0.9",
            "0.9+local.1",
            "1.0",
            "1.2",
            "1.2.0+cu118",
            "1.2.2",
            "1.2.3",
            "1.2.3+x",
            "1.2.4",
            "1.3",
            "1.4.9",
            "1.5",
            "1.9",
            "2.0",
            "2.0+deb.1",
            "2.1",
            "1!0.9",
            "1!1.0",
            "1!1.0+a",
            "1!1.5",
            "1!2.0",
        ],
    );
    agree(Scheme::Pypi, &questions, &ask_words(python.args(["-c", script]), &questions));
    let Some(mut python) = self::python("import packaging.specifiers", "packaging") else { return };
    let questions = self::questions(
        &["==", "!=", "~=", ">=", "<="],
        &[","],
        &["1.2.3rc1", "1.2.post1", "1.2.dev3", "1.2a1.post2", "1.2", "1.2.3", "1.2a1.dev4", "1.2.post1.dev2"],
        &[
            "1.2.dev2",
            "1.2.dev3",
            "1.2.dev3+l",
            "1.2.dev4",
            "1.2a1",
            "1.2a1.dev4",
            "1.2a1.dev4+u",
            "1.2a1.post2",
            "1.2a1.post2+x",
            "1.2a1.post3.dev0",
            "1.2",
            "1.2+x",
            "1.2.post0",
            "1.2.post1.dev2",
            "1.2.post1",
            "1.2.post1+y",
            "1.2.post2.dev0",
            "1.2.3rc1",
            "1.2.3rc1+z",
            "1.2.3rc2",
            "1.2.3",
            "1.3.dev0",
            "1.3",
        ],
    );
    agree(Scheme::Pypi, &questions, &ask_words(python.args(["-c", script]), &questions));
}
