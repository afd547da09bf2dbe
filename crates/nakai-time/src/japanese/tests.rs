use nakai_types::Language;
use proptest::prelude::*;

use super::{holidays, starts::may_start};
use crate::{Modifier, Preference, Reference, Resolved, TimeKind, find};

/// A Wednesday.
const NOW: &str = "2026-11-25T19:00:00";

/// Each expression of a text with its first reading: `[来週の金曜] Date XXXX-WXX-5 = 2026-12-04`.
fn found(text: &str) -> String {
    let reference = Reference::new(NOW.parse().unwrap(), Preference::Future);
    let mentions = find(text, Language::Ja, &reference);
    let described: Vec<String> = mentions
        .iter()
        .map(|mention| {
            let reading = &mention.readings[0];
            let resolved = match &reading.resolved {
                Resolved::Point(point) => point.clone(),
                Resolved::Range { start, end } => format!(
                    "{}..{}",
                    start.as_deref().unwrap_or_default(),
                    end.as_deref().unwrap_or_default()
                ),
                Resolved::Seconds(seconds) => seconds.to_string(),
                Resolved::Unresolved => String::from("-"),
            };
            format!(
                "[{}] {:?} {} = {resolved}",
                &text[mention.range.clone()],
                reading.kind,
                reading.timex
            )
        })
        .collect();
    described.join("; ")
}

