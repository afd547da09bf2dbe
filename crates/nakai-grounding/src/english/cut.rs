//! Where an English sentence is cut into clauses.

use super::{
    Opening, Part, Reader, Run,
    words::{AUXILIARIES, CONDITIONS, DETERMINERS, PREPOSITIONS, REASONS, SUBJECTS, VERBS},
};

impl Reader<'_> {
    /// Cuts the sentence where another clause begins.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut at = 0;
        let mut run = Run {
            begin: 0,
            end: 0,
            part: Part::States,
            opening: Opening::Joined,
            flips: false,
        };
        while at < self.words.len() {
            if let Some((part, opening, flips, begin)) = self.opens(at) {
                if at > run.begin {
                    run.end = at;
                    runs.push(run.clone());
                }
                run = Run {
                    begin,
                    end: begin,
                    part,
                    opening,
                    flips,
                };
                at = begin.max(at + 1);
                continue;
            }
            at += 1;
        }
        run.end = self.words.len();
        if run.end > run.begin {
            runs.push(run);
        }
        self.merged(runs)
    }

    /// Puts runs without a predicate to those they belong to: parts of a list, and what follows a comma.
    pub(super) fn merged(&self, runs: Vec<Run>) -> Vec<Run> {
        let mut merged: Vec<Run> = Vec::new();
        for run in runs {
            let Some(last) = merged.last_mut() else {
                merged.push(run);
                continue;
            };
            let plain = run.opening == Opening::Joined && run.part == Part::States;
            let adjoins = plain
                && (self.words[run.begin].pause || (run.begin > 0 && self.words[run.begin - 1].pause))
                && !self.is_joined_by(&run, &["but"]);
            let incomplete = last.part == Part::States && last.opening == Opening::Joined && !self.has_predicate(last);
            let lists = plain && incomplete && self.is_joined_by(&run, &["and", "or"]);
            if lists || (adjoins && (!self.has_predicate(&run) || incomplete) && last.part == Part::States) {
                last.end = run.end;
            } else {
                merged.push(run);
            }
        }
        merged
    }

    /// Whether a clause begins at a word: what it is, how it is joined, whether it is turned by its first word, and where its words begin.
    pub(super) fn opens(&self, at: usize) -> Option<(Part, Opening, bool, usize)> {
        let (word, next) = (self.lower(at), self.lower(at + 1));
        let condition = |regardless| Part::Condition { regardless };
        if at > 0 && self.lower(at - 1) == "even" && CONDITIONS.contains(&word) {
            return Some((condition(true), Opening::Joined, false, at + 1));
        }
        if word == "even" && CONDITIONS.contains(&next) {
            return Some((condition(true), Opening::Joined, false, at + 2));
        }
        // `towels are provided`, but `provided (that) you …`
        let provided = word != "provided" || next == "that" || SUBJECTS.contains(&next);
        if CONDITIONS.contains(&word) && provided && !matches!(next, "possible" | "necessary") {
            return Some((condition(false), Opening::Joined, word == "unless", at + 1));
        }
        if REASONS.contains(&word) {
            return Some((Part::Reason, Opening::Joined, false, at + 1));
        }
        if word == "as" && matches!((next, self.lower(at + 2)), ("long" | "soon", "as")) {
            return Some((condition(false), Opening::Joined, false, at + 3));
        }
        if at == 0 {
            return None;
        }
        if word == "except" {
            let begin = if matches!(next, "for" | "on" | "in") {
                at + 2
            } else {
                at + 1
            };
            return Some((Part::States, Opening::Exception, false, begin));
        }
        if word == "with" && next == "the" && self.lower(at + 2) == "exception" {
            return Some((Part::States, Opening::Exception, false, at + 4));
        }
        let pause = self.words[at].pause;
        let states = |opening, begin| Some((Part::States, opening, false, begin));
        match word {
            // `but not on Linux` has no verb; `but not refunded` has one.
            "but" if next == "not" => states(Opening::Denied, at + 1),
            "but" | "while" | "whereas" | "although" | "though" | "yet" => states(Opening::Joined, at + 1),
            "not" if pause => states(Opening::Denied, at),
            "which" | "who" if pause => states(Opening::Relative, at + 1),
            "and" | "or" | "so" if self.begins_predicate(at + 1) => states(Opening::Joined, at + 1),
            "and" | "or" if pause && next != "not" => states(Opening::Joined, at + 1),
            "and" if next == "not" => states(Opening::Denied, at + 1),
            _ if pause => states(Opening::Joined, at),
            _ => None,
        }
    }

    /// Whether a verb or a subject with its verb stands here.
    pub(super) fn begins_predicate(&self, at: usize) -> bool {
        let word = self.lower(at);
        if word == "then" || SUBJECTS.contains(&word) || AUXILIARIES.contains(&word) {
            return true;
        }
        let next = self.lower(at + 1);
        // `and usually takes`, `and bring the receipt`
        let adverb = word.ends_with("ly") || matches!(word, "also" | "never" | "always" | "still");
        if adverb {
            return AUXILIARIES.contains(&next) || self.is_verb(next);
        }
        if DETERMINERS.contains(&next) && !PREPOSITIONS.contains(&word) && !DETERMINERS.contains(&word) {
            return true;
        }
        if self.is_verb(word) && (word.ends_with('s') || word.ends_with("ed")) {
            return true;
        }
        // A subject of up to four words and an auxiliary.
        (1..=4).any(|ahead| {
            let stops = (0..ahead)
                .any(|between| at + between < self.words.len() && between > 0 && self.words[at + between].pause);
            !stops && AUXILIARIES.contains(&self.lower(at + ahead))
        })
    }

    pub(super) fn is_verb(&self, word: &str) -> bool {
        VERBS.contains(&self.finder.stem(word).as_str())
    }

    pub(super) fn has_predicate(&self, run: &Run) -> bool {
        (run.begin..run.end).any(|at| {
            let word = self.lower(at);
            AUXILIARIES.contains(&word) || SUBJECTS.contains(&word) || word == "please" || self.is_verb(word)
        })
    }

    /// Whether a run begins with its predicate.
    pub(super) fn lacks_subject(&self, run: &Run) -> bool {
        let first = self.lower(run.begin);
        if SUBJECTS.contains(&first) || DETERMINERS.contains(&first) {
            return false;
        }
        if first == "then" || AUXILIARIES.contains(&first) {
            return true;
        }
        let predicate = self.predicate(run);
        predicate.is_none_or(|place| place == run.begin)
    }

    pub(super) fn is_joined_by(&self, run: &Run, conjunctions: &[&str]) -> bool {
        run.begin > 0 && conjunctions.contains(&self.lower(run.begin - 1))
    }
}
