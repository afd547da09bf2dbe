//! How well, how fast and how honestly intents are recognised, on labelled utterances in CSV files (RFC 4180, a header line, then
//! the text and its intent in the first two columns).
//!
//! ```text
//! accuracy TRAIN.csv                              five-fold cross-validation
//! accuracy TRAIN.csv TEST.csv                     trains on the one, tests on the other
//! accuracy TRAIN.csv TEST.csv OUT_OF_SCOPE.csv    also how many utterances of no intent are told from the others
//! accuracy --shots 30 ...                         with so many examples of each intent
//! ```
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a tool for developers"
)]

use std::{
    collections::BTreeMap,
    sync::LazyLock,
    time::{Duration, Instant},
};

use nakai_nlp::{
    Folded,
    intents::{IntentClassifier, TrainingIntent, TrainingSet},
    text::Normalised,
};

/// The threshold of a bot that sets none.
const THRESHOLD: f32 = 0.4;

struct Labelled {
    text: String,
    intent: String,
}

#[derive(Default)]
struct Score {
    right: usize,
    total: usize,
    /// Right and answered at the threshold.
    answered_right: usize,
    answered: usize,
    /// By tenth of confidence: predictions, right ones, and the sum of confidences.
    bins: [(usize, usize, f64); 10],
    out_of_scope: (usize, usize),
    training: Duration,
    queries: Duration,
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut shots = usize::MAX;
    if arguments.first().is_some_and(|first| first == "--shots") {
        shots = arguments[1].parse().expect("--shots takes a number");
        arguments.drain(..2);
    }
    let files: Vec<Vec<Labelled>> = arguments.iter().map(|path| read(path)).collect();
    let mut score = Score::default();
    match files.as_slice() {
        [all] => {
            for fold in 0..5 {
                let part = |held: bool| {
                    scattered(all)
                        .filter(move |(i, _)| (i % 5 == fold) == held)
                        .map(|(_, labelled)| labelled)
                };
                score.add(part(false), part(true), [].iter(), shots);
            }
        }
        [train, test] => score.add(scattered(train).map(|(_, l)| l), test.iter(), [].iter(), shots),
        [train, test, none] => score.add(scattered(train).map(|(_, l)| l), test.iter(), none.iter(), shots),
        _ => panic!("usage: accuracy [--shots N] TRAIN.csv [TEST.csv [OUT_OF_SCOPE.csv]]"),
    }
    score.print();
}

/// All utterances in an order that has nothing to do with their intents, numbered.
fn scattered(all: &[Labelled]) -> impl Iterator<Item = (usize, &Labelled)> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|i| (*i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    order.into_iter().enumerate().map(|(place, i)| (place, &all[i]))
}

impl Score {
    fn add<'l>(
        &mut self,
        train: impl Iterator<Item = &'l Labelled>,
        test: impl Iterator<Item = &'l Labelled>,
        none: impl Iterator<Item = &'l Labelled>,
        shots: usize,
    ) {
        let mut intents: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for Labelled { text, intent } in train {
            let examples = intents.entry(intent).or_default();
            if examples.len() < shots {
                examples.push(text.clone());
            }
        }
        let intent = |(name, examples): (&str, Vec<String>)| TrainingIntent {
            name: name.into(),
            social: false,
            examples,
        };
        let set = TrainingSet {
            intents: intents.into_iter().map(intent).collect(),
        };
        let start = process_time();
        let classifier = IntentClassifier::train(&set);
        self.training += process_time() - start;
        let start = thread_time();
        for labelled in test {
            let (best, confidence) = Self::classify(&classifier, &labelled.text);
            let right = best == labelled.intent;
            self.total += 1;
            self.right += usize::from(right);
            if confidence >= THRESHOLD {
                self.answered += 1;
                self.answered_right += usize::from(right);
            }
            let bin = &mut self.bins[((confidence * 10.0) as usize).min(9)];
            *bin = (bin.0 + 1, bin.1 + usize::from(right), bin.2 + f64::from(confidence));
        }
        for labelled in none {
            let (_, confidence) = Self::classify(&classifier, &labelled.text);
            self.out_of_scope.0 += usize::from(confidence < THRESHOLD);
            self.out_of_scope.1 += 1;
        }
        self.queries += thread_time() - start;
    }

    fn classify(classifier: &IntentClassifier, text: &str) -> (String, f32) {
        let ranking = classifier.classify(&Folded::of(&Normalised::of(text)), THRESHOLD);
        ranking
            .intents
            .first()
            .map_or((String::new(), 0.0), |best| (best.name.to_string(), best.confidence))
    }

    fn print(&self) {
        let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
        println!(
            "accuracy                  {:.4} of {}",
            share(self.right, self.total),
            self.total
        );
        println!(
            "training                  {:.2} CPU s in all",
            self.training.as_secs_f64()
        );
        let queries = (self.total + self.out_of_scope.1).max(1);
        println!(
            "query                     {:.1} CPU us",
            self.queries.as_secs_f64() * 1e6 / queries as f64
        );
        println!(
            "answered at {THRESHOLD}           {:.4}, right {:.4}",
            share(self.answered, self.total),
            share(self.answered_right, self.answered)
        );
        let error: f64 = self
            .bins
            .iter()
            .map(|(n, right, sum)| (sum - *right as f64).abs() / self.total as f64 * f64::from(u8::from(*n > 0)))
            .sum();
        println!("calibration error (ECE)   {error:.4}");
        if self.out_of_scope.1 > 0 {
            println!(
                "out of scope recall       {:.4} of {}",
                share(self.out_of_scope.0, self.out_of_scope.1),
                self.out_of_scope.1
            );
        }
    }
}

/// The CPU time of this thread so far: the scheduler's count on Linux, elsewhere the time on the wall.
fn thread_time() -> Duration {
    let scheduled = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = scheduled.and_then(|stat| stat.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(wall_time, Duration::from_nanos)
}

/// The CPU time of all threads so far, those that ended too, in hundredths of a second on Linux; elsewhere the time on the wall.
fn process_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").ok();
    // After the program's name in parentheses: the 12th and 13th field are user and system time.
    let ticks = stat.and_then(|stat| {
        let mut fields = stat
            .rsplit(')')
            .next()?
            .split_whitespace()
            .skip(11)
            .map(str::parse::<u64>);
        Some(fields.next()?.ok()? + fields.next()?.ok()?)
    });
    ticks.map_or_else(wall_time, |ticks| Duration::from_millis(10 * ticks))
}

fn wall_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

fn read(path: &str) -> Vec<Labelled> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let field = rows.last_mut().and_then(|row| row.last_mut()).unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => rows.last_mut().unwrap().push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            _ => field.push(c),
        }
    }
    let labelled = |row: Vec<String>| {
        let mut fields = row.into_iter();
        Some(Labelled {
            text: fields.next()?,
            intent: fields.next()?,
        })
    };
    rows.into_iter().skip(1).filter_map(labelled).collect()
}
