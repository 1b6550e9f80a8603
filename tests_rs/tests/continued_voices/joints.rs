//! Equal voices of neighbouring steps are one sound.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::oscillators::Shifts;
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Value, json};

use super::{RATE, apart, beat, every_voice, plan, stretch, track, whole};

#[test]
fn two_equal_steps_sound_as_one_step() {
    for voice in every_voice() {
        for compat in [Compat::DEFAULT, Compat::INTENDED] {
            for (fade, curve) in [(0.0, "linear"), (0.4, "linear"), (0.4137, "equal_power")] {
                // lengths at which no frame is lost by rounding, because noise depends on the length
                let (first, second) = (1.2371, 1.025_012_5);
                let two = track(&[(first, vec![voice.clone()]), (second, vec![voice.clone()])], fade, curve);
                let one = track(&[(first + second - fade, vec![voice.clone()])], fade, curve);
                let apart = apart(&whole(&plan(two, compat)), &whole(&plan(one, compat)));
                assert!(apart < 1e-5, "{} {fade} {curve}: {apart}", voice["synth_function_name"]);
            }
        }
    }
}

#[test]
fn a_row_that_begins_in_a_crossfade_fades_in() {
    let voice = beat(200.0, 4.0);
    let steps = [(2.0, vec![]), (2.0, vec![voice.clone()]), (2.0, vec![voice.clone()])];
    let heard = whole(&plan(track(&steps, 1.0, "linear"), Compat::INTENDED));
    let alone = whole(&plan(track(&[(3.0, vec![voice])], 0.0, "linear"), Compat::INTENDED));
    let rate = RATE as usize;
    for frame in 0..rate {
        // after the short fade at the start of what is alone
        let gain = frame as f32 / rate as f32;
        let (got, wanted) = (heard[0][rate + frame], gain * alone[0][frame]);
        assert!(frame < 100 || (got - wanted).abs() < 1e-3, "{frame}: {got} {wanted}");
    }
}

#[test]
fn a_row_of_equal_steps_sounds_as_one_step() {
    // the third step begins one frame after the second ends, by rounding
    let voice = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"panFreq": 0.3, "panRangeMin": -0.5}});
    let second = 0.500_08;
    let row = track(&vec![(second, vec![voice.clone()]); 5], 0.0, "linear");
    let one = track(&[(5.0 * second, vec![voice.clone()])], 0.0, "linear");
    let apart = apart(&whole(&plan(row, Compat::DEFAULT)), &whole(&plan(one, Compat::DEFAULT)));
    assert!(apart < 1e-5, "{apart}");
}

#[test]
fn a_fade_as_long_as_a_step_leaves_one_sound() {
    let voice = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"ampOscFreqL": 0.7, "ampOscDepthL": 0.5}});
    for compat in [Compat::DEFAULT, Compat::INTENDED] {
        for lengths in [vec![1.0, 1.0], vec![1.0, 2.0], vec![1.0, 1.0, 1.0, 1.5]] {
            let steps: Vec<_> = lengths.iter().map(|length| (*length, vec![voice.clone()])).collect();
            let heard = whole(&plan(track(&steps, 1.4, "linear"), compat));
            let seconds = heard[0].len() as f64 / f64::from(RATE);
            let one = whole(&plan(track(&[(seconds, vec![voice.clone()])], 0.0, "linear"), compat));
            let apart = apart(&heard, &one);
            assert!(apart < 1e-5, "{lengths:?}: {apart}");
        }
    }
}

#[test]
fn a_step_within_the_one_before_leaves_one_sound() {
    for voice in every_voice() {
        for lengths in [&[3.0, 1.0][..], &[3.0, 1.0, 2.0], &[3.0, 1.0, 0.7, 2.0]] {
            let steps: Vec<_> = lengths.iter().map(|length| (*length, vec![voice.clone()])).collect();
            let heard = whole(&plan(track(&steps, 1.4, "linear"), Compat::INTENDED));
            let seconds = heard[0].len() as f64 / f64::from(RATE);
            assert_eq!(seconds, if lengths.len() == 2 { 3.0 } else { 3.6 });
            let one = whole(&plan(track(&[(seconds, vec![voice.clone()])], 0.0, "linear"), Compat::INTENDED));
            let apart = apart(&heard, &one);
            assert!(apart < 1e-5, "{} {lengths:?}: {apart}", voice["synth_function_name"]);
        }
    }
}

#[test]
fn a_voice_glides_from_the_step_around_another_one() {
    let voice = |base: f64| vec![beat(base, 4.0)];
    let around = [(3.0, voice(200.0)), (1.0, voice(200.0)), (2.0, voice(230.0))];
    let without = json!({"global": {"sample_rate": RATE, "crossfade_curve": "linear"}, "progression": [
        {"duration": 3.0, "voices": voice(200.0)}, {"duration": 2.0, "start": 1.6, "voices": voice(230.0)}]});
    let expected = whole(&plan(without, Compat::INTENDED));
    let apart = apart(&whole(&plan(track(&around, 1.4, "linear"), Compat::INTENDED)), &expected);
    assert!(apart < 1e-5, "{apart}");
}

