//! What an imported bot says where Rasa has no wording of its own.

use nakai_types::Language;

/// Replies that a bundle needs, by name.
pub(super) const fn needed(language: Language) -> [(&'static str, &'static str); 5] {
    match language {
        Language::Ja => [
            (
                "fallback_ask_again",
                "申し訳ございません。もう一度、別の言い方でお聞かせいただけますか。",
            ),
            ("fallback_choices", "お探しのものはこの中にございますか。"),
            (
                "fallback_human",
                "お力になれず申し訳ございません。担当者におつなぎしましょうか。",
            ),
            ("handover", "担当者におつなぎいたします。少々お待ちください。"),
            ("handover_waiting", "担当者が確認しております。もう少々お待ちください。"),
        ],
        Language::En => [
            (
                "fallback_ask_again",
                "I am sorry, I did not understand. Could you say it in other words?",
            ),
            ("fallback_choices", "Is it one of these?"),
            (
                "fallback_human",
                "I am sorry that I can't help here. Shall I pass you to a colleague?",
            ),
            ("handover", "I am passing you to a colleague. One moment, please."),
            (
                "handover_waiting",
                "A colleague is looking into it and will answer you here.",
            ),
        ],
    }
}

/// The question for a slot that has none.
pub(super) fn question(language: Language, title: &str) -> String {
    match language {
        Language::Ja => format!("{title}を教えてください。"),
        Language::En => format!("Please tell me: {title}."),
    }
}

/// A reply whose response has no text.
pub(super) const fn no_text(language: Language) -> &'static str {
    match language {
        Language::Ja => "申し訳ございません。こちらではご案内できません。",
        Language::En => "I am sorry, I can't show this here.",
    }
}
