//! Polynomials over the frames of one cell.

/// A polynomial over the frames `x` of one cell of `len` frames: the chord `value + x·slope` plus the bend
/// `x·(len - x)·(a + b·x + c·x² + d·x³)`, which is 0 at both ends of the cell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct CellPolynomial {
    /// Value at the first frame.
    pub(crate) value: f64,
    /// Change of the chord per frame.
    pub(crate) slope: f64,
    /// Constant term of the bend.
    pub(crate) a: f64,
    /// Linear term of the bend.
    pub(crate) b: f64,
    /// Quadratic term of the bend.
    pub(crate) c: f64,
    /// Cubic term of the bend.
    pub(crate) d: f64,
}

impl CellPolynomial {
    /// The quintic through `values` at the frames [`nodes`]`(len)`.
    pub(crate) fn through(values: [f64; 6], len: usize) -> Self {
        let differences = Differences::of(len);
        let Differences { x: [x0, x1, x2, _], within, near, far, farthest, whole } = differences;
        let slope = (values[5] - values[0]) * whole;
        let rest = |k: usize| (values[k + 1] - values[0] - slope * differences.x[k]) * within[k];
        let q = [rest(0), rest(1), rest(2), rest(3)];
        // Newton's divided differences, then powers of x
        let first = [(q[1] - q[0]) * near[0], (q[2] - q[1]) * near[1], (q[3] - q[2]) * near[2]];
        let second = [(first[1] - first[0]) * far[0], (first[2] - first[1]) * far[1]];
        let d = (second[1] - second[0]) * farthest;
        let p = second[0] - x2 * d;
        let (r0, r1) = (first[0] - x1 * p, p - x1 * d);
        Self { value: values[0], slope, a: q[0] - x0 * r0, b: r0 - x0 * r1, c: r1 - x0 * d, d }
    }

    /// The cubic through `values` at the frames `0, m, len - m, len` with `m = third(len)`.
    pub(crate) fn cubic(values: [f64; 4], len: usize) -> Self {
        let (length, m) = (len as f64, third(len) as f64);
        let slope = (values[3] - values[0]) / length;
        let product = m * (length - m);
        let first = (values[1] - values[0] - slope * m) / product;
        let second = (values[2] - values[0] - slope * (length - m)) / product;
        let b = (second - first) / (length - 2.0 * m);
        Self { value: values[0], slope, a: first - b * m, b, ..Self::default() }
    }

    /// The running sum of a cubic: its value at `x` is the sum of `self` over the frames `0..x`.
    pub(crate) fn summed(&self, len: usize) -> Self {
        let length = len as f64;
        let (c1, c2, c3) = (self.slope + self.a * length, self.b * length - self.a, -self.b);
        let c0 = self.value;
        let (m4, m3, m2) = (c3 / 4.0, c2 / 3.0 - c3 / 2.0, c1 / 2.0 - c2 / 2.0 + c3 / 4.0);
        let m1 = c0 - c1 / 2.0 + c2 / 6.0;
        let total = length * (m1 + length * (m2 + length * (m3 + length * m4)));
        let c = -m4;
        let b = length * c - m3;
        let a = length * b - m2;
        Self { value: 0.0, slope: total / length, a, b, c, d: 0.0 }
    }

    /// The sum of two polynomials over the same cell.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            slope: self.slope + other.slope,
            a: self.a + other.a,
            b: self.b + other.b,
            c: self.c + other.c,
            d: self.d + other.d,
        }
    }

    /// An upper bound of the bend's magnitude within the cell.
    pub(crate) fn bend_bound(&self, len: usize) -> f64 {
        let length = len as f64;
        0.25 * length
            * length
            * (self.a.abs() + length * (self.b.abs() + length * (self.c.abs() + length * self.d.abs())))
    }

    /// The value at frame `x`.
    #[inline(always)]
    pub(super) fn at(&self, x: f64, len: usize) -> f64 {
        self.value + x * self.slope + x * (len as f64 - x) * (self.a + x * (self.b + x * (self.c + x * self.d)))
    }

    /// The coefficients of the bend times `scale`, in single precision.
    pub(crate) fn bend32(&self, scale: f64) -> [f32; 4] {
        [self.a, self.b, self.c, self.d].map(|term| (term * scale) as f32)
    }
}

/// The frames at which the quintics of a cell are evaluated.
pub(crate) const fn nodes(len: usize) -> [usize; 6] {
    let m = len / 5;
    [0, m, 2 * m, len - 2 * m, len - m, len]
}

/// What the quintic through the nodes of a cell divides by, as factors.
#[derive(Debug, Clone, Copy)]
struct Differences {
    /// The inner nodes.
    x: [f64; 4],
    /// `1 / (x·(len - x))` at each of them.
    within: [f64; 4],
    /// One over the distances to the next node, to the one after it, and to the third.
    near: [f64; 3],
    far: [f64; 2],
    farthest: f64,
    /// `1 / len`.
    whole: f64,
}

/// Those of cells of 2⁰, 2¹, 2², ... frames.
static DIFFERENCES: [Differences; 13] = {
    let mut all = [Differences::new(1); 13];
    let mut power = 0;
    while power < all.len() {
        all[power] = Differences::new(1 << power);
        power += 1;
    }
    all
};

impl Differences {
    const fn new(len: usize) -> Self {
        let (length, nodes) = (len as f64, nodes(len));
        let x = [nodes[1] as f64, nodes[2] as f64, nodes[3] as f64, nodes[4] as f64];
        let mut within = [0.0; 4];
        let mut k = 0;
        while k < 4 {
            within[k] = 1.0 / (x[k] * (length - x[k]));
            k += 1;
        }
        Self {
            x,
            within,
            near: [1.0 / (x[1] - x[0]), 1.0 / (x[2] - x[1]), 1.0 / (x[3] - x[2])],
            far: [1.0 / (x[2] - x[0]), 1.0 / (x[3] - x[1])],
            farthest: 1.0 / (x[3] - x[0]),
            whole: 1.0 / length,
        }
    }

    /// For cells of `len` frames.
    fn of(len: usize) -> Self {
        let power = len.trailing_zeros() as usize;
        match DIFFERENCES.get(power) {
            Some(known) if len == 1 << power => *known,
            _ => Self::new(len),
        }
    }
}

/// The first inner node of a cell's cubics; the second is `len - third(len)`.
pub(crate) const fn third(len: usize) -> usize {
    len / 3
}
