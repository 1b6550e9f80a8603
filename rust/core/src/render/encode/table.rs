//! The table of file formats: a row each, which stands in the file of the format.

use super::codec::FormatInfo;

/// The formats of this build, in the order in which texts list them.
pub(super) const FORMATS: &[&FormatInfo] = &[
    &super::wav::FORMAT,
    &super::flac::FORMAT,
    #[cfg(feature = "opus")]
    &super::opus::FORMAT,
    #[cfg(feature = "vorbis")]
    &super::vorbis::FORMAT,
    #[cfg(feature = "mp3")]
    &super::mp3::FORMAT,
];

/// Names of formats that this build does not write, and why.
pub(super) const ABSENT: &[(&[&str], &str)] = &[
    (
        &["m4a", "aac", "mp4"],
        "there is no maintained AAC encoder under a free licence; Opus is better at every bit rate",
    ),
    #[cfg(not(feature = "opus"))]
    (&["opus"], "this build has no Opus encoder; build it with the feature opus"),
    #[cfg(not(feature = "vorbis"))]
    (&["ogg", "oga", "vorbis"], "this build has no Vorbis encoder; build it with the feature vorbis"),
    #[cfg(not(feature = "mp3"))]
    (&["mp3"], "this build has no MP3 encoder, because LAME is under the LGPL; build it with the feature mp3"),
];
