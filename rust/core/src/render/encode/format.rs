//! What a file is to be: container, sample type, rounding, bit rate, and the supported combinations.

use std::path::Path;

use super::codec::Rates;
use super::container::{Container, supported};
use crate::compat::Compat;
use crate::error::Result;

/// Sample type of an audio file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Subtype {
    /// 16-bit integers.
    #[default]
    Pcm16,
    /// 24-bit integers.
    Pcm24,
    /// 32-bit floats, not clipped (WAV only).
    Float32,
}

/// The channels of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Channels {
    /// One channel of sound, the left one, instead of two.
    pub(crate) mono: bool,
    /// Whether a trigger channel follows the sound (WAV only).
    pub(crate) trigger: bool,
}

impl Channels {
    /// Number of channels of sound.
    pub(super) const fn sound(self) -> u16 {
        if self.mono { 1 } else { 2 }
    }

    /// Number of all channels.
    pub(super) const fn count(self) -> u16 {
        self.sound() + self.trigger as u16
    }
}

/// How samples are converted to integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rounding {
    /// To the nearest integer, ties to even.
    #[default]
    Nearest,
    /// To the nearest integer after adding triangular dither of ±1 step (TPDF), independent in the two channels. It is a
    /// function of seed, frame and channel.
    Dither,
    /// Toward zero, as the legacy implementation does (`Compat::truncate_pcm`).
    Truncate,
}

/// A file format that can be written.
///
/// ```
/// use realtime_backend_core::render::encode::{Container, FileFormat, Rounding, Subtype};
///
/// let format = FileFormat::for_path("night.flac")?.with_subtype(Subtype::Pcm24).with_rounding(Rounding::Dither);
/// assert_eq!(format.container, Container::Flac);
/// assert!(format.check(96_000).is_ok());
/// assert!(FileFormat::for_path("night.wma").is_err());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileFormat {
    /// Container.
    pub container: Container,
    /// Sample type.
    pub subtype: Subtype,
    /// How samples are converted to integers; ignored for floats.
    pub rounding: Rounding,
    /// Bit rate in kbit/s of a format that compresses with loss; `None`: the usual one. Ignored by the others.
    pub quality: Option<u32>,
}

impl Subtype {
    /// The sample type with this name: `pcm16`, `pcm24`, `float32` or a usual spelling of them (`16`, `PCM_24`,
    /// `int16`, `float`), in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().replace(['_', '-', ' '], "").as_str() {
            "16" | "pcm16" | "int16" | "16bit" | "s16" => Some(Self::Pcm16),
            "24" | "pcm24" | "int24" | "24bit" | "s24" => Some(Self::Pcm24),
            "32" | "float" | "float32" | "f32" | "32f" => Some(Self::Float32),
            _ => None,
        }
    }

    /// Name for people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Pcm16 => "16 bit",
            Self::Pcm24 => "24 bit",
            Self::Float32 => "float32",
        }
    }

    /// Bytes per sample.
    pub fn bytes(self) -> usize {
        match self {
            Self::Pcm16 => 2,
            Self::Pcm24 => 3,
            Self::Float32 => 4,
        }
    }
}

impl Rounding {
    /// The rounding of a file under these rules, with dither unless it is off. `truncate_pcm` excludes dither.
    ///
    /// ```
    /// use realtime_backend_core::compat::Compat;
    /// use realtime_backend_core::render::encode::Rounding;
    ///
    /// assert_eq!(Rounding::of_file(&Compat::INTENDED, true), Rounding::Dither);
    /// assert_eq!(Rounding::of_file(&Compat::LEGACY, true), Rounding::Truncate);
    /// ```
    pub fn of_file(compat: &Compat, dither: bool) -> Self {
        match (compat.truncate_pcm, dither) {
            (true, _) => Self::Truncate,
            (false, true) => Self::Dither,
            (false, false) => Self::Nearest,
        }
    }
}

impl FileFormat {
    /// A format with this container and 16-bit samples, rounded to the nearest integer.
    pub fn new(container: Container) -> Self {
        Self { container, subtype: Subtype::default(), rounding: Rounding::default(), quality: None }
    }

    /// Like [`Self::new`], with the container for the extension of `path`.
    ///
    /// # Errors
    /// Those of [`Container::of`].
    pub fn for_path(path: impl AsRef<Path>) -> Result<Self> {
        Container::of(path.as_ref()).map(Self::new)
    }

    /// The same with another sample type.
    #[must_use]
    pub fn with_subtype(self, subtype: Subtype) -> Self {
        Self { subtype, ..self }
    }

    /// The same with another rounding.
    #[must_use]
    pub fn with_rounding(self, rounding: Rounding) -> Self {
        Self { rounding, ..self }
    }

    /// The same with another bit rate, in kbit/s.
    #[must_use]
    pub fn with_quality(self, quality: Option<u32>) -> Self {
        Self { quality, ..self }
    }

    /// Check that files of this format can be written of sound at `sample_rate` Hz.
    ///
    /// # Errors
    /// The reason, as text, if they cannot.
    pub fn check(&self, sample_rate: u32) -> Result<(), String> {
        let Some(info) = self.container.info() else { return Err(supported()) };
        let highest = if let Rates::UpTo(highest) = info.rates { highest } else { u32::MAX / 8 };
        if sample_rate == 0 || sample_rate > highest {
            return Err(format!("{} files cannot have a sample rate of {sample_rate} Hz", info.title));
        }
        if !info.is_lossy() && !info.subtypes.contains(&self.subtype) {
            return Err(format!("{} has no {} samples; {}", info.title, self.subtype.title(), supported()));
        }
        match (info.quality, self.quality) {
            (Some([least, _, most]), Some(kbps)) if !(least..=most).contains(&kbps) => {
                Err(format!("{} takes {least} to {most} kbit/s, not {kbps}", info.title))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_types_are_found_by_their_usual_names() {
        assert_eq!(Subtype::from_name("PCM_16"), Some(Subtype::Pcm16));
        assert_eq!(Subtype::from_name("24"), Some(Subtype::Pcm24));
        assert_eq!(Subtype::from_name("Float"), Some(Subtype::Float32));
        assert_eq!(Subtype::from_name("8"), None);
    }

    #[test]
    fn unsupported_formats_and_sample_rates_give_a_reason() {
        let float = FileFormat::new(Container::Flac).with_subtype(Subtype::Float32);
        assert!(float.check(44_100).unwrap_err().contains("no float"));
        assert!(FileFormat::new(Container::Flac).check(1_000_000).unwrap_err().contains("1000000 Hz"));
        assert!(FileFormat::new(Container::Wav).check(0).is_err());
        assert!(FileFormat::new(Container::Wav).check(192_000).is_ok());
        if Container::from_name("opus").is_some() {
            let opus = FileFormat::new(Container::Opus);
            assert!(opus.check(44_100).is_ok() && opus.with_quality(Some(128)).check(44_100).is_ok());
            assert!(opus.with_quality(Some(1000)).check(48_000).unwrap_err().contains("32 to 510 kbit/s"));
        }
    }

    #[test]
    fn only_the_legacy_preset_truncates_and_it_has_no_dither() {
        for dither in [false, true] {
            assert_eq!(Rounding::of_file(&Compat::LEGACY, dither), Rounding::Truncate);
        }
        for rules in [Compat::DEFAULT, Compat::INTENDED] {
            assert_eq!(Rounding::of_file(&rules, true), Rounding::Dither);
            assert_eq!(Rounding::of_file(&rules, false), Rounding::Nearest);
        }
    }
}
