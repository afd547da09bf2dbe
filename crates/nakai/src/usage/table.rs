//! Usage as a table for people and as CSV.

use nakai_api::{UsageFigures, UsageReport};

/// The columns of figures in a table.
const COLUMNS: [&str; 9] = [
    "turns",
    "no model",
    "calls",
    "failed",
    "tokens in",
    "cached",
    "tokens out",
    "cost $",
    "saved $",
];

/// A table with a line for each group and one for the total.
pub(super) fn table(report: &UsageReport) -> String {
    let head = report.by.iter().map(String::as_str).chain(COLUMNS).map(str::to_owned);
    let mut lines = vec![head.collect::<Vec<_>>()];
    for group in &report.groups {
        let values = report
            .by
            .iter()
            .map(|by| shown(by, group.values.get(by).cloned().flatten()));
        lines.push(values.chain(figures(&group.figures)).collect());
    }
    if !report.by.is_empty() {
        let names = (0..report.by.len()).map(|place| if place == 0 { "total".to_owned() } else { String::new() });
        lines.push(names.chain(figures(&report.total)).collect());
    }
    let widths: Vec<usize> = (0..report.by.len() + COLUMNS.len())
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
        })
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column < report.by.len() {
                format!("{cell:<width$}")
            } else {
                format!("{cell:>width$}")
            }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    if report.truncated {
        text.push_str("There are more groups; raise --limit to see them. The total has all of them.\n");
    }
    text
}

fn figures(figures: &UsageFigures) -> impl Iterator<Item = String> {
    let counts = [
        figures.turns,
        figures.turns_without_model,
        figures.calls,
        figures.failed_calls,
        figures.input_tokens,
        figures.cached_input_tokens,
        figures.output_tokens,
    ];
    let money = [Some(figures.cost_micros), figures.saved_micros];
    let money = money.map(|micros| micros.map_or_else(|| "-".to_owned(), dollars));
    counts.map(|count| count.to_string()).into_iter().chain(money)
}

/// A millionth of a dollar counts as such.
fn dollars(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn shown(by: &str, value: Option<String>) -> String {
    match value {
        None => "-".to_owned(),
        // As long as in the log of versions; CSV and JSON have all of it.
        Some(version) if by == "version" => version.chars().take(19).collect(),
        Some(value) => value,
    }
}

/// All figures, a line for each group, without a total.
pub(super) fn csv(report: &UsageReport) -> String {
    let mut text = report.by.iter().map(|by| format!("{by},")).collect::<String>();
    text.push_str(
        "turns,turns_without_model,calls,failed_calls,estimated_calls,input_tokens,cached_input_tokens,output_tokens,reasoning_tokens,\
         cost_micros,saved_micros\n",
    );
    for group in &report.groups {
        for by in &report.by {
            text.push_str(&quoted(
                group.values.get(by).and_then(Option::as_deref).unwrap_or_default(),
            ));
            text.push(',');
        }
        let of = &group.figures;
        let counts = [
            of.turns,
            of.turns_without_model,
            of.calls,
            of.failed_calls,
            of.estimated_calls,
            of.input_tokens,
            of.cached_input_tokens,
            of.output_tokens,
            of.reasoning_tokens,
            of.cost_micros,
        ];
        counts.iter().for_each(|count| text.push_str(&format!("{count},")));
        text.push_str(&of.saved_micros.map_or_else(String::new, |saved| saved.to_string()));
        text.push('\n');
    }
    text
}

/// A value as RFC 4180 has it; one that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(value: &str) -> String {
    let value = if value.starts_with(['=', '+', '-', '@']) {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use nakai_api::UsageGroup;

    use super::*;

    fn report() -> UsageReport {
        let group = |model: Option<&str>, turns, cost_micros, saved_micros| UsageGroup {
            values: [("model".to_owned(), model.map(str::to_owned))].into(),
            figures: UsageFigures {
                turns,
                cost_micros,
                saved_micros,
                ..UsageFigures::default()
            },
        };
        UsageReport {
            by: vec!["model".to_owned()],
            groups: vec![
                group(Some("=a/m,\"x\""), 1, 1_234_567, None),
                group(None, 20, 0, Some(24_691_340)),
            ],
            total: UsageFigures {
                turns: 21,
                cost_micros: 1_234_567,
                saved_micros: Some(24_691_340),
                ..UsageFigures::default()
            },
            truncated: false,
        }
    }

    #[test]
    fn a_table_ends_with_the_total() {
        let table = table(&report());
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            lines[1],
            ["=a/m,\"x\"", "1", "0", "0", "0", "0", "0", "0", "1.234567", "-"]
        );
        assert_eq!(
            lines[2],
            ["-", "20", "0", "0", "0", "0", "0", "0", "0.000000", "24.691340"]
        );
        assert_eq!(lines[3][..2], ["total", "21"]);
    }

    #[test]
    fn a_value_can_neither_break_a_line_nor_be_a_formula() {
        let csv = csv(&report());
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("model,turns,"), "{csv}");
        assert_eq!(lines[1], "\"'=a/m,\"\"x\"\"\",1,0,0,0,0,0,0,0,0,1234567,");
        assert_eq!(lines[2], ",20,0,0,0,0,0,0,0,0,0,24691340");
    }
}
