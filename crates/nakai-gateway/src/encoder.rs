/// Makes vectors of texts in this process.
pub trait TextEncoder: Send + Sync + 'static {
    /// How many numbers a vector has.
    fn dimension(&self) -> usize;

    /// Makes one vector of unit length for each text. Takes time in proportion to the texts, so it is called where waiting is allowed.
    fn encode(&self, texts: &[&str]) -> Vec<Vec<f32>>;
}
