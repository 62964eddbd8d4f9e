//! Version orders against the ecosystems' own tools, on generated pairs; a tool that is missing is skipped.

use std::cmp::Ordering;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use model::version::Scheme;
use testing::{skip, tool};

/// Pairs for each tool.
const PAIRS: usize = 14_000;

pub(crate) type Pair = (String, String);

/// Xorshift: the same pairs in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// Pairs that are near each other: realistic versions, mutated piece by piece.
fn pairs(bases: &[&str], pieces: &[&str]) -> Vec<Pair> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut found = Vec::with_capacity(PAIRS);
    while found.len() < PAIRS {
        let base = random.pick(bases);
        let rounds = random.below(3);
        let left = mutated(&mut random, base, pieces, rounds);
        let right = match random.below(4) {
            0 => random.pick(bases).to_owned(),
            rounds => mutated(&mut random, &left, pieces, rounds),
        };
        if !left.trim().is_empty() && !right.trim().is_empty() {
            found.push(if random.below(2) == 0 { (left, right) } else { (right, left) });
        }
    }
    found
}

/// Inserts, removes and replaces pieces, numbers above all.
fn mutated(random: &mut Random, base: &str, pieces: &[&str], rounds: usize) -> String {
    const NUMBERS: [&str; 12] =
        ["0", "1", "2", "9", "10", "00", "01", "007", "11", "20240101", "2147483648", "99999999999999999999"];
    let mut text = base.to_owned();
    for _ in 0..rounds {
        let at = random.below(text.len() + 1);
        let piece = if random.below(3) == 0 { random.pick(&NUMBERS) } else { random.pick(pieces) };
        match random.below(5) {
            0 => {
                let (Some(front), Some(back)) = (text.get(..at), text.get((at + 1).min(text.len())..)) else { continue };
                text = format!("{front}{back}");
            }
            1 => {
                let (Some(front), Some(back)) = (text.get(..at), text.get((at + 1).min(text.len())..)) else { continue };
                text = format!("{front}{piece}{back}");
            }
            2 => text.push_str(piece),
            3 => {
                // Another number in the place of one.
                let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect::<Vec<_>>();
                let Some(&place) = digits.get(random.below(digits.len().max(1))) else { continue };
                text.replace_range(place..=place, random.pick(&NUMBERS));
            }
            _ => text.insert_str(at, piece),
        }
    }
    text
}

/// Asks a program for each line `left<TAB>right` a word.
pub(crate) fn ask_words(command: &mut Command, pairs: &[Pair]) -> Vec<String> {
    let lines = pairs.iter().flat_map(|(left, right)| [left, "\t", right, "\n"]).collect::<String>();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the tool starts");
    let mut input = child.stdin.take().expect("its input is piped");
    let writer = thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("the tool ends");
    writer.join().expect("the writer ends").expect("the tool reads all pairs");
    assert!(output.status.success(), "{command:?}: {}", output.status);
    let answers = String::from_utf8(output.stdout).expect("answers are text");
    let answers: Vec<String> = answers.split_whitespace().map(str::to_owned).collect();
    assert_eq!(answers.len(), pairs.len(), "{command:?} answers every pair");
    answers
}

/// Asks a program for `-1`, `0`, `1` or, where it refuses a version, `x`.
fn ask(command: &mut Command, pairs: &[Pair]) -> Vec<Option<Ordering>> {
    let order = |answer: String| match answer.as_str() {
        "-1" => Some(Ordering::Less),
        "0" => Some(Ordering::Equal),
        "1" => Some(Ordering::Greater),
        "x" => None,
        other => panic!("the tool answered {other:.80}"),
    };
    ask_words(command, pairs).into_iter().map(order).collect()
}

fn agree(scheme: Scheme, pairs: &[Pair], answers: &[Option<Ordering>]) {
    let differing: Vec<String> = pairs
        .iter()
        .zip(answers)
        .filter(|((left, right), answer)| scheme.compare(left, right) != **answer)
        .map(|((left, right), answer)| {
            format!("{left:?} and {right:?}: the tool says {answer:?}, we say {:?}", scheme.compare(left, right))
        })
        .collect();
    let shown = differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(differing.is_empty(), "{scheme}: {} of {} pairs differ\n{shown}", differing.len(), pairs.len());
    // A generator that only made nonsense would prove nothing.
    for wanted in [Ordering::Less, Ordering::Equal, Ordering::Greater] {
        let share = answers.iter().filter(|answer| **answer == Some(wanted)).count();
        assert!(share > PAIRS / 200, "{scheme}: only {share} pairs are {wanted:?}");
    }
}

