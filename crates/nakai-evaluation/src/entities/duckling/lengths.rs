//! Lengths of time: `(DurationData 90 Minute)`.

use nakai_time::{Convention, TimeKind};
use nakai_types::Language;

use super::{Expression, Found, times};

/// A length in the two measures that can't be exchanged exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Length {
    months: f64,
    seconds: f64,
}

impl Length {
    /// In seconds, with months of thirty days and years of 365.
    fn rough(self) -> f64 {
        let years = (self.months / 12.0).trunc();
        (years * 365.0 + (self.months - 12.0 * years) * 30.0) * 86_400.0 + self.seconds
    }

    fn equals(self, other: Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6 * a.abs().max(1.0);
        near(self.months, other.months) && near(self.seconds, other.seconds) || near(self.rough(), other.rough())
    }
}

pub(super) fn find(
    text: &str,
    language: Language,
    convention: Convention,
    expected: Option<&Expression>,
) -> Vec<Found> {
    let expected = expected.and_then(of_expression);
    let mentions = times::mentions(text, language, convention).into_iter();
    let lengths = mentions.filter(|(_, value)| value.kind == TimeKind::Duration);
    let found = lengths.map(|(range, value)| Found {
        range,
        equal: match (of_timex(&value.timex), expected) {
            (Some(found), Some(expected)) => found.equals(expected),
            _ => false,
        },
        value: value.timex.into(),
    });
    found.collect()
}

fn of_expression(expression: &Expression) -> Option<Length> {
    let [_, number, grain] = expression.parts() else {
        return None;
    };
    unit(grain.name()?, number.number()?)
}

fn unit(grain: &str, number: f64) -> Option<Length> {
    let (months, seconds) = match grain {
        "Year" => (12.0, 0.0),
        "Quarter" => (3.0, 0.0),
        "Month" => (1.0, 0.0),
        "Week" => (0.0, 7.0 * 86_400.0),
        "Day" => (0.0, 86_400.0),
        "Hour" => (0.0, 3600.0),
        "Minute" => (0.0, 60.0),
        "Second" | "NoGrain" => (0.0, 1.0),
        _ => return None,
    };
    Some(Length {
        months: months * number,
        seconds: seconds * number,
    })
}

/// Reads a length of TIMEX3: `P1Y2M`, `PT1.5H`, `P2W`.
fn of_timex(timex: &str) -> Option<Length> {
    let mut sum = Length {
        months: 0.0,
        seconds: 0.0,
    };
    let mut rest = timex.strip_prefix('P')?;
    let mut clock = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            (clock, rest) = (true, after);
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let number: f64 = rest[..end].parse().ok()?;
        let grain = match (&rest[end..=end], clock) {
            ("Y", false) => "Year",
            ("M", false) => "Month",
            ("W", false) => "Week",
            ("D", false) => "Day",
            ("H", true) => "Hour",
            ("M", true) => "Minute",
            ("S", true) => "Second",
            _ => return None,
        };
        let length = unit(grain, number)?;
        sum.months += length.months;
        sum.seconds += length.seconds;
        rest = &rest[end + 1..];
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lengths_may_be_written_in_other_units() {
        for (timex, number, grain, equal) in [
            ("PT1H30M", 90.0, "Minute", true),
            ("PT1.5H", 90.0, "Minute", true),
            ("P2Y3M", 27.0, "Month", true),
            ("P1M", 1.0, "Minute", false),
            ("PT1M", 1.0, "Month", false),
            ("P1Y2DT3H4S", 31_719_604.0, "Second", true),
            ("P2W", 14.0, "Day", true),
            ("PT2H", 2.0, "Minute", false),
        ] {
            let (found, expected) = (of_timex(timex).unwrap(), unit(grain, number).unwrap());
            assert_eq!(found.equals(expected), equal, "{timex} {number} {grain}");
        }
        for broken in ["", "P1", "PX", "1Y", "P1あ"] {
            assert_eq!(of_timex(broken), None, "{broken}");
        }
    }
}
