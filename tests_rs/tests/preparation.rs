//! Building a voice costs the same for any length, and a voice that is not playing takes little memory, because
//! whatever has to be measured is measured when the voice is first rendered.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::param::{Kind, Param};
use realtime_backend_core::voice::{Block, Context, Family, Voice, find, names, registry};
use serde_json::{Map, Value, json};

/// The system allocator, with counts for each thread.
struct Counting;

thread_local! {
    /// Bytes allocated in total, and bytes in use.
    static COUNTS: Cell<(u64, i64)> = const { Cell::new((0, 0)) };
}

fn count(asked: u64, used: i64) {
    // The counts of a thread are gone while it ends.
    let _ = COUNTS.try_with(|counts| {
        let (all, now) = counts.get();
        counts.set((all + asked, now + used));
    });
}

// SAFETY: every call is passed to the system allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as u64, layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as u64, layout.size() as i64);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, -(layout.size() as i64));
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes that `make` allocates, bytes of these that stay in use, and its result.
fn counted<T>(make: impl FnOnce() -> T) -> (u64, i64, T) {
    let before = COUNTS.get();
    let made = make();
    let after = COUNTS.get();
    (after.0 - before.0, after.1 - before.1, made)
}

const HOUR: f64 = 3600.0;

/// All numeric parameters of the family, under the names that the voice reads, with values from `value`.
fn filled(family: &Family, transition: bool, value: impl Fn(&Param, bool) -> f64) -> Map<String, Value> {
    let mut map = Map::new();
    for row in family.params.iter().copied().flatten() {
        if !matches!(row.kind, Kind::Number | Kind::Integer) || row.unit == "s" {
            continue;
        }
        for (index, name) in row.spellings(transition).into_iter().take(2).enumerate() {
            map.insert(name, json!(value(row, index == 1).clamp(row.min, row.max)));
        }
    }
    map
}

/// A path round the listener.
fn placed(mode: &str, channels: &str) -> Value {
    let path = json!({"geometry": {"type": "torus"}, "traversal": {"mode": "discontinuous", "crossfadeS": 0.02}});
    json!({"spatial": {"rendererMode": mode, "channels": channels, "canonicalTrajectory": path}})
}

/// Parameter sets that make every stage work hard.
fn hard_sets(family: &Family, transition: bool) -> Vec<Map<String, Value>> {
    let mut sets = vec![
        Map::new(),
        filled(family, transition, |_, end| if end { 7.3 } else { 0.3 }),
        filled(family, transition, |_, end| if end { 2.0 } else { -1.0 }),
        filled(family, transition, |row, _| row.max.min(900.0)),
    ];
    let more = [
        json!({"overlap_factor": 256, "frame_dur_ms": 10, "startPathShape": "diamond", "endPathShape": "circle",
            "freqOscShape": "triangle", "freqOscRangeL": 5, "freqOscRangeR": 5, "freqOscFreqL": 3.7, "freqOscFreqR": 3.1,
            "startFreqOscRangeL": 5, "endFreqOscRangeL": 9, "startFreqOscFreqL": 3, "endFreqOscFreqL": 8,
            "freqOscSkewL": 0.4, "freqOscSkewR": 0.4, "panFreq": 3.1, "panRangeMin": -1, "panRangeMax": 1}),
        json!({"startCarrierFreq": 60, "endCarrierFreq": 2000, "carrierFreq": 60, "frame_dur_ms": 3000.0}),
        json!({"transition_curve": "alpha**0.3 + 0.1*alpha", "startBaseFreq": 90, "endBaseFreq": -20, "endBeatFreq": -3,
            "startPanFreq": -1, "endPanFreq": 2, "startPanRangeMin": -1, "freqOscSkewL": 0.7, "freqOscRangeL": 3,
            "freqOscFreqL": 2.1, "spatialEnable": true}),
        placed("hrtf", "ears"),
        placed("geometric", "mid"),
    ];
    sets.extend(more.iter().filter_map(|set| set.as_object().cloned()));
    sets
}

fn build(
    family: &Family,
    transition: bool,
    compat: Compat,
    seconds: f64,
    params: &Map<String, Value>,
) -> Option<Box<dyn Voice>> {
    let context = Context::new(seconds, 48_000.0).with_compat(compat);
    registry::build(family, transition, &context, params).ok().map(|(voice, _)| voice)
}

#[test]
fn building_eight_hours_allocates_no_more_than_one() {
    for name in names() {
        let (family, transition) = find(&name).expect("a voice");
        let sets = hard_sets(family, transition);
        for (set, params) in sets.iter().enumerate() {
            for compat in [Compat::DEFAULT, Compat::INTENDED] {
                // The first build fills shared tables.
                drop(build(family, transition, compat, 1.0, params));
                let [short, long] =
                    [HOUR, 8.0 * HOUR].map(|seconds| counted(|| build(family, transition, compat, seconds, params)).0);
                assert_eq!(short, long, "{name} {set}: bytes for one hour and for eight");
            }
        }
    }
}

#[test]
fn a_moving_voice_renders_without_allocating() {
    for (mode, channels) in [("hrtf", "ears"), ("hrtf", "mid"), ("geometric", "ears"), ("geometric", "mid")] {
        let params = placed(mode, channels);
        let (family, transition) = find("binaural_beat").expect("a voice");
        let params = params.as_object().expect("a map");
        let mut voice = build(family, transition, Compat::DEFAULT, 10.0, params).expect("a voice");
        voice.prepare();
        let (mut left, mut right) = ([0.0; 700], [0.0; 700]);
        let render = || {
            for block in [0, 1, 2, 3, 40, 41, 7, 500] {
                voice.render(block * 700, Block::new(&mut left, &mut right));
            }
        };
        assert_eq!(counted(render).0, 0, "{mode} {channels}");
    }
}

#[test]
fn a_voice_that_is_not_playing_takes_below_two_kilobytes() {
    const STEPS: usize = 100;
    for name in ["binaural_beat", "isochronic_tone_transition", "spatial_angle_modulation"] {
        let step = json!({"duration": 10.0, "voices": [{"synth_function_name": name,
            "params": {"ampL": 0.3, "baseFreq": 180.0, "freqOscShape": "triangle", "freqOscRangeL": 2.0, "freqOscFreqL": 1.0}}]});
        let (track, _) = Track::from_value(json!({"progression": vec![step; STEPS]})).expect("a track");
        let (_, used, plan) = counted(|| Plan::compile(&track, &PlanOptions::default()).expect("a plan").0);
        assert_eq!(plan.steps().len(), STEPS);
        // About a fifth of this is the step itself.
        assert!(used / (STEPS as i64) < 2048, "{name}: {} bytes", used / STEPS as i64);
    }
}

#[test]
fn compilation_work_is_linear_in_the_steps() {
    let document = |steps: usize| {
        let voice = |id: usize| {
            json!({"synth_function_name": "binaural_beat", "description": format!("voice {id}"),
            "params": {"baseFreq": 180.0 + id as f64, "strange": 1}})
        };
        let step = json!({"duration": 1.0, "crossfade_duration": 0.5, "voices": [voice(1), voice(2)]});
        json!({"global": {"crossfade_duration": 0.5}, "progression": vec![step; steps]})
    };
    let work = |steps: usize| {
        let text = document(steps).to_string();
        let compiled = || {
            let (track, _) = Track::from_json(&text).expect("a track");
            Plan::compile(&track, &PlanOptions::default()).expect("a plan")
        };
        counted(compiled).0 as f64
    };
    let (once, twice) = (work(400), work(800));
    assert!(twice < 2.2 * once, "{once} bytes, then {twice}");
}
