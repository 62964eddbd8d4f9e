//! The commands in what a shell runs: each with its words, its line, and whether its output goes into a pipe.

use std::ops::Range;
use std::thread;

use brush_parser::ast::{
    AndOr, AndOrList, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, IoRedirect, Pipeline, SimpleCommand,
    SourceLocation, Word,
};
use brush_parser::word::{self, WordPiece, WordPieceWithSource};
use brush_parser::{Parser, ParserOptions};

use crate::rule::Edit;

/// Bytes of a script that is read.
const MAX_SCRIPT: usize = 64 << 10;
/// How deep a script may nest: the parser calls itself for each level.
const MAX_NESTING: usize = 1000;
/// What fits on the stack of any thread; deeper scripts get one of their own.
const SHALLOW: usize = 64;
/// Bytes of that thread's stack: more than twice what the deepest script takes.
const STACK: usize = 64 << 20;
/// How deep commands are looked for in what is substituted: each level is read once more.
const MAX_SUBSTITUTIONS: usize = 8;

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellCommand {
    /// From 1.
    pub line: usize,
    /// The program and its arguments, quotes taken off; what a variable holds stays as it is written.
    pub words: Vec<String>,
    /// Where each word stands in the Dockerfile, in bytes; empty where that cannot be told.
    pub spans: Vec<Range<usize>>,
    /// Whether its output goes to another command.
    pub piped: bool,
}

/// Where a script stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The line it begins in, from 1.
    pub line: usize,
    /// The byte it begins at; `None` where it does not stand in the Dockerfile as it is read here.
    pub start: Option<usize>,
}

impl ShellCommand {
    /// The program without its folder; wrappers (`sudo`, `env`, `exec`, `time`, `busybox`) are passed over.
    pub fn program(&self) -> &str {
        self.effective().first().map_or("", |program| program.rsplit('/').next().unwrap_or(program))
    }

    /// The arguments of [`Self::program`].
    pub fn arguments(&self) -> &[String] {
        self.effective().get(1..).unwrap_or_default()
    }

    fn effective(&self) -> &[String] {
        let mut words = self.words.as_slice();
        while let [first, rest @ ..] = words {
            let wrapper = matches!(first.as_str(), "sudo" | "env" | "exec" | "command" | "time" | "nice" | "nohup" | "busybox");
            if !wrapper && !is_assignment(first) {
                break;
            }
            // Flags of the wrapper; those with a value of their own are rare.
            words = rest;
            while let [flag, rest @ ..] = words {
                if !flag.starts_with('-') {
                    break;
                }
                words = rest;
            }
        }
        words
    }

    /// Whether one of these flags is there: long ones whole (also with `=`), short ones also among others (`-qy`).
    pub fn has_flag(&self, flags: &[&str]) -> bool {
        self.arguments().iter().any(|word| {
            flags.iter().any(|flag| {
                word == flag
                    || word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='))
                    || (flag.len() == 2 && word.starts_with('-') && !word.starts_with("--") && word.contains(&flag[1..]))
            })
        })
    }

    /// Whether it is called as it is, not by `sudo` or for another user, so that a further one can do what it undoes.
    pub fn is_plain(&self) -> bool {
        self.words.iter().find(|word| !is_assignment(word)).is_some_and(|word| word == self.program())
    }

    /// The edit that puts a flag behind a word.
    pub fn insert_after(&self, word: &str, flag: &str) -> Option<Edit> {
        let at = self.words.iter().position(|one| one == word)?;
        let end = self.spans.get(at)?.end;
        Some(Edit { span: end..end, text: format!(" {flag}") })
    }

    /// The arguments that are no flags.
    pub fn operands(&self) -> impl Iterator<Item = &str> {
        self.arguments().iter().map(String::as_str).filter(|word| !word.starts_with('-'))
    }
}

fn is_assignment(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or_default();
    word.contains('=') && !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
}

