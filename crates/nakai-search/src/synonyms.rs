use crate::analyse::{Analyser, Kind};

/// Sets of words that count as each other in a question, for example `Wi-Fi`, `無線LAN` and `インターネット`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    sets: Vec<Vec<String>>,
}

impl Synonyms {
    /// Takes the sets. A member may be of several words, and a word may be in several sets.
    pub const fn new(sets: Vec<Vec<String>>) -> Self {
        Self { sets }
    }

    pub(crate) fn sets(&self) -> &[Vec<String>] {
        &self.sets
    }

    /// Analyses the members.
    pub(crate) fn prepared(self, analyser: &mut Analyser) -> PreparedSynonyms {
        let mut words = |member: &str| {
            let mut words = Vec::new();
            analyser.analyse(member, |term| {
                if term.kind == Kind::Word {
                    words.push(term.key());
                }
            });
            words
        };
        let mut members = |set: &Vec<String>| {
            let mut members: Vec<Vec<u64>> = set.iter().map(|member| words(member)).collect();
            // Customers leave hyphens out: `wifi`.
            let hyphenated = set.iter().filter(|member| member.contains('-'));
            members.extend(hyphenated.map(|member| words(&member.replace('-', ""))));
            members
        };
        let keys = self.sets.iter().map(&mut members).collect();
        PreparedSynonyms { synonyms: self, keys }
    }
}

/// Synonyms with the keys of their words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreparedSynonyms {
    pub(crate) synonyms: Synonyms,
    /// By set and member: the keys of its words, in order.
    keys: Vec<Vec<Vec<u64>>>,
}

impl PreparedSynonyms {
    /// Calls `found` with each member that stands in a question, given as the keys of its words, and with each other member of its set.
    pub(crate) fn find(&self, question: &[u64], mut found: impl FnMut(&[u64], &[u64])) {
        for set in &self.keys {
            for (at, member) in set.iter().enumerate() {
                if member.is_empty() || !question.windows(member.len()).any(|words| words == member) {
                    continue;
                }
                for (other_at, other) in set.iter().enumerate() {
                    if other_at != at && !other.is_empty() {
                        found(member, other);
                    }
                }
            }
        }
    }
}
