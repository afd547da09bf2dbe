//! What customers said that a bot did not understand, grouped by meaning, and what examples that makes.

use std::collections::{BTreeMap, BTreeSet};

use nakai_bundle::{
    Bundle,
    model::{AnswerFrom, Intent, Localised},
};
use nakai_nlp::text::{Normalised, StopWords, words};
use nakai_types::{Language, Outcome, TurnRecord};

/// Utterances at least this near to a group's middle (cosine) belong to it.
const TOGETHER: f32 = 0.55;
/// A group at least this near to an intent's examples (mean cosine) is more of that intent; others are something new.
const NEAR: f32 = 0.6;
/// How often a group must have been said.
const LEAST: usize = 2;
/// How many different utterances are grouped, the most frequent ones.
const MOST_UTTERANCES: usize = 2000;
/// Longer utterances, in characters, are stories, not examples.
const LONGEST: usize = 120;
/// Of how many words the name of a new intent is made.
const NAME_WORDS: usize = 2;

/// Something that was said and not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// What was said, screened.
    pub text: String,
    /// The language in which it was read.
    pub language: Language,
    /// How often it was said.
    pub times: usize,
}

/// A group of utterances and where they belong.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The intent that gets the examples.
    pub intent: String,
    /// Whether the bot has no such intent yet.
    pub is_new: bool,
    /// The intent whose examples are nearest, which is `intent` unless that is new; empty for a bot without any.
    pub nearest: String,
    /// How near it is: the mean cosine of each utterance's nearest example there.
    pub similarity: f32,
    /// How often any of it was said.
    pub times: usize,
    /// The utterances, the most telling first: those in the middle of the group.
    pub examples: Vec<Unanswered>,
}

/// Picks what a bot did not understand: turns that ended in a fallback, were out of scope, or whose best intent was less sure than
/// `sure`. Answers within a flow are no questions, and what has a placeholder for personal data is no example. The most frequent come first.
pub fn unanswered(turns: &[TurnRecord], sure: f32) -> Vec<Unanswered> {
    let mut said: BTreeMap<String, Unanswered> = BTreeMap::new();
    for turn in turns {
        let understanding = &turn.understanding;
        let unsure =
            understanding.out_of_scope || understanding.intents.first().is_none_or(|best| best.confidence < sure);
        let missed = match turn.reply.outcome {
            Outcome::Fallback => true,
            Outcome::Reply | Outcome::Answer | Outcome::Cached => unsure,
            _ => false,
        };
        let text = turn.utterance.as_str().trim();
        if !missed || !is_example(text) {
            continue;
        }
        let key = Normalised::of(text).as_str().to_lowercase();
        let entry = said.entry(key).or_insert_with(|| Unanswered {
            text: text.to_owned(),
            language: understanding.language,
            times: 0,
        });
        entry.times += 1;
    }
    let mut said: Vec<Unanswered> = said.into_values().collect();
    said.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.text.cmp(&b.text)));
    said.truncate(MOST_UTTERANCES);
    said
}

/// Says whether a text may be an example: of a few words, with a letter, and without placeholders such as `[email_1]`.
fn is_example(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && text.chars().nth(LONGEST).is_none() && !has_placeholder(text)
}

fn has_placeholder(text: &str) -> bool {
    text.split('[').skip(1).any(|after| {
        let inside = after.split_once(']').map(|(inside, _)| inside);
        let parts = inside.and_then(|inside| inside.rsplit_once('_'));
        parts.is_some_and(|(kind, number)| {
            kind.chars().all(|c| c.is_ascii_lowercase() || c == '_') && number.chars().all(|c| c.is_ascii_digit())
        })
    })
}

