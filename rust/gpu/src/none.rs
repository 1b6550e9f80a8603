//! What stands for the device in a build without wgpu: nothing that could be made.

use std::convert::Infallible;

use realtime_backend_core::voice::{Block, ToneAccelerator, ToneBatch};

use crate::NoGpu;

/// A graphics processor; there is none in this build.
#[derive(Debug)]
pub struct Gpu(Infallible);

impl Gpu {
    /// Always an error.
    pub fn open() -> Result<Self, NoGpu> {
        Err(NoGpu("this build has no support for them (docs/gpu.md says how to make one that has)".to_owned()))
    }

    /// Always an error.
    pub fn named(_part: &str) -> Result<Self, NoGpu> {
        Self::open()
    }

    /// What the driver calls it.
    pub const fn name(&self) -> &str {
        match self.0 {}
    }

    /// What ended its work: its name and the reason.
    pub const fn fault(&self) -> Option<String> {
        match self.0 {}
    }
}

impl ToneAccelerator for Gpu {
    fn sum(&self, _batch: &ToneBatch, _out: Block<'_>) -> bool {
        match self.0 {}
    }
}
