use super::*;

fn report(row: &serde_json::Value) -> EntitiesReport {
    let mut report = EntitiesReport::default();
    report.add("corpus.jsonl", &row.to_string(), Language::En).unwrap();
    report
}

#[test]
fn each_text_of_a_row_is_a_case() {
    let row = serde_json::json!({ "dim": "Time", "lang": "EN", "corpus": "allExamples",
        "expected": "(datetime (2013, 2, 13, 0, 0, 0) Day)", "texts": ["xyz", "qqq zzz"] });
    let wrong = report(&row);
    assert_eq!(
        (wrong.exact, wrong.total, wrong.types["Duckling/Time"].total),
        (0, 2, 2)
    );
    assert_eq!((wrong.wrong.len(), wrong.wrong[0].input.as_str()), (2, "xyz"));
    let nothing =
        serde_json::json!({ "dim": "Time", "corpus": "negativeCorpus", "expected": null, "texts": ["xyz", "qqq"] });
    assert_eq!(report(&nothing).exact, 2, "nothing must be found");
}

#[test]
fn rows_that_need_options_do_not_count() {
    for corpus in ["latentCorpus", "diffCorpus"] {
        let row = serde_json::json!({ "dim": "Time", "corpus": corpus, "expected": "(datetime (2013, 2, 12, 7, 0, 0) Hour)", "texts": ["7"] });
        let report = report(&row);
        assert_eq!(
            (report.total, report.left_out.values().sum::<usize>()),
            (0, 1),
            "{corpus}"
        );
    }
}

#[test]
fn a_line_that_is_no_row_is_an_error_with_its_place() {
    let mut report = EntitiesReport::default();
    let file = "{\"dim\":\"Time\",\"corpus\":\"x\",\"expected\":null,\"texts\":[]}\n{\"texts\":[]}\n";
    let error = report.add("corpus.jsonl", file, Language::En).unwrap_err().to_string();
    assert!(error.starts_with("corpus.jsonl, line 2: "), "{error}");
    assert!(error.contains("expected an object with `spec`, `Input`"), "{error}");
}