fn assert_all(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, found(text)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(text, expected, found)| format!("{text}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_weekday_of_a_date_tells_its_year() {
    // This year's, which is over.
    assert_eq!(
        found("11月22日(日)に注文しました"),
        "[11月22日(日)] Date XXXX-11-22 = 2026-11-22"
    );
    assert_eq!(
        found("11月22日(月)に届けてください"),
        "[11月22日(月)] Date XXXX-11-22 = 2027-11-22"
    );
    assert_eq!(
        found("12/4(金)の朝"),
        "[12/4(金)の朝] DateTimeRange XXXX-12-04TMO = 2026-12-04 08:00:00..2026-12-04 12:00:00"
    );
}

#[test]
fn days_that_customers_name_are_found() {
    assert_all(&[
        ("明日空いてますか", "[明日] Date 2026-11-26 = 2026-11-26"),
        (
            "あさっての夜",
            "[あさっての夜] DateTimeRange 2026-11-27TNI = 2026-11-27 20:00:00..2026-11-27 23:59:59",
        ),
        ("来週の金曜に泊まりたい", "[来週の金曜] Date 2026-12-04 = 2026-12-04"),
        (
            "再来週でお願いします",
            "[再来週] DateRange 2026-W50 = 2026-12-07..2026-12-14",
        ),
        (
            "今度の土日空いてますか",
            "[今度の土日] DateRange 2026-W48-WE = 2026-11-28..2026-11-30",
        ),
        ("今度の水曜に", "[今度の水曜] Date 2026-12-02 = 2026-12-02"),
        ("来月3日に", "[来月3日] Date 2026-12-03 = 2026-12-03"),
        ("今月の25日", "[今月の25日] Date 2026-11-25 = 2026-11-25"),
        ("二月十四日", "[二月十四日] Date XXXX-02-14 = 2027-02-14"),
        ("８月１５日", "[８月１５日] Date XXXX-08-15 = 2027-08-15"),
        ("はちがつ15日", "[はちがつ15日] Date XXXX-08-15 = 2027-08-15"),
        ("12月1日（火）", "[12月1日（火）] Date XXXX-12-01 = 2026-12-01"),
        ("明日(11/26)", "[明日(11/26)] Date XXXX-11-26 = 2026-11-26"),
        ("令和7年5月3日", "[令和7年5月3日] Date 2025-05-03 = 2025-05-03"),
        ("R7.5.3に予約", "[R7.5.3] Date 2025-05-03 = 2025-05-03"),
        ("平成元年", "[平成元年] DateRange 1989 = 1989-01-01..1990-01-01"),
        ("2026/12/1", "[2026/12/1] Date 2026-12-01 = 2026-12-01"),
        ("11/30でお願いします", "[11/30] Date XXXX-11-30 = 2026-11-30"),
        ("第3土曜", "[第3土曜] Date XXXX-11-WXX-6-#3 = 2026-11-21"),
        (
            "クリスマスの2週間前",
            "[クリスマスの2週間前] Date 2026-12-11 = 2026-12-11",
        ),
        ("現在の気温", "[現在] DateTime PRESENT_REF = 2026-11-25 19:00:00"),
        ("(土)に", "[(土)] Date XXXX-WXX-6 = 2026-11-28"),
        ("土に", "[土] Date XXXX-WXX-6 = 2026-11-28"),
    ]);
}

#[test]
fn times_of_day_that_customers_name_are_found() {
    assert_all(&[
        ("夕方6時半に2名で", "[夕方6時半] Time T18:30 = 18:30:00"),
        (
            "明後日の夕方6時半",
            "[明後日の夕方6時半] DateTime 2026-11-27T18:30 = 2026-11-27 18:30:00",
        ),
        ("午後3時ごろ着きます", "[午後3時ごろ] Time T15 = 15:00:00"),
        ("18:30にお願いします", "[18:30] Time T18:30 = 18:30:00"),
        ("１８：３０", "[１８：３０] Time T18:30 = 18:30:00"),
        ("正午まで", "[正午まで] TimeRange T12 = ..12:00:00"),
        ("夜の12時", "[夜の12時] Time T00 = 00:00:00"),
        ("深夜1時", "[深夜1時] Time T01 = 01:00:00"),
        ("お昼の1時", "[お昼の1時] Time T13 = 13:00:00"),
        ("今夜7時", "[今夜7時] DateTime 2026-11-25T19 = 2026-11-25 19:00:00"),
        ("8時3分前", "[8時3分前] Time T07:57 = 07:57:00"),
        ("25時まで", "[25時まで] TimeRange T25 = ..01:00:00"),
        ("午前中に届けて", "[午前中] TimeRange TMO = 08:00:00..12:00:00"),
    ]);
}

#[test]
fn ranges_take_from_either_end_what_the_other_leaves_out() {
    assert_all(&[
        (
            "10時から15時まで",
            "[10時から15時まで] TimeRange (T10,T15,PT5H) = 10:00:00..15:00:00",
        ),
        (
            "夜8-9時ぐらい",
            "[夜8-9時ぐらい] TimeRange (T20,T21,PT1H) = 20:00:00..21:00:00",
        ),
        ("10〜15時", "[10〜15時] TimeRange (T10,T15,PT5H) = 10:00:00..15:00:00"),
        (
            "9時から5時まで",
            "[9時から5時まで] TimeRange (T09,T17,PT8H) = 09:00:00..17:00:00",
        ),
        (
            "5時から18時まで",
            "[5時から18時まで] TimeRange (T05,T18,PT13H) = 05:00:00..18:00:00",
        ),
        (
            "5時から午後6時まで",
            "[5時から午後6時まで] TimeRange (T17,T18,PT1H) = 17:00:00..18:00:00",
        ),
        (
            "5/3〜5/5で予約",
            "[5/3〜5/5] DateRange (XXXX-05-03,XXXX-05-05,P2D) = 2027-05-03..2027-05-05",
        ),
        (
            "12/24〜26",
            "[12/24〜26] DateRange (XXXX-12-24,XXXX-12-26,P2D) = 2026-12-24..2026-12-26",
        ),
        (
            "12月24〜26日",
            "[12月24〜26日] DateRange (XXXX-12-24,XXXX-12-26,P2D) = 2026-12-24..2026-12-26",
        ),
        (
            "12月30日から1月2日まで",
            "[12月30日から1月2日まで] DateRange (XXXX-12-30,XXXX-01-02,P3D) = 2026-12-30..2027-01-02",
        ),
        (
            "2026年12月30日から1月2日",
            "[2026年12月30日から1月2日] DateRange (2026-12-30,2027-01-02,P3D) = 2026-12-30..2027-01-02",
        ),
        (
            "来月30日から3日",
            "[来月30日から3日] DateRange (2026-12-30,2027-01-03,P4D) = 2026-12-30..2027-01-03",
        ),
        (
            "11月から2027年2月まで",
            "[11月から2027年2月まで] DateRange (2026-11-01,2027-02-01,P3M) = 2026-11-01..2027-02-01",
        ),
        (
            "6月頭から7月末まで",
            "[6月頭から7月末まで] DateRange (XXXX-06-01,XXXX-08-01,P2M) = 2027-06-01..2027-08-01",
        ),
        (
            "来週の水曜から金曜",
            "[来週の水曜から金曜] DateRange (2026-12-02,2026-12-04,P2D) = 2026-12-02..2026-12-04",
        ),
        (
            "明日の22時から明後日の2時",
            "[明日の22時から明後日の2時] DateTimeRange (2026-11-26T22,2026-11-27T02,PT4H) = 2026-11-26 22:00:00..2026-11-27 02:00:00",
        ),
        (
            "午後1時30分から4人の会議",
            "[午後1時30分から] TimeRange T13:30 = 13:30:00..",
        ),
        (
            "5月9日から2泊",
            "[5月9日] Date XXXX-05-09 = 2027-05-09; [2泊] Duration P2D = 172800",
        ),
    ]);
}

#[test]
fn bounds_lengths_and_recurrences_are_found() {
    assert_all(&[
        (
            "キャンセルは3日前まで",
            "[3日前まで] DateRange 2026-11-22 = ..2026-11-22",
        ),
        (
            "一週間以内に返品",
            "[一週間以内に] DateRange (2026-11-25,2026-12-02,P1W) = 2026-11-25..2026-12-02",
        ),
        ("月末までに払います", "[月末まで] DateRange 2026-11 = ..2026-12-01"),
        ("3泊4日でお願いします", "[3泊4日] Duration P3D = 259200"),
        ("1泊いくらですか", "[1泊] Duration P1D = 86400"),
        ("1年半", "[1年半] Duration P1.5Y = 47304000"),
        ("2〜3週間かかる", "[2〜3週間] Duration P3W = 1814400"),
        ("30分後", "[30分後] DateTime 2026-11-25T19:30:00 = 2026-11-25 19:30:00"),
        ("徒歩10分以内のホテル", "[10分以内] Duration PT10M = 600"),
        ("築100年以上の旅館", "[100年以上] Duration P100Y = 3153600000"),
        ("そのあと4泊で旅行", "[4泊] Duration P4D = 345600"),
        ("24時間できますか", "[24時間] Duration PT24H = 86400"),
        ("半年前", "[半年前] Date 2026-05-27 = 2026-05-27"),
        (
            "あと10分で着きます",
            "[あと10分で] DateTime 2026-11-25T19:10:00 = 2026-11-25 19:10:00",
        ),
        (
            "今後3日間",
            "[今後3日間] DateRange (2026-11-26,2026-11-29,P3D) = 2026-11-26..2026-11-29",
        ),
        (
            "過去5年間",
            "[過去5年間] DateRange (2021-11-25,2026-11-25,P5Y) = 2021-11-25..2026-11-25",
        ),
        ("毎週月曜は定休日ですか", "[毎週月曜] Set XXXX-WXX-1 = -"),
        ("毎日午後3時", "[毎日午後3時] Set T15 = -"),
        ("毎月第2火曜日", "[毎月第2火曜日] Set XXXX-XX-WXX-2-#2 = -"),
        ("隔週で届けて", "[隔週] Set P2W = -"),
        ("週に1回", "[週に1回] Set P1W = -"),
        ("1日3回", "[1日3回] Set P1D = -"),
        ("平日は何時まで", "[平日] Set XXXX-WXX-WD = -"),
        ("土日祝は", "[土日祝] Set XXXX-WXX-WE = -"),
        ("毎週日曜日の夜", "[毎週日曜日の夜] Set XXXX-WXX-7TNI = -"),
        (
            "3日後の15時",
            "[3日後の15時] DateTime 2026-11-28T15 = 2026-11-28 15:00:00",
        ),
        ("遅くとも明日", "[遅くとも明日] DateRange 2026-11-26 = ..2026-11-26"),
    ]);
}

#[test]
fn stretches_and_holidays_are_found() {
    assert_all(&[
        ("12月上旬", "[12月上旬] DateRange XXXX-12 = 2026-12-01..2026-12-16"),
        ("12月中旬", "[12月中旬] DateRange XXXX-12 = 2026-12-10..2026-12-21"),
        ("12月下旬", "[12月下旬] DateRange XXXX-12 = 2026-12-16..2027-01-01"),
        ("来月の初め", "[来月の初め] DateRange 2026-12 = 2026-12-01..2026-12-16"),
        ("来週半ば", "[来週半ば] DateRange 2026-W49 = 2026-12-01..2026-12-05"),
        (
            "月の後半",
            "[月の後半] DateRange (2026-11-16,2026-12-01,P15D) = 2026-11-16..2026-12-01",
        ),
        (
            "今週いっぱい",
            "[今週いっぱい] DateRange (2026-11-25,2026-11-29,P4D) = 2026-11-25..2026-11-29",
        ),
        (
            "年末年始は営業していますか",
            "[年末年始] DateRange (XXXX-12-29,XXXX-01-04,P6D) = 2026-12-29..2027-01-04",
        ),
        (
            "ゴールデンウィークの料金",
            "[ゴールデンウィーク] DateRange (XXXX-04-29,XXXX-05-06,P7D) = 2027-04-29..2027-05-06",
        ),
        (
            "お盆は混みますか",
            "[お盆] DateRange (XXXX-08-13,XXXX-08-17,P4D) = 2027-08-13..2027-08-17",
        ),
        (
            "三が日は",
            "[三が日] DateRange (XXXX-01-01,XXXX-01-04,P3D) = 2027-01-01..2027-01-04",
        ),
        (
            "大晦日と元旦",
            "[大晦日] Date XXXX-12-31 = 2026-12-31; [元旦] Date XXXX-01-01 = 2027-01-01",
        ),
        ("海の日", "[海の日] Date XXXX-07-WXX-1-3 = 2027-07-19"),
        ("来年の春分の日", "[来年の春分の日] Date 2027-03-21 = 2027-03-21"),
        ("昨年の母の日", "[昨年の母の日] Date 2025-05-WXX-7-2 = 2025-05-11"),
    ]);
}

#[test]
fn words_that_only_look_like_times_are_left_alone() {
    let texts = [
        "一番人気の部屋",
        "三人です",
        "二日酔い",
        "日本酒はありますか",
        "日曜大工の道具",
        "お月見プラン",
        "月が綺麗ですね",
        "十分です",
        "一時的に休業",
        "時間はかかりますか",
        "何時からですか",
        "朝食付きプラン",
        "夜景が見える部屋",
        "昼食は出ますか",
        "今回は結構です",
        "駐車場はありますか",
        "猫がいます",
        "年中無休",
        "090-1234-5678",
        "〒100-0001",
        "1-2-3",
        "予約番号は20261201です",
        "10分の1",
        "2人から4人",
        "3年生です",
        "毎度ありがとう",
        "年間パス",
        "自分で行きます",
        "21枚のコイン",
        "6.45パーセント",
        "三日月",
        "きょうだいで行く",
        "あすか様",
        "お昼ご飯が食べられますか",
        "人数分の弁当",
        "今までの要望",
        "Wi-Fiはつかえますか",
        "茶碗蒸しがついてる",
        "好きなことして遊びたい",
        "小学3年です",
        "2日目は観光",
    ];
    for text in texts {
        assert_eq!(found(text), "", "{text}");
    }
}

#[test]
fn both_turns_and_both_halves_of_the_day_are_readings() {
    let reference = Reference::new(NOW.parse().unwrap(), Preference::Past);
    let mentions = find("土曜日の5時", Language::Ja, &reference);
    let readings: Vec<_> = mentions[0]
        .readings
        .iter()
        .map(|reading| reading.resolved.clone())
        .collect();
    let point = |point: &str| Resolved::Point(point.to_owned());
    assert_eq!(
        readings,
        [
            point("2026-11-21 05:00:00"),
            point("2026-11-28 05:00:00"),
            point("2026-11-21 17:00:00"),
            point("2026-11-28 17:00:00"),
        ]
    );
}

#[test]
fn modifiers_say_how_an_expression_is_bounded() {
    let cases = [
        ("5月中旬以降", Some(Modifier::After), Some(Modifier::Mid)),
        ("2013年及びその前", Some(Modifier::Until), None),
        ("明日から", Some(Modifier::Since), None),
        ("10時ごろ", Some(Modifier::Approximate), None),
        ("1時間以上", Some(Modifier::More), None),
        ("その週末", Some(Modifier::Unanchored), None),
    ];
    let reference = Reference::new(NOW.parse().unwrap(), Preference::Future);
    for (text, modifier, part) in cases {
        let mentions = find(text, Language::Ja, &reference);
        let reading = &mentions[0].readings[0];
        assert_eq!((reading.modifier, reading.part), (modifier, part), "{text}");
    }
}

#[test]
fn every_holiday_may_start_an_expression_and_is_found() {
    for word in holidays::all() {
        let mut chars = word.chars();
        assert!(may_start(chars.next().unwrap(), chars.next()), "{word}");
        assert!(
            found(word).starts_with(&format!("[{word}] Date")),
            "{word}: {}",
            found(word)
        );
    }
}

#[test]
fn long_texts_of_one_kind_are_read() {
    for unit in [
        "1",
        "一",
        "日",
        "今",
        "か\u{3099}",
        "1日",
        "(",
        "第",
        "午後の",
        "1年1か月と",
        "12/",
        "\u{202e}",
        "1:",
    ] {
        let text = unit.repeat(20_000);
        found(&text);
    }
}

proptest! {
    #[test]
    fn any_reference_is_good(seconds in -60_000_000_000_i64..250_000_000_000) {
        let Ok(timestamp) = jiff::Timestamp::from_second(seconds) else { return Ok(()) };
        let now = jiff::tz::TimeZone::UTC.to_datetime(timestamp);
        let text = "再来世紀、9999年、99999999年前、今後9999週間、2月29日、13日の金曜日、来年の春分の日、15世紀、年末年始、今度の土日、\
                    99999999時間後、今月の31日、残り、週の残りの日、11月から3月まで、この1時間、毎週月曜、4営業日以内に、第5月曜日、50年代";
        for preference in [Preference::Future, Preference::Past] {
            find(text, Language::Ja, &Reference::new(now, preference));
        }
    }

    #[test]
    fn places_are_in_order_and_on_characters(
        text in "[0-9０-９一二三十年月日時分秒週間半前後今明来先毎第午朝夜かのからまで~/:.,()（）ヶごろに曜土末GWR \u{3099}]{0,40}"
    ) {
        check(&text);
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text);
    }
}

fn check(text: &str) {
    let reference = Reference::new(NOW.parse().unwrap(), Preference::Future);
    let mut last = 0;
    for mention in find(text, Language::Ja, &reference) {
        assert!(
            mention.range.start >= last && mention.range.end > mention.range.start,
            "{text}"
        );
        assert!(text.get(mention.range.clone()).is_some(), "{text}");
        assert!(!mention.readings.is_empty(), "{text}");
        let kinds: Vec<TimeKind> = mention.readings.iter().map(|reading| reading.kind).collect();
        assert!(kinds.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        last = mention.range.end;
    }
}
