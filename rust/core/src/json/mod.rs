//! JSON documents: a tolerant reader that reports the path of every finding. It does not know what the documents mean.

pub(crate) mod complaint;
pub(crate) mod fields;
pub(crate) mod findings;
pub mod parse;
pub(crate) mod path;
pub(crate) mod select;
pub mod value;
