//! File access: atomic writes, safe opening of paths from outside, comparison of paths, and output streams.

pub mod atomic;
pub mod digest;
pub mod regular;
pub mod same;
pub mod stream;
mod write_back;
