use std::path::Path;

use nakai_bundle::load_folder;
use nakai_encoder::{Asked, Encoder};
use nakai_nlp::intents::{SentenceVectors, TrainingSet};
use nakai_types::IntentScore;

use super::*;

fn ranking(intents: &[&str], out_of_scope: bool, also: &[&str]) -> Ranking {
    let scores = |names: &[&str]| {
        let score = |name: &&str| IntentScore {
            name: (*name).into(),
            confidence: 0.8,
        };
        names.iter().map(score).collect()
    };
    Ranking {
        intents: scores(intents),
        out_of_scope,
        also: scores(also),
        encoder_asked: false,
        asked: Asked::default(),
        romaji: false,
    }
}

#[test]
fn expectations_are_met_by_what_would_be_acted_on() {
    for (expect, ranking, met) in [
        ("none", ranking(&["a"], true, &[]), true),
        ("none", ranking(&["a"], false, &[]), false),
        ("a", ranking(&["a", "b"], false, &[]), true),
        ("a", ranking(&["a"], true, &[]), false),
        ("b", ranking(&["a", "b"], false, &["b"]), false),
        ("!a", ranking(&["b", "a"], false, &[]), true),
        ("!a", ranking(&["a"], true, &[]), true),
        ("!a", ranking(&["a"], false, &[]), false),
        ("a+b", ranking(&["b"], false, &["a"]), true),
        ("a+b", ranking(&["a", "b"], false, &[]), false),
        ("a+b", ranking(&["a"], true, &["b"]), false),
    ] {
        let expectation = Expectation::parse(expect).unwrap();
        assert_eq!(expectation.is_met(&ranking), met, "{expect} of {ranking:?}");
        assert_eq!(expectation.to_string(), expect);
    }
}

#[test]
fn a_line_that_is_no_case_is_an_error_with_its_place() {
    for (text, line, part) in [
        ("", 1, "header"),
        ("text,expect\n", 1, "header"),
        ("capability,text,expect\na,b\n", 2, "three fields"),
        ("capability,text,expect\na,b,c\na,b,\n", 3, "no expectation"),
        ("capability,text,expect\na,b,c+!d\n", 2, "no expectation"),
        ("capability,text,expect\na,\"b,c\n", 2, "never closed"),
    ] {
        let error = read_cases("cases.csv", text).unwrap_err();
        assert_eq!(error.line, Some(line), "{text}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

/// How many cases of each capability the demo bot must pass at least: a case or two less than it does.
#[rustfmt::skip]
const LEAST: &[(&str, usize)] = &[
    ("case", 9),
    ("greeting_and_request", 56),
    ("long", 22),
    ("mixed", 12),
    ("negation", 62),
    ("out_of_scope", 55),
    ("politeness", 38),
    ("punctuation", 23),
    ("romaji", 62),
    ("roughness", 52),
    ("several", 22),
    ("typo", 95),
    ("vocabulary", 99),
    ("width", 15),
];

#[test]
fn the_demo_bot_is_no_worse_at_any_capability_than_it_was() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../bots/ryokan"));
    let bundle = load_folder(folder).unwrap().bundle;
    let classifier = IntentClassifier::train(
        &TrainingSet::of(&bundle.intents),
        &Encoder::shipped(),
        &mut SentenceVectors::default(),
    )
    .unwrap();
    let cases = shipped().unwrap();
    let threshold = bundle
        .bot
        .thresholds
        .out_of_scope
        .unwrap_or_else(|| classifier.threshold());
    let names = bundle.intents.keys().map(String::as_str);
    let report = evaluate(&classifier, names, threshold, &cases).unwrap();
    let passed: Vec<(&str, usize)> = report
        .capabilities
        .iter()
        .map(|(name, p)| (name.as_str(), p.passed))
        .collect();
    assert_eq!(passed.len(), LEAST.len(), "each capability has a least: {passed:?}");
    for ((capability, passed), (expected, least)) in passed.iter().zip(LEAST) {
        assert_eq!(capability, expected);
        assert!(
            passed >= least,
            "{capability}: {passed} passed, {least} did\n{:#?}",
            report.failures
        );
    }
}
