use super::{Found, Reader};
use crate::numbers::Percentage;

/// Words for `%`, the longer first.
const SIGNS: &[&str] = &[
    "per cents",
    "per cent",
    "percentages",
    "percentage",
    "percents",
    "percent",
    "pct",
];

/// The percentages among the numbers of a text, in order; also the word alone, without a value.
pub(crate) fn percentages(reader: &Reader<'_>, numbers: &[Found]) -> Vec<Percentage> {
    let mut found = Vec::new();
    let mut numbers = numbers.iter().peekable();
    let mut index = 0;
    while index < reader.tokens.len() {
        let start = reader.start(index);
        while numbers
            .next_if(|number| number.end <= start && number.start < start)
            .is_some()
        {}
        if let Some(number) = numbers.next_if(|number| number.start == start) {
            let mut after = index;
            while reader.start(after) < number.end {
                after += 1;
            }
            if let Some(next) = sign(reader, after, number.end)
                && reader.text.before(start) != '%'
            {
                found.push(Percentage {
                    start,
                    end: reader.end(next),
                    value: Some(number.value),
                });
                after = next;
            }
            index = after;
            continue;
        }
        let Some(next) = SIGNS.iter().find_map(|words| reader.phrase(index, words)) else {
            index += 1;
            continue;
        };
        // `percent of twenty`.
        let value = reader.phrase(next, "of").and_then(|of| {
            let number = numbers.peek().filter(|number| number.start == reader.start(of))?;
            Some((number.value, number.end))
        });
        let end = value.map_or(reader.end(next), |(_, end)| end);
        found.push(Percentage {
            start,
            end,
            value: value.map(|(value, _)| value),
        });
        index = next;
        while index < reader.tokens.len() && reader.start(index) < end {
            index += 1;
        }
    }
    found
}

/// The token after a sign of percentage; not that of an escape in an address (`%20`).
fn sign(reader: &Reader<'_>, index: usize, end: usize) -> Option<usize> {
    if reader.symbol(index) == Some('%') {
        let escape = reader.start(index) == end && reader.text.at(end + 1).is_ascii_alphanumeric();
        return (!escape).then_some(index + 1);
    }
    SIGNS.iter().find_map(|words| reader.phrase(index, words))
}
