//! Dockerfiles (<https://docs.docker.com/reference/dockerfile/>): stages, instructions with their lines, and the commands in
//! what the shell runs.

mod append;
mod heredoc;
mod ignore;
mod mend;
pub mod rules;
pub(crate) mod shell;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use parse_dockerfile::{Command, FromInstruction, Instruction};

pub use append::Append;
pub use mend::{Mended, mend};
use shell::Place;
pub use shell::ShellCommand;

use crate::rule::{self, Hit};

/// A rule over Dockerfiles.
pub type Rule = rule::Rule<for<'a> fn(&Dockerfile<'a>) -> Vec<Hit>>;

/// Bytes of a Dockerfile; those people write have a few thousand.
const MAX_SIZE: usize = 1 << 20;
/// Stages of a Dockerfile: rules go over them pair by pair.
const MAX_STAGES: usize = 1000;

/// Why a text is no Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerfileError {
    /// From 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// A Dockerfile, parsed once for all rules.
pub struct Dockerfile<'a> {
    /// Byte offsets at which lines begin.
    starts: Vec<usize>,
    /// `ARG`s before the first `FROM`.
    pub global_args: Vec<Step<'a>>,
    /// What those hold by default, where that is known.
    pub defaults: HashMap<String, String>,
    /// At least one.
    pub stages: Vec<Stage<'a>>,
    ignored: ignore::Ignored,
    /// Lines whose shell could not be read, so that rules about commands say nothing of them.
    pub unread: Vec<usize>,
}

/// What one `FROM` begins.
pub struct Stage<'a> {
    /// Line of the `FROM`.
    pub line: usize,
    from: FromInstruction<'a>,
    /// Whether the shell that it ends with is one of POSIX.
    posix: bool,
    /// The instructions after it.
    pub steps: Vec<Step<'a>>,
}

/// One instruction, and what its shell runs.
pub struct Step<'a> {
    /// Line of its keyword.
    pub line: usize,
    /// The instruction; inside `ONBUILD` the one that is put off.
    pub instruction: Instruction<'a>,
    /// Whether `ONBUILD` puts it off.
    pub onbuild: bool,
    /// Whether a here-document is part of it.
    pub here_document: bool,
    /// Where a further command can be put.
    pub append: Option<Append>,
    /// For `RUN`, its commands in order.
    pub commands: Vec<ShellCommand>,
}

/// What checking a Dockerfile found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rule and place, by line and then id.
    pub hits: Vec<(&'static str, Hit)>,
    /// How many places an ignore comment takes out.
    pub ignored: usize,
    /// Lines whose shell could not be read.
    pub unread: Vec<usize>,
}

/// Checks a Dockerfile by all rules.
///
/// # Errors
/// Where the text is no Dockerfile: the line, and what is wrong there.
pub fn check(text: &str) -> Result<Found, DockerfileError> {
    if text.len() > MAX_SIZE {
        return Err(DockerfileError { line: 1, message: format!("the file is larger than {} MB", MAX_SIZE >> 20) });
    }
    let escape = escape(text);
    let (readable, documents) = heredoc::cover(text, escape);
    // Piece by piece: stages of one name are for a rule to tell.
    let instructions =
        parse_dockerfile::parse_iter(&readable).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| {
            // The parser says the place itself; here it stands apart.
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            DockerfileError { line: error.line(), message }
        })?;
    let stages = instructions.iter().filter(|instruction| matches!(instruction, Instruction::From(_))).count();
    if stages > MAX_STAGES {
        return Err(DockerfileError { line: 1, message: format!("the file has more than {MAX_STAGES} stages") });
    }
    let document = Dockerfile::new(text, instructions, escape, &documents);
    if document.stages.is_empty() {
        return Err(DockerfileError { line: 1, message: "no FROM is in it".to_owned() });
    }
    Ok(document.check(rules::ALL))
}

impl Stage<'_> {
    /// The image as it is written, build arguments unresolved.
    pub fn image(&self) -> &str {
        &self.from.image.value
    }

    /// Its `--platform`, as it is written.
    pub fn platform(&self) -> Option<&str> {
        let flag = self.from.options.iter().find(|flag| flag.name.value.eq_ignore_ascii_case("platform"))?;
        Some(flag.value.as_ref().map_or("", |value| value.value.as_ref()))
    }

    /// The part of the `FROM` that says it, up to the image; `None` where more stands between them.
    pub fn platform_span(&self) -> Option<Range<usize>> {
        let [flag] = self.from.options.as_slice() else { return None };
        let (start, end) = (flag.span().start, self.from.image.span.start);
        (flag.span().end + 1 == end).then_some(start..end)
    }

    /// Its `AS` name.
    pub fn name(&self) -> Option<&str> {
        self.from.as_.as_ref().map(|(_, name)| name.value.as_ref())
    }
}

