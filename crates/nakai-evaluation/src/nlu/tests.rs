use super::*;

fn labelled(rows: &[(&str, &str)]) -> Vec<Labelled> {
    let row = |(number, (text, intent)): (usize, &(&str, &str))| Labelled {
        text: (*text).to_owned(),
        intents: intent
            .split('+')
            .filter(|intent| !intent.is_empty())
            .map(str::to_owned)
            .collect(),
        file: "rows.csv".to_owned(),
        line: number + 2,
    };
    rows.iter().enumerate().map(row).collect()
}

fn trained() -> Vec<Labelled> {
    let mut rows = Vec::new();
    for (greeting, question) in [
        ("now", "today"),
        ("please", "again"),
        ("for us", "for me"),
        ("for two", "in town"),
    ] {
        rows.push((format!("book a room {greeting}"), "book"));
        rows.push((format!("what is the weather {question}"), "weather"));
    }
    let rows: Vec<(&str, &str)> = rows.iter().map(|(text, intent)| (text.as_str(), *intent)).collect();
    labelled(&rows)
}

#[test]
fn refusing_is_right_only_of_what_has_no_intent() {
    let test = labelled(&[
        ("book a room", "book"),
        ("what is the weather", "weather"),
        ("what is the weather like", "book"),
        ("qqq zzz", "none"),
        ("xxx", ""),
    ]);
    let options = NluOptions {
        oos: Some("none".into()),
        ..NluOptions::default()
    };
    let report = evaluate(&trained(), Some(&test), &options).unwrap();
    assert_eq!((report.rows, report.in_scope_rows, report.oos_rows), (5, 3, 2));
    assert_eq!((report.intents, report.train_rows, report.trainings), (2, 8, 1));
    assert_eq!((report.accuracy, report.oos_recall), (0.8, Some(1.0)));
    assert_eq!(
        (report.in_scope_accuracy, report.in_scope_accuracy_ungated),
        (2.0 / 3.0, 2.0 / 3.0)
    );
    let strict = NluOptions {
        threshold: Some(1.1),
        ..options.clone()
    };
    let report = evaluate(&trained(), Some(&test), &strict).unwrap();
    assert_eq!(
        (report.accuracy, report.in_scope_accuracy, report.oos_recall),
        (0.4, 0.0, Some(1.0))
    );
    assert_eq!(report.in_scope_accuracy_ungated, 2.0 / 3.0);
    assert_eq!(report.oos_precision, Some(0.4));
    let lax = NluOptions {
        threshold: Some(0.0),
        oos: None,
        ..options
    };
    let report = evaluate(&trained(), Some(&test[..3]), &lax).unwrap();
    assert_eq!((report.accuracy, report.oos_recall), (2.0 / 3.0, None));
}

#[test]
fn what_another_bot_is_asked_is_asked_once_and_must_be_refused() {
    let options = NluOptions {
        // What it is labelled with is an intent of the other bot, even if this one has one of the same name.
        outside: labelled(&[("zzz xxx", "book"), ("vvv kkk", "order"), ("mmm jjj", "order")]),
        folds: 4,
        ..NluOptions::default()
    };
    let report = evaluate(&trained(), None, &options).unwrap();
    assert_eq!((report.rows, report.in_scope_rows, report.oos_rows), (11, 8, 3));
    assert_eq!((report.train_rows, report.intents), (6, 2), "it is never trained on");
    assert_eq!(report.oos_recall, Some(1.0));
    let report = evaluate(&trained(), Some(&labelled(&[("book a room", "book")])), &options).unwrap();
    assert_eq!(
        (report.rows, report.in_scope_rows, report.oos_recall),
        (4, 1, Some(1.0))
    );
}

#[test]
fn any_intent_of_several_is_right() {
    let test = labelled(&[
        ("book a room", "weather+book"),
        ("what is the weather", "weather+other"),
    ]);
    let report = evaluate(&trained(), Some(&test), &NluOptions::default()).unwrap();
    assert_eq!(report.in_scope_accuracy_ungated, 1.0);
    assert_eq!(report.unknown_labels, [("other".to_owned(), 1)].into());
}

#[test]
fn without_a_test_each_utterance_is_asked_once() {
    let options = NluOptions {
        folds: 4,
        ..NluOptions::default()
    };
    let report = evaluate(&trained(), None, &options).unwrap();
    assert_eq!((report.rows, report.trainings, report.train_rows), (8, 4, 6));
    assert_eq!(report.in_scope_accuracy_ungated, 1.0);
}

#[test]
fn noise_changes_what_is_asked_and_not_what_is_trained() {
    let options = NluOptions {
        noise: Some((Noise::Typo, 1.0)),
        ..NluOptions::default()
    };
    let test = trained();
    let noisy = evaluate(&trained(), Some(&test), &options).unwrap();
    let clean = evaluate(&trained(), Some(&test), &NluOptions::default()).unwrap();
    assert_eq!(clean.accuracy, 1.0);
    assert!(noisy.accuracy < 1.0);
    let folded = NluOptions {
        noise: Some((Noise::Case, 1.0)),
        ..NluOptions::default()
    };
    assert_eq!(evaluate(&trained(), Some(&test), &folded).unwrap().accuracy, 1.0);
}

#[test]
fn what_can_only_be_a_mistake_is_refused() {
    let oos = NluOptions {
        oos: Some("nonne".into()),
        ..NluOptions::default()
    };
    let many = NluOptions {
        folds: 9,
        ..NluOptions::default()
    };
    let default = NluOptions::default();
    let other = labelled(&[("book a room", "Book")]);
    for (train, test, options, part) in [
        (labelled(&[]), None, &default, "the training set: nothing to train on"),
        (labelled(&[("a", "")]), None, &default, "rows.csv: nothing to train on"),
        (trained(), None, &oos, "rows.csv: no utterance is labelled `nonne`"),
        (
            trained(),
            None,
            &many,
            "rows.csv: 8 utterances; expected at least 2 parts",
        ),
        (trained(), Some(labelled(&[])), &default, "the test: no utterances"),
        (
            trained(),
            Some(other),
            &default,
            "rows.csv, line 2: no label of the test is one of the 2 that were trained, such as `book`",
        ),
    ] {
        let error = evaluate(&train, test.as_deref(), options).unwrap_err().to_string();
        assert!(error.starts_with(part), "{error}");
    }
}

#[test]
fn the_table_says_what_matters() {
    let table = evaluate(&trained(), None, &NluOptions::default()).unwrap().to_string();
    for part in [
        "8 asked in 5 parts",
        "accuracy",
        "calibration error",
        "threshold  answered",
        "CPU time",
    ] {
        assert!(table.contains(part), "{part} is missing in:\n{table}");
    }
    assert!(!table.contains("out of scope"), "{table}");
}
