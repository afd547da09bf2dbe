/// Random numbers that are the same in every run (Steele, Lea and Flood's SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The numbers of one text and seed: two texts do not get the same ones.
    pub(crate) fn of(text: &str, seed: u64) -> Self {
        // FNV-1a.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash ^ Self::new(seed).0)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        // 32 bits are exact in a double.
        let share = f64::from((self.next() >> 32) as u32) / f64::from(u32::MAX);
        share < probability
    }

    /// A number below `limit`; 0 if the limit is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33)
            .ok()
            .and_then(|number| number.checked_rem(limit))
            .unwrap_or_default()
    }

    pub(crate) fn one_of(&mut self, choices: &str) -> Option<char> {
        let number = self.below(choices.chars().count());
        choices.chars().nth(number)
    }

    /// Puts items into an order that depends on nothing but the seed (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
