//! What a listener wants, and what is happening.

/// What is happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not started yet, or stopped.
    Stopped,
    /// Sounding.
    Playing,
    /// Fading out, then silent at a fixed position.
    Paused,
    /// The last frame has been heard.
    Finished,
}

impl State {
    /// The word for it: `stopped`, `playing`, `paused`, `finished`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Finished => "finished",
        }
    }
}

/// What the listener wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransportCommand {
    Play,
    Pause,
    Stop,
}
