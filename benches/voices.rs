//! Speed of every registered voice on one core: nanoseconds per frame and times real time at 44.1 kHz, as a table for
//! the documentation. `cargo bench -p tests_rs --bench voices [part of a name] [--intended]`; the last for the rules
//! `intended`.
//!
//! Static voices have their default parameters. Transitions raise every number that is not 0 by a quarter over the
//! whole duration.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use realtime_backend_core::compat::Compat;
use realtime_backend_core::media::sofa::Hrirs;
use realtime_backend_core::voice::family::Preparation;
use realtime_backend_core::voice::param::{Fallback, Kind, Moves};
use realtime_backend_core::voice::registry::{FAMILIES, build, find};
use realtime_backend_core::voice::{Block, Context, Family};
use serde_json::{Map, Value, json};
use tests_rs::golden;

const RATE: f64 = 44_100.0;
const SECONDS: f64 = 20.0;
const BLOCK: usize = 1024;

/// Speed of the legacy implementation's native renderer, in times real time: static voice, and transition if known.
const LEGACY: &[(&str, f64, Option<f64>)] = &[
    ("binaural_beat", 239.0, Some(384.0)),
    ("isochronic_tone", 370.0, Some(202.0)),
    ("qam_beat", 328.0, Some(177.0)),
    ("stereo_am_independent", 325.0, None),
    ("spatial_angle_modulation", 269.0, None),
    ("wave_shape_stereo_am", 190.0, None),
    ("rhythmic_waveshaping", 180.0, None),
    ("noise_swept_notch", 43.0, None),
];

fn main() {
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    println!("| voice | ns per frame | times real time | legacy native | preparing {SECONDS} s, ms |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for family in FAMILIES {
        for transition in [false, true] {
            let name = format!("{}{}", family.name, if transition { "_transition" } else { "" });
            if (!transition || family.transition) && name.contains(&wanted) {
                let params = if transition { moving(family) } else { still(family) };
                row(family, transition, &name, &params);
            }
        }
    }
    for (name, family, sources) in in_space() {
        let name = format!("{family} ({name})");
        if name.contains(&wanted) {
            let (family, _) = find(family).expect("a voice");
            let sources: Vec<_> = sources.iter().filter_map(Value::as_object).cloned().collect();
            rows(family, false, &name, &sources);
        }
    }
}

/// Sources that move: name, voice, parameters of each. The set of 187 directions has 128 taps.
fn in_space() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    let sam2 = "spatial_angle_modulation_sam2";
    let path = |lap: f64| json!({"geometry": {"type": "tilted_orbit"}, "traversal": {"durationS": lap}});
    let arc = |rate: f64, asset: &str, options: Value| json!({"rendererMode": "hrtf", "hrtfAsset": asset, "modFreq": rate, "arcWidthDeg": 180, "hrtfOptions": options});
    let orbit =
        |mode: &str, lap: f64| json!({"rendererMode": mode, "hrtfAsset": RING, "canonicalTrajectory": path(lap)});
    let three = |of: &dyn Fn(f64) -> Value| [1.0, 0.7, 1.3].map(of).to_vec();
    let long = padded(512);
    let placed = |mode: &str| json!({"spatial": {"rendererMode": mode, "canonicalTrajectory": path(8.0)}});
    vec![
        ("hrtf", sam2, vec![arc(1.0, RING, json!({}))]),
        ("hrtf, logmag_delay", sam2, vec![arc(1.0, RING, json!({"interpolation": "logmag_delay"}))]),
        ("three, hrtf", sam2, three(&|rate| arc(rate, RING, json!({})))),
        ("three on paths, hrtf", sam2, three(&|lap| orbit("hrtf", 8.0 * lap))),
        (
            "three on paths, hrtf, 512 taps",
            sam2,
            three(&|lap| {
                let mut source = orbit("hrtf", 8.0 * lap);
                source["hrtfAsset"] = json!(long);
                source
            }),
        ),
        ("three on paths, geometric", sam2, three(&|lap| orbit("geometric", 8.0 * lap))),
        ("spatial, hrtf", "binaural_beat", vec![placed("hrtf")]),
        ("spatial, geometric", "binaural_beat", vec![placed("geometric")]),
        ("spatial, hrtf", "steady_noise", vec![placed("hrtf")]),
    ]
}

