//! A small inn and somebody who talks to it.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_bundle::{
    Bundle, Library,
    model::{Article, ArticleFrontMatter},
};
use nakai_dialogue::{DialogueParts, HttpTools, LocalDialogue, SecretSource, ToolCaller, filled_slots};
use nakai_knowledge::Embedded;
use nakai_llm::Models;
use nakai_ports::{Dialogue, DialogueState, Draft, RespondRequest, SharedKnowledge};
use nakai_types::{
    BotRef, ConversationId, EntityValue, IntentScore, Language, Outcome, Screened, Span, Understanding,
    UnderstoodEntity, Vault, Version,
};
use serde_json::{Value, json};

/// 2026-01-15 12:00 in Tokyo, a Thursday.
pub(crate) const NOON: i64 = 1_768_446_000_000;

pub(crate) fn bundle(patch: impl FnOnce(&mut Value)) -> Bundle {
    let mut inn = inn();
    patch(&mut inn);
    fn part<T: serde::de::DeserializeOwned>(inn: &Value, name: &str) -> T {
        serde_json::from_value(inn[name].clone()).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
    let article = |path: &str, language, title: &str, body: &str| Article {
        path: path.into(),
        front_matter: ArticleFrontMatter {
            title: title.into(),
            language,
            source: Some(format!("https://inn.example/{path}")),
            audience: "public".into(),
            questions: Vec::new(),
        },
        body: body.into(),
    };
    Bundle {
        bot_ref: BotRef {
            name: "inn".parse().unwrap(),
            version: Version::from_digest([7; 32]),
        },
        bot: part(&inn, "bot"),
        intents: part(&inn, "intents"),
        entities: BTreeMap::new(),
        flows: part(&inn, "flows"),
        replies: part(&inn, "replies"),
        articles: vec![
            article("baths", Language::Ja, "お風呂の時間", "大浴場は15時から24時までです。"),
            article(
                "baths",
                Language::En,
                "Bath hours",
                "The large bath is open from 15:00 to 24:00.",
            ),
            article(
                "wifi",
                Language::Ja,
                "Wi-Fi",
                "無線LANは全室で無料です。パスワードはお部屋にございます。",
            ),
            article(
                "wifi",
                Language::En,
                "Wireless network",
                "Wifi is free in all rooms. The password is in your room.",
            ),
        ],
        tests: Vec::new(),
    }
}

fn inn() -> Value {
    let ask =
        |slot: &str| json!({"ask": {"slot": slot, "reply": format!("ask_{slot}"), "retry": "retry", "attempts": 2}});
    json!({
        "bot": {
            "name": "inn", "title": {"ja": "宿", "en": "Inn"}, "languages": ["ja", "en"], "timezone": "Asia/Tokyo",
            "handover": {"closed_reply": "closed", "hours": "09:00-18:00"},
            "fallback": {"choices": ["bath", "change"]},
            "facts": {"phone": "0558-00-0123"},
        },
        "intents": {
            "greeting": {"social": true, "reply": "greeting"},
            "bath": {"title": {"ja": "お風呂の時間", "en": "Bath hours"}, "answer": "baths"},
            "ask_anything": {"answer": true},
            "change": {"title": {"ja": "予約の変更", "en": "Change a booking"}, "flow": "change"},
            "lost": {"title": {"ja": "忘れ物", "en": "Lost property"}, "flow": "lost"},
            "pickup": {"title": {"ja": "送迎", "en": "Pick-up"}, "flow": "pickup"},
            "human": {"title": {"ja": "スタッフと話したい", "en": "Talk to a person"}, "handover": "requested"},
            "cancel": {"control": "cancel"},
            "start_over": {"control": "start_over"},
            "yes": {"title": {"ja": "はい", "en": "Yes"}, "control": "affirm"},
            "no": {"title": {"ja": "いいえ", "en": "No"}, "control": "deny"},
        },
        "flows": {
            "change": {
                "title": {"ja": "予約の変更", "en": "changing your booking"},
                "slots": {
                    "number": {"title": {"ja": "予約番号", "en": "booking number"}, "type": "entity", "entity": "booking"},
                    "date": {"title": {"ja": "日付", "en": "date"}, "type": "entity", "entity": "date"},
                    "guests": {"title": {"ja": "人数", "en": "number of guests"}, "type": "number", "validate": "value >= 1 and value <= 8"},
                    "room": {"title": {"ja": "部屋", "en": "room"}, "type": "choice", "choices": {
                        "japanese": {"ja": ["和室", "畳"], "en": ["Japanese room", "tatami"]},
                        "western": {"ja": ["洋室"], "en": ["Western room"]},
                    }},
                    "confirmed": {"title": {"ja": "確認", "en": "confirmation"}, "type": "yes_no"},
                },
                "steps": [
                    ask("number"), ask("date"), ask("guests"),
                    {"when": {"if": "slots.guests > 4", "then": [{"say": "big"}, ask("room")], "else": [{"say": "small"}]}},
                    ask("confirmed"),
                    {"when": {"if": "slots.confirmed", "then": [{"end": "changed"}]}},
                    {"end": "kept"},
                ],
            },
            "lost": {
                "title": {"ja": "忘れ物", "en": "lost property"},
                "slots": {
                    "item": {"title": {"ja": "品物", "en": "item"}, "type": "text"},
                    "email": {"title": {"ja": "メール", "en": "e-mail"}, "type": "email"},
                },
                "steps": [ask("item"), ask("email"), {"end": "lost_done"}],
            },
            "pickup": {
                "title": {"ja": "送迎", "en": "pick-up"},
                "slots": {
                    "from": {"title": {}, "type": "entity", "entity": "date"},
                    "to": {"title": {}, "type": "entity", "entity": "date"},
                    "total": {"title": {}, "type": "number"},
                },
                "steps": [
                    {"ask": {"slot": "from", "reply": "ask_date", "attempts": 1, "otherwise": [{"set": {"from": "'today'"}}, {"say": "small"}]}},
                    ask("to"),
                    {"set": {"total": "1 + 2"}},
                    {"answer": "{{ slots.to }} wifi password"},
                    {"end": "picked"},
                ],
            },
        },
        "replies": {
            "greeting": {"ja": ["こんにちは", "いらっしゃいませ", "ようこそ"], "en": ["Hello", "Welcome", "Hi there"]},
            "ask_number": {"ja": ["予約番号は？"], "en": ["Your booking number?"]},
            "ask_date": {"ja": ["日付は？"], "en": ["Which date?"]},
            "ask_guests": {"ja": ["何名様ですか？"], "en": ["How many guests?"], "choices": {"ja": ["1名", "2名"], "en": ["1 guest", "2 guests"]}},
            "ask_room": {"ja": ["お部屋は？"], "en": ["Which room?"]},
            "ask_item": {"ja": ["何をお忘れですか？"], "en": ["What did you lose?"]},
            "ask_email": {"ja": ["メールは？"], "en": ["Your e-mail?"]},
            "ask_to": {"ja": ["いつまで？"], "en": ["Until when?"]},
            "ask_confirmed": {"ja": ["{{ slots.number }}を{{ slots.date }}、{{ slots.guests }}名でよろしいですか？"],
                              "en": ["{{ slots.number }} to {{ slots.date }} for {{ slots.guests }}, right?"]},
            "retry": {"ja": ["すみません。"], "en": ["Sorry."]},
            "big": {"ja": ["大きなお部屋です。"], "en": ["You get a large room."]},
            "small": {"ja": ["小さなお部屋です。"], "en": ["You get a small room."]},
            "changed": {"ja": ["{{ slots.number }}を変更しました。"], "en": ["{{ slots.number }} is changed."]},
            "kept": {"ja": ["そのままです。"], "en": ["Nothing is changed."]},
            "lost_done": {"ja": ["{{ slots.email }}にご連絡します。"], "en": ["We write to {{ slots.email }}."]},
            "picked": {"ja": ["{{ slots.total }}台で{{ slots.from }}から{{ slots.to }}まで"], "en": ["{{ slots.total }} cars from {{ slots.from }} to {{ slots.to }}"]},
            "closed": {"ja": ["朝9時以降にご連絡します。"], "en": ["We answer after 9:00."]},
        },
    })
}

/// No keys at all.
pub(crate) struct NoSecrets;

impl SecretSource for NoSecrets {
    fn secret(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

pub(crate) fn dialogue(bundle: Bundle) -> LocalDialogue {
    dialogue_with(bundle, Arc::new(HttpTools::new().unwrap()), Arc::new(NoSecrets))
}

pub(crate) fn dialogue_with(
    bundle: Bundle,
    caller: Arc<dyn ToolCaller>,
    secrets: Arc<dyn SecretSource>,
) -> LocalDialogue {
    dialogue_of(bundle, caller, secrets, Arc::new(Embedded::default()))
}

/// A dialogue whose articles are searched by `knowledge`.
pub(crate) fn dialogue_searching(bundle: Bundle, knowledge: SharedKnowledge) -> LocalDialogue {
    dialogue_of(
        bundle,
        Arc::new(HttpTools::new().unwrap()),
        Arc::new(NoSecrets),
        knowledge,
    )
}

fn dialogue_of(
    bundle: Bundle,
    caller: Arc<dyn ToolCaller>,
    secrets: Arc<dyn SecretSource>,
    knowledge: SharedKnowledge,
) -> LocalDialogue {
    let dialogue = LocalDialogue::new(DialogueParts {
        library: Arc::new(Library::default()),
        models: Arc::new(Models::none().unwrap()),
        knowledge,
        caller,
        secrets,
    });
    // Tests make a dialogue within and without a runtime.
    std::thread::scope(|scope| {
        let install = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(dialogue.install_bundle(Arc::new(bundle))).unwrap();
        };
        scope.spawn(install).join().unwrap();
    });
    dialogue
}

/// An utterance with what NLP would say of it.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    text: String,
    intents: Vec<IntentScore>,
    also: Vec<IntentScore>,
    entities: Vec<UnderstoodEntity>,
}

pub(crate) fn said(text: &str) -> Said {
    Said {
        text: text.into(),
        intents: Vec::new(),
        also: Vec::new(),
        entities: Vec::new(),
    }
}

impl Said {
    pub(crate) fn intent(mut self, name: &str, confidence: f32) -> Self {
        self.intents.push(IntentScore {
            name: name.into(),
            confidence,
        });
        self
    }

    /// What is wanted in another clause.
    pub(crate) fn also(mut self, name: &str) -> Self {
        self.also.push(IntentScore {
            name: name.into(),
            confidence: 0.9,
        });
        self
    }

    pub(crate) fn entity(mut self, kind: &str, text: &str, value: &str) -> Self {
        let start = self
            .text
            .find(text)
            .unwrap_or_else(|| panic!("`{text}` is not in `{}`", self.text));
        let value = value
            .parse()
            .map_or_else(|_| EntityValue::Text(value.into()), EntityValue::Integer);
        let span = Span::new(start, start + text.len());
        self.entities.push(UnderstoodEntity {
            kind: kind.into(),
            span,
            text: Screened::ours(text),
            value,
            alternatives: Vec::new(),
        });
        self
    }
}

/// One conversation.
pub(crate) struct Talk {
    pub(crate) dialogue: Arc<LocalDialogue>,
    pub(crate) language: Language,
    pub(crate) conversation: ConversationId,
    pub(crate) sequence: u64,
    pub(crate) state: Option<DialogueState>,
    pub(crate) now_ms: i64,
    pub(crate) vault: Vault,
    pub(crate) limit: Duration,
    pub(crate) past: Vec<(RespondRequest, Draft)>,
}

impl Talk {
    pub(crate) fn new(language: Language) -> Self {
        Self::with(language, dialogue(bundle(|_| {})))
    }

    pub(crate) fn with(language: Language, dialogue: LocalDialogue) -> Self {
        Self {
            dialogue: Arc::new(dialogue),
            language,
            conversation: ConversationId::from_bytes([1; 16]),
            sequence: 0,
            state: None,
            now_ms: NOON,
            vault: Vault::default(),
            limit: Duration::from_secs(60),
            past: Vec::new(),
        }
    }

    pub(crate) fn request(&self, said: &Said) -> RespondRequest {
        let out_of_scope = said.intents.first().is_none_or(|best| best.confidence < 0.4);
        RespondRequest {
            bot: BotRef {
                name: "inn".parse().unwrap(),
                version: Version::from_digest([7; 32]),
            },
            conversation: self.conversation,
            sequence: self.sequence + 1,
            state: self.state.clone(),
            utterance: Screened::after_screening(said.text.clone()),
            understanding: Understanding {
                language: self.language,
                mixed: false,
                intents: said.intents.clone(),
                out_of_scope,
                also: said.also.clone(),
                entities: said.entities.clone(),
            },
            vault: self.vault.clone(),
            now_ms: self.now_ms,
            deadline: Instant::now() + self.limit,
            listener: None,
        }
    }

    pub(crate) async fn say(&mut self, said: Said) -> Draft {
        let request = self.request(&said);
        let draft = self.dialogue.respond(request.clone()).await.unwrap();
        assert!(
            !draft.reply.text.as_str().trim().is_empty(),
            "an empty reply to `{}`",
            said.text
        );
        self.sequence += 1;
        self.state = Some(draft.state.clone());
        self.past.push((request, draft.clone()));
        draft
    }

    /// Says something and compares the reply's words and outcome.
    pub(crate) async fn expect(&mut self, said: Said, outcome: Outcome, reply: &str) -> Draft {
        let text = said.text.clone();
        let draft = self.say(said).await;
        assert_eq!(
            (draft.reply.outcome, draft.reply.text.as_str()),
            (outcome, reply),
            "after `{text}`: {:?}",
            draft.decisions
        );
        draft
    }

    pub(crate) fn slots(&self) -> BTreeMap<String, String> {
        filled_slots(self.state.as_ref().unwrap()).unwrap()
    }

    pub(crate) fn slot(&self, name: &str) -> String {
        self.slots().remove(name).unwrap_or_default()
    }
}

pub(crate) fn rules(draft: &Draft) -> Vec<&str> {
    draft.decisions.iter().map(|decision| &*decision.rule).collect()
}

pub(crate) fn choices(draft: &Draft) -> Vec<&str> {
    draft.reply.choices.iter().map(|choice| choice.0.as_str()).collect()
}
