//! Holidays by the moon and the sun: Hindu festivals and the Chinese new year.
//!
//! The positions are sums of the largest terms of Meeus, "Astronomical Algorithms", chapters 25 and 47, good to a few minutes of time.

use jiff::civil::Date;

use crate::calendar;

/// The Julian day of the start of 1970.
const UNIX: f64 = 2_440_587.5;
/// The mean gain of the moon on the sun, in degrees a day.
const GAIN: f64 = 12.190_749;

/// The first day on which a tithi (the 30th parts of a month, from 1 after the new moon) has been reached at an hour in India.
///
/// Months are named by the sign that the sun enters in them, Chaitra is 0; a month in which it enters none is not counted.
pub(super) fn hindu(year: i16, month: i8, tithi: i8, hour: i8) -> Option<Date> {
    let start = julian(calendar::day(year - 1, 12, 1)?, 0.0, 0.0);
    let mut moon = new_moon_after(start);
    for _ in 0..14 {
        let next = new_moon_after(moon + 20.0);
        let (sign, next_sign) = (sidereal_sign(moon), sidereal_sign(next));
        let first = local_date(moon, 5.5)?;
        if sign != next_sign && (sign + 1) % 12 == i64::from(month) {
            let found = (0..32)
                .map(|days| calendar::add_days(first, days))
                .find(|date| reached(*date, hour, moon) >= f64::from(tithi - 1) * 12.0)?;
            if found.year() == year {
                return Some(found);
            }
        }
        moon = next;
    }
    None
}

/// The day on which the sun has reached a sign (in twelfths of the sky, by the stars) at sunset in India.
pub(super) fn solar(year: i16, sign: i8) -> Option<Date> {
    let start = calendar::day(year, 1, 1)?;
    (0..366)
        .map(|days| calendar::add_days(start, days))
        .find(|date| sidereal_sign(julian(*date, 18.0, 5.5)) == i64::from(sign))
}

/// The day of the new moon between 21 January and 20 February in Beijing.
pub(super) fn chinese_new_year(year: i16) -> Option<Date> {
    local_date(new_moon_after(julian(calendar::day(year, 1, 21)?, 0.0, 8.0)), 8.0)
}

/// The gain of the moon on the sun since a new moon, at an hour of a day in India; -1 before it.
fn reached(date: Date, hour: i8, moon: f64) -> f64 {
    let time = julian(date, f64::from(hour), 5.5);
    if time < moon {
        return -1.0;
    }
    let gain = elongation(time).rem_euclid(360.0);
    // Shortly after the new moon, and before the next one.
    if time - moon < 2.0 && gain > 300.0 {
        0.0
    } else if time - moon > 27.0 && gain < 60.0 {
        gain + 360.0
    } else {
        gain
    }
}

/// The Julian day of an hour of a day, so many hours east of Greenwich.
fn julian(date: Date, hour: f64, east: f64) -> f64 {
    let days = calendar::days_between(calendar::day(1970, 1, 1).unwrap_or(date), date);
    #[expect(clippy::cast_precision_loss, reason = "days of the calendar are few")]
    let days = days as f64;
    UNIX + days + (hour - east) / 24.0
}

fn local_date(time: f64, east: f64) -> Option<Date> {
    #[expect(clippy::cast_possible_truncation, reason = "days of the calendar are few")]
    let days = (time - UNIX + east / 24.0).floor() as i64;
    Some(calendar::add_days(calendar::day(1970, 1, 1)?, days))
}

fn new_moon_after(time: f64) -> f64 {
    let mut moon = time + (360.0 - elongation(time).rem_euclid(360.0)) / GAIN;
    for _ in 0..5 {
        let off = (elongation(moon) + 180.0).rem_euclid(360.0) - 180.0;
        moon -= off / GAIN;
    }
    moon
}

/// How far the moon is ahead of the sun, in degrees.
fn elongation(time: f64) -> f64 {
    moon(time) - sun(time)
}

/// In which twelfth of the sky the sun is, counted from the start of Aries among the stars (Lahiri).
fn sidereal_sign(time: f64) -> i64 {
    let years = (time - 2_451_545.0) / 365.25;
    let longitude = (sun(time) - 23.853 - 0.013_972 * years).rem_euclid(360.0);
    #[expect(clippy::cast_possible_truncation, reason = "below 12")]
    let sign = (longitude / 30.0).floor() as i64;
    sign
}

