use std::collections::{BTreeMap, BTreeSet};

use nakai_config::{Problems, did_you_mean};
use nakai_types::Language;

use crate::{
    files::FileKind,
    model::{BuiltinEntity, Flow, Intent, Step},
    parse::{Parsed, ParsedFiles},
};

/// Replies that the program words itself unless the bundle does, with the names that their templates see beside the usual ones.
pub(crate) const RESERVED_REPLIES: [(&str, &[&str]); 17] = [
    ("acknowledged", &[]),
    ("cancelled", &["flow"]),
    ("corrected", &["slot", "value"]),
    ("correction_refused", &["slot", "value"]),
    ("fallback_ask_again", &[]),
    ("fallback_choices", &[]),
    ("fallback_human", &[]),
    ("handover", &[]),
    ("handover_waiting", &[]),
    ("no_answer", &[]),
    ("nothing_to_cancel", &[]),
    ("offer_declined", &[]),
    ("other_language", &[]),
    ("resume_flow", &["flow"]),
    ("sorry", &[]),
    ("started_over", &[]),
    ("unknown", &[]),
];

/// What templates see of every bot beside its facts: `bot.name`, `bot.title`.
pub(super) const OWN_FACTS: [&str; 2] = ["name", "title"];

/// The names of one kind; `None` if a file that may hold more of them can't be read, so that nobody can say what is missing.
#[derive(Debug)]
pub(super) struct NamesOf<'a> {
    kind: &'static str,
    place: &'static str,
    known: Option<BTreeSet<&'a str>>,
}

impl<'a> NamesOf<'a> {
    fn new(kind: &'static str, place: &'static str, complete: bool, names: impl Iterator<Item = &'a str>) -> Self {
        Self {
            kind,
            place,
            known: complete.then(|| names.collect()),
        }
    }

    /// Says whether the name exists, or may exist.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(name))
    }

    /// Pushes an error if nothing of this name exists.
    pub(super) fn require(&self, name: &str, key: impl Into<String>, problems: &mut Problems) {
        if let Some(known) = &self.known
            && !known.contains(name)
        {
            let cure = match did_you_mean(name, known.iter().copied()) {
                cure if cure.starts_with("did you mean") => cure,
                _ => format!("add it to {}", self.place),
            };
            problems.error(key, format!("there is no {} `{name}`", self.kind), cure);
        }
    }
}

/// Every name of a bundle to which something may refer.
#[derive(Debug)]
pub(super) struct Names<'a> {
    /// The languages of the bot; none if `bot.yaml` can't be read.
    pub(super) languages: &'a [Language],
    pub(super) intents: NamesOf<'a>,
    pub(super) entities: NamesOf<'a>,
    pub(super) flows: NamesOf<'a>,
    /// With the ones that the program words itself.
    pub(super) replies: NamesOf<'a>,
    pub(super) articles: NamesOf<'a>,
    /// The slots of all flows.
    pub(super) slots: NamesOf<'a>,
    /// What calls of all flows save.
    pub(super) results: NamesOf<'a>,
    pub(super) facts: NamesOf<'a>,
    /// Flows that an intent starts.
    pub(super) started_flows: NamesOf<'a>,
    /// Intents by name, for those who need more than the name.
    pub(super) intents_by_name: BTreeMap<&'a str, &'a Intent>,
    /// The replies that the bundle itself words.
    pub(super) worded_replies: NamesOf<'a>,
}

