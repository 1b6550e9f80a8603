//! Shared by the test crates beside this file. Test code: a broken fixture may panic.

pub mod golden;
pub mod random;
