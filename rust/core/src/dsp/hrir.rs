//! Head-related impulse responses of a KEMAR dummy head: horizontal plane, 72 directions (spec
//! spatial-angle-modulation 1.6).
//!
//! Only the left ear is stored; the right ear is its mirror image. `kemar_hrir.bin` holds 72 × 512 taps as 16-bit
//! differences (wrapping) from the direction before: first all low bytes, then all high bytes. This layout makes the
//! data a fifth smaller when it is compressed, in a wheel or on the way to a browser.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use rustfft::num_complex::Complex;

use super::bessel::bessel_i0;
use super::recent::Recent;

/// The credit that any use of the data must give.
pub const ATTRIBUTION: &str = "HRTF measurements of a KEMAR dummy-head microphone, Bill Gardner and Keith Martin, MIT Media Lab \
    Perceptual Computing Technical Report #280, May 1994. Data copyright 1994 by the MIT Media Laboratory; provided free with no \
    restrictions on use, provided the authors are cited when the data is used in any research or commercial application.";

/// Directions around the head, 5° apart, counter-clockwise from the front (18 = left).
pub const DIRECTIONS: usize = 72;

/// Number of taps of a response at [`RATE`].
pub const TAPS: usize = 512;

/// Sample rate of the measurement, Hz.
pub const RATE: f64 = 44_100.0;

static LEFT: &[u8; 2 * DIRECTIONS * TAPS] = include_bytes!("kemar_hrir.bin");

/// Zero crossings of the resampling kernel on each side. They are few enough that the kernel, centred on the onset of a
/// response (tap 29), does not reach before the first tap.
const HALF: f64 = 16.0;

/// Azimuths in degrees at which the nearest direction changes, in ascending order: -177.5 + 5j, slightly shifted
/// because the positions of the measurement are stored in half precision.
const SWITCH_DEG: [f64; DIRECTIONS] = [
    -177.498_883_246_430_24,
    -172.499_478_503_480_36,
    -167.499_975_706_213_15,
    -162.493_175_996_250_44,
    -157.500_780_264_533_06,
    -152.495_383_324_862_9,
    -147.505_701_612_168_14,
    -142.488_929_659_932_47,
    -137.502_512_210_049_33,
    -132.497_487_789_950_64,
    -127.511_070_340_067_52,
    -122.494_298_387_831_85,
    -117.504_616_675_137_06,
    -112.499_219_735_466_9,
    -107.496_350_360_374_25,
    -102.500_024_293_786_84,
    -97.500_521_496_519_64,
    -92.499_866_963_083_1,
    -87.498_883_246_430_25,
    -82.499_478_503_480_36,
    -77.499_975_706_213_16,
    -72.493_175_996_250_46,
    -67.500_780_264_533_09,
    -62.495_383_324_862_92,
    -57.505_701_612_168_15,
    -52.488_929_659_932_47,
    -47.502_512_210_049_35,
    -42.497_487_789_950_65,
    -37.511_070_340_067_526,
    -32.494_298_387_831_85,
    -27.504_616_675_137_076,
    -22.499_219_735_466_905,
    -17.496_350_360_374_244,
    -12.500_024_293_786_833,
    -7.500_521_496_519_634,
    -2.501_116_753_569_736_5,
    2.501_116_753_569_737,
    7.500_521_496_519_635,
    12.500_024_293_786_835,
    17.506_824_003_749_546,
    22.499_219_735_466_91,
    27.504_616_675_137_08,
    32.494_298_387_831_854,
    37.511_070_340_067_53,
    42.497_487_789_950_654,
    47.502_512_210_049_36,
    52.488_929_659_932_474,
    57.505_701_612_168_16,
    62.495_383_324_862_93,
    67.500_780_264_533_1,
    72.503_649_639_625_76,
    77.499_975_706_213_18,
    82.499_478_503_480_38,
    87.500_133_036_916_9,
    92.501_116_753_569_75,
    97.500_521_496_519_65,
    102.500_024_293_786_85,
    107.506_824_003_749_56,
    112.499_219_735_466_91,
    117.504_616_675_137_07,
    122.494_298_387_831_86,
    127.511_070_340_067_53,
    132.497_487_789_950_67,
    137.502_512_210_049_36,
    142.488_929_659_932_5,
    147.505_701_612_168_17,
    152.495_383_324_862_93,
    157.500_780_264_533_1,
    162.503_649_639_625_76,
    167.499_975_706_213_18,
    172.499_478_503_480_4,
    177.500_133_036_916_9,
];

