//! The result of opening a file of any format.

use super::source::{Found, Source};
use crate::error::Result;

/// Callback that is called regularly while a long file is indexed. An error (see [`crate::interrupt`]) stops the work.
pub(crate) type Check<'a> = dyn FnMut() -> Result<()> + 'a;

/// An open file with its warnings.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    /// Sample rate in Hz.
    pub(super) rate: u32,
    pub(super) warnings: Vec<String>,
    pub(super) found: Found,
}

impl Opened {
    /// An open file with this source and without warnings; the caller sets the rate.
    pub(super) fn of(source: Box<dyn Source>) -> Self {
        Self { source, rate: 0, warnings: Vec::new(), found: Found::default() }
    }
}
