//! One bot version, compiled: everything that a turn looks up, resolved and checked when the version is installed.

use std::{collections::HashMap, sync::Arc};

use jiff::tz::TimeZone;
use minijinja::Value;
use nakai_bundle::{
    Bundle,
    model::{Control, IntentAction, Localised},
};
use nakai_ports::BundleError;
use nakai_types::Language;

use crate::{
    handover::Hours,
    program::Program,
    replies::{Replies, ReplyId},
    templates::Templates,
    text::fold,
};

/// One bot version, ready to answer.
pub(crate) struct Bot {
    pub(crate) bundle: Arc<Bundle>,
    pub(crate) replies: Replies,
    pub(crate) templates: Templates,
    pub(crate) programs: HashMap<Arc<str>, Program>,
    pub(crate) timezone: TimeZone,
    pub(crate) policy: Policy,
    intents: HashMap<Arc<str>, Intent>,
    /// Intents by what a choice for them says, folded.
    by_title: HashMap<String, Arc<str>>,
    /// What templates see as `bot`.
    facts: Localised<Value>,
}

/// One thing that customers want.
pub(crate) struct Intent {
    pub(crate) name: Arc<str>,
    pub(crate) title: Localised<String>,
    pub(crate) social: bool,
    pub(crate) action: Action,
}

impl Intent {
    /// Whether acting on both would say the same twice, or start two flows of which only one can go on.
    pub(crate) fn answers_like(&self, other: &Self) -> bool {
        match (&self.action, &other.action) {
            (Action::Reply(a), Action::Reply(b)) => a == b,
            (Action::Article(a), Action::Article(b)) => a == b,
            (Action::Flow(_), Action::Flow(_)) => true,
            _ => false,
        }
    }
}

/// What the bot does about an intent.
pub(crate) enum Action {
    Reply(ReplyId),
    Flow(Arc<str>),
    Search,
    Article(Box<str>),
    HandOver(Arc<str>),
    Control(Control),
}

/// The replies of `fallback` and `handover` in `bot.yaml`, and the hours.
pub(crate) struct Policy {
    pub(crate) ask_again: ReplyId,
    pub(crate) offer_choices: ReplyId,
    pub(crate) offer_human: ReplyId,
    pub(crate) handover: ReplyId,
    pub(crate) closed: Option<ReplyId>,
    pub(crate) waiting: ReplyId,
    pub(crate) hours: Option<Hours>,
}

impl Bot {
    /// Compiles a bundle. Fails only for a bundle that its own checks would refuse.
    pub(crate) fn compile(bundle: Arc<Bundle>) -> Result<Self, BundleError> {
        let bot = bundle.bot_ref.clone();
        Self::try_compile(bundle).map_err(|reason| BundleError::Unusable { bot, reason })
    }

    fn try_compile(bundle: Arc<Bundle>) -> Result<Self, String> {
        let mut templates = Templates::new();
        let mut replies = Replies::compile(&bundle.replies, &mut templates)?;
        let mut programs = HashMap::new();
        for (name, flow) in &bundle.flows {
            let program = Program::compile(name, flow, &mut replies, &mut templates)?;
            programs.insert(Arc::clone(&program.name), program);
        }
        let mut intents = HashMap::new();
        let mut by_title = HashMap::new();
        for (name, intent) in &bundle.intents {
            let located = |fault: String| format!("intent `{name}`: {fault}");
            let action = match intent
                .action()
                .ok_or_else(|| located("it needs exactly one action".into()))?
            {
                IntentAction::Reply(reply) => Action::Reply(replies.resolve(reply, &mut templates).map_err(located)?),
                IntentAction::Flow(flow) => Action::Flow(Arc::clone(
                    &programs
                        .get(flow)
                        .ok_or_else(|| located(format!("there is no flow `{flow}`")))?
                        .name,
                )),
                IntentAction::Search => Action::Search,
                IntentAction::Article(path) => Action::Article(path.into()),
                IntentAction::Handover(reason) => Action::HandOver(reason.into()),
                IntentAction::Control(control) => Action::Control(control),
            };
            let name: Arc<str> = name.as_str().into();
            for (_, title) in intent.title.iter() {
                by_title.insert(fold(title), Arc::clone(&name));
            }
            let intent = Intent {
                name: Arc::clone(&name),
                title: intent.title.clone(),
                social: intent.social,
                action,
            };
            intents.insert(name, intent);
        }
        by_title.remove("");
        let (fallback, handover) = (&bundle.bot.fallback, &bundle.bot.handover);
        let mut reply = |name: &str| replies.resolve(name, &mut templates);
        let policy = Policy {
            ask_again: reply(&fallback.ask_again_reply)?,
            offer_choices: reply(&fallback.offer_choices_reply)?,
            offer_human: reply(&fallback.offer_human_reply)?,
            handover: reply(&handover.reply)?,
            closed: handover.closed_reply.as_deref().map(&mut reply).transpose()?,
            waiting: reply(&handover.waiting_reply)?,
            hours: handover.hours.as_deref().map(Hours::parse).transpose()?,
        };
        let timezone = TimeZone::get(&bundle.bot.timezone)
            .map_err(|_| format!("there is no time zone `{}`", bundle.bot.timezone))?;
        let facts = Localised {
            ja: Some(facts(&bundle, Language::Ja)),
            en: Some(facts(&bundle, Language::En)),
        };
        Ok(Self {
            bundle,
            replies,
            templates,
            programs,
            timezone,
            policy,
            intents,
            by_title,
            facts,
        })
    }

    /// The intent of a name.
    pub(crate) fn intent(&self, name: &str) -> Option<&Intent> {
        self.intents.get(name)
    }

    /// The intent whose title was said, as when a choice is tapped.
    pub(crate) fn intent_titled(&self, folded: &str) -> Option<&Intent> {
        self.intent(self.by_title.get(folded)?)
    }

    /// What templates see as `bot`.
    pub(crate) fn facts(&self, language: Language) -> Value {
        self.facts.get(language).cloned().unwrap_or_default()
    }

    /// The language to answer in: the one asked for if the bot speaks it, else its first.
    pub(crate) fn language(&self, asked: Language) -> Language {
        let spoken = &self.bundle.bot.languages;
        if spoken.contains(&asked) {
            asked
        } else {
            spoken.first().copied().unwrap_or(asked)
        }
    }
}

/// The bot's facts with its name and title, which no fact can hide.
fn facts(bundle: &Bundle, language: Language) -> Value {
    let title = bundle
        .bot
        .title
        .get_or_any(language)
        .map_or(bundle.bot.name.as_str(), String::as_str);
    let own = [("name", bundle.bot.name.as_str()), ("title", title)];
    let facts = bundle
        .bot
        .facts
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    Value::from_pairs(facts.chain(own))
}
