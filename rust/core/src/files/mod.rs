//! Files that appear whole or not at all, and are never mistaken for something else.

pub mod atomic;
pub mod regular;
pub mod same;
pub mod stream;
