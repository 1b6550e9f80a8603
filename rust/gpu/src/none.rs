//! Replaces the device in a build without wgpu. Its type has no values.

use std::convert::Infallible;

use realtime_backend_core::voice::{Block, ToneAccelerator, ToneBatch};

use crate::NoGpu;

/// A graphics processor. This build does not support one, so the type has no values.
#[derive(Debug)]
pub struct Gpu(Infallible);

impl Gpu {
    /// Return an error, because this build does not support graphics processors.
    ///
    /// # Errors
    /// Always.
    pub fn open() -> Result<Self, NoGpu> {
        Err(NoGpu("this build has no support for them (docs/gpu.md says how to make one that has)".to_owned()))
    }

    /// Return an error, because this build does not support graphics processors.
    ///
    /// # Errors
    /// Always.
    pub fn named(_part: &str) -> Result<Self, NoGpu> {
        Self::open()
    }

    /// Name of the graphics processor.
    pub const fn name(&self) -> &str {
        match self.0 {}
    }

    /// The fault that ended its work.
    pub const fn fault(&self) -> Option<String> {
        match self.0 {}
    }
}

impl ToneAccelerator for Gpu {
    fn sum(&self, _batch: &ToneBatch, _out: Block<'_>) -> bool {
        match self.0 {}
    }
}
