//! Words by what they state, as far as the check of clauses needs it.

use crate::opposites::is_opposite;

/// What a clause says of its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Predicate {
    /// Something is there, kept ready, to be had.
    Exists,
    /// Something is needed.
    Needed,
    /// Something belongs to something else, without a price of its own.
    Included,
    /// Something costs.
    Costs,
    /// Something may be done, whatever it is: what refuses it denies every action.
    Allowed,
    /// Another verb, adjective or noun, in its dictionary form.
    Other(String),
}

impl Predicate {
    /// What a word says as a predicate.
    pub(crate) fn of(word: &str) -> Self {
        known(word).map_or_else(|| Self::Other(nominal(same(word))), |(said, _)| said)
    }

    /// Whether two clauses with these predicates speak about the same, so that one that denies contradicts one that doesn't.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Allowed, Self::Other(_)) | (Self::Other(_), Self::Allowed) => true,
            (one, other) => one == other,
        }
    }
}

/// Predicates by what is said, each with whether the word itself denies.
const PREDICATES: &[(&[&str], Predicate, bool)] = &[
    (
        &[
            "ある",
            "ござる",
            "付く",
            "用意",
            "備える",
            "備え付ける",
            "置く",
            "設置",
            "取り扱い",
            "取り扱う",
            "扱う",
            "販売",
            "売る",
            "有る",
        ],
        Predicate::Exists,
        false,
    ),
    (&["ない", "無い", "なし", "無し"], Predicate::Exists, true),
    (&["必要", "要る", "要する", "必須", "いる"], Predicate::Needed, false),
    (&["不要", "不必要"], Predicate::Needed, true),
    (&["含む", "含める", "込み", "込む"], Predicate::Included, false),
    (&["別", "別途", "別料金"], Predicate::Included, true),
    (
        &["有料", "かかる", "掛かる", "頂戴", "申し受ける"],
        Predicate::Costs,
        false,
    ),
    (&["無料", "ただ", "無償"], Predicate::Costs, true),
    (
        &["できる", "出来る", "可能", "いただける", "頂ける", "大丈夫", "結構"],
        Predicate::Allowed,
        false,
    ),
    // 構いません: it is all right.
    (&["構う", "かまう", "差し支える", "差し支え"], Predicate::Allowed, true),
    (
        &[
            "お断り",
            "断り",
            "断る",
            "遠慮",
            "ご遠慮",
            "禁止",
            "不可",
            "不可能",
            "控える",
            "やめる",
            "おやめ",
            "お控え",
            "禁煙",
        ],
        Predicate::Allowed,
        true,
    ),
];

/// Words that say the same.
const SAME: &[(&str, &str)] = &[
    ("使う", "利用"),
    ("使える", "利用"),
    ("使い", "利用"),
    ("使用", "利用"),
    ("入る", "利用"),
    ("入れる", "利用"),
    ("入り", "利用"),
    ("入浴", "利用"),
    ("同伴", "利用"),
    ("吸う", "喫煙"),
    ("吸える", "喫煙"),
    ("吸い", "喫煙"),
    ("飲む", "飲用"),
    ("飲める", "飲用"),
    ("飲み", "飲用"),
    ("止める", "停止"),
    ("止まる", "停止"),
    ("中止", "停止"),
    ("同様", "同じ"),
    ("いたす", "する"),
    ("致す", "する"),
];

/// Verbs that say nothing without the noun before them: `予約を承る`, `介助をする`.
pub(super) const LIGHT: &[&str] = &[
    "する",
    "いたす",
    "致す",
    "できる",
    "出来る",
    "いただける",
    "頂ける",
    "いただく",
    "頂く",
    "いたしかねる",
    "かねる",
    "承る",
    "受け付ける",
    "行う",
    "なる",
    "なれる",
    "願う",
    "くださる",
    "下さる",
    "おる",
    "おりる",
    "つく",
    "可能",
];
/// Verbs and adjectives of which the noun before them is the topic: `予約がある`, `必要はない`.
pub(super) const EXISTENCE: &[&str] = &["ある", "ござる", "ない", "無い", "有る"];

/// The word for all that say the same.
pub(super) fn same(base: &str) -> &str {
    SAME.iter()
        .find(|(word, _)| *word == base)
        .map_or(base, |(_, same)| same)
}

/// Whether a word is one of those that tell only what is said of the others.
pub(crate) fn is_predicate(word: &str) -> bool {
    known(word).is_some()
}

/// What a word says if it is one of the known ones, and whether it denies it.
pub(super) fn known(base: &str) -> Option<(Predicate, bool)> {
    let known = PREDICATES.iter().find(|(words, _, _)| words.contains(&base));
    known.map(|(_, predicate, denies)| (predicate.clone(), *denies))
}

/// A verb or a noun made of one in the form that both share: `支払う` and `支払い`, `持ち出せる` and `持ち出す`.
pub(crate) fn nominal(base: &str) -> String {
    const ROWS: [(&str, &str); 2] = [
        ("うくぐすつぬぶむ", "いきぎしちにびみ"),
        ("えけげせてねべめれ", "いきぎしちにびみり"),
    ];
    if known(base).is_some() || is_opposite(base) {
        return base.to_owned();
    }
    let shift = |row: usize, c: char| {
        let (from, to) = ROWS[row];
        from.chars()
            .zip(to.chars())
            .find(|(one, _)| *one == c)
            .map(|(_, other)| other)
    };
    // Honorific お and ご before a word of Chinese characters.
    let is_kanji = |c: char| matches!(c, '一'..='鿿');
    let plain = base
        .strip_prefix(['お', 'ご'])
        .filter(|rest| rest.starts_with(is_kanji))
        .unwrap_or(base);
    if !plain.contains(is_kanji) {
        return plain.to_owned();
    }
    let mut stem: String = plain.to_owned();
    let Some(last) = stem.pop() else {
        return plain.to_owned();
    };
    let ending = if last == 'る' {
        match stem.chars().last() {
            Some('出') => None,
            Some(c) => match shift(1, c) {
                Some(shifted) => {
                    stem.pop();
                    Some(shifted)
                }
                None if "いきぎしちにびみり".contains(c) => None,
                None => Some('り'),
            },
            None => Some('る'),
        }
    } else {
        Some(shift(0, last).or_else(|| shift(1, last)).unwrap_or(last))
    };
    stem.extend(ending);
    stem
}

/// Words for persons, who are never what is done: `本人ができる`.
pub(super) const PERSONS: &[&str] = &[
    "本人",
    "方",
    "人",
    "大人",
    "子ども",
    "子供",
    "会員",
    "誰",
    "お客様",
    "お客",
    "客",
    "者",
    "家族",
    "学生",
];
