//! Words by what they state, as far as the check of clauses needs it.

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
            "止める",
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
