//! The sound of session files: each lane of the golden files by itself, at two hundred times, and closed forms of pulses,
//! bells and spinning noise.

use std::f64::consts::{PI, TAU};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{self, LoadOptions, Track};
use serde_json::Value;

const RATE: f64 = 44_100.0;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../parity/golden/import")
}

fn load(text: &str) -> Track {
    let (track, warnings) = track::open_text(text, &LoadOptions::filling_starts(), &[]).unwrap();
    assert_eq!(warnings, []);
    track
}

/// The plan of one lane, from 0, of a track.
fn lane(track: &Track, number: usize) -> Arc<Plan> {
    let mut document = track.document().clone();
    let id = format!("lane {}", number + 1);
    for step in document["progression"].as_array_mut().unwrap() {
        step["voices"].as_array_mut().unwrap().retain(|voice| voice["voice_id"] == id.as_str());
    }
    plan(&Track::from_value(document).unwrap().0)
}

fn plan(track: &Track) -> Arc<Plan> {
    Arc::new(Plan::compile(track, &PlanOptions::default()).unwrap().0)
}

/// Left and right from frame `from` on.
fn ears(plan: &Arc<Plan>, from: u64, frames: u64) -> [Vec<f64>; 2] {
    let out = render_array(plan, from, Some(frames), 1, &mut |_| true).unwrap();
    [0, 1].map(|ear| out.iter().skip(ear).step_by(2).map(|x| f64::from(*x)).collect())
}

/// Frequency in Hz by which `signal` is above a tone of the phase `turns(i)` at frame `i`, and its amplitude in the middle.
fn against(signal: &[f64], turns: impl Fn(f64) -> f64) -> (f64, f64) {
    // windows of Hann remove the mirror image
    let part = |from: usize, to: usize| {
        let (mut re, mut im, mut sum) = (0.0, 0.0, 0.0);
        for (i, sample) in signal.iter().enumerate().take(to).skip(from) {
            let window = 0.5 - 0.5 * (TAU * (i - from) as f64 / (to - from) as f64).cos();
            let angle = TAU * turns(i as f64);
            re += window * sample * angle.cos();
            im -= window * sample * angle.sin();
            sum += window;
        }
        (2.0 * re.hypot(im) / sum, im.atan2(re))
    };
    let whole = signal.len();
    let half = whole / 2;
    let ((_, first), (_, second), (amplitude, _)) = (part(0, half), part(half, whole), part(0, whole));
    let turn = (second - first + PI).rem_euclid(TAU) - PI;
    (turn / TAU / (half as f64 / RATE), amplitude)
}

/// One lane of a row of a timeline: its kind, and each number at the beginning and at the end.
struct Cell<'a> {
    kind: &'a str,
    from: f64,
    to: f64,
    ends: [&'a Value; 2],
}

impl Cell<'_> {
    fn at(&self, key: &str, time: f64) -> f64 {
        let [start, end] = self.ends.map(|end| end[key].as_f64().unwrap_or(0.0));
        start + (end - start) * (time - self.from) / (self.to - self.from)
    }
}

fn cell(row: &Value, index: usize) -> Option<Cell<'_>> {
    let (start, end) = (&row["start"][index], &row["end"][index]);
    let kind = start["kind"].as_str()?;
    let (from, to) = (row["from"].as_f64()?, row["to"].as_f64()?);
    Some(Cell { kind, from, to, ends: [start, end] })
}

