//! What Japanese sentences state: their predicates, each with the words before it and whether it is denied.
//!
//! Japanese puts what is denied at the end of a clause (`お入りいただけませんが`), often far from its topic, and joins clauses without any
//! mark. So a clause ends where a predicate does, not at a comma. What only limits a noun (`予約のない方`) or sets a condition
//! (`隠しきれない場合は`) states nothing by itself and stays with the clause that it belongs to.

use std::ops::Range;

use nakai_morph::{Dictionary, Morpheme};

use self::words::{EXISTENCE, LIGHT, PERSONS, known, same};
pub(crate) use self::{
    details::{Arguments, Condition, quantifiers, restricts},
    words::{Predicate, is_predicate, nominal},
};
use crate::clause::{Demand, Relation};

mod details;
mod words;

/// A clause that states something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// Where it stands in the sentence, in bytes.
    pub(crate) range: Range<usize>,
    /// What it says.
    pub(crate) predicate: Predicate,
    /// The dictionary form of the word that says it.
    pub(crate) word: String,
    /// Whether it denies it.
    pub(crate) denies: bool,
    /// Whether it says that it has to be or can be.
    pub(crate) demand: Demand,
    /// Its nouns by what they are to the predicate.
    pub(crate) arguments: Arguments,
    /// What it leaves out, in bytes.
    pub(crate) exclusion: Option<Range<usize>>,
    /// What is set before or after what.
    pub(crate) relations: Vec<(Relation, String)>,
    /// Under which conditions it holds.
    pub(crate) conditions: Vec<Condition>,
}

/// Finds the clauses of a folded sentence that state something.
pub(crate) fn clauses(folded: &str, dictionary: &Dictionary, morphemes: &[Morpheme]) -> Vec<Clause> {
    let reader = Reader {
        folded,
        dictionary,
        morphemes,
    };
    reader.clauses()
}

struct Reader<'a> {
    folded: &'a str,
    dictionary: &'a Dictionary,
    morphemes: &'a [Morpheme],
}

/// A predicate with what is attached to it.
struct Chain {
    head: usize,
    /// One past its last morpheme.
    end: usize,
    denies: bool,
}

