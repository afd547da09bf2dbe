//! Services and a store that do as they are told.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use nakai_ports::{
    AnalyseRequest, BundleArchive, BundleStore, Conversation, ConversationStore, Dialogue, DialogueError,
    DialogueState, Draft, IdempotencyKey, Nlp, NlpError, Reservation, RespondRequest, StoreError, TurnCommit,
    UsageGroup, UsageQuery, UsageStore,
};
use nakai_types::{
    Analysis, BotName, BotRef, ConversationId, Decision, Entity, EntityValue, IntentScore, Language, ModelCall,
    Outcome, RawText, Reply, Screened, Span, TenantId, Token, TokenView, TurnId, TurnRecord, UsageEntry, UsageSums,
    Version,
};
use tokio::sync::Semaphore;

/// Holds callers back until they are let through.
pub(crate) struct Gate {
    closed: AtomicBool,
    arrived: Semaphore,
    open: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            closed: AtomicBool::new(false),
            arrived: Semaphore::new(0),
            open: Semaphore::new(0),
        }
    }
}

impl Gate {
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Waits until somebody stands before the gate.
    pub(crate) async fn arrival(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    pub(crate) fn open(&self) {
        self.closed.store(false, Ordering::SeqCst);
        self.open.add_permits(1000);
    }

    async fn pass(&self) {
        if self.closed.load(Ordering::SeqCst) {
            self.arrived.add_permits(1);
            self.open.acquire().await.unwrap().forget();
        }
    }
}

type Failure<E> = Mutex<Option<Box<dyn Fn() -> E + Send>>>;

fn failure_of<E>(failure: &Failure<E>) -> Result<(), E> {
    failure.lock().unwrap().as_ref().map_or(Ok(()), |make| Err(make()))
}

#[derive(Default)]
pub(crate) struct FakeNlp {
    pub(crate) gate: Gate,
    pub(crate) failure: Failure<NlpError>,
    pub(crate) installed: Mutex<HashSet<BotRef>>,
    pub(crate) installs: AtomicUsize,
    pub(crate) previous_languages: Mutex<Vec<Option<Language>>>,
}

#[async_trait]
impl Nlp for FakeNlp {
    async fn install(&self, bundle: BundleArchive) -> Result<(), NlpError> {
        self.installs.fetch_add(1, Ordering::SeqCst);
        self.installed.lock().unwrap().insert(bundle.bot);
        Ok(())
    }

    /// Finds the word `twin`, and the intent `booking` unless the text has `nonsense`; asks a provider for the vector of `unsure`.
    async fn analyse(&self, request: AnalyseRequest) -> Result<Analysis, NlpError> {
        self.gate.pass().await;
        failure_of(&self.failure)?;
        if !self.installed.lock().unwrap().contains(&request.bot) {
            return Err(NlpError::NotInstalled(request.bot));
        }
        self.previous_languages.lock().unwrap().push(request.previous_language);
        let text = request.text.expose();
        let entity = |start| Entity {
            kind: "room".into(),
            span: Span::new(start, start + 4),
            value: EntityValue::Text("twin_room".into()),
            alternatives: Vec::new(),
        };
        let vector = || ModelCall {
            model: "openai/text-embedding-3-small".into(),
            purpose: "intent".into(),
            input_tokens: 5,
            cached_input_tokens: 0,
            output_tokens: 0,
            reasoning_tokens: 0,
            cost_micros: 2,
            estimated: false,
            micros: 80_000,
            first_token_micros: None,
            failure: None,
        };
        Ok(Analysis {
            language: request
                .language
                .unwrap_or(if text.is_ascii() { Language::En } else { Language::Ja }),
            mixed: false,
            intents: vec![IntentScore {
                name: "booking".into(),
                confidence: 0.75,
            }],
            out_of_scope: text.contains("nonsense"),
            also: text
                .contains("parking")
                .then(|| IntentScore {
                    name: "parking".into(),
                    confidence: 0.5,
                })
                .into_iter()
                .collect(),
            entities: text.find("twin").map(entity).into_iter().collect(),
            models: text.contains("unsure").then(vector).into_iter().collect(),
        })
    }

