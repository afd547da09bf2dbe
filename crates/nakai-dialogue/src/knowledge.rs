//! Answers from articles: a small lexical index over the passages of a bot's knowledge base.
//!
//! A passage's score is the share of the question's weight that it covers, where a rare term weighs more than a common one. Terms are
//! stemmed words in English; in Japanese, pairs of characters of one script, so that no dictionary is needed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use nakai_bundle::model::Article;
use nakai_types::{Citation, Language};

use crate::text::fold;

/// A passage is cut at the end of a sentence before it gets longer than this, in characters.
const MAX_PASSAGE_CHARS: usize = 400;
/// How much more a passage counts that says it itself than one whose title does.
const BODY_BONUS: f32 = 0.2;
/// How much less a passage counts whose heading says that it is about something that was not asked.
const OTHER_HEADING: f32 = 0.5;

/// All passages of a bot.
pub(crate) struct Knowledge {
    languages: BTreeMap<Language, Index>,
}

/// The passages in one language.
#[derive(Default)]
struct Index {
    passages: Vec<Passage>,
    /// The passages that have a term.
    postings: HashMap<String, Vec<u32>>,
}

/// A part of an article that can stand as an answer.
pub(crate) struct Passage {
    /// The article's path.
    pub(crate) path: String,
    /// The words, without Markdown.
    pub(crate) text: String,
    title: String,
    url: Option<String>,
    /// Terms of the text itself.
    own: BTreeSet<String>,
    /// Terms of the heading above it.
    heading: BTreeSet<String>,
}

impl Passage {
    /// Where the passage is from.
    pub(crate) fn citation(&self) -> Citation {
        Citation {
            title: self.title.clone(),
            url: self.url.clone(),
            passage: self.text.clone(),
        }
    }

    /// The share of the heading's terms that are not in the question.
    fn unasked(&self, asked: &BTreeMap<String, f32>) -> f32 {
        let unasked = self.heading.iter().filter(|term| !asked.contains_key(*term)).count();
        #[expect(clippy::cast_precision_loss, reason = "a heading has far fewer than 2^24 terms")]
        let share = unasked as f32 / self.heading.len().max(1) as f32;
        share
    }
}

/// The best passage for a question.
pub(crate) struct Found<'a> {
    pub(crate) passage: &'a Passage,
    /// The share of the question's weight that the passage covers, 0 to 1.
    pub(crate) score: f32,
}

impl Knowledge {
    /// Indexes the articles that customers may see.
    pub(crate) fn index(articles: &[Article]) -> Self {
        let mut languages: BTreeMap<Language, Index> = BTreeMap::new();
        for article in articles
            .iter()
            .filter(|article| article.front_matter.audience == "public")
        {
            languages.entry(article.front_matter.language).or_default().add(article);
        }
        Self { languages }
    }

    /// Finds the passage in `language` that answers a question best, if any covers some of it.
    pub(crate) fn search(&self, language: Language, question: &str) -> Option<Found<'_>> {
        self.languages.get(&language)?.search(question, |_| true)
    }

    /// Finds the passage of one article that answers a question best, else its first. In `language` if the article has it, else in
    /// any.
    pub(crate) fn within(&self, language: Language, path: &str, question: &str) -> Option<Found<'_>> {
        let index = |language: &Language| {
            self.languages
                .get(language)
                .filter(|index| index.passages.iter().any(|p| p.path == path))
        };
        let index = index(&language).or_else(|| Language::ALL.iter().find_map(index))?;
        let first = || {
            index
                .passages
                .iter()
                .find(|passage| passage.path == path)
                .map(|passage| Found { passage, score: 0.0 })
        };
        index.search(question, |passage| passage.path == path).or_else(first)
    }
}

impl Index {
    fn add(&mut self, article: &Article) {
        let head = &article.front_matter;
        let mut shared = terms(&head.title);
        shared.extend(head.questions.iter().flat_map(|question| terms(question)));
        for (heading, text) in passages(&article.body) {
            let number = u32::try_from(self.passages.len()).unwrap_or(u32::MAX);
            let own: BTreeSet<String> = terms(&text).into_iter().map(|term| term.text).collect();
            let heading: BTreeSet<String> = terms(&heading).into_iter().map(|term| term.text).collect();
            let about = shared
                .iter()
                .map(|term| term.text.clone())
                .chain(heading.iter().cloned())
                .collect();
            for term in own.union(&about) {
                self.postings.entry(term.clone()).or_default().push(number);
            }
            let (path, title, url) = (article.path.clone(), head.title.clone(), head.source.clone());
            self.passages.push(Passage {
                path,
                text,
                title,
                url,
                own,
                heading,
            });
        }
    }

