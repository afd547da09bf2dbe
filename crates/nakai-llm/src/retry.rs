use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How much of a retry each request earns.
const EARNED: f64 = 0.2;
/// How many retries are saved up at most, which is how many a quiet route starts with.
const SAVED: f64 = 10.0;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Who is asked to wait longer than this is better off to know.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Allows a share of all requests to be repeated, so that a provider in trouble is not asked many times more than one in health.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<f64>);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(Mutex::new(SAVED))
    }
}

impl RetryBudget {
    /// Notes a request.
    pub(crate) fn earn(&self) {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *saved = (*saved + EARNED).min(SAVED);
    }

    /// Takes one retry, if there is any.
    pub(crate) fn spend(&self) -> bool {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *saved >= 1.0;
        if enough {
            *saved -= 1.0;
        }
        enough
    }
}

/// How long to wait before a retry, the first of which is 0: twice as long each time, a random share of it, never less than the provider
/// asked for. `random` is from 0 to 1.
pub(crate) fn pause(retry: u32, asked: Option<Duration>, random: f64) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << retry.min(16)).min(LONGEST_PAUSE);
    let jittered = longest.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
    jittered.max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_requests_may_be_repeated() {
        let budget = RetryBudget::default();
        let spent = (0..1000)
            .filter(|_| {
                budget.earn();
                budget.spend()
            })
            .count();
        assert_eq!(spent, 200 + SAVED as usize - 1);
    }

    #[test]
    fn pauses_grow_and_respect_the_provider() {
        assert_eq!(pause(0, None, 1.0), FIRST_PAUSE);
        assert_eq!(pause(0, None, 0.0), FIRST_PAUSE / 2);
        assert_eq!(pause(2, None, 1.0), FIRST_PAUSE * 4);
        assert_eq!(pause(60, None, 1.0), LONGEST_PAUSE);
        let asked = Duration::from_secs(9);
        assert_eq!(pause(0, Some(asked), 0.5), asked);
    }
}
