//! The registry's entry for a family of voices.

use serde_json::{Map, Value};

use super::param::{AlsoWritten, Moves, Param, STAGES, SWITCHED_TIMING, TIMING};
use super::params::Params;
use super::silence::Silence;
use super::{Context, Voice};
use crate::error::Result;

/// One voice family: its name, its parameters and the function that builds it. The transition voice is the same family
/// read with `startX`/`endX` names.
#[allow(clippy::struct_excessive_bools)] // independent properties
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// Name of the static voice (`synth_function_name`).
    pub name: &'static str,
    /// Whether `<name>_transition` exists.
    pub transition: bool,
    /// One sentence that describes the voice.
    pub summary: &'static str,
    /// Where the algorithm is specified or published.
    pub source: &'static str,
    /// The parameter table, in slices that families may share.
    pub params: &'static [&'static [Param]],
    /// Parameters that are accepted although the voice does not read them, because presets contain them.
    pub also_written: &'static [AlsoWritten],
    /// Whether the static voice reads `initial_offset`, the time of its first frame.
    pub reads_offset: bool,
    /// The rows of [`TIMING`] that the transition voice reads under `Compat::transition_timing` only.
    pub switched_timing: &'static [Param],
    /// Whether a transition voice that does not move sounds like the static voice.
    pub standing: Standing,
    /// Whether the legacy implementation lacks it. There are no recordings of such a voice; its own tests compare it with
    /// closed forms.
    pub is_new: bool,
    /// How costly it is to prepare the voice.
    pub preparation: Preparation,
    /// Length of the longest cells in frames: rendering that many frames around a frame costs little more than
    /// rendering that frame alone.
    pub cell_frames: u64,
    /// Whether its transition voice can take over a sound without a fade.
    pub glides: bool,
    /// Whether it is an event, which happens anew in every step unless it is named by one id.
    pub is_event: bool,
    /// The parameter that people call its carrier frequency; of several the first. For timelines.
    pub carrier: Option<&'static Param>,
    /// The parameter that people call its beat or modulation frequency; of several the first. For timelines.
    pub beat: Option<&'static Param>,
    /// How carrier and beat appear in the sound, so that they can be measured.
    pub heard: Heard,
    /// The peak that the parameters state for a voice that does not move, linear, where they state it.
    pub peak: fn(&Params<'_>) -> Option<f64>,
    /// Whether few people hear the voice, so that nobody notices if it is too loud.
    pub barely_audible: bool,
    /// Whether scenes of the spatial workbench act on the voice.
    pub in_scenes: bool,
    /// Whether its sound moves round the head, for which a build needs the feature `spatial`.
    pub is_spatial: bool,
    /// Whether a voice with these parameters can glide to others of its family.
    pub can_glide: fn(&Map<String, Value>) -> bool,
    /// Builds the voice; `params.transition` says which of the two variants.
    pub build: fn(&Context, &Params<'_>) -> Result<Box<dyn Voice>>,
}

/// How the carrier and the beat of a family appear in the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// One tone in each ear, a beat apart, with the carrier in the middle.
    Ears,
    /// Two tones a beat apart in the same ear, with the carrier in the middle.
    Pair,
    /// A tone at the carrier, or one in each ear around it, whose level changes at the beat.
    Level,
    /// The same in the left ear; the right ear has parameters of its own.
    LevelLeft,
    /// A tone at the carrier whose phase moves between the ears at the beat.
    Phase,
    /// A tone at the carrier; the beat is one of several modulations and is not measured.
    Carrier,
    /// Neither can be measured.
    NotAtAll,
}

/// How a transition voice with equal ends relates to the static voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// Both are the same sound.
    Same,
    /// They are the same only where these parameters are 0, for this reason.
    SameWithout(&'static [Param], &'static str),
    /// They never are the same, for this reason.
    Differs(&'static str),
}

/// The cost of preparing a voice for rendering, and how long the result stays valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preparation {
    /// Cheap: the voice is built when it is rendered and dropped afterwards.
    Light,
    /// Costly: the voice is cached from one compilation to the next, and short voices are rendered whole before they
    /// are heard.
    Long,
    /// The voice reads an audio file, which may have changed when the voice is built again.
    ReadsFile,
}

impl Family {
    /// The rows of all parameters that the static or the transition voice reads.
    pub fn rows(&self, transition: bool) -> impl Iterator<Item = &'static Param> + use<> {
        let (reads_offset, switched) = (self.reads_offset, self.switched_timing);
        let timing = TIMING.iter().zip(SWITCHED_TIMING).filter_map(move |(row, other)| {
            let read = transition || row.moves == Moves::Fixed && reads_offset;
            read.then_some(if switched.contains(row) { other } else { row })
        });
        self.params.iter().copied().flatten().chain(timing).chain(STAGES)
    }

    /// Whether it is noise, whose voices take long to prepare.
    pub fn is_noise(&self) -> bool {
        self.preparation == Preparation::Long
    }

    /// Defaults for a family's entry: a light voice with short cells and without a transition.
    pub const PLAIN: Self = Self {
        name: "",
        transition: false,
        summary: "",
        source: "",
        params: &[],
        glides: true,
        is_event: false,
        carrier: None,
        beat: None,
        heard: Heard::NotAtAll,
        peak: |_| None,
        barely_audible: false,
        in_scenes: false,
        is_spatial: false,
        can_glide: |_| true,
        also_written: &[],
        reads_offset: false,
        switched_timing: &[],
        standing: Standing::Same,
        is_new: false,
        preparation: Preparation::Light,
        cell_frames: 0,
        build: |_, _| Ok(Silence::boxed()),
    };
}