/// Index of the direction whose response is used for an azimuth in degrees (-180..=180, positive = left).
pub fn direction(azimuth_deg: f64) -> usize {
    let passed = SWITCH_DEG.partition_point(|edge| *edge <= azimuth_deg);
    (passed + DIRECTIONS / 2) % DIRECTIONS
}

/// The mirror image of `direction`: the left ear's response there is the right ear's response at `direction`.
pub const fn mirrored(direction: usize) -> usize {
    (DIRECTIONS - direction) % DIRECTIONS
}

/// Six neighbouring directions with the weights of a Lagrange interpolation between them (the third and the fourth
/// enclose the azimuth). At a measured direction its weight is 1 and the others are 0.
pub fn around(azimuth_deg: f64) -> [(usize, f64); 6] {
    let at = (azimuth_deg * (DIRECTIONS as f64 / 360.0)).rem_euclid(DIRECTIONS as f64);
    let whole = at.floor();
    let t = at - whole;
    let [a, b, c, d, e, f] = [t + 2.0, t + 1.0, t, t - 1.0, t - 2.0, t - 3.0];
    let weights = [
        b * c * d * e * f / -120.0,
        a * c * d * e * f / 24.0,
        a * b * d * e * f / -12.0,
        a * b * c * e * f / 12.0,
        a * b * c * d * f / -24.0,
        a * b * c * d * e / 120.0,
    ];
    std::array::from_fn(|i| ((whole as usize + DIRECTIONS + i - 2) % DIRECTIONS, weights[i]))
}

/// The transfer function of a response at a frequency in cycles per sample.
pub fn transfer(taps: &[f64], cycles: f64) -> Complex<f64> {
    let step = Complex::from_polar(1.0, -TAU * cycles);
    let start = (Complex::new(0.0, 0.0), Complex::new(1.0, 0.0));
    taps.iter().fold(start, |(sum, turned), tap| (sum + turned * tap, turned * step)).0
}

/// The measured responses of the left ear, one row of [`TAPS`] per direction.
fn measured() -> impl Iterator<Item = Vec<f64>> {
    let (low, high) = LEFT.split_at(DIRECTIONS * TAPS);
    let mut taps = [0_i16; TAPS];
    low.chunks_exact(TAPS).zip(high.chunks_exact(TAPS)).map(move |(low, high)| {
        for (tap, (low, high)) in taps.iter_mut().zip(low.iter().zip(high)) {
            *tap = tap.wrapping_add(i16::from_le_bytes([*low, *high]));
        }
        taps.iter().map(|tap| f64::from(*tap) / 32_768.0).collect()
    })
}

/// Impulse responses, one per direction.
pub type Responses = Arc<Vec<Vec<f64>>>;

static RECENT: Recent<f64, Vec<Vec<f64>>> = Recent::new();

/// The responses of the left ear at `rate` Hz, all of equal length. At rates other than [`RATE`] the taps are resampled
/// (windowed sinc) and scaled so that the frequency response keeps its level. The last three rates are cached.
pub fn left_ear(rate: f64) -> Responses {
    RECENT.get(rate, || at_rate(rate))
}

