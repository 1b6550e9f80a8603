//! MP3, by LAME. The channels are coded apart from each other (no joint stereo).

use std::io::{self, SeekFrom};

use mp3lame_sys as lame;

use super::codec::{Codec, FormatInfo, Length, Rates, Setup, Sink};
use super::container::Container;
use super::feed::Feed;
use super::format::Channels;
use super::id3;

pub(super) const FORMAT: FormatInfo = FormatInfo {
    container: Container::Mp3,
    title: "MP3",
    names: &["mp3"],
    subtypes: &[],
    rates: Rates::Only(&[32_000, 44_100, 48_000]),
    quality: Some([32, 160, 320]),
    tagged: true,
    begin,
};

/// Frames that the encoder gets at a time.
const BLOCK: usize = 4096;
/// Room for what LAME writes for a block or for the end: 1.25 bytes a frame and 7200 more, as its header says.
const ROOM: usize = BLOCK * 5 / 4 + 7200;

/// The bit rates of MPEG 1, layer III, in kbit/s.
const RATES: [u32; 13] = [32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

struct Mp3File {
    encoder: Encoder,
    feed: Feed,
    /// Place of the first frame, which states delay and length.
    start: u64,
    length: Length,
}

fn begin(setup: &Setup<'_>, sink: &mut dyn Sink) -> io::Result<Box<dyn Codec>> {
    let rate = FORMAT.rate_for(setup.sample_rate);
    let kbps = setup.format.quality.or(FORMAT.quality.map(|[_, usual, _]| usual)).unwrap_or_default();
    let nearest = RATES.into_iter().min_by_key(|rate| kbps.abs_diff(*rate)).unwrap_or(kbps);
    // without a place to go back to, the first frame would stay empty
    let encoder = Encoder::new(rate, setup.channels, nearest, setup.length == Length::AtEnd)?;
    let tag = id3::tag(setup.tags, setup.sample_rate)?;
    sink.write_all(&tag)?;
    let feed = Feed::new(setup.sample_rate, rate, setup.channels)?;
    Ok(Box::new(Mp3File { encoder, feed, start: tag.len() as u64, length: setup.length }))
}

impl Mp3File {
    fn encode(&mut self, count: usize, sink: &mut dyn Sink) -> io::Result<()> {
        let gain = self.encoder.gain;
        let samples = self.feed.ready.each_ref().map(|channel| channel[..count].iter().map(|x| x * gain).collect());
        sink.write_all(self.encoder.encode(&samples)?)?;
        self.feed.drop_front(count);
        Ok(())
    }
}

impl Codec for Mp3File {
    fn write(&mut self, frames: &[u8], sink: &mut dyn Sink) -> io::Result<()> {
        self.feed.push(frames);
        while self.feed.ready[0].len() >= BLOCK {
            self.encode(BLOCK, sink)?;
        }
        Ok(())
    }

    /// Write the rest, and delay and length into the first frame.
    fn finish(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        self.feed.end();
        while !self.feed.ready[0].is_empty() {
            self.encode(self.feed.ready[0].len().min(BLOCK), sink)?;
        }
        sink.write_all(self.encoder.flush()?)?;
        if self.length != Length::AtEnd {
            return Ok(());
        }
        let first = self.encoder.first_frame()?;
        sink.seek(SeekFrom::Start(self.start))?;
        sink.write_all(first)?;
        sink.seek(SeekFrom::End(0))?;
        sink.flush()
    }
}

/// The encoder of the library.
struct Encoder {
    state: *mut lame::lame_global_flags,
    /// LAME turns the sound down at low bit rates; this factor turns it up again.
    gain: f32,
    bytes: Vec<u8>,
}

// SAFETY: the state is owned, and used by one thread at a time.
unsafe impl Send for Encoder {}

impl Encoder {
    fn new(rate: u32, channels: Channels, kbps: u32, states_length: bool) -> io::Result<Self> {
        // SAFETY: the function has no conditions.
        let state = unsafe { lame::lame_init() };
        if state.is_null() {
            return Err(failure(-2));
        }
        let mode = if channels.mono { lame::MPEG_mode::MONO } else { lame::MPEG_mode::STEREO };
        let mut encoder = Self { state, gain: 1.0, bytes: vec![0; ROOM] };
        // SAFETY: the state is valid.
        let codes = unsafe {
            [
                lame::lame_set_num_channels(state, i32::from(channels.sound())),
                lame::lame_set_in_samplerate(state, rate as i32),
                lame::lame_set_out_samplerate(state, rate as i32),
                lame::lame_set_brate(state, kbps as i32),
                lame::lame_set_mode(state, mode),
                lame::lame_set_quality(state, 2),
                lame::lame_set_bWriteVbrTag(state, i32::from(states_length)),
                lame::lame_init_params(state),
            ]
        };
        if let Some(code) = codes.into_iter().find(|code| *code < 0) {
            return Err(failure(code));
        }
        // SAFETY: the state is valid.
        encoder.gain = 1.0 / unsafe { lame::lame_get_scale(state) };
        Ok(encoder)
    }

    fn encode(&mut self, samples: &[Vec<f32>; 2]) -> io::Result<&[u8]> {
        let [left, right] = samples;
        let (count, room) = (left.len().min(right.len()) as i32, self.bytes.len() as i32);
        let to = self.bytes.as_mut_ptr();
        // SAFETY: the state is valid, both channels have `count` samples, and `to` has `room` bytes.
        let code =
            unsafe { lame::lame_encode_buffer_ieee_float(self.state, left.as_ptr(), right.as_ptr(), count, to, room) };
        self.written(code)
    }

    fn flush(&mut self) -> io::Result<&[u8]> {
        // SAFETY: the state is valid, and the buffer has so many bytes.
        let code = unsafe { lame::lame_encode_flush(self.state, self.bytes.as_mut_ptr(), self.bytes.len() as i32) };
        self.written(code)
    }

    /// The frame that states delay and length.
    fn first_frame(&mut self) -> io::Result<&[u8]> {
        let room = self.bytes.len();
        // SAFETY: the state is valid, and the buffer has `room` bytes.
        let len = unsafe { lame::lame_get_lametag_frame(self.state, self.bytes.as_mut_ptr(), room) };
        self.written(if len > room { -1 } else { len as i32 })
    }

    fn written(&self, code: i32) -> io::Result<&[u8]> {
        usize::try_from(code).map(|len| &self.bytes[..len]).map_err(|_| failure(code))
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: the state was created by the library and is not used afterwards.
        unsafe { lame::lame_close(self.state) };
    }
}

fn failure(code: i32) -> io::Error {
    io::Error::other(format!("the MP3 encoder failed with code {code}"))
}
