//! What the renderers of moving sources share: the path of a source round the listener.

pub(crate) mod path;
