//! What an edit leaves as it was: voices that sound the same in the plan that is replaced are copied from there with
//! everything that is known of them, not built, measured and rendered anew.

use std::collections::HashMap;

use super::Plan;
use super::mix::bus::StepVoice;
use crate::voice::Voice;

/// Seconds before its start from which a player holds the voices of a step. Voices that nobody holds would have to be
/// built again, too.
const HELD_S: u64 = 2;

/// The voices of the plan that is replaced that sound there or soon, by what they sound like ([`StepVoice::sound`]).
pub(crate) struct Kept<'a>(HashMap<u64, &'a StepVoice>);

impl<'a> Kept<'a> {
    /// Those of a plan that is replaced at the given frame of it.
    pub(super) fn of(old: Option<(&'a Plan, u64)>) -> Self {
        let held = |(plan, frame): (&'a Plan, u64)| {
            let soon = frame + HELD_S * u64::from(plan.sample_rate);
            plan.steps.iter().filter(move |step| step.placement.start < soon && frame < step.placement.end())
        };
        let voices = old.into_iter().flat_map(held).flat_map(|step| &step.voices);
        Self(voices.filter_map(|voice| Some((voice.sound?, voice))).collect())
    }

    /// A voice of this sound.
    pub(super) fn get(&self, sound: Option<u64>) -> Option<(&'a StepVoice, Box<dyn Voice>)> {
        let voice = *self.0.get(&sound?)?;
        Some((voice, voice.voice.as_ref()?.fork()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::{Value, json};

    use super::*;
    use crate::compat::Compat;
    use crate::plan::PlanOptions;
    use crate::stream::{Playing, StreamClips};
    use crate::track::Track;
    use crate::voice::Block;

    /// Where edits take over.
    const AT: u64 = 50_000;
    /// Position of the voice that is counted, which is no tone.
    const FILTERED: usize = 1;

    fn session() -> Value {
        let tone =
            |base: f64| json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": base, "ampL": 0.4}});
        let pulses = json!({"baseFreq": 437.0, "beatFreq": 7.25, "gapPercent": 0.5, "harmonicSuppression": true});
        let filtered = json!({"synth_function_name": "isochronic_tone", "params": pulses});
        let noise = json!({"synth_function_name": "noise_swept_notch", "params": {"noise_type": "white"}});
        json!({
            "global": {"sample_rate": 16_000, "crossfade_duration": 0.5},
            "progression": [
                {"duration": 5.0, "voices": [tone(180.0), filtered, noise, tone(90.0)]},
                {"duration": 2.0, "voices": [tone(200.0)]},
            ],
            "background_noise": {"noise_type": "pink", "amp": 0.1},
        })
    }

    fn edited(edit: impl Fn(&mut Value)) -> Track {
        let mut session = session();
        edit(&mut session);
        Track::from_value(session).unwrap().0
    }

    /// The session, with the estimates of a player.
    fn playing(options: &PlanOptions) -> Plan {
        let plan = Plan::compile(&edited(|_| ()), options).unwrap().0;
        plan.steps.iter().for_each(|step| _ = step.estimate());
        plan
    }

    fn heard(track: &Track, plan: Plan) -> Vec<u32> {
        let plan = Arc::new(plan);
        let mut playing = Playing::new(Arc::clone(&plan), StreamClips::of(track, &plan, 1.0), AT);
        let mut bits = Vec::new();
        for start in [AT, AT + 700, 85_000] {
            let (mut left, mut right) = ([0.0; 700], [0.0; 700]);
            playing.render(start, &mut left, &mut right);
            bits.extend(left.iter().chain(&right).map(|sample| sample.to_bits()));
        }
        bits
    }

    #[test]
    fn edits_sound_as_if_every_voice_were_built_anew() {
        let path = |path: &'static str, value: f64| {
            move |session: &mut Value| *session.pointer_mut(path).unwrap() = value.into()
        };
        let edits = [
            ("level", edited(path("/progression/0/voices/0/params/ampL", 0.3)), true),
            ("frequency", edited(path("/progression/0/voices/0/params/baseFreq", 181.0)), false),
            ("filtered", edited(path("/progression/0/voices/1/params/beatFreq", 6.0)), true),
            ("another step", edited(path("/progression/1/voices/0/params/baseFreq", 210.0)), true),
            ("length", edited(path("/progression/0/duration", 4.5)), true),
            ("bed", edited(path("/background_noise/amp", 0.2)), true),
        ];
        for compat in [Compat::DEFAULT, Compat::INTENDED] {
            let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
            for (name, track, phases_stay) in &edits {
                let mut old = playing(&options);
                let next = |old: &Plan| Plan::compile_continuing(track, &options, old, AT).unwrap().0;
                let found = heard(track, next(&old));
                old.steps.iter_mut().flat_map(|step| &mut step.voices).for_each(|voice| voice.sound = None);
                assert!(found.iter().any(|bits| *bits != 0));
                assert!(found == heard(track, next(&old)), "{name}");
                if *phases_stay && compat == Compat::DEFAULT {
                    assert!(found == heard(track, Plan::compile(track, &options).unwrap().0), "{name}");
                }
            }
        }
    }

    struct Counted {
        voice: Box<dyn Voice>,
        rendered: Arc<AtomicUsize>,
    }

    impl Voice for Counted {
        fn render(&mut self, start: u64, out: Block<'_>) {
            self.rendered.fetch_add(1, Ordering::Relaxed);
            self.voice.render(start, out);
        }

        fn fork(&self) -> Box<dyn Voice> {
            Box::new(Self { voice: self.voice.fork(), rendered: Arc::clone(&self.rendered) })
        }

        fn inner(&self) -> Option<&dyn Voice> {
            Some(self.voice.as_ref())
        }
    }

    #[test]
    fn an_edit_renders_unchanged_voices_only_where_it_is_heard() {
        let options = PlanOptions::default();
        let mut old = Plan::compile(&edited(|_| ()), &options).unwrap().0;
        let rendered = Arc::new(AtomicUsize::new(0));
        let part = &mut old.steps[0].voices[FILTERED];
        let voice = part.voice.take().unwrap();
        part.voice = Some(Box::new(Counted { voice, rendered: Arc::clone(&rendered) }));
        old.steps[0].estimate();
        let estimated = rendered.load(Ordering::Relaxed);
        assert!(estimated > 0);
        for level in [0.3, 0.2] {
            let track = edited(|session| session["progression"][0]["voices"][0]["params"]["ampL"] = level.into());
            let plan = Plan::compile_continuing(&track, &options, &old, AT).unwrap().0;
            assert!(Arc::ptr_eq(&plan.steps[0].voices[FILTERED].level, &old.steps[0].voices[FILTERED].level));
            assert!(plan.steps[0].voices[0].sound != old.steps[0].voices[0].sound);
            let plan = Arc::new(plan);
            let mut playing = Playing::new(Arc::clone(&plan), StreamClips::of(&track, &plan, 1.0), AT);
            let before = rendered.load(Ordering::Relaxed);
            let (mut left, mut right) = ([0.0; 64], [0.0; 64]);
            playing.render(AT, &mut left, &mut right);
            // the copy is the voice that was counted, and sounds
            assert!(rendered.load(Ordering::Relaxed) > before);
            assert_eq!(before, if level == 0.3 { estimated } else { estimated + 1 });
            drop(playing);
            old = Arc::into_inner(plan).unwrap();
        }
    }
}
