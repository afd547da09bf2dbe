use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use nakai_bundle::{Bundle, Library, model::TestCase};
use nakai_dialogue::{DialogueParts, LocalDialogue, filled_slots};
use nakai_encoder::Encoder;
use nakai_governance::{restore, screen};
use nakai_llm::Models;
use nakai_nlp::{LocalNlp, NlpConfig};
use nakai_ports::{AnalyseRequest, RespondRequest, SharedKnowledge};
use nakai_types::{ConversationId, RawText, Vault};

use super::compare::{Difference, Exchange, compare};
use crate::services::Local;

/// A turn of a test has no customer who waits.
const TURN_LIMIT: Duration = Duration::from_secs(30);

/// Runs tests against one bundle: the path of a turn without its socket and its store.
pub(in crate::bot) struct Runner<'a> {
    services: Local,
    bundle: &'a Bundle,
    noon: i64,
}

impl<'a> Runner<'a> {
    /// Runs tests against a bundle, which may never have been written to files, with an encoder. What `knowledge` has of its articles is not
    /// indexed again.
    pub(in crate::bot) async fn new(bundle: &'a Bundle, encoder: Encoder, knowledge: SharedKnowledge) -> Result<Self> {
        let library = Arc::new(Library::default());
        let shared = Arc::new(bundle.clone());
        let config = NlpConfig {
            encoder,
            ..NlpConfig::default()
        };
        let nlp = LocalNlp::new(config, Arc::clone(&library));
        nlp.install_bundle(Arc::clone(&shared)).await?;
        let dialogue = LocalDialogue::new(DialogueParts::new(library, Arc::new(Models::none()?), knowledge)?);
        dialogue.install_bundle(shared).await?;
        let services = Local {
            nlp: Arc::new(nlp),
            dialogue: Arc::new(dialogue),
        };
        let zone = TimeZone::get(&bundle.bot.timezone).unwrap_or(TimeZone::UTC);
        let noon = date(2026, 1, 15)
            .at(12, 0, 0, 0)
            .to_zoned(zone)?
            .timestamp()
            .as_millisecond();
        Ok(Self { services, bundle, noon })
    }

    /// Runs one test; gives what differs from what it expects.
    pub(in crate::bot) async fn run(&self, test: &TestCase) -> Result<Vec<Difference>> {
        let now_ms = match &test.now {
            Some(now) => now
                .parse::<Timestamp>()
                .context("the test's `now` is no time")?
                .as_millisecond(),
            None => self.noon,
        };
        // The wording of replies depends on the conversation; a test must say the same each time.
        let conversation = ConversationId::from_bytes([0; 16]);
        let bot = &self.bundle.bot_ref;
        let (mut state, mut vault, mut language) = (None, Vault::default(), None);
        let mut differences = Vec::new();
        for (index, turn) in test.turns.iter().enumerate() {
            let deadline = Instant::now() + TURN_LIMIT;
            let text = RawText::new(turn.customer.clone());
            let analysis = self
                .services
                .nlp
                .analyse(AnalyseRequest {
                    bot: bot.clone(),
                    text: text.clone(),
                    language: test.language,
                    previous_language: language,
                    now_ms,
                    deadline,
                })
                .await?;
            language = Some(analysis.language);
            let screening = screen(&text, analysis, &mut vault);
            let understanding = screening.understanding.clone();
            let draft = self
                .services
                .dialogue
                .respond(RespondRequest {
                    bot: bot.clone(),
                    conversation,
                    sequence: u64::try_from(index)? + 1,
                    state: state.take(),
                    utterance: screening.utterance,
                    understanding: screening.understanding,
                    vault: vault.clone(),
                    now_ms,
                    deadline,
                    listener: None,
                })
                .await?;
            let reply = restore(&draft.reply.text, &vault, understanding.language);
            let exchange = Exchange {
                bundle: self.bundle,
                customer: &turn.customer,
                understanding: &understanding,
                slots: &filled_slots(&draft.state)?,
                draft: &draft,
                reply: &reply,
            };
            differences.extend(compare(index + 1, &exchange, &turn.expect));
            state = Some(draft.state);
        }
        Ok(differences)
    }
}
