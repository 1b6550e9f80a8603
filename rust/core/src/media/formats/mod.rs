//! The formats of audio files. [`open`] tells them apart.

mod adts;
mod aiff;
mod blocks;
mod chain;
mod codecs;
mod container;
mod mp4;
mod mpeg;
mod ogg;
#[cfg(feature = "opus")]
mod opus;
mod packets;
mod part;
mod pcm;
mod plausible;
mod rated;
mod sniff;
mod tags;
mod vorbis;
mod wave;

use plausible::check_format;
use sniff::Kind;

use super::fault::Res;
use super::input::Input;
use super::opened::{Check, Opened};

/// The supported formats, for messages.
const SUPPORTED: &str = match (cfg!(feature = "aac"), cfg!(feature = "opus")) {
    (true, true) => "WAV, AIFF, AU, CAF, FLAC, MP3, OGG, OPUS, AAC, M4A",
    (true, false) => "WAV, AIFF, AU, CAF, FLAC, MP3, OGG, AAC, M4A",
    (false, true) => "WAV, AIFF, AU, FLAC, MP3, OGG, OPUS",
    (false, false) => "WAV, AIFF, AU, FLAC, MP3, OGG",
};

/// Opens a file of any of these formats.
pub(super) fn open(mut input: Input, check: &mut Check<'_>) -> Res<Opened> {
    if input.len() == 0 {
        return Err("the file is empty".into());
    }
    let (kind, start) = sniff::kind(&mut input)?;
    let opened = match kind {
        Kind::Wave => wave::open(&input, start, check),
        Kind::Aiff => aiff::open(&input, start),
        Kind::Au => aiff::open_au(&input, start),
        Kind::Flac => container::open_flac(&input, start, check),
        Kind::Ogg => ogg::open(&input, start, check),
        Kind::Mpeg => {
            let end = tags::skip_back(&mut input, start)?;
            mpeg::open(&input, start, end, check)
        }
        Kind::Adts if cfg!(feature = "aac") => {
            let end = tags::skip_back(&mut input, start)?;
            adts::open(&input, start, end, check)
        }
        Kind::Mp4 if cfg!(feature = "aac") => mp4::open(&input, start, check),
        Kind::Caf if cfg!(feature = "aac") => container::open(&input, start, "caf", check),
        Kind::Adts | Kind::Mp4 | Kind::Caf => {
            Err(format!("is not an audio file that this build can read ({SUPPORTED})").into())
        }
        Kind::Other(name) => {
            Err(format!("is {name}, which is not read; convert it to FLAC or WAV ({SUPPORTED} are read)").into())
        }
        Kind::Unknown => Err(format!("is not an audio file that can be read ({SUPPORTED})").into()),
    }?;
    check_format(opened.rate, opened.source.channels())?;
    Ok(opened)
}
