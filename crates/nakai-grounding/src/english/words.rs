//! English words that say how a clause states something: what denies, demands, permits, limits and joins.

/// Words that deny the clause in which they are.
pub(super) const DENIALS: &[&str] = &[
    "not", "no", "never", "nor", "neither", "none", "cannot", "without", "unable", "exempt", "excluded", "nothing",
    "nobody", "nowhere", "refuse", "refused", "hardly", "rarely", "seldom", "fails", "lacks",
];
/// Forms of denial that deny nothing.
pub(super) const HARMLESS: &[[&str; 2]] = &[
    ["not", "only"],
    ["no", "matter"],
    ["no", "problem"],
    ["with", "no"],
    ["no", "later"],
];
/// Verbs that make a predicate of what follows them.
pub(super) const AUXILIARIES: &[&str] = &[
    "am",
    "are",
    "be",
    "been",
    "can",
    "can't",
    "cannot",
    "could",
    "couldn't",
    "did",
    "didn't",
    "do",
    "does",
    "doesn't",
    "don't",
    "had",
    "has",
    "have",
    "haven't",
    "hasn't",
    "is",
    "isn't",
    "aren't",
    "may",
    "might",
    "must",
    "mustn't",
    "shall",
    "should",
    "shouldn't",
    "was",
    "wasn't",
    "were",
    "weren't",
    "will",
    "won't",
    "would",
    "wouldn't",
];
/// Auxiliaries that what is joined behind them does not share, as it does the others: `can come and eat`.
pub(super) const UNSHARED: &[&str] = &[
    "am", "are", "be", "been", "had", "has", "have", "haven't", "hasn't", "is", "isn't", "aren't", "was", "wasn't",
    "were", "weren't",
];
/// Words that can only be the subject of a clause.
pub(super) const SUBJECTS: &[&str] = &[
    "i", "you", "he", "she", "it", "we", "they", "i'm", "you're", "it's", "we're", "they're", "there",
];
/// Words that stand for what was named before.
pub(super) const PRONOUNS: &[&str] = &[
    "it", "they", "them", "this", "these", "those", "its", "their", "it's", "they're",
];
/// Words before nouns: a word between `and` and one of these is a verb.
pub(super) const DETERMINERS: &[&str] = &[
    "a", "an", "the", "your", "our", "their", "its", "my", "his", "her", "this", "these", "all", "any", "every", "you",
    "us", "them", "it",
];
/// Words behind which a noun is no subject.
pub(super) const PREPOSITIONS: &[&str] = &[
    "according",
    "despite",
    "due",
    "like",
    "unlike",
    "about",
    "above",
    "after",
    "at",
    "before",
    "behind",
    "below",
    "between",
    "by",
    "during",
    "for",
    "from",
    "in",
    "inside",
    "into",
    "near",
    "of",
    "on",
    "outside",
    "over",
    "through",
    "to",
    "under",
    "until",
    "up",
    "with",
    "within",
    "without",
    "than",
    "as",
    "beside",
    "via",
    "per",
];
/// Verbs by their stems, so that a clause is known to have one where no auxiliary says so.
pub(super) const VERBS: &[&str] = &[
    "accept", "add", "allow", "appli", "arriv", "ask", "becom", "begin", "belong", "bring", "call", "change", "choos",
    "close", "come", "contain", "contact", "cost", "cover", "deduct", "deliv", "deliveri", "drop", "end", "expir",
    "find", "get", "give", "go", "help", "includ", "keep", "last", "leav", "let", "mean", "need", "offer", "open",
    "pay", "provid", "reach", "renew", "requir", "run", "say", "see", "send", "serv", "show", "start", "stay", "stop",
    "take", "tell", "use", "wait", "want", "work", "write",
];
/// Words that say that something has to be.
pub(super) const DEMANDS: &[&str] = &[
    "must",
    "need",
    "needs",
    "needed",
    "required",
    "requires",
    "require",
    "necessary",
    "obliged",
    "forced",
    "compulsory",
    "mandatory",
    "mustn't",
    "needn't",
];
/// Words that say that something can be.
pub(super) const PERMISSIONS: &[&str] = &[
    "may",
    "can",
    "could",
    "able",
    "allowed",
    "permitted",
    "possible",
    "let",
    "lets",
    "allow",
    "allows",
    "optional",
    "option",
    "can't",
    "cannot",
    "couldn't",
    "might",
];
/// Of those, the ones that leave it to whoever is meant.
pub(super) const CHOICES: &[&str] = &["may", "optional", "option"];
pub(super) const ALL: &[&str] = &[
    "all",
    "every",
    "each",
    "always",
    "both",
    "anyone",
    "everyone",
    "anybody",
    "everybody",
    "entire",
];
pub(super) const MOST: &[&str] = &["most", "majority", "mostly", "usually", "generally"];
pub(super) const SOME: &[&str] = &["some", "few", "several", "many", "sometimes", "certain"];
pub(super) const ONLY: &[&str] = &["only", "solely", "exclusively", "just"];
/// Words of a sentence that restricts something, in whatever way.
pub(super) const RESTRICTIONS: &[&str] = &[
    "only",
    "solely",
    "exclusively",
    "just",
    "except",
    "unless",
    "limited",
    "until",
    "if",
    "must",
    "not",
    "no",
    "never",
    "cannot",
    "other",
    "once",
    "restricted",
    "each",
    "than",
    "without",
];
/// Words that set something before a point, and those that set it behind one.
pub(super) const UNTIL: &[&str] = &["until", "till", "before"];
pub(super) const AFTER: &[&str] = &["after", "since", "once"];
/// Words with which a condition begins.
pub(super) const CONDITIONS: &[&str] = &["if", "unless", "when", "whenever", "provided", "where"];
/// Words with which a reason begins.
pub(super) const REASONS: &[&str] = &["because"];
/// Adjectives and verbs that say a word's opposite, each with that word's stem.
pub(super) const NEGATIVES: &[(&str, &str)] = &[
    ("free", "pay"),
    ("prohibited", "allow"),
    ("forbidden", "allow"),
    ("banned", "allow"),
    ("impossible", "possibl"),
    ("rare", "common"),
    ("closed", "open"),
    ("unavailable", "avail"),
    ("unnecessary", "need"),
];
/// Stems that say the same in a predicate.
pub(super) const SAME: &[(&str, &str)] = &[
    ("cost", "pay"),
    ("charg", "pay"),
    ("fee", "pay"),
    ("payment", "pay"),
    ("permit", "allow"),
    ("welcom", "allow"),
    ("possibl", "allow"),
    ("widespread", "common"),
    ("requir", "need"),
    ("necessari", "need"),
];
/// Verbs that only tie an adjective to its subject.
pub(super) const COPULAS: &[&str] = &[
    "am", "are", "be", "been", "is", "isn't", "aren't", "remain", "remains", "stay", "stays", "was", "wasn't", "were",
];
/// Words before `before` and `after` that measure a time.
pub(super) const MEASURES: &[&str] = &[
    "day", "days", "evening", "night", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minutes",
    "shortly", "soon", "ever",
];
/// What predicates are brought to that have other words for them: such a word alone does not make two clauses alike.
pub(super) const BROUGHT_TO: &[&str] = &["pay", "allow", "need", "common"];
/// Words for all people.
pub(super) const PERSONS: &[&str] = &["anyone", "everyone", "anybody", "everybody"];
/// Stems of stretches of time.
pub(super) const TIMES: &[&str] = &[
    "day", "night", "week", "month", "year", "hour", "morn", "even", "minut", "time",
];
/// Stems of what is allowed where only what it is done with is named: `you may bring a dog`, `dogs are allowed`.
pub(super) const ACTIONS: &[&str] = &["bring", "come", "enter", "go", "stay", "take", "visit"];
