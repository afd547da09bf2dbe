/// What share of a whole a part is; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of rows and words")]
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
