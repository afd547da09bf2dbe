use jiff::tz::TimeZone;
use nakai_types::Language;

use crate::{Preference, Reference, Resolved, find};

/// Each expression of a text, with its first reading at 14:40 on 2026-11-25, a Wednesday, in a time zone.
fn read(text: &str, zone: Option<&str>) -> String {
    let now = "2026-11-25T14:40:00".parse().unwrap();
    let reference = Reference {
        zone: zone.map(|zone| TimeZone::get(zone).unwrap()),
        ..Reference::new(now, Preference::Future)
    };
    let mentions = find(text, Language::En, &reference);
    let shown: Vec<String> = mentions
        .into_iter()
        .map(|mention| {
            let value = match &mention.readings[0].resolved {
                Resolved::Point(point) => point.clone(),
                Resolved::Range { start, end } => format!(
                    "{}..{}",
                    start.as_deref().unwrap_or_default(),
                    end.as_deref().unwrap_or_default()
                ),
                other => format!("{other:?}"),
            };
            format!("[{}] {value}", &text[mention.range])
        })
        .collect();
    shown.join("; ")
}

#[test]
fn a_time_of_another_time_zone_is_given_in_that_of_the_reference() {
    for (text, expected) in [
        (
            "can we talk tomorrow at 8:30 GMT?",
            "[tomorrow at 8:30 GMT] 2026-11-26 17:30:00",
        ),
        ("our office opens at 9am (PST)", "[9am (PST)] 02:00:00"),
        (
            "call me at 4 pm CET on Friday",
            "[4 pm CET on Friday] 2026-11-28 00:00:00",
        ),
        (
            "between 10:00 UTC and 12:00 UTC please",
            "[between 10:00 UTC and 12:00 UTC] 19:00:00..21:00:00",
        ),
        (
            "before 6pm IST on Monday",
            "[before 6pm IST on Monday] ..2026-11-30 21:30:00",
        ),
        ("at 7 UTC+2", "[7 UTC+2] 14:00:00"),
        ("at 7:15 GMT-03:30", "[7:15 GMT-03:30] 19:45:00"),
        ("July 9 at 3pm ET", "[July 9 at 3pm ET] 2027-07-10 04:00:00"),
        ("January 9 at 3pm ET", "[January 9 at 3pm ET] 2027-01-10 05:00:00"),
        ("2026-12-24T15:00:00Z", "[2026-12-24T15:00:00Z] 2026-12-25 00:00:00"),
        (
            "logged 2026-12-24 15:00:00-05:00",
            "[2026-12-24 15:00:00-05:00] 2026-12-25 05:00:00",
        ),
        ("noon JST", "[noon JST] 12:00:00"),
        ("at 8 et al", "[8] 08:00:00"),
        ("Thursday", "[Thursday] 2026-11-26"),
    ] {
        assert_eq!(read(text, Some("Asia/Tokyo")), expected, "{text}");
    }
}

#[test]
fn a_time_of_another_time_zone_stays_as_it_was_said_where_that_of_the_reference_is_unknown() {
    assert_eq!(
        read("tomorrow at 8:30 GMT?", None),
        "[tomorrow at 8:30] 2026-11-26 08:30:00"
    );
    assert_eq!(
        read("tomorrow at 8:30 Zulu?", Some("Asia/Tokyo")),
        "[tomorrow at 8:30] 2026-11-26 08:30:00"
    );
}

#[test]
fn times_have_bounds_on_both_sides() {
    for (text, expected) in [
        (
            "deliver it after 2pm but before 5:30pm",
            "[after 2pm but before 5:30pm] 14:00:00..17:30:00",
        ),
        (
            "no earlier than 10am and no later than noon on Saturday",
            "[no earlier than 10am and no later than noon on Saturday] 2026-11-28 10:00:00..2026-11-28 12:00:00",
        ),
        (
            "after 2pm or before 11am",
            "[after 2pm] 14:00:00..; [before 11am] ..11:00:00",
        ),
        ("90 minutes before noon", "[90 minutes before noon] 10:30:00"),
        ("three hours after 10pm", "[three hours after 10pm] 01:00:00"),
        ("lights out at 2230h", "[2230h] 22:30:00"),
        ("open through 9:30pm", "[through 9:30pm] ..21:30:00"),
        (
            "I can come today in two hours",
            "[today in two hours] 2026-11-25 16:40:00",
        ),
    ] {
        assert_eq!(read(text, None), expected, "{text}");
    }
}

#[test]
fn days_are_found_by_their_neighbours() {
    for (text, expected) in [
        (
            "the nearest Friday to December 24",
            "[the nearest Friday to December 24] 2026-12-25",
        ),
        (
            "the closest Monday to Christmas",
            "[the closest Monday to Christmas] 2026-12-28",
        ),
        (
            "the second closest Monday to the 1st",
            "[the second closest Monday to the 1st] 2026-12-07",
        ),
        (
            "the third closest Monday to December 1st",
            "[the third closest Monday to December 1st] 2026-11-23",
        ),
        ("the nearest station", ""),
        (
            "the Friday before Christmas",
            "[the Friday before Christmas] 2026-12-18",
        ),
        (
            "the Sunday after the 3rd of May",
            "[the Sunday after the 3rd of May] 2027-05-09",
        ),
        ("see you Monday before 5pm", "[Monday before 5pm] ..2026-11-30 17:00:00"),
        ("six days hence", "[six days hence] 2026-12-01"),
        ("two hours hence", "[two hours hence] 2026-11-25 16:40:00"),
        ("4 nights from May 3", "[4 nights from May 3] 2027-05-03..2027-05-07"),
        (
            "the first half of June",
            "[the first half of June] 2027-06-01..2027-06-16",
        ),
        ("Golden Week 2028", "[Golden Week 2028] 2028-04-29..2028-05-06"),
        ("every other Tuesday", "[every other Tuesday] Unresolved"),
        ("May 3 for 5 days", "[May 3 for 5 days] 2027-05-03..2027-05-08"),
        ("Friday 18h works", "[Friday 18h] 2026-11-27 18:00:00"),
    ] {
        assert_eq!(read(text, None), expected, "{text}");
    }
}

#[test]
fn the_weekday_of_a_date_tells_its_year() {
    for (text, expected) in [
        // This year's, which is over.
        ("it broke on Sunday, Nov 22", "[Sunday, Nov 22] 2026-11-22"),
        ("it broke on Monday, Nov 22", "[Monday, Nov 22] 2027-11-22"),
        // Neither: the next.
        ("it broke on Tuesday, Nov 22", "[Tuesday, Nov 22] 2027-11-22"),
        ("Friday, November 27", "[Friday, November 27] 2026-11-27"),
    ] {
        assert_eq!(read(text, None), expected, "{text}");
    }
}

#[test]
fn moments_are_joined_by_a_stroke() {
    assert_eq!(
        read("2027-03-01 09:00:00/2027-03-02 18:30:00", None),
        "[2027-03-01 09:00:00/2027-03-02 18:30:00] 2027-03-01 09:00:00..2027-03-02 18:30:00"
    );
}
