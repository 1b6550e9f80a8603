//! Compares the signal helpers with every recorded call of them (spec voice-pipeline 15).

use realtime_backend_core::dsp::curve::{Alpha, Curve};
use realtime_backend_core::dsp::envelope::{Envelope, Fade, adsr_envelope, linen_envelope};
use realtime_backend_core::dsp::flanger::{Corrections, Flanger, FlangerSettings, flanger_stereo, flanger_transition};
use realtime_backend_core::dsp::pan::{PanKind, apply_pan, pan_envelope, pan2};
use realtime_backend_core::dsp::series::Series;
use realtime_backend_core::dsp::trapezoid::trapezoid;
use realtime_backend_core::dsp::{filters, lfo};
use realtime_backend_core::voice::pipeline::step_timing;
use serde_json::{Map, Value};
use tests_rs::golden::{self, Case, interleaved};
use tests_rs::inputs::{Args, stereo};

/// Compare every case of `functions` with what `ours` computes (channels interleaved), and print the largest error.
fn check(functions: &[&str], ours: impl Fn(&Case, Args<'_>) -> Vec<f64>) {
    let cases: Vec<Case> = golden::cases("voice_pipeline")
        .into_iter()
        .filter(|case| functions.contains(&case.function.as_str()))
        .collect();
    for function in functions {
        assert!(cases.iter().any(|case| case.function == *function), "no recording of {function}");
    }
    let mut worst: (f64, String) = (0.0, String::new());
    let mut wrong = Vec::new();
    for case in &cases {
        let (error, frame) = case.array.worst(&ours(case, Args(&case.kwargs)));
        if error > case.tolerance {
            wrong.push(format!("{}: {error:e} at {frame}", case.name));
        }
        if error > worst.0 {
            worst = (error, case.name.clone());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} cases of {}: worst {:.1e} ({})", cases.len(), functions.join(", "), worst.0, worst.1);
}

fn frames(args: Args<'_>, key: &str) -> u64 {
    (args.number(key, 0.0) * args.number("sample_rate", 44_100.0)) as u64
}

#[test]
fn transition_factors_match_their_recordings() {
    check(&["calculate_transition_alpha"], |_, args| {
        let n = frames(args, "total_duration");
        let curve = Curve::parse(&args.text("curve", "linear"), false).expect("a curve");
        let duration = args.number("total_duration", 0.0);
        let alpha = Alpha::new(duration, n, args.number("initial_offset", 0.0), args.optional("duration"), curve);
        (0..n).map(|k| alpha.at(k)).collect()
    });
}

#[test]
fn chunk_timing_matches_its_recordings() {
    check(&["adapt_transition_timing_for_chunk"], |_, args| {
        let params = args.0["params"].as_object().expect("params");
        let given = |key: &str| params.get(key).and_then(Value::as_f64);
        let (offset, length) = step_timing(
            given("initial_offset"),
            given("transition_duration"),
            args.number("chunk_start_time", 0.0),
            args.number("full_step_duration", 0.0),
        );
        vec![offset, length]
    });
}

#[test]
fn envelopes_match_their_recordings() {
    check(&["adsr_envelope"], |_, args| {
        let n = |key, default| args.number(key, default);
        adsr_envelope(&args.array("t"), n("attack", 0.01), n("decay", 0.1), n("sustain_level", 0.8), n("release", 0.1))
    });
    check(&["linen_envelope"], |_, args| {
        linen_envelope(&args.array("t"), args.number("attack", 0.1), args.number("release", 0.1))
    });
    check(&["create_linear_fade_envelope", "create_linear_fade_envelope_common"], |_, args| {
        let key = if args.0.contains_key("total_duration") { "total_duration" } else { "duration" };
        let n = frames(args, key);
        let rate = args.number("sample_rate", 0.0);
        let (start, end) = (args.number("start_amp", 1.0), args.number("end_amp", 1.0));
        let seconds = args.number("fade_duration", 0.05);
        let make = if args.text("fade_type", "in") == "out" { Fade::at_end } else { Fade::at_start };
        Envelope::Fade(make(n, rate, start, end, seconds)).levels(n)
    });
}

#[test]
fn oscillators_match_their_recordings() {
    check(&["sine_wave"], |_, args| {
        lfo::sine_wave(args.number("freq", 0.0), &args.array("t"), args.number("phase", 0.0))
    });
    check(&["sine_wave_varying"], |_, args| lfo::sine_wave_varying(&args.array("freq_array"), &args.array("t")));
    let skewed = |args: Args<'_>, shape: fn(f64, f64) -> f64| -> Vec<f64> {
        args.array("phase").iter().map(|p| shape(*p, args.number("skew", 0.0))).collect()
    };
    check(&["skewed_sine_phase"], |_, args| skewed(args, lfo::skewed_sine));
    check(&["skewed_triangle_phase"], |_, args| skewed(args, lfo::skewed_triangle));
}

#[test]
fn panning_matches_its_recordings() {
    check(&["pan2"], |_, args| {
        let (left, right) = pan2(&args.array("signal"), args.number("pan", 0.0));
        left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]).collect()
    });
    check(&["generate_pan_envelope"], |_, args| {
        let n = args.number("num_samples", 0.0) as usize;
        let spread = |key| args.spread(key, 0.0, n);
        let (min, max) = (spread("pan_range_min"), spread("pan_range_max"));
        let (rate, phase) = (spread("pan_freq"), spread("initial_phase"));
        let position = pan_envelope(
            n,
            args.number("sample_rate", 0.0),
            [Series::Values(&min), Series::Values(&max)],
            Series::Values(&rate),
            PanKind::from_name(&args.text("pan_type", "linear")),
            Series::Values(&phase),
        );
        position.iter().map(|p| f64::from(*p)).collect()
    });
    check(&["apply_pan_envelope"], |_, args| {
        let n = frames(args, "duration") as usize;
        let [mut left, mut right] = stereo(&args.0["audio"], n, args.number("sample_rate", 0.0));
        apply_pan(&mut left, &mut right, Series::Values(&args.spread("pan_values", 0.0, n)));
        interleaved(&left, &right)
    });
}