impl<'a> Dockerfile<'a> {
    fn new(text: &str, instructions: Vec<Instruction<'a>>, escape: char, documents: &[Range<usize>]) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let ignored = ignore::Ignored::read(text);
        let mut document =
            Self { starts, global_args: Vec::new(), defaults: HashMap::new(), stages: Vec::new(), ignored, unread: Vec::new() };
        // Who continues lines with a backtick builds for Windows.
        let default = escape == '\\';
        let mut posix = default;
        for instruction in instructions {
            if let Instruction::From(from) = instruction {
                let line = document.line(from.from.span.start);
                document.stages.push(Stage { line, from, posix: default, steps: Vec::new() });
                let below = document.lineage().get(1).map(|stage| stage.posix);
                posix = below.unwrap_or(default);
                continue;
            }
            if let Instruction::Shell(shell) = &instruction {
                posix = shell.arguments.iter().any(|word| is_posix(&word.value));
            }
            let script = Script { escape, text, documents, posix };
            let step = document.step(instruction, &script);
            match document.stages.last_mut() {
                Some(stage) => {
                    stage.posix = posix;
                    stage.steps.push(step);
                }
                None => document.global_args.push(step),
            }
        }
        for step in &document.global_args {
            let Instruction::Arg(arg) = &step.instruction else { continue };
            let known = rules::pairs::arguments(&arg.arguments.value).into_iter().filter(|pair| !pair.raw.is_empty());
            document.defaults.extend(known.filter(|pair| !pair.value.contains('$')).map(|pair| (pair.key, pair.value)));
        }
        document
    }

    fn step(&mut self, instruction: Instruction<'a>, script_of: &Script<'_>) -> Step<'a> {
        let Script { escape, text, documents, posix } = *script_of;
        let line = self.line(keyword(&instruction));
        let (instruction, onbuild) = match instruction {
            Instruction::Onbuild(onbuild) => (*onbuild.instruction, true),
            other => (other, false),
        };
        let mut commands = Vec::new();
        let mut here_document = false;
        let mut append = None;
        if let Instruction::Run(run) = &instruction {
            match &run.arguments {
                Command::Exec(words) => commands.extend(shell::exec(words.value.iter().map(|word| word.value.as_ref()), line)),
                // No rule knows the commands of others.
                Command::Shell(_) if !posix => {}
                // A heredoc is a script, by whichever program its first line names.
                Command::Shell(_) if !run.here_docs.is_empty() => {
                    here_document = true;
                    for script in run.here_docs.iter().filter(|script| !script.value.starts_with("#!")) {
                        let as_written = matches!(script.value, Cow::Borrowed(_)).then_some(script.span.start);
                        let place = Place { line: self.line(script.span.start), start: as_written };
                        self.read_shell(&script.value, place, '\0', &mut commands);
                        append = Append::to_document(&script.value, &script.span);
                    }
                }
                Command::Shell(script) => {
                    let place = Place { line: self.line(script.span.start), start: Some(script.span.start) };
                    // With the documents behind its commands, where there are some.
                    let end = script.span.end;
                    let body = documents.iter().find(|body| text.get(end..body.start).is_some_and(|gap| gap.trim().is_empty()));
                    here_document = body.is_some();
                    match body.and_then(|body| text.get(script.span.start..body.end)) {
                        Some(whole) => self.read_shell(whole, place, escape, &mut commands),
                        None => {
                            append = Append::to_script(script.value, &script.span, escape);
                            self.read_shell(script.value, place, escape, &mut commands);
                        }
                    }
                }
                // A form that a later version of the parser knows.
                _ => self.unread.push(line),
            }
        }
        Step { line, instruction, onbuild, here_document, append, commands }
    }

    fn read_shell(&mut self, script: &str, place: Place, escape: char, commands: &mut Vec<ShellCommand>) {
        match shell::commands(script, place, escape) {
            Some(read) => commands.extend(read),
            None => self.unread.push(place.line),
        }
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The stages whose layers the image has: the last one, the stage that it is built on, and so on.
    pub fn lineage(&self) -> Vec<&Stage<'a>> {
        let mut lineage: Vec<&Stage<'a>> = self.stages.last().into_iter().collect();
        while let Some(current) = lineage.last() {
            let named = |other: &&Stage<'a>| {
                other.line < current.line && other.name().is_some_and(|name| name.eq_ignore_ascii_case(current.image()))
            };
            match self.stages.iter().rfind(named) {
                Some(earlier) => lineage.push(earlier),
                None => break,
            }
        }
        lineage
    }

    /// What variables hold at last, where ENV or ARG says so in this file.
    pub fn variables(&self) -> HashMap<String, String> {
        let set = self.global_args.iter().chain(self.steps()).flat_map(|step| match &step.instruction {
            Instruction::Env(env) => rules::pairs::pairs(&env.arguments.value),
            Instruction::Arg(arg) => rules::pairs::arguments(&arg.arguments.value),
            _ => Vec::new(),
        });
        set.filter(|pair| !pair.raw.is_empty()).map(|pair| (pair.key, pair.value)).collect()
    }

    /// All instructions of all stages.
    pub fn steps(&self) -> impl Iterator<Item = &Step<'a>> {
        self.stages.iter().flat_map(|stage| &stage.steps)
    }

    /// All commands of all stages.
    pub fn commands(&self) -> impl Iterator<Item = &ShellCommand> {
        self.steps().flat_map(|step| &step.commands)
    }

    /// Names of the stages before this one.
    pub fn names_before(&self, stage: usize) -> HashSet<String> {
        let names = self.stages.iter().take(stage).filter_map(Stage::name);
        names.map(str::to_ascii_lowercase).collect()
    }

    fn check(&self, rules: &[&Rule]) -> Found {
        let mut found = Found { unread: self.unread.clone(), ..Found::default() };
        for rule in rules {
            for hit in (rule.check)(self) {
                if self.ignored.covers(rule, hit.line) {
                    found.ignored += 1;
                } else {
                    found.hits.push((rule.id, hit));
                }
            }
        }
        found.hits.sort_by(|left, right| (left.1.line, left.0, &left.1.about).cmp(&(right.1.line, right.0, &right.1.about)));
        found.hits.dedup();
        found
    }
}

