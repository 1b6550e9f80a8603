//! Measures the steps of a plan and derives their gains.

pub(crate) mod gain;
pub(crate) mod incremental;
pub(crate) mod loudness;
pub(crate) mod measure;
pub(crate) mod measured;
pub(crate) mod peak_pruning;
pub(crate) mod peaks;
pub(crate) mod resolve;
pub(crate) mod search;
pub(crate) mod sparse;
