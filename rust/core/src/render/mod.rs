//! From samples to their destinations.

pub mod files;
