//! The events of a voice that a marker track lists.

/// An event of a voice, such as a pulse of a gate or a click.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    /// First frame at or after the onset, counted from the start of the voice.
    pub frame: u64,
    /// Length of the event in frames.
    pub length: f64,
    /// Number of the event within the voice; the first one has 0.
    pub index: u64,
    /// What it is, as markers call it.
    pub label: &'static str,
}