impl Reader<'_> {
    fn clauses(&self) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let (mut begin, mut at) = (0, 0);
        let mut conditions = Vec::new();
        while at < self.morphemes.len() {
            let Some(chain) = self.chain(at) else {
                at += 1;
                continue;
            };
            at = chain.end;
            if !self.states(&chain) {
                conditions.extend(self.condition(begin, &chain));
                continue;
            }
            let (predicate, itself) = self.predicate(begin, &chain);
            // 盲導犬を除き、: what the next clause leaves out.
            if self.base(chain.head) == "除く" && self.surface(chain.end) == "、" {
                continue;
            }
            // 4歳未満で、: a condition rather than a statement, unless the word states something on its own, as 不要で、 does.
            let is_noun = self.part(chain.head).is_some_and(|(major, _)| major == "名詞");
            if is_noun && matches!(predicate, Predicate::Other(_)) && self.surface(chain.end - 1) == "で" {
                continue;
            }
            clauses.push(Clause {
                range: self.start(begin)..self.start(chain.end),
                predicate,
                word: self.base(chain.head),
                denies: chain.denies != itself,
                demand: self.demand(&chain),
                arguments: self.arguments(begin, &chain),
                exclusion: self.exclusion(begin, chain.end),
                relations: self.relations(begin, chain.end),
                conditions: std::mem::take(&mut conditions),
            });
            begin = chain.end;
        }
        clauses
    }

    /// The chain that begins at a morpheme: a verb or an adjective, or a noun that the copula makes a predicate, with auxiliaries.
    fn chain(&self, head: usize) -> Option<Chain> {
        let (major, minor) = self.part(head)?;
        let is_head = match (major, minor) {
            ("動詞" | "形容詞", "自立") => true,
            ("助動詞", _) => self.base(head) == "ござる",
            ("名詞", "数" | "非自立") => false,
            // お知らせ|ください
            ("名詞", _) => {
                let verb = self.part(head + 1) == Some(("動詞", "非自立"));
                // 期間|の|こと|。
                let defines =
                    self.surface(head + 1) == "の" && self.surface(head + 2) == "こと" && self.ends_at(head + 3);
                defines || verb || self.copula(head + 1).is_some() || self.ends_at(head + 1) || self.joins_on(head)
            }
            _ => false,
        };
        if !is_head {
            return None;
        }
        let mut end = head + 1;
        let mut denials = 0_u32;
        while let Some(next) = self.attached(end) {
            for at in end..next {
                denials += u32::from(matches!(
                    self.base(at).as_str(),
                    "ない" | "ん" | "ぬ" | "ず" | "まい" | "かねる" | "いたしかねる"
                ));
            }
            end = next;
        }
        denials += u32::from(matches!(self.base(head).as_str(), "いたしかねる" | "かねる"));
        Some(Chain {
            head,
            end,
            denies: denials % 2 == 1,
        })
    }

    /// One past what is attached to a predicate at this place; `None` if nothing is.
    fn attached(&self, at: usize) -> Option<usize> {
        let (major, minor) = self.part(at)?;
        match (major, minor) {
            ("助動詞", _) | ("動詞" | "形容詞", "非自立" | "接尾") => Some(at + 1),
            // お入り|いただける, 利用|できる, 予約|承る
            ("動詞", "自立") if LIGHT.contains(&self.base(at).as_str()) => Some(at + 1),
            ("助詞", "接続助詞") if matches!(self.surface(at), "て" | "で") && self.surface(at + 1) != "は" => {
                self.attached(at + 1)
            }
            // 予約し|なけれ|ば|なり|ませ|ん, 予約し|なく|て|は|いけ|ませ|ん
            // お吸い|い|た|だけ|ます, as the dictionary cuts what says いただけます
            ("助詞", "副助詞") => (self.surface(at) == "だけ" && self.base(at + 1) == "ます").then_some(at + 2),
            ("助詞", "接続助詞") => {
                let verb = if self.surface(at + 1) == "は" { at + 2 } else { at + 1 };
                let must =
                    matches!(self.surface(at), "ば" | "て") && matches!(self.base(verb).as_str(), "なる" | "いける");
                must.then_some(verb + 1)
            }
            // ご利用いただく|こと|は|でき|ませ|ん
            ("名詞", _) if matches!(self.surface(at), "こと" | "場合") => {
                let verb = at + 2;
                let joins = matches!(self.surface(at + 1), "は" | "が" | "も");
                let can = LIGHT.contains(&self.base(verb).as_str()) || EXISTENCE.contains(&self.base(verb).as_str());
                (joins && can).then_some(verb + 1)
            }
            // 時間|で|は|あり|ませ|ん
            _ => self.copula(at),
        }
    }

    /// One past a copula that begins here: `です`, `で(は)あり`, `で(は)ござい`, `じゃ`.
    fn copula(&self, at: usize) -> Option<usize> {
        let (major, _) = self.part(at)?;
        if major == "助動詞" {
            return matches!(self.base(at).as_str(), "だ" | "です").then_some(at + 1);
        }
        if self.surface(at) != "で" {
            return None;
        }
        let verb = if matches!(self.surface(at + 1), "は" | "も") {
            at + 2
        } else {
            at + 1
        };
        EXISTENCE.contains(&self.base(verb).as_str()).then_some(verb + 1)
    }

    /// Whether a noun that states something on its own is followed by `で、`: `予約不要で、`.
    fn joins_on(&self, noun: usize) -> bool {
        self.surface(noun + 1) == "で" && self.surface(noun + 2) == "、" && is_predicate(&self.base(noun))
    }

    /// Whether the sentence or a part of it ends here without a verb: `予約不要。`
    fn ends_at(&self, at: usize) -> bool {
        self.part(at)
            .is_none_or(|(major, minor)| major == "記号" && minor == "句点")
    }

    /// Whether a chain states something: it ends a sentence, or another clause is joined to it by more than a condition.
    fn states(&self, chain: &Chain) -> bool {
        let Some((major, minor)) = self.part(chain.end) else {
            return true;
        };
        match (major, minor) {
            ("記号", _) => true,
            ("助詞", "接続助詞") => match self.surface(chain.end) {
                "が" | "ので" | "けれど" | "けれども" | "けど" | "し" | "から" | "のに" => true,
                // そして, not a condition or a manner: only before a comma, and 隠しても never.
                "て" | "で" => self.surface(chain.end + 1) == "、",
                _ => false,
            },
            ("助詞", "終助詞") => true,
            ("助詞", "格助詞") => self.joins_on(chain.head),
            // ございます|ため、
            ("名詞", "非自立") => self.surface(chain.end) == "ため",
            _ => false,
        }
    }

    /// What a chain says, and whether the word itself denies it.
    fn predicate(&self, begin: usize, chain: &Chain) -> (Predicate, bool) {
        let base = self.base(chain.head);
        let base = base.as_str();
        let topic = || self.noun_before(begin, chain.head);
        let before = chain.head.checked_sub(1).filter(|at| *at >= begin);
        if base == "料金" && before.is_some_and(|at| self.surface(at) == "別") {
            return (Predicate::Included, true);
        }
        // 必要|は|ございません
        if EXISTENCE.contains(&base)
            && let Some((said, denies)) = topic().and_then(|noun| known(&noun))
            && said != Predicate::Exists
        {
            return (said, denies != known(base).is_some_and(|(_, itself)| itself));
        }
        // 予約|を|承る, 介助|を|する
        if LIGHT.contains(&base)
            && let Some(noun) = topic()
        {
            return known(&noun).unwrap_or_else(|| (Predicate::Other(nominal(&noun)), false));
        }
        known(base).unwrap_or_else(|| (Predicate::Other(nominal(same(base))), false))
    }

    /// The noun that a verb of little meaning takes: directly before it or with a particle between them.
    fn noun_before(&self, begin: usize, head: usize) -> Option<String> {
        let mut at = head.checked_sub(1)?;
        while at > begin && self.part(at).is_some_and(|(major, _)| major == "助詞") {
            at -= 1;
        }
        let (major, minor) = self.part(at).filter(|_| at >= begin)?;
        let base = self.base(at);
        let is_noun = major == "名詞"
            && !matches!(minor, "数" | "非自立" | "副詞可能" | "代名詞")
            && !PERSONS.contains(&base.as_str());
        is_noun.then(|| same(&self.base(at)).to_owned())
    }

    fn part(&self, at: usize) -> Option<(&'static str, &'static str)> {
        let part = self.morphemes.get(at)?.part_of_speech();
        Some((part.major(), part.minor()))
    }

    fn surface(&self, at: usize) -> &str {
        let morpheme = self.morphemes.get(at);
        morpheme
            .and_then(|morpheme| self.folded.get(morpheme.range()))
            .unwrap_or_default()
    }

    fn base(&self, at: usize) -> String {
        let morpheme = self.morphemes.get(at);
        morpheme
            .map(|morpheme| self.dictionary.base(morpheme, self.folded).into_owned())
            .unwrap_or_default()
    }

    fn start(&self, at: usize) -> usize {
        self.morphemes
            .get(at)
            .map_or(self.folded.len(), |morpheme| morpheme.range().start)
    }
}

