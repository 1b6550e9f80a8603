//! The registry's entry for a family of voices.

use super::param::{AlsoWritten, Param};
use super::params::Params;
use super::silence::Silence;
use super::{Context, Voice};
use crate::error::Result;

/// One voice family: its name, its parameters and the function that builds it. The transition voice is the same family
/// read with `startX`/`endX` names.
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
    /// How costly it is to prepare the voice.
    pub preparation: Preparation,
    /// Length of the longest cells in frames: rendering that many frames around a frame costs little more than
    /// rendering that frame alone.
    pub cell_frames: u64,
    /// Name of the parameter that people call its carrier frequency; of several the first. For timelines.
    pub carrier: Option<&'static str>,
    /// Name of the parameter that people call its beat or modulation frequency; of several the first. For timelines.
    pub beat: Option<&'static str>,
    /// Builds the voice; `params.transition` says which of the two variants.
    pub build: fn(&Context, &Params<'_>) -> Result<Box<dyn Voice>>,
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
    /// Defaults for a family's entry: a light voice with short cells and without a transition.
    pub const PLAIN: Self = Self {
        name: "",
        transition: false,
        summary: "",
        source: "",
        params: &[],
        carrier: None,
        beat: None,
        also_written: &[],
        preparation: Preparation::Light,
        cell_frames: 0,
        build: |_, _| Ok(Silence::boxed()),
    };
}
