//! Containers that symphonia demultiplexes: FLAC, CAF and fragmented MP4.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known as codecs;
use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::Timestamp;

use super::codecs::{Mpeg, Symphonia};
use super::packets::{Codec, Decoded, Index, Kept, LARGEST, Memory, Packet, Packets, Place};
use super::part::Part;
use super::plausible::check_format;
use super::{adts, mpeg};
use crate::media::fault::{Fault, Res};
use crate::media::input::Input;
use crate::media::opened::{Check, Opened};

/// For packets that are independent of each other.
const ALONE: Memory = Memory { cell: 16, packets: 0, payload: 0, frames: 0 };

/// A demultiplexer of symphonia.
#[allow(clippy::struct_excessive_bools, reason = "each says one thing of the reader, in any combination")]
pub(super) struct Reader {
    input: Input,
    start: u64,
    patches: Vec<(u64, u8)>,
    format: Box<dyn FormatReader>,
    track: u32,
    /// Whether packets state their position in frames, and whether the container can seek by it.
    absolute: bool,
    seeks: bool,
    /// The expected time of the next packet, and the time before which packets are skipped.
    next: i64,
    from: i64,
    /// Whether the file ended within a packet or is damaged.
    pub(super) cut: bool,
    /// Length of the track in frames, whether its end was reached, and whether the reader was used. A reader cannot
    /// seek back from the end. The FLAC reader keeps data that it has read ahead when it seeks to the first frame, so a
    /// used one is replaced instead.
    total: i64,
    ended: bool,
    used: bool,
}

impl Reader {
    /// Opens the container that begins at `start`; `patches` are replacements as (offset in the file, byte), and
    /// `extension` is a hint for the format.
    pub(super) fn open(input: &Input, start: u64, patches: Vec<(u64, u8)>, extension: &str) -> Res<Self> {
        let part = Part::new(input.clone(), start, input.len(), patches.clone());
        let stream = MediaSourceStream::new(Box::new(part), MediaSourceStreamOptions::default());
        let mut hint = Hint::new();
        hint.with_extension(extension);
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| match error {
                DecoderError::DecodeError(what) => format!("is damaged: {what}"),
                DecoderError::Unsupported(what) => format!("cannot be read ({what}); convert it to FLAC or WAV"),
                _ => "is damaged, or ends within its header".to_owned(),
            })?;
        let track = format.default_track(TrackType::Audio).ok_or("contains no audio track")?.id;
        Ok(Self {
            input: input.clone(),
            start,
            patches,
            format,
            track,
            absolute: false,
            seeks: false,
            next: 0,
            from: i64::MIN,
            cut: false,
            total: i64::MAX,
            ended: false,
            used: false,
        })
    }

    /// The audio track.
    pub(super) fn track(&self) -> Res<&Track> {
        let track = self.format.tracks().iter().find(|track| track.id == self.track);
        Ok(track.ok_or("contains no audio track")?)
    }

    /// The codec parameters of the audio track.
    pub(super) fn parameters(&self) -> Res<AudioCodecParameters> {
        let parameters = self.track()?.codec_params.as_ref().and_then(|parameters| parameters.audio());
        Ok(parameters.ok_or("has an audio track of an unknown format")?.clone())
    }

    /// A new reader of the same file, at its start.
    fn anew(&self) -> Res<Self> {
        let reader = Self::open(&self.input, self.start, self.patches.clone(), "")?;
        Ok(Self { absolute: self.absolute, seeks: self.seeks, total: self.total, ..reader })
    }

    fn seek(&mut self, ts: i64) -> bool {
        self.from = ts;
        self.next = ts;
        let to = SeekTo::Timestamp { ts: Timestamp::new(ts), track_id: self.track };
        self.format.seek(SeekMode::Accurate, to).is_ok()
    }
}