impl<'a> Names<'a> {
    /// Collects all names; pushes an error for each that is given twice.
    pub(super) fn collect(files: &'a ParsedFiles, problems: &mut Problems) -> Self {
        let complete = |kind| !files.broken.contains(&kind);
        let intents = unique("intent", &files.intents, |file| &file.intents, problems);
        let flows = unique("flow", &files.flows, |file| &file.flows, problems);
        let replies = unique("reply", &files.replies, |file| &file.replies, problems);
        let entities = files
            .entities
            .iter()
            .flat_map(|file| file.content.entities.keys().map(String::as_str))
            .chain(BuiltinEntity::ALL.map(BuiltinEntity::name));
        let articles = files.articles.iter().map(|file| file.content.path.as_str());
        let facts = files
            .bot
            .iter()
            .flat_map(|file| file.content.facts.keys().map(String::as_str))
            .chain(OWN_FACTS);
        let started = intents.values().filter_map(|intent| intent.flow.as_deref());
        let mut results = BTreeSet::new();
        flows.values().for_each(|flow| results_of(&flow.steps, &mut results));
        let reserved = RESERVED_REPLIES.iter().map(|(name, _)| *name);
        Self {
            languages: files
                .bot
                .as_ref()
                .map(|file| file.content.languages.as_slice())
                .unwrap_or_default(),
            intents: NamesOf::new(
                "intent",
                "intents/*.yaml",
                complete(FileKind::Intents),
                intents.keys().copied(),
            ),
            entities: NamesOf::new("entity", "entities.yaml", complete(FileKind::Entities), entities),
            flows: NamesOf::new("flow", "flows/*.yaml", complete(FileKind::Flows), flows.keys().copied()),
            replies: NamesOf::new(
                "reply",
                "replies/*.yaml",
                complete(FileKind::Replies),
                replies.keys().copied().chain(reserved),
            ),
            worded_replies: NamesOf::new(
                "reply",
                "replies/*.yaml",
                complete(FileKind::Replies),
                replies.keys().copied(),
            ),
            articles: NamesOf::new("article", "knowledge/", complete(FileKind::Article), articles),
            slots: NamesOf::new(
                "slot",
                "`slots` of its flow",
                complete(FileKind::Flows),
                slots_of(flows.values().copied()),
            ),
            results: NamesOf::new(
                "result",
                "a `call` as `save`",
                complete(FileKind::Flows),
                results.into_iter(),
            ),
            facts: NamesOf::new("fact", "`facts` in bot.yaml", complete(FileKind::Bot), facts),
            started_flows: NamesOf::new("flow", "intents/*.yaml", complete(FileKind::Intents), started),
            intents_by_name: intents,
        }
    }
}

/// Gathers the things of all files of a kind by name; pushes an error where a name is given for the second time.
fn unique<'a, F, T>(
    kind: &str,
    files: &'a [Parsed<F>],
    things: impl Fn(&'a F) -> &'a BTreeMap<String, T>,
    problems: &mut Problems,
) -> BTreeMap<&'a str, &'a T> {
    let mut first_files: BTreeMap<&str, &Parsed<F>> = BTreeMap::new();
    let mut gathered = BTreeMap::new();
    for file in files {
        let mut found = Problems::default();
        for (name, thing) in things(&file.content) {
            let key = format!("{}.{name}", plural(kind));
            if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
                found.error(
                    &key,
                    format!("the name of this {kind} is blank or has spaces in it"),
                    "use `a-z`, `0-9` and `_`",
                );
            }
            if let Some(first) = first_files.get(name.as_str()) {
                let place = first.source.root().find(&key);
                let what = format!(
                    "the {kind} `{name}` is also in {}:{}:{}",
                    first.source.file(),
                    place.line,
                    place.column
                );
                found.error(&key, what, "give one of the two another name");
            } else {
                first_files.insert(name, file);
                gathered.insert(name.as_str(), thing);
            }
        }
        file.source.locate(&mut found);
        problems.append(found);
    }
    gathered
}

fn plural(kind: &str) -> String {
    kind.strip_suffix('y')
        .map_or_else(|| format!("{kind}s"), |stem| format!("{stem}ies"))
}

fn slots_of<'a>(flows: impl Iterator<Item = &'a Flow>) -> impl Iterator<Item = &'a str> {
    flows.flat_map(|flow| flow.slots.keys().map(String::as_str))
}

fn results_of<'a>(steps: &'a [Step], results: &mut BTreeSet<&'a str>) {
    for step in steps {
        match step {
            Step::Call(call) => {
                results.extend(call.save.as_deref());
                results_of(&call.otherwise, results);
            }
            Step::When(when) => {
                results_of(&when.then, results);
                results_of(&when.otherwise, results);
            }
            Step::Ask(ask) => results_of(&ask.otherwise, results),
            Step::Say(_) | Step::Set(_) | Step::Answer(_) | Step::Handover(_) | Step::End(_) => {}
        }
    }
}
