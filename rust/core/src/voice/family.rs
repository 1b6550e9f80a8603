//! What the registry knows about a family of voices.

use super::param::{AlsoWritten, Param};
use super::params::Params;
use super::silence::Silence;
use super::{Context, Voice};
use crate::error::Result;

/// One voice family: a name, its parameters, how to build it. The transition voice is the same family read with
/// `startX`/`endX` names.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// Name of the static voice (`synth_function_name`).
    pub name: &'static str,
    /// Whether `<name>_transition` exists.
    pub transition: bool,
    /// One sentence.
    pub summary: &'static str,
    /// Where it is specified or published.
    pub source: &'static str,
    /// The parameter table, in slices that families may share.
    pub params: &'static [&'static [Param]],
    /// Parameters that are accepted although the voice does not read them: they come with the files that it is made from.
    pub also_written: &'static [AlsoWritten],
    /// What making the voice costs.
    pub preparation: Preparation,
    /// Frames around a place that cost little more than one frame there: the longest cells.
    pub cell_frames: u64,
    /// Build the voice; `params.transition` says which of the two.
    pub build: fn(&Context, &Params<'_>) -> Result<Box<dyn Voice>>,
}

/// What it costs to make a voice ready to be rendered, and how long it stays ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preparation {
    /// Next to nothing: it is made when it is heard, and dropped afterwards.
    Light,
    /// So long that it is kept from one compilation to the next; short ones are computed whole before they are heard.
    Long,
    /// It reads an audio file, which may have changed when it is made again.
    ReadsFile,
}

impl Family {
    /// What the entry of a family may leave out: a light voice of short cells, without a transition.
    pub const PLAIN: Self = Self {
        name: "",
        transition: false,
        summary: "",
        source: "",
        params: &[],
        also_written: &[],
        preparation: Preparation::Light,
        cell_frames: 0,
        build: |_, _| Ok(Silence::boxed()),
    };
}
