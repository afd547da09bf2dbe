//! An answer in pieces, and what becomes of it when its target fails.

use std::{sync::Arc, time::Instant};

use crate::{
    AfterFirstToken, Attempt, GenerateRequest, GenerationEvent, Message, ProviderError, Role, Route, Target,
    TokenUsage, plausible, transport::Incoming, usage::Said,
};

/// An answer that comes in pieces. Whoever drops it stops the provider.
pub struct GenerationStream {
    route: Arc<Route>,
    place: usize,
    /// `None` once everything is said.
    incoming: Option<Incoming>,
    /// The words that were passed on.
    text: String,
    said: Said,
    /// A piece of a call was passed on.
    calls: bool,
    finished: bool,
    /// What the provider says it used, whether or not it can be.
    claimed: Option<TokenUsage>,
    request: GenerateRequest,
    deadline: Instant,
    attempts: Vec<Attempt>,
}

impl GenerationStream {
    /// Takes an answer that has begun.
    pub(crate) fn new(
        route: Arc<Route>,
        (place, incoming): (usize, Incoming),
        request: GenerateRequest,
        deadline: Instant,
        attempts: Vec<Attempt>,
    ) -> Self {
        Self {
            route,
            place,
            incoming: Some(incoming),
            text: String::new(),
            said: Said::default(),
            calls: false,
            finished: false,
            claimed: None,
            request,
            deadline,
            attempts,
        }
    }

    /// Gives the next piece; `None` after the last one. After an error there is nothing more.
    pub async fn next(&mut self) -> Option<Result<GenerationEvent, ProviderError>> {
        loop {
            match self.incoming.as_mut()?.next().await {
                Some(Ok(event)) => {
                    self.note(&event);
                    return Some(Ok(event));
                }
                Some(Err(error)) => {
                    self.incoming = None;
                    if self.finished {
                        // The answer is whole; what is missing is the provider's count of tokens at most.
                        return None;
                    }
                    match self.take_over(&error).await {
                        true => continue,
                        false => return Some(Err(error)),
                    }
                }
                None => {
                    self.incoming = None;
                    self.tell_of_refused_usage();
                    return None;
                }
            }
        }
    }

    /// Whether [`next`](Self::next) gives a piece, or the end of a whole answer, without waiting.
    pub fn is_ready(&mut self) -> bool {
        self.incoming.as_mut().is_none_or(Incoming::is_ready)
    }

    fn note(&mut self, event: &GenerationEvent) {
        self.said.add(event);
        match event {
            GenerationEvent::Text(text) => self.text.push_str(text),
            GenerationEvent::ToolCall { .. } => self.calls = true,
            GenerationEvent::Finished(_) => self.finished = true,
            GenerationEvent::Usage(usage) => self.claimed = Some(*usage),
            GenerationEvent::Started { .. } | GenerationEvent::Reasoning(_) => {}
        }
    }

    /// Lets the next target go on after an answer broke off, if that is the policy and there is one.
    async fn take_over(&mut self, error: &ProviderError) -> bool {
        let place = &self.route.targets[self.place];
        if error.code.counts_against_target() {
            place.breaker.failed(Instant::now(), error.retry_after);
        }
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.error = Some(error.clone());
        }
        let nothing_said = self.text.is_empty();
        // Half a call can't be gone on with.
        if self.calls || (!nothing_said && self.route.after_first_token == AfterFirstToken::Fail) {
            return false;
        }
        let mut request = self.request.clone();
        if !nothing_said {
            request.messages.push(Message::new(Role::Assistant, self.text.clone()));
            request.messages.push(Message::new(Role::User, CONTINUE));
        }
        let route = Arc::clone(&self.route);
        match route
            .begin(self.place + 1, &request, self.deadline, &mut self.attempts)
            .await
        {
            Ok((place, incoming)) => {
                self.place = place;
                self.incoming = Some(incoming);
                true
            }
            Err(failed) => {
                self.attempts = failed.attempts;
                false
            }
        }
    }

    /// The target that answers.
    pub fn target(&self) -> &Target {
        &self.route.targets[self.place].target
    }

    /// What was used so far: the provider's numbers, or our own count where it sent none (yet) or none that can be.
    pub fn usage(&self) -> TokenUsage {
        let claimed = self
            .claimed
            .and_then(|usage| plausible::of_answer(usage, &self.request, &self.said));
        claimed.unwrap_or_else(|| TokenUsage::estimated(&self.request, &self.said))
    }

    fn tell_of_refused_usage(&self) {
        if let Some(claimed) = self.claimed.filter(|_| self.usage().estimated) {
            plausible::tell(&self.target().name, &claimed);
        }
    }

    /// Everything that was tried so far.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

const CONTINUE: &str = "Your last answer broke off. Go on exactly where it stops, in the same language, without repeating anything and \
                        without any remark about this.";
