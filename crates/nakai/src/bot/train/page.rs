//! The report on a bot's examples as one page that needs nothing else.

use std::fmt::{Display, Write};

use nakai_evaluation::examples::ExamplesReport;

use super::{Few, TOO_FEW};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}\
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.3rem .7rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}\
td.n,th.n{text-align:right}.scroll{overflow-x:auto}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}td,th{border-color:#444}}";

/// How many intents are listed as the weakest.
const WEAKEST: usize = 15;

/// Writes the page.
pub(super) fn write(bot: &str, report: &ExamplesReport, threshold: f32, few: &[Few]) -> String {
    let mut page = Page::default();
    page.text(format_args!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{0}: training</title><style>{STYLE}</style><h1>{0}: training</h1>",
        escaped(bot)
    ));
    page.text(format_args!(
        "<p>Each of {} examples was asked of a classifier that was trained without it and a fifth of the others.</p>",
        report.examples
    ));
    figures(&mut page, report, threshold);
    confusions(&mut page, report);
    weakest(&mut page, report);
    let quoted = |text: &str| format!("“{text}”");
    page.heading(
        "Examples that contradict others",
        "Each is surely taken for another intent. Move it there, or say it more clearly.",
    );
    page.table(
        &["intent", "example", "looks like", "as in", "confidence"],
        report.contradictions.iter().map(|c| {
            let confidence = format!("{:.2}", c.confidence);
            vec![
                c.intent.to_string(),
                quoted(&c.example),
                c.looks_like.to_string(),
                quoted(&c.neighbour),
                confidence,
            ]
        }),
    );
    page.heading(
        "Too few examples",
        &format!("Intents with fewer than {TOO_FEW} examples in one of the bot's languages."),
    );
    page.table(
        &["intent", "language", "examples"],
        few.iter()
            .map(|few| vec![few.intent.clone(), few.language.to_string(), few.examples.to_string()]),
    );
    page.heading(
        "Examples that stand alone",
        "Nothing else in the intent means nearly the same. Give more like it, or take it out.",
    );
    page.table(
        &["intent", "example", "nearest (cosine)"],
        report.alone.iter().map(|lone| {
            vec![
                lone.intent.to_string(),
                quoted(&lone.example),
                format!("{:.2}", lone.nearest),
            ]
        }),
    );
    page.text(format_args!("</html>\n"));
    page.0
}

fn figures(page: &mut Page, report: &ExamplesReport, threshold: f32) {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    page.heading("Figures", "");
    page.table(
        &["figure", "value", "what it says"],
        [
            (
                "accuracy",
                percent(report.accuracy),
                "the right intent is the most probable".to_owned(),
            ),
            (
                "calibration error",
                format!("{:.3}", report.calibration_error),
                "how far confidence is from how often it is right".to_owned(),
            ),
            (
                "coverage",
                percent(report.coverage),
                format!("sure enough to act on (from {threshold} on)"),
            ),
            (
                "error",
                percent(report.error),
                "of these, taken for another intent".to_owned(),
            ),
        ]
        .into_iter()
        .map(|(name, value, what)| vec![name.to_owned(), value, what]),
    );
}

/// A table of the intents that are confused: examples in rows, what they are taken for in columns.
fn confusions(page: &mut Page, report: &ExamplesReport) {
    page.heading(
        "Confusions",
        "Rows are the intents of examples, columns what they are taken for; only intents that are confused.",
    );
    let mut rows: Vec<_> = report
        .intents
        .iter()
        .filter(|intent| !intent.taken_for.is_empty())
        .collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let mut columns: Vec<&str> = rows
        .iter()
        .flat_map(|row| &row.taken_for)
        .map(|(name, _)| &**name)
        .collect();
    columns.sort_unstable();
    columns.dedup();
    if rows.is_empty() {
        page.text(format_args!("<p>None.</p>"));
        return;
    }
    page.text(format_args!("<div class=\"scroll\"><table><tr><th></th>"));
    for column in &columns {
        page.text(format_args!("<th>{}</th>", escaped(column)));
    }
    page.text(format_args!("</tr>"));
    for row in rows {
        page.text(format_args!("<tr><th>{}</th>", escaped(&row.name)));
        for column in &columns {
            match row.taken_for.iter().find(|(name, _)| **name == **column) {
                Some((_, count)) => {
                    let shade = (100 * count / row.examples.max(1) * 3 + 15).min(90);
                    page.text(format_args!(
                        "<td class=\"n\" style=\"background:rgb(220 80 40/{shade}%)\">{count}</td>"
                    ));
                }
                None => page.text(format_args!("<td></td>")),
            }
        }
        page.text(format_args!("</tr>"));
    }
    page.text(format_args!("</table></div>"));
}

fn weakest(page: &mut Page, report: &ExamplesReport) {
    page.heading(
        "Weakest intents",
        "What their examples are taken for where they are not recognised.",
    );
    let weak = report
        .intents
        .iter()
        .filter(|intent| intent.right < intent.examples)
        .take(WEAKEST);
    page.table(
        &["intent", "recognised", "taken for"],
        weak.map(|intent| {
            let others: Vec<String> = intent
                .taken_for
                .iter()
                .map(|(name, count)| format!("{name} ({count})"))
                .collect();
            vec![
                intent.name.to_string(),
                format!("{} of {}", intent.right, intent.examples),
                others.join(", "),
            ]
        }),
    );
}

/// HTML that grows.
#[derive(Default)]
struct Page(String);

impl Page {
    /// Adds HTML as it is.
    fn text(&mut self, html: impl Display) {
        // Writing into a string can't fail.
        let _ = write!(self.0, "{html}");
    }

    fn heading(&mut self, title: &str, what: &str) {
        self.text(format_args!("<h2>{}</h2><p>{}</p>", escaped(title), escaped(what)));
    }

    /// Adds a table of texts, or says that there is nothing.
    fn table(&mut self, header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            self.text("<p>None.</p>");
            return;
        }
        self.text("<div class=\"scroll\"><table><tr>");
        header
            .iter()
            .for_each(|name| self.text(format_args!("<th>{}</th>", escaped(name))));
        self.text("</tr>");
        for row in rows {
            self.text("<tr>");
            row.iter()
                .for_each(|cell| self.text(format_args!("<td>{}</td>", escaped(cell))));
            self.text("</tr>");
        }
        self.text("</table></div>");
    }
}

/// Makes text safe to stand in HTML, in attributes too.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use nakai_nlp::intents::HeldOutExample;

    use super::*;

    #[test]
    fn no_text_of_a_bot_becomes_markup() {
        let example = HeldOutExample {
            intent: "a<i>".into(),
            example: "<script>alert('x')</script> & \"more\"".into(),
            taken_for: Some("b<b>".into()),
            confidence: 0.9,
            nearest: Some(0.1),
            neighbour: Some("<img src=x>".into()),
        };
        let page = write("<bot>", &ExamplesReport::of(&[example], 0.4), 0.4, &[]);
        for markup in ["<script", "<img", "<i>", "<b>", "<bot>"] {
            assert!(!page.contains(markup), "{markup} in {page}");
        }
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)"), "{page}");
        assert!(!page.contains("http"), "the page needs nothing else");
    }
}
