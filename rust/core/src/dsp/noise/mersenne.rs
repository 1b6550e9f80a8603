//! The seeded normal numbers of the legacy implementation, bit for bit: MT19937 and the polar method (spec noise 5.1).

const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// The 32-bit Mersenne twister (Matsumoto and Nishimura 1998).
#[derive(Debug, Clone)]
pub struct Mersenne {
    state: Box<[u32; WORDS]>,
    used: usize,
}

impl Mersenne {
    /// A generator that is seeded with `seed`.
    pub fn new(seed: u32) -> Self {
        let mut state = Box::new([0; WORDS]);
        let mut word = seed;
        for (i, slot) in state.iter_mut().enumerate() {
            if i > 0 {
                word = 1_812_433_253_u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(i as u32);
            }
            *slot = word;
        }
        Self { state, used: WORDS }
    }

    fn twist(&mut self) {
        let s = &mut self.state;
        let mixed = |a: u32, b: u32, far: u32| {
            let y = (a & 0x8000_0000) | (b & 0x7fff_ffff);
            far ^ (y >> 1) ^ if y & 1 == 1 { 0x9908_b0df } else { 0 }
        };
        for i in 0..WORDS - MIDDLE {
            s[i] = mixed(s[i], s[i + 1], s[i + MIDDLE]);
        }
        for i in WORDS - MIDDLE..WORDS - 1 {
            s[i] = mixed(s[i], s[i + 1], s[i + MIDDLE - WORDS]);
        }
        s[WORDS - 1] = mixed(s[WORDS - 1], s[0], s[MIDDLE - 1]);
        self.used = 0;
    }

    #[inline]
    fn word(&mut self) -> u32 {
        if self.used == WORDS {
            self.twist();
        }
        let mut y = self.state[self.used];
        self.used += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// The next uniform number in `[0, 1)`, with 53 random bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        let high = f64::from(self.word() >> 5);
        let low = f64::from(self.word() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// Two independent standard normal numbers, in the order of the sequence.
    #[inline]
    fn pair(&mut self) -> [f64; 2] {
        loop {
            let x1 = 2.0 * self.uniform() - 1.0;
            let x2 = 2.0 * self.uniform() - 1.0;
            let r = x1 * x1 + x2 * x2;
            if r < 1.0 && r != 0.0 {
                let g = (-2.0 * r.ln() / r).sqrt();
                return [g * x2, g * x1];
            }
        }
    }
}

/// Fills `out` with the first standard normal numbers after seeding with `seed`.
pub fn normals(seed: u32, out: &mut [f64]) {
    let mut generator = Mersenne::new(seed);
    for pair in out.chunks_mut(2) {
        let values = generator.pair();
        pair.copy_from_slice(&values[..pair.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_match_the_specification() {
        let mut generator = Mersenne::new(1);
        for expected in [0.417_022_004_702_574, 0.720_324_493_442_158_1, 0.000_114_374_817_344_886_64] {
            assert_eq!(generator.uniform(), expected);
        }
        let mut out = [0.0; 4];
        normals(1, &mut out);
        let expected =
            [1.624_345_363_663_241_7, -0.611_756_413_650_075_4, -0.528_171_752_263_455_7, -1.072_968_622_156_170_5];
        for (got, expected) in out.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-15);
        }
        let mut odd = [0.0; 3];
        normals(7, &mut odd);
        for (got, expected) in
            odd.iter().zip([1.690_525_703_800_356, -0.465_937_370_540_832_8, 0.032_820_163_678_584_4])
        {
            assert!((got - expected).abs() < 1e-15);
        }
    }
}
