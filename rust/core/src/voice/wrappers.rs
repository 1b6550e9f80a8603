//! Tests that every voice around another one hands on what it is asked about it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::grid::{CellSource, Cells};
use super::parts::nyquist;
use super::pipeline::VoiceCall;
use super::spatial::scene::{self, Gain, SceneAt, VoiceScene};
use super::spatial::stage;
use super::stages::band_limit::band_limited;
use super::stages::envelope::{Envelope, edge_faded, enveloped};
use super::stages::flanged::{Effect, flanged};
use super::stages::{spatial, suppression};
use super::{Block, Context, Onset, Oscillators, Param, Params, Phases, Ramp, Voice, glided, resting, run_on};
use crate::compat::Compat;
use crate::dsp::cell::CELL;
use crate::dsp::curve::Alpha;

const CARRIER: Param = Param::number("carrier", 200.0, "Hz", "");

/// A silent voice with an answer to everything.
#[derive(Clone, Default)]
pub(crate) struct Probe {
    prepared: Arc<AtomicUsize>,
}

impl CellSource for Probe {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, _index: u64, mut out: Block<'_>) {
        out.clear();
    }

    fn prepare(&mut self) {
        self.prepared.fetch_add(1, Ordering::Relaxed);
    }

    fn fork(&self) -> Self {
        self.clone()
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        each(Onset { frame: from, length: 1.0, index: to, label: "probe" });
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        Some(Phases { left: frame as f64, right: 2.0 })
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        Some(Oscillators { place: Some(frame as i64), ..Oscillators::default() })
    }
}

/// Check that the voice that `wrap` makes of a probe, and its copy, hand on everything.
pub(crate) fn check(what: &str, wrap: impl FnOnce(Probe) -> Box<dyn Voice>) {
    let probe = Probe::default();
    let voice = wrap(probe.clone());
    for mut voice in [voice.fork(), voice] {
        let mut heard = Vec::new();
        voice.onsets(3, 900, &mut |onset| heard.push(onset));
        assert_eq!(heard, [Onset { frame: 3, length: 1.0, index: 900, label: "probe" }], "{what}: onsets");
        assert_eq!(voice.phases_at(5), probe.phases_at(5), "{what}: phases");
        // harmonic suppression adds its own carrier
        let state = voice.oscillators_at(5).map(|state| Oscillators { suppressed: None, ..state });
        assert_eq!(state, probe.oscillators_at(5), "{what}: oscillators");
        let before = probe.prepared.load(Ordering::Relaxed);
        voice.prepare();
        assert!(probe.prepared.load(Ordering::Relaxed) > before, "{what}: prepare");
    }
}

#[test]
fn stages_hand_on_what_they_are_asked() {
    let context = Context::new(1.0, 44_100.0);
    let levels = Envelope::Linen { attack: 0.1, release: 0.1 }.levels(&context).unwrap();
    check("envelope", |probe| enveloped(Cells::boxed(probe), levels));
    check("edge fades", |probe| edge_faded(Cells::boxed(probe), &context, [true; 2]));
    let effect = Effect::Crossfade { start: None, end: None, alpha: Alpha::still() };
    check("flanger", |probe| flanged(Cells::boxed(probe), effect));
    check("harmonic suppression", |probe| suppression::wrap(Cells::boxed(probe), &context, 200.0));
    check("band limit", |probe| band_limited(probe, &context, None));
    for compat in [Compat::LEGACY, Compat::INTENDED] {
        let context = context.clone().with_compat(compat);
        let params = json!({"spatialEnable": true, "spatialTrajectory": [{"mode": "rotate", "seconds": 1.0}]});
        let params = Params::new(params.as_object().unwrap(), &[spatial::TABLE], false, compat);
        check("spatial stage", |probe| spatial::wrap(Cells::boxed(probe), &context, &params).unwrap());
    }
    for mode in ["hrtf", "geometric"] {
        let place = json!({"rendererMode": mode});
        check("a place", |probe| stage::moved(Cells::boxed(probe), &place, false, &context).unwrap().0);
    }
    let gain = Gain { routed: 0.5, ..Gain::default() };
    let scene = Arc::new(VoiceScene { gain, ..VoiceScene::default() });
    let in_scene = Context { scene: Some(SceneAt::new(scene, 0.0, 44_100.0)), ..context.clone() };
    check("gain of a scene", |probe| scene::staged(Cells::boxed(probe), &in_scene));
    let context = context.with_compat(Compat::INTENDED);
    let none = serde_json::Map::new();
    let params = Params::new(&none, &[], false, context.compat);
    let carriers = [(&CARRIER, Ramp { start: 20_000.0, end: 23_000.0 }); 2];
    check("half the sample rate", |probe| {
        nyquist::limited(Cells::boxed(probe), &context, &params, &Alpha::still(), carriers)
    });
}

#[test]
fn voices_of_a_plan_hand_on_what_they_are_asked() {
    check("a stretch", |probe| run_on::run_on(Cells::boxed(probe), 0, None));
    check("before a glide", |probe| {
        let glide = glided::Glide { transitions: Vec::new(), lead: 0, ramp: 0, frames: 0, levels: [1.0; 2] };
        glided::glided(glide, Cells::boxed(probe))
    });
    check("in a glide", |probe| {
        let transitions = vec![Cells::boxed(probe.clone())];
        let glide = glided::Glide { transitions, lead: 0, ramp: 1000, frames: 1000, levels: [1.0; 2] };
        glided::glided(glide, super::silence::Silence::boxed())
    });
    let params = serde_json::Map::new();
    let call = VoiceCall {
        function: "binaural_beat",
        is_transition: false,
        params: &params,
        flange: None,
        envelope: None,
        at: "",
        params_at: "",
    };
    let context = Context::new(1.0, 44_100.0);
    check("at rest", |probe| resting::resting(Cells::boxed(probe), &context, &call, "{}".to_owned(), None));
}