impl Packets for Reader {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        self.used = true;
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => {
                    self.ended = true;
                    return Ok(None);
                }
                Err(DecoderError::IoError(error)) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
                    return Err(Fault::Io(error));
                }
                Err(_) => {
                    (self.cut, self.ended) = (true, true);
                    return Ok(None);
                }
            };
            let (at, frames) = (packet.pts.get(), packet.dur.get());
            let end = at.saturating_add_unsigned(frames);
            if packet.track_id != self.track || end <= self.from {
                continue;
            }
            self.from = i64::MIN;
            self.next = end;
            self.ended |= end >= self.total;
            if let Some(data) = data {
                data.clear();
                data.extend_from_slice(&packet.data);
            }
            let place = self.absolute.then(|| u64::try_from(at).unwrap_or(0));
            let frames = frames.min(LARGEST) as u32;
            return Ok(Some(Packet { frames, at: place, ..Packet::default() }));
        }
    }

    fn place(&self) -> Place {
        Place { at: self.next as u64, ..Place::default() }
    }

    fn go(&mut self, place: Place) -> Res<()> {
        let ts = place.at as i64;
        if self.ended || (self.seeks && self.used) {
            *self = self.anew()?;
        }
        if !self.seek(ts) {
            // the reader cannot seek there: read from the start
            *self = Self { next: ts, from: ts, ..self.anew()? };
        }
        Ok(())
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        Ok(Box::new(self.anew()?))
    }

    fn find(&mut self, frame: u64) -> Option<Res<()>> {
        self.seeks.then(|| self.go(Place { at: frame, ..Place::default() }))
    }
}

/// Opens a FLAC file. Of its metadata only the stream information is read, so an invalid cue sheet, picture or seek
/// table does no harm.
pub(super) fn open_flac(input: &Input, start: u64, check: &mut Check<'_>) -> Res<Opened> {
    const PADDING: u8 = 1;
    let mut headers = input.clone();
    let (mut patches, mut at) = (Vec::new(), start + 4);
    loop {
        let head = headers.exactly::<4>(at)?;
        if head[0] & 0x7f > 0 {
            patches.push((at, head[0] & 0x80 | PADDING));
        }
        at += 4 + u64::from(u32::from_be_bytes([0, head[1], head[2], head[3]]));
        if head[0] & 0x80 != 0 {
            break;
        }
        if at >= headers.len() {
            return Err(Fault::Ends);
        }
    }
    let mut reader = Reader::open(input, start, patches, "flac")?;
    let parameters = reader.parameters()?;
    let (rate, channels) = format_of(&parameters)?;
    let codec = Symphonia::new(&parameters, "FLAC")?;
    let announced = reader.track()?.num_frames.unwrap_or(0);
    let mut warnings = Vec::new();
    let mut index = Index::new(ALONE, Place::default());
    // trust the stated length if the last frame is where it should be; otherwise count the frames
    let whole = announced > 0 && reader.seek((announced - 1) as i64) && {
        let last = reader.next(None)?;
        last.is_some() && reader.next >= announced as i64
    };
    let frames = if whole {
        announced
    } else {
        reader = Reader { absolute: true, ..reader.anew()? };
        count(&mut reader, &mut index, check)?;
        if index.frames < announced {
            warnings.push(format!("truncated: {} of {announced} frames are missing", announced - index.frames));
        }
        index.frames
    };
    if frames == 0 {
        return Err("contains no audio (0 frames)".into());
    }
    let reader = Reader { absolute: true, seeks: true, total: frames as i64, ..reader.anew()? };
    let kept = vec![Kept { start: 0, frames }];
    let decoded = Decoded::new(Box::new(reader), Box::new(codec), channels, index, kept);
    Ok(Opened { rate, warnings, ..Opened::of(Box::new(decoded)) })
}

/// Opens a CAF file or a fragmented MP4 file.
pub(super) fn open(input: &Input, start: u64, extension: &str, check: &mut Check<'_>) -> Res<Opened> {
    let mut reader = Reader::open(input, start, Vec::new(), extension)?;
    let parameters = reader.parameters()?;
    let (mut codec, memory) = codec(&parameters)?;
    let (rate, channels) = format_of(&parameters)?;
    let valid = if extension == "caf" { valid_frames(input, start)? } else { None };
    let track = reader.track()?;
    let base = track.time_base.map_or(rate, |base| base.denom.get());
    if base != rate {
        return Err(format!("counts time in {base} units a second at {rate} Hz; convert it to FLAC or WAV").into());
    }
    let (delay, padding) = (u64::from(track.delay.unwrap_or(0)), u64::from(track.padding.unwrap_or(0)));
    reader.next = track.start_ts.get().min(0);
    let mut index = Index::new(memory, reader.place());
    count(&mut reader, &mut index, check)?;
    let warnings = reader.cut.then(|| "truncated: ends in the middle of a packet".to_owned()).into_iter().collect();
    reader.total = index.frames as i64;
    if parameters.codec == codecs::CODEC_ID_ALAC {
        // the container states one length for all packets; the last one may be shorter, which only decoding shows
        let (mut data, mut planes) = (Vec::new(), Vec::new());
        reader.go(index.last_place())?;
        if let Some(last) = reader.next(Some(&mut data))?
            && codec.decode(&data, last.frames, &mut planes)
        {
            let there = planes.first().map_or(0, Vec::len) as u64;
            index.frames = index.frames.saturating_sub(u64::from(last.frames).saturating_sub(there));
        }
        codec.reset();
    }
    let front = valid.map_or(delay, |valid| valid.0).min(index.frames);
    let rest = index.frames - front;
    let kept =
        vec![Kept { start: front, frames: valid.map_or(rest.saturating_sub(padding), |valid| valid.1.min(rest)) }];
    if kept[0].frames == 0 {
        return Err("contains no audio (0 frames)".into());
    }
    let decoded = Decoded::new(Box::new(reader), codec, channels, index, kept);
    Ok(Opened { rate, warnings, ..Opened::of(Box::new(decoded)) })
}

