//! What the renderers of moving sources share: the path of a source round the listener, and measured responses.

pub(crate) mod hrtf;
pub(crate) mod path;
