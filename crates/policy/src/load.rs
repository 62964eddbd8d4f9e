//! From a file's bytes to a checked policy.

use std::collections::BTreeMap;

use model::digest::Digest;
use model::report::Outcome;
use serde_saphyr::{Location, Spanned};
use sha2::{Digest as _, Sha256};

use crate::cel::{self, Atoms, Known};
use crate::facts::question::GATES;
use crate::file::{File, Many, RawOutcome, RawRule, RawScope};
use crate::pattern::ImagePatterns;
use crate::place::PolicyError;
use crate::rule::{Clause, Policy, Rule, Scope};
use crate::short_form::{self, LicenseLists, Part};

/// Bytes of a policy file.
pub const MAX_SIZE: usize = 1 << 20;
/// Rules in it.
const MAX_RULES: usize = 1000;
/// Bytes of a name, a message or a link.
const MAX_TEXT: usize = 1000;
/// The form that is read.
const SCHEMA: &str = "plimsoll.policy/v1";

type Checked<T> = Result<T, PolicyError>;

impl Policy {
    /// Reads a policy and checks all that can be checked before there is a report.
    pub fn read(bytes: &[u8]) -> Checked<Self> {
        let whole = |message: String| PolicyError { line: 1, column: 1, message };
        if bytes.len() > MAX_SIZE {
            return Err(whole(format!("the policy is larger than {} kB; split it by gate or environment", MAX_SIZE >> 10)));
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(whole("the policy is not UTF-8 text".to_owned()));
        };
        let file: File = serde_saphyr::from_str(text).map_err(|error| PolicyError::of_yaml(&error).with_example(text))?;
        if let Some(schema) = file.schema.as_ref().filter(|schema| schema.value != SCHEMA) {
            return Err(PolicyError::at(schema.referenced, format!("`{}` is not read; write `{SCHEMA}`", schema.value)));
        }
        let rules = &file.rules.value;
        if rules.is_empty() {
            return Err(PolicyError::at(file.rules.referenced, "there is no rule, so all would pass; write at least one"));
        }
        if rules.len() > MAX_RULES {
            return Err(PolicyError::at(file.rules.referenced, format!("there are more than {MAX_RULES} rules")));
        }
        let mut names: BTreeMap<&str, u64> = BTreeMap::new();
        for rule in rules {
            let name = &rule.value.name;
            if let Some(line) = names.insert(&name.value, name.referenced.line()) {
                let message = format!("the rule of line {line} is called `{}`, too; give each a name of its own", name.value);
                return Err(PolicyError::at(name.referenced, message));
            }
        }
        let mut atoms = Atoms::default();
        let rules = rules.iter().map(|rule| read_rule(text, rule, &mut atoms)).collect::<Result<_, _>>()?;
        Ok(Self { digest: Digest::Sha256(Sha256::digest(bytes).into()), rules })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Never: a policy without rules is not read.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

fn read_rule(file: &str, spanned: &Spanned<RawRule>, atoms: &mut Atoms) -> Checked<Rule> {
    let rule = &spanned.value;
    for text in [Some(&rule.name), rule.message.as_ref(), rule.link.as_ref()].into_iter().flatten() {
        if text.value.trim().is_empty()
            || text.value.len() > MAX_TEXT
            || text.value.chars().any(|one| one.is_control() && one != '\n')
        {
            let message = format!("this is empty, longer than {MAX_TEXT} bytes or holds control characters");
            return Err(PolicyError::at(text.referenced, message));
        }
    }
    if let Some(link) =
        rule.link.as_ref().filter(|link| !link.value.starts_with("https://") && !link.value.starts_with("http://"))
    {
        return Err(PolicyError::at(
            link.referenced,
            format!("`{}` is no link; write one that begins with https://", link.value),
        ));
    }
    let scope = read_scope(rule.scope.as_ref())?;
    let (form, place, parts, license_lists) = condition(spanned)?;
    let outcome = outcome(rule, form)?;
    let mut clauses = Vec::with_capacity(parts.len());
    for Part { cel: text, says, at_most } in parts {
        // A short form is not in the file, so what is wrong with it is wrong at its key.
        let node = cel::compile(&text).map_err(|problem| match form {
            "when" => PolicyError::inside(file, place, &text, problem.at, problem.message),
            _ => PolicyError::at(place, format!("{}, in `{text}`", problem.message)),
        })?;
        clauses.push(Clause { cel: text, says, at_most, node });
    }
    let mut rule = Rule {
        name: rule.name.value.clone(),
        line: rule.name.referenced.line(),
        scope,
        form,
        clauses,
        license_lists,
        outcome,
        message: rule.message.as_ref().map(|text| text.value.trim().to_owned()),
        link: rule.link.as_ref().map(|text| text.value.clone()),
    };
    if can_never_speak(&rule) {
        let message =
            format!("this is never true {}, so the rule never speaks; change the condition or the scope", rule.scope.words());
        return Err(PolicyError::at(place, message));
    }
    rule.clauses.iter_mut().for_each(|clause| atoms.mark(&mut clause.node));
    Ok(rule)
}

/// Key, place and parts, and the lists of a rule about licences.
type Condition = (&'static str, Location, Vec<Part>, Option<LicenseLists>);

/// The one condition of a rule.
fn condition(spanned: &Spanned<RawRule>) -> Checked<Condition> {
    let rule = &spanned.value;
    let short = rule.short_forms();
    let written = usize::from(rule.when.is_some()) + short.len();
    if written == 0 {
        let message =
            format!("the rule `{}` has no condition; write `when:` with CEL, or one of {}", rule.name.value, short_form::NAMES);
        return Err(PolicyError::at(rule.name.referenced, message));
    }
    if written > 1 {
        let mut keys: Vec<&str> = short.iter().map(|(short, _)| short.name()).collect();
        keys.extend(rule.when.as_ref().map(|_| "when"));
        let message =
            format!("the rule `{}` has several conditions ({}); write a rule for each", rule.name.value, keys.join(", "));
        return Err(PolicyError::at(rule.name.referenced, message));
    }
    if let Some(when) = &rule.when {
        let part = Part { cel: when.value.trim_end().to_owned(), says: String::new(), at_most: None };
        return Ok(("when", when.referenced, vec![part], None));
    }
    let Some((short, place)) = short.first() else {
        return Err(PolicyError::at(rule.name.referenced, "the rule has no condition"));
    };
    match short.parts() {
        Ok(parts) => Ok((short.name(), *place, parts, short.license_lists())),
        Err(message) => Err(PolicyError::at(*place, message)),
    }
}

fn outcome(rule: &RawRule, form: &str) -> Checked<Outcome> {
    match &rule.outcome {
        Some(outcome) => match outcome.value {
            RawOutcome::Deny => Ok(Outcome::Deny),
            RawOutcome::Warn => Ok(Outcome::Warn),
            RawOutcome::Allow if form == "when" => Ok(Outcome::Allow),
            RawOutcome::Allow => {
                let message =
                    format!("`{form}` speaks where something is wrong, which is nothing to allow; write `deny` or `warn`");
                Err(PolicyError::at(outcome.referenced, message))
            }
        },
        // What is wrong by name is denied; what a person wrote as CEL could be meant either way.
        None if form == "when" => {
            let message =
                format!("the rule `{}` says `when` but not what then; write `outcome: deny`, `warn` or `allow`", rule.name.value);
            Err(PolicyError::at(rule.name.referenced, message))
        }
        None => Ok(Outcome::Deny),
    }
}

fn read_scope(scope: Option<&Spanned<RawScope>>) -> Checked<Scope> {
    let Some(spanned) = scope else { return Ok(Scope::default()) };
    let scope = &spanned.value;
    if scope.image.is_none() && scope.gate.is_none() && scope.environment.is_none() {
        return Err(PolicyError::at(
            spanned.referenced,
            "the scope is empty; name an image, a gate or an environment, or leave it away",
        ));
    }
    let names = |many: &Spanned<Many>, what: &str| -> Checked<Vec<String>> {
        let texts = many.value.texts();
        if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty() || text.len() > MAX_TEXT) {
            return Err(PolicyError::at(
                many.referenced,
                format!("no {what} is named, so the rule never speaks; name one or leave it away"),
            ));
        }
        Ok(texts.into_iter().map(str::to_owned).collect())
    };
    let gates = scope.gate.as_ref().map(|many| names(many, "gate")).transpose()?;
    if let (Some(many), Some(gates)) = (&scope.gate, &gates)
        && let Some(unknown) = gates.iter().find(|gate| !GATES.contains(&gate.as_str()))
    {
        return Err(PolicyError::at(many.referenced, format!("there is no gate `{unknown}`; use {}", GATES.join(", "))));
    }
    let environments = scope.environment.as_ref().map(|many| names(many, "environment")).transpose()?;
    let images = match &scope.image {
        Some(many) => Some(ImagePatterns::new(many.value.texts()).map_err(|message| PolicyError::at(many.referenced, message))?),
        None => None,
    };
    Ok(Scope { images, gates, environments })
}

/// Whether no clause can hold at any gate and in any environment of the rule's scope.
fn can_never_speak(rule: &Rule) -> bool {
    let all = || GATES.iter().map(|gate| (*gate).to_owned()).collect();
    let gates: Vec<String> = rule.scope.gates.clone().unwrap_or_else(all);
    let environments: Vec<Option<&str>> = match &rule.scope.environments {
        Some(names) => names.iter().map(|name| Some(name.as_str())).collect(),
        None => vec![None],
    };
    rule.clauses.iter().all(|clause| {
        gates.iter().all(|gate| {
            environments.iter().all(|environment| cel::never(&clause.node, Known { gate: Some(gate), environment: *environment }))
        })
    })
}
