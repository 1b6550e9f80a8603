//! Random parameters for any voice, drawn from its parameter table: plausible values for the unit, the ends of limited
//! ranges, every word of a choice.

use proptest::prelude::*;
use realtime_backend_core::voice::Family;
use realtime_backend_core::voice::param::{Fallback, Kind, Param};
use serde_json::{Map, Value, json};

/// Audio files in `parity/golden`, for parameters that name audio files.
const AUDIO: [&str; 3] = ["audio/chirp_mono_44100.wav", "audio/tones_stereo_44100.wav", "audio/chirp_mono_22050.wav"];

/// Parameters that may be left out.
type Entries = Vec<Option<(String, Value)>>;

/// A random subset of the parameters of the static or the transition voice, under any of their spellings.
pub fn params(family: &'static Family, transition: bool) -> BoxedStrategy<Map<String, Value>> {
    let mut entries = Vec::new();
    for row in family.params.iter().copied().flatten() {
        for name in row.spellings(transition) {
            if let Some(value) = value(row) {
                entries.push(prop::option::weighted(0.4, value.prop_map(move |v| (name.clone(), v))).boxed());
            }
        }
    }
    let moves = family.params.iter().copied().flatten().any(|row| row.name == "canonicalTrajectory");
    let path = if moves { prop::option::weighted(0.4, path()).boxed() } else { Just(None).boxed() };
    let placed = prop::option::weighted(0.2, spatial());
    let merged = |(entries, path, placed): (Entries, Option<Value>, Option<Value>)| {
        let mut params: Map<String, Value> = entries.into_iter().flatten().collect();
        params.extend(placed.map(|placed| ("spatial".to_owned(), placed)));
        // a balance moves in one way or is refused
        if let Some(end) = params.shift_remove("endPanType")
            && let Some(start) = params.get_mut("startPanType")
        {
            *start = end.clone();
            params.insert("endPanType".to_owned(), end);
        }
        if let Some(path) = path {
            params.insert("rendererMode".to_owned(), "geometric".into());
            params.insert("canonicalTrajectory".to_owned(), path);
        }
        params
    };
    (entries, path, placed).prop_map(merged).boxed()
}

/// A value of the parameter `spatial` of any voice.
pub fn spatial() -> impl Strategy<Value = Value> {
    let mode = prop::sample::select(vec!["hrtf", "geometric"]);
    let channels = prop::sample::select(vec!["ears", "mid"]);
    let law = prop::sample::select(vec!["inverse", "inverse_square", "none"]);
    let asset = prop::option::of(Just("sofa/synth_ring187_44k.sofa"));
    let interval = prop::sample::select(vec![32, 128, 500]);
    let blend = prop::bool::weighted(0.1);
    let parts = (mode, prop::option::of(channels), law, any::<bool>(), asset, interval, blend);
    (parts, prop::option::of(path()), -180.0..180.0_f64).prop_map(|(parts, path, azimuth)| {
        let (mode, channels, law, doppler, asset, interval, blend) = parts;
        let mut all = json!({"rendererMode": mode, "distanceLaw": law, "dopplerEnabled": doppler});
        let mut set = |name: &str, value: Value| all[name] = value;
        match path {
            Some(path) => set("canonicalTrajectory", path),
            None => set("azimuthDeg", azimuth.into()),
        }
        if let Some(channels) = channels {
            set("channels", channels.into());
        }
        if mode == "hrtf" {
            let interpolation = if blend { "logmag_delay" } else { "nearest" };
            set("hrtfOptions", json!({"controlIntervalSamples": interval, "interpolation": interpolation}));
            asset.into_iter().for_each(|asset| set("hrtfAsset", asset.into()));
        }
        all
    })
}

