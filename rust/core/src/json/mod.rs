//! JSON documents: one tolerant reader with the place of every finding. Knows nothing of what the documents mean.

pub(crate) mod complaint;
pub(crate) mod fields;
pub(crate) mod findings;
pub mod parse;
pub(crate) mod path;
pub mod value;
