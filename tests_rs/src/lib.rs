//! Shared by the test crates beside this file. Test code: a broken fixture may panic.

pub mod golden;
pub mod inputs;
pub mod numpy_random;
pub mod random;
