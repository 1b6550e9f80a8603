//! In place of [`spatial`](super): no places, because this build has none (the feature `spatial`). Code that follows a
//! scene is left out, because there are no scenes.

/// No scenes.
pub mod scene {
    use std::borrow::Cow;
    use std::sync::Arc;

    use serde_json::{Map, Value};

    use crate::voice::{Context, Voice};

    /// What a scene does to one voice; does not exist.
    #[derive(Debug, Clone, PartialEq)]
    pub enum VoiceScene {}

    /// A scene that acts on a voice; does not exist.
    #[derive(Debug, Clone)]
    pub struct SceneAt(Arc<VoiceScene>);

    #[allow(missing_docs, reason = "those of the scenes that exist")]
    impl SceneAt {
        pub const fn new(scene: Arc<VoiceScene>, _: f64, _: f64) -> Self {
            Self(scene)
        }

        pub(crate) fn overridden<'a>(
            &self,
            _: &'a Map<String, Value>,
            _: impl Fn(&str) -> f64,
        ) -> Cow<'a, Map<String, Value>> {
            match *self.0 {}
        }
    }

    /// The voice itself.
    pub(crate) fn staged(voice: Box<dyn Voice>, _: &Context) -> Box<dyn Voice> {
        voice
    }
}

/// Refuses voices that have a place.
pub(crate) mod stage {
    use serde_json::Value;

    use crate::error::{Error, Problem, Result};
    use crate::voice::param::SPATIAL;
    use crate::voice::params::Params;
    use crate::voice::{Context, Voice};

    /// The keys of the object `spatial`.
    pub(crate) mod rows {
        /// None.
        pub(crate) const TABLE: &[crate::voice::Param] = &[];
    }

    /// The voice itself if it has no place.
    pub(crate) fn staged(voice: Box<dyn Voice>, _: bool, _: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
        if params.raw(&SPATIAL).is_some() { Err(Error::unplaced()) } else { Ok(voice) }
    }

    /// Refuses every voice.
    pub(crate) fn moved(_: Box<dyn Voice>, _: &Value, _: bool, _: &Context) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
        Err(Error::unplaced())
    }
}
