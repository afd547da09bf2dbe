use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A line of a file of the Rasa project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path below the project's folder, with `/`.
    pub file: String,
    /// The line from 1; 0 for the whole file.
    pub line: u32,
}

impl Place {
    pub(super) fn new(file: &str, line: u32) -> Self {
        Self {
            file: file.to_owned(),
            line,
        }
    }

    /// The line `lines` further down.
    pub(super) fn below(&self, lines: usize) -> Self {
        Self {
            file: self.file.clone(),
            line: self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)
        } else {
            Ok(())
        }
    }
}

/// What Rasa gives a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An intent, also one below a retrieval intent.
    Intent,
    /// A response.
    Response,
    /// An entity.
    Entity,
    /// A synonym.
    Synonym,
    /// A lookup table.
    Lookup,
    /// A regular expression.
    Regex,
    /// A slot.
    Slot,
    /// A form.
    Form,
    /// A rule.
    Rule,
    /// A story.
    Story,
    /// A custom action.
    Action,
}

impl Kind {
    const fn singular(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Response => "response",
            Self::Entity => "entity",
            Self::Synonym => "synonym",
            Self::Lookup => "lookup table",
            Self::Regex => "regular expression",
            Self::Slot => "slot",
            Self::Form => "form",
            Self::Rule => "rule",
            Self::Story => "story",
            Self::Action => "action",
        }
    }

    fn count(self, count: usize) -> String {
        match (self, count) {
            (_, 1) => format!("1 {}", self.singular()),
            (Self::Entity, _) => format!("{count} entities"),
            (Self::Story, _) => format!("{count} stories"),
            _ => format!("{count} {}s", self.singular()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.singular())
    }
}

/// One thing that is different now, or is missing, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Where it stands in the Rasa project.
    pub place: Place,
    /// What happened to it, in lower case, without a full stop.
    pub what: String,
    /// What to do instead; empty if nothing needs to be done.
    pub instead: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        if self.instead.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.instead)
        }
    }
}

/// What became of a Rasa project. Displays as text for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What is in the bundle: the names that Rasa gave, in alphabetical order.
    pub carried: BTreeMap<Kind, Vec<String>>,
    /// How many utterances of the training data are in the bundle.
    pub examples: usize,
    /// What is in the bundle, but not as it was.
    pub changed: Vec<Note>,
    /// What is not in the bundle.
    pub not_carried: Vec<Note>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Carried over")?;
        for (kind, names) in &self.carried {
            writeln!(f, "  {}: `{}`", kind.count(names.len()), names.join("`, `"))?;
        }
        if self.examples > 0 {
            writeln!(f, "  {} training examples", self.examples)?;
        }
        if self.carried.is_empty() {
            writeln!(f, "  nothing")?;
        }
        for (heading, notes) in [("Changed", &self.changed), ("Not carried over", &self.not_carried)] {
            if !notes.is_empty() {
                writeln!(f, "\n{heading}")?;
            }
            for note in notes {
                writeln!(f, "  {note}")?;
            }
        }
        Ok(())
    }
}

/// Keeps account of every name in the project until something became of it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<(Kind, String), Place>,
    known: BTreeMap<(Kind, String), Place>,
    carried: BTreeSet<(Kind, String)>,
    examples: usize,
    changed: BTreeSet<Note>,
    not_carried: BTreeSet<Note>,
}

impl Ledger {
    /// Opens an account for a name. Says whether it is new.
    pub(super) fn declare(&mut self, kind: Kind, name: &str, place: &Place) -> bool {
        let key = (kind, name.to_owned());
        if self.known.contains_key(&key) {
            return false;
        }
        self.known.insert(key.clone(), place.clone());
        self.open.insert(key, place.clone());
        true
    }

    /// Where a name was first seen.
    pub(super) fn place(&self, kind: Kind, name: &str) -> Place {
        self.known
            .get(&(kind, name.to_owned()))
            .cloned()
            .unwrap_or_else(|| Place::new("domain.yml", 0))
    }

    /// Whether the project has this name.
    pub(super) fn knows(&self, kind: Kind, name: &str) -> bool {
        self.known.contains_key(&(kind, name.to_owned()))
    }

    pub(super) fn is_carried(&self, kind: Kind, name: &str) -> bool {
        self.carried.contains(&(kind, name.to_owned()))
    }

    /// Whether it is said already what became of a name.
    pub(super) fn is_settled(&self, kind: Kind, name: &str) -> bool {
        !self.open.contains_key(&(kind, name.to_owned()))
    }

    /// All names of a kind that the project has.
    pub(super) fn names(&self, kind: Kind) -> Vec<String> {
        self.known
            .keys()
            .filter(|(of, _)| *of == kind)
            .map(|(_, name)| name.clone())
            .collect()
    }

    /// Closes an account without a count: something else stands for it, which has one.
    pub(super) fn settle(&mut self, kind: Kind, name: &str) {
        self.open.remove(&(kind, name.to_owned()));
    }

    /// Closes an account: it is in the bundle.
    pub(super) fn carry(&mut self, kind: Kind, name: &str) {
        let key = (kind, name.to_owned());
        self.open.remove(&key);
        self.carried.insert(key);
    }

    pub(super) fn carry_examples(&mut self, count: usize) {
        self.examples += count;
    }

    /// Closes an account: it is not in the bundle.
    pub(super) fn lose(&mut self, kind: Kind, name: &str, why: &str, instead: &str) {
        self.open.remove(&(kind, name.to_owned()));
        self.lost(self.place(kind, name), format!("{kind} `{name}` {why}"), instead);
    }

    /// Says that something in the bundle is not as it was.
    pub(super) fn changed(&mut self, place: Place, what: impl Into<String>, instead: impl Into<String>) {
        self.changed.insert(Note {
            place,
            what: what.into(),
            instead: instead.into(),
        });
    }

    /// Says that something is not in the bundle.
    pub(super) fn lost(&mut self, place: Place, what: impl Into<String>, instead: impl Into<String>) {
        self.not_carried.insert(Note {
            place,
            what: what.into(),
            instead: instead.into(),
        });
    }

    /// Ends the accounts: what nothing became of is not carried over.
    pub(super) fn close(mut self) -> Report {
        for ((kind, name), place) in std::mem::take(&mut self.open) {
            self.lost(place, format!("{kind} `{name}` has no place in the bundle"), "");
        }
        let mut carried: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
        for (kind, name) in self.carried {
            carried.entry(kind).or_default().push(name);
        }
        Report {
            carried,
            examples: self.examples,
            changed: self.changed.into_iter().collect(),
            not_carried: self.not_carried.into_iter().collect(),
        }
    }
}
