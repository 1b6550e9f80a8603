//! The generator of numpy's `default_rng` and its standard normals, so that a seed means the same as there: PCG64 (XSL
//! RR 128/64, O'Neill 2014), seeded through `SeedSequence`, and a ziggurat of 256 strips (Marsaglia and Tsang 2000).

use std::sync::LazyLock;

const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;
/// Words of the pool that a seed is mixed into.
const POOL: usize = 4;

/// The right edge of the lowest strip, and the area of each strip under `exp(-x²/2)`.
const EDGE: f64 = 3.654_152_885_361_008_8;
const AREA: f64 = 0.004_928_673_233_974_655;
/// Bits of the place within a strip.
const PLACE: f64 = (1_u64 << 52) as f64;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Pcg64 {
    state: u128,
    increment: u128,
}

impl Pcg64 {
    /// The stream of `default_rng(seed)`.
    pub(crate) fn new(seed: u64) -> Self {
        let words = seed_words(seed);
        let word = |at: usize| u128::from(words[at]);
        let (start, sequence) = (word(0) << 64 | word(1), word(2) << 64 | word(3));
        let mut new = Self { state: 0, increment: sequence << 1 | 1 };
        new.step();
        new.state = new.state.wrapping_add(start);
        new.step();
        new
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    fn next(&mut self) -> u64 {
        self.step();
        let (high, low) = ((self.state >> 64) as u64, self.state as u64);
        (high ^ low).rotate_right((high >> 58) as u32)
    }

    /// From 0 to 1, without 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A standard normal (`standard_normal`).
    pub(crate) fn normal(&mut self) -> f64 {
        loop {
            let bits = self.next();
            let (strip, bits) = ((bits & 0xff) as usize, bits >> 8);
            let (negative, place) = (bits & 1 == 1, (bits >> 1) & ((1 << 52) - 1));
            let size = place as f64 * STRIPS.width[strip];
            let x = if negative { -size } else { size };
            if place < STRIPS.inside[strip] {
                return x;
            }
            if strip == 0 {
                let beyond = self.tail();
                return if (place >> 8) & 1 == 1 { -beyond } else { beyond };
            }
            let (upper, lower) = (STRIPS.height[strip - 1], STRIPS.height[strip]);
            if (upper - lower).mul_add(self.unit(), lower) < (-0.5 * x * x).exp() {
                return x;
            }
        }
    }

    /// A value of the tail beyond [`EDGE`].
    fn tail(&mut self) -> f64 {
        loop {
            let x = -(-self.unit()).ln_1p() / EDGE;
            let y = -(-self.unit()).ln_1p();
            if y + y > x * x {
                return EDGE + x;
            }
        }
    }
}

/// Four words of state from a seed (`SeedSequence(seed).generate_state(4, uint64)`).
fn seed_words(seed: u64) -> [u64; 4] {
    let mut constant: u32 = 0x43b0_d7e5;
    let mut hashed = |value: u32| {
        let value = value ^ constant;
        constant = constant.wrapping_mul(0x931e_8875);
        let value = value.wrapping_mul(constant);
        value ^ value >> 16
    };
    let given = [seed as u32, (seed >> 32) as u32, 0, 0];
    let mut pool = given.map(&mut hashed);
    for from in 0..POOL {
        for to in (0..POOL).filter(|to| *to != from) {
            let mixed = pool[to].wrapping_mul(0xca01_f9dd).wrapping_sub(hashed(pool[from]).wrapping_mul(0x4973_f715));
            pool[to] = mixed ^ mixed >> 16;
        }
    }
    let mut constant: u32 = 0x8b51_f9dd;
    let mut half = |at: usize| {
        let value = pool[at % POOL] ^ constant;
        constant = constant.wrapping_mul(0x58f3_8ded);
        let value = value.wrapping_mul(constant);
        u64::from(value ^ value >> 16)
    };
    std::array::from_fn(|word| half(2 * word) | half(2 * word + 1) << 32)
}

/// The strips of the ziggurat, from the lowest to the top.
struct Strips {
    /// Width of a strip by its places.
    width: [f64; 256],
    /// Places that lie under the curve in the whole height of the strip.
    inside: [u64; 256],
    /// Height of the curve at the right edge of a strip.
    height: [f64; 256],
}

static STRIPS: LazyLock<Strips> = LazyLock::new(|| {
    let curve = |x: f64| (-0.5 * x * x).exp();
    let (mut width, mut inside, mut height) = ([0.0; 256], [0; 256], [1.0; 256]);
    let mut edge = EDGE;
    (width[255], height[255]) = (edge / PLACE, curve(edge));
    inside[0] = (edge * height[255] / AREA * PLACE) as u64;
    width[0] = AREA / height[255] / PLACE;
    for strip in (1..255).rev() {
        let next = (-2.0 * (AREA / edge + height[strip + 1]).ln()).sqrt();
        inside[strip + 1] = (next / edge * PLACE) as u64;
        (width[strip], height[strip]) = (next / PLACE, curve(next));
        edge = next;
    }
    Strips { width, inside, height }
});

#[cfg(test)]
mod tests {
    use super::*;

    /// Seed, first values, and the last two of 20 000, as numpy 2.4 gives them.
    const NUMPY: &[(u64, [f64; 2], [f64; 2])] = &[
        (0, [0.1257302210933933, -0.1321048632913019], [0.4074079616785333, 0.15540730975754227]),
        (7, [0.0012301533574825742, 0.2987455375084699], [1.3145069789056818, -0.49851470894315997]),
        ((1 << 40) + 3, [-0.17721801709757748, -1.066969250545342], [1.4551477391987284, 0.011606486933266871]),
    ];

    #[test]
    fn normals_are_those_of_numpy() {
        for (seed, first, last) in NUMPY {
            let mut stream = Pcg64::new(*seed);
            let values: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
            for (value, expected) in
                [values[0], values[1], values[19_998], values[19_999]].iter().zip(first.iter().chain(last))
            {
                assert!((value - expected).abs() < 1e-12, "{seed}: {value} {expected}");
            }
        }
    }

    #[test]
    fn normals_have_mean_0_deviation_1_and_tails() {
        let mut stream = Pcg64::new(1);
        let values: Vec<f64> = (0..200_000).map(|_| stream.normal()).collect();
        let mean = values.iter().sum::<f64>() / 200_000.0;
        let square = values.iter().map(|x| x * x).sum::<f64>() / 200_000.0;
        assert!(mean.abs() < 0.01 && (square - 1.0).abs() < 0.01, "{mean} {square}");
        // two times the part of a normal beyond EDGE is 2.6e-4
        let beyond = values.iter().filter(|x| x.abs() > EDGE).count();
        assert!((25..85).contains(&beyond), "{beyond}");
    }
}