/// The command of an exec form; what `sh -c` is given is read as a script.
pub(crate) fn exec<'w>(words: impl Iterator<Item = &'w str>, line: usize) -> Vec<ShellCommand> {
    let place = Place { line, start: None };
    let words: Vec<String> = words.map(str::to_owned).collect();
    if let [shell, flag, script] = words.as_slice()
        && matches!(shell.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"))
        && flag.starts_with('-')
        && flag.ends_with('c')
        && let Some(mut read) = commands(script, place, '\\')
    {
        for command in &mut read {
            command.line = line;
        }
        return read;
    }
    vec![ShellCommand { line, words, spans: Vec::new(), piped: false }]
}

/// The commands of a script in order, then those that it substitutes (`$(…)`); `None` where it cannot be read.
pub(crate) fn commands(script: &str, place: Place, escape: char) -> Option<Vec<ShellCommand>> {
    let nesting = nesting(script);
    if script.len() > MAX_SCRIPT || nesting > MAX_NESTING {
        return None;
    }
    if nesting <= SHALLOW {
        return read(script, place, escape, MAX_SUBSTITUTIONS);
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, || read(script, place, escape, MAX_SUBSTITUTIONS)).ok()?.join().ok()?
    })
}

fn read(script: &str, place: Place, escape: char, substitutions: usize) -> Option<Vec<ShellCommand>> {
    let joined = join(script, escape);
    let options = ParserOptions::default();
    let program = Parser::new(joined.as_bytes(), &options).parse_program().ok()?;
    // The parser counts characters.
    let bytes: Vec<usize> = script.char_indices().map(|(at, _)| at).chain([script.len()]).collect();
    let mut reader = Reader { script, bytes, place, substitutions, commands: Vec::new(), substituted: Vec::new() };
    program.complete_commands.iter().for_each(|list| reader.list(list));
    reader.commands.append(&mut reader.substituted);
    Some(reader.commands)
}

/// An upper bound of how deep a script nests.
fn nesting(script: &str) -> usize {
    let signs = script.bytes().filter(|byte| matches!(byte, b'(' | b'{' | b'`')).count();
    let words = script.split_whitespace().filter(|word| matches!(*word, "if" | "case" | "while" | "until" | "for" | "!")).count();
    signs + words
}

/// Lines that are continued become one, and comments between them go, as Docker does it; the characters stay where they are.
fn join(script: &str, escape: char) -> String {
    let mut joined = String::with_capacity(script.len());
    let mut continued = false;
    for line in script.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        let trimmed = body.trim_end();
        if continued && (body.trim_start().starts_with('#') || body.trim().is_empty()) {
            joined.extend(line.chars().map(|_| ' '));
            continue;
        }
        continued = trimmed.ends_with(escape);
        if continued {
            joined.push_str(&trimmed[..trimmed.len() - escape.len_utf8()]);
            joined.extend(line[trimmed.len() - escape.len_utf8()..].chars().map(|_| ' '));
        } else {
            joined.push_str(line);
        }
    }
    joined
}

struct Reader<'a> {
    script: &'a str,
    /// Where each character begins.
    bytes: Vec<usize>,
    place: Place,
    /// How many levels of substitutions are still looked into.
    substitutions: usize,
    commands: Vec<ShellCommand>,
    substituted: Vec<ShellCommand>,
}

