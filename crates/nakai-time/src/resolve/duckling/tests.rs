use nakai_types::Language;

use crate::{Convention, Preference, Reference, Resolved, find};

/// The first reading of each expression of a text at 14:40 on 2026-11-25, a Wednesday.
fn read(text: &str, convention: Convention) -> String {
    let now = "2026-11-25T14:40:20".parse().unwrap();
    let reference = Reference {
        convention,
        ..Reference::new(now, Preference::Future)
    };
    let mentions = find(text, Language::En, &reference);
    let shown: Vec<String> = mentions
        .iter()
        .map(|mention| match &mention.readings[0].resolved {
            Resolved::Point(point) => point.clone(),
            Resolved::Range { start, end } => format!(
                "{}..{}",
                start.as_deref().unwrap_or_default(),
                end.as_deref().unwrap_or_default()
            ),
            other => format!("{other:?}"),
        })
        .collect();
    shown.join("; ")
}

#[test]
fn a_convention_settles_what_people_do_not_agree_on() {
    for (text, usual, ducklings) in [
        (
            "any table free on Saturday evening?",
            "2026-11-28 16:00:00..2026-11-28 20:00:00",
            "2026-11-28 18:00:00..2026-11-29 00:00:00",
        ),
        (
            "ring me early tomorrow morning",
            "2026-11-26 08:00:00..2026-11-26 10:00:00",
            "2026-11-26 00:00:00..2026-11-26 09:00:00",
        ),
        ("call me in the afternoon", "12:00:00..16:00:00", "12:00:00..19:00:00"),
        (
            "pay at the end of May",
            "2027-05-16..2027-06-01",
            "2027-05-21..2027-06-01",
        ),
        (
            "early next week suits me",
            "2026-11-30..2026-12-03",
            "2026-11-30..2026-12-03",
        ),
        (
            "the end of next week",
            "2026-12-03..2026-12-07",
            "2026-12-04..2026-12-07",
        ),
        ("I ordered it 9 days ago", "2026-11-16", "2026-11-16 14:00:00"),
        ("I ordered it 3 weeks ago", "2026-11-04", "2026-11-04"),
        ("we moved here four years ago", "2022-11-25", "2022-11-01..2022-12-01"),
        ("four years from today", "2030-11-25", "2030-11-25"),
        (
            "over the next 2 hours",
            "2026-11-25 14:40:20..2026-11-25 16:40:20",
            "2026-11-25 15:00:00..2026-11-25 17:00:00",
        ),
        (
            "within 2 hours",
            "2026-11-25 14:40:20..2026-11-25 16:40:20",
            "2026-11-25 14:40:20..2026-11-25 16:40:20",
        ),
        (
            "within 3 days",
            "2026-11-25..2026-11-28",
            "2026-11-25 14:40:20..2026-11-28 14:00:00",
        ),
        (
            "bills of the past 2 months",
            "2026-09-25..2026-11-25",
            "2026-09-01..2026-11-01",
        ),
        (
            "are you open next weekend",
            "2026-12-05..2026-12-07",
            "2026-12-04 18:00:00..2026-12-07 00:00:00",
        ),
        ("this winter", "Unresolved", "2026-12-21..2027-03-20"),
        ("last summer", "Unresolved", "2026-06-21..2026-09-23"),
        ("at 3", "03:00:00", "15:00:00"),
        ("at 2", "02:00:00", "02:00:00"),
        ("ramadan 2028", "2028-01-28", "2028-01-28..2028-02-26"),
    ] {
        assert_eq!(read(text, Convention::Recognizers), usual, "{text}");
        assert_eq!(read(text, Convention::Duckling), ducklings, "{text}");
    }
}
