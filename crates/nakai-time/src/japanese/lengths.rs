//! Lengths of time: まる1日, 1年1か月と21日間, 3泊4日.

use super::{
    grammar::{Found, Grammar},
    numerals::is_numeral,
    text::is_kanji,
};
use crate::{
    Modifier,
    expression::{Day, Expression, Stretch, Unit},
    length::Length,
};

/// More parts than anyone says of one length: 5年1か月と12日3時間5分30秒.
const MOST_PARTS: usize = 7;

/// Units with how much of the TIMEX3 unit they are.
const UNITS: &[(&str, Unit)] = &[
    ("年間", Unit::Year),
    ("年", Unit::Year),
    ("ヵ年", Unit::Year),
    ("か年", Unit::Year),
    ("か月間", Unit::Month),
    ("か月", Unit::Month),
    ("ヶ月間", Unit::Month),
    ("ヶ月", Unit::Month),
    ("ケ月間", Unit::Month),
    ("ケ月", Unit::Month),
    ("カ月間", Unit::Month),
    ("カ月", Unit::Month),
    ("ヵ月間", Unit::Month),
    ("ヵ月", Unit::Month),
    ("箇月間", Unit::Month),
    ("箇月", Unit::Month),
    ("個月", Unit::Month),
    ("月間", Unit::Month),
    ("月", Unit::Month),
    ("四半期", Unit::Quarter),
    ("週間", Unit::Week),
    ("週", Unit::Week),
    ("日間", Unit::Day),
    ("日", Unit::Day),
    ("泊", Unit::Day),
    ("営業日", Unit::BusinessDay),
    ("時間", Unit::Hour),
    ("分間", Unit::Minute),
    ("分", Unit::Minute),
    ("秒間", Unit::Second),
    ("秒", Unit::Second),
];

/// A length as it was said.
pub(super) struct Stated {
    pub(super) length: Length,
    /// Whether it ends in a bare 日, 年 or the like, which also counts days and years.
    pub(super) bare: bool,
}