impl Reader<'_> {
    fn list(&mut self, list: &CompoundList) {
        for item in &list.0 {
            self.and_or(&item.0);
        }
    }

    fn and_or(&mut self, list: &AndOrList) {
        self.pipeline(&list.first);
        for one in &list.additional {
            let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = one;
            self.pipeline(pipeline);
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let last = pipeline.seq.len().saturating_sub(1);
        for (number, command) in pipeline.seq.iter().enumerate() {
            let before = self.commands.len();
            self.command(command);
            if number < last {
                self.commands[before..].iter_mut().for_each(|command| command.piped = true);
            }
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Simple(simple) => self.simple(simple),
            Command::Compound(compound, _) => self.compound(compound),
            Command::Function(function) => self.compound(&function.body.0),
            Command::ExtendedTest(..) => {}
        }
    }

    fn compound(&mut self, compound: &CompoundCommand) {
        match compound {
            CompoundCommand::BraceGroup(group) => self.list(&group.list),
            CompoundCommand::Subshell(group) => self.list(&group.list),
            CompoundCommand::ForClause(clause) => {
                clause.values.iter().flatten().for_each(|word| self.substitutions(word));
                self.list(&clause.body.list);
            }
            CompoundCommand::ArithmeticForClause(clause) => self.list(&clause.body.list),
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                self.list(&clause.0);
                self.list(&clause.1.list);
            }
            CompoundCommand::IfClause(clause) => {
                self.list(&clause.condition);
                self.list(&clause.then);
                for branch in clause.elses.iter().flatten() {
                    branch.condition.iter().for_each(|condition| self.list(condition));
                    self.list(&branch.body);
                }
            }
            CompoundCommand::CaseClause(clause) => {
                self.substitutions(&clause.value);
                clause.cases.iter().filter_map(|case| case.cmd.as_ref()).for_each(|list| self.list(list));
            }
            CompoundCommand::Coprocess(coprocess) => self.command(&coprocess.body),
            CompoundCommand::Arithmetic(_) => {}
        }
    }

    fn simple(&mut self, simple: &SimpleCommand) {
        let prefix = simple.prefix.iter().flat_map(|prefix| &prefix.0);
        let suffix = simple.suffix.iter().flat_map(|suffix| &suffix.0);
        let mut words: Vec<&Word> = Vec::new();
        let mut fed: Vec<&Word> = Vec::new();
        for (number, items) in [prefix.collect::<Vec<_>>(), suffix.collect()].into_iter().enumerate() {
            if number == 1 {
                words.extend(&simple.word_or_name);
            }
            for item in items {
                match item {
                    CommandPrefixOrSuffixItem::Word(word) | CommandPrefixOrSuffixItem::AssignmentWord(_, word) => {
                        words.push(word);
                    }
                    CommandPrefixOrSuffixItem::ProcessSubstitution(_, inner) => self.list(&inner.list),
                    CommandPrefixOrSuffixItem::IoRedirect(IoRedirect::HereDocument(_, document)) => fed.push(&document.doc),
                    CommandPrefixOrSuffixItem::IoRedirect(_) => {}
                }
            }
        }
        let spans: Option<Vec<Range<usize>>> = words.iter().map(|word| self.span(word)).collect();
        let offset = simple.location().map_or(0, |span| span.start.index);
        self.commands.push(ShellCommand {
            line: self.place.line + self.lines_before(offset),
            words: words.iter().map(|word| unquote(&word.value)).collect(),
            spans: spans.unwrap_or_default(),
            piped: false,
        });
        for word in words {
            self.substitutions(word);
        }
        // A document that a shell is given is a script.
        let shell = self.commands.last().is_some_and(|command| {
            matches!(command.program(), "sh" | "bash" | "ash" | "dash") && command.operands().next().is_none()
        });
        for document in fed.into_iter().filter(|_| shell) {
            let start = document.loc.as_ref().map_or(0, |span| span.start.index);
            let place = Place { line: self.place.line + self.lines_before(start), start: None };
            self.substituted.extend(read(&document.value, place, '\0', 0).unwrap_or_default());
        }
    }

    /// How many lines end before a character.
    fn lines_before(&self, character: usize) -> usize {
        let end = self.bytes.get(character).copied().unwrap_or(self.script.len());
        self.script.as_bytes().iter().take(end).filter(|byte| **byte == b'\n').count()
    }

    /// Where a word stands in the Dockerfile.
    fn span(&self, word: &Word) -> Option<Range<usize>> {
        let (base, span) = (self.place.start?, word.loc.as_ref()?);
        let (start, end) = (*self.bytes.get(span.start.index)?, *self.bytes.get(span.end.index)?);
        // One that is continued on the next line is not of one piece.
        (self.script.get(start..end)? == word.value).then_some(base + start..base + end)
    }

    /// The commands whose output is put into a word.
    fn substitutions(&mut self, word: &Word) {
        if !word.value.contains("$(") && !word.value.contains('`') {
            return;
        }
        let Ok(pieces) = word::parse(&word.value, &ParserOptions::default()) else { return };
        let further =
            word.loc.as_ref().map_or(0, |span| self.script.chars().take(span.start.index).filter(|one| *one == '\n').count());
        let place = Place { line: self.place.line + further, start: None };
        self.pieces(&pieces, place);
    }

    fn pieces(&mut self, pieces: &[WordPieceWithSource], place: Place) {
        for piece in pieces {
            match &piece.piece {
                WordPiece::CommandSubstitution(script) | WordPiece::BackquotedCommandSubstitution(script) => {
                    if let Some(levels) = self.substitutions.checked_sub(1) {
                        self.substituted.extend(read(script, place, '\\', levels).unwrap_or_default());
                    }
                }
                WordPiece::DoubleQuotedSequence(inner) | WordPiece::GettextDoubleQuotedSequence(inner) => {
                    self.pieces(inner, place);
                }
                _ => {}
            }
        }
    }
}