/// What the shell of a RUN is read with.
struct Script<'s> {
    escape: char,
    text: &'s str,
    /// The lines of here-documents that the parser does not see.
    documents: &'s [Range<usize>],
    posix: bool,
}

/// Whether a word of SHELL names a shell of POSIX.
fn is_posix(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "mksh" | "busybox"))
}

/// The character that continues a line: a directive at the top may name the backtick
/// (<https://docs.docker.com/reference/dockerfile/#escape>).
fn escape(text: &str) -> char {
    let directives = text.lines().map(str::trim).take_while(|line| line.starts_with('#'));
    let named =
        directives.filter_map(|line| line[1..].split_once('=')).find(|(key, _)| key.trim().eq_ignore_ascii_case("escape"));
    if named.is_some_and(|(_, value)| value.trim() == "`") { '`' } else { '\\' }
}

/// Where an instruction begins.
fn keyword(instruction: &Instruction<'_>) -> usize {
    let span = match instruction {
        Instruction::Add(one) => &one.add.span,
        Instruction::Arg(one) => &one.arg.span,
        Instruction::Cmd(one) => &one.cmd.span,
        Instruction::Copy(one) => &one.copy.span,
        Instruction::Entrypoint(one) => &one.entrypoint.span,
        Instruction::Env(one) => &one.env.span,
        Instruction::Expose(one) => &one.expose.span,
        Instruction::From(one) => &one.from.span,
        Instruction::Healthcheck(one) => &one.healthcheck.span,
        Instruction::Label(one) => &one.label.span,
        Instruction::Maintainer(one) => &one.maintainer.span,
        Instruction::Onbuild(one) => &one.onbuild.span,
        Instruction::Run(one) => &one.run.span,
        Instruction::Shell(one) => &one.shell.span,
        Instruction::Stopsignal(one) => &one.stopsignal.span,
        Instruction::User(one) => &one.user.span,
        Instruction::Volume(one) => &one.volume.span,
        Instruction::Workdir(one) => &one.workdir.span,
        _ => return 0,
    };
    span.start
}
