//! What came back against what must come back.

use std::{collections::BTreeMap, fmt};

use nakai_bundle::{Bundle, model::Expectation};
use nakai_ports::Draft;
use nakai_types::Understanding;

/// One turn as it went.
pub(super) struct Exchange<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) customer: &'a str,
    pub(super) understanding: &'a Understanding,
    pub(super) draft: &'a Draft,
    /// Slots that are filled after the turn.
    pub(super) slots: &'a BTreeMap<String, String>,
    /// The reply as the customer reads it.
    pub(super) reply: &'a str,
}

/// One thing that is not as it must be.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::bot) struct Difference {
    turn: usize,
    customer: String,
    what: String,
    expected: String,
    actual: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  turn {}: {}", self.turn, self.customer)?;
        writeln!(f, "    {}", self.what)?;
        writeln!(f, "    - {}", self.expected)?;
        write!(f, "    + {}", self.actual)
    }
}

/// Compares a turn with what is expected of it; what the expectation leaves out is not compared.
pub(super) fn compare(turn: usize, exchange: &Exchange<'_>, expected: &Expectation) -> Vec<Difference> {
    let Exchange {
        bundle,
        customer,
        understanding,
        draft,
        slots,
        reply,
    } = exchange;
    let mut differences = Vec::new();
    let mut differ = |what: &str, expected: String, actual: String| {
        let what = what.to_owned();
        differences.push(Difference {
            turn,
            customer: (*customer).to_owned(),
            what,
            expected,
            actual,
        });
    };
    if let Some(intent) = &expected.intent {
        let actual = understanding.intent().map_or("none", |i| &*i.name);
        if actual != intent {
            let ranked: Vec<_> = understanding
                .intents
                .iter()
                .take(3)
                .map(|i| format!("{} {:.2}", i.name, i.confidence))
                .collect();
            differ("intent", intent.clone(), format!("{actual} ({})", ranked.join(", ")));
        }
    }
    if let Some(outcome) = expected.outcome.filter(|outcome| *outcome != draft.reply.outcome) {
        differ(
            "outcome",
            outcome.name().into(),
            format!("{}: {reply}", draft.reply.outcome.name()),
        );
    }
    if let Some(language) = expected.language.filter(|language| *language != understanding.language) {
        differ("language", language.to_string(), understanding.language.to_string());
    }
    if let Some(name) = &expected.reply {
        let used = draft
            .decisions
            .iter()
            .any(|d| d.rule == "reply" && *d.subject == **name);
        if !used {
            differ("reply", format!("a wording of `{name}`"), (*reply).to_owned());
        }
    }
    for part in expected.contains.iter().filter(|part| !reply.contains(part.as_str())) {
        differ("the reply must have", part.clone(), (*reply).to_owned());
    }
    for part in expected.lacks.iter().filter(|part| reply.contains(part.as_str())) {
        differ("the reply must not have", part.clone(), (*reply).to_owned());
    }
    for (kind, value) in &expected.entities {
        let found: Vec<_> = understanding
            .entities
            .iter()
            .filter(|e| *e.kind == **kind)
            .map(|e| e.value.to_string())
            .collect();
        if !found.contains(value) {
            differ(
                &format!("entity {kind}"),
                value.clone(),
                if found.is_empty() {
                    "none".into()
                } else {
                    found.join(", ")
                },
            );
        }
    }
    for (name, value) in &expected.slots {
        let actual = slots.get(name);
        if actual != Some(value) {
            differ(
                &format!("slot {name}"),
                value.clone(),
                actual.map_or("empty", String::as_str).to_owned(),
            );
        }
    }
    if let Some(reason) = &expected.handover {
        let actual = draft.reply.handover.as_ref().map_or("no hand-over", |h| &h.reason);
        if actual != reason {
            differ("hand-over", reason.clone(), actual.to_owned());
        }
    }
    if let Some(path) = &expected.cites {
        let titles: Vec<&str> = bundle
            .articles
            .iter()
            .filter(|a| a.path == *path)
            .map(|a| a.front_matter.title.as_str())
            .collect();
        let cited: Vec<&str> = draft.reply.citations.iter().map(|c| c.title.as_str()).collect();
        if !cited.iter().any(|title| titles.contains(title)) {
            differ(
                "cites",
                path.clone(),
                if cited.is_empty() {
                    (*reply).to_owned()
                } else {
                    cited.join(", ")
                },
            );
        }
    }
    differences
}
