//! Time zones before times and behind them: 日本時間15時, 9:00（ロンドン時間）, 22時 GMT.

use std::ops::Range;

use crate::zone::Zone;

const NAMES: &[(&str, Zone)] = &[
    ("日本時間", Zone::Minutes(540)),
    ("日本標準時", Zone::Minutes(540)),
    ("韓国時間", Zone::Minutes(540)),
    ("中国時間", Zone::Minutes(480)),
    ("北京時間", Zone::Minutes(480)),
    ("台湾時間", Zone::Minutes(480)),
    ("香港時間", Zone::Minutes(480)),
    ("シンガポール時間", Zone::Minutes(480)),
    ("タイ時間", Zone::Minutes(420)),
    ("インド時間", Zone::Minutes(330)),
    ("協定世界時", Zone::Minutes(0)),
    ("世界標準時", Zone::Minutes(0)),
    ("グリニッジ標準時", Zone::Minutes(0)),
    ("ロンドン時間", Zone::Named("Europe/London")),
    ("イギリス時間", Zone::Named("Europe/London")),
    ("パリ時間", Zone::Named("Europe/Paris")),
    ("フランス時間", Zone::Named("Europe/Paris")),
    ("ドイツ時間", Zone::Named("Europe/Berlin")),
    ("ニューヨーク時間", Zone::Named("America/New_York")),
    ("米国東部時間", Zone::Named("America/New_York")),
    ("アメリカ東部時間", Zone::Named("America/New_York")),
    ("米国太平洋時間", Zone::Named("America/Los_Angeles")),
    ("太平洋時間", Zone::Named("America/Los_Angeles")),
    ("ハワイ時間", Zone::Named("Pacific/Honolulu")),
    ("シドニー時間", Zone::Named("Australia/Sydney")),
];

/// The time zone of an expression, and where the expression is with it.
pub(super) fn zone_of(text: &str, range: &Range<usize>) -> Option<(Zone, Range<usize>)> {
    let (before, after) = (text.get(..range.start)?, text.get(range.end..)?);
    let led = ["の", "で", ""].into_iter().find_map(|particle| {
        let before = before.strip_suffix(particle)?;
        let (name, zone) = NAMES.iter().find(|(name, _)| before.ends_with(name))?;
        Some((*zone, before.len() - name.len()..range.end))
    });
    led.or_else(|| behind(after).map(|(zone, length)| (zone, range.start..range.end + length)))
}

/// A time zone at the start of a text, which may be in parentheses, and how many bytes it has.
fn behind(text: &str) -> Option<(Zone, usize)> {
    let inner = text.strip_prefix(['（', '(']);
    let name = inner.unwrap_or_else(|| text.trim_start_matches(' '));
    let known = NAMES.iter().find(|(known, _)| name.starts_with(known));
    let (zone, length) = known.map(|(known, zone)| (*zone, known.len())).or_else(|| {
        let length = name.bytes().take(5).take_while(u8::is_ascii_alphabetic).count();
        let word = name.get(..length)?;
        let zone = Zone::abbreviated(word, &word.to_ascii_lowercase())?;
        word.bytes()
            .all(|byte| byte.is_ascii_uppercase())
            .then_some((zone, length))
    })?;
    let rest = name.get(length..)?;
    let rest = if inner.is_some() {
        rest.strip_prefix(['）', ')'])?
    } else {
        rest
    };
    Some((zone, text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use nakai_types::Language;

    use crate::{Preference, Reference, Resolved, find};

    #[test]
    fn a_time_of_another_time_zone_is_given_in_that_of_the_reference() {
        let reference = Reference {
            zone: TimeZone::get("Asia/Tokyo").ok(),
            ..Reference::new("2026-11-25T19:00:00".parse().unwrap(), Preference::Future)
        };
        for (text, place, time) in [
            (
                "ロンドン時間の明日9時に電話",
                "ロンドン時間の明日9時",
                "2026-11-26 18:00:00",
            ),
            (
                "明日の午後3時（米国東部時間）",
                "明日の午後3時（米国東部時間）",
                "2026-11-27 05:00:00",
            ),
            ("11月30日10:00 GMTまで", "11月30日10:00 GMT", "2026-11-30 19:00:00"),
            (
                "日本時間で11月30日10:00に",
                "日本時間で11月30日10:00",
                "2026-11-30 10:00:00",
            ),
            ("現地時間で11月30日10:00に", "11月30日10:00", "2026-11-30 10:00:00"),
        ] {
            let found = find(text, Language::Ja, &reference);
            let [mention] = found.as_slice() else {
                panic!("{text}: {found:?}")
            };
            assert_eq!(&text[mention.range.clone()], place);
            assert_eq!(mention.readings[0].resolved, Resolved::Point(time.to_owned()), "{text}");
        }
    }
}
