//! A track that is compiled and waits to be heard.

use std::sync::Arc;

use realtime_backend_core::error::Problem;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::stream::Playing;
use realtime_backend_core::track::Track;

/// A track that is compiled and ready to play: an edit ([`crate::Stream::compile`]) or another track of a list
/// ([`crate::Stream::compile_entry`]).
pub struct Compiled {
    pub(crate) playing: Playing,
    pub(crate) entry: u64,
    pub(crate) track: Arc<Track>,
    pub(crate) warnings: Vec<Problem>,
}

impl Compiled {
    /// Its plan.
    pub const fn plan(&self) -> &Arc<Plan> {
        self.playing.plan()
    }

    /// Findings about it.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }
}
