use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{Point, Trade, Trial, metrics, prediction::Prediction};
use crate::{cost, share::share};

/// How well, how fast and how honestly intents were recognised. Shares are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NluReport {
    /// The share of all utterances with which the right thing is done: the right intent is answered, or one without intent is refused.
    pub accuracy: f64,
    /// Of the utterances with an intent, the share that is answered with the right one; refused ones count as wrong.
    pub in_scope_accuracy: f64,
    /// The same, as if nothing were refused.
    pub in_scope_accuracy_ungated: f64,
    /// Of the utterances without intent, the share that is refused; nothing if there are none.
    pub oos_recall: Option<f64>,
    /// Of the refused utterances, the share that has no intent; nothing if there are none of these.
    pub oos_precision: Option<f64>,
    /// The mean over the intents of F1, ungated.
    pub macro_f1: f64,
    /// Expected calibration error in ten bins, over all utterances: how far the confidence of the best intent is from how often it is
    /// right. The best intent of an utterance without any is never right.
    pub ece: f64,
    /// The same over the utterances with an intent.
    pub ece_in_scope: f64,
    /// The share that is answered and how much of it is wrong, by threshold.
    pub risk_coverage: Vec<Point>,
    /// The area under error over share answered: the mean error of the surest 1, 2, 3, ... utterances.
    pub aurc: f64,
    /// CPU time of one training, all threads, s.
    pub train_cpu_s: f64,
    /// CPU time of one query from the typed text to its intent, all threads, µs.
    pub cpu_us_per_query: f64,
    /// The most memory the process ever held, MiB.
    pub peak_mib: f64,
    /// Utterances asked.
    pub rows: usize,
    /// Of these, those with an intent.
    pub in_scope_rows: usize,
    /// Of these, those without.
    pub oos_rows: usize,
    /// Utterances trained on; the mean if there were several trainings.
    pub train_rows: usize,
    /// How often was trained: once, or once a part.
    pub trainings: u32,
    /// Intents trained.
    pub intents: usize,
    /// Labels asked for that no training utterance had, with their rows: these can only be wrong.
    pub unknown_labels: BTreeMap<String, usize>,
    /// The confidence below which an utterance is refused; the mean if there were several trainings.
    pub threshold: f32,
    /// By threshold: the share of the utterances with an intent that is answered rightly, and of those without that is refused.
    pub thresholds: Vec<Trade>,
    /// What was asked where the wording alone was not sure, if anything.
    pub encoder: Option<String>,
    /// The share of the utterances for which it was asked.
    pub encoder_asked: f64,
    /// Examples of each intent, if they were limited.
    pub shots: Option<usize>,
    /// What all that was random depends on.
    pub seed: u64,
    /// What was done to the utterances asked.
    pub noise: Option<String>,
    /// To which share of their characters.
    pub noise_rate: Option<f64>,
}

impl NluReport {
    pub(super) fn of(trial: Trial<'_>) -> Self {
        let Trial {
            options, predictions, ..
        } = trial;
        let count = |is: &dyn Fn(&Prediction) -> bool| predictions.iter().filter(|p| is(p)).count();
        let rows = predictions.len();
        let in_scope_rows = count(&Prediction::in_scope);
        let oos_rows = rows - in_scope_rows;
        let oos = |share: f64| (oos_rows > 0).then_some(share);
        let refused_oos = count(&|p| !p.in_scope() && p.refused);
        let trainings = trial.trainings.max(1);
        Self {
            accuracy: share(count(&Prediction::right), rows),
            in_scope_accuracy: share(count(&|p| p.in_scope() && p.right()), in_scope_rows),
            in_scope_accuracy_ungated: share(count(&Prediction::hit), in_scope_rows),
            oos_recall: oos(share(refused_oos, oos_rows)),
            oos_precision: oos(share(refused_oos, count(&|p| p.refused))),
            macro_f1: metrics::macro_f1(&predictions),
            ece: metrics::calibration_error(predictions.iter()),
            ece_in_scope: metrics::calibration_error(predictions.iter().filter(|p| p.in_scope())),
            risk_coverage: metrics::risk_coverage(&predictions),
            aurc: metrics::area_under_risk_coverage(&predictions),
            train_cpu_s: trial.training_cpu.as_secs_f64() / f64::from(trainings),
            cpu_us_per_query: cost::micros_of_each(trial.asking_cpu, rows),
            peak_mib: cost::peak_mib(),
            rows,
            in_scope_rows,
            oos_rows,
            train_rows: trial.training_rows / trainings as usize,
            trainings: trial.trainings,
            intents: trial.intents.len(),
            unknown_labels: trial.unknown,
            threshold: trial.thresholds / trainings as f32,
            thresholds: metrics::trades(&predictions),
            encoder: options.encoder.as_ref().map(|encoder| encoder.id().to_owned()),
            encoder_asked: share(count(&|p| p.encoder_asked), rows),
            shots: options.shots,
            seed: options.seed,
            noise: options.noise.map(|(noise, _)| noise.to_string()),
            noise_rate: options.noise.map(|(_, rate)| rate),
        }
    }
}