fn timeline(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(golden().join(format!("{name}.timeline.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn session(name: &str) -> Track {
    load(&std::fs::read_to_string(golden().join(format!("{name}.sbg"))).unwrap())
}

const GOLDEN: [&str; 6] = ["blocks", "fades", "kinds", "marks", "short", "slide"];

#[test]
fn golden_sessions_sound_as_written_at_two_hundred_times() {
    for name in GOLDEN {
        let (track, rows) = (session(name), timeline(name));
        let end = track.steps.last().map_or(0.0, |step| step.start.unwrap() + step.duration);
        let lanes = rows.iter().map(|row| row["start"].as_array().map_or(0, Vec::len)).max().unwrap();
        let mut compared = 0;
        for index in 0..lanes {
            let plan = lane(&track, index);
            for k in 0..200 {
                let time = end * (f64::from(k) + 0.37) / 200.0;
                let holds = |row: &&Value| (row["from"].as_f64().unwrap()..row["to"].as_f64().unwrap()).contains(&time);
                let row = rows.iter().find(holds).unwrap_or(&Value::Null);
                let Some(cell) = cell(row, index).filter(|cell| cell.kind != "bell") else {
                    let loudest = ears(&plan, (time * RATE) as u64, 441).concat().into_iter().fold(0.0, f64::max);
                    assert_eq!(loudest, 0.0, "{name}, lane {index}, {time} s: not silent");
                    compared += 1;
                    continue;
                };
                let tone = cell.kind == "tone";
                if !tone && (cell.kind != "pink" && cell.kind != "spin" || k % 10 != 0) {
                    continue;
                }
                // a window within the row, away from the fades at the ends of lanes
                let (low, high) = (cell.from.max(0.0) + 0.02, cell.to.min(end) - 0.02);
                let length = if tone { 0.5_f64 } else { 8.0 }.min(high - low);
                let first = (time - length / 2.0).clamp(low, high - length);
                let (from, frames) = ((first * RATE) as u64, (length * RATE) as u64);
                let begin = from as f64 / RATE;
                let middle = cell.at("amp", begin + length / 2.0) / 100.0;
                if middle < 1e-3 {
                    continue;
                }
                compared += 1;
                let heard = ears(&plan, from, frames);
                let at = format!("{name}, lane {index}, {begin} s");
                if tone {
                    for (signal, side) in heard.iter().zip([0.5, -0.5]) {
                        let frequency = |time: f64| cell.at("carrier", time) + side * cell.at("beat", time);
                        let slope = (frequency(begin + 1.0) - frequency(begin)) / 2.0;
                        let (off, amplitude) = against(signal, |i| {
                            let t = i / RATE;
                            frequency(begin) * t + slope * t * t
                        });
                        assert!(off.abs() < 0.01, "{at}: {off} Hz");
                        assert!((amplitude / middle - 1.0).abs() < 5e-3, "{at}: {amplitude} {middle}");
                    }
                    continue;
                }
                for signal in &heard {
                    let level = |i: usize| cell.at("amp", begin + i as f64 / RATE) / 100.0;
                    let power = signal.iter().enumerate().map(|(i, x)| (x / level(i)).powi(2)).sum::<f64>();
                    let decibels = 10.0 * (power / signal.len() as f64 / 0.153_f64.powi(2)).log10();
                    assert!(decibels.abs() < 1.0, "{at}: {decibels} dB");
                }
            }
        }
        assert!(compared >= 190, "{name}: {compared}");
    }
}

#[test]
fn golden_lanes_that_go_on_are_smooth_at_borders() {
    for name in GOLDEN {
        let (track, rows) = (session(name), timeline(name));
        let mut compared = 0;
        for index in 0..16 {
            let plan = lane(&track, index);
            for pair in rows.windows(2) {
                let (Some(before), Some(after)) = (cell(&pair[0], index), cell(&pair[1], index)) else { continue };
                let border = after.from;
                let goes_on = ["carrier", "beat", "amp"].iter().all(|key| before.ends[1][key] == after.ends[0][key]);
                if before.kind != "tone" || after.kind != "tone" || !goes_on || before.to != border || border < 1.0 {
                    continue;
                }
                compared += 1;
                let highest = after.at("carrier", border) + after.at("beat", border).abs() / 2.0;
                let amplitude = after.at("amp", border) / 100.0;
                // a sine bends by its amplitude times the square of its step at most; amplitudes move slowly
                let most = amplitude * (TAU * highest / RATE).powi(2) * 1.01 + 2e-6;
                for signal in ears(&plan, (border * RATE) as u64 - 441, 882) {
                    let bend = signal.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f64::max);
                    assert!(bend <= most, "{name}, lane {index}, {border} s: {bend} {most}");
                }
            }
        }
        assert!(compared > 0 || name == "kinds", "{name}");
    }
}

/// The sound of one tone, from the beginning.
fn tone(text: &str, seconds: f64) -> [Vec<f64>; 2] {
    ears(&plan(&load(&format!("-L 0:01 -i {text}\n"))), 0, (seconds * RATE) as u64)
}

#[test]
fn isochronic_tones_are_sines_times_their_gate() {
    for (text, rate, start, open) in [("200@4/20", 4.0, 0.0485, 0.4030), ("331@11.5/35", 11.5, 0.0485, 0.4030)] {
        let [carrier, amplitude] = if rate == 4.0 { [200.0, 0.2] } else { [331.0, 0.35] };
        let [left, right] = tone(text, 3.0);
        assert_eq!(left, right);
        for (i, &heard) in left.iter().enumerate().skip(500) {
            let x: f64 = (rate * i as f64 / RATE).rem_euclid(1.0) - start;
            let gate = if (0.0..open).contains(&x) { (PI * x / open).sin().powi(2) } else { 0.0 };
            let wave = (TAU * (carrier * (i + 1) as f64 / RATE).fract()).sin();
            assert!((heard - amplitude * wave * gate).abs() < 1e-4, "{text} {i}: {heard}");
            // the original has a smoothstep
            let y = 1.0 - (2.0 * x / open - 1.0).abs();
            let smooth = if (0.0..open).contains(&x) { y * y * (3.0 - 2.0 * y) } else { 0.0 };
            assert!((gate - smooth).abs() < 0.0101, "{i}");
        }
    }
}

#[test]
fn bells_are_struck_and_decay_exponentially() {
    let text = "-SE -F 0\na: bell+432/30 100/10\nb: bell+528/20 100/10\noff: -\n0:00 == a\n0:01 == b\n0:02 off\n";
    let document = load(text).document().clone();
    let mut alone = document;
    for step in alone["progression"].as_array_mut().unwrap() {
        step["voices"].as_array_mut().unwrap().retain(|voice| voice["synth_function_name"] == "bell");
    }
    let plan = plan(&Track::from_value(alone).unwrap().0);
    for (from, frequency, amplitude) in [(0, 432.0, 0.3), (60 * 44_100, 528.0, 0.2)] {
        let [left, right] = ears(&plan, from, 5 * 44_100);
        assert_eq!(left, right);
        for (i, x) in left.iter().enumerate() {
            let t = i as f64 / RATE;
            let wanted = amplitude * (-t / 0.575).exp() * (TAU * (frequency * t).fract()).sin();
            assert!((x - wanted).abs() < 1e-5, "{frequency} {t}: {x} {wanted}");
        }
    }
}

#[test]
fn spinning_noise_is_one_noise_delayed_between_the_ears() {
    for (word, plain) in [("spin", "pink"), ("bspin", "brown"), ("wspin", "white")] {
        let (width, rate) = (400.0, 1.7);
        // white noise of the original is independent in the ears: the spin takes the noise that both share
        let still = tone(&format!("{word}:0.0001+{rate}/40"), 3.0);
        let [left, right] = tone(&format!("{word}:{width}+{rate}/40"), 3.0);
        let power = still[0].iter().map(|x| x * x).sum::<f64>() / still[0].len() as f64;
        let rms = match plain {
            "pink" => 0.153,
            "brown" => 0.590,
            _ => 0.577,
        };
        assert!((10.0 * (power / (0.4_f64 * rms).powi(2)).log10()).abs() < 1.5, "{word}: {power}");
        // the cubic polynomial through four samples, after Lagrange
        let read = |at: f64| {
            let first = at.floor() as usize - 1;
            (0..4)
                .map(|j| {
                    let basis: f64 =
                        (0..4).filter(|m| *m != j).map(|m| (at - (first + m) as f64) / (j as f64 - m as f64)).product();
                    basis * still[0][first + j]
                })
                .sum::<f64>()
        };
        for i in 600..left.len() - 600 {
            let delay = 0.5e-6 * width * RATE * (TAU * rate * i as f64 / RATE).sin();
            for (heard, at) in [(left[i], i as f64 - delay), (right[i], i as f64 + delay)] {
                assert!((heard - read(at)).abs() < 2e-5, "{word} {i}: {heard} {}", read(at));
            }
        }
    }
}
