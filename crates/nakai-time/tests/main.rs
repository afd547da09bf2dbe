//! What is found in English text, and what holds for any text.

use jiff::civil::DateTime;
use nakai_time::{Preference, Reference, Resolved, find};
use nakai_types::Language;
use proptest::prelude::*;

const NOW: DateTime = DateTime::constant(2016, 11, 7, 16, 12, 0, 0);

fn check(text: &str) {
    for language in [Language::En, Language::Ja] {
        for preference in [Preference::Future, Preference::Past] {
            let found = find(text, language, &Reference::new(NOW, preference));
            let mut end = 0;
            for mention in found {
                assert!(mention.range.start >= end, "in order, without overlap: {text:?}");
                assert!(mention.range.end > mention.range.start, "not empty: {text:?}");
                assert!(
                    text.get(mention.range.clone()).is_some(),
                    "on character boundaries: {text:?}"
                );
                assert!(!mention.readings.is_empty());
                end = mention.range.end;
            }
        }
    }
}

/// Pieces of expressions, so that random texts reach deep into the grammar.
const PIECES: &[&str] = &[
    "next",
    "last",
    "this",
    "monday",
    "may",
    "march",
    "5",
    "22",
    "2016",
    "99999999999",
    "0",
    "31",
    "12:30",
    "8.30",
    "pm",
    "a.m.",
    "in",
    "the",
    "morning",
    "tonight",
    "from",
    "to",
    "between",
    "and",
    "-",
    "/",
    ",",
    ".",
    ":",
    "first",
    "third",
    "week",
    "weeks",
    "of",
    "year",
    "years",
    "quarter",
    "q3",
    "before",
    "after",
    "since",
    "or later",
    "every",
    "half past",
    "ago",
    "later",
    "from now",
    "christmas",
    "easter",
    "twenty",
    "two thousand",
    "hundred",
    "a",
    "an",
    "few",
    "decade",
    "century",
    "'90s",
    "-02-30",
    "early",
    "end of",
    "within",
    "fifteenth",
    "\u{301}",
    "\u{202e}",
    "９",
    "日",
    "\n",
    "noon",
    "on",
    "at",
    "for",
    "o'clock",
    "weekend",
    "business days",
    "fortnight",
    "20161016",
    "=",
    ">",
    "1/1/1",
    "hours after",
    "the closest",
    "the monday before",
    "but before",
    "gmt",
    "(PST)",
    "utc+",
    "first half of",
];

proptest! {
    #[test]
    fn spans_are_in_order_and_on_character_boundaries_in_any_text(text in "\\PC{0,120}") {
        check(&text);
    }

    #[test]
    fn spans_are_in_order_and_on_character_boundaries_in_texts_full_of_time(
        pieces in proptest::collection::vec((0..PIECES.len(), any::<bool>()), 0..24),
    ) {
        let mut text = String::new();
        for (piece, spaced) in pieces {
            text.push_str(PIECES[piece]);
            if spaced {
                text.push(' ');
            }
        }
        check(&text);
    }

    #[test]
    fn any_reference_is_good(seconds in -60_000_000_000_i64..250_000_000_000) {
        let Ok(timestamp) = jiff::Timestamp::from_second(seconds) else { return Ok(()) };
        let now = jiff::tz::TimeZone::UTC.to_datetime(timestamp);
        let text = "next decade, 9999 years ago, in 9999 weeks, feb 29, mon 13th, ramadan, last easter, the 15th century, next century, \
                    in 99999999 hours, friday, may, the 31st of next month, rest of the year, from nov to march, 11/12/35";
        for preference in [Preference::Future, Preference::Past] {
            find(text, Language::En, &Reference::new(now, preference));
        }
    }
}

#[test]
fn a_long_text_of_anything_is_read_to_its_end() {
    let units = [
        "a",
        "9",
        "9 ",
        "\u{301}",
        "\u{202e}",
        "日",
        "-",
        "from ",
        "next ",
        "the ",
        "twenty ",
        "may ",
        "5:",
        "5 to ",
        "hundred ",
        "and ",
        "1/",
        "2016-",
        "monday ",
        "3 days ",
        "in ",
        "of ",
        "first ",
        "last week of ",
        "today 5 ",
        "before ",
        "every ",
        "a few ",
        "end of ",
        "2 hours after ",
        "3 gmt ",
        "the monday before ",
        "closest monday to ",
        "after 3pm but ",
        "today in ",
    ];
    let read = |text: &str| {
        find(text, Language::En, &Reference::new(NOW, Preference::Future));
    };
    for unit in units {
        read(&unit.repeat(20_000 / unit.len()));
    }
    for unit in ["a", "of ", "\u{301}", "日"] {
        read(&unit.repeat(1_000_000 / unit.len()));
    }
}

