//! The measurements of understanding, on files small enough to reckon by hand.

use std::{fs, path::Path, process::Output};

use serde_json::Value;

use crate::commands::{nakai, words};

const TRAIN: &str = "id,text,intent\n\
    1,book a room now,book\n2,book a room please,book\n3,book a room for us,book\n4,\"book a room, again\",book\n\
    5,what is the weather today,weather\n6,what is the weather now,weather\n7,what is the weather for us,weather\n8,what is the weather here,weather\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = nakai(folder, arguments);
    assert!(output.status.success(), "{}", words(&output));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.trim_end().lines().count(), 1, "one object: {said}");
    serde_json::from_str(&said).unwrap()
}

/// Ends with the status of a command line that can't be used, and says each part.
fn is_refused(output: &Output, parts: &[&str]) {
    let said = words(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in parts {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
}

#[test]
fn intents_are_scored_on_what_was_asked() {
    let test = "{\"text\":\"book a room\",\"intent\":\"book\"}\n{\"text\":\"what is the weather\",\"intent\":\"weather\"}\n\
                {\"text\":\"what is the weather\",\"intents\":[\"book\"]}\n{\"text\":\"qqq zzz\",\"topic\":\"none\"}\n";
    let folder = folder(&[("train.csv", TRAIN), ("test.jsonl", test)]);
    let arguments = [
        "bench",
        "nlu",
        "--train",
        "train.csv",
        "--test",
        "test.jsonl",
        "--oos",
        "none",
    ];
    let report = json(folder.path(), &[&arguments[..], &["--json"]].concat());
    assert_eq!(
        (&report["rows"], &report["in_scope_rows"], &report["oos_rows"]),
        (&4.into(), &3.into(), &1.into())
    );
    assert_eq!(
        (&report["accuracy"], &report["oos_recall"]),
        (&0.75.into(), &1.0.into())
    );
    assert_eq!(report["in_scope_accuracy"], Value::from(2.0 / 3.0));
    for key in ["ece", "train_cpu_s", "cpu_us_per_query", "peak_mib"] {
        assert!(
            report[key].as_f64().is_some_and(|figure| figure >= 0.0),
            "{key} in {report}"
        );
    }
    assert!(report["peak_mib"].as_f64() > Some(1.0));
    let table = words(&nakai(folder.path(), &arguments));
    assert!(table.contains("accuracy") && table.contains("75.00 %"), "{table}");
}

#[test]
fn without_a_test_the_utterances_are_asked_in_turn() {
    let folder = folder(&[("train.csv", TRAIN)]);
    let report = json(
        folder.path(),
        &["bench", "nlu", "--train", "train.csv", "--folds", "4", "--json"],
    );
    assert_eq!(
        (&report["rows"], &report["trainings"], &report["train_rows"]),
        (&8.into(), &4.into(), &6.into())
    );
    let few = [
        "bench",
        "nlu",
        "--train",
        "train.csv",
        "--test",
        "train.csv",
        "--shots",
        "1",
        "--json",
    ];
    assert_eq!(json(folder.path(), &few)["train_rows"], 2);
}

#[test]
fn files_that_can_not_be_measured_on_are_refused_with_their_place() {
    let folder = folder(&[
        ("train.csv", TRAIN),
        ("columns.csv", "text,label\na,b\n"),
        ("open.csv", "text,intent\na,b\n\"c,d\n"),
        ("empty.csv", "text,intent\n"),
        ("other.csv", "text,intent\na,Book\n"),
        ("broken.jsonl", "{\"text\":\"a\",\"intent\":\"b\"}\n{\"text\":\n"),
    ]);
    for (train, test, parts) in [
        ("none.csv", "train.csv", &["none.csv: can't be read"][..]),
        (
            "columns.csv",
            "train.csv",
            &["columns.csv, line 1", "`intent` or `topic`", "text, label"],
        ),
        ("open.csv", "train.csv", &["open.csv, line 3", "never closed"]),
        ("empty.csv", "train.csv", &["empty.csv: no utterances"]),
        (
            "broken.jsonl",
            "train.csv",
            &["broken.jsonl, line 2", "expected an object"],
        ),
        (
            "train.csv",
            "other.csv",
            &["other.csv, line 2", "`Book`", "such as `book`"],
        ),
        ("train.csv", "empty.csv", &["empty.csv: no utterances"]),
    ] {
        let output = nakai(folder.path(), &["bench", "nlu", "--train", train, "--test", test]);
        is_refused(&output, parts);
    }
    let unknown = ["bench", "nlu", "--train", "train.csv", "--oos", "nothing"];
    is_refused(&nakai(folder.path(), &unknown), &["no utterance is labelled `nothing`"]);
    for (option, value, part) in [
        ("--noise", "smell", "`typo`"),
        ("--threshold", "2", "from 0 to 1"),
        ("--shots", "0", "--shots"),
    ] {
        let output = nakai(folder.path(), &["bench", "nlu", "--train", "train.csv", option, value]);
        is_refused(&output, &[value, part]);
    }
}

#[test]
fn entities_are_scored_by_family_and_model() {
    let specs = "{\"spec\":\"English/BooleanModel\",\"Input\":\"yes\",\"Results\":[{\"Text\":\"no\",\"TypeName\":\"boolean\",\"Resolution\":{\"value\":false}}]}\n\
        {\"spec\":\"English/EmailModel\",\"Input\":\"nothing here\",\"Results\":[]}\n\
        {\"spec\":\"English/DateParser\",\"Input\":\"today\",\"Results\":[]}\n\
        {\"spec\":\"English/EmailModel\",\"Input\":\"a@b.com\",\"NotSupported\":\"java, dotNet\",\"Results\":[]}\n";
    let corpus = "{\"dim\":\"Time\",\"lang\":\"EN\",\"corpus\":\"negativeCorpus\",\"expected\":null,\"texts\":[\"laughing\",\"palm\"]}\n";
    let folder = folder(&[
        ("specs.jsonl", specs),
        ("corpus.jsonl", corpus),
        ("wrong.jsonl", "{\"spec\":1}\n"),
    ]);
    let arguments = [
        "bench",
        "entities",
        "--lang",
        "en",
        "--spec",
        "specs.jsonl",
        "corpus.jsonl",
    ];
    let report = json(folder.path(), &[&arguments[..], &["--json"]].concat());
    assert_eq!((&report["exact"], &report["total"]), (&3.into(), &4.into()));
    assert_eq!(report["types"]["Choice"], serde_json::json!({ "exact": 0, "total": 1 }));
    assert_eq!(
        report["types"]["Sequence"],
        serde_json::json!({ "exact": 1, "total": 1 })
    );
    assert_eq!(
        report["types"]["Duckling/Time"],
        serde_json::json!({ "exact": 2, "total": 2 })
    );
    assert_eq!(report["models"]["EmailModel"]["total"], 1);
    let left_out: Vec<u64> = report["left_out"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_u64)
        .collect();
    assert_eq!(left_out, [1, 1]);
    assert!(report.get("wrong").is_none());
    let listed = words(&nakai(folder.path(), &[&arguments[..], &["--wrong"]].concat()));
    assert!(listed.contains("English/BooleanModel: yes"), "{listed}");
    let wrong = ["bench", "entities", "--lang", "en", "--spec", "wrong.jsonl"];
    is_refused(
        &nakai(folder.path(), &wrong),
        &["wrong.jsonl, line 1", "`spec`, `Input` and `Results`"],
    );
}

#[test]
fn words_are_scored_by_their_places() {
    let treebank = "# text = 部屋を予約したい\n1\t部屋\n2\tを\n3\t予約\n4\tしたい\n\n";
    let folder = folder(&[("bank.conllu", treebank), ("broken.conllu", "# text = 猫\n1\t犬\n")]);
    let report = json(
        folder.path(),
        &["bench", "segment", "--conllu", "bank.conllu", "--json"],
    );
    assert_eq!((&report["precision"], &report["recall"]), (&0.6.into(), &0.75.into()));
    assert_eq!(report["f1"], Value::from(2.0 / 3.0));
    let broken = nakai(folder.path(), &["bench", "segment", "--conllu", "broken.conllu"]);
    is_refused(&broken, &["broken.conllu, line 2", "`犬` does not follow in the text"]);
}

#[test]
fn passages_are_scored_by_the_places_at_which_they_are_found() {
    let corpus = "{\"doc_id\":\"pool\",\"title\":\"Pool\",\"text\":\"The pool opens at nine.\"}\n\
                  {\"doc_id\":\"dog\",\"title\":\"Dogs\",\"text\":\"Dogs sleep in the garden.\"}\n";
    let ask = |qid: &str, question: &str, doc_id: &str| {
        format!("{{\"qid\":\"{qid}\",\"question\":\"{question}\",\"doc_id\":\"{doc_id}\",\"answers\":[]}}\n")
    };
    let queries = ask("1", "when does the pool open", "pool") + &ask("2", "where do dogs sleep", "dog");
    let unknown = ask("1", "where is the bar", "bar");
    let folder = folder(&[
        ("corpus.jsonl", corpus),
        ("queries.jsonl", &queries),
        ("unknown.jsonl", &unknown),
    ]);
    let arguments = [
        "bench",
        "retrieval",
        "--corpus",
        "corpus.jsonl",
        "--queries",
        "queries.jsonl",
    ];
    let report = json(folder.path(), &[&arguments[..], &["--json"]].concat());
    assert_eq!((&report["passages"], &report["questions"]), (&2.into(), &2.into()));
    for mode in ["text", "vector", "fused"] {
        for key in ["recall_at_1", "recall_at_5", "recall_at_10", "mrr", "ndcg_at_10"] {
            assert_eq!(report[mode][key], 1.0, "{mode} {key} in {report}");
        }
        assert!(report[mode]["cpu_us_per_query"].as_f64().is_some_and(|us| us >= 0.0));
    }
    let table = words(&nakai(folder.path(), &arguments));
    assert!(table.contains("nDCG@10") && table.contains("by meaning"), "{table}");
    let refused = [
        "bench",
        "retrieval",
        "--corpus",
        "corpus.jsonl",
        "--queries",
        "unknown.jsonl",
    ];
    is_refused(
        &nakai(folder.path(), &refused),
        &["unknown.jsonl, line 1", "unknown passage `bar`"],
    );
}

#[test]
fn the_gateway_is_measured_and_loses_no_piece_of_a_stream() {
    let folder = folder(&[]);
    let arguments = [
        "bench",
        "gateway",
        "--requests",
        "20",
        "--connections",
        "1,4",
        "--streams",
        "32",
        "--long",
        "20",
        "--json",
    ];
    let report = json(folder.path(), &arguments);
    let lines = report["lines"].as_array().unwrap();
    let measured: Vec<_> = lines
        .iter()
        .map(|line| (line["what"].as_str().unwrap(), &line["connections"]))
        .collect();
    let (one, four) = (Value::from(1), Value::from(4));
    let expected = ["plain", "stream", "bot"];
    assert_eq!(measured[..3], expected.map(|what| (what, &one)));
    assert_eq!(measured[3..], expected.map(|what| (what, &four)));
    // CPU time has ticks of ten milliseconds, so it may be 0 here.
    assert!(
        lines.iter().all(|line| line["cpu_us"].is_number()
            && line["direct_cpu_us"].is_number()
            && line["peak_mib"].as_f64() > Some(0.0)),
        "{report}"
    );
    assert_eq!(
        (&report["streams"]["streams"], &report["streams"]["lost"]),
        (&32.into(), &0.into())
    );
    for (long, what) in report["long"].as_array().unwrap().iter().zip(["plain", "stream"]) {
        assert_eq!(long["what"], what);
        assert_eq!(long["resident_mib"].as_array().unwrap().len(), 10);
    }
}
