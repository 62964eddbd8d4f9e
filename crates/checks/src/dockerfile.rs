//! Dockerfiles (<https://docs.docker.com/reference/dockerfile/>): stages, instructions with their lines, and the commands in
//! what the shell runs.

mod ignore;
pub mod rules;
pub(crate) mod shell;

use std::collections::HashSet;

use parse_dockerfile::{Command, FromInstruction, Instruction};

pub use shell::ShellCommand;

use crate::rule::{self, Hit};

/// A rule over Dockerfiles.
pub type Rule = rule::Rule<for<'a> fn(&Dockerfile<'a>) -> Vec<Hit>>;

/// Bytes of a Dockerfile; those people write have a few thousand.
const MAX_SIZE: usize = 1 << 20;

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
    // Piece by piece: stages of one name are for a rule to tell.
    let instructions = parse_dockerfile::parse_iter(text).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| {
        // The parser says the place itself; here it stands apart.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        DockerfileError { line: error.line(), message }
    })?;
    let document = Dockerfile::new(text, instructions, escape(text));
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

    /// Its `AS` name.
    pub fn name(&self) -> Option<&str> {
        self.from.as_.as_ref().map(|(_, name)| name.value.as_ref())
    }
}

impl<'a> Dockerfile<'a> {
    fn new(text: &'a str, instructions: Vec<Instruction<'a>>, escape: char) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let ignored = ignore::Ignored::read(text);
        let mut document = Self { starts, global_args: Vec::new(), stages: Vec::new(), ignored, unread: Vec::new() };
        for instruction in instructions {
            if let Instruction::From(from) = instruction {
                let line = document.line(from.from.span.start);
                document.stages.push(Stage { line, from, steps: Vec::new() });
                continue;
            }
            let step = document.step(instruction, escape);
            match document.stages.last_mut() {
                Some(stage) => stage.steps.push(step),
                None => document.global_args.push(step),
            }
        }
        document
    }

    fn step(&mut self, instruction: Instruction<'a>, escape: char) -> Step<'a> {
        let line = self.line(keyword(&instruction));
        let (instruction, onbuild) = match instruction {
            Instruction::Onbuild(onbuild) => (*onbuild.instruction, true),
            other => (other, false),
        };
        let mut commands = Vec::new();
        if let Instruction::Run(run) = &instruction {
            match &run.arguments {
                Command::Exec(words) => commands.extend(shell::exec(words.value.iter().map(|word| word.value.as_ref()), line)),
                // A heredoc is a script, by whichever program its first line names.
                Command::Shell(_) if !run.here_docs.is_empty() => {
                    for script in run.here_docs.iter().filter(|script| !script.value.starts_with("#!")) {
                        self.read_shell(&script.value, self.line(script.span.start) + 1, '\0', &mut commands);
                    }
                }
                Command::Shell(script) => {
                    let begins = self.line(script.span.start);
                    self.read_shell(script.value, begins, escape, &mut commands);
                }
                // A form that a later version of the parser knows.
                _ => self.unread.push(line),
            }
        }
        Step { line, instruction, onbuild, commands }
    }

    fn read_shell(&mut self, script: &str, line: usize, escape: char, commands: &mut Vec<ShellCommand>) {
        match shell::commands(script, line, escape) {
            Some(read) => commands.extend(read),
            None => self.unread.push(line),
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