fn centuries(time: f64) -> f64 {
    (time - 2_451_545.0) / 36_525.0
}

fn sine(degrees: f64) -> f64 {
    degrees.rem_euclid(360.0).to_radians().sin()
}

fn sun(time: f64) -> f64 {
    let t = centuries(time);
    let anomaly = 357.529_11 + 35_999.050_29 * t;
    let node = 125.04 - 1934.136 * t;
    280.466_46 + 36_000.769_83 * t + (1.914_602 - 0.004_817 * t) * sine(anomaly) + 0.019_993 * sine(2.0 * anomaly)
        - 0.005_69
        - 0.004_78 * sine(node)
}

fn moon(time: f64) -> f64 {
    /// Multiples of the elongation, the sun's and the moon's anomaly and the moon's distance from its node, and the size in degrees.
    const TERMS: &[(f64, f64, f64, f64, f64)] = &[
        (0.0, 0.0, 1.0, 0.0, 6.288_774),
        (2.0, 0.0, -1.0, 0.0, 1.274_027),
        (2.0, 0.0, 0.0, 0.0, 0.658_314),
        (0.0, 0.0, 2.0, 0.0, 0.213_618),
        (0.0, 1.0, 0.0, 0.0, -0.185_116),
        (0.0, 0.0, 0.0, 2.0, -0.114_332),
        (2.0, 0.0, -2.0, 0.0, 0.058_793),
        (2.0, -1.0, -1.0, 0.0, 0.057_066),
        (2.0, 0.0, 1.0, 0.0, 0.053_322),
        (2.0, -1.0, 0.0, 0.0, 0.045_758),
        (0.0, 1.0, -1.0, 0.0, -0.040_923),
        (1.0, 0.0, 0.0, 0.0, -0.034_720),
        (0.0, 1.0, 1.0, 0.0, -0.030_383),
        (2.0, 0.0, 0.0, -2.0, 0.015_327),
        (0.0, 0.0, 1.0, 2.0, -0.012_528),
        (0.0, 0.0, 1.0, -2.0, 0.010_980),
        (4.0, 0.0, -1.0, 0.0, 0.010_675),
        (0.0, 0.0, 3.0, 0.0, 0.010_034),
    ];
    let t = centuries(time);
    let elongation = 297.850_192_1 + 445_267.111_403_4 * t;
    let sun = 357.529_109_2 + 35_999.050_290_9 * t;
    let anomaly = 134.963_396_4 + 477_198.867_505_5 * t;
    let node = 93.272_095_0 + 483_202.017_523_3 * t;
    let sum: f64 = TERMS
        .iter()
        .map(|(d, m, a, f, size)| size * sine(d * elongation + m * sun + a * anomaly + f * node))
        .sum();
    218.316_447_7 + 481_267.881_234_21 * t + sum
}

#[cfg(test)]
mod tests {
    use super::{chinese_new_year, hindu, solar};

    fn day(written: &str) -> Option<jiff::civil::Date> {
        Some(written.parse().unwrap())
    }

    #[test]
    fn the_chinese_new_year_is_where_it_is_known_to_be() {
        for expected in [
            "2008-02-07",
            "2013-02-10",
            "2020-01-25",
            "2023-01-22",
            "2024-02-10",
            "2026-02-17",
            "2034-02-19",
        ] {
            let year = expected[..4].parse().unwrap();
            assert_eq!(chinese_new_year(year), day(expected), "{expected}");
        }
    }

    #[test]
    fn diwali_is_where_it_is_known_to_be() {
        for expected in [
            "2012-11-13",
            "2015-11-11",
            "2019-10-27",
            "2020-11-14",
            "2021-11-04",
            "2023-11-12",
        ] {
            let year = expected[..4].parse().unwrap();
            assert_eq!(hindu(year, 6, 30, 18), day(expected), "{expected}");
        }
    }

    #[test]
    fn the_sun_enters_capricorn_in_the_middle_of_january() {
        assert_eq!(solar(2018, 9), day("2018-01-14"));
        assert_eq!(solar(2019, 9), day("2019-01-15"));
    }
}