#[cfg(test)]
mod tests {
    use nakai_morph::Workspace;

    use super::*;

    fn read(text: &str) -> Vec<(String, Predicate, bool)> {
        let dictionary = Dictionary::ipadic();
        let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
        dictionary.analyse(text, &mut workspace, &mut morphemes);
        clauses(text, dictionary, &morphemes)
            .into_iter()
            .map(|clause| (text[clause.range].to_owned(), clause.predicate, clause.denies))
            .collect()
    }

    #[test]
    fn predicates_are_affirmed_or_denied() {
        let other = |word: &str| Predicate::Other(word.into());
        for (text, predicate, denies) in [
            ("浴場にはお入りいただけません", other("利用"), true),
            ("お部屋をご利用いただくことはできません。", other("利用"), true),
            ("露天風呂は同じ時間ではありません。", other("時間"), true),
            ("ペットはお断りしております。", Predicate::Allowed, true),
            ("ご予約は不要です。", Predicate::Needed, true),
            ("ご予約の必要はございません。", Predicate::Needed, true),
            ("ご予約が必要です。", Predicate::Needed, false),
            ("追加料金はかかりません。", Predicate::Costs, true),
            ("お取り消しは無料です。", Predicate::Costs, true),
            ("お飲み物は別料金です。", Predicate::Included, true),
            ("タオルはご用意しておりません。", Predicate::Exists, true),
            ("おむつの販売はございません。", Predicate::Exists, true),
            ("入浴の介助はいたしかねます。", other("介助"), true),
            ("写真を撮っても構いません。", Predicate::Allowed, false),
            ("ご予約いただかなければなりません。", other("予約"), false),
            ("浴場のお湯は飲めません。", other("飲用"), true),
            ("お部屋で電子たばこをお吸いいただけます。", other("喫煙"), false),
        ] {
            let read = read(text);
            let (_, found, denied) = read.last().unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found, *denied), (&predicate, denies), "{text}: {read:?}");
        }
    }

    #[test]
    fn clauses_end_at_predicates_and_conditions_state_nothing() {
        let cut = |text: &str| read(text).into_iter().map(|(clause, _, _)| clause).collect::<Vec<_>>();
        assert_eq!(
            cut("浴場にはお入りいただけませんが、ご入浴の間は係の者がお預かりします。"),
            ["浴場にはお入りいただけません", "が、ご入浴の間は係の者がお預かりします"]
        );
        assert_eq!(
            cut("小さなタトゥーは、シールで隠しても大浴場にお入りいただけません。").len(),
            1
        );
        assert_eq!(cut("予約のない方は、お電話ください。").len(), 1);
        assert_eq!(cut("ご予約不要で、約8分で到着します。").len(), 2);
    }
}
