//! An edited track that is compiled.

use std::sync::Arc;

use realtime_backend_core::error::Problem;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::render::{Renderer, StreamClips};

/// An edited track that is compiled and ready to take over. See [`crate::Stream::compile`].
pub struct Edit {
    pub(crate) plan: Arc<Plan>,
    pub(crate) renderer: Renderer,
    pub(crate) clips: StreamClips,
    pub(crate) warnings: Vec<Problem>,
}
