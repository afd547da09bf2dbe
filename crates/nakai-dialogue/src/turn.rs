//! One turn in the making: what is known, what was said and decided so far.

use std::sync::Arc;

use jiff::{Timestamp, Zoned};
use minijinja::{Value, context, value::Serde};
use nakai_ports::{DialogueError, Draft, Gone, RespondRequest};
use nakai_types::{Choice, Citation, Decision, Handover, Language, ModelCall, Outcome, Reply, Screened};

use crate::{
    bot::Bot,
    builtin::Builtin,
    knowledge::Found,
    local::Tools,
    program::{Program, Question},
    replies::{ReplyId, next_wording},
    state::{ActiveFlow, ConversationState, SlotValue},
    utterance::Utterance,
};

/// One turn in the making.
pub(crate) struct Turn<'a> {
    pub(crate) bot: &'a Bot,
    pub(crate) tools: &'a Tools,
    pub(crate) request: &'a RespondRequest,
    pub(crate) utterance: Utterance<'a>,
    pub(crate) language: Language,
    pub(crate) state: ConversationState,
    pub(crate) handover: Option<Handover>,
    /// Calls of models so far.
    pub(crate) models: Vec<ModelCall>,
    said: String,
    /// How much of that a listener has heard, in bytes.
    told: usize,
    choices: Vec<String>,
    citations: Vec<Citation>,
    decisions: Vec<Decision>,
    outcome: Option<Outcome>,
}

impl<'a> Turn<'a> {
    /// Reads the state, or starts a conversation.
    pub(crate) fn open(bot: &'a Bot, tools: &'a Tools, request: &'a RespondRequest) -> Result<Self, DialogueError> {
        let mut state = request
            .state
            .as_ref()
            .map(ConversationState::read)
            .transpose()?
            .unwrap_or_default();
        state.ended_slots.clear();
        // Never the case while a conversation stays on its version; but a turn is total.
        state.flows.retain(|flow| {
            bot.programs
                .get(flow.flow.as_str())
                .is_some_and(|p| p.question(flow.position).is_some())
        });
        state.remember_utterance(request.utterance.as_str());
        Ok(Self {
            bot,
            tools,
            request,
            utterance: Utterance::new(request.utterance.as_str(), &request.understanding.entities),
            language: bot.language(request.understanding.language),
            state,
            handover: None,
            models: Vec::new(),
            said: String::new(),
            told: 0,
            choices: Vec::new(),
            citations: Vec::new(),
            decisions: Vec::new(),
            outcome: None,
        })
    }

    /// The question for which a flow waits, with the flow.
    pub(crate) fn pending(&self) -> Option<(&'a Program, &'a Question, &ActiveFlow)> {
        let active = self.state.flows.last()?;
        let program = self.bot.programs.get(active.flow.as_str())?;
        Some((program, program.question(active.position)?, active))
    }

    /// Notes why the answer is what it is.
    pub(crate) fn decide(&mut self, rule: &'static str, subject: impl Into<Arc<str>>, detail: Option<String>) {
        self.decisions.push(Decision {
            rule: rule.into(),
            subject: subject.into(),
            detail: detail.map(Screened::ours),
        });
    }

    /// Says how the turn ends. The first word counts, except that a hand-over ends any turn.
    pub(crate) fn end_as(&mut self, outcome: Outcome) {
        if self.outcome.is_none() || outcome == Outcome::Handover {
            self.outcome = Some(outcome);
        }
    }

    /// Says a reply of the bundle.
    pub(crate) fn say(&mut self, reply: ReplyId) {
        self.say_with(reply, &[]);
    }

