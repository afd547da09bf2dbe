use nakai_config::Problems;

use super::names::Names;
use crate::model::{AnswerSource, BotFile, GenerationPolicy, ModelChoice};

/// Checks the section `generation` of `bot.yaml`.
pub(super) fn check(bot: &BotFile, names: &Names<'_>, problems: &mut Problems) {
    let generation = &bot.generation;
    check_models(generation, problems);
    if let Some(prompt) = &generation.prompt {
        names.prompts.require(prompt, "generation.prompt", problems);
    }
    for (index, tool) in generation.tools.iter().enumerate() {
        let key = format!("generation.tools[{index}]");
        if generation.tools[..index].contains(tool) {
            problems.error(key, format!("`{tool}` is here for the second time"), "keep one");
        } else {
            names.tools.require(tool, key, problems);
        }
    }
    if !generation.is_on() && (generation.prompt.is_some() || !generation.tools.is_empty()) {
        problems.warn(
            "generation",
            "no model is asked, because `models` names none",
            "add `models: auto`, or the names of models",
        );
    }
    if generation.answers == AnswerSource::Free && generation.grounding != Default::default() {
        problems.warn(
            "generation.grounding",
            "has no effect, because answers are free",
            "write `answers: knowledge`, or remove it",
        );
    }
}

fn check_models(generation: &GenerationPolicy, problems: &mut Problems) {
    let ModelChoice::Named(models) = &generation.models else {
        return;
    };
    for (index, model) in models.iter().enumerate() {
        let key = format!("generation.models[{index}]");
        let whole = model
            .split_once('/')
            .is_some_and(|(provider, model)| !provider.is_empty() && !model.is_empty());
        if !whole {
            problems.error(
                key,
                format!("`{model}` names no provider"),
                "write `provider/model`, for example `openai/gpt-5-mini`",
            );
        } else if models[..index].contains(model) {
            problems.error(key, format!("`{model}` is here for the second time"), "keep one");
        }
    }
}