impl fmt::Display for NluReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} utterances trained on", self.train_rows)?;
        if let Some(shots) = self.shots {
            write!(f, " ({shots} an intent, seed {})", self.seed)?;
        }
        write!(f, ", {} intents; {} asked", self.intents, self.rows)?;
        if self.trainings > 1 {
            write!(f, " in {} parts, each of a classifier of the others", self.trainings)?;
        }
        if let (Some(noise), Some(rate)) = (&self.noise, self.noise_rate) {
            write!(f, ", with noise `{noise}` at rate {rate} (seed {})", self.seed)?;
        }
        writeln!(f, "; refused below {:.3}\n", self.threshold)?;
        let mut line = |name: &str, value: String, what: &str| writeln!(f, "{name:<22}{value:>9}  {what}");
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        line(
            "accuracy",
            percent(self.accuracy),
            "of all: right intent answered, or refused as it has none",
        )?;
        line(
            "in scope",
            percent(self.in_scope_accuracy),
            &format!("of {} with an intent: the right one answered", self.in_scope_rows),
        )?;
        line(
            "  if none is refused",
            percent(self.in_scope_accuracy_ungated),
            "of the same: the right one is the most probable",
        )?;
        line("  macro F1", percent(self.macro_f1), "mean over intents, none refused")?;
        if let (Some(recall), Some(precision)) = (self.oos_recall, self.oos_precision) {
            line(
                "out of scope",
                percent(recall),
                &format!("of {} without intent: refused (recall)", self.oos_rows),
            )?;
            line("  precision", percent(precision), "of the refused: without intent")?;
        }
        line(
            "calibration error",
            format!("{:.4}", self.ece),
            "mean distance of confidence from how often it is right (ECE, 10 bins)",
        )?;
        if self.oos_rows > 0 {
            line(
                "  in scope",
                format!("{:.4}", self.ece_in_scope),
                "the same of those with an intent",
            )?;
        }
        line(
            "AURC",
            format!("{:.4}", self.aurc),
            "mean error of the surest 1, 2, 3, ... utterances",
        )?;
        line(
            "training",
            format!("{:.2} s", self.train_cpu_s),
            "CPU time of all threads",
        )?;
        line(
            "query",
            format!("{:.1} µs", self.cpu_us_per_query),
            "CPU time from the typed text to its intent",
        )?;
        if let Some(encoder) = &self.encoder {
            line(
                "  encoder asked",
                percent(self.encoder_asked),
                &format!("of all: {encoder}, where the wording was not sure"),
            )?;
        }
        line(
            "memory",
            format!("{:.0} MiB", self.peak_mib),
            "most that the process ever held",
        )?;
        writeln!(
            f,
            "\n{:>9}{:>10}{:>8}   answered from this confidence on; of these, wrong",
            "threshold", "answered", "error"
        )?;
        for point in &self.risk_coverage {
            let (answered, error) = (percent(point.answered), percent(point.error));
            writeln!(f, "{:>9.1}{answered:>10}{error:>8}", point.threshold)?;
        }
        if self.oos_rows > 0 {
            writeln!(
                f,
                "\n{:>9}{:>10}{:>8}   in scope answered rightly; out of scope refused",
                "threshold", "in scope", "refused"
            )?;
            for trade in &self.thresholds {
                let (right, refused) = (
                    percent(trade.in_scope_accuracy),
                    percent(trade.oos_recall.unwrap_or_default()),
                );
                writeln!(f, "{:>9.2}{right:>10}{refused:>8}", trade.threshold)?;
            }
        }
        if !self.unknown_labels.is_empty() {
            let rows: usize = self.unknown_labels.values().sum();
            let names: Vec<&str> = self.unknown_labels.keys().take(5).map(String::as_str).collect();
            let more = if self.unknown_labels.len() > 5 { ", ..." } else { "" };
            writeln!(
                f,
                "\n{rows} utterances can only be wrong: no example was trained of {}{more}",
                names.join(", ")
            )?;
        }
        Ok(())
    }
}
