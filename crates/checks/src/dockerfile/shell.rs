//! The commands in what a shell runs: each with its words, its line, and whether its output goes into a pipe.

use brush_parser::ast::{
    AndOr, AndOrList, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, Pipeline, SimpleCommand, SourceLocation,
};
use brush_parser::{Parser, ParserOptions};

/// Bytes of a script that is read.
const MAX_SCRIPT: usize = 64 << 10;
/// How deep a script may nest: the parser calls itself for each level.
const MAX_NESTING: usize = 64;

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellCommand {
    /// From 1.
    pub line: usize,
    /// The program and its arguments, quotes taken off; what a variable holds stays as it is written.
    pub words: Vec<String>,
    /// Whether its output goes to another command.
    pub piped: bool,
}

impl ShellCommand {
    /// The program without its folder; wrappers (`sudo`, `env`, `exec`, `time`, `nice`) are passed over.
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
            let wrapper = matches!(first.as_str(), "sudo" | "env" | "exec" | "command" | "time" | "nice" | "nohup");
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
    let words: Vec<String> = words.map(str::to_owned).collect();
    if let [shell, flag, script] = words.as_slice()
        && matches!(shell.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"))
        && flag.starts_with('-')
        && flag.ends_with('c')
        && let Some(mut read) = commands(script, line, '\\')
    {
        for command in &mut read {
            command.line = line;
        }
        return read;
    }
    vec![ShellCommand { line, words, piped: false }]
}

/// The commands of a script in order; `None` where it cannot be read. `line` is where it begins.
pub(crate) fn commands(script: &str, line: usize, escape: char) -> Option<Vec<ShellCommand>> {
    if script.len() > MAX_SCRIPT || nesting(script) > MAX_NESTING {
        return None;
    }
    let joined = join(script, escape);
    let options = ParserOptions::default();
    let program = Parser::new(joined.as_bytes(), &options).parse_program().ok()?;
    let mut reader = Reader { script, line, commands: Vec::new() };
    program.complete_commands.iter().for_each(|list| reader.list(list));
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
    line: usize,
    commands: Vec<ShellCommand>,
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
            CompoundCommand::ForClause(clause) => self.list(&clause.body.list),
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
                clause.cases.iter().filter_map(|case| case.cmd.as_ref()).for_each(|list| self.list(list));
            }
            CompoundCommand::Coprocess(coprocess) => self.command(&coprocess.body),
            CompoundCommand::Arithmetic(_) => {}
        }
    }

    fn simple(&mut self, simple: &SimpleCommand) {
        let mut words = Vec::new();
        let items = |items: &[CommandPrefixOrSuffixItem], words: &mut Vec<String>| {
            for item in items {
                if let CommandPrefixOrSuffixItem::Word(word) | CommandPrefixOrSuffixItem::AssignmentWord(_, word) = item {
                    words.push(unquote(&word.value));
                }
            }
        };
        if let Some(prefix) = &simple.prefix {
            items(&prefix.0, &mut words);
        }
        words.extend(simple.word_or_name.as_ref().map(|word| unquote(&word.value)));
        if let Some(suffix) = &simple.suffix {
            items(&suffix.0, &mut words);
        }
        let offset = simple.location().map_or(0, |span| span.start.index);
        let further = self.script.chars().take(offset).filter(|one| *one == '\n').count();
        self.commands.push(ShellCommand { line: self.line + further, words, piped: false });
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

    fn words(script: &str) -> Vec<(usize, String, bool)> {
        let read = commands(script, 10, '\\').unwrap();
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
    fn programs_behind_wrappers() {
        let read = commands("DEBIAN_FRONTEND=noninteractive sudo -E /usr/bin/apt-get -qy install --option=x a", 1, '\\').unwrap();
        let [command] = read.as_slice() else { panic!() };
        assert_eq!(command.program(), "apt-get");
        assert!(command.has_flag(&["-y"]) && command.has_flag(&["--option"]) && !command.has_flag(&["--yes"]));
        assert_eq!(command.operands().collect::<Vec<_>>(), ["install", "a"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(commands("if true; then", 1, '\\'), None);
        assert_eq!(commands(&"(".repeat(100_000), 1, '\\'), None);
        assert_eq!(commands(&"a ".repeat(100_000), 1, '\\'), None);
    }
}
