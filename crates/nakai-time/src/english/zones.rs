//! Time zones after times: "GMT", "(BST)", "UTC+5:30".

use super::tokens::{Parsed, Text};
use crate::zone::Zone;

impl Text<'_> {
    /// A time zone, which may be in parentheses.
    pub(super) fn zone(&self, at: usize) -> Parsed<Zone> {
        if self.sign(at) == Some('(') {
            let (zone, end) = self.bare_zone(at + 1)?;
            return (self.sign(end) == Some(')')).then_some((zone, end + 1));
        }
        self.bare_zone(at).or_else(|| self.written_offset(at))
    }

    /// `Z` and `+09:00` directly after `15:00:00`.
    fn written_offset(&self, at: usize) -> Parsed<Zone> {
        let before = at.checked_sub(5)?;
        let clock = self.sign(before + 1) == Some(':') && self.sign(before + 3) == Some(':');
        if !clock || !self.glued(at) || self.digits(at - 1).is_none() {
            return None;
        }
        if self.word(at) == "z" {
            return Some((Zone::Minutes(0), at + 1));
        }
        let (minutes, end) = self.offset(at).filter(|(_, end)| *end > at + 2)?;
        Some((Zone::Minutes(minutes), end))
    }

    /// The token after a time zone if one is here, or else the same token.
    pub(super) fn after_zone(&self, at: usize) -> usize {
        self.zone(at).map_or(at, |(_, end)| end)
    }

    /// The time zone inside of an expression or behind it, and the token after that.
    pub(super) fn zone_of(&self, at: usize, end: usize) -> Parsed<Zone> {
        let behind = self.zone(end);
        behind.or_else(|| {
            let inside = (at..end).rev().find_map(|at| self.bare_zone(at));
            inside.map(|(zone, _)| (zone, end))
        })
    }

    fn bare_zone(&self, at: usize) -> Parsed<Zone> {
        let word = self.word(at);
        let zone = Zone::abbreviated(self.written(at), word)?;
        let offset = if matches!(word, "gmt" | "utc") {
            self.offset(at + 1)
        } else {
            None
        };
        Some(offset.map_or((zone, at + 1), |(minutes, end)| (Zone::Minutes(minutes), end)))
    }

    /// "+2", "-03:30".
    fn offset(&self, at: usize) -> Parsed<i16> {
        let sign = match self.sign(at)? {
            '+' => 1,
            '-' | '−' => -1,
            _ => return None,
        };
        let (value, digits) = self.digits(at + 1).filter(|_| self.glued(at + 1))?;
        let colon = self.sign(at + 2) == Some(':') && self.glued(at + 2) && self.glued(at + 3);
        let (hours, minutes, end) = match (digits, self.digits(at + 3).filter(|_| colon)) {
            (1 | 2, Some((minutes, 2))) => (value, minutes, at + 4),
            (1 | 2, _) => (value, 0, at + 2),
            (4, _) => (value / 100, value % 100, at + 2),
            _ => return None,
        };
        let valid = hours <= 14 && minutes < 60;
        let minutes = i16::try_from(hours * 60 + minutes).ok().filter(|_| valid)?;
        Some((sign * minutes, end))
    }
}
