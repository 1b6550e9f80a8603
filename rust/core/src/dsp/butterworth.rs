//! Digital Butterworth filters as second-order sections, designed by the bilinear transform with prewarping (spec
//! voice-pipeline 9). Cutoffs and band edges are fractions of the Nyquist frequency, between 0 and 1.

use std::f64::consts::PI;

use rustfft::num_complex::Complex;

use super::biquad::Section;

type C = Complex<f64>;

/// Low-pass with `order` poles and its -3 dB point at `edge`.
pub fn lowpass(order: usize, edge: f64) -> Vec<Section> {
    let w = warp(edge);
    let pairs = map_prototype(order, |p| p * w);
    let gain = w.powi(order as i32);
    sections(&pairs, &[[1.0, 2.0, 1.0], [1.0, 1.0, 0.0]], gain)
}

/// High-pass with `order` poles and its -3 dB point at `edge`.
pub fn highpass(order: usize, edge: f64) -> Vec<Section> {
    let w = warp(edge);
    let pairs = map_prototype(order, |p| w / p);
    let gain = 4.0_f64.powi(order as i32);
    sections(&pairs, &[[1.0, -2.0, 1.0], [1.0, -1.0, 0.0]], gain)
}

/// Band-pass with `2·order` poles and its -3 dB points at `low` and `high`.
pub fn bandpass(order: usize, low: f64, high: f64) -> Vec<Section> {
    let band = Band::new(low, high);
    let pairs = map_to_band(order, &band, |p| p * (band.width * 0.5));
    let gain = (band.width * 4.0).powi(order as i32);
    sections(&pairs, &[[1.0, 0.0, -1.0]; 2], gain)
}

/// Band-stop with `2·order` poles and its -3 dB points at `low` and `high`.
pub fn bandstop(order: usize, low: f64, high: f64) -> Vec<Section> {
    let band = Band::new(low, high);
    let pairs = map_to_band(order, &band, |p| (band.width * 0.5) / p);
    let zero = bilinear(C::new(0.0, band.centre));
    let gain = (16.0 + band.centre * band.centre).powi(order as i32);
    sections(&pairs, &[[1.0, -2.0 * zero.re, 1.0]; 2], gain)
}

/// Width and centre of a band as prewarped analogue frequencies.
struct Band {
    width: f64,
    centre: f64,
}

impl Band {
    fn new(low: f64, high: f64) -> Self {
        let (low, high) = (warp(low), warp(high));
        Self { width: high - low, centre: (low * high).sqrt() }
    }
}

/// Analogue frequency that the bilinear transform (at sample rate 2) maps to `edge`.
fn warp(edge: f64) -> f64 {
    4.0 * (PI * edge * 0.5).tan()
}

fn bilinear(s: C) -> C {
    (4.0 + s) / (4.0 - s)
}

/// A pair of analogue poles; the second is absent for a single real pole.
type Pair = (C, Option<C>);

/// One pole of each conjugate pair of the normalised prototype, most damped first. A real pole has imaginary part 0.
fn prototype(order: usize) -> impl Iterator<Item = C> {
    (0..order.div_ceil(2)).map(move |i| {
        let m = if order.is_multiple_of(2) { 2 * i + 1 } else { 2 * i } as f64;
        let angle = PI * m / (2 * order) as f64;
        C::new(-angle.cos(), if m == 0.0 { 0.0 } else { angle.sin() })
    })
}

fn map_prototype(order: usize, f: impl Fn(C) -> C) -> Vec<Pair> {
    prototype(order)
        .map(|p| {
            let mapped = f(p);
            (mapped, (p.im != 0.0).then(|| mapped.conj()))
        })
        .collect()
}

fn map_to_band(order: usize, band: &Band, f: impl Fn(C) -> C) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for p in prototype(order) {
        let q = f(p);
        let root = (q * q - band.centre * band.centre).sqrt();
        if p.im == 0.0 {
            pairs.push((q + root, Some(q - root)));
        } else {
            pairs.push((q + root, Some((q + root).conj())));
            pairs.push((q - root, Some((q - root).conj())));
        }
    }
    pairs
}

