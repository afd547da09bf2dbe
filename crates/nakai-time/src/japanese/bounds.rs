//! What bounds a point or a stretch: from, until, before and after it.

use super::{
    grammar::{Found, Grammar},
    lengths::{bound, exactly},
    numerals::is_numeral,
};
use crate::{
    Modifier,
    expression::{Expression, Stretch},
};

/// Words after a point or a stretch that bound it.
const BOUNDS: &[(&str, Modifier)] = &[
    ("前", Modifier::Before),
    ("の前", Modifier::Before),
    ("より前", Modifier::Before),
    ("よりも前", Modifier::Before),
    ("以前", Modifier::Before),
    ("まで", Modifier::Before),
    ("以降", Modifier::After),
    ("以来", Modifier::Since),
    ("後", Modifier::After),
    ("の後", Modifier::After),
    ("より後", Modifier::After),
    ("よりも後", Modifier::After),
    ("から", Modifier::Since),
    ("~", Modifier::Since),
];

impl Grammar<'_> {
    /// A point or stretch with its bounds: from, until, before, after.
    pub(super) fn bounded(&self, at: usize) -> Found<Expression> {
        let limits = &[
            ("早ければ", Modifier::Since),
            ("早くて", Modifier::Since),
            ("遅くとも", Modifier::Until),
            ("遅くても", Modifier::Until),
        ];
        if let Some((by, start)) = self.text.lookup(at, limits) {
            let (what, end) = self.point(self.text.skip(start, &["、", ","]))?;
            return Some((bound(by, exactly(&what).clone()), self.text.skip(end, &["まで"])));
        }
        let (what, end) = self.point(at)?;
        if let Some(found) = self.range(&what, end) {
            return Some(found);
        }
        Some(self.modified(what, end))
    }

    /// What bounds a point that is said by its distance: 3日前まで.
    pub(super) fn bounded_distance(&self, what: Expression, end: usize) -> (Expression, usize) {
        let bounds = &[
            ("まで", Modifier::Before),
            ("から", Modifier::Since),
            ("以降", Modifier::After),
        ];
        if !matches!(what, Expression::Later(_)) || self.text.before(end) == Some('で') {
            return (what, end);
        }
        match self.text.lookup(end, bounds) {
            Some((by, end)) => (bound(by, what), end),
            None => (what, end),
        }
    }

    /// What bounds a point: 以降, まで, またはその前.
    fn modified(&self, what: Expression, end: usize) -> (Expression, usize) {
        if matches!(
            exactly(&what),
            Expression::Now | Expression::Vague(_) | Expression::Set(_) | Expression::EndOfDay(_)
        ) {
            return (what, end);
        }
        let part = matches!(
            exactly(&what),
            Expression::DayPart(..) | Expression::PartOf(..) | Expression::HalfOf(..)
        );
        if !part && let Some((by, end)) = self.either(end) {
            return (bound(by, exactly(&what).clone()), end);
        }
        let bounds = self.text.lookup(end, BOUNDS);
        let Some((by, after)) = bounds.filter(|(_, after)| self.is_bound(&what, part, *after)) else {
            return (what, end);
        };
        let inner = exactly(&what).clone();
        // Until 月末 is until its last day, from 上旬 on is from its first; until 半ば is until that begins.
        let until = self.text.before(after) == Some('で');
        if let Expression::Stretch(Stretch::Part(part, of)) = &inner
            && (until && *part == Modifier::End || by == Modifier::After && *part == Modifier::Start)
        {
            let outer = Expression::Bounded {
                by,
                part: Some(*part),
                what: Box::new(Expression::Stretch(of.as_ref().clone())),
            };
            return (outer, after);
        }
        (bound(by, inner), after)
    }

    /// Whether the word that ends here is a bound, and not the start of another word: 前半, 後日.
    fn is_bound(&self, what: &Expression, part: bool, end: usize) -> bool {
        let goes_on = |characters: &str| self.text.get(end).is_some_and(|c| characters.contains(c));
        match self.text.before(end) {
            Some('前') if self.text.before(end - 1) != Some('以') => !part && !goes_on("半後日払売向納述回年月週夜"),
            Some('後') => !part && !goes_on("半日方続払期夜"),
            Some('ら') => !matches!(what, Expression::DayPart(..)) && !self.length_follows(end) && !goes_on("だで"),
            Some('~') => self.text.get(end).is_none_or(|c| !is_numeral(c)),
            _ => true,
        }
    }

    /// またはその前, 及びその後: the point itself is included.
    fn either(&self, end: usize) -> Found<Modifier> {
        let start = self.text.any(
            end,
            &["または", "又は", "及び", "および", "もしくは", "と", "か", "あるいは"],
        )?;
        let start = self.text.any(start, &["その", "それ"]).unwrap_or(start);
        if self.text.before(start).is_some_and(|c| matches!(c, 'と' | 'か')) {
            return None;
        }
        let (by, end) = self.text.lookup(
            start,
            &[
                ("前", Modifier::Until),
                ("以前", Modifier::Until),
                ("の前", Modifier::Until),
                ("より前", Modifier::Until),
                ("之前", Modifier::Until),
                ("後", Modifier::Since),
                ("以降", Modifier::Since),
                ("の後", Modifier::Since),
                ("より後", Modifier::Since),
            ],
        )?;
        Some((by, end))
    }
}
