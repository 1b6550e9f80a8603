//! Computes tones on a graphics processor when files are rendered (wgpu: Vulkan, Metal or Direct3D 12).
//!
//! A [`Gpu`] is a [`ToneAccelerator`](realtime_backend_core::voice::ToneAccelerator) for
//! [`PlanOptions::accelerator`](realtime_backend_core::plan::PlanOptions). It computes the sum of the voices that can
//! be written as tone segments, a few seconds of sound at a time. The CPU computes the rest of the track. The samples
//! differ from those of the CPU by less than 1e-6 of full scale. Playback does not use a graphics processor: it needs
//! little computation, but always in time.

use std::fmt;

#[cfg(feature = "wgpu")]
mod device;
#[cfg(not(feature = "wgpu"))]
mod none;
#[cfg(feature = "wgpu")]
mod pages;

#[cfg(feature = "wgpu")]
pub use device::Gpu;
#[cfg(not(feature = "wgpu"))]
pub use none::Gpu;

/// Why no graphics processor can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoGpu(String);

impl fmt::Display for NoGpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no graphics processor can be used: {}", self.0)
    }
}

impl std::error::Error for NoGpu {}
