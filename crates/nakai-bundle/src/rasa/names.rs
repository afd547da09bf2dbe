use std::collections::{BTreeMap, BTreeSet};

/// Gives the things of Rasa names that a bundle can have.
///
/// The same name always becomes the same, two names never become one.
#[derive(Debug)]
pub(super) struct Names {
    form: Form,
    /// What a name is made of that has no usable character.
    kind: &'static str,
    taken: BTreeSet<String>,
    given: BTreeMap<String, String>,
}

/// Which names are legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Names in expressions, such as those of slots: a letter, then letters, digits and `_`, ASCII and lower case.
    Identifier,
    /// All other names: letters and digits of any script, `_` and `-`.
    Word,
}

const LONGEST: usize = 56; // characters; leaves room for a number

impl Names {
    pub(super) fn new(form: Form, kind: &'static str) -> Self {
        Self {
            form,
            kind,
            taken: BTreeSet::new(),
            given: BTreeMap::new(),
        }
    }

    /// The bundle's name for a name of Rasa.
    pub(super) fn of(&mut self, original: &str) -> String {
        if let Some(name) = self.given.get(original) {
            return name.clone();
        }
        let wanted = match self.form {
            Form::Identifier => slug(original, self.kind),
            Form::Word => word(original, self.kind),
        };
        // `slot` alone would look like a keyword: nameless things are numbered from the first on.
        let mut name = if wanted == self.kind {
            format!("{wanted}_1")
        } else {
            wanted.clone()
        };
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.given.insert(original.to_owned(), name.clone());
        name
    }

    /// Every name that is another one now.
    pub(super) fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.given
            .iter()
            .filter(|(original, name)| original != name)
            .map(|(original, name)| (original.as_str(), name.as_str()))
    }
}

/// The nearest identifier; `kind` takes the place of a name without a usable character.
pub(super) fn slug(original: &str, kind: &str) -> String {
    let name = joined(
        original
            .chars()
            .map(|c| c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase())),
    );
    match name.bytes().next() {
        Some(first) if first.is_ascii_lowercase() => name,
        Some(_) => format!("{kind}_{name}"),
        None => kind.to_owned(),
    }
}

fn word(original: &str, kind: &str) -> String {
    let name = joined(original.chars().map(|c| (c.is_alphanumeric() || c == '-').then_some(c)));
    if name.is_empty() { kind.to_owned() } else { name }
}

/// Puts usable characters together, `_` for each row of others amid them.
fn joined(characters: impl Iterator<Item = Option<char>>) -> String {
    let mut name = String::new();
    for character in characters.take(LONGEST) {
        match character {
            Some(character) => name.push(character),
            None if name.is_empty() || name.ends_with('_') => {}
            None => name.push('_'),
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

/// A name as a person would write it: `book_table` is `Book table`.
pub(super) fn title(original: &str) -> String {
    let words = original.trim_start_matches("utter_").replace(['_', '-', '/', '+'], " ");
    let mut letters = words.trim().chars();
    letters.next().map_or_else(
        || format!("({original})"),
        |first| first.to_uppercase().chain(letters).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_apart_and_stay_the_same() {
        let mut names = Names::new(Form::Identifier, "slot");
        let given: Vec<_> = ["City", "city", "2nd", "都市", "町", "city"]
            .map(|name| names.of(name))
            .into();
        assert_eq!(given, ["city", "city_2", "slot_2nd", "slot_1", "slot_2", "city_2"]);
        assert_eq!(names.renamed().count(), 5);
    }

    #[test]
    fn words_keep_their_script() {
        let mut names = Names::new(Form::Word, "intent");
        assert_eq!(names.of("予約 する"), "予約_する");
        assert_eq!(names.of("faq/ask_Hours"), "faq_ask_Hours");
        assert_eq!(names.of("+"), "intent_1");
    }

    #[test]
    fn a_title_is_what_a_person_would_write() {
        assert_eq!(title("utter_ask_room"), "Ask room");
        assert_eq!(title("予約"), "予約");
        assert_eq!(title(""), "()");
    }
}
