use std::thread::available_parallelism;

use nakai_gateway::TextEncoder;

/// The sentence encoder that is part of the program, for callers who want vectors.
pub(crate) struct Shipped;

impl TextEncoder for Shipped {
    fn dimension(&self) -> usize {
        nakai_encoder::shipped().dimension()
    }

    fn encode(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        // Half of the machine at most: customers are being answered too.
        let threads = available_parallelism().map_or(1, |threads| threads.get().div_ceil(2));
        let vectors = nakai_encoder::shipped().encode_batch(texts, threads);
        vectors.chunks(self.dimension()).map(<[f32]>::to_vec).collect()
    }
}
