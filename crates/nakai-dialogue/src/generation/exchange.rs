//! Talks to models until there is an answer: asks, listens, calls the tools that the model wants, asks again.

use std::time::{Duration, Instant};

use nakai_llm::{
    FinishReason, GenerateRequest, Generation as Answer, GenerationEvent, GenerationStream, Message, Part, Role,
    RouteError, ToolChoice,
};

use super::{
    Generation,
    prompt::Prompt,
    speaker::{Speaker, Stop},
    toolbox::Session,
};
use crate::{knowledge::Found, turn::Turn};

/// What is left of the turn's time for the reply after a model that does not answer.
const MARGIN: Duration = Duration::from_millis(300);
/// What a model is asked for, in the record of its calls.
const PURPOSE: &str = "answer";
/// The failure in the record of a call whose answer nobody waited for.
const CLIENT_GONE: &str = "client_gone";

/// What came of asking models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generated {
    /// The reply has an answer.
    Answered,
    /// Nothing was said.
    Nothing,
    /// Something was said, and then no more.
    BrokenOff {
        /// Whether the best passage is to tell the rest.
        rest_from_passage: bool,
    },
}

/// How one question to the models ended.
enum Round {
    Said,
    Calls(Answer),
    Ended(Generated),
}

/// Asks models for an answer to a question, and says it as far as it may be said. Whatever goes wrong is told by the turn's decisions.
pub(crate) async fn generate(
    turn: &mut Turn<'_>,
    generation: &Generation,
    question: &str,
    passages: &[Found],
) -> Generated {
    let names = generation.models(turn.tools);
    let route = match turn.tools.models.route(&names, generation.after_first_token()) {
        Ok(route) => route,
        Err(unknown) => {
            turn.decide("generation", "none", Some(unknown.to_string()));
            return Generated::Nothing;
        }
    };
    let deadline = turn
        .request
        .deadline
        .checked_sub(MARGIN)
        .unwrap_or(turn.request.deadline);
    let mut session = Session::open(turn, &generation.toolbox, &generation.policy, deadline).await;
    let prompt = match Prompt::new(turn, generation, question, passages, &session.names()) {
        Ok(prompt) => prompt,
        Err(kind) => {
            turn.decide("generation", "none", Some(format!("the prompt can't be made: {kind}")));
            return Generated::Nothing;
        }
    };
    let mut request = GenerateRequest {
        messages: prompt.messages,
        tools: session.definitions(),
        max_output_tokens: Some(generation.policy.max_output_tokens),
        temperature: generation.policy.temperature,
        ..GenerateRequest::default()
    };
    let mut speaker = Speaker::new(turn, generation, passages, &prompt.fence);
    let ended = loop {
        let started = Instant::now();
        let round = match route.stream(request.clone(), deadline).await {
            Ok(stream) => listen(turn, &mut speaker, stream, started).await,
            Err(failed) => {
                note_failure(turn, &failed, started);
                Round::Ended(broken(&speaker))
            }
        };
        match round {
            Round::Said if speaker.has_spoken() && speaker.has_only_greeted() => {
                break Generated::BrokenOff {
                    rest_from_passage: true,
                };
            }
            Round::Said if speaker.has_spoken() => break Generated::Answered,
            Round::Said => break Generated::Nothing,
            Round::Ended(ended) => break ended,
            Round::Calls(answer) => {
                if session.is_over() {
                    // It was told not to call any more.
                    break broken(&speaker);
                }
                request.messages.push(Message {
                    role: Role::Assistant,
                    parts: if answer.text.is_empty() {
                        Vec::new()
                    } else {
                        vec![Part::Text(answer.text)]
                    },
                    tool_calls: answer.tool_calls.clone(),
                    tool_call_id: None,
                });
                for call in &answer.tool_calls {
                    let result = session.call(turn, call).await;
                    if result.is_answer {
                        speaker.learn(turn, &result.text);
                    }
                    let enclosed = prompt.fence.enclose("tool", &result.text);
                    request.messages.push(Message::tool(call.id.clone(), enclosed));
                }
                if session.is_over() {
                    request.tool_choice = ToolChoice::Never;
                }
            }
        }
    };
    speaker.close(turn);
    ended
}

/// Hears one answer to its end.
async fn listen(
    turn: &mut Turn<'_>,
    speaker: &mut Speaker<'_>,
    mut stream: GenerationStream,
    started: Instant,
) -> Round {
    let mut answer = Answer::default();
    let mut stopped = None;
    let mut failed = None;
    loop {
        let event = tokio::select! {
            event = stream.next() => event,
            () = turn.nobody_listens() => {
                stopped = Some(Stop::Gone);
                break;
            }
        };
        let Some(event) = event else { break };
        match event {
            Ok(event) => {
                if let GenerationEvent::Text(text) = &event
                    && let Err(stop) = speaker.hear(turn, text).await
                {
                    stopped = Some(stop);
                    break;
                }
                answer.add(event);
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    if stopped.is_none() && failed.is_none() {
        let cut_short = matches!(
            answer.finish,
            Some(FinishReason::Length | FinishReason::ContentFilter) | None
        );
        stopped = speaker.finish(turn, cut_short && speaker.has_spoken()).await.err();
    }
    let models = std::sync::Arc::clone(&turn.tools.models);
    let mut calls = models.calls(PURPOSE, stream.attempts(), Some(&stream.usage()), started.elapsed());
    if stopped == Some(Stop::Gone)
        && let Some(last) = calls.last_mut()
    {
        last.failure = Some(CLIENT_GONE.into());
    }
    let model = std::sync::Arc::clone(&stream.target().name);
    // Dropping the stream stops a provider that still speaks.
    drop(stream);
    turn.models.extend(calls);
    let (detail, round) = match (stopped, failed) {
        (Some(Stop::Gone), _) => ("client_gone", Round::Ended(Generated::Answered)),
        (Some(Stop::Unsupported), _) => ("unsupported", Round::Ended(unsupported(speaker))),
        (None, Some(error)) => (error.code.name(), Round::Ended(broken(speaker))),
        (None, None) if !answer.tool_calls.is_empty() => ("tool_calls", Round::Calls(answer)),
        (None, None) => (answer.finish.map_or("no_end", FinishReason::name), Round::Said),
    };
    turn.decide("generation", model, Some(detail.into()));
    round
}

/// What is left after a failure: the passage, if nothing was said, else regret.
const fn broken(speaker: &Speaker<'_>) -> Generated {
    if speaker.has_spoken() {
        Generated::BrokenOff {
            rest_from_passage: false,
        }
    } else {
        Generated::Nothing
    }
}

/// What is left after a sentence that the passages do not support: the passage.
const fn unsupported(speaker: &Speaker<'_>) -> Generated {
    if speaker.has_spoken() {
        Generated::BrokenOff {
            rest_from_passage: true,
        }
    } else {
        Generated::Nothing
    }
}

/// Records that no model began to answer.
fn note_failure(turn: &mut Turn<'_>, failed: &RouteError, started: Instant) {
    let calls = turn
        .tools
        .models
        .calls(PURPOSE, &failed.attempts, None, started.elapsed());
    turn.models.extend(calls);
    let model = std::sync::Arc::clone(&failed.error.target);
    turn.decide("generation", model, Some(failed.error.code.name().into()));
}