/// Digital sections of the analogue poles. `numerators` are those of a section with two poles and with one; the first
/// section gets the whole gain.
fn sections(pairs: &[Pair], numerators: &[[f64; 3]; 2], gain: f64) -> Vec<Section> {
    let mut gain = C::new(gain, 0.0);
    let mut out: Vec<Section> = Vec::with_capacity(pairs.len());
    for (p, q) in pairs {
        let z = bilinear(*p);
        // 1 - z without cancellation
        let one_less = -2.0 * p / (4.0 - p);
        gain /= 4.0 - p;
        if let Some(q) = q {
            let w = bilinear(*q);
            gain /= 4.0 - q;
            let a_sum = (one_less * (-2.0 * q / (4.0 - q))).re;
            out.push(Section { b: numerators[0], a: [-(z + w).re, (z * w).re], a_sum });
        } else {
            out.push(Section { b: numerators[1], a: [-z.re, 0.0], a_sum: one_less.re });
        }
    }
    if let Some(first) = out.first_mut() {
        first.b = first.b.map(|b| b * gain.re);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(sections: &[Section], edge: f64) -> f64 {
        let z = C::from_polar(1.0, -PI * edge);
        sections
            .iter()
            .map(|s| ((s.b[0] + s.b[1] * z + s.b[2] * z * z) / (1.0 + s.a[0] * z + s.a[1] * z * z)).norm())
            .product()
    }

    #[test]
    fn designs_match_the_published_coefficients() {
        let close = |section: &Section, expected: [f64; 5]| {
            let got = [section.b[0], section.b[1], section.b[2], section.a[0], section.a[1]];
            for (g, e) in got.iter().zip(expected) {
                assert!((g - e).abs() < 1e-11, "{got:?} {expected:?}");
            }
        };
        let high = highpass(4, 30.0 / 22_050.0);
        close(
            &high[0],
            [0.994_430_949_639, -1.988_861_899_278, 0.994_430_949_639, -1.992_115_059_807, 0.992_133_257_352],
        );
        close(&high[1], [1.0, -2.0, 1.0, -1.996_715_723_606, 0.996_733_963_177]);
        let low = lowpass(4, 0.9);
        close(&low[0], [0.662_015_837_203, 1.324_031_674_405, 0.662_015_837_203, 1.479_674_216_931, 0.555_821_543_282]);
        close(&low[1], [1.0, 2.0, 1.0, 1.700_964_331_944, 0.788_499_739_815]);
    }

    #[test]
    fn edges_lie_at_minus_three_decibels() {
        let half = 0.5_f64.sqrt();
        for order in 1..=6 {
            assert!((response(&lowpass(order, 0.2), 0.2) - half).abs() < 1e-9, "low {order}");
            assert!((response(&lowpass(order, 0.2), 1e-9) - 1.0).abs() < 1e-9, "low {order}");
            assert!((response(&highpass(order, 0.2), 0.2) - half).abs() < 1e-9, "high {order}");
            assert!((response(&highpass(order, 0.2), 1.0) - 1.0).abs() < 1e-9, "high {order}");
            for edge in [0.1, 0.3] {
                assert!((response(&bandpass(order, 0.1, 0.3), edge) - half).abs() < 1e-9, "band {order}");
                assert!((response(&bandstop(order, 0.1, 0.3), edge) - half).abs() < 1e-9, "stop {order}");
            }
            assert!((response(&bandstop(order, 0.1, 0.3), 1e-9) - 1.0).abs() < 1e-9, "stop {order}");
        }
    }

    #[test]
    fn the_stored_denominator_sum_matches_its_coefficients() {
        for s in lowpass(5, 0.3).iter().chain(&bandstop(3, 0.2, 0.5)).chain(&highpass(3, 0.7)) {
            assert!((s.a_sum - (1.0 + s.a[0] + s.a[1])).abs() < 1e-12);
        }
    }
}