const RING: &str = "sofa/synth_ring187_44k.sofa";

/// A file with the set [`RING`], whose responses go on up to `taps` taps.
fn padded(taps: usize) -> String {
    let mut set = (*Hrirs::open(&golden::folder().join(RING)).expect("a set")).clone();
    let longer = set.responses.chunks_exact(set.taps).flat_map(|response| {
        response.iter().copied().cycle().take(taps).enumerate().map(|(k, tap)| tap * (-(k as f64) / 60.0).exp())
    });
    (set.responses, set.taps) = (longer.collect(), taps);
    let path = std::env::temp_dir().join(format!("realtime_backend_{}_{taps}.hrir.npz", std::process::id()));
    std::fs::write(&path, set.to_compact().expect("a file")).expect("a file");
    path.display().to_string()
}

fn row(family: &'static Family, transition: bool, name: &str, params: &Map<String, Value>) {
    rows(family, transition, name, std::slice::from_ref(params));
}

/// A row for several voices together.
fn rows(family: &'static Family, transition: bool, name: &str, sources: &[Map<String, Value>]) {
    // noise of up to 24 s is computed during preparation; a longer voice computes it during the render
    let long = family.preparation == Preparation::Long;
    let mut context = Context::new(if long { 3600.0 } else { SECONDS }, RATE);
    context.folder = Some(golden::folder());
    if std::env::args().any(|arg| arg == "--intended") {
        context = context.with_compat(Compat::INTENDED);
    }
    let begin = Instant::now();
    let make = |params| build(family, transition, &context, params).expect("defaults are accepted").0;
    let mut voices: Vec<_> = sources.iter().map(make).collect();
    let preparing = begin.elapsed();
    let (mut left, mut right) = ([0.0; BLOCK], [0.0; BLOCK]);
    let frames = (SECONDS * RATE) as u64 / BLOCK as u64 * BLOCK as u64;
    let mut best = Duration::MAX;
    let begin = Instant::now();
    for pass in 0.. {
        let start = Instant::now();
        for block in 0..frames / BLOCK as u64 {
            for voice in &mut voices {
                voice.render(block * BLOCK as u64, Block::new(&mut left, &mut right));
                black_box((&left, &right));
            }
        }
        best = best.min(start.elapsed());
        if pass >= 2 && begin.elapsed() > Duration::from_millis(500) {
            break;
        }
    }
    let per_frame = best.as_secs_f64() * 1e9 / frames as f64;
    let legacy = LEGACY
        .iter()
        .find(|(known, ..)| *known == family.name)
        .and_then(|(_, fixed, moving)| if transition { *moving } else { Some(*fixed) })
        .map_or(String::new(), |times| format!("{times:.0}"));
    let times = 1e9 / RATE / per_frame;
    println!("| `{name}` | {per_frame:.2} | {times:.0} | {legacy} | {:.2} |", preparing.as_secs_f64() * 1e3);
}

fn still(family: &Family) -> Map<String, Value> {
    let mut params = Map::new();
    for row in family.params.iter().copied().flatten().filter(|row| row.kind == Kind::Files) {
        params.insert(row.name.to_owned(), json!(["audio/chirp_mono_44100.wav", "audio/tones_stereo_44100.wav"]));
    }
    params
}

fn moving(family: &Family) -> Map<String, Value> {
    let mut params = still(family);
    for row in family.params.iter().copied().flatten() {
        if let (Kind::Number, Fallback::Number(value), true) =
            (row.kind, row.default, matches!(row.moves, Moves::Pair | Moves::PairOnly | Moves::Named { .. }))
        {
            let end = row.spellings(true).into_iter().nth(1);
            params.extend(end.map(|name| (name, json!((value * 1.25).clamp(row.min, row.max)))));
        }
    }
    params
}