    fn search(&self, question: &str, allowed: impl Fn(&Passage) -> bool) -> Option<Found<'_>> {
        let mut asked: BTreeMap<String, f32> = BTreeMap::new();
        for term in terms(question) {
            asked.insert(term.text, term.weight);
        }
        let mut total = 0.0;
        let mut covered: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
        for (term, kind_weight) in &asked {
            let postings = self.postings.get(term).map_or(&[][..], Vec::as_slice);
            let weight = kind_weight * self.rarity(postings.len());
            total += weight;
            for number in postings {
                let own = self.passages[*number as usize].own.contains(term);
                let sum = covered.entry(*number).or_default();
                sum.0 += weight;
                sum.1 += if own { weight } else { 0.0 };
            }
        }
        let rank = |number: u32, (all, own): (f32, f32)| {
            let unasked = self.passages[number as usize].unasked(&asked);
            all * (1.0 - OTHER_HEADING * unasked) + own * BODY_BONUS
        };
        covered
            .into_iter()
            .filter(|(number, _)| allowed(&self.passages[*number as usize]))
            // The earlier passage wins a tie.
            .reduce(|best, next| {
                if rank(next.0, next.1) > rank(best.0, best.1) {
                    next
                } else {
                    best
                }
            })
            .filter(|_| total > 0.0)
            .map(|(number, (all, _))| Found {
                passage: &self.passages[number as usize],
                score: (all / total).min(1.0),
            })
    }

    /// The weight of a term that `having` passages have: BM25's inverse document frequency, kept from falling to nothing in a small
    /// knowledge base. A term that no passage has weighs as much as one that a single passage has.
    fn rarity(&self, having: usize) -> f32 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a knowledge base has far fewer than 2^24 passages"
        )]
        let (all, having) = (self.passages.len() as f32, having.max(1) as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln().clamp(0.3, 2.5)
    }
}

struct Term {
    text: String,
    weight: f32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Kanji,
    Katakana,
    Hiragana,
    Other,
}

fn script(c: char) -> Script {
    match c {
        _ if c.is_ascii_alphanumeric() => Script::Latin,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '々' => Script::Kanji,
        '\u{30a1}'..='\u{30fc}' => Script::Katakana,
        '\u{3041}'..='\u{309f}' => Script::Hiragana,
        _ if c.is_alphanumeric() => Script::Latin,
        _ => Script::Other,
    }
}

/// The terms of a text with the weight of their kind: what carries meaning weighs more than what joins it.
fn terms(text: &str) -> Vec<Term> {
    let folded = fold(text);
    let chars: Vec<char> = folded.chars().filter(|c| *c != '\'').collect();
    let mut found = Vec::new();
    for run in chars.chunk_by(|a, b| script(*a) == script(*b)) {
        match script(run[0]) {
            Script::Latin => found.extend(stem(&run.iter().collect::<String>()).map(|text| Term { text, weight: 1.0 })),
            Script::Kanji => {
                // A question word (何, 何時) is in the question, never in its answer.
                let run: Vec<char> = run.iter().copied().filter(|c| *c != '何').collect();
                let single = if run.len() == 1 { 0.8 } else { 0.3 };
                found.extend(run.iter().map(|c| Term {
                    text: c.to_string(),
                    weight: single,
                }));
                pairs(&run, 1.0, &mut found);
            }
            Script::Katakana => pairs(run, 1.0, &mut found),
            Script::Hiragana => pairs(run, 0.15, &mut found),
            Script::Other => {}
        }
    }
    found
}

fn pairs(run: &[char], weight: f32, found: &mut Vec<Term>) {
    found.extend(run.windows(2).map(|pair| Term {
        text: pair.iter().collect(),
        weight,
    }));
}

/// Takes the ending off an English word, roughly; `None` for words that carry no meaning.
fn stem(word: &str) -> Option<String> {
    const STOP: [&str; 72] = [
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "could", "did",
        "do", "does", "for", "from", "get", "give", "had", "has", "have", "how", "i", "id", "if", "im", "in", "is",
        "it", "its", "know", "let", "like", "may", "me", "my", "of", "on", "or", "our", "please", "s", "should", "so",
        "tell", "than", "that", "the", "their", "them", "there", "they", "this", "to", "us", "want", "was", "we",
        "what", "when", "where", "which", "who", "will", "with", "would", "you", "your",
    ];
    if STOP.binary_search(&word).is_ok() {
        return None;
    }
    let mut stemmed = word.to_owned();
    let long = |text: &str, ending: &str| text.len() >= ending.len() + 3;
    if stemmed.ends_with("ies") && long(&stemmed, "ies") {
        stemmed.truncate(stemmed.len() - 3);
        stemmed.push('y');
    } else if let Some(ending) = ["ing", "ed", "es", "s"]
        .into_iter()
        .find(|e| stemmed.ends_with(e) && long(&stemmed, e))
        && !(ending == "s" && stemmed.ends_with("ss"))
    {
        stemmed.truncate(stemmed.len() - ending.len());
    }
    let bytes = stemmed.as_bytes();
    let doubled =
        bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && !b"sl".contains(&bytes[bytes.len() - 1]);
    if (stemmed.ends_with('e') && stemmed.len() > 3) || doubled {
        stemmed.pop();
    }
    Some(stemmed)
}

