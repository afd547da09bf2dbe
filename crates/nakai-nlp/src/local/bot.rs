use std::sync::Arc;

use jiff::tz::TimeZone;
use nakai_bundle::Bundle;
use nakai_encoder::SentenceEncoder;
use nakai_ports::BundleError;
use nakai_types::{Analysis, BotRef, Language};

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
}

impl InstalledBot {
    /// Compiles and trains a bot. Takes over the classifier of a sibling, another version of the same bot, if that was trained on the
    /// same examples.
    pub(super) fn new(
        bundle: Arc<Bundle>,
        siblings: &[Arc<Self>],
        encoder: &Arc<dyn SentenceEncoder>,
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
            .find(|sibling| TrainingSet::of(&sibling.bundle.intents) == set);
        let classifier = match (trained, models) {
            (Some(sibling), _) => Arc::clone(&sibling.classifier),
            (None, Some(models)) => Arc::new(models.load_or_train(&set)),
            (None, None) => Arc::new(IntentClassifier::train_with(
                &set,
                Some(encoder),
                &mut SentenceVectors::default(),
            )),
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

    /// Understands one utterance, in time linear in its length.
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
        }
    }

    /// Says whether both share one classifier.
    #[cfg(test)]
    pub(super) fn shares_classifier_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.classifier, &other.classifier)
    }
}
