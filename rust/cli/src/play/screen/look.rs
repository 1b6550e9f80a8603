//! Colours. Those of the terminal's own palette that can be read on a dark and on a light background, or none.

use ratatui::style::{Color, Modifier, Style};

/// Colours of voices, in the order of the voices of a step.
const VOICES: [Color; 6] = [Color::Cyan, Color::Magenta, Color::Green, Color::LightBlue, Color::Red, Color::Yellow];

/// How things look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Whether there are colours.
    pub(super) colour: bool,
}

impl Look {
    /// No colours if the environment variable `NO_COLOR` is set and not empty.
    pub(super) fn of_environment() -> Self {
        Self { colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) }
    }

    fn coloured(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    /// What is looked at first.
    pub(super) fn title(self) -> Style {
        self.coloured(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Labels and frames.
    pub(super) fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The part of the track that was played, and good levels.
    pub(super) fn good(self) -> Style {
        self.coloured(Color::Green)
    }

    /// High levels, pauses.
    pub(super) fn high(self) -> Style {
        self.coloured(Color::Yellow)
    }

    /// What is wrong.
    pub(super) fn bad(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// The playhead.
    pub(super) fn playhead(self) -> Style {
        self.coloured(Color::Red)
    }

    /// The colour of a voice.
    pub(super) fn voice(self, voice: usize) -> Color {
        if self.colour { VOICES[voice % VOICES.len()] } else { Color::Reset }
    }
}
