//! What the registry knows about a family of voices.

use super::params::{Param, Params};
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
    /// Build the voice; `params.transition` says which of the two.
    pub build: fn(&Context, &Params<'_>) -> Result<Box<dyn Voice>>,
}
