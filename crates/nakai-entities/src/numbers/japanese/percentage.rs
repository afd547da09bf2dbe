use super::{Reader, numeral};
use crate::numbers::{Percentage, digits, english::Found};

/// The percentages among the numbers of a text, in order.
pub(crate) fn percentages(reader: &Reader<'_>, numbers: &[Found]) -> Vec<Percentage> {
    let text = reader.text;
    let mut found: Vec<Percentage> = Vec::new();
    for number in numbers {
        let tenths = || reader.tenths(number.end, number.value);
        let percent = || {
            let escape = text.before(number.start) == '%';
            reader
                .percent(number.end)
                .filter(|_| !escape)
                .map(|end| (end, number.value))
        };
        if let Some((end, value)) = tenths().or_else(percent) {
            found.push(Percentage {
                start: number.start,
                end,
                value: Some(value),
            });
        }
    }
    found
}

impl Reader<'_> {
    /// Where a sign of percentage that starts here ends; its word can be spread by spaces.
    pub(super) fn percent(&self, at: usize) -> Option<usize> {
        let start = self.text.skip_spaces(at);
        if self.text.at(start) == '%' {
            // An escape in an address.
            let escape = start == at && self.text.at(start + 1).is_ascii_alphanumeric();
            return (!escape).then_some(start + 1);
        }
        if let Some(end) = self.text.starts_with(start, "割") {
            return Some(end);
        }
        let mut end = start;
        for c in "パーセント".chars() {
            end = self.text.skip_spaces(end);
            if self.text.at(end) != c {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Tenths with what is below them: `3割8分7厘`, `5割半`, `2割引`. Gives hundredths.
    fn tenths(&self, at: usize, value: f64) -> Option<(usize, f64)> {
        let mut end = self.text.starts_with(self.text.skip_spaces(at), "割")?;
        let mut value = value * 10.0;
        if let Some(half) = self.text.starts_with(end, "半") {
            (end, value) = (half, value + 5.0);
        }
        for (sign, factor) in [("分", 1.0), ("厘", 0.1)] {
            if let Some((next, digit)) = self.digit(end)
                && let Some(next) = self.text.starts_with(next, sign)
            {
                (end, value) = (next, value + digit * factor);
            }
        }
        end = self
            .text
            .starts_with(end, "引")
            .map_or(end, |off| if self.text.at(off) == 'き' { off + 1 } else { off });
        Some((end, digits::round(value)))
    }

    fn digit(&self, at: usize) -> Option<(usize, f64)> {
        let c = self.text.at(at);
        let digit = numeral::kanji_digit(c).map(u32::from).or_else(|| c.to_digit(10))?;
        Some((at + 1, f64::from(digit)))
    }
}
