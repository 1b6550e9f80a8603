//! What a transition declares is what sounds under `intended`: every family against its closed form in double precision,
//! at the start, in the middle and after eight hours of a long step. One row per family.

use std::f64::consts::{FRAC_PI_4, TAU};

use rayon::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::dsp::curve::{Alpha, Curve};
use realtime_backend_core::dsp::noise::sweep::{Drift, Motion, Sweep, Waveform, centre};
use realtime_backend_core::dsp::ramp::Ramp;
use realtime_backend_core::voice::registry::{FAMILIES, build, find};
use realtime_backend_core::voice::{Block, Context};
use serde_json::{Map, Value, json};

const RATE: f64 = 44_100.0;
/// Eight hours and ten seconds.
const DURATION: f64 = 28_810.0;
/// Seconds at which a tenth of a second is compared.
const TIMES: [f64; 3] = [1.0, 14_405.0, 28_800.0];
const FRAMES: usize = 4410;

/// When a transition runs, in frames, and along which curve.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Course {
    /// Linear, over the whole voice.
    Whole,
    /// u², from second 100 on for 20000 seconds.
    Late,
}

impl Course {
    fn params(self) -> Value {
        match self {
            Self::Whole => json!({}),
            Self::Late => {
                json!({"initial_offset": 100.0, "transition_duration": 20_000.0, "transition_curve": "exponential"})
            }
        }
    }

    fn corners(self) -> (f64, f64) {
        match self {
            Self::Whole => (0.0, DURATION * RATE),
            Self::Late => (100.0 * RATE, 20_000.0 * RATE),
        }
    }

    fn alpha(self, frame: f64) -> f64 {
        let (begin, length) = self.corners();
        let u = ((frame - begin) / length).clamp(0.0, 1.0);
        if self == Self::Whole { u } else { u * u }
    }

    /// The sum of alpha over the frames before `frame`.
    fn sum(self, frame: f64) -> f64 {
        let (begin, length) = self.corners();
        let inside = (frame - begin).clamp(0.0, length);
        let triangle = inside * (inside - 1.0) / 2.0;
        let ramp = match self {
            Self::Whole => triangle / length,
            Self::Late => triangle * (2.0 * inside - 1.0) / 3.0 / (length * length),
        };
        ramp + (frame - begin - length).max(0.0)
    }
}

/// One frame of a row: its number and the course of the transition.
#[derive(Debug, Clone, Copy)]
struct At {
    frame: f64,
    course: Course,
}

impl At {
    fn mix(self, start: f64, end: f64) -> f64 {
        start + (end - start) * self.course.alpha(self.frame)
    }

    /// Cycles of an oscillator from `start` to `end` Hz: its rates over the frames before this one.
    fn before(self, start: f64, end: f64) -> f64 {
        (self.frame * start + (end - start) * self.course.sum(self.frame)) / RATE
    }

    /// As [`before`](Self::before), with this frame.
    fn with(self, start: f64, end: f64) -> f64 {
        Self { frame: self.frame + 1.0, ..self }.before(start, end)
    }

    /// As [`with`](Self::with), without frame 0.
    fn after(self, start: f64, end: f64) -> f64 {
        self.with(start, end) - start / RATE
    }
}

fn sin(cycles: f64) -> f64 {
    (TAU * (cycles - cycles.floor())).sin()
}

fn cos(cycles: f64) -> f64 {
    (TAU * (cycles - cycles.floor())).cos()
}

/// Level of a trapezoid pulse.
fn pulse(cycles: f64, ramp: f64, gap: f64) -> f64 {
    let (q, open) = (cycles - cycles.floor(), 1.0 - gap);
    let flank = (ramp * open).min(open / 2.0);
    (q / flank).min((open - q) / flank).clamp(0.0, 1.0)
}

struct Row {
    family: &'static str,
    params: Value,
    heard: fn(At) -> [f64; 2],
}

