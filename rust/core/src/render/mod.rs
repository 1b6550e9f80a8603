//! Renders plans: blocks at any frame, long stretches on all cores, and files.

pub mod batch;
mod describe;
mod elsewhere;
pub mod encode;
mod events;
mod export;
mod extent;
pub mod offline;
mod pass;
mod peak;
mod piecewise;
mod renderer;
pub mod seamless;
mod shaping;
mod sheets;
mod stems;
mod target;

pub use describe::TagOptions;
pub use elsewhere::Blocks;
pub use export::{ExportOptions, Exported, MarkerOptions, render_to_file, write_rendered};
pub use extent::{begins_within, frames_between};
pub use offline::{render_array, render_into, render_stream};
pub use pass::FileLevels;
pub use peak::peak;
pub use piecewise::PiecewiseExport;
pub use renderer::Renderer;
pub use shaping::Shaping;
pub use sheets::SheetOptions;
pub use stems::Stems;
pub use target::{Reached, TargetLevel};
