//! The containers of audio files, and how they are named.

use std::path::Path;

use super::codec::FormatInfo;
use super::table::{ABSENT, FORMATS};
use crate::error::{Error, Result, suggestion};

/// Container of an audio file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// RIFF/WAVE; becomes RF64 when it grows past 4 GiB.
    Wav,
    /// FLAC (lossless compression).
    Flac,
    /// Opus in Ogg, at 48 kHz.
    Opus,
    /// Vorbis in Ogg.
    Vorbis,
    /// MPEG layer III.
    Mp3,
}

impl Container {
    /// The container with this name, a usual extension with or without a leading dot, in any case. `None` if this build
    /// does not write it.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = tidy(name);
        FORMATS.iter().find(|info| info.names.contains(&name.as_str())).map(|info| info.container)
    }

    /// The container for the extension of `path`.
    ///
    /// # Errors
    /// [`Error::Media`], with a list of what is supported, if there is no extension or it is unknown.
    ///
    /// ```
    /// use realtime_backend_core::render::encode::Container;
    ///
    /// assert_eq!(Container::of("night.WAV".as_ref())?, Container::Wav);
    /// assert!(Container::of("night".as_ref()).is_err());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|kind| kind.to_string_lossy().into_owned());
        let found = match extension {
            None => Err(format!("the file name has no extension; {}", supported())),
            Some(name) => Self::from_name(&name).ok_or_else(|| unknown(&name)),
        };
        found.map_err(|message| Error::Media { path: path.display().to_string(), message })
    }

    /// Like [`Self::of`], but a stream ([`crate::files::stream`]) without a known extension is WAV.
    ///
    /// # Errors
    /// Those of [`Self::of`], for a regular file.
    pub fn of_output(path: &Path) -> Result<Self> {
        let plain = path.extension().is_none_or(|kind| Self::from_name(&kind.to_string_lossy()).is_none());
        if plain && crate::files::stream::is_stream(path) { Ok(Self::Wav) } else { Self::of(path) }
    }

    /// The container that the option `format` names.
    ///
    /// # Errors
    /// The reason, as text, if this build does not write such files.
    ///
    /// ```
    /// use realtime_backend_core::render::encode::Container;
    ///
    /// assert_eq!(Container::named("FLAC")?, Container::Flac);
    /// assert!(Container::named("m4a").unwrap_err().contains("AAC"));
    /// # Ok::<(), String>(())
    /// ```
    pub fn named(name: &str) -> Result<Self, String> {
        Self::from_name(name).ok_or_else(|| match absent(name) {
            Some(reason) => reason.to_owned(),
            None => {
                let known = FORMATS.iter().flat_map(|info| info.names.iter().copied());
                format!("expected {}, got {name:?}{}", words("\"", "\""), suggestion(name, known))
            }
        })
    }

    /// The formats of this build.
    pub fn all() -> impl Iterator<Item = &'static FormatInfo> {
        FORMATS.iter().copied()
    }

    /// The description of the format; `None` if this build does not write it.
    pub fn info(self) -> Option<&'static FormatInfo> {
        FORMATS.iter().copied().find(|info| info.container == self)
    }

    /// The usual name in options, which is the usual extension.
    pub fn name(self) -> &'static str {
        self.info().map_or("", |info| info.names[0])
    }
}

/// The names of the formats of this build in a sentence, each between two texts: `"wav", "flac" or "opus"`.
///
/// ```
/// use realtime_backend_core::render::encode::words;
///
/// assert!(words(".", "").starts_with(".wav, .flac"));
/// ```
pub fn words(before: &str, after: &str) -> String {
    let names: Vec<String> = FORMATS.iter().map(|info| format!("{before}{}{after}", info.names[0])).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn tidy(name: &str) -> String {
    name.trim().trim_start_matches('.').to_lowercase()
}

fn absent(name: &str) -> Option<&'static str> {
    let name = tidy(name);
    ABSENT.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, reason)| *reason)
}

/// The formats of this build, for errors.
pub(super) fn supported() -> String {
    let formats: Vec<String> = FORMATS.iter().map(|info| info.listed()).collect();
    format!("supported are {}", formats.join(", "))
}

fn unknown(name: &str) -> String {
    match absent(name) {
        Some(reason) => format!("cannot write .{name} files: {reason}; {}", supported()),
        None => format!("cannot write .{name} files; {}", supported()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::FileFormat;
    use super::*;

    #[test]
    fn the_extension_chooses_the_container() {
        assert_eq!(Container::of(Path::new("a/b.WAV")).unwrap(), Container::Wav);
        assert_eq!(FileFormat::for_path("x.flac").unwrap(), FileFormat::new(Container::Flac));
        for name in ["song.wma", "song", ".wav", "song.aiff"] {
            let text = Container::of(Path::new(name)).unwrap_err().to_string();
            assert!(text.starts_with(name) && text.contains(".flac (16 bit, 24 bit)"), "{text}");
        }
        assert!(Container::of(Path::new("x.wma")).unwrap_err().to_string().contains("cannot write .wma"));
    }

    #[test]
    fn formats_that_are_left_out_say_why() {
        for name in ["x.m4a", "x.AAC"] {
            assert!(Container::of(Path::new(name)).unwrap_err().to_string().contains("licence"));
        }
        let mp3 = Container::of(Path::new("x.mp3"));
        assert_eq!(mp3.is_ok(), cfg!(feature = "mp3"));
        assert!(mp3.err().is_none_or(|error| error.to_string().contains("feature mp3")));
    }

    #[test]
    fn names_are_of_one_format_each() {
        let names: Vec<&str> = Container::all().flat_map(|info| info.names.iter().copied()).collect();
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name) && absent(name).is_none(), "{name}");
        }
    }
}
