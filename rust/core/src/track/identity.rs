//! What tells voices apart across steps.

/// Identity of a voice across steps (spec assembly 5.2). All texts are as written in the track.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    /// An explicit id, whatever the generator.
    Id(String),
    /// A label (`description`, else `name`) with voice type and generator.
    Label {
        /// `voice_type`, `binaural` if absent.
        voice_type: String,
        /// `synth_function_name`.
        function: String,
        /// Trimmed label.
        label: String,
    },
    /// The position in the step with voice type and generator, for voices without id and label.
    Index {
        /// `voice_type`, `binaural` if absent.
        voice_type: String,
        /// `synth_function_name`.
        function: String,
        /// Position in the step.
        position: usize,
    },
}
