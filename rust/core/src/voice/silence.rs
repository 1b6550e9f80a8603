//! The voice that is not heard: what some parameters ask for.

use super::{Block, Voice};

/// Zeros.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence;

impl Silence {
    /// Boxed, as the registry wants it.
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