#[allow(clippy::too_many_lines)] // a table
fn rows() -> Vec<Row> {
    vec![
        Row {
            family: "binaural_beat",
            params: json!({
                "startBaseFreq": 200.3, "endBaseFreq": 120.7, "startBeatFreq": 10.0, "endBeatFreq": 4.0,
                "startAmpL": 0.2, "endAmpL": 0.8, "startAmpOscFreqL": 10.0, "endAmpOscFreqL": 4.0,
                "startAmpOscDepthL": 1.0, "endAmpOscDepthL": 0.4, "startPhaseOscFreq": 2.0, "endPhaseOscFreq": 0.5,
                "startPhaseOscRange": 1.0, "endPhaseOscRange": 3.0,
            }),
            heard: |at| {
                let bend = at.mix(1.0, 3.0) / 2.0 / TAU * sin(at.before(2.0, 0.5));
                let tremolo = 1.0 - at.mix(1.0, 0.4) * 0.5 * (1.0 + sin(at.before(10.0, 4.0)));
                [
                    at.mix(0.2, 0.8) * tremolo * sin(at.with(195.3, 118.7) - bend),
                    0.5 * sin(at.with(205.3, 122.7) + bend),
                ]
            },
        },
        Row {
            family: "isochronic_tone",
            params: json!({
                "startBaseFreq": 200.3, "endBaseFreq": 120.7, "startBeatFreq": 10.0, "endBeatFreq": 4.0,
                "startAmpL": 0.2, "endAmpL": 0.8, "startRampPercent": 0.1, "endRampPercent": 0.4,
                "startGapPercent": 0.1, "endGapPercent": 0.5, "startAmpOscFreqR": 3.0, "endAmpOscFreqR": 1.0,
                "startAmpOscDepthR": 0.5, "endAmpOscDepthR": 0.5,
            }),
            heard: |at| {
                let tone = sin(at.before(200.3, 120.7)) * pulse(at.with(10.0, 4.0), at.mix(0.1, 0.4), at.mix(0.1, 0.5));
                let tremolo = 1.0 - 0.25 * (1.0 + sin(at.before(3.0, 1.0)));
                [at.mix(0.2, 0.8) * tone, 0.5 * tremolo * tone]
            },
        },
        Row {
            family: "stereo_am_independent",
            params: json!({
                "amp": 0.9, "startCarrierFreq": 200.0, "endCarrierFreq": 333.0, "startStereoWidthHz": 0.2,
                "endStereoWidthHz": 1.0, "startModFreqL": 10.0, "endModFreqL": 4.0, "startModDepthL": 0.3,
                "endModDepthL": 1.0, "startModFreqR": 1.0, "endModFreqR": 7.0, "startModDepthR": 0.8,
                "endModDepthR": 0.8, "startModPhaseL": 0.5,
            }),
            heard: |at| {
                let gain = |depth: f64, cycles: f64| 1.0 - depth * (1.0 - sin(cycles)) / 2.0;
                [
                    0.9 * gain(at.mix(0.3, 1.0), at.after(10.0, 4.0) + 0.5 / TAU) * sin(at.after(199.9, 332.5)),
                    0.9 * gain(0.8, at.after(1.0, 7.0)) * sin(at.after(200.1, 333.5)),
                ]
            },
        },
        Row {
            family: "wave_shape_stereo_am",
            params: json!({
                "amp": 0.5, "startCarrierFreq": 200.0, "endCarrierFreq": 100.0, "startShapeModFreq": 10.0,
                "endShapeModFreq": 4.0, "startShapeModDepth": 0.2, "endShapeModDepth": 0.9, "startShapeAmount": 0.5,
                "endShapeAmount": 3.0, "startStereoModFreqL": 6.0, "endStereoModFreqL": 2.0,
                "startStereoModDepthL": 0.8, "endStereoModDepthL": 0.1, "startStereoModFreqR": 3.0,
                "endStereoModFreqR": 3.5, "startStereoModDepthR": 0.9, "endStereoModDepthR": 0.9,
                "startStereoModPhaseL": 0.0, "startStereoModPhaseR": 1.0,
            }),
            heard: |at| {
                let gain = |depth: f64, cycles: f64| 1.0 - depth * (1.0 - sin(cycles)) / 2.0;
                let drive = at.mix(0.5, 3.0);
                let swell = gain(at.mix(0.2, 0.9), at.after(10.0, 4.0));
                let tone = 0.5 * (drive * swell * sin(at.after(200.0, 100.0))).tanh() / drive.tanh();
                [tone * gain(at.mix(0.8, 0.1), at.after(6.0, 2.0)), tone * gain(0.9, at.after(3.0, 3.5) + 1.0 / TAU)]
            },
        },
        Row {
            family: "rhythmic_waveshaping",
            params: json!({
                "amp": 0.5, "startCarrierFreq": 200.0, "endCarrierFreq": 80.0, "startModFreq": 12.0, "endModFreq": 7.83,
                "startModDepth": 1.0, "endModDepth": 0.3, "startShapeAmount": 5.0, "endShapeAmount": 1.0, "pan": 0.4,
            }),
            heard: |at| {
                let swell = 1.0 - at.mix(1.0, 0.3) * (1.0 - sin(at.after(12.0, 7.83))) / 2.0;
                let drive = at.mix(5.0, 1.0);
                let tone = 0.5 * (drive * swell * sin(at.after(200.0, 80.0))).tanh() / drive.tanh();
                [tone * (1.4 * FRAC_PI_4).cos(), tone * (1.4 * FRAC_PI_4).sin()]
            },
        },
        Row {
            // the gains of the left ear add up to 1.8
            family: "monaural_beat_stereo_amps",
            params: json!({
                "start_amp_lower_L": 0.9, "end_amp_lower_L": 0.5, "start_amp_upper_L": 0.9, "end_amp_upper_L": 0.9,
                "startBaseFreq": 200.3, "endBaseFreq": 150.0, "startBeatFreq": 10.0, "endBeatFreq": 4.0,
                "startPhaseOscFreq": 2.0, "endPhaseOscFreq": 0.5, "startPhaseOscRange": 1.0, "endPhaseOscRange": 2.0,
                "startAmpOscDepth": 1.0, "endAmpOscDepth": 0.2, "startAmpOscFreq": 7.0, "endAmpOscFreq": 3.0,
            }),
            heard: |at| {
                let bend = at.mix(1.0, 2.0) / 2.0 / TAU * sin(at.after(2.0, 0.5));
                let half = at.mix(1.0, 0.2) / 2.0;
                let gain = (1.0 - half) + half * sin(at.after(7.0, 3.0));
                let (low, high) = (sin(at.with(195.3, 148.0) - bend), sin(at.with(205.3, 152.0) + bend));
                [gain * (at.mix(0.9, 0.5) * low + 0.9 * high), gain * 0.5 * (low + high)]
            },
        },
        Row {
            family: "qam_beat",
            params: json!({
                "startBaseFreqL": 400.0, "endBaseFreqL": 300.0, "startBaseFreqR": 404.0, "endBaseFreqR": 310.0,
                "startAmpL": 0.2, "endAmpL": 0.5, "startQamAmFreqL": 10.0, "endQamAmFreqL": 4.0,
                "startQamAmDepthL": 1.0, "endQamAmDepthL": 0.3, "startQamAmFreqR": 3.0, "endQamAmFreqR": 5.0,
                "startQamAm2FreqL": 1.0, "endQamAm2FreqL": 2.0, "startQamAm2DepthL": 0.4, "endQamAm2DepthL": 0.4,
                "startPhaseOscFreq": 2.0, "endPhaseOscFreq": 0.5, "startPhaseOscRange": 1.0, "endPhaseOscRange": 1.0,
            }),
            heard: |at| {
                let bend = 0.5 / TAU * sin(at.after(2.0, 0.5));
                let left = (1.0 + at.mix(1.0, 0.3) * cos(at.after(10.0, 4.0))) * (1.0 + 0.4 * cos(at.after(1.0, 2.0)));
                [
                    at.mix(0.2, 0.5) * left * cos(at.before(400.0, 300.0) - bend),
                    0.5 * (1.0 + 0.5 * cos(at.after(3.0, 5.0))) * cos(at.before(404.0, 310.0) + bend),
                ]
            },
        },
        Row {
            family: "dual_pulse_binaural",
            params: json!({
                "startBaseFreq": 200.3, "endBaseFreq": 120.7, "startBeatFreq": 2.0, "endBeatFreq": 1.0,
                "startPulseRateL": 10.0, "endPulseRateL": 4.0, "startPulseRateR": 3.0, "endPulseRateR": 5.0,
                "startRampPercent": 0.2, "endRampPercent": 0.5, "startGapPercent": 0.15, "endGapPercent": 0.4,
                "startPulseDepthR": 0.2, "endPulseDepthR": 0.9, "pulsePhaseOffset": 0.3,
            }),
            heard: |at| {
                let gate = |cycles: f64| pulse(cycles + 0.3, at.mix(0.2, 0.5), at.mix(0.15, 0.4));
                let depth = at.mix(0.2, 0.9);
                [
                    0.5 * sin(at.with(199.3, 120.2)) * gate(at.before(10.0, 4.0)),
                    0.5 * sin(at.with(201.3, 121.2)) * (1.0 - depth + depth * gate(at.before(3.0, 5.0))),
                ]
            },
        },
        Row {
            family: "hybrid_qam_monaural_beat",
            params: json!({
                "startAmpL": 0.2, "endAmpL": 0.6, "startQamCarrierFreqL": 400.0, "endQamCarrierFreqL": 300.0,
                "startQamAmFreqL": 10.0, "endQamAmFreqL": 4.0, "startQamAmDepthL": 1.0, "endQamAmDepthL": 0.2,
                "startMonoCarrierFreqR": 300.0, "endMonoCarrierFreqR": 350.0, "startMonoBeatFreqInChannelR": 4.0,
                "endMonoBeatFreqInChannelR": 9.0, "startMonoAmDepthR": 0.9, "endMonoAmDepthR": 0.5,
                "startMonoAmFreqR": 6.0, "endMonoAmFreqR": 2.0, "startMonoPhaseOscFreqR": 1.0,
                "endMonoPhaseOscFreqR": 3.0, "startMonoPhaseOscRangeR": 1.0, "endMonoPhaseOscRangeR": 2.0,
            }),
            heard: |at| {
                let bend = at.mix(1.0, 2.0) / 2.0 / TAU * sin(at.after(1.0, 3.0));
                let dip = 1.0 - at.mix(0.9, 0.5) * (1.0 + sin(at.after(6.0, 2.0))) / 2.0;
                let beat = sin(at.before(298.0, 345.5) - bend) + sin(at.before(302.0, 354.5) + bend);
                let am = 1.0 + at.mix(1.0, 0.2) * cos(at.after(10.0, 4.0));
                [at.mix(0.2, 0.6) * am * cos(at.before(400.0, 300.0)), 0.5 * beat * dip]
            },
        },
        Row {
            family: "spatial_angle_modulation_sam2",
            params: json!({
                "amp": 0.7, "startCarrierFreq": 300.0, "endCarrierFreq": 200.0, "startModFreq": 10.0, "endModFreq": 4.0,
                "startArcWidthDeg": 90.0, "endArcWidthDeg": 150.0, "startDirectionOffsetDeg": 0.0,
                "endDirectionOffsetDeg": 20.0, "startSpatialScale": 1.0, "endSpatialScale": 2.0,
            }),
            heard: |at| {
                // the transition's time begins with it
                let origin = if at.course == Course::Late { 100.0 } else { 0.0 };
                let u = at.before(10.0, 4.0) - 10.0 * origin;
                let u = u - u.floor();
                let place = sin(1.0 - 2.0 * (u - 0.5).abs());
                let angle = (at.mix(0.0, 20.0) + 0.5 * at.mix(90.0, 150.0) * place) / 360.0;
                let bend = at.mix(1.0, 2.0) * sin(angle) / TAU;
                let carrier = at.before(300.0, 200.0) - 300.0 * origin;
                [0.7 * sin(carrier - bend), 0.7 * sin(carrier + bend)]
            },
        },
        Row {
            family: "spatial_angle_modulation_monaural_beat",
            params: json!({
                "startAmp": 0.5, "endAmp": 0.9, "startBaseFreq": 200.3, "endBaseFreq": 150.0, "startBeatFreq": 10.0,
                "endBeatFreq": 4.0, "start_sam_ampOscDepth": 1.0, "end_sam_ampOscDepth": 0.5,
                "start_sam_ampOscFreq": 10.0, "end_sam_ampOscFreq": 4.0, "startAmpOscDepth_monaural": 0.5,
                "endAmpOscDepth_monaural": 0.5, "startAmpOscFreq_monaural": 3.0, "endAmpOscFreq_monaural": 1.0,
                "start_amp_lower_L": 0.2, "end_amp_lower_L": 0.5,
            }),
            heard: |at| {
                let (low, high) = (sin(at.with(195.3, 148.0)), sin(at.with(205.3, 152.0)));
                let first = 0.75 + 0.25 * sin(at.after(3.0, 1.0));
                let half = at.mix(1.0, 0.5) / 2.0;
                let second = (1.0 - half) + half * sin(at.after(10.0, 4.0));
                let both = (at.mix(0.2, 0.5) * low + 0.5 * high + 0.5 * (low + high)) / 2.0;
                [at.mix(0.5, 0.9) * first * second * both; 2]
            },
        },
    ]
}