/// Groups what was not understood and says where each group belongs, what was said most often first. The same utterances and bot always
/// give the same proposals.
pub fn propose(said: &[Unanswered], bundle: &Bundle) -> Vec<Proposal> {
    let vectors = encode(said.iter().map(|utterance| utterance.text.as_str()));
    let known: Vec<(&str, Vec<Vec<f32>>)> = (bundle.intents.iter())
        .filter(|(_, intent)| intent.control.is_none() && !intent.social)
        .map(|(name, intent)| {
            let examples = intent
                .examples
                .iter()
                .flat_map(|(_, examples)| examples.iter().map(String::as_str));
            (name.as_str(), encode(examples))
        })
        .collect();
    let mut taken: BTreeSet<String> = bundle.intents.keys().cloned().collect();
    let mut proposals: Vec<Proposal> = Vec::new();
    for group in groups(said, &vectors) {
        let examples: Vec<Unanswered> = group.iter().map(|member| said[*member].clone()).collect();
        let times = examples.iter().map(|example| example.times).sum();
        let nearness = |of: &Vec<Vec<f32>>| {
            let nearest = |member: &usize| {
                of.iter()
                    .map(|example| dot(example, &vectors[*member]))
                    .fold(0.0, f32::max)
            };
            group.iter().map(nearest).sum::<f32>() / group.len().max(1) as f32
        };
        let (nearest, similarity) = known
            .iter()
            .map(|(name, examples)| (*name, nearness(examples)))
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .unwrap_or_default();
        let is_new = similarity < NEAR;
        if let Some(same) = proposals.iter_mut().find(|other| !is_new && other.intent == nearest) {
            same.times += times;
            same.examples.extend(examples);
            continue;
        }
        let intent = if is_new {
            name(&examples, bundle, &taken)
        } else {
            nearest.to_owned()
        };
        taken.insert(intent.clone());
        proposals.push(Proposal {
            intent,
            is_new,
            nearest: nearest.to_owned(),
            similarity,
            times,
            examples,
        });
    }
    proposals.sort_by_key(|proposal| std::cmp::Reverse(proposal.times));
    proposals
}

/// Gives the bundle with the examples of the proposals added. A new intent answers from knowledge, until its author knows better.
pub fn with_examples(bundle: &Bundle, proposals: &[Proposal]) -> Bundle {
    let mut changed = bundle.clone();
    for proposal in proposals {
        let added = intent(proposal);
        let known = changed.intents.entry(proposal.intent.clone());
        let known = known.or_insert_with(|| Intent {
            examples: Localised::default(),
            ..added.clone()
        });
        for (mine, new) in [
            (&mut known.examples.ja, added.examples.ja),
            (&mut known.examples.en, added.examples.en),
        ] {
            if let Some(new) = new {
                mine.get_or_insert_default().extend(new);
            }
        }
    }
    changed
}

/// A proposal as an intent of a bundle.
pub fn intent(proposal: &Proposal) -> Intent {
    let of = |language: Language| {
        let own = proposal.examples.iter().filter(|example| example.language == language);
        let texts: Vec<String> = own.map(|example| example.text.clone()).collect();
        (!texts.is_empty()).then_some(texts)
    };
    let examples = Localised {
        ja: of(Language::Ja),
        en: of(Language::En),
    };
    Intent {
        title: Localised {
            ja: examples.ja.as_ref().and_then(|texts| texts.first().cloned()),
            en: examples.en.as_ref().and_then(|texts| texts.first().cloned()),
        },
        examples,
        answer: Some(AnswerFrom::Search(true)),
        ..Intent::default()
    }
}

/// Groups utterances by leaders: each joins the group whose middle is nearest, or leads a new one; a second pass asks each again, when all
/// groups are known. Members are in the order of their nearness to the middle.
fn groups(said: &[Unanswered], vectors: &[Vec<f32>]) -> Vec<Vec<usize>> {
    let mut middles: Vec<Vec<f32>> = Vec::new();
    for vector in vectors {
        match nearest(&middles, vector) {
            Some((group, cosine)) if cosine >= TOGETHER => {
                // The sum points where the mean does.
                middles[group]
                    .iter_mut()
                    .zip(vector)
                    .for_each(|(sum, number)| *sum += number);
            }
            _ => middles.push(vector.clone()),
        }
    }
    let mut groups: Vec<Vec<(usize, f32)>> = vec![Vec::new(); middles.len()];
    for (member, vector) in vectors.iter().enumerate() {
        if let Some((group, cosine)) = nearest(&middles, vector).filter(|(_, cosine)| *cosine >= TOGETHER) {
            groups[group].push((member, cosine));
        }
    }
    groups.retain(|group| group.iter().map(|(member, _)| said[*member].times).sum::<usize>() >= LEAST);
    let in_order = |mut group: Vec<(usize, f32)>| {
        group.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        group.into_iter().map(|(member, _)| member).collect()
    };
    groups.into_iter().map(in_order).collect()
}

