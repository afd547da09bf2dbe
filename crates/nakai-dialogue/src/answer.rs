//! Answers to questions: from a model that reads passages if the bot has models, else from the best passage as it is.
//!
//! The cheapest way that is enough comes first. A model that can't be asked, fails or says nothing that the passages support costs the
//! customer nothing but time: the passage is the answer then.

use nakai_types::Screened;

use crate::{
    generation::{Generated, generate},
    knowledge::{self, Found},
    turn::Turn,
};

/// Answers a question, from one article or from all. Says whether there was an answer.
pub(crate) async fn answer(turn: &mut Turn<'_>, question: &Screened, article: Option<&str>) -> bool {
    let Some(generation) = turn
        .bot
        .generation
        .as_ref()
        .filter(|generation| generation.has_models(turn.tools))
    else {
        let passages = retrieve(turn, question, article, 1).await;
        return extract(turn, &passages);
    };
    let passages = retrieve(turn, question, article, generation.passages()).await;
    if let Some(reason) = generation.needs_no_model(&passages, turn.language) {
        turn.decide("generation", "extract", Some(reason.into()));
        return extract(turn, &passages);
    }
    // In a place of its own, or every turn would take the room that this needs.
    match Box::pin(generate(turn, generation, question.as_str(), &passages)).await {
        Generated::Answered => true,
        Generated::Nothing => extract(turn, &passages),
        Generated::BrokenOff { rest_from_passage } => {
            if !(rest_from_passage && extract(turn, &passages)) {
                turn.say_builtin(crate::builtin::Builtin::BrokenOff, &[]);
            }
            true
        }
    }
}

async fn retrieve(turn: &mut Turn<'_>, question: &Screened, article: Option<&str>, limit: usize) -> Vec<Found> {
    match article {
        Some(path) => knowledge::within(turn, question.clone(), path, limit).await,
        None => knowledge::search(turn, question.clone(), limit).await,
    }
}

/// Gives the best passage as it is.
fn extract(turn: &mut Turn<'_>, passages: &[Found]) -> bool {
    let Some(best) = passages.first() else { return false };
    turn.cite(best);
    true
}
