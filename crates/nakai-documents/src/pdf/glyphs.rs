use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, TransformExt as _,
    font::{Glyph as Drawn, GlyphRun},
    hayro_cmap::{BfString, WritingMode},
    hayro_syntax::page::Page,
    interpret_page,
    kurbo::{BezPath, Rect},
};

/// A glyph with the characters it stands for and its place, in points. Lines of vertical writing go down and follow each other to the
/// left; here all lines are told as if they went to the right and followed each other down.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Where it begins on its line.
    pub(super) along: f64,
    /// Where its line is.
    pub(super) across: f64,
    /// Where the next one would begin.
    pub(super) end: f64,
    pub(super) size: f64,
}

/// What is written on a page, in the order in which it is drawn.
#[derive(Debug, Default)]
pub(super) struct PageGlyphs {
    pub(super) glyphs: Vec<Glyph>,
    /// How many glyphs do not say which character they are.
    pub(super) unknown: usize,
    /// The page's height, or its width if the writing is vertical.
    pub(super) extent: f64,
}

/// Takes down what is written on a page. Notes and fields of forms are left out.
pub(super) fn of<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>) -> PageGlyphs {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let settings = InterpreterSettings {
        render_content: RenderContent::PAGE,
        ..InterpreterSettings::default()
    };
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(
        transform,
        Rect::new(0.0, 0.0, width, height),
        cache,
        page.xref(),
        settings,
    );
    let mut writer = Writer {
        width,
        page: PageGlyphs {
            extent: height,
            ..PageGlyphs::default()
        },
    };
    interpret_page(page, &mut context, &mut writer);
    writer.page
}

/// Draws nothing and takes down glyphs.
struct Writer {
    width: f64,
    page: PageGlyphs,
}

impl<'a> Device<'a> for Writer {
    // Text is text in whatever mode it is drawn: what recognition put below a scan is invisible.
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let [a, b, c, d, x, y] = (props.transform * glyph.transform()).as_coeffs();
            let per_em = 1_000.0 * c.hypot(d);
            // Slanting text is a watermark or a label of a picture.
            if b.abs() > a.abs() / 10.0 || !per_em.is_normal() || !x.is_finite() || !y.is_finite() {
                continue;
            }
            let Some(text) = glyph.as_unicode().map(readable) else {
                self.page.unknown += 1;
                continue;
            };
            if text.is_empty() {
                continue;
            }
            let advance = match &**glyph {
                Drawn::Outline(glyph) => glyph.advance_width(),
                Drawn::Type3(glyph) => glyph.advance_width(),
            };
            let advance = advance.map_or(per_em / 2.0, |advance| f64::from(advance) * a.abs());
            let (along, across, end) = match run.writing_mode() {
                WritingMode::Horizontal => (x, y, x + advance),
                WritingMode::Vertical => (y, self.width - x, y + per_em),
            };
            if run.writing_mode() == WritingMode::Vertical {
                self.page.extent = self.width;
            }
            self.page.glyphs.push(Glyph {
                text,
                along,
                across,
                end,
                size: per_em,
            });
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The characters as people type them: fonts call some kanji by the radical that they look like, and pairs of letters by their ligature.
fn readable(text: BfString) -> String {
    use unicode_normalization::UnicodeNormalization as _;

    let text = match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    };
    let typed = |c: char| matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{fb00}'..='\u{fb06}');
    let text = if text.chars().any(typed) {
        text.nfkc().collect()
    } else {
        text
    };
    text.chars()
        .filter(|c| !c.is_control())
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .collect()
}
