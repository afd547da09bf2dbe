//! Replies that the program itself gives. A bundle that defines a reply of the same name has the last word.

use nakai_types::Language;

/// A reply that dialogue gives on its own account, by its reserved name in `replies/*.yaml`.
///
/// Extra variables of their templates stand with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Builtin {
    /// `cancelled`: the flow was left. Sees `flow`, its title.
    Cancelled,
    /// `nothing_to_cancel`: asked to cancel outside a flow.
    NothingToCancel,
    /// `started_over`: everything is forgotten.
    StartedOver,
    /// `resume_flow`: a paused flow is taken up again. Sees `flow`, its title.
    ResumeFlow,
    /// `corrected`: a slot has a new value. Sees `slot`, its title, and `value`.
    Corrected,
    /// `correction_refused`: a new value breaks the slot's rule. Sees `slot` and `value`.
    CorrectionRefused,
    /// `no_answer`: a search inside a flow found nothing.
    NoAnswer,
    /// `acknowledged`: "yes", "no" or "all right" when nothing was asked; also what a flow says that says nothing.
    Acknowledged,
    /// `offer_declined`: "no" to choices or to a human.
    OfferDeclined,
    /// `unknown`: a question that neither an intent nor an article answers. A human is offered with it.
    Unknown,
    /// `other_language`: the article that follows exists only in the other language.
    OtherLanguage,
    /// `sorry`: the wording that should stand here can't be made.
    Sorry,
}

impl Builtin {
    pub(crate) const ALL: [Self; 12] = [
        Self::Cancelled,
        Self::NothingToCancel,
        Self::StartedOver,
        Self::ResumeFlow,
        Self::Corrected,
        Self::CorrectionRefused,
        Self::NoAnswer,
        Self::Acknowledged,
        Self::OfferDeclined,
        Self::Unknown,
        Self::OtherLanguage,
        Self::Sorry,
    ];

    /// The reserved name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::NothingToCancel => "nothing_to_cancel",
            Self::StartedOver => "started_over",
            Self::ResumeFlow => "resume_flow",
            Self::Corrected => "corrected",
            Self::CorrectionRefused => "correction_refused",
            Self::NoAnswer => "no_answer",
            Self::Acknowledged => "acknowledged",
            Self::OfferDeclined => "offer_declined",
            Self::Unknown => "unknown",
            Self::OtherLanguage => "other_language",
            Self::Sorry => "sorry",
        }
    }
}

/// The wording, Japanese and English, of a reply that the bundle does not define: of every [`Builtin`], and of the replies that
/// the defaults of `fallback` and `handover` in `bot.yaml` name.
pub(crate) fn wording(name: &str) -> Option<[(Language, &'static str); 2]> {
    let (ja, en) = match name {
        "cancelled" => (
            "「{{ flow }}」を取りやめました。",
            "All right, I have stopped “{{ flow }}”.",
        ),
        "nothing_to_cancel" => (
            "取りやめるお手続きはございません。ほかにお手伝いできることはありますか。",
            "There is nothing to cancel at the moment. Is there anything else I can help with?",
        ),
        "started_over" => (
            "かしこまりました。最初からお伺いします。どのようなご用件でしょうか。",
            "Let us start over. How can I help you?",
        ),
        "resume_flow" => ("「{{ flow }}」の続きをお伺いします。", "Back to “{{ flow }}”."),
        "corrected" => (
            "{{ slot }}を{{ value }}に変更しました。",
            "I have changed {{ slot }} to {{ value }}.",
        ),
        "correction_refused" => (
            "申し訳ありません。{{ slot }}を{{ value }}にすることはできません。",
            "I am sorry, {{ slot }} can't be {{ value }}.",
        ),
        "no_answer" => (
            "申し訳ありません。それについての情報が見つかりませんでした。",
            "I am sorry, I could not find anything about that.",
        ),
        "acknowledged" => (
            "承知しました。ほかにお手伝いできることはありますか。",
            "All right. Is there anything else I can help with?",
        ),
        "offer_declined" => (
            "承知しました。よろしければ、別の言葉でもう一度お聞かせください。",
            "All right. If you like, please tell me once more in other words.",
        ),
        "unknown" => (
            "申し訳ありません。その件については手元に情報がございません。担当者におつなぎしましょうか。",
            "I am sorry, I don't have any information about that. Shall I pass you on to a colleague?",
        ),
        "other_language" => ("こちらは英語のご案内のみとなります。", "I have this in Japanese only:"),
        "sorry" => (
            "申し訳ありません。うまくお答えできませんでした。もう一度お試しください。",
            "I am sorry, I could not answer that properly. Please try again.",
        ),
        "fallback_ask_again" => (
            "申し訳ありません、うまく理解できませんでした。別の言葉で教えていただけますか。",
            "I am sorry, I did not understand. Could you say it in other words?",
        ),
        "fallback_choices" => ("次の中にご希望のものはありますか。", "Is it one of these?"),
        "fallback_human" => (
            "お役に立てず申し訳ありません。担当者におつなぎしましょうか。",
            "I am sorry that I can't help. Shall I pass you on to a colleague?",
        ),
        "handover" => (
            "担当者におつなぎします。少々お待ちください。",
            "I am passing you on to a colleague. One moment, please.",
        ),
        "handover_waiting" => (
            "担当者が確認しております。少々お待ちください。",
            "A colleague has your conversation and will answer here. One moment, please.",
        ),
        _ => return None,
    };
    Some([(Language::Ja, ja), (Language::En, en)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_of_the_program_has_words() {
        for reply in Builtin::ALL {
            assert!(wording(reply.name()).is_some(), "{}", reply.name());
        }
        let (fallback, handover) = (
            nakai_bundle::model::FallbackPolicy::default(),
            nakai_bundle::model::HandoverPolicy::default(),
        );
        for name in [
            fallback.ask_again_reply,
            fallback.offer_choices_reply,
            fallback.offer_human_reply,
            handover.reply,
            handover.waiting_reply,
        ] {
            assert!(wording(&name).is_some(), "{name}");
        }
    }
}
