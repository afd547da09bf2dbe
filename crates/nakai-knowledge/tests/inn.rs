//! What a small inn knows, and how it is asked: for tests of this crate's inside and of its outside.

use std::time::{Duration, Instant};

use nakai_ports::{ArticlePassage, KnowledgeBase, KnowledgeQuery};
use nakai_types::{BotRef, Language, Screened, Version};

pub(crate) fn bot(version: u8) -> BotRef {
    BotRef {
        name: "inn".parse().unwrap(),
        version: Version::from_digest([version; 32]),
    }
}

pub(crate) fn passage(article: &str, ordinal: u32, language: Language, title: &str, text: &str) -> ArticlePassage {
    ArticlePassage {
        article: article.into(),
        ordinal,
        title: title.into(),
        heading: String::new(),
        text: text.into(),
        language,
        audience: "public".into(),
        url: Some(format!("https://inn.example/{article}")),
        questions: Vec::new(),
    }
}

pub(crate) fn inn() -> KnowledgeBase {
    use Language::{En, Ja};
    let mut staff = passage("safe", 0, En, "Safe", "The code of the safe is 1234.");
    staff.audience = "staff".into();
    KnowledgeBase {
        passages: vec![
            passage(
                "baths",
                0,
                Ja,
                "お風呂の時間",
                "大浴場は15時から24時までご利用いただけます。",
            ),
            passage("baths", 1, Ja, "お風呂の時間", "貸切風呂は45分3,000円です。"),
            passage(
                "baths",
                0,
                En,
                "Bath hours",
                "The large bath opens at 15:00 and closes at 24:00.",
            ),
            passage("pets", 0, En, "Pets", "Dogs and cats can't stay with us."),
            passage("pets", 0, Ja, "ペット", "犬や猫のご宿泊はご遠慮いただいております。"),
            // No word of it is known to the encoder.
            passage("empty", 0, En, "", "\u{2606}\u{2606}"),
            staff,
        ],
        synonyms: vec![vec!["pooch".into(), "dog".into()]],
    }
}

pub(crate) fn query(version: u8, question: &str) -> KnowledgeQuery {
    KnowledgeQuery {
        bot: bot(version),
        question: Screened::ours(question),
        language: None,
        audience: "public".into(),
        article: None,
        limit: 3,
        deadline: Instant::now() + Duration::from_secs(60),
    }
}
