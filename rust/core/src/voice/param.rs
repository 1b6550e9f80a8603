//! Rows of parameter tables: name, type, unit, default, range and meaning. The parser, the documentation and
//! `synth.voices()` all read these rows.

use crate::manual::manual;

/// Default limit of a number's magnitude, for rows that set no range of their own.
pub const LIMIT: f64 = 1e6;

/// Type of a parameter as written in a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A finite number; numeric strings and booleans are accepted.
    Number,
    /// A whole number; fractions are truncated.
    Integer,
    /// True or false, by the truthiness of the value; the texts `"false"`, `"0"`, `"no"` and `"off"` mean false.
    Flag,
    /// One of these words in any case; any other word means the row's default.
    Choice(&'static [&'static str]),
    /// Free text.
    Text,
    /// The path of an audio file, or its content as a `data:` URL.
    File,
    /// A list of audio files, or one text with `;` between them.
    Files,
    /// A list or an object, which the family parses.
    Structure,
}

/// Value of an absent parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fallback {
    /// This number.
    Number(f64),
    /// This flag.
    Flag(bool),
    /// This word.
    Text(&'static str),
    /// No default; the family decides what an absent value means.
    None,
}

/// How the transition voice spells a parameter, and where its start and end values come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moves {
    /// One value under the static name.
    Fixed,
    /// `startX` else `X` else default; `endX` else the start value.
    Pair,
    /// `startX` else `start`; `endX` else `end`; the static name is not read.
    Own {
        /// Default of `startX`.
        start: f64,
        /// Default of `endX`.
        end: f64,
    },
    /// `startX` else the default; `endX` else the start value; the static name is not read.
    PairOnly,
    /// As `Own`, but with explicit names instead of `startX`/`endX`: name and default of either end.
    OwnNamed {
        /// The start value.
        start: (&'static str, f64),
        /// The end value.
        end: (&'static str, f64),
    },
    /// As `Pair`, but with explicit names instead of `startX`/`endX`.
    Named {
        /// Name of the start value.
        start: &'static str,
        /// Name of the end value.
        end: &'static str,
    },
    /// Read only by the static voice.
    StaticOnly,
    /// Read only by the transition voice, under exactly the static name.
    TransitionOnly,
}

/// One row of a family's parameter table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Name in the static voice, in the track format's spelling.
    pub name: &'static str,
    /// Type of the value.
    pub kind: Kind,
    /// Unit to display, such as `Hz`, `s`, `rad`, `deg`, `cycles` or `dB`; empty if there is none.
    pub unit: &'static str,
    /// Value of an absent parameter.
    pub default: Fallback,
    /// Smallest accepted value (`f64::MIN`: no limit).
    pub min: f64,
    /// Largest accepted value (`f64::MAX`: no limit).
    pub max: f64,
    /// Spelling in the transition voice.
    pub moves: Moves,
    /// Whether the transition voice also accepts `start_x` and `end_x` for `x`, as the voice editor writes some
    /// families.
    pub editor_spelling: bool,
    /// One line of explanation; empty in a build without the feature `manual`.
    pub about: &'static str,
}

