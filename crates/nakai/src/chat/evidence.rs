//! The evidence of an answer, for people.

use std::fmt::Write;

use serde_json::Value;

/// Describes a turn record: what was understood, what was decided and why, how long it took.
pub(super) fn describe(turn: &Value) -> String {
    let mut out = String::new();
    let mut line = |name: &str, text: String| {
        // Writing to a String can't fail.
        let _ = writeln!(out, "  {name:<12}{text}");
    };
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let understanding = &turn["understanding"];
    line(
        "turn",
        format!(
            "{} (number {} of the conversation)",
            word(&turn["turn"]),
            turn["sequence"]
        ),
    );
    line(
        "bot",
        format!(
            "{} {}",
            word(&turn["bot"]["name"]),
            word(&turn["bot"]["version"]).chars().take(19).collect::<String>()
        ),
    );
    line("heard", word(&turn["utterance"]));
    line("language", word(&understanding["language"]));
    let intents: Vec<String> = (understanding["intents"].as_array().into_iter().flatten().take(3))
        .map(|i| {
            format!(
                "{} {:.0} %",
                word(&i["name"]),
                100.0 * i["confidence"].as_f64().unwrap_or_default()
            )
        })
        .collect();
    let verdict = if understanding["out_of_scope"] == true {
        " (too unsure to act on)"
    } else {
        ""
    };
    line(
        "intents",
        format!(
            "{}{verdict}",
            if intents.is_empty() {
                "-".into()
            } else {
                intents.join(", ")
            }
        ),
    );
    for intent in understanding["also"].as_array().into_iter().flatten() {
        line("also", word(&intent["name"]));
    }
    for entity in understanding["entities"].as_array().into_iter().flatten() {
        line(
            "entity",
            format!(
                "{}: {} = {}",
                word(&entity["type"]),
                word(&entity["text"]),
                entity["value"]
            ),
        );
    }
    for decision in turn["decisions"].as_array().into_iter().flatten() {
        let detail = decision["detail"]
            .as_str()
            .map(|d| format!(" ({d})"))
            .unwrap_or_default();
        line(
            "decided",
            format!("{}: {}{detail}", word(&decision["rule"]), word(&decision["subject"])),
        );
    }
    line("outcome", word(&turn["reply"]["outcome"]));
    for citation in turn["reply"]["citations"].as_array().into_iter().flatten() {
        line(
            "cites",
            format!(
                "{} {}",
                word(&citation["title"]),
                citation["url"].as_str().unwrap_or_default()
            ),
        );
    }
    let usage = &turn["usage"];
    line(
        "usage",
        format!(
            "{} tokens in, {} out, {} millionths",
            usage["input_tokens"], usage["output_tokens"], usage["cost_micros"]
        ),
    );
    let steps: Vec<String> = (turn["steps"].as_array().into_iter().flatten())
        .map(|step| format!("{} {} µs", word(&step["step"]), step["micros"]))
        .collect();
    line("took", steps.join(", "));
    out.truncate(out.trim_end().len());
    out
}