/// A path round the listener.
fn path() -> impl Strategy<Value = Value> {
    let kinds = vec!["circle", "lissajous", "tilted_orbit", "overhead_sweep", "torus", "random_walk_volume"];
    let modes = vec!["loop", "one_shot", "ping_pong", "discontinuous"];
    let (kind, mode) = (prop::sample::select(kinds), prop::sample::select(modes));
    (kind, mode, 0.02..2.0_f64, 0.0..0.1_f64, any::<bool>()).prop_map(|(kind, mode, seconds, fade, by_length)| {
        json!({
            "geometry": {"type": kind},
            "traversal": {"mode": mode, "durationS": seconds, "crossfadeS": fade},
            "arcLength": by_length,
        })
    })
}

/// A value for every row of the table whose default is a number.
pub fn numbers(family: &'static Family) -> BoxedStrategy<Vec<(&'static Param, f64)>> {
    let entries: Vec<_> = family
        .params
        .iter()
        .copied()
        .flatten()
        .filter(|row| row.kind == Kind::Number && matches!(row.default, Fallback::Number(_)))
        .map(|row| number(row).prop_map(move |v| (row, v)).boxed())
        .collect();
    entries.boxed()
}

/// Offset, length and curve of a transition in a voice of about half a second.
pub fn timing() -> impl Strategy<Value = Map<String, Value>> {
    let curve = prop::sample::select(vec!["linear", "logarithmic", "exponential", "alpha**0.5", "1.2*alpha - 0.1"]);
    (prop::option::of(-0.2..0.3_f64), prop::option::of(prop_oneof![Just(0.0), 0.0..0.4_f64]), prop::option::of(curve))
        .prop_map(|(offset, duration, curve)| {
            let mut map = Map::new();
            let mut set = |name: &str, value: Option<Value>| value.map(|v| map.insert(name.to_owned(), v));
            set("initial_offset", offset.map(Value::from));
            set("transition_duration", duration.map(Value::from));
            set("transition_curve", curve.map(Value::from));
            map
        })
}

fn value(row: &'static Param) -> Option<BoxedStrategy<Value>> {
    Some(match row.kind {
        Kind::Number | Kind::Integer => number(row).prop_map(Value::from).boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Choice(words) => prop::sample::select(words).prop_map(Value::from).boxed(),
        Kind::File => prop::sample::select(&AUDIO[..]).prop_map(Value::from).boxed(),
        Kind::Files => {
            prop::collection::vec(prop::sample::select(&AUDIO[..]), 0..3).prop_map(|paths| json!(paths)).boxed()
        }
        Kind::Structure if row.name == "oscillator_phases" => {
            (-7.0..7.0_f64, -7.0..7.0_f64).prop_map(|(left, right)| json!({"left": left, "right": right})).boxed()
        }
        Kind::Text | Kind::Structure => return None,
    })
}

/// A value near the default, anywhere in a plausible range for the unit, or at the ends of a limited range.
fn number(row: &'static Param) -> BoxedStrategy<f64> {
    let (low, high) = match row.unit {
        "Hz" => (-30.0, 900.0),
        "s" => (0.0, 0.5),
        // shorter than half a cycle of the fastest plausible rate
        "ms" => (0.0, 0.5),
        "rad" => (-7.0, 7.0),
        "deg" => (-400.0, 400.0),
        "dB" => (-60.0, 12.0),
        _ => (-1.5, 2.5),
    };
    let (low, high) = (f64::max(low, row.min).min(row.max), f64::min(high, row.max).max(row.min));
    let default = if let Fallback::Number(default) = row.default { default } else { low };
    let near = (0.3..2.0_f64).prop_map(move |factor| (default * factor).clamp(row.min, row.max));
    let plausible = (0.0..1.0_f64).prop_map(move |x| low + (high - low) * x);
    let ends = [row.min, row.max, 0.0_f64.clamp(row.min, row.max), default];
    let ends: Vec<f64> = ends.into_iter().filter(|end| end.abs() < 1e300).collect();
    let whole = row.kind == Kind::Integer;
    prop_oneof![3 => near, 3 => plausible, 1 => prop::sample::select(ends)]
        .prop_map(move |v| if whole { v.trunc() } else { v })
        .boxed()
}