/// What is found at 2016-11-07 16:12, a Monday: the text and the first reading as `timex = value`.
fn found(text: &str) -> Vec<(String, String)> {
    let reference = Reference::new(NOW, Preference::Future);
    let shown = |resolved: &Resolved| match resolved {
        Resolved::Point(point) => point.clone(),
        Resolved::Range { start, end } => {
            format!(
                "{}..{}",
                start.as_deref().unwrap_or_default(),
                end.as_deref().unwrap_or_default()
            )
        }
        Resolved::Seconds(seconds) => format!("{seconds} s"),
        Resolved::Unresolved => String::new(),
    };
    find(text, Language::En, &reference)
        .into_iter()
        .map(|mention| {
            let first = &mention.readings[0];
            (
                text[mention.range].to_owned(),
                format!("{} = {}", first.timex, shown(&first.resolved)),
            )
        })
        .collect()
}

#[test]
fn an_expression_is_found_with_its_span_and_its_preferred_value() {
    let cases = [
        ("deliver it on 12/24 please", "12/24", "XXXX-12-24 = 2016-12-24"),
        (
            "born the 3rd of June, 1981",
            "3rd of June, 1981",
            "1981-06-03 = 1981-06-03",
        ),
        ("it broke on 2016-02-30", "2016-02-30", "2016-02-30 = "),
        ("come back next Thursday", "next Thursday", "2016-11-17 = 2016-11-17"),
        (
            "closed until the day after tomorrow",
            "until the day after tomorrow",
            "2016-11-09 = ..2016-11-09",
        ),
        (
            "two weeks before Christmas",
            "two weeks before Christmas",
            "2016-12-11 = 2016-12-11",
        ),
        (
            "the second Tuesday of January",
            "the second Tuesday of January",
            "XXXX-01-WXX-2-#2 = 2017-01-10",
        ),
        ("wake me at half past six", "half past six", "T06:30 = 06:30:00"),
        (
            "tomorrow at 20 to 9 in the evening",
            "tomorrow at 20 to 9 in the evening",
            "2016-11-08T20:40 = 2016-11-08 20:40:00",
        ),
        (
            "a table for tonight around 8",
            "tonight around 8",
            "2016-11-07T20 = 2016-11-07 20:00:00",
        ),
        (
            "call between 9 and 11:30 am on Friday",
            "between 9 and 11:30 am on Friday",
            "(XXXX-WXX-5T09,XXXX-WXX-5T11:30,PT2H30M) = 2016-11-11 09:00:00..2016-11-11 11:30:00",
        ),
        (
            "in three quarters of an hour",
            "in three quarters of an hour",
            "2016-11-07T16:57:00 = 2016-11-07 16:57:00",
        ),
        ("it takes 2 days and 4 hours", "2 days and 4 hours", "P2DT4H = 187200 s"),
        ("how was last month", "last month", "2016-10 = 2016-10-01..2016-11-01"),
        (
            "the last 5 business days",
            "last 5 business days",
            "(2016-10-31,2016-11-07,P5BD) = 2016-10-31..2016-11-07",
        ),
        (
            "sales from Q2 2015 to Q1 2016",
            "from Q2 2015 to Q1 2016",
            "(2015-04-01,2016-01-01,P9M) = 2015-04-01..2016-01-01",
        ),
        (
            "from 3 to 9 of December",
            "from 3 to 9 of December",
            "(XXXX-12-03,XXXX-12-09,P6D) = 2016-12-03..2016-12-09",
        ),
        (
            "before the end of March",
            "before the end of March",
            "XXXX-03 = ..2017-04-01",
        ),
        ("2014 or later", "2014 or later", "2014 = 2014-01-01.."),
        ("every second week", "every second week", "P2W = "),
        ("Wednesdays at 7:30pm", "Wednesdays at 7:30pm", "XXXX-WXX-3T19:30 = "),
        ("right now", "right now", "PRESENT_REF = 2016-11-07 16:12:00"),
    ];
    for (text, span, value) in cases {
        assert_eq!(found(text), [(span.to_owned(), value.to_owned())], "{text}");
    }
}

#[test]
fn words_that_only_look_like_times_are_none() {
    let texts = [
        "you may not return it",
        "in the sun",
        "we march on",
        "the second one",
        "take a second look",
        "order 12345678",
        "call 555-123-4567",
        "it costs $20",
        "two to four people",
        "available 24/7",
        "version 2.30",
        "that was a great week",
        "the end of the line",
        "good morning",
        "I need 3",
        "6 1/4%",
        "one of them",
        "spring water",
        "the first floor",
        "the closest one to me",
        "walk through the garden",
        "the first half of the show",
        "the two of us for the whole stay",
    ];
    for text in texts {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_time_that_can_be_in_both_halves_of_the_day_has_both_readings() {
    let reference = Reference::new(NOW, Preference::Past);
    let found = find("Friday at 5", Language::En, &reference);
    let readings: Vec<&Resolved> = found[0].readings.iter().map(|reading| &reading.resolved).collect();
    let point = |point: &str| Resolved::Point(point.to_owned());
    assert_eq!(
        readings,
        [
            &point("2016-11-04 05:00:00"),
            &point("2016-11-11 05:00:00"),
            &point("2016-11-04 17:00:00"),
            &point("2016-11-11 17:00:00"),
        ]
    );
}