/// The middle nearest to a vector and its cosine; the first of equals.
fn nearest(middles: &[Vec<f32>], vector: &[f32]) -> Option<(usize, f32)> {
    let cosine = |middle: &Vec<f32>| dot(middle, vector) / dot(middle, middle).sqrt().max(f32::MIN_POSITIVE);
    let cosines = middles.iter().map(cosine).enumerate();
    cosines.rev().max_by(|(_, a), (_, b)| a.total_cmp(b))
}

fn encode<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Vec<f32>> {
    let encoder = nakai_encoder::shipped();
    let texts: Vec<String> = texts.map(|text| Normalised::of(text).as_str().to_lowercase()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let numbers = encoder.encode_batch(&texts, threads);
    numbers
        .chunks_exact(encoder.dimension().max(1))
        .map(<[f32]>::to_vec)
        .collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Names a new intent after the words that most of its utterances have and that say something; `topic` if there are none.
fn name(examples: &[Unanswered], bundle: &Bundle, taken: &BTreeSet<String>) -> String {
    let stop_words = Language::ALL.map(|language| {
        let own = bundle.bot.stop_words.get(language).map_or(&[][..], Vec::as_slice);
        StopWords::new(language, own)
    });
    // Names are for authors: English words if anyone wrote any.
    let language = if examples.iter().any(|example| example.language == Language::En) {
        Language::En
    } else {
        Language::Ja
    };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (place, example) in examples
        .iter()
        .enumerate()
        .filter(|(_, example)| example.language == language)
    {
        let normalised = Normalised::of(&example.text);
        let telling: BTreeSet<String> = words(&normalised)
            .iter()
            .filter(|word| {
                matches!(word.part_of_speech(), "word" | "名詞") && !stop_words.iter().any(|list| list.contains(word))
            })
            .map(|word| word.base().to_lowercase().replace(|c: char| !c.is_alphanumeric(), ""))
            .filter(|word| word.chars().nth(1).is_some() && !QUESTIONS.contains(&word.as_str()))
            .collect();
        for word in telling {
            counts.entry(word).or_insert((0, place)).0 += example.times;
        }
    }
    let mut counts: Vec<(String, (usize, usize))> = counts.into_iter().collect();
    counts.sort_by(|(_, (a, a_place)), (_, (b, b_place))| b.cmp(a).then(a_place.cmp(b_place)));
    let most = counts.first().map_or(0, |(_, (count, _))| *count);
    let telling: Vec<String> = counts
        .into_iter()
        .filter(|(_, (count, _))| 2 * count >= most)
        .take(NAME_WORDS)
        .map(|(word, _)| word)
        .collect();
    let name = if telling.is_empty() {
        "topic".to_owned()
    } else {
        telling.join("_")
    };
    let free = |name: &String| !taken.contains(name);
    let numbered = (2_usize..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or(name)
}

/// Question words and the like, which are on no list of stop words because they change what is meant, but name nothing.
const QUESTIONS: [&str; 20] = [
    "what",
    "when",
    "where",
    "which",
    "who",
    "how",
    "why",
    "can",
    "could",
    "any",
    "not",
    "much",
    "many",
    "need",
    "want",
    "please",
    "get",
    "use",
    "いくつ",
    "どこ",
];

#[cfg(test)]
mod tests;
