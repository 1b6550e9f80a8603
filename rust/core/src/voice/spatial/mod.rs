//! Sources that move around the listener.

pub(crate) mod hrtf;