#[test]
fn a_joint_renders_alike_in_any_blocks_and_from_anywhere() {
    let tone = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"panFreq": 0.5, "panRangeMax": 0.7}});
    let other = json!({"synth_function_name": "stereo_am_independent", "params": {"modFreqL": 3.0}});
    let steps = [(1.3, vec![tone.clone()]), (1.1, vec![other.clone(), tone.clone()]), (0.9, vec![tone, other])];
    for fade in [0.0, 0.3] {
        let plan = plan(track(&steps, fade, "linear"), Compat::DEFAULT);
        let expected = whole(&plan);
        for size in [1, 7, 333, 1024] {
            assert_eq!(stretch(&plan, 0, plan.frames(), size), expected, "{fade} {size}");
        }
        for from in [7_990, 8_137, 10_399, 10_400, 10_431, 16_900] {
            let part = stretch(&plan, from, from + 1500, 100);
            for side in 0..2 {
                assert_eq!(part[side], expected[side][from as usize..from as usize + 1500], "{fade} {from}");
            }
        }
    }
}

#[test]
fn a_voice_keeps_its_level_while_others_come_and_go() {
    let tone = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"beatFreq": 0.0}});
    let other =
        json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 310.0, "ampL": 0.5, "ampR": 0.0}});
    for (fade, curve) in [(0.0, "linear"), (0.5, "linear"), (0.5, "equal_power")] {
        // the right ear has only the tone; the gain of the second step is half that of the first
        let steps = [(2.0, vec![tone.clone()]), (2.0, vec![tone.clone(), other.clone()])];
        let [_, right] = whole(&plan(track(&steps, fade, curve), Compat::DEFAULT));
        // the envelope, from the tone and its derivative
        let w = std::f32::consts::TAU * 200.0 / RATE as f32;
        let level = |k: usize| f32::hypot(right[k], (right[k + 1] - right[k - 1]) / (2.0 * w.sin()));
        let levels: Vec<f32> = (200..right.len() - 200).map(level).collect();
        let steepest = levels.windows(2).map(|pair| (pair[1] - pair[0]).abs() / pair[0]).fold(0.0, f32::max);
        let (first, last) = (levels[0], levels[levels.len() - 1]);
        assert!((last / first - 0.5).abs() < 0.02, "{fade} {curve}: {first} {last}");
        assert!(levels.iter().all(|level| (last * 0.999..first * 1.001).contains(level)), "{fade} {curve}");
        // half the level in 10 ms, measured to a percent
        assert!(steepest < 0.03, "{fade} {curve}: {steepest}");
    }
}

#[test]
fn the_peak_of_a_file_counts_voices_that_run_on() {
    let tone = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"beatFreq": 1.3}});
    let other = json!({"synth_function_name": "monaural_beat_stereo_amps", "params": {"baseFreq": 310.0}});
    for fade in [0.0, 0.7] {
        let steps = [(1.0, vec![tone.clone()]), (1.5, vec![tone.clone(), other.clone()])];
        let plan = plan(track(&steps, fade, "equal_power"), Compat::DEFAULT);
        let heard = whole(&plan).iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
        let found = realtime_backend_core::render::peak(&plan, 2, &mut |_| true).expect("a peak");
        assert!((found - heard).abs() < 1e-6, "{found} {heard}");
    }
}

/// Frames in which the filters and overlapping frames of some families settle.
const SETTLED: usize = RATE as usize;

/// A voice of `params` that goes on from `shifts`, over `seconds`.
fn voice(name: &str, params: &Value, seconds: f64, shifts: Shifts) -> Box<dyn Voice> {
    let (family, transition) = registry::find(name).expect("a voice");
    let mut context = Context::new(seconds, f64::from(RATE)).with_compat(Compat::INTENDED);
    context.shifts = shifts;
    registry::build(family, transition, &context, params.as_object().expect("parameters")).expect("a voice").0
}

#[test]
fn oscillators_of_every_family_go_on_exactly_after_eight_hours() {
    for named in every_voice() {
        let (name, params) = (named["synth_function_name"].as_str().expect("a name"), &named["params"]);
        let hours = 8 * 3600 + 1;
        let mut long = voice(name, params, f64::from(hours), Shifts::default());
        // a multiple of the hop of `spatial_angle_modulation`, whose directions lie on a grid
        let frame = (u64::from(RATE) * 8 * 3600 - 12_345) / 46 * 46;
        let Some(wanted) = long.oscillators_at(frame) else {
            let (family, _) = registry::find(name).expect("a family");
            assert!(family.carrier.is_none() || family.is_event, "{name} has oscillators");
            continue;
        };
        let mut shifts = Shifts::default();
        let mut next = voice(name, params, 3.0, Shifts::default());
        for _ in 0..2 {
            shifts.lead(&next.oscillators_at(0).expect("oscillators"), &wanted);
            next = voice(name, params, 3.0, shifts.clone());
        }
        let render = |voice: &mut dyn Voice, from: u64| {
            let mut planes = [vec![0.0; 4000], vec![0.0; 4000]];
            let [left, right] = &mut planes;
            voice.render(from, Block::new(left, right));
            planes
        };
        let settled = SETTLED as u64;
        let (mut heard, expected) = (render(next.as_mut(), settled), render(long.as_mut(), frame + settled));
        if name == "spatial_angle_modulation" {
            // its level is measured over the call
            let most = |planes: &[Vec<f32>; 2]| planes.iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
            let gain = most(&expected) / most(&heard);
            heard.iter_mut().flatten().for_each(|x| *x *= gain);
        }
        let apart = apart(&heard, &expected);
        assert!(apart < 5e-5, "{name}: {apart}");
    }
}