impl Param {
    /// A row for a number within ±10⁶ that moves as a `startX`/`endX` pair. The limit is far above useful values and
    /// far below what would make a sample infinite.
    pub const fn number(name: &'static str, default: f64, unit: &'static str, about: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Number,
            unit,
            default: Fallback::Number(default),
            min: -LIMIT,
            max: LIMIT,
            moves: Moves::Pair,
            editor_spelling: false,
            about: manual(about),
        }
    }

    /// A row for a whole number within ±10⁶ that does not move.
    pub const fn integer(name: &'static str, default: f64, about: &'static str) -> Self {
        let mut p = Self::number(name, default, "", about);
        p.kind = Kind::Integer;
        p.moves = Moves::Fixed;
        p
    }

    /// A row for a value that is not a number and does not move.
    const fn other(name: &'static str, kind: Kind, default: Fallback, about: &'static str) -> Self {
        let mut p = Self::number(name, 0.0, "", about).range(f64::MIN, f64::MAX).moves(Moves::Fixed);
        p.kind = kind;
        p.default = default;
        p
    }

    /// A row for a flag that does not move.
    pub const fn flag(name: &'static str, default: bool, about: &'static str) -> Self {
        Self::other(name, Kind::Flag, Fallback::Flag(default), about)
    }

    /// A row for one of several words that does not move.
    pub const fn choice(
        name: &'static str,
        words: &'static [&'static str],
        default: &'static str,
        about: &'static str,
    ) -> Self {
        Self::other(name, Kind::Choice(words), Fallback::Text(default), about)
    }

    /// A row for free text that does not move.
    pub const fn text(name: &'static str, default: &'static str, about: &'static str) -> Self {
        Self::other(name, Kind::Text, Fallback::Text(default), about)
    }

    /// A row for an audio file that does not move and is not named by default.
    pub const fn file(name: &'static str, about: &'static str) -> Self {
        Self::other(name, Kind::File, Fallback::Text(""), about)
    }

    /// A row for several audio files that do not move and are not named by default.
    pub const fn files(name: &'static str, about: &'static str) -> Self {
        Self::other(name, Kind::Files, Fallback::None, about)
    }

    /// A row for a list or an object that does not move and has no default.
    pub const fn structure(name: &'static str, about: &'static str) -> Self {
        Self::other(name, Kind::Structure, Fallback::None, about)
    }

    /// Remove the default, so that an absent value stays absent.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.default = Fallback::None;
        self
    }

    /// Set the accepted range (inclusive); values outside are errors.
    #[must_use]
    pub const fn range(mut self, min: f64, max: f64) -> Self {
        self.min = min;
        self.max = max;
        self
    }

    /// Set how the transition voice spells the parameter.
    #[must_use]
    pub const fn moves(mut self, moves: Moves) -> Self {
        self.moves = moves;
        self
    }

    /// Also accept `start_x` and `end_x` (see [`Param::editor_spelling`]).
    #[must_use]
    pub const fn editor_spelling(mut self) -> Self {
        self.editor_spelling = true;
        self
    }

    /// The names that the static (`false`) or transition (`true`) voice reads for this parameter, preferred names
    /// first.
    pub fn spellings(&self, transition: bool) -> Vec<String> {
        let pair = |word: &str| {
            let mut name = String::from(word);
            // `amp_lower_L` becomes `start_amp_lower_L`, `baseFreq` becomes `startBaseFreq`
            if self.name.contains('_') && self.name.starts_with(char::is_lowercase) {
                name.push('_');
                name.push_str(self.name);
            } else {
                let mut letters = self.name.chars();
                name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                name.push_str(letters.as_str());
            }
            name
        };
        let mut names = match (transition, self.moves) {
            (false, Moves::TransitionOnly) | (true, Moves::StaticOnly) => vec![],
            (false, _) | (true, Moves::Fixed | Moves::TransitionOnly) => vec![self.name.to_owned()],
            (true, Moves::Pair) => vec![pair("start"), pair("end"), self.name.to_owned()],
            (true, Moves::Own { .. } | Moves::PairOnly) => vec![pair("start"), pair("end")],
            (true, Moves::OwnNamed { start, end }) => vec![start.0.to_owned(), end.0.to_owned()],
            (true, Moves::Named { start, end }) => vec![start.to_owned(), end.to_owned(), self.name.to_owned()],
        };
        if transition && self.editor_spelling {
            names.extend(["start", "end"].map(|word| format!("{word}_{}", self.name)));
        }
        names
    }

    /// The default as a number; 0 if there is none.
    pub(super) fn default_number(&self) -> f64 {
        match self.default {
            Fallback::Number(number) => number,
            Fallback::Flag(flag) => f64::from(u8::from(flag)),
            Fallback::Text(_) | Fallback::None => 0.0,
        }
    }

    /// The names of the start and the end value in the transition voice, for a row that moves.
    pub(super) fn ends(&self) -> [String; 2] {
        let mut names = self.spellings(true).into_iter();
        std::array::from_fn(|_| names.next().unwrap_or_default())
    }

    /// Whether `key` is one of [`spellings`](Self::spellings).
    pub(super) fn reads(&self, transition: bool, key: &str) -> bool {
        let pair = |word: &str| {
            let Some(rest) = key.strip_prefix(word) else { return false };
            if self.name.contains('_') && self.name.starts_with(char::is_lowercase) {
                return rest.strip_prefix('_') == Some(self.name);
            }
            let (mut given, mut own) = (rest.chars(), self.name.chars());
            let first = own.next().into_iter().flat_map(char::to_uppercase);
            first.eq(given.next()) && given.as_str() == own.as_str()
        };
        let named = match (transition, self.moves) {
            (false, Moves::TransitionOnly) | (true, Moves::StaticOnly) => false,
            (false, _) | (true, Moves::Fixed | Moves::TransitionOnly) => key == self.name,
            (true, Moves::Pair) => key == self.name || pair("start") || pair("end"),
            (true, Moves::Own { .. } | Moves::PairOnly) => pair("start") || pair("end"),
            (true, Moves::OwnNamed { start, end }) => key == start.0 || key == end.0,
            (true, Moves::Named { start, end }) => key == start || key == end || key == self.name,
        };
        let editors = |word: &str| key.strip_prefix(word) == Some(self.name);
        named || transition && self.editor_spelling && (editors("start_") || editors("end_"))
    }

    /// The names to document for the static (`false`) or transition (`true`) voice, each with its default. The end of a
    /// `Pair` has no default of its own: it equals the start. [`spellings`](Self::spellings) lists all names that are
    /// read.
    pub fn documented(&self, transition: bool) -> Vec<(String, Fallback)> {
        let numeric = matches!(self.kind, Kind::Number | Kind::Integer);
        let defaults = match (transition, self.moves) {
            (true, Moves::Own { .. } | Moves::OwnNamed { .. }) if !numeric => vec![self.default; 2],
            (true, Moves::Pair | Moves::PairOnly | Moves::Named { .. }) => vec![self.default, Fallback::None],
            (true, Moves::Own { start, end }) => vec![Fallback::Number(start), Fallback::Number(end)],
            (true, Moves::OwnNamed { start, end }) => vec![Fallback::Number(start.1), Fallback::Number(end.1)],
            _ => vec![self.default],
        };
        self.spellings(transition).into_iter().zip(defaults).collect()
    }
}