/// Splits an article into passages, each with the headings above it. Short paragraphs under one heading stay together.
fn passages(markdown: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut heading = String::new();
    let mut fresh = true;
    for block in blocks(markdown) {
        if let Some(title) = block.strip_prefix('#') {
            heading = plain_line(title.trim_start_matches('#'));
            fresh = true;
            continue;
        }
        let text = block.lines().filter_map(block_line).collect::<Vec<_>>().join("\n");
        for part in sentences_up_to(&text, MAX_PASSAGE_CHARS) {
            match found.last_mut() {
                Some((_, open)) if !fresh && open.chars().count() + part.chars().count() < MAX_PASSAGE_CHARS => {
                    open.push('\n');
                    open.push_str(part);
                }
                _ => found.push((heading.clone(), part.to_owned())),
            }
            fresh = false;
        }
    }
    found
}

/// Splits at empty lines and around headings.
fn blocks(markdown: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in markdown.lines() {
        let is_heading = line.trim_start_matches('#').starts_with(' ') && line.starts_with('#');
        if line.trim().is_empty() || is_heading {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(line.trim_end());
            block.push('\n');
        }
        if is_heading {
            blocks.push(String::new());
        }
    }
    blocks
        .into_iter()
        .map(|block| block.trim().to_owned())
        .filter(|block| !block.is_empty())
        .collect()
}

/// One line of a paragraph, list or table without its Markdown; `None` for lines that are only Markdown.
fn block_line(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with("```") || (!line.is_empty() && line.chars().all(|c| "|-: =_*".contains(c))) {
        return None;
    }
    if let Some(cells) = line.strip_prefix('|') {
        let cells: Vec<String> = cells.trim_end_matches('|').split('|').map(plain_line).collect();
        return Some(cells.join(" / "));
    }
    let quoted = line.trim_start_matches(['>', ' ']);
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| quoted.strip_prefix(mark));
    Some(item.map_or_else(|| plain_line(quoted), |item| format!("・{}", plain_line(item))))
}

/// Takes links, emphasis and code marks out of a line.
fn plain_line(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.trim();
    while let Some(at) = rest.find(['[', '!', '*', '`', '_']) {
        plain.push_str(&rest[..at]);
        let here = &rest[at..];
        let link = here
            .strip_prefix('!')
            .unwrap_or(here)
            .strip_prefix('[')
            .and_then(|inside| {
                let (label, target) = inside.split_once("](")?;
                Some((label, target.split_once(')')?.1)).filter(|(label, _)| !label.contains(['[', ']']))
            });
        let between_letters = plain.chars().next_back().is_some_and(char::is_alphanumeric)
            && here.chars().nth(1).is_some_and(char::is_alphanumeric);
        if let Some((label, after)) = link {
            plain.push_str(label);
            rest = after;
        } else {
            let mark = here.chars().next().unwrap_or_default();
            if matches!(mark, '[' | '!') || (mark == '_' && between_letters) {
                plain.push(mark);
            }
            rest = &here[mark.len_utf8()..];
        }
    }
    plain.push_str(rest);
    plain
}

