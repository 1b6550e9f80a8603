//! The silent voice, which some parameters ask for.

use super::{Block, Voice};

/// A voice whose samples are all 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence;

impl Silence {
    /// A boxed silent voice, as the registry returns it.
    pub(crate) fn boxed() -> Box<dyn Voice> {
        Box::new(Self)
    }
}

impl Voice for Silence {
    fn render(&mut self, _start: u64, mut out: Block<'_>) {
        out.clear();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Self::boxed()
    }
}