/// A word without its quotes. What is inside `$(…)` stays as it is written.
fn unquote(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let (mut single, mut double, mut escaped) = (false, false, false);
    for one in word.chars() {
        match one {
            _ if escaped => {
                out.push(one);
                escaped = false;
            }
            '\\' if !single => escaped = true,
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_TEN: Place = Place { line: 10, start: Some(100) };

    fn words(script: &str) -> Vec<(usize, String, bool)> {
        let read = commands(script, AT_TEN, '\\').unwrap();
        read.into_iter().map(|command| (command.line, command.words.join(" "), command.piped)).collect()
    }

    #[test]
    fn commands_with_their_lines() {
        let script = "set -e; \\\n  # why\n  apt-get \"update\" && \\\n  if true; then apk add 'a b'; fi | tee x || { cd /tmp; }";
        assert_eq!(
            words(script),
            [
                (10, "set -e".to_owned(), false),
                (12, "apt-get update".to_owned(), false),
                (13, "true".to_owned(), true),
                (13, "apk add a b".to_owned(), true),
                (13, "tee x".to_owned(), false),
                (13, "cd /tmp".to_owned(), false),
            ]
        );
    }

    #[test]
    fn words_are_where_they_stand() {
        let script = "é=1 apt-get \\\n  install 'a b' \\\n c\\\nd";
        let read = commands(script, AT_TEN, '\\').unwrap();
        assert_eq!(read[0].words, ["é=1", "apt-get", "install", "a b", "c", "d"]);
        let texts: Vec<&str> = read[0].spans.iter().map(|span| &script[span.start - 100..span.end - 100]).collect();
        assert_eq!(texts, ["é=1", "apt-get", "install", "'a b'", "c", "d"]);
    }

    #[test]
    fn substituted_commands_are_read() {
        assert_eq!(
            words("a=\"$(curl -s x | jq .y)\"\nfor i in `ls /x`; do echo $i; done | cat <(sort y)"),
            [
                (10, "a=$(curl -s x | jq .y)".to_owned(), false),
                (11, "echo $i".to_owned(), true),
                (11, "sort y".to_owned(), false),
                (11, "cat".to_owned(), false),
                (10, "curl -s x".to_owned(), true),
                (10, "jq .y".to_owned(), false),
                (11, "ls /x".to_owned(), false),
            ]
        );
    }

    #[test]
    fn documents_for_a_shell_are_scripts() {
        let read = words("bash -ex <<EOF && a\ncd x\nb\nEOF\ncat <<EOF\nc\nEOF");
        let lines: Vec<(usize, &str)> = read.iter().map(|(line, words, _)| (*line, words.as_str())).collect();
        assert_eq!(lines, [(10, "bash -ex"), (10, "a"), (14, "cat"), (11, "cd x"), (12, "b")]);
    }

    #[test]
    fn programs_behind_wrappers() {
        let read =
            commands("DEBIAN_FRONTEND=noninteractive sudo -E /usr/bin/apt-get -qy install --option=x a", AT_TEN, '\\').unwrap();
        let [command] = read.as_slice() else { panic!() };
        assert_eq!(command.program(), "apt-get");
        assert!(command.has_flag(&["-y"]) && command.has_flag(&["--option"]) && !command.has_flag(&["--yes"]));
        assert_eq!(command.operands().collect::<Vec<_>>(), ["install", "a"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(commands("if true; then", AT_TEN, '\\'), None);
        assert_eq!(commands(&"(".repeat(100_000), AT_TEN, '\\'), None);
        assert_eq!(commands(&"a ".repeat(100_000), AT_TEN, '\\'), None);
    }
}
