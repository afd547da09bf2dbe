use nakai_text::is_wide;

use super::glyphs::{Glyph, PageGlyphs};

/// Glyphs that stand next to each other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// Where it begins, in points.
    pub(super) start: f64,
    /// Where it ends.
    pub(super) end: f64,
    /// Its distance from the top of the page.
    pub(super) across: f64,
    pub(super) size: f64,
}

/// The lines of a page, in the order in which they are drawn: programs draw columns and cells in the order in which people read them.
#[derive(Debug, Default)]
pub(super) struct PageLines {
    pub(super) lines: Vec<Line>,
    /// The height of the page.
    pub(super) extent: f64,
}

/// Readings above kanji are at most this large beside what they are above.
const READING: f64 = 0.65;
/// Longer runs of small kana are no readings.
const LONGEST_READING: usize = 24;

/// Puts the glyphs of a page together to lines.
pub(super) fn of(page: &PageGlyphs) -> PageLines {
    let glyphs = without_readings(&page.glyphs);
    let mut lines: Vec<Line> = Vec::new();
    for glyph in glyphs {
        match lines.last_mut() {
            Some(line) if line.goes_on_with(&glyph) => line.add(&glyph),
            _ => lines.push(Line::from(glyph)),
        }
    }
    lines.retain_mut(|line| {
        line.text.truncate(line.text.trim_end().len());
        // Bullets that are drawn on their own, rules and ornaments say nothing.
        line.text.chars().any(char::is_alphanumeric)
    });
    // Shadows and bold letters are drawn by writing twice.
    lines.dedup_by(|second, first| {
        let near = |a: f64, b: f64| (a - b).abs() < first.size / 3.0;
        second.text == first.text && near(second.start, first.start) && near(second.across, first.across)
    });
    PageLines {
        lines,
        extent: page.extent,
    }
}

impl From<Glyph> for Line {
    fn from(glyph: Glyph) -> Self {
        Self {
            text: glyph.text.trim_start().to_owned(),
            start: glyph.along,
            end: glyph.end,
            across: glyph.across,
            size: glyph.size,
        }
    }
}

impl Line {
    fn goes_on_with(&self, glyph: &Glyph) -> bool {
        let size = self.size.max(glyph.size);
        (glyph.across - self.across).abs() < size / 2.0 && glyph.along > self.end - size
    }

    fn add(&mut self, glyph: &Glyph) {
        let gap = glyph.along - self.end;
        // Japanese is set with some air around numbers and foreign words, and stretched to fill lines.
        let wide = self.text.ends_with(is_wide) || glyph.text.starts_with(is_wide);
        let word = glyph.size * if wide { 0.6 } else { 0.2 };
        let spaced = self.text.ends_with(char::is_whitespace) || glyph.text.starts_with(char::is_whitespace);
        let drawn_twice = glyph.along < self.end - glyph.size / 3.0 && self.text.ends_with(&glyph.text);
        if drawn_twice {
            return;
        }
        if gap > word && !spaced && !self.text.is_empty() {
            self.text.push(' ');
        }
        if self.text.is_empty() {
            // What begins with white space begins behind it.
            self.start = glyph.along;
            self.text.push_str(glyph.text.trim_start());
        } else {
            self.text.push_str(&glyph.text);
        }
        self.end = glyph.end;
        self.size = self.size.max(glyph.size);
    }
}

/// Leaves out the small kana that tell how the kanji below them are read: they would tear the sentence apart.
fn without_readings(glyphs: &[Glyph]) -> Vec<Glyph> {
    let body = most_common(glyphs.iter().map(|glyph| (glyph.size, 1)));
    let is_small = |glyph: &Glyph| glyph.size <= body * READING;
    let mut kept: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for run in glyphs.chunk_by(|one, next| is_small(one) == is_small(next)) {
        let is_reading = run.first().is_some_and(is_small)
            && run.len() <= LONGEST_READING
            && run.iter().all(|glyph| glyph.text.chars().all(is_kana));
        if !is_reading {
            kept.extend_from_slice(run);
        }
    }
    kept
}

/// The size, to half a point, that has the greatest weight; 0 if there is none.
pub(super) fn most_common(sizes: impl Iterator<Item = (f64, usize)>) -> f64 {
    let mut weights = std::collections::BTreeMap::<u64, usize>::new();
    for (size, weight) in sizes {
        *weights.entry(half_points(size)).or_default() += weight;
    }
    let best = weights.into_iter().max_by_key(|(_, weight)| *weight);
    best.map_or(0.0, |(size, _)| size as f64 / 2.0)
}

pub(super) fn half_points(size: f64) -> u64 {
    // Casts of floats to integers keep to the integers' range.
    (size * 2.0).round() as u64
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}') || c.is_whitespace()
}