const DEB: [&str; 14] = [
    "1.0",
    "1.2.3-1",
    "1:2.30-1+deb10u1",
    "2.36-9+deb12u14",
    "1.1.1n-0+deb11u5",
    "5.10.0~rc1-1~bpo10+1",
    "2:8.2.3995-1ubuntu2.17",
    "1.0~beta1~svn1245-1",
    "20230311",
    "3.0.2-0ubuntu1.10",
    "1.4.0+dfsg-3+b1",
    "0~git20200101.abcdef-2",
    "7.88.1-10+deb12u5",
    "1:1.2.13.dfsg-1",
];
const RPM: [&str; 14] = [
    "1.0-1",
    "2.28-164.el8",
    "1:1.1.1k-6.el8_5",
    "4.18.0-305.25.1.el8_4",
    "1.0~rc1-1.fc34",
    "1.0^git20210101-2",
    "3.0.7-18.el9_2",
    "20210202-1.module_el8.4.0",
    "5.4.3p2-1",
    "1:2.4-6.amzn2.0.1",
    "1.0",
    "9.0.1592-10.cm2",
    "7.61.1-22.el8.3",
    "2.34",
];
const PYPI: [&str; 16] = [
    "1.0",
    "2.31.0",
    "1.0.0a1",
    "1.0b2.post345.dev456",
    "1.0rc1",
    "2!1.0",
    "1.0.post1",
    "1.0.dev3",
    "1.13.1+cu117",
    "4.2.11",
    "2023.7.22",
    "0.0.0",
    "v1.0-1",
    "1.0.0-alpha.1",
    "1.0+ubuntu-1.2",
    "1.0.REV2",
];
const SEMVER: [&str; 12] = [
    "1.0.0",
    "0.1.2",
    "1.2.3-beta.1",
    "1.2.3-rc.10",
    "2.0.0-alpha",
    "1.2.3+build.5",
    "10.20.30",
    "1.0.0-0.3.7",
    "1.0.0-x.7.z.92",
    "4.17.21",
    "0.0.0-0",
    "1.0.0-alpha+001",
];
const SEMVER_PIECES: [&str; 16] =
    [".", "-", "+", "alpha", "beta", "rc", ".0", ".1", "-0", "-a", "x", "1", "0", "v", "-rc.1", "--"];