/// Cuts a text after the ends of sentences so that no part is longer than `chars`, unless one sentence is.
fn sentences_up_to(text: &str, chars: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut last_end, mut length) = (0, 0, 0);
    let mut following = text.char_indices().peekable();
    while let Some((at, c)) = following.next() {
        length += 1;
        let next = following.peek().map(|(_, c)| *c);
        let ends = matches!(c, '。' | '！' | '？' | '\n')
            || (matches!(c, '.' | '!' | '?') && next.is_none_or(char::is_whitespace));
        if length > chars && last_end > start {
            parts.push(&text[start..last_end]);
            length = text[last_end..at].chars().count() + 1;
            start = last_end;
        }
        if ends {
            last_end = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use nakai_bundle::model::ArticleFrontMatter;

    use super::*;

    fn article(path: &str, language: Language, title: &str, body: &str) -> Article {
        let front_matter = ArticleFrontMatter {
            title: title.into(),
            language,
            source: None,
            audience: "public".into(),
            questions: Vec::new(),
        };
        Article {
            path: path.into(),
            front_matter,
            body: body.into(),
        }
    }

    fn knowledge() -> Knowledge {
        use Language::{En, Ja};
        Knowledge::index(&[
            article(
                "baths/hours",
                Ja,
                "お風呂の時間",
                "大浴場は15時から24時までご利用いただけます。\n\n## 貸切風呂\n\n貸切風呂は45分3,000円です。フロントでご予約ください。",
            ),
            article(
                "baths/hours",
                En,
                "Bath hours",
                "The large bath opens at 15:00 and closes at 24:00.\n\n## Private bath\n\nThe *private* bath costs 3,000 yen for 45 minutes. [Reserve](https://x) at the front desk.",
            ),
            article("pets", Ja, "ペット", "犬や猫のご宿泊はご遠慮いただいております。"),
            article("pets", En, "Pets", "Dogs and cats can't stay with us."),
            article(
                "breakfast",
                En,
                "Breakfast",
                "Breakfast is served from 7:00 to 9:30 in the dining hall.",
            ),
            article(
                "breakfast",
                Ja,
                "朝食",
                "朝食は7時から9時30分まで、お食事処でご用意します。",
            ),
        ])
    }

    #[test]
    fn questions_find_their_passage() {
        use Language::{En, Ja};
        let knowledge = knowledge();
        for (language, question, path, contains) in [
            (Ja, "お風呂は何時までですか", "baths/hours", "24時"),
            (Ja, "貸切風呂の料金を教えて", "baths/hours", "3,000円"),
            (Ja, "犬は泊まれますか", "pets", "犬"),
            (Ja, "朝食は何時から？", "breakfast", "7時"),
            (En, "What time does the bath close?", "baths/hours", "24:00"),
            (En, "how much is a private bath", "baths/hours", "3,000 yen"),
            (En, "Can I bring my dog?", "pets", "Dogs"),
            (En, "when is breakfast served", "breakfast", "7:00"),
        ] {
            let found = knowledge
                .search(language, question)
                .unwrap_or_else(|| panic!("{question}"));
            assert_eq!(found.passage.path, path, "{question}");
            assert!(
                found.passage.text.contains(contains),
                "{question}: {}",
                found.passage.text
            );
            assert!(found.score >= 0.35, "{question}: {}", found.score);
        }
    }

    #[test]
    fn other_questions_score_low() {
        let knowledge = knowledge();
        for (language, question) in [
            (Language::En, "Who won the world cup in 1998?"),
            (Language::Ja, "株価の見通しを教えてください"),
            (Language::En, ""),
            (Language::Ja, "？？？"),
        ] {
            let score = knowledge.search(language, question).map_or(0.0, |found| found.score);
            assert!(score < 0.35, "{question}: {score}");
        }
    }

    #[test]
    fn an_article_always_answers_in_some_language() {
        let knowledge = knowledge();
        assert!(knowledge.within(Language::En, "pets", "xyz").is_some());
        assert!(knowledge.within(Language::En, "no/such", "pets").is_none());
    }

    #[test]
    fn articles_for_staff_are_not_shown() {
        let mut staff = article("safe", Language::En, "Safe", "The code of the safe is 1234.");
        staff.front_matter.audience = "staff".into();
        assert!(
            Knowledge::index(&[staff])
                .search(Language::En, "code of the safe")
                .is_none()
        );
    }

    #[test]
    fn passages_are_plain_and_bounded() {
        let markdown = format!(
            "# A\n\n**Bold** and [link](https://x) with snake_case.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two\n\n## B\n\n{}",
            "長い文です。".repeat(200)
        );
        let passages = passages(&markdown);
        assert_eq!(
            passages[0],
            (
                "A".into(),
                "Bold and link with snake_case.\na / b\n1 / 2\n・one\n・two".into()
            )
        );
        assert!(
            passages
                .iter()
                .all(|(_, text)| text.chars().count() <= MAX_PASSAGE_CHARS)
        );
        assert!(
            passages[1..]
                .iter()
                .all(|(heading, text)| heading == "B" && text.ends_with('。'))
        );
    }

    #[test]
    fn stemming_joins_forms_and_the_stop_list_is_sorted() {
        for (a, b) in [
            ("closes", "closing"),
            ("opened", "opens"),
            ("dog", "dogs"),
            ("cities", "city"),
            ("swimming", "swims"),
        ] {
            assert_eq!(stem(a), stem(b));
        }
        for stop in ["a", "your", "of", "which"] {
            assert_eq!(stem(stop), None);
        }
    }
}
