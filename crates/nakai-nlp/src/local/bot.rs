use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::tz::TimeZone;
use nakai_bundle::Bundle;
use nakai_encoder::{Asked, Encoder};
use nakai_ports::BundleError;
use nakai_types::{Analysis, BotRef, Language, ModelCall};

use crate::{
    Folded,
    entities::{Circumstances, EntityFinder},
    intents::{IntentClassifier, ModelCache, SentenceVectors, TrainingSet},
    text::{Detected, Normalised, StopWords, detect},
};

/// One version of a bot with everything compiled that its utterances need.
pub(super) struct InstalledBot {
    bundle: Arc<Bundle>,
    classifier: Arc<IntentClassifier>,
    entities: EntityFinder,
    /// Where the bot's days begin.
    zone: TimeZone,
    /// By language.
    stop_words: Arc<[StopWords; 2]>,
    /// Where vectors come from, as a model's full name.
    encoder: Arc<str>,
    /// When it was trained on the wording alone, because the encoder could not be had.
    without_encoder: Option<Instant>,
}

impl InstalledBot {
    /// Compiles and trains a bot. Takes over the classifier of a sibling, another version of the same bot, if that was trained on the
    /// same examples.
    pub(super) fn new(
        bundle: Arc<Bundle>,
        siblings: &[Arc<Self>],
        encoder: &Encoder,
        models: Option<&ModelCache>,
    ) -> Result<Self, BundleError> {
        let entities =
            EntityFinder::new(&bundle.entities, &bundle.builtin_entities()).map_err(|error| BundleError::Unusable {
                bot: bundle.bot_ref.clone(),
                reason: error.to_string(),
            })?;
        let set = TrainingSet::of(&bundle.intents);
        let trained = siblings
            .iter()
            .find(|sibling| sibling.without_encoder.is_none() && TrainingSet::of(&sibling.bundle.intents) == set);
        let classifier = match (trained, models) {
            (Some(sibling), _) => Ok(Arc::clone(&sibling.classifier)),
            (None, Some(models)) => models.load_or_train(&set).map(Arc::new),
            (None, None) => IntentClassifier::train(&set, encoder, &mut SentenceVectors::default()).map(Arc::new),
        };
        let (classifier, without_encoder) = match classifier {
            Ok(classifier) => (classifier, None),
            Err(error) => {
                tracing::warn!(
                    bot = %bundle.bot_ref.name,
                    %error,
                    "trained on the wording of the examples alone, which knows fewer ways of saying things; it is trained again when \
                     the encoder can be had"
                );
                (Arc::new(IntentClassifier::train_on_wording(&set)), Some(Instant::now()))
            }
        };
        let stop_words = Language::ALL
            .map(|language| StopWords::new(language, bundle.bot.stop_words.get(language).map_or(&[], Vec::as_slice)));
        // The bundle's checks know every zone that this does; a machine without them counts in UTC.
        let zone = TimeZone::get(&bundle.bot.timezone).unwrap_or(TimeZone::UTC);
        Ok(Self {
            zone,
            bundle,
            classifier,
            entities,
            stop_words: Arc::new(stop_words),
            encoder: encoder.id().into(),
            without_encoder,
        })
    }

    pub(super) fn bot_ref(&self) -> &BotRef {
        &self.bundle.bot_ref
    }

    /// The language of an utterance that does not show its own.
    pub(super) fn default_language(&self) -> Language {
        self.bundle.bot.languages.first().copied().unwrap_or(Language::Ja)
    }

    pub(super) const fn stop_words(&self) -> &Arc<[StopWords; 2]> {
        &self.stop_words
    }

    pub(super) const fn bundle(&self) -> &Arc<Bundle> {
        &self.bundle
    }

    /// Whether it was trained without its encoder long enough ago to try again.
    pub(super) fn should_learn_again(&self, after: Duration) -> bool {
        self.without_encoder.is_some_and(|since| since.elapsed() >= after)
    }

    /// Understands one utterance, in time linear in its length. With an encoder elsewhere it may keep the thread waiting for that.
    pub(super) fn analyse(
        &self,
        text: &str,
        requested: Option<Language>,
        previous: Option<Language>,
        now_ms: i64,
    ) -> Analysis {
        let normalised = Normalised::of(text);
        let folded = Folded::of(&normalised);
        let mut detected = detect(&normalised, requested, previous, self.default_language());
        let ranking = self.classifier.classify(
            &folded,
            self.bundle
                .bot
                .thresholds
                .out_of_scope
                .unwrap_or_else(|| self.classifier.threshold()),
        );
        if requested.is_none() && detected.language == Language::En && ranking.romaji {
            detected = Detected {
                language: Language::Ja,
                mixed: false,
            };
        }
        let circumstances = Circumstances::new(
            detected.language,
            detected.mixed,
            now_ms,
            &self.zone,
            self.bundle.bot.time_convention,
        );
        Analysis {
            language: detected.language,
            mixed: detected.mixed,
            intents: ranking.intents,
            out_of_scope: ranking.out_of_scope,
            also: ranking.also,
            entities: self.entities.find(&normalised, &folded, &circumstances),
            models: self.model_calls(ranking.asked),
        }
    }

    /// The record of what an encoder elsewhere was asked for an utterance.
    fn model_calls(&self, asked: Asked) -> Vec<ModelCall> {
        if asked.calls == 0 {
            return Vec::new();
        }
        vec![ModelCall {
            model: Arc::clone(&self.encoder),
            purpose: Cow::Borrowed("intent"),
            input_tokens: asked.tokens,
            cached_input_tokens: 0,
            output_tokens: 0,
            reasoning_tokens: 0,
            cost_micros: asked.cost_micros,
            estimated: asked.estimated,
            micros: asked.micros,
            first_token_micros: None,
            failure: asked.failure.map(Cow::Borrowed),
        }]
    }

    /// Says whether both share one classifier.
    #[cfg(test)]
    pub(super) fn shares_classifier_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.classifier, &other.classifier)
    }
}
