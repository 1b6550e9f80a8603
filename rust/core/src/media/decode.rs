//! Decoding: WAV, FLAC, MP3, OGG/Vorbis and AAC (ADTS, M4A; feature `aac`) to planar `f32`, from a file, a `data:` URL or
//! bytes.
//!
//! Memory follows what is really in the file, never what its header claims. Encoder delay is removed where the file
//! states it (MP3 with a LAME header, Vorbis, FLAC); AAC files do not tell the decoder, so they start with theirs
//! (usually 1024 frames of near silence).

use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::audio::Audio;
use super::location;
use super::riff::{self, Mended, Verdict};
use crate::error::{Error, Result};
use crate::regular_file::open_regular;

/// What can be decoded, for messages.
const SUPPORTED: &str =
    if cfg!(feature = "aac") { "WAV, FLAC, MP3, OGG Vorbis, AAC/M4A" } else { "WAV, FLAC, MP3, OGG Vorbis" };
/// Sample rates outside 1..=this are a damaged header.
const MAX_SAMPLE_RATE: u32 = 1_000_000;

/// How much one file may decode to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Samples over all channels, 4 bytes each.
    pub samples: usize,
}

impl Default for Limits {
    /// 2^30 samples, 4 GiB: three hours of stereo at 48 kHz.
    fn default() -> Self {
        Self { samples: 1 << 30 }
    }
}

/// Decode a path (relative ones count from `folder`, if given) or a `data:<type>;base64,` URL (spec track-format 6).
pub fn decode(location: &str, folder: Option<&Path>) -> Result<Audio> {
    if location::is_data_url(location) {
        let url = location::parse_data_url(location)?;
        let mut hint = Hint::new();
        hint.mime_type(&url.mime);
        return decode_source(Cursor::new(url.bytes), &hint, &location::label(location), Limits::default());
    }
    match folder {
        Some(folder) => decode_file(folder.join(location)),
        None => decode_file(location),
    }
}

/// Decode a file.
pub fn decode_file(path: impl AsRef<Path>) -> Result<Audio> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let file = open_regular(path)?;
    decode_source(file, &hint(&name), &name, Limits::default())
}

/// Decode bytes in memory; `name` (a file name) appears in messages, and its extension helps to recognise the format.
pub fn decode_bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static, name: &str, limits: Limits) -> Result<Audio> {
    decode_source(Cursor::new(bytes), &hint(name), name, limits)
}

/// Whether bytes in memory are audio in a format that [`decode_bytes`] knows; damage further in does not matter.
pub fn recognises(bytes: impl AsRef<[u8]> + Send + Sync + 'static, name: &str) -> bool {
    open(Cursor::new(bytes), &hint(name), name, |_| Ok(())).is_ok()
}

fn hint(name: &str) -> Hint {
    let mut hint = Hint::new();
    if let Some(extension) = Path::new(name).extension().and_then(|e| e.to_str()) {
        hint.with_extension(extension);
    }
    hint
}

/// Decode a source to its end.
fn decode_source<R>(source: R, hint: &Hint, name: &str, limits: Limits) -> Result<Audio>
where
    R: Read + Seek + Send + Sync + 'static,
{
    let ((audio, mut warnings), truncated) = open(source, hint, name, |session| session.run(limits))?;
    warnings.extend(truncated);
    Ok(audio.with_warnings(warnings))
}

/// Mend the header if it needs it, then `act` on the open file; what was wrong with the header comes second.
fn open<R, T>(
    mut source: R,
    hint: &Hint,
    name: &str,
    act: impl FnOnce(Session) -> Result<T, String>,
) -> Result<(T, Option<String>)>
where
    R: Read + Seek + Send + Sync + 'static,
{
    let io = |source| Error::Io { path: name.to_owned(), source };
    let refuse = |message: String| Error::Media { path: name.to_owned(), message };
    let len = source.seek(std::io::SeekFrom::End(0)).map_err(io)?;
    source.rewind().map_err(io)?;
    if len == 0 {
        return Err(refuse("the file is empty".to_owned()));
    }
    let (patches, truncated) = match riff::inspect(&mut source, len).map_err(io)? {
        Verdict::Fine => (Vec::new(), None),
        Verdict::Mend(patches, warning) => (patches, warning),
        Verdict::Refuse(message) => return Err(refuse(message)),
    };
    let stream =
        MediaSourceStream::new(Box::new(Mended::new(source, len, patches)), MediaSourceStreamOptions::default());
    // The decoders are written to return errors, but a damaged file that finds a hole in one must not take the host
    // down with it.
    let done = catch_unwind(AssertUnwindSafe(|| Session::open(stream, hint).and_then(act)));
    let done = done.unwrap_or_else(|_| Err("is damaged (the decoder gave up)".to_owned())).map_err(refuse)?;
    Ok((done, truncated))
}

