//! Renders plans: blocks at any frame, long stretches on all cores, and files.

mod describe;
pub mod encode;
mod events;
mod export;
pub mod offline;
mod peak;
mod renderer;
mod sheets;
mod target;

pub use describe::TagOptions;
pub use export::{ExportOptions, Exported, MarkerOptions, render_to_file};
pub use offline::{render_array, render_into, render_stream};
pub use peak::peak;
pub use renderer::Renderer;
pub use sheets::SheetOptions;
pub use target::{Reached, TargetLevel};