#[test]
fn trapezoid_pulses_match_their_recordings() {
    check(&["trapezoid_envelope_vectorized"], |_, args| {
        let t = args.array("t_in_cycle");
        let [cycle, ramp, gap] = ["cycle_len", "ramp_percent", "gap_percent"].map(|key| args.spread(key, 0.0, t.len()));
        (0..t.len()).map(|k| trapezoid(t[k], cycle[k], ramp[k], gap[k])).collect()
    });
}

#[test]
fn filters_match_their_recordings() {
    check(&["bandpass_filter", "bandreject_filter"], |case, args| {
        let (centre, q, rate) = (args.number("center", 0.0), args.number("Q", 0.0), args.number("fs", 0.0));
        let filter =
            if case.function == "bandpass_filter" { filters::bandpass_filter } else { filters::bandreject_filter };
        filter(&args.array("data"), centre, q, rate)
    });
    check(&["lowpass_filter"], |_, args| {
        let order = args.number("order", 4.0) as usize;
        filters::lowpass_filter(&args.array("data"), args.number("cutoff", 0.0), args.number("fs", 0.0), order)
    });
    check(&["apply_filters"], |_, args| filters::apply_filters(&args.array("signal_segment"), args.number("fs", 0.0)));
}

fn settings(map: &Map<String, Value>) -> FlangerSettings {
    let args = Args(map);
    let d = FlangerSettings::default();
    let whole = |key, default: i64| args.number(key, default as f64) as i64;
    FlangerSettings {
        delay_ms: args.number("delay_ms", d.delay_ms),
        depth_ms: args.number("depth_ms", d.depth_ms),
        rate_hz: args.number("rate_hz", d.rate_hz),
        lfo_shape: whole("lfo_shape", d.lfo_shape),
        feedback: args.number("feedback", d.feedback),
        wet: args.number("wet", d.wet),
        loop_lpf_hz: args.number("loop_lpf_hz", d.loop_lpf_hz),
        loop_hpf_hz: args.number("loop_hpf_hz", d.loop_hpf_hz),
        stereo_mode: whole("stereo_mode", d.stereo_mode),
        spread_deg: args.number("spread_deg", d.spread_deg),
        law: whole("law", d.law),
        interp_mode: whole("interp_mode", d.interp_mode),
        min_delay_ms: args.number("min_delay_ms", d.min_delay_ms),
        max_delay_ms: args.number("max_delay_ms", d.max_delay_ms),
        loud_mode: whole("loud_mode", d.loud_mode),
        loud_tc_ms: args.number("loud_tc_ms", d.loud_tc_ms),
        loud_min_gain: args.number("loud_min_gain", d.loud_min_gain),
        loud_max_gain: args.number("loud_max_gain", d.loud_max_gain),
    }
}

#[test]
fn the_flanger_matches_its_recordings() {
    check(&["flanger_stereo"], |_, args| {
        let rate = args.number("sample_rate", 0.0);
        let [mut left, mut right] = stereo(&args.0["input"], frames(args, "duration") as usize, rate);
        flanger_stereo(&mut left, &mut right, rate, &settings(args.0), Corrections::default());
        interleaved(&left, &right)
    });
}

#[test]
fn the_flanger_crossfade_matches_its_recordings() {
    check(&["flanger_transition"], |_, args| {
        let rate = args.number("sample_rate", 0.0);
        let alpha_frames = frames(args, "duration");
        let length = args.number("input_duration", args.number("duration", 0.0));
        let [mut left, mut right] = stereo(&args.0["input"], (length * rate) as usize, rate);
        let curve = Curve::parse(&args.text("curve", "linear"), false).expect("a curve");
        let duration = args.number("duration", 0.0);
        let offset = args.number("initial_offset", 0.0);
        let alpha = Alpha::new(duration, alpha_frames, offset, args.optional("transition_duration"), curve);
        let flanger = |set: &str, enable: &str| {
            let settings = settings(args.0[set].as_object().expect("settings"));
            args.flag(enable).then(|| Flanger::new(&settings, rate, Corrections::default()))
        };
        let both = [flanger("start_params", "enable_start"), flanger("end_params", "enable_end")];
        flanger_transition(&mut left, &mut right, both, &alpha, alpha_frames);
        interleaved(&left, &right)
    });
}