fn context() -> Context {
    let mut context = Context::new(DURATION, RATE).with_compat(Compat::INTENDED);
    context.seed = 7;
    context
}

/// The frames of a tenth of a second from `seconds` on of the transition voice of `family`.
fn sound(family: &str, params: &Value, course: Course, seconds: f64) -> [Vec<f32>; 2] {
    let mut given: Map<String, Value> = params.as_object().expect("an object").clone();
    given.extend(course.params().as_object().expect("an object").clone());
    let (family, transition) = find(&format!("{family}_transition")).expect("registered");
    let (mut voice, _) = build(family, transition, &context(), &given).expect("valid");
    let mut out = [vec![0.0; FRAMES], vec![0.0; FRAMES]];
    let [left, right] = &mut out;
    voice.render((seconds * RATE) as u64, Block::new(left, right));
    out
}

#[test]
fn tones_sound_as_declared_after_eight_hours_too() {
    let failures: Vec<String> = rows()
        .par_iter()
        .flat_map(|row| [Course::Whole, Course::Late].map(|course| (row, course)))
        .flat_map(|(row, course)| TIMES.map(|seconds| (row, course, seconds)))
        .filter_map(|(row, course, seconds)| {
            let got = sound(row.family, &row.params, course, seconds);
            let (mut worst, mut peak) = (0.0_f64, 0.0_f64);
            for (i, got) in got[0].iter().zip(&got[1]).take(FRAMES).enumerate() {
                let exact = (row.heard)(At { frame: (seconds * RATE) + i as f64, course });
                for (got, exact) in [got.0, got.1].into_iter().zip(exact) {
                    worst = worst.max((f64::from(*got) - exact).abs());
                    peak = peak.max(exact.abs());
                }
            }
            (worst > 1e-4 * peak).then(|| format!("{} {course:?} at {seconds} s: {worst:e} of {peak}", row.family))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_tone_moved_around_the_head_has_its_declared_frequency() {
    // in front of the head the responses only delay and scale the tone
    let params = json!({
        "startCarrierFreq": 300.0, "endCarrierFreq": 200.0, "startBeatFreq": 0.0, "endBeatFreq": 0.0, "amp": 0.3,
    });
    for course in [Course::Whole, Course::Late] {
        for seconds in TIMES {
            let [left, _] = sound("spatial_angle_modulation", &params, course, seconds);
            // the phase against the declared one, in both halves of the stretch
            let phase = |from: usize| {
                let (mut re, mut im) = (0.0, 0.0);
                for (i, sample) in left[from..from + FRAMES / 2].iter().enumerate() {
                    let cycles = At { frame: seconds * RATE + (from + i) as f64, course }.with(300.0, 200.0);
                    let weight = (TAU / 2.0 * (i as f64 + 0.5) / (FRAMES / 2) as f64).sin().powi(2);
                    re += weight * f64::from(*sample) * sin(cycles);
                    im += weight * f64::from(*sample) * cos(cycles);
                }
                im.atan2(re) / TAU
            };
            let drift = (phase(FRAMES / 2) - phase(0) + 0.5).rem_euclid(1.0) - 0.5;
            let hz = drift / (0.5 * FRAMES as f64 / RATE);
            assert!(hz.abs() < 1e-2, "{course:?} at {seconds} s: {hz} Hz off");
        }
    }
}

#[test]
fn the_amplitude_of_noise_follows_its_declared_curve() {
    for course in [Course::Whole, Course::Late] {
        for seconds in TIMES {
            let with = |start: f64, end: f64| {
                let params = json!({"noise_type": "white", "start_amp": start, "end_amp": end});
                sound("noise_generator", &params, course, seconds)
            };
            let (moving, still) = (with(0.1, 0.4), with(0.2, 0.2));
            for i in 0..FRAMES {
                let exact = At { frame: seconds * RATE + i as f64, course }.mix(0.1, 0.4) / 0.2;
                let error = f64::from(moving[0][i]) - exact * f64::from(still[0][i]);
                assert!(error.abs() < 1e-4 * 0.4, "{course:?} at {seconds} s: {error}");
            }
        }
    }
}

#[test]
fn noise_sweeps_run_at_their_declared_rate() {
    let frames = (DURATION * RATE) as u64;
    for course in [Course::Whole, Course::Late] {
        let (curve, offset, length) = match course {
            Course::Whole => ("linear", 0.0, None),
            Course::Late => ("exponential", 100.0, Some(20_000.0)),
        };
        let alpha = Alpha::new(DURATION, frames, offset, length, Curve::parse(curve, false).expect("a curve"));
        let fixed = Ramp::fixed;
        let notch =
            Sweep { min: Ramp { start: 500.0, end: 100.0 }, max: fixed(2000.0), q: fixed(25.0), stages: fixed(1.0) };
        let motion = Motion {
            sweeps: vec![notch],
            waveform: Waveform::Sine,
            rate: Ramp { start: 0.5, end: 0.1 },
            offset: fixed(0.0),
            second: None,
            drift: Drift::Moving(alpha),
            sample_rate: RATE,
            frames,
        };
        for seconds in TIMES {
            let block = (seconds * RATE / 2048.0) as i64;
            let middle = centre(block, Some(frames)).expect("within the voice");
            let at = At { frame: middle as f64, course };
            let (low, high) = (at.mix(500.0, 100.0), 2000.0);
            let exact = (low + high) / 2.0 + (high - low) / 2.0 * cos(at.with(0.5, 0.1));
            let (hz, _, _) = motion.notches(motion.place(block, middle), 0, 0).next().expect("a notch");
            assert!((hz - exact).abs() < 1e-4 * exact, "{course:?} at {seconds} s: {hz} {exact}");
        }
    }
}

#[test]
fn every_family_has_a_row_or_a_test() {
    let rows = rows();
    // a test of its own above
    let others = ["noise_generator", "noise_swept_notch", "spatial_angle_modulation"];
    for family in FAMILIES.iter().filter(|family| family.transition && !family.is_new) {
        let covered = rows.iter().any(|row| row.family == family.name) || others.contains(&family.name);
        assert!(covered, "{}", family.name);
    }
}
