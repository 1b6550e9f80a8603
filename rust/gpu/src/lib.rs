//! Tones on a graphics processor, for rendering files (wgpu: Vulkan, Metal or Direct3D 12).
//!
//! A [`Gpu`] is a [`ToneAccelerator`](realtime_backend_core::voice::ToneAccelerator): given to a plan
//! ([`PlanOptions::accelerator`](realtime_backend_core::plan::PlanOptions)), it computes the sum of the voices that can be
//! written down as tones, a few seconds of sound at a time; everything else of the track stays on the processor. The
//! samples differ from those of the processor by less than 1e-6 of full scale. Playback does not use it: a stream needs
//! little, but always in time.

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

/// Why there is no graphics processor to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoGpu(String);

impl fmt::Display for NoGpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no graphics processor can be used: {}", self.0)
    }
}

impl std::error::Error for NoGpu {}