#[test]
fn deb_agrees_with_dpkg() {
    let Some(_) = tool("dpkg", &["--version"]) else { return };
    let pieces = [".", "-", "+", "~", ":", "a", "Z", "deb12u1", "~rc1", "-1", "+b1", "~~", "_", "ubuntu1", "1:", "..", " "];
    let pairs: Vec<Pair> = pairs(&DEB, &pieces).into_iter().filter(|(left, _)| !left.starts_with('-')).collect();
    // One question a pair, for a process each: is it as we say? For what we cannot compare dpkg has to fail.
    let answer = |(left, right): &Pair| {
        let ours = Scheme::Deb.compare(left, right);
        let operator = match ours {
            Some(Ordering::Less) => "lt",
            Some(Ordering::Greater) => "gt",
            _ => "eq",
        };
        let output = Command::new("dpkg").args(["--compare-versions", left, operator, right]).output().expect("dpkg runs");
        match (output.status.code(), ours) {
            (Some(0), Some(_)) | (Some(2), None) => None,
            (code, _) => Some(format!("{left:?} {operator} {right:?}: dpkg ends with {code:?}, we say {ours:?}")),
        }
    };
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let wrong: Vec<String> = thread::scope(|scope| {
        let parts = pairs.chunks(pairs.len().div_ceil(workers));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || part.iter().filter_map(answer).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(pairs.len() > 10_000);
    let equal = pairs.iter().filter(|(left, right)| Scheme::Deb.compare(left, right) == Some(Ordering::Equal)).count();
    assert!(equal > 50, "only {equal} pairs are equal");
    assert!(wrong.is_empty(), "{} of {} pairs differ\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
}

#[test]
fn rpm_agrees_with_rpm() {
    let Some(mut rpm) = tool("rpm", &["--version"]) else { return };
    let pieces = [".", "-", "+", "~", "^", "a", "Z", ".el8", "~rc1", "-1", "_", "git", "1:", "..", "p1", "0:"];
    // Two dashes are no version, and a release to leave out would not be clear.
    let is_plain = |version: &str| version.matches('-').count() < 2 && !version.starts_with('-');
    let pairs: Vec<Pair> = pairs(&RPM, &pieces).into_iter().filter(|(left, right)| is_plain(left) && is_plain(right)).collect();
    assert!(pairs.len() > 10_000, "{} pairs", pairs.len());
    // `rpm.vercmp` takes a missing release for the lowest, a dependency (and we) for any: ask without it then.
    let asked: Vec<Pair> = pairs
        .iter()
        .map(|(left, right)| match (left.split_once('-'), right.split_once('-')) {
            (Some(_), Some(_)) => (left.clone(), right.clone()),
            (one, two) => (one.map_or(&**left, |one| one.0).to_owned(), two.map_or(&**right, |two| two.0).to_owned()),
        })
        .collect();
    let script = r#"%{lua: for line in io.lines("/dev/stdin") do local tab = line:find("\t"); print(rpm.vercmp(line:sub(1, tab - 1), line:sub(tab + 1)) .. ' ') end}"#;
    let answers = ask(rpm.args(["--eval", script]), &asked);
    agree(Scheme::Rpm, &pairs, &answers);
}

#[test]
fn pacman_agrees_with_libalpm() {
    let script = "
import ctypes, ctypes.util, sys
compare = ctypes.CDLL(ctypes.util.find_library('alpm') or 'libalpm.so').alpm_pkg_vercmp
compare.argtypes = [ctypes.c_char_p] * 2
for line in sys.stdin.buffer:
    left, right = line.rstrip(b'\\n').split(b'\\t')
    order = compare(left, right)
    print((order > 0) - (order < 0))
";
    let Some(mut python) = python("import ctypes, ctypes.util; ctypes.CDLL(ctypes.util.find_library('alpm'))", "libalpm") else {
        return;
    };
    let pieces = [".", "-", "+", "a", "Z", "rc", "-1", "_", "git", "1:", "..", "p1", "0:", "alpha"];
    let pairs = pairs(
        &["1.0-1", "1:2.3.4-2", "2.36.r5.g0123abc-1", "5.4.0rc1-1", "1.0a", "20230101-3", "1.0.beta2", "r123.abcdef"],
        &pieces,
    );
    agree(Scheme::Pacman, &pairs, &ask(python.args(["-c", script]), &pairs));
}

/// A Python that can run `probe`.
pub(crate) fn python(probe: &str, what: &str) -> Option<Command> {
    let can = |program: &&str| Command::new(program).args(["-c", probe]).output().is_ok_and(|output| output.status.success());
    match ["python3", "/usr/bin/python3"].into_iter().find(can) {
        Some(program) => Some(Command::new(program)),
        None => skip(&format!("a Python with {what}")),
    }
}

#[test]
fn pypi_agrees_with_packaging() {
    let script = "
import sys
from packaging.version import Version, InvalidVersion
for line in sys.stdin:
    left, right = line.rstrip('\\n').split('\\t')
    try:
        left, right = Version(left), Version(right)
        print((left > right) - (left < right))
    except InvalidVersion:
        print('x')
";
    let Some(mut python) = python("import packaging.version", "packaging") else { return };
    let pieces = [
        ".", "-", "_", "+", "!", "a", "b1", "rc", "c", ".post", "post1", ".dev", "dev2", "-1", "alpha", "preview", "REV", "r",
        "v", ".*", "+local", ".0", "pre", " ",
    ];
    let pairs = pairs(&PYPI, &pieces);
    agree(Scheme::Pypi, &pairs, &ask(python.args(["-c", script]), &pairs));
}

/// Node's arguments to run a script with npm's own `semver` as its first argument.
pub(crate) fn npm_semver() -> Option<String> {
    let output = tool("npm", &["--version"])?.args(["root", "-g"]).output().ok()?;
    let root = String::from_utf8(output.stdout).ok()?;
    let folder = std::path::Path::new(root.trim()).join("npm/node_modules/semver");
    if folder.is_dir() { Some(folder.to_string_lossy().into_owned()) } else { skip("npm's semver") }
}

#[test]
fn npm_agrees_with_node_semver() {
    let script = "
const semver = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1);
console.log(lines.map(line => {
  const [left, right] = line.split('\\t').map(text => semver.clean(text));
  return left === null || right === null ? 'x' : semver.compare(left, right);
}).join('\\n'));
";
    let (Some(semver), Some(mut node)) = (npm_semver(), tool("node", &["--version"])) else { return };
    let pairs = pairs(&SEMVER, &SEMVER_PIECES);
    // Two pre-release numbers beyond 2^53 are one in JavaScript; ours compare by value.
    let pairs: Vec<Pair> =
        pairs.into_iter().filter(|(left, right)| !is_beyond_double(left) || !is_beyond_double(right)).collect();
    assert!(pairs.len() > 10_000);
    agree(Scheme::Npm, &pairs, &ask(node.args(["-e", script, &semver]), &pairs));
}

fn is_beyond_double(version: &str) -> bool {
    version.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() > 15)
}

#[test]
fn gem_agrees_with_rubygems() {
    let script = "
STDIN.each_line(chomp: true) do |line|
  left, right = line.split(\"\\t\")
  ok = Gem::Version.correct?(left) && Gem::Version.correct?(right)
  puts ok ? (Gem::Version.new(left) <=> Gem::Version.new(right)) : 'x'
end
";
    let Some(mut ruby) = tool("ruby", &["--version"]) else { return };
    let pieces = [".", "-", ".a", "b1", ".rc", "pre", "A", "_", "-1", ".0", ".0.0", "p12", " "];
    let bases = [
        "1.0",
        "5.2.7.1",
        "1.0.0.rc1",
        "2.0.0.beta1",
        "1.0.a.2",
        "0.0.1",
        "3.1.0-rc",
        "4.25.14p12",
        "1.8.5-p2",
        "1.8.6.286",
        "1.0.0.A",
    ];
    let pairs = pairs(&bases, &pieces);
    agree(Scheme::Gem, &pairs, &ask(ruby.args(["-e", script]), &pairs));
}

#[test]
fn composer_agrees_with_composer_semver() {
    let script = r"
require $argv[1];
$parser = new Composer\Semver\VersionParser();
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
    try {
        [$left, $right] = array_map(fn ($text) => $parser->normalize($text), explode(chr(9), $line));
        $isBranch = str_starts_with($left, 'dev-') || str_starts_with($right, 'dev-');
        echo $isBranch ? 'x' : version_compare($left, $right), PHP_EOL;
    } catch (UnexpectedValueException $error) {
        echo 'x', PHP_EOL;
    }
}
";
    const AUTOLOAD: &str = "/usr/share/php/Composer/Semver/autoload.php";
    let Some(mut php) = tool("php", &["--version"]) else { return };
    if !std::path::Path::new(AUTOLOAD).exists() {
        return skip::<()>("composer/semver").unwrap_or_default();
    }
    let pieces = [
        ".", "-", "_", "+x", "-dev", "alpha", "-beta2", "RC1", "-p1", "patch", "pl", "-stable", "STABLE", "@dev", "v", "x",
        ".x-dev", ":", "b",
    ];
    let bases = [
        "1.0.0",
        "v2.3.4",
        "1.2.3.4",
        "2.0.0-beta1",
        "1.0-RC2",
        "2.3.2-p2",
        "20230101",
        "2023-01-01",
        "1.x-dev",
        "1.0.0-alpha.2",
        "2023.01.01.120000",
        "dev-main",
        "1.0@dev",
    ];
    // PHP compares numbers as 64-bit integers, ours are of any size.
    let pairs: Vec<Pair> =
        pairs(&bases, &pieces).into_iter().filter(|(left, right)| !is_beyond_double(left) && !is_beyond_double(right)).collect();
    agree(Scheme::Composer, &pairs, &ask(php.args(["-r", script, AUTOLOAD]), &pairs));
}

#[test]
fn hex_agrees_with_elixir() {
    let script = r#"
for line <- IO.stream(:stdio, :line) do
  [left, right] = line |> String.trim_trailing("\n") |> String.split("\t")
  case {Version.parse(left), Version.parse(right)} do
    {{:ok, left}, {:ok, right}} -> case Version.compare(left, right) do :lt -> "-1"; :eq -> "0"; :gt -> "1" end
    _ -> "x"
  end
end |> Enum.join("\n") |> IO.puts()
"#;
    let Some(mut elixir) = tool("elixir", &["--version"]) else { return };
    let pairs = pairs(&SEMVER, &SEMVER_PIECES);
    agree(Scheme::Hex, &pairs, &ask(elixir.args(["-e", script]), &pairs));
}