pub(crate) const INITIAL_OFFSET: Param = Param::number(
    "initial_offset",
    0.0,
    "s",
    "When the transition begins; for a static voice the time of its first frame.",
)
.moves(Moves::Fixed);
pub(crate) const TRANSITION_DURATION: Param = Param::number(
    "transition_duration",
    0.0,
    "s",
    "Length of the transition; absent: to the end; 0: a jump at the offset (to the end under `transition_timing`).",
)
.optional()
.moves(Moves::TransitionOnly);
pub(crate) const TRANSITION_CURVE: Param =
    Param::text("transition_curve", "linear", "`linear`, `logarithmic`, `exponential` or an expression in `alpha`.")
        .moves(Moves::TransitionOnly);

/// Rows that every voice accepts: when the transition begins, how long it takes and along which curve (spec
/// voice-pipeline 3). `Family::rows` has those that a voice reads.
pub const TIMING: &[Param] = &[INITIAL_OFFSET, TRANSITION_DURATION, TRANSITION_CURVE];

/// Where the sound of a voice, or of a clip, comes from.
pub(crate) const SPATIAL: Param = Param::structure(
    "spatial",
    "Let the sound come from a place, or move along a path round the listener: `canonicalTrajectory`, `rendererMode`, \
     `channels`, ... (docs/spatial.md).",
);

/// Rows of stages that every voice can go through.
pub const STAGES: &[Param] = &[SPATIAL];

/// Rows that every voice has besides its own.
pub(super) const COMMON: &[&[Param]] = &[TIMING, STAGES];

/// [`TIMING`] of families that read it under `Compat::transition_timing` only.
pub const SWITCHED_TIMING: &[Param] = &[
    Param::number("initial_offset", 0.0, "s", "When the transition begins; read under `transition_timing` only.")
        .moves(Moves::TransitionOnly),
    Param::number(
        "transition_duration",
        0.0,
        "s",
        "Length of the transition; absent or 0: to the end; read under `transition_timing` only.",
    )
    .optional()
    .moves(Moves::TransitionOnly),
    Param::text(
        "transition_curve",
        "linear",
        "`linear`, `logarithmic`, `exponential` or an expression in `alpha`; read under `transition_timing` only.",
    )
    .moves(Moves::TransitionOnly),
];

/// A parameter that the voice does not read, but which presets contain.
#[derive(Debug, Clone, Copy)]
pub struct AlsoWritten {
    /// Name as written in a track.
    pub name: &'static str,
    /// Whether the user expects an audible effect (unless the value is 0 or empty), so that a warning is due.
    pub sounds: bool,
}
