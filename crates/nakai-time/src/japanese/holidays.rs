//! Holidays: those of Japan, and those that shops celebrate.

use jiff::civil::Weekday;

use crate::holiday::Holiday;

/// Holidays of one day.
pub(super) const HOLIDAYS: &[(&str, Holiday)] = &[
    ("元旦", Holiday::Fixed(1, 1)),
    ("元日", Holiday::Fixed(1, 1)),
    ("お正月", Holiday::Fixed(1, 1)),
    ("正月", Holiday::Fixed(1, 1)),
    ("新年", Holiday::Fixed(1, 1)),
    ("旧正月", Holiday::Fixed(1, 1)),
    ("旧暦の正月初一", Holiday::Fixed(1, 1)),
    ("元宵節", Holiday::Fixed(1, 15)),
    ("成人の日", nth(1, 2, Weekday::Monday)),
    ("キング牧師記念日", nth(1, 3, Weekday::Monday)),
    ("節分", Holiday::Fixed(2, 3)),
    ("建国記念の日", Holiday::Fixed(2, 11)),
    ("バレンタインデー", Holiday::Fixed(2, 14)),
    ("バレンタイン", Holiday::Fixed(2, 14)),
    ("天皇誕生日", Holiday::Fixed(2, 23)),
    ("ひな祭り", Holiday::Fixed(3, 3)),
    ("ガールズデー", Holiday::Fixed(3, 7)),
    ("国際女性デー", Holiday::Fixed(3, 8)),
    ("植樹祭", Holiday::Fixed(3, 12)),
    ("ホワイトデー", Holiday::Fixed(3, 14)),
    ("春分の日", Holiday::Equinox(3)),
    ("エイプリルフール", Holiday::Fixed(4, 1)),
    ("清明節", Holiday::Fixed(4, 4)),
    ("清明", Holiday::Fixed(4, 4)),
    ("復活祭", Holiday::Easter(0)),
    ("イースター", Holiday::Easter(0)),
    ("昭和の日", Holiday::Fixed(4, 29)),
    ("メーデー", Holiday::Fixed(5, 1)),
    ("国際的な労働者の日", Holiday::Fixed(5, 1)),
    ("憲法記念日", Holiday::Fixed(5, 3)),
    ("みどりの日", Holiday::Fixed(5, 4)),
    ("青年の日", Holiday::Fixed(5, 4)),
    ("こどもの日", Holiday::Fixed(5, 5)),
    ("子どもの日", Holiday::Fixed(5, 5)),
    ("子供の日", Holiday::Fixed(5, 5)),
    ("端午の節句", Holiday::Fixed(5, 5)),
    ("端午節", Holiday::Fixed(5, 5)),
    ("母の日", nth(5, 2, Weekday::Sunday)),
    ("父の日", nth(6, 3, Weekday::Sunday)),
    ("独立記念日", Holiday::Fixed(7, 4)),
    ("七夕", Holiday::Fixed(7, 7)),
    ("海の日", nth(7, 3, Weekday::Monday)),
    ("山の日", Holiday::Fixed(8, 11)),
    ("中秋節", Holiday::Fixed(8, 15)),
    ("労働者の日", nth(9, 1, Weekday::Monday)),
    ("教師の日", Holiday::Fixed(9, 10)),
    ("敬老の日", nth(9, 3, Weekday::Monday)),
    ("秋分の日", Holiday::Equinox(9)),
    ("国慶節", Holiday::Fixed(10, 1)),
    ("スポーツの日", nth(10, 2, Weekday::Monday)),
    ("体育の日", nth(10, 2, Weekday::Monday)),
    ("コロンブスの日", nth(10, 2, Weekday::Monday)),
    ("ハロウィン", Holiday::Fixed(10, 31)),
    ("ハロウィーン", Holiday::Fixed(10, 31)),
    ("文化の日", Holiday::Fixed(11, 3)),
    ("シングルデー", Holiday::Fixed(11, 11)),
    ("独身の日", Holiday::Fixed(11, 11)),
    ("ダブル十一", Holiday::Fixed(11, 11)),
    ("七五三", Holiday::Fixed(11, 15)),
    ("勤労感謝の日", Holiday::Fixed(11, 23)),
    ("感謝祭", nth(11, 4, Weekday::Thursday)),
    ("感謝祭の日", nth(11, 4, Weekday::Thursday)),
    ("クリスマスイブ", Holiday::Fixed(12, 24)),
    ("クリスマス・イブ", Holiday::Fixed(12, 24)),
    ("クリスマスイヴ", Holiday::Fixed(12, 24)),
    ("クリスマス", Holiday::Fixed(12, 25)),
    ("クリスマスの日", Holiday::Fixed(12, 25)),
    ("大晦日", Holiday::Fixed(12, 31)),
    ("大みそか", Holiday::Fixed(12, 31)),
    ("おおみそか", Holiday::Fixed(12, 31)),
];

/// Holidays of some days: the first, and the day after the last, as months and days.
pub(super) const HOLIDAY_TIMES: &[(&str, MonthDays)] = &[
    ("三が日", ((1, 1), (1, 4))),
    ("三ヶ日", ((1, 1), (1, 4))),
    ("三箇日", ((1, 1), (1, 4))),
    ("ゴールデンウィーク", ((4, 29), (5, 6))),
    ("ゴールデンウイーク", ((4, 29), (5, 6))),
    ("大型連休", ((4, 29), (5, 6))),
    ("GW", ((4, 29), (5, 6))),
    ("お盆", ((8, 13), (8, 17))),
    ("年末年始", ((12, 29), (1, 4))),
];

/// Two days of a year: a month and a day each.
pub(super) type MonthDays = ((i8, i8), (i8, i8));

const fn nth(month: i8, nth: i8, weekday: Weekday) -> Holiday {
    Holiday::Weekday { month, nth, weekday }
}

/// The words of all of them.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let days = HOLIDAYS.iter().map(|(word, _)| *word);
    days.chain(HOLIDAY_TIMES.iter().map(|(word, _)| *word))
}