/// One file being decoded.
struct Session {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// Frames that the container announces, if it does.
    announced: Option<u64>,
    sample_rate: u32,
    channels: Vec<Vec<f32>>,
    damaged_packets: usize,
    warnings: Vec<String>,
}

/// Why decoding stopped.
enum Stop {
    End,
    CutOff,
    Changed,
}

impl Session {
    fn open(stream: MediaSourceStream<'static>, hint: &Hint) -> Result<Self, String> {
        let format = symphonia::default::get_probe()
            .probe(hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| match error {
                DecoderError::DecodeError(what) => format!("is damaged: {what}"),
                _ => format!("is not an audio file that can be read ({SUPPORTED}), or ends within its header"),
            })?;
        let track = format.default_track(TrackType::Audio).ok_or("contains no audio track")?;
        let parameters =
            track.codec_params.as_ref().and_then(|p| p.audio()).ok_or("its audio track has no known format")?;
        let decoder = make_decoder(parameters)?;
        let (track, announced) = (track.id, track.num_frames);
        Ok(Self {
            format,
            decoder,
            track,
            announced,
            sample_rate: 0,
            channels: Vec::new(),
            damaged_packets: 0,
            warnings: Vec::new(),
        })
    }

    /// Decode to the end, or as far as the file goes.
    fn run(mut self, limits: Limits) -> Result<(Audio, Vec<String>), String> {
        let mut packet_planes: Vec<Vec<f32>> = Vec::new();
        let stop = loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break Stop::End,
                Err(DecoderError::ResetRequired) => break Stop::Changed,
                Err(_) => break Stop::CutOff,
            };
            if packet.track_id != self.track {
                continue;
            }
            let Ok(decoded) = self.decoder.decode(&packet) else {
                self.damaged_packets += 1;
                continue;
            };
            if decoded.frames() == 0 {
                continue;
            }
            let (rate, count) = (decoded.spec().rate(), decoded.num_planes());
            decoded.copy_to_vecs_planar(&mut packet_planes);
            if self.channels.is_empty() {
                self.begin(rate, count)?;
            } else if rate != self.sample_rate || count != self.channels.len() {
                break Stop::Changed;
            }
            let frames = packet_planes[0].len();
            if (self.channels[0].len() + frames).saturating_mul(count) > limits.samples {
                return Err(format!("is longer than the limit of {} samples", limits.samples));
            }
            for (channel, plane) in self.channels.iter_mut().zip(&packet_planes) {
                channel.extend_from_slice(plane);
            }
        };
        self.conclude(&stop)
    }

    /// The first packet says what the file is.
    fn begin(&mut self, rate: u32, count: usize) -> Result<(), String> {
        check_format(rate, count)?;
        self.sample_rate = rate;
        self.channels = vec![Vec::new(); count];
        Ok(())
    }

    fn conclude(mut self, stop: &Stop) -> Result<(Audio, Vec<String>), String> {
        let frames = self.channels.first().map_or(0, Vec::len);
        if frames == 0 {
            return Err(match stop {
                Stop::End if self.damaged_packets == 0 && self.announced.unwrap_or(0) == 0 => {
                    "contains no audio (0 frames)".to_owned()
                }
                _ => "is damaged or truncated: nothing in it can be decoded".to_owned(),
            });
        }
        let missing = self.announced.map_or(0, |announced| announced.saturating_sub(frames as u64));
        match stop {
            Stop::Changed => {
                self.warnings.push(format!("the audio changes its format after {frames} frames; the rest is left out"));
            }
            _ if missing > 0 && self.damaged_packets == 0 => {
                self.warnings.push(format!("truncated: {missing} of {} frames are missing", missing + frames as u64));
            }
            Stop::CutOff => {
                self.warnings.push(format!("truncated: ends in the middle of a packet after {frames} frames"));
            }
            Stop::End => {}
        }
        if self.damaged_packets > 0 {
            self.warnings.push(format!("{} damaged packets were left out", self.damaged_packets));
        }
        Ok((Audio::new(self.channels, self.sample_rate), self.warnings))
    }
}

fn make_decoder(parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, String> {
    // Before the decoder allocates its buffers.
    let count = parameters.channels.as_ref().map_or(1, symphonia::core::audio::Channels::count);
    check_format(parameters.sample_rate.unwrap_or(MAX_SAMPLE_RATE), count)?;
    symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| format!("its audio codec cannot be decoded ({error}); supported are {SUPPORTED}"))
}

fn check_format(rate: u32, channels: usize) -> Result<(), String> {
    if rate == 0 || rate > MAX_SAMPLE_RATE {
        return Err(format!("the header claims a sample rate of {rate} Hz (possible are 1 to {MAX_SAMPLE_RATE})"));
    }
    if channels == 0 || channels > usize::from(riff::MAX_CHANNELS) {
        return Err(format!("the header claims {channels} channels (possible are 1 to {})", riff::MAX_CHANNELS));
    }
    Ok(())
}
