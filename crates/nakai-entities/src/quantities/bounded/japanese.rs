use super::{Amount, Bounded, comparable, convert};
use crate::{numbers::Folded, quantities::japanese};

const AT_LEAST_BEFORE: &[&str] = &["少なくとも", "最低でも", "最低", "最小"];
const AT_MOST_BEFORE: &[&str] = &["多くとも", "多くて", "最大で", "最大", "最高"];
const AT_LEAST: &[&str] = &[
    "以上",
    "を超える",
    "を超え",
    "を上回る",
    "より大きい",
    "より多い",
    "より高い",
    "より多く",
    "超",
];
const AT_MOST: &[&str] = &[
    "以下",
    "未満",
    "以内",
    "まで",
    "を下回る",
    "より小さい",
    "より少ない",
    "より低い",
    "弱",
];
const JOINTS: &[&str] = &["から", "〜", "~", "-", "と", "ー"];

pub(super) fn bounded(text: &Folded) -> Vec<Bounded> {
    let mut items = japanese::items(text);
    items.retain(|item| item.value.is_some());
    items.sort_by_key(|item| (item.start, usize::MAX - item.end));
    let mut found: Vec<Bounded> = Vec::new();
    let mut consumed = 0;
    for (index, item) in items.iter().enumerate() {
        if item.start < consumed {
            continue;
        }
        let word_after = |place: usize, words: &[&str]| words.iter().find_map(|word| text.starts_with(place, word));
        let word_before = |place: usize, words: &[&str]| words.iter().find_map(|word| text.ends_with(place, word));
        let value = item.value.unwrap_or_default();
        let mut bounded = Bounded {
            start: item.start,
            end: item.end,
            amount: Amount::Exactly(value),
            unit: item.unit,
        };
        let joint = word_after(item.end, JOINTS);
        let high = joint.and_then(|joint| {
            let mut following = items.iter().skip(index + 1).take(4);
            following.find(|high| high.start == text.skip_spaces(joint) && comparable(item, high))
        });
        if let Some(high) = high
            && let Some(low) = convert(value, &item.unit, &high.unit)
            && let Some(high_value) = high.value.filter(|high| low <= *high)
        {
            let end = word_after(high.end, &["の間", "まで", "以下", "未満"]).unwrap_or(high.end);
            bounded.end = end;
            bounded.unit = high.unit;
            bounded.amount = Amount::Between(low, high_value);
            consumed = end;
        } else if let Some(start) = word_before(item.start, AT_LEAST_BEFORE) {
            bounded.start = start;
            bounded.amount = Amount::AtLeast(value);
        } else if let Some(start) = word_before(item.start, AT_MOST_BEFORE) {
            bounded.start = start;
            bounded.amount = Amount::AtMost(value);
        } else if let Some(end) = word_after(item.end, AT_LEAST) {
            bounded.end = end;
            bounded.amount = Amount::AtLeast(value);
        } else if let Some(end) = word_after(item.end, AT_MOST) {
            bounded.end = end;
            bounded.amount = Amount::AtMost(value);
        }
        found.push(bounded);
    }
    found
}
