//! The global Gaussian generator of numpy (`numpy.random.seed`, `randn`), with which the noise was recorded: Mersenne
//! Twister and the polar Box-Muller method.

const N: usize = 624;

struct Twister {
    state: [u32; N],
    next: usize,
}

impl Twister {
    fn new(seed: u32) -> Self {
        let mut state = [seed; N];
        for k in 1..N {
            let previous = state[k - 1];
            state[k] = (previous ^ (previous >> 30)).wrapping_mul(1_812_433_253).wrapping_add(k as u32);
        }
        Self { state, next: N }
    }

    fn word(&mut self) -> u32 {
        if self.next == N {
            for k in 0..N {
                let y = (self.state[k] & 0x8000_0000) | (self.state[(k + 1) % N] & 0x7fff_ffff);
                let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[k] = self.state[(k + 397) % N] ^ (y >> 1) ^ twist;
            }
            self.next = 0;
        }
        let mut y = self.state[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn uniform(&mut self) -> f64 {
        let (a, b) = (f64::from(self.word() >> 5), f64::from(self.word() >> 6));
        (a * 67_108_864.0 + b) / 9_007_199_254_740_992.0
    }
}

/// `numpy.random.seed(seed); numpy.random.randn(n)`.
pub fn randn(seed: u32, n: usize) -> Vec<f64> {
    let mut twister = Twister::new(seed);
    let mut out = Vec::with_capacity(n + 1);
    while out.len() < n {
        let (x, y) = (2.0 * twister.uniform() - 1.0, 2.0 * twister.uniform() - 1.0);
        let r = x * x + y * y;
        if r < 1.0 && r != 0.0 {
            let scale = (-2.0 * r.ln() / r).sqrt();
            out.extend([scale * y, scale * x]);
        }
    }
    out.truncate(n);
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_draws_equal_those_of_numpy() {
        // numpy.random.seed(1234); numpy.random.randn(3)
        let expected = [0.471_435_163_732_493_06, -1.190_975_694_706_464_5, 1.432_706_968_426_097_3];
        for (got, expected) in super::randn(1234, 3).iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got}");
        }
    }
}
