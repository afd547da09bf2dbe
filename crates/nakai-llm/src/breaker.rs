use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// After so many failures in a row a target rests.
const FAILURES: u32 = 5;
/// How long it rests first and at most; each time it fails again the rest doubles.
const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(60);

/// Keeps requests away from a target that fails, and lets a single one through from time to time to see whether it is well again.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// When a request may be tried; `None` while the target is well.
    next_try: Option<Instant>,
    rest: Duration,
}

impl Breaker {
    /// Says whether a request may be made. After a rest the first that asks may; the next ones wait for what becomes of it, or for
    /// another rest.
    pub fn allows(&self, now: Instant) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.next_try {
            None => true,
            Some(next) if now < next => false,
            Some(_) => {
                state.next_try = Some(now + state.rest);
                true
            }
        }
    }

    /// Notes that the target answered.
    pub fn succeeded(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// Notes that it did not, and how long it asked to be left alone.
    pub fn failed(&self, now: Instant, asked: Option<Duration>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES || asked.is_some() {
            state.rest = (state.rest * 2).clamp(FIRST_REST, LONGEST_REST);
            let rest = asked.map_or(state.rest, |asked| asked.min(LONGEST_REST));
            state.next_try = Some(now + rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_fails_rests_longer_and_longer_and_is_tried_by_one() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.allows(start));
            breaker.failed(start, None);
        }
        assert!(!breaker.allows(start + FIRST_REST / 2));
        let later = start + FIRST_REST;
        assert!(breaker.allows(later));
        assert!(!breaker.allows(later), "one request is enough to see");
        breaker.failed(later, None);
        assert!(!breaker.allows(later + FIRST_REST));
        let later = later + FIRST_REST * 2;
        assert!(breaker.allows(later));
        breaker.succeeded();
        assert!(breaker.allows(later) && breaker.allows(later));
    }

    #[test]
    fn what_a_provider_asks_for_is_kept() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        breaker.failed(start, Some(Duration::from_secs(7)));
        assert!(!breaker.allows(start + Duration::from_secs(6)));
        assert!(breaker.allows(start + Duration::from_secs(7)));
    }
}
