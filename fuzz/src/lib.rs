//! What the fuzz targets share: making a document out of random bytes, and playing what could be loaded.

pub mod document;
mod play;


pub use play::play;