    async fn tokens(
        &self,
        text: RawText,
        language: Option<Language>,
        _: Option<BotRef>,
    ) -> Result<TokenView, NlpError> {
        let mut at = 0;
        let tokens = text.expose().split(' ').map(|word| {
            let span = Span::new(at, at + word.len());
            at = span.end + 1;
            Token {
                surface: word.into(),
                span,
                part_of_speech: "word".into(),
                base: word.to_lowercase(),
                reading: String::new(),
                stop: word == "a",
            }
        });
        Ok(TokenView {
            language: language.unwrap_or(Language::En),
            tokens: tokens.collect(),
        })
    }

    async fn ping(&self) -> Result<(), NlpError> {
        failure_of(&self.failure)
    }
}

#[derive(Default)]
pub(crate) struct FakeDialogue {
    /// Whether nobody listened to what was told last.
    pub(crate) left: AtomicBool,
    pub(crate) gate: Gate,
    pub(crate) failure: Failure<DialogueError>,
    pub(crate) installed: Mutex<HashSet<BotRef>>,
    pub(crate) panics: AtomicBool,
    in_progress: Mutex<HashSet<ConversationId>>,
}

#[async_trait]
impl Dialogue for FakeDialogue {
    async fn install(&self, bundle: BundleArchive) -> Result<(), DialogueError> {
        self.installed.lock().unwrap().insert(bundle.bot);
        Ok(())
    }

    /// Repeats what was said, counts in its state, and never answers two messages of a conversation at once.
    async fn respond(&self, request: RespondRequest) -> Result<Draft, DialogueError> {
        assert!(!self.panics.load(Ordering::SeqCst), "told to");
        assert!(
            self.in_progress.lock().unwrap().insert(request.conversation),
            "two turns at once"
        );
        if let Some(listener) = &request.listener {
            // What is told is how the reply begins.
            let told = listener.tell(Screened::ours("You said: ")).await;
            self.left.store(told.is_err(), Ordering::SeqCst);
        }
        self.gate.pass().await;
        tokio::task::yield_now().await;
        self.in_progress.lock().unwrap().remove(&request.conversation);
        failure_of(&self.failure)?;
        if !self.installed.lock().unwrap().contains(&request.bot) {
            return Err(DialogueError::NotInstalled(request.bot));
        }
        let before: u64 = request
            .state
            .as_ref()
            .map_or(0, |state| state.as_json().parse().unwrap());
        assert_eq!(
            before + 1,
            request.sequence,
            "the state is not the one of the turn before"
        );
        Ok(Draft {
            reply: Reply {
                text: Screened::ours(format!("You said: {}", request.utterance)),
                outcome: Outcome::Reply,
                choices: Vec::new(),
                citations: Vec::new(),
                handover: None,
            },
            state: DialogueState::from_json(request.sequence.to_string()),
            decisions: vec![Decision {
                rule: "intent".into(),
                subject: "booking".into(),
                detail: None,
            }],
            models: Vec::new(),
        })
    }

    async fn ping(&self) -> Result<(), DialogueError> {
        failure_of(&self.failure)
    }
}

/// The hash of the request that claimed a key, and its turn once that is committed.
type ClaimedKey = ([u8; 32], Option<Arc<TurnRecord>>);

/// A store in memory. Its bundles are empty archives: the fakes do not look into them.
#[derive(Default)]
pub(crate) struct FakeStore {
    pub(crate) records: Mutex<Vec<Arc<TurnRecord>>>,
    states: Mutex<HashMap<ConversationId, Conversation>>,
    keys: Mutex<HashMap<String, ClaimedKey>>,
    bundles: Mutex<BTreeMap<BotName, Vec<BundleArchive>>>,
    active: Mutex<BTreeMap<BotName, BotRef>>,
    pub(crate) failure: Failure<StoreError>,
    /// Calls of models outside of turns.
    pub(crate) calls: Mutex<Vec<UsageEntry>>,
    pub(crate) kept: tokio::sync::Notify,
    /// How many attempts to keep usage find the database away.
    pub(crate) absences: AtomicU32,
    pub(crate) loads: AtomicUsize,
    /// How many commits to come find that another process committed a turn first.
    pub(crate) intrusions: AtomicU32,
    pub(crate) committed: tokio::sync::Notify,
}

impl FakeStore {
    pub(crate) fn record(&self, at: usize) -> Arc<TurnRecord> {
        Arc::clone(&self.records.lock().unwrap()[at])
    }

