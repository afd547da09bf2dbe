//! Event streams of turns, kept for a while, so that a client whose connection broke gets what it missed and nobody answers twice.

use std::{fmt, str::FromStr, time::Duration};

use moka::sync::Cache;
use nakai_types::{TenantId, TurnId};
use tokio::sync::watch;

/// How long a stream can be taken up again, from its beginning, beyond the time that a turn may take.
const KEPT: Duration = Duration::from_secs(60);
/// How much memory finished streams may take; those that were asked for least go first.
const LIMIT_BYTES: u64 = 16 << 20;
/// What a stream takes beside its text, about.
const FIXED_BYTES: usize = 512;

/// Where a client stands in the stream of a turn: the `id` of an event, `TURN/BYTES` or `TURN/end`.
///
/// The number is that of the reply's bytes told up to and with the event; so a position says where to go on in the stored reply, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// The turn.
    pub(crate) turn: TurnId,
    /// How much of it was told; `None` if all of it.
    pub(crate) told: Option<usize>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.told {
            Some(bytes) => write!(f, "{}/{bytes}", self.turn),
            None => write!(f, "{}/end", self.turn),
        }
    }
}

/// Text that is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;
    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let (turn, told) = text.split_once('/').ok_or(NoPosition)?;
        Ok(Self {
            turn: turn.parse().map_err(|_| NoPosition)?,
            told: match told {
                "end" => None,
                bytes => Some(bytes.parse().map_err(|_| NoPosition)?),
            },
        })
    }
}

/// One event of a stream.
#[derive(Debug, Clone)]
pub(crate) struct StreamEvent {
    /// `turn`, `delta`, `done` or `error`.
    pub(crate) name: &'static str,
    /// JSON on one line.
    pub(crate) data: String,
    /// How much of the reply is told with it; `None` for the last one.
    pub(crate) told: Option<usize>,
}

/// What a stream has told so far.
#[derive(Debug, Default)]
pub(crate) struct Told {
    events: Vec<StreamEvent>,
    /// Whether the last event is there.
    over: bool,
}

