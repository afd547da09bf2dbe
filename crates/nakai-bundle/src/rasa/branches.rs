use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    context::{Context, cancels, says_no, says_yes},
    paths::{Act, Path, Turn},
    report::Place,
};

/// What the bot does after an utterance, and what it does about the utterances that may follow.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) acts: Vec<Act>,
    /// The rule or story that says so, by its number.
    path: usize,
    pub(super) place: Place,
    pub(super) next: BTreeMap<String, Branch>,
}

pub(super) type Branches = BTreeMap<String, Branch>;

/// How many utterances in a row are taken as one conversation. Longer stories are cut.
const LONGEST_CONVERSATION: usize = 6;
/// How many branches all stories together may have; `or` multiplies them.
const MAX_BRANCHES: usize = 20_000;

/// What is done about each intent when nothing was said before.
#[derive(Debug)]
pub(super) struct Chosen {
    /// By intent. Only what answers a question with yes or no follows anything.
    pub(super) branches: Branches,
    /// Intents that answer the questions of forms.
    pub(super) answers: BTreeSet<String>,
    /// The numbers of rules and stories that another one contradicts from the first utterance on.
    pub(super) contradicting: BTreeSet<usize>,
}

impl Chosen {
    /// Finds the first thing that is said about each intent: by a rule, at the beginning of a story, within a story, within a form.
    pub(super) fn among(paths: &[Path], context: &mut Context<'_>) -> Self {
        let mut planting = Planting {
            paths,
            contradicting: BTreeSet::new(),
            count: 0,
        };
        let mut answers = BTreeSet::new();
        let mut roots = Branches::new();
        let mut digressions = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let (within, outside): (Vec<&Turn>, Vec<&Turn>) = path.turns.iter().partition(|turn| turn.form.is_some());
            for (number, part) in outside.chunks(LONGEST_CONVERSATION).enumerate() {
                if let (1.., [turn, ..]) = (number, part) {
                    let what = format!(
                        "{} `{}` is long; from here on it is a conversation of its own",
                        path.kind, path.name
                    );
                    context.ledger.changed(turn.place.clone(), what, "");
                }
                planting.plant(&mut roots, part, index, number == 0, context);
            }
            digressions.extend(within.into_iter().map(|turn| (index, turn)));
        }
        let mut waiting: VecDeque<(String, Branch)> = roots.into_iter().collect();
        for (index, turn) in digressions {
            let acts: Vec<_> = turn
                .acts
                .iter()
                .filter(|act| !matches!(act, Act::Form(_)))
                .cloned()
                .collect();
            for intent in &turn.intents {
                if acts.is_empty() {
                    answers.insert(intent.clone());
                } else {
                    let branch = Branch {
                        acts: acts.clone(),
                        path: index,
                        place: turn.place.clone(),
                        next: Branches::new(),
                    };
                    waiting.push_back((intent.clone(), branch));
                }
            }
        }
        let mut chosen = Branches::new();
        while let Some((intent, mut branch)) = waiting.pop_front() {
            if branch.acts.is_empty() {
                waiting.extend(std::mem::take(&mut branch.next));
                continue;
            }
            let asks = matches!(branch.acts.last(), Some(Act::Say(_)));
            let (replies, others): (Branches, Branches) = std::mem::take(&mut branch.next)
                .into_iter()
                .partition(|(intent, _)| asks && answer(intent, context).is_some());
            for (intent, other) in others {
                context.ledger.changed(
                    other.place.clone(),
                    format!("what follows intent `{intent}` no longer depends on what was said before"),
                    "make it a flow if it should",
                );
                waiting.push_back((intent, other));
            }
            branch.next = replies;
            match chosen.get_mut(&intent) {
                None => {
                    chosen.insert(intent, branch);
                }
                Some(first) if first.acts == branch.acts => {
                    for (intent, reply) in branch.next {
                        match first.next.get(&intent) {
                            Some(known) if known.acts == reply.acts => {}
                            Some(_) => contradict(paths, &intent, &reply, context),
                            None => drop(first.next.insert(intent, reply)),
                        }
                    }
                }
                Some(_) => contradict(paths, &intent, &branch, context),
            }
        }
        Self {
            branches: chosen,
            answers,
            contradicting: planting.contradicting,
        }
    }
}

/// Grows the tree of what may follow what.
struct Planting<'a> {
    paths: &'a [Path],
    contradicting: BTreeSet<usize>,
    count: usize,
}

impl Planting<'_> {
    fn plant(
        &mut self,
        branches: &mut Branches,
        turns: &[&Turn],
        path: usize,
        is_first: bool,
        context: &mut Context<'_>,
    ) {
        let [turn, rest @ ..] = turns else { return };
        for intent in &turn.intents {
            self.count += 1;
            if self.count > MAX_BRANCHES {
                context.ledger.lost(
                    turn.place.clone(),
                    "stories branch too often to be carried over from here on",
                    "write them as flows",
                );
                return;
            }
            let new = Branch {
                acts: turn.acts.clone(),
                path,
                place: turn.place.clone(),
                next: Branches::new(),
            };
            let branch = branches.entry(intent.clone()).or_insert_with(|| new.clone());
            if branch.acts == turn.acts {
                self.plant(&mut branch.next, rest, path, false, context);
            } else {
                if is_first {
                    self.contradicting.insert(path);
                }
                contradict(self.paths, intent, &new, context);
            }
        }
    }
}

/// Reports that something else is done about an intent already.
pub(super) fn contradict(paths: &[Path], intent: &str, branch: &Branch, context: &mut Context<'_>) {
    let Some(path) = paths.get(branch.path) else { return };
    context.ledger.lost(
        branch.place.clone(),
        format!(
            "{} `{}` does something else about intent `{intent}` than what comes before it",
            path.kind, path.name
        ),
        "tell the cases apart with a `when` step in one flow",
    );
}

/// Whether an intent says yes or no: by the slots that it fills, else by its name.
pub(super) fn answer(intent: &str, context: &Context<'_>) -> Option<bool> {
    let mut fills = context
        .domain
        .slots
        .values()
        .filter(|slot| slot.kind == "bool")
        .flat_map(|slot| &slot.intents);
    let filled = fills
        .find(|(by, _)| by == intent)
        .and_then(|(_, value)| value.to_lowercase().parse().ok());
    filled.or(match intent {
        yes if says_yes(yes) => Some(true),
        no if says_no(no) || cancels(no) => Some(false),
        _ => None,
    })
}
