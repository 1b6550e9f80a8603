//! Renders plans: blocks at any frame, long stretches on all cores, and files.

pub mod batch;
mod describe;
mod elsewhere;
pub mod encode;
mod events;
mod export;
pub mod offline;
mod pass;
mod peak;
mod renderer;
pub mod seamless;
mod shaping;
mod sheets;
mod stems;
mod target;

pub use describe::TagOptions;
pub use elsewhere::Blocks;
pub use export::{ExportOptions, Exported, MarkerOptions, begins_within, render_to_file, write_rendered};
pub use offline::{render_array, render_into, render_stream};
pub use pass::FileLevels;
pub use peak::peak;
pub use renderer::Renderer;
pub use shaping::Shaping;
pub use sheets::SheetOptions;
pub use stems::Stems;
pub use target::{Reached, TargetLevel};