    /// Says one of the program's own replies.
    pub(crate) fn say_builtin(&mut self, reply: Builtin, extra: &[(&'static str, &str)]) {
        self.say_with(self.bot.replies.builtin(reply), extra);
    }

    fn say_with(&mut self, reply: ReplyId, extra: &[(&'static str, &str)]) {
        let bot = self.bot;
        let reply = bot.replies.get(reply);
        let wordings = reply.wordings(self.language);
        let last = self.state.wordings.get(&*reply.name).copied();
        let next = next_wording(
            wordings.len(),
            last,
            &reply.name,
            self.request.conversation,
            self.request.sequence,
        );
        if wordings.len() > 1
            && let Ok(next) = u16::try_from(next)
        {
            match self.state.wordings.get_mut(&*reply.name) {
                Some(last) => *last = next,
                None => drop(self.state.wordings.insert(reply.name.to_string(), next)),
            }
        }
        self.decide("reply", Arc::clone(&reply.name), None);
        let scope = || {
            let extra = Value::from_pairs(extra.iter().copied());
            context! { ..extra, ..self.scope() }
        };
        let rendered = wordings.get(next).map(|wording| bot.templates.render(wording, scope));
        match rendered {
            Some(Ok(text)) if !text.trim().is_empty() => self.add(&text),
            failed => {
                let fault = failed
                    .and_then(Result::err)
                    .map_or_else(|| "no words".into(), |error| error.kind().to_string());
                self.decide("template", Arc::clone(&reply.name), Some(fault));
                self.apologise(&reply.name);
            }
        }
        if let Some(choices) = reply
            .choices
            .get_or_any(self.language)
            .filter(|choices| !choices.is_empty())
        {
            self.choices.clone_from(choices);
        }
    }

    /// Says the program's own words where a wording failed: those for the same reply if there are any, else an apology.
    fn apologise(&mut self, name: &str) {
        let own = crate::builtin::wording(name).filter(|wording| wording.iter().all(|(_, text)| !text.contains("{{")));
        let wording = own.or_else(|| crate::builtin::wording(Builtin::Sorry.name()));
        if let Some((_, text)) =
            wording.and_then(|wording| wording.into_iter().find(|(language, _)| *language == self.language))
        {
            self.add(text);
        }
    }

    /// Says text as it is, below what was said before.
    fn add(&mut self, text: &str) {
        if !self.said.is_empty() {
            self.said.push('\n');
        }
        self.said.push_str(text);
    }

    /// Answers from a passage.
    pub(crate) fn cite(&mut self, passage: &Found) {
        if passage.passage.language != self.language {
            self.say_builtin(Builtin::OtherLanguage, &[]);
        }
        self.add(passage.answer());
        self.note_citation(passage);
    }

    /// Notes that an answer rests on a passage.
    pub(crate) fn note_citation(&mut self, passage: &Found) {
        self.citations.push(passage.citation());
        self.decide(
            "passage",
            passage.passage.article.as_str(),
            Some(format!("{:.2}", passage.score)),
        );
    }

    /// Says a piece of an answer while it is still being made, and lets it be heard together with what was said before. The first piece
    /// begins a line.
    pub(crate) async fn speak(&mut self, piece: &str, first: bool) -> Result<(), Gone> {
        if first {
            self.add(piece);
        } else {
            self.said.push_str(piece);
        }
        let unheard = self.said.get(self.told..).unwrap_or_default().to_owned();
        self.told = self.said.len();
        match &self.request.listener {
            Some(listener) => listener.tell(Screened::ours(unheard)).await,
            None => Ok(()),
        }
    }

    /// Waits until nobody listens to the reply any more; for ever if nobody ever did.
    pub(crate) async fn nobody_listens(&self) {
        match &self.request.listener {
            Some(listener) => listener.gone().await,
            None => std::future::pending().await,
        }
    }

    /// What the conversation knows by now, a line each: the flow that waits, and its slots.
    pub(crate) fn known(&self) -> String {
        let Some(active) = self.state.flows.last() else {
            return String::new();
        };
        let Some(program) = self.bot.programs.get(active.flow.as_str()) else {
            return String::new();
        };
        let mut lines = vec![format!("flow: {}", program.title(self.language))];
        for (name, value) in &active.slots {
            let (title, value) = program.slots.get(name.as_str()).map_or_else(
                || (name.as_str(), value.to_text()),
                |slot| (slot.title(self.language), slot.label(value, self.language)),
            );
            lines.push(format!("{title}: {value}"));
        }
        lines.join("\n")
    }

    /// The bot's facts, a line each.
    pub(crate) fn stated_facts(&self) -> String {
        let facts = self.bot.bundle.bot.facts.iter();
        facts
            .map(|(name, value)| format!("{}: {value}", name.replace('_', " ")))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Offers what the customer may say next, instead of what was offered before.
    pub(crate) fn offer(&mut self, choices: Vec<String>) {
        self.choices = choices;
    }

    /// Whether buttons are offered.
    pub(crate) fn offers(&self) -> bool {
        !self.choices.is_empty()
    }

    /// What a choice for an intent says, else its name.
    pub(crate) fn intent_title<'b>(&'b self, name: &'b str) -> &'b str {
        self.bot
            .intent(name)
            .and_then(|intent| intent.title.get_or_any(self.language))
            .map_or(name, String::as_str)
    }

    /// What templates and conditions see.
    pub(crate) fn scope(&self) -> Value {
        let active = self.state.flows.last();
        let slots = active
            .iter()
            .flat_map(|flow| &flow.slots)
            .map(|(name, value)| (name.as_str(), Value::from(value)));
        let results = active.iter().flat_map(|flow| &flow.results);
        let results = results.map(|(name, value)| (name.as_str(), Value::from(Serde(value))));
        // The first of its kind counts, and a later pair of the same name replaces an earlier one.
        let entities = self.utterance.entities.iter().rev();
        let entities = entities.map(|entity| (&*entity.kind, Value::from(&SlotValue::from(&entity.value))));
        let (slots, result, entities) = (
            Value::from_pairs(slots),
            Value::from_pairs(results),
            Value::from_pairs(entities),
        );
        context! {
            slots,
            result,
            entities,
            bot => self.bot.facts(self.language),
            now => self.now_value(),
            language => self.language.code(),
        }
    }

    /// What templates see as `now`.
    pub(crate) fn now_value(&self) -> Value {
        now_value(&self.now())
    }

    /// The reference time where the team works.
    fn now(&self) -> Zoned {
        Timestamp::from_millisecond(self.request.now_ms)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .to_zoned(self.bot.timezone.clone())
    }

    /// The minute of the day where the team works.
    pub(crate) fn minute_of_day(&self) -> u16 {
        let now = self.now();
        u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or_default()
    }

    /// Closes the turn.
    pub(crate) fn close(mut self) -> Result<Draft, DialogueError> {
        if self.said.is_empty() {
            self.say_builtin(Builtin::Acknowledged, &[]);
        }
        let outcome = self.outcome.unwrap_or(Outcome::Reply);
        if self.bot.generation.is_some() {
            self.state
                .remember_exchange(self.request.utterance.as_str(), &self.said);
        }
        let state = self.state.write()?;
        let reply = Reply {
            text: Screened::ours(self.said),
            outcome,
            choices: self
                .choices
                .into_iter()
                .map(|choice| Choice(Screened::ours(choice)))
                .collect(),
            citations: self.citations,
            handover: self.handover,
        };
        Ok(Draft {
            reply,
            state,
            decisions: self.decisions,
            models: self.models,
        })
    }
}

/// What templates see as `now`.
fn now_value(now: &Zoned) -> Value {
    const WEEKDAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let weekday = usize::try_from(now.weekday().to_monday_zero_offset()).unwrap_or_default();
    context! {
        datetime => now.timestamp().display_with_offset(now.offset()).to_string(),
        date => now.date().to_string(),
        time => format!("{:02}:{:02}", now.hour(), now.minute()),
        year => now.year(),
        month => now.month(),
        day => now.day(),
        hour => now.hour(),
        minute => now.minute(),
        weekday => WEEKDAYS[weekday % 7],
    }
}
