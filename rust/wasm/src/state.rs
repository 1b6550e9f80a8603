//! State and transport commands of a stream.

/// State of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not started yet, or stopped.
    Stopped,
    /// Playing.
    Playing,
    /// Fading out, or silent at a fixed position.
    Paused,
    /// The last frame has been heard.
    Finished,
}

impl State {
    /// Name of the state: `stopped`, `playing`, `paused` or `finished`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Finished => "finished",
        }
    }
}

/// The transport command that was given last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransportCommand {
    Play,
    Pause,
    Stop,
}
