//! An edited track that is compiled.

use realtime_backend_core::error::Problem;
use realtime_backend_core::stream::Playing;

/// An edited track that is compiled and ready to take over. See [`crate::Stream::compile`].
pub struct Edit {
    pub(crate) playing: Playing,
    pub(crate) warnings: Vec<Problem>,
}