/// The numbers of priming frames and of valid frames in the packet table of a CAF file.
fn valid_frames(input: &Input, start: u64) -> Res<Option<(u64, u64)>> {
    let mut input = input.clone();
    let mut at = start + 8;
    while let Ok(head) = input.exactly::<12>(at) {
        let size = i64::from_be_bytes([head[4], head[5], head[6], head[7], head[8], head[9], head[10], head[11]]);
        if &head[..4] == b"pakt" {
            let table = input.exactly::<24>(at + 12)?;
            let valid = i64::from_be_bytes([
                table[8], table[9], table[10], table[11], table[12], table[13], table[14], table[15],
            ]);
            let front = i32::from_be_bytes([table[16], table[17], table[18], table[19]]);
            return Ok(u64::try_from(front).ok().zip(u64::try_from(valid).ok().filter(|valid| *valid > 0)));
        }
        // a chunk of unknown size is the last one
        let Ok(size) = u64::try_from(size) else { break };
        at = at.saturating_add(12).saturating_add(size);
    }
    Ok(None)
}

/// Indexes the whole stream.
pub(super) fn count(packets: &mut dyn Packets, index: &mut Index, check: &mut Check<'_>) -> Res<()> {
    let mut cells = 64;
    while !index.done {
        index.extend(packets, cells, &mut |_, _| Ok(()))?;
        cells += 64;
        check()?;
    }
    Ok(())
}

/// The sample rate in Hz and the number of channels of a track.
pub(super) fn format_of(parameters: &AudioCodecParameters) -> Res<(u32, usize)> {
    let rate = parameters.sample_rate.ok_or("does not say its sample rate")?;
    let channels = parameters.channels.as_ref().map_or(0, symphonia::core::audio::Channels::count);
    check_format(rate, channels)?;
    Ok((rate, channels))
}

/// The decoder for a track, and the warm-up that it needs.
pub(super) fn codec(parameters: &AudioCodecParameters) -> Res<(Box<dyn Codec>, Memory)> {
    let channels = parameters.channels.as_ref().map_or(0, symphonia::core::audio::Channels::count);
    let name = match parameters.codec {
        codecs::CODEC_ID_AAC => {
            // the decoder configuration begins with the object type (ISO 14496-3, 1.6.2.1)
            let config = parameters.extra_data.as_deref().unwrap_or(&[]);
            let kind = match config {
                [first, second, ..] if first >> 3 == 31 => 32 + ((first & 7) << 3 | second >> 5),
                [first, ..] => first >> 3,
                [] => 2,
            };
            return Ok((Box::new(adts::aac(parameters, kind, channels)?), adts::MEMORY));
        }
        codecs::CODEC_ID_MP1 | codecs::CODEC_ID_MP2 | codecs::CODEC_ID_MP3 => {
            return Ok((Box::new(Mpeg::new()), mpeg::MEMORY));
        }
        codecs::CODEC_ID_ALAC => return Ok((Box::new(Symphonia::new(parameters, "ALAC")?), ALONE)),
        codecs::CODEC_ID_FLAC => return Ok((Box::new(Symphonia::new(parameters, "FLAC")?), ALONE)),
        codecs::CODEC_ID_OPUS => "Opus in MP4",
        codecs::CODEC_ID_AC3 => "Dolby AC-3",
        codecs::CODEC_ID_EAC3 => "Dolby E-AC-3",
        codecs::CODEC_ID_AC4 => "Dolby AC-4",
        codecs::CODEC_ID_DCA => "DTS",
        id if (codecs::CODEC_ID_PCM_S32LE..=codecs::CODEC_ID_PCM_MULAW).contains(&id) => {
            return Ok((Box::new(Symphonia::new(parameters, "PCM")?), ALONE));
        }
        _ => "an audio format that is not known",
    };
    Err(format!("holds {name}, which cannot be decoded; convert it to FLAC or WAV").into())
}
