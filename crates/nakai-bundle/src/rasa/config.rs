use nakai_types::Language;

use super::{
    report::{Ledger, Place},
    view::View,
};

/// What of `config.yml` a bundle has.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) language: Language,
    /// Below this confidence an utterance is not understood.
    pub(super) threshold: Option<f64>,
    /// Whether Duckling finds its dates and times.
    pub(super) duckling: bool,
    /// The IANA time zone in which Duckling counts days.
    pub(super) timezone: Option<String>,
}

impl Config {
    pub(super) fn read(views: &[View<'_>], ledger: &mut Ledger) -> Self {
        let mut config = Self {
            language: Language::En,
            threshold: None,
            duckling: false,
            timezone: None,
        };
        let mut has_language = false;
        for view in views {
            if let Some((code, place)) = view
                .get("language")
                .and_then(|language| Some((language.text()?, language.place())))
            {
                has_language = true;
                match code.parse() {
                    Ok(language) => config.language = language,
                    Err(_) => ledger.lost(
                        place,
                        format!("language `{code}` is none of Nakai's; everything is written down as English"),
                        "translate the bundle",
                    ),
                }
            }
            for key in ["version", "recipe", "assistant_id"] {
                if let Some(value) = view.get(key) {
                    value.text();
                    ledger.lost(
                        value.place(),
                        format!("`{key}` of the configuration is not carried over"),
                        "",
                    );
                }
            }
            for component in view.get("pipeline").map(View::items).unwrap_or_default() {
                config.read_component(component, "pipeline component", ledger);
            }
            for policy in view.get("policies").map(View::items).unwrap_or_default() {
                config.read_component(policy, "policy", ledger);
            }
        }
        if !has_language {
            ledger.changed(
                Place::new("config.yml", 0),
                "the project names no language; English is assumed",
                "",
            );
        }
        config
    }

    fn read_component(&mut self, component: View<'_>, what: &str, ledger: &mut Ledger) {
        let name = component.get_text("name").unwrap_or_else(|| "without a name".into());
        if name == "DucklingEntityExtractor" {
            self.duckling = true;
            self.timezone = component.get_text("timezone").or(self.timezone.take());
            return ledger.changed(
                component.place(),
                format!("{what} `{}` is `time_convention: duckling` now", component.summary()),
                "use the built-in entities for what it found",
            );
        }
        let threshold = component
            .get("threshold")
            .or_else(|| component.get("core_fallback_threshold"));
        match threshold.and_then(|threshold| Some((threshold.number()?, threshold.place()))) {
            Some((value, place)) if name == "FallbackClassifier" && (0.0..=1.0).contains(&value) => {
                self.threshold = Some(value);
                ledger.changed(
                    place,
                    format!("the threshold {value} of `{name}` is `thresholds.out_of_scope` now"),
                    "tune it: confidences differ",
                );
            }
            _ => {}
        }
        ledger.lost(
            component.place(),
            format!("{what} `{}` is not carried over", component.summary()),
            "not needed: Nakai brings its own understanding and dialogue",
        );
    }
}