    pub(crate) fn forget_bundles(&self) {
        self.bundles.lock().unwrap().clear();
    }

    pub(crate) fn activate_elsewhere(&self, bundle: BundleArchive) {
        let bot = bundle.bot.clone();
        self.bundles
            .lock()
            .unwrap()
            .entry(bot.name.clone())
            .or_default()
            .push(bundle);
        self.active.lock().unwrap().insert(bot.name.clone(), bot);
    }

    /// Everything that was ever given to the store, as text.
    pub(crate) fn everything(&self) -> String {
        let records = serde_json::to_string(&*self.records.lock().unwrap()).unwrap();
        let keys: Vec<_> = self.keys.lock().unwrap().keys().cloned().collect();
        format!("{records} {:?} {keys:?}", self.states.lock().unwrap())
    }
}

#[async_trait]
impl ConversationStore for FakeStore {
    async fn load(&self, _: &TenantId, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        failure_of(&self.failure)?;
        self.loads.fetch_add(1, Ordering::SeqCst);
        Ok(self.states.lock().unwrap().get(&id).cloned())
    }

    async fn commit(&self, commit: TurnCommit) -> Result<(), StoreError> {
        failure_of(&self.failure)?;
        let record = commit.record;
        let mut states = self.states.lock().unwrap();
        if self
            .intrusions
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
            .is_ok()
        {
            let conversation = states.get_mut(&record.conversation).unwrap();
            conversation.sequence += 1;
            conversation.state = DialogueState::from_json(conversation.sequence.to_string());
        }
        let stored = states
            .get(&record.conversation)
            .map_or(0, |conversation| conversation.sequence);
        if stored + 1 != record.sequence {
            return Err(StoreError::Conflict);
        }
        states.insert(
            record.conversation,
            Conversation {
                id: record.conversation,
                bot: record.bot.clone(),
                sequence: record.sequence,
                language: record.understanding.language,
                state: commit.state,
            },
        );
        if let Some(key) = commit.idempotency {
            self.keys
                .lock()
                .unwrap()
                .insert(key.key, (key.request_hash, Some(Arc::clone(&record))));
        }
        self.records.lock().unwrap().push(record);
        self.committed.notify_one();
        Ok(())
    }

    async fn turn(&self, _: &TenantId, id: TurnId) -> Result<Option<TurnRecord>, StoreError> {
        failure_of(&self.failure)?;
        Ok(self
            .records
            .lock()
            .unwrap()
            .iter()
            .find(|record| record.turn == id)
            .map(|record| TurnRecord::clone(record)))
    }

