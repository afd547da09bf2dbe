//! Points in time: the present, a day, a time of day, a day with a time or a part of it.

use super::{
    grammar::{Found, Grammar, longest},
    lengths::{bound, bound_if},
    text::is_kanji,
};
use crate::{
    Modifier,
    expression::{Day, Expression, Unit},
    length::Length,
};

/// Characters that make another word of 今.
const AFTER_NOW: &str = "回大後度日週月年朝夜晩季期世時井川野宮村西泉治昔夏冬春秋夕般更以一四上田津庄池市";

/// Words that start with 今 and another character that may also follow it.
const NOT_NOW: &[&str] = &["今帰仁", "今出川", "今まで", "今ひとつ", "今いち", "今ごろ", "今どき"];

impl Grammar<'_> {
    /// A day, a stretch, a time of day, or a day with a time.
    pub(super) fn point(&self, at: usize) -> Found<Expression> {
        let mut best = self.now(at);
        best = longest(best, self.day_and_more(at));
        best = longest(
            best,
            self.clock(at).map(|(said, end)| {
                (
                    bound_if(said.about, Modifier::Approximate, Expression::Clock(said.clock)),
                    end,
                )
            }),
        );
        best = longest(
            best,
            self.day_with_clock(at).map(|((days, said), end)| {
                (
                    bound_if(
                        said.about,
                        Modifier::Approximate,
                        Expression::Moment(Day::Relative(days), said.clock),
                    ),
                    end,
                )
            }),
        );
        best = longest(
            best,
            self.day_with_part(at)
                .map(|((days, part), end)| (Expression::PartOf(Day::Relative(days), part, None), end)),
        );
        let part = self.day_part(at, false).map(|((part, of), end)| {
            let expression = Expression::DayPart(part, of);
            match self.about_part(end) {
                Some(end) => (bound(Modifier::Approximate, expression), end),
                None => (expression, end),
            }
        });
        longest(best, part)
    }

    fn about_part(&self, end: usize) -> Option<usize> {
        self.text.any(end, &["ごろ", "頃", "ころ"])
    }

    /// The present.
    pub(super) fn now(&self, at: usize) -> Found<Expression> {
        if let Some(end) = self
            .text
            .any(at, &["できるだけ早く", "なるべく早く", "できる限り早く", "至急"])
        {
            return Some((Expression::Vague("FUTURE_REF"), end));
        }
        if let Some(end) = self.text.word(at, "ぎりぎり")
            && self.text.get(end) == Some('に')
        {
            let by = Length::new(-1.0, Unit::Minute);
            return Some((Expression::Rolling { by, within: false }, end));
        }
        let end = self.text.any(
            at,
            &[
                "今すぐ",
                "いますぐ",
                "今",
                "いま",
                "ただいま",
                "只今",
                "ただちに",
                "直ちに",
                "即",
                "即時",
                "現在",
            ],
        )?;
        let before = self.text.before(at);
        let kana = |c: char| matches!(c, 'ぁ'..='ん');
        let fits = match self.text.get(at)? {
            '今' => {
                !before.is_some_and(is_kanji)
                    && !self.goes_on_with(end, AFTER_NOW)
                    && self.text.any(at, NOT_NOW).is_none()
            }
            // います is the most common verb.
            'い' => !before.is_some_and(|c| kana(c) || is_kanji(c)) && !self.goes_on_with(end, "すせしいさだひま"),
            '現' => !before.is_some_and(is_kanji) && !self.goes_on_with(end, "地位進形住"),
            '即' => !before.is_some_and(is_kanji) && !self.text.get(end).is_some_and(is_kanji),
            _ => true,
        };
        fits.then_some((Expression::Now, end))
    }

    /// Whether one of some characters is next.
    fn goes_on_with(&self, at: usize, characters: &str) -> bool {
        self.text.get(at).is_some_and(|c| characters.contains(c))
    }

    /// A day or a stretch; a day may have a time or a part after it.
    fn day_and_more(&self, at: usize) -> Found<Expression> {
        let (date, end) = self.date(at)?;
        let Expression::Day(day) = &date else {
            return Some((date, end));
        };
        if let Some(found) = self.on_day(day, end) {
            return Some(found);
        }
        if matches!(day, Day::Calendar { .. } | Day::Holiday { .. })
            && let Some(found) = self.counted_from(day, end)
        {
            return Some(found);
        }
        match self.text.any(end, &["ごろ", "頃", "ころ", "あたり", "前後"]) {
            Some(end) => Some((bound(Modifier::Approximate, date), end)),
            None => Some((date, end)),
        }
    }

    /// What follows a day: a time, a part of it, or its end.
    fn on_day(&self, day: &Day, end: usize) -> Found<Expression> {
        let next = self.text.skip(self.text.spaces(end), &["の", ","]);
        let next = self.text.skip(next, &[" "]);
        let mut best = self.clock(next).map(|(said, end)| {
            (
                bound_if(
                    said.about,
                    Modifier::Approximate,
                    Expression::Moment(day.clone(), said.clock),
                ),
                end,
            )
        });
        let after_comma = self.text.before(next) == Some(',');
        if !after_comma && let Some(((part, of), end)) = self.day_part(next, true) {
            let expression = Expression::PartOf(day.clone(), part, of);
            let found = match self.about_part(end) {
                Some(end) => (bound(Modifier::Approximate, expression), end),
                None => (expression, end),
            };
            best = longest(best, Some(found));
        }
        if let Some(end) = self.text.any(next, &["終わり", "終り", "おわり"]) {
            best = longest(best, Some((Expression::EndOfDay(day.clone()), end)));
        }
        if let Some(end) = self.text.any(next, &["残りの時間"])
            && matches!(day, Day::Relative(0))
        {
            best = longest(best, Some((Expression::RestOfDay, end)));
        }
        if matches!(day, Day::Relative(0 | 1))
            && let Some(end) = self.text.any(end, &["中"])
            && !self.text.get(end).is_some_and(is_kanji)
        {
            best = longest(best, Some((Expression::EndOfDay(day.clone()), end)));
        }
        if matches!(day, Day::Relative(0))
            && let Some(end) = self.text.any(end, &["あとで", "後で", "この後", "このあと"])
        {
            best = longest(best, Some((Expression::HalfOf(day.clone(), Modifier::End), end)));
        }
        best
    }
}
