//! Which utterances train and which test.

use std::collections::BTreeMap;

use crate::{labelled::Labelled, random::Random};

/// Cuts utterances into parts of equal size in which each label is equally frequent, as far as that goes. Gives the part of each.
pub(super) fn folds(all: &[Labelled], parts: usize, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed);
    let mut part_of = vec![0; all.len()];
    let mut next = 0;
    for mut rows in by_label(all).into_values() {
        random.shuffle(&mut rows);
        for row in rows {
            part_of[row] = next;
            next = (next + 1) % parts.max(1);
        }
    }
    part_of
}

/// Takes `shots` utterances of each label at random, in the order of the file; those for which `always` holds are all taken.
pub(super) fn few<'l>(
    all: &[&'l Labelled],
    shots: usize,
    seed: u64,
    always: impl Fn(&Labelled) -> bool,
) -> Vec<&'l Labelled> {
    let mut random = Random::new(seed);
    let mut taken = vec![false; all.len()];
    for mut rows in by_label(all.iter().copied()).into_values() {
        random.shuffle(&mut rows);
        let enough = if rows.first().is_some_and(|row| always(all[*row])) {
            rows.len()
        } else {
            shots
        };
        rows.iter().take(enough).for_each(|row| taken[*row] = true);
    }
    let taken = all.iter().zip(taken).filter(|(_, taken)| *taken);
    taken.map(|(labelled, _)| *labelled).collect()
}

/// The rows of each label; an utterance of several intents has them all as its label.
fn by_label<'l>(all: impl IntoIterator<Item = &'l Labelled>) -> BTreeMap<&'l [String], Vec<usize>> {
    let mut labels: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    for (row, labelled) in all.into_iter().enumerate() {
        labels.entry(&labelled.intents).or_default().push(row);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utterances() -> Vec<Labelled> {
        let labelled = |line: usize, intent: &str| Labelled {
            text: format!("utterance {line}"),
            intents: vec![intent.to_owned()],
            file: String::new(),
            line,
        };
        (0..40)
            .map(|line| labelled(line, if line % 4 == 0 { "rare" } else { "frequent" }))
            .collect()
    }

    #[test]
    fn each_part_has_its_share_of_each_label() {
        let all = utterances();
        let parts = folds(&all, 5, 7);
        for part in 0..5 {
            let own = || parts.iter().zip(&all).filter(move |(p, _)| **p == part);
            assert_eq!(own().count(), 8);
            assert_eq!(own().filter(|(_, l)| l.intents[0] == "rare").count(), 2);
        }
        assert_ne!(parts, folds(&all, 5, 8), "the seed matters");
        assert_eq!(parts, folds(&all, 5, 7));
    }

    #[test]
    fn few_are_taken_of_each_label_and_all_of_what_is_always_taken() {
        let all = utterances();
        let all: Vec<&Labelled> = all.iter().collect();
        let count = |taken: &[&Labelled], label: &str| taken.iter().filter(|l| l.intents[0] == label).count();
        let taken = few(&all, 3, 7, |_| false);
        assert_eq!((count(&taken, "rare"), count(&taken, "frequent")), (3, 3));
        let taken = few(&all, 3, 7, |labelled| labelled.intents[0] == "rare");
        assert_eq!((count(&taken, "rare"), count(&taken, "frequent")), (10, 3));
        assert!(taken.is_sorted_by_key(|labelled| labelled.line));
        assert_ne!(taken, few(&all, 3, 8, |labelled| labelled.intents[0] == "rare"));
    }
}
