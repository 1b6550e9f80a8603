//! Code that the fuzz targets share: generating documents from random bytes, and rendering loaded tracks.

pub mod document;
mod play;


pub use play::play;