    async fn turns(
        &self,
        _: &TenantId,
        id: ConversationId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<TurnRecord>, StoreError> {
        let records = self.records.lock().unwrap();
        let wanted = records
            .iter()
            .filter(|record| record.conversation == id && record.sequence > after);
        Ok(wanted
            .take(limit as usize)
            .map(|record| TurnRecord::clone(record))
            .collect())
    }

    async fn recent_turns(&self, _: &TenantId, since_ms: i64, limit: u32) -> Result<Vec<TurnRecord>, StoreError> {
        let records = self.records.lock().unwrap();
        let wanted = records.iter().rev().filter(|record| record.started_ms >= since_ms);
        Ok(wanted
            .take(limit as usize)
            .map(|record| TurnRecord::clone(record))
            .collect())
    }

    async fn reserve(&self, _: &TenantId, key: &IdempotencyKey, _: i64, _: i64) -> Result<Reservation, StoreError> {
        failure_of(&self.failure)?;
        let mut keys = self.keys.lock().unwrap();
        Ok(match keys.get(&key.key) {
            None => {
                keys.insert(key.key.clone(), (key.request_hash, None));
                Reservation::Fresh
            }
            Some((hash, _)) if *hash != key.request_hash => Reservation::Mismatch,
            Some((_, None)) => Reservation::InFlight,
            Some((_, Some(record))) => Reservation::Done(Box::new(TurnRecord::clone(record))),
        })
    }

    async fn release(&self, _: &TenantId, key: &IdempotencyKey) -> Result<(), StoreError> {
        self.keys.lock().unwrap().remove(&key.key);
        Ok(())
    }

    async fn count(&self, _: &TenantId) -> Result<(u64, u64), StoreError> {
        failure_of(&self.failure)?;
        Ok((
            self.records.lock().unwrap().len() as u64,
            self.states.lock().unwrap().len() as u64,
        ))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        failure_of(&self.failure)
    }
}

#[async_trait]
impl UsageStore for FakeStore {
    async fn record(&self, entries: Vec<UsageEntry>) -> Result<(), StoreError> {
        failure_of(&self.failure)?;
        let away = |left: u32| left.checked_sub(1);
        if self
            .absences
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, away)
            .is_ok()
        {
            return Err(StoreError::Unavailable("away".into()));
        }
        self.calls.lock().unwrap().extend(entries);
        self.kept.notify_one();
        Ok(())
    }

    /// As many groups as turns, each with the names of what was asked for as its values.
    async fn usage(&self, _: Option<&TenantId>, query: &UsageQuery) -> Result<Vec<UsageGroup>, StoreError> {
        failure_of(&self.failure)?;
        let turns = self.records.lock().unwrap().len();
        let groups = if query.by.is_empty() { 1 } else { turns };
        let group = UsageGroup {
            values: query.by.iter().map(|by| Some(by.name().to_owned())).collect(),
            sums: UsageSums {
                turns: (turns / groups.max(1)) as u64,
                ..UsageSums::default()
            },
        };
        Ok(vec![group; groups.min(query.limit as usize)])
    }
}

#[async_trait]
impl BundleStore for FakeStore {
    async fn put(&self, _: &TenantId, bundle: &BundleArchive) -> Result<(), StoreError> {
        self.bundles
            .lock()
            .unwrap()
            .entry(bundle.bot.name.clone())
            .or_default()
            .push(bundle.clone());
        Ok(())
    }

    async fn get(&self, _: &TenantId, bot: &BotRef) -> Result<Option<BundleArchive>, StoreError> {
        let bundles = self.bundles.lock().unwrap();
        Ok(bundles
            .get(&bot.name)
            .and_then(|all| all.iter().find(|bundle| bundle.bot == *bot))
            .cloned())
    }

    async fn activate(&self, _: &TenantId, bot: &BotRef) -> Result<(), StoreError> {
        self.active.lock().unwrap().insert(bot.name.clone(), bot.clone());
        Ok(())
    }

    async fn active(&self, _: &TenantId) -> Result<Vec<BotRef>, StoreError> {
        failure_of(&self.failure)?;
        Ok(self.active.lock().unwrap().values().cloned().collect())
    }

    async fn versions(&self, _: &TenantId, bot: &BotName) -> Result<Vec<Version>, StoreError> {
        let bundles = self.bundles.lock().unwrap();
        Ok(bundles
            .get(bot)
            .into_iter()
            .flatten()
            .map(|bundle| bundle.bot.version)
            .rev()
            .collect())
    }
}

/// Vectors that tell how long a text is.
pub(crate) struct FakeEncoder;

impl nakai_gateway::TextEncoder for FakeEncoder {
    fn dimension(&self) -> usize {
        2
    }

    fn encode(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        texts.iter().map(|text| vec![1.0, text.len() as f32]).collect()
    }
}