/// Who asks: a stream holds a customer's own data, and is for the caller that it was made for.
type Key = (TenantId, &'static str, TurnId);

/// The streams of this process.
pub(crate) struct Streams(Cache<Key, watch::Receiver<Told>>);

impl Streams {
    pub(crate) fn new(turn_time: Duration) -> Self {
        let weight = |_: &Key, told: &watch::Receiver<Told>| {
            let bytes: usize = told.borrow().events.iter().map(|event| event.data.len()).sum();
            u32::try_from(bytes + FIXED_BYTES).unwrap_or(u32::MAX)
        };
        Self(
            Cache::builder()
                .max_capacity(LIMIT_BYTES)
                .weigher(weight)
                .time_to_live(turn_time + KEPT)
                .build(),
        )
    }

    /// Begins a stream.
    pub(crate) fn begin(&self, tenant: &TenantId, caller: &'static str, turn: TurnId) -> (Teller, Listening) {
        let (told, listening) = watch::channel(Told::default());
        let key = (tenant.clone(), caller, turn);
        self.0.insert(key.clone(), listening.clone());
        let teller = Teller {
            told,
            listening: listening.clone(),
            key,
            streams: self.0.clone(),
        };
        (teller, Listening { told: listening, at: 0 })
    }

    /// Takes a stream up again behind a position, or from its beginning; `None` if it is not here.
    pub(crate) fn resume(
        &self,
        tenant: &TenantId,
        caller: &'static str,
        turn: TurnId,
        position: Option<Position>,
    ) -> Option<Listening> {
        let told = self.0.get(&(tenant.clone(), caller, turn))?;
        let known = |event: &&StreamEvent| match (position, event.told) {
            (None, _) | (Some(Position { told: Some(_), .. }), None) => false,
            (Some(Position { told: None, .. }), _) => true,
            (Some(Position { told: Some(known), .. }), Some(told)) => told <= known,
        };
        let at = told.borrow().events.iter().take_while(known).count();
        Some(Listening { told, at })
    }
}

/// Tells a stream, whoever listens.
pub(crate) struct Teller {
    told: watch::Sender<Told>,
    listening: watch::Receiver<Told>,
    key: Key,
    streams: Cache<Key, watch::Receiver<Told>>,
}

impl Teller {
    pub(crate) fn tell(&self, event: StreamEvent) {
        self.told.send_modify(|told| {
            told.over |= event.told.is_none();
            told.events.push(event);
        });
    }
}

impl Drop for Teller {
    /// Weighs the stream again, as long as it has become.
    fn drop(&mut self) {
        let kept = self.streams.get(&self.key);
        if kept.is_some_and(|kept| kept.same_channel(&self.listening)) {
            self.streams.insert(self.key.clone(), self.listening.clone());
        }
    }
}

/// Hears a stream.
pub(crate) struct Listening {
    told: watch::Receiver<Told>,
    at: usize,
}

impl Listening {
    /// Waits for the next events; `None` behind the last one, or if the turn broke off without one.
    pub(crate) async fn next(&mut self) -> Option<Vec<StreamEvent>> {
        let at = self.at;
        let told = self
            .told
            .wait_for(|told| told.events.len() > at || told.over)
            .await
            .ok()?;
        let events = told.events.get(at..).unwrap_or_default().to_vec();
        drop(told);
        self.at += events.len();
        if events.is_empty() { None } else { Some(events) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &'static str, told: Option<usize>) -> StreamEvent {
        StreamEvent {
            name,
            data: "{}".to_owned(),
            told,
        }
    }

    async fn rest(mut listening: Listening) -> Vec<&'static str> {
        let mut names = Vec::new();
        while let Some(events) = listening.next().await {
            names.extend(events.iter().map(|event| event.name));
        }
        names
    }

    #[tokio::test]
    async fn a_stream_goes_on_behind_what_was_told() {
        let streams = Streams::new(Duration::from_secs(1));
        let (tenant, turn) = (TenantId::default(), TurnId::new());
        let (teller, first) = streams.begin(&tenant, "local", turn);
        teller.tell(event("turn", Some(0)));
        teller.tell(event("one", Some(3)));
        let at = |told| Some(Position { turn, told });
        let resume = |position| streams.resume(&tenant, "local", turn, position).unwrap();
        let (early, late) = (resume(at(Some(0))), resume(at(Some(3))));
        teller.tell(event("two", Some(6)));
        teller.tell(event("done", None));
        drop(teller);
        assert_eq!(rest(first).await, ["turn", "one", "two", "done"]);
        assert_eq!(rest(early).await, ["one", "two", "done"]);
        assert_eq!(rest(late).await, ["two", "done"]);
        assert_eq!(rest(resume(at(Some(6)))).await, ["done"]);
        assert_eq!(rest(resume(at(None))).await, [""; 0]);
        assert_eq!(rest(resume(None)).await.len(), 4);
        assert!(streams.resume(&tenant, "bootstrap", turn, None).is_none());
    }

    #[tokio::test]
    async fn a_turn_that_breaks_off_ends_its_stream() {
        let streams = Streams::new(Duration::from_secs(1));
        let (teller, listening) = streams.begin(&TenantId::default(), "local", TurnId::new());
        teller.tell(event("turn", Some(0)));
        drop(teller);
        assert_eq!(rest(listening).await, ["turn"]);
    }

    #[test]
    fn a_position_reads_back() {
        let turn = TurnId::new();
        for told in [None, Some(0), Some(42)] {
            let position = Position { turn, told };
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        for text in ["", "42", "x/1", &format!("{turn}"), &format!("{turn}/-1")] {
            assert_eq!(text.parse::<Position>(), Err(NoPosition), "{text}");
        }
    }
}