impl Grammar<'_> {
    /// A length, まる1年1か月と21日間.
    pub(super) fn length(&self, at: usize) -> Found<Stated> {
        let marked = self.text.any(at, &["まる", "丸", "もう"]).filter(|end| {
            // もう before a number in kanji mostly means "already".
            self.text.get(at) != Some('も') || self.text.get(*end).is_some_and(|c| c.is_ascii_digit())
        });
        let mut end = marked.unwrap_or(at);
        if marked.is_some()
            && let Some(end) = self.text.word(end, "ひと月")
        {
            return Some((
                Stated {
                    length: Length::new(1.0, Unit::Month),
                    bare: false,
                },
                end,
            ));
        }
        let mut parts: Vec<(f64, Unit)> = Vec::new();
        let mut bare = false;
        while parts.len() < MOST_PARTS {
            let from = if parts.is_empty() {
                end
            } else {
                self.text.skip(end, &["と", "、"])
            };
            let Some(((amount, unit, plain), part_end)) = self.part(from) else {
                break;
            };
            if parts.iter().any(|(_, other)| *other == unit) {
                break;
            }
            parts.push((amount, unit));
            bare = plain;
            end = part_end;
        }
        if parts.is_empty() {
            return None;
        }
        // 3泊4日: the nights count.
        if let [(_, Unit::Day)] = parts.as_slice()
            && self.text.before(end) == Some('泊')
            && let Some((_, days_end)) = self.numeral(end)
            && self.text.get(days_end) == Some('日')
        {
            end = days_end + 1;
        }
        parts.sort_by(|(_, a), (_, b)| b.cmp(a));
        Some((
            Stated {
                length: Length(parts),
                bare,
            },
            end,
        ))
    }

    /// An amount of one unit, and whether the unit may be no length.
    fn part(&self, at: usize) -> Found<(f64, Unit, bool)> {
        let (mut amount, number_end) = self.amount(at)?;
        let number = self.numeral(at);
        let unit_at = self.text.spaces(number_end);
        let (unit, mut end) = self.text.lookup(unit_at, UNITS)?;
        let said = |c: char| self.text.before(end) == Some(c);
        let several = self.text.get(at) == Some('数');
        let half = self.text.get(at) == Some('半');
        if half
            && !matches!(
                unit,
                Unit::Year | Unit::Month | Unit::Day | Unit::BusinessDay | Unit::Hour
            )
        {
            return None;
        }
        // 数月 and 半月 are lengths, 3月 is a month.
        if said('月') && self.text.get(unit_at) == Some('月') && !several && !half {
            return None;
        }
        // 2019年 is a year; a length of as many years is said with 間.
        if said('年') && number.is_some_and(|(numeral, _)| numeral.figures > 2) && !self.counts_years(end) {
            return None;
        }
        // 小学3年 is a form at school.
        if said('年') && self.text.before(at) == Some('学') {
            return None;
        }
        if self.goes_on(end) {
            return None;
        }
        let plain = matches!(self.text.before(end), Some('年' | '日' | '分' | '秒' | '週')) && !several;
        if self.text.get(end) == Some('半') && !half && self.text.get(end + 1) != Some('額') {
            amount += 0.5;
            end += 1;
        }
        Some(((amount, unit, plain), end))
    }

    /// Whether years are counted and not numbered: 100年以上.
    pub(super) fn counts_years(&self, end: usize) -> bool {
        self.text
            .any(end, &["以上", "以下", "未満", "余り", "近く", "もの", "ほど"])
            .is_some()
    }

    /// The larger of two amounts of a unit, 3週間 of 2〜3週間.
    pub(super) fn last_of_amounts(&self, at: usize) -> Option<(f64, Unit, usize)> {
        let ((amount, unit, _), end) = self.part(at)?;
        Some((amount, unit, end))
    }

    /// Whether the unit that ends here is part of another word.
    fn goes_on(&self, end: usize) -> bool {
        let next = self.text.get(end);
        match self.text.before(end) {
            Some('日') => {
                matches!(next, Some('本' | '酔' | '目' | '曜' | '市' | '帰' | '付' | '報' | '坊'))
                    || next == Some('月') && self.text.get(end + 1) != Some('曜')
            }
            Some('年') => matches!(next, Some('生' | '目' | '代' | '齢' | '度' | '賀' | '下' | '上')),
            Some('週') => !matches!(next, Some('後' | '前' | '先' | '以')),
            Some('分') => {
                matches!(next, Some('の')) && self.text.get(end + 1).is_some_and(is_numeral)
                    || matches!(next, Some('割' | '目' | 'さ'))
            }
            Some('間') => matches!(next, Some('目')),
            _ => false,
        }
    }

    /// A length that stands for itself, with how it is bounded.
    pub(super) fn length_expression(&self, at: usize) -> Found<Expression> {
        if let Some(found) = self.other_length(at) {
            return Some(found);
        }
        if matches!(self.text.before(at), Some('良' | 'い')) && self.text.word(at, "一週間").is_some() {
            return None;
        }
        if let Some(end) = self.text.any(at, &["一日の終わり", "1日の終わり"]) {
            return Some((Expression::EndOfDay(Day::Relative(0)), end));
        }
        let (stated, end) = self.length(at)?;
        // 十分 mostly means "enough".
        if self.text.word(at, "十分") == Some(end) {
            return None;
        }
        // 数日 without 間 counts nothing.
        let vague =
            self.text.get(at) == Some('数') && stated.length.single().is_some_and(|(_, unit)| unit >= Unit::Day);
        let length = Expression::Length(stated.length);
        let modifiers: &[(&str, Modifier)] = &[
            ("以上", Modifier::More),
            ("あまり", Modifier::More),
            ("強", Modifier::More),
            ("以下", Modifier::Less),
            ("未満", Modifier::Less),
            ("弱", Modifier::Less),
            ("足らず", Modifier::Less),
            ("たらず", Modifier::Less),
        ];
        if let Some((by, end)) = self.text.lookup(end, modifiers) {
            return Some((bound(by, length), end));
        }
        let counted = !vague || self.text.before(end) == Some('間');
        counted.then_some((length, end))
    }

    fn other_length(&self, at: usize) -> Found<Expression> {
        let unit = self.text.lookup(
            at,
            &[
                ("別の日", Unit::Day),
                ("別の週", Unit::Week),
                ("別の月", Unit::Month),
                ("別の年", Unit::Year),
                ("一両日", Unit::Day),
            ],
        );
        if let Some((unit, end)) = unit {
            return Some((Expression::Length(Length::new(1.0, unit)), end));
        }
        // This week's, this month's: 週間ランキング.
        let (unit, end) = self.text.lookup(
            at,
            &[("月間", Unit::Month), ("週間", Unit::Week), ("ひと月", Unit::Month)],
        )?;
        let alone = self
            .text
            .before(at)
            .is_none_or(|c| !is_kanji(c) && !matches!(c, 'か' | 'ヶ' | 'ケ' | 'カ' | 'ヵ' | 'る') && !is_numeral(c));
        alone.then_some((Expression::Stretch(Stretch::Relative { unit, offset: 0 }), end))
    }

    /// Whether a length follows から: then から does not bound what comes before it.
    pub(super) fn length_follows(&self, at: usize) -> bool {
        self.length(at).is_some()
    }
}

/// An expression with how it is bounded.
pub(super) fn bound(by: Modifier, what: Expression) -> Expression {
    Expression::Bounded {
        by,
        part: None,
        what: Box::new(what),
    }
}

/// An expression, bounded where that was said.
pub(super) fn bound_if(said: bool, by: Modifier, what: Expression) -> Expression {
    if said { bound(by, what) } else { what }
}

/// An expression without its "about".
pub(super) fn exactly(expression: &Expression) -> &Expression {
    match expression {
        Expression::Bounded {
            by: Modifier::Approximate,
            what,
            ..
        } => what,
        other => other,
    }
}
