//! Helpers that the tests share. They panic if a fixture is broken.

pub mod generated;
pub mod golden;
pub mod inputs;
pub mod numpy_random;
pub mod random;