fn at_rate(rate: f64) -> Vec<Vec<f64>> {
    if rate == RATE {
        return measured().collect();
    }
    let ratio = rate / RATE;
    let band = ratio.min(1.0);
    let reach = HALF / band;
    let length = ((TAPS as f64 + reach) * ratio).ceil() as usize;
    // the same weights for all directions
    let weights: Vec<(usize, Vec<f64>)> = (0..length)
        .map(|m| {
            let at = m as f64 / ratio;
            let first = (at - reach).ceil().max(0.0) as usize;
            let last = ((at + reach).floor() as usize).min(TAPS - 1);
            (first, (first..=last).map(|k| kernel((at - k as f64) * band)).collect())
        })
        .collect();
    let tap = |taps: &[f64], (first, weights): &(usize, Vec<f64>)| {
        let sum: f64 = weights.iter().zip(taps.iter().skip(*first)).map(|(weight, tap)| tap * weight).sum();
        sum * band / ratio
    };
    measured().map(|taps| weights.iter().map(|weights| tap(&taps, weights)).collect()).collect()
}

/// Sinc times a Kaiser window that ends at ±[`HALF`].
fn kernel(x: f64) -> f64 {
    const BETA: f64 = 8.0;
    let edge = 1.0 - (x / HALF) * (x / HALF);
    if edge <= 0.0 {
        return 0.0;
    }
    let sinc = if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
    sinc * bessel_i0(BETA * edge.sqrt()) / bessel_i0(BETA)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain(taps: &[f64], rate: f64, frequency: f64) -> f64 {
        transfer(taps, frequency / rate).norm()
    }

    #[test]
    fn exact_directions_select_themselves() {
        for k in 0..DIRECTIONS {
            let azimuth = 5.0 * k as f64;
            assert_eq!(direction(if azimuth > 180.0 { azimuth - 360.0 } else { azimuth }), k);
        }
        assert_eq!(direction(-180.0), 36);
        assert_eq!(direction(-177.499), 36);
        assert_eq!(direction(-177.498), 37);
        assert_eq!(mirrored(0), 0);
        assert_eq!(mirrored(18), 54);
    }

    #[test]
    fn the_near_ear_is_louder() {
        let taps = left_ear(RATE);
        for frequency in [200.0, 440.0, 3000.0] {
            assert!(gain(&taps[18], RATE, frequency) > 1.1 * gain(&taps[54], RATE, frequency), "{frequency} Hz");
        }
    }

    #[test]
    fn interpolation_is_exact_for_measured_directions_and_slow_waves() {
        for k in 0..DIRECTIONS {
            let weights = around(5.0 * k as f64 - 720.0);
            let sum = |direction: usize| weights.iter().filter(|(d, _)| *d == direction).map(|(_, w)| w).sum::<f64>();
            assert!((0..DIRECTIONS).all(|d| (sum(d) - f64::from(u8::from(d == k))).abs() < 1e-12), "{k}");
        }
        for azimuth in [-181.3, -2.2, 1.0, 92.5, 358.9] {
            let at = |order: f64| {
                around(azimuth).iter().map(|(d, w)| w * (order * (5.0 * *d as f64).to_radians()).cos()).sum::<f64>()
            };
            for order in [0.0, 1.0, 3.0] {
                assert!((at(order) - (order * f64::to_radians(azimuth)).cos()).abs() < 1e-5, "{azimuth} {order}");
            }
        }
    }

    #[test]
    fn another_rate_keeps_the_frequency_response() {
        let original = left_ear(RATE);
        for rate in [22_050.0, 32_000.0, 48_000.0, 96_000.0] {
            let resampled = left_ear(rate);
            for k in [0, 18, 36, 54] {
                for frequency in [100.0, 440.0, 1000.0, 5000.0, 9000.0] {
                    let (here, there) = (gain(&resampled[k], rate, frequency), gain(&original[k], RATE, frequency));
                    assert!((here - there).abs() < 5e-4 * there.max(0.1), "{rate} {k} {frequency}: {here} {there}");
                }
            }
        }
    }
}
