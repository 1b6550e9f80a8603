//! MP3, by LAME. The channels are coded apart from each other (no joint stereo).

use std::io::{self, SeekFrom};

use mp3lame_encoder::{Bitrate, Builder, DualPcm, FlushNoGap, Mode, Quality, VbrMode};

use super::codec::{Codec, FormatInfo, Rates, Setup, Sink};
use super::container::Container;
use super::feed::Feed;
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

/// The bit rates of MPEG 1, layer III.
const RATES: [Bitrate; 13] = [
    Bitrate::Kbps32,
    Bitrate::Kbps40,
    Bitrate::Kbps48,
    Bitrate::Kbps64,
    Bitrate::Kbps80,
    Bitrate::Kbps96,
    Bitrate::Kbps112,
    Bitrate::Kbps128,
    Bitrate::Kbps160,
    Bitrate::Kbps192,
    Bitrate::Kbps224,
    Bitrate::Kbps256,
    Bitrate::Kbps320,
];

struct Mp3File {
    encoder: mp3lame_encoder::Encoder,
    feed: Feed,
    /// Place of the first frame, which states delay and length.
    start: u64,
    streaming: bool,
    bytes: Vec<u8>,
}

fn begin(setup: &Setup<'_>, sink: &mut dyn Sink) -> io::Result<Box<dyn Codec>> {
    let rate = FORMAT.rate_for(setup.sample_rate);
    let kbps = setup.format.quality.or(FORMAT.quality.map(|[_, usual, _]| usual)).unwrap_or_default();
    let nearest = RATES.into_iter().min_by_key(|rate| kbps.abs_diff(*rate as u32)).unwrap_or(Bitrate::Kbps160);
    let mut builder = Builder::new().ok_or_else(|| failure("no memory"))?;
    builder.set_num_channels(2).map_err(failure)?;
    builder.set_sample_rate(rate).map_err(failure)?;
    builder.set_brate(nearest).map_err(failure)?;
    builder.set_vbr_mode(VbrMode::Off).map_err(failure)?;
    builder.set_mode(Mode::Stereo).map_err(failure)?;
    builder.set_quality(Quality::NearBest).map_err(failure)?;
    // without a place to go back to, the first frame would stay empty
    builder.set_to_write_vbr_tag(!setup.streaming).map_err(failure)?;
    let encoder = builder.build().map_err(failure)?;
    let tag = id3::tag(setup.tags, setup.sample_rate)?;
    sink.write_all(&tag)?;
    Ok(Box::new(Mp3File {
        encoder,
        feed: Feed::new(setup.sample_rate, rate)?,
        start: tag.len() as u64,
        streaming: setup.streaming,
        bytes: Vec::new(),
    }))
}

impl Mp3File {
    fn encode(&mut self, count: usize, sink: &mut dyn Sink) -> io::Result<()> {
        let [left, right] = &self.feed.ready;
        let samples = DualPcm { left: &left[..count], right: &right[..count] };
        self.bytes.clear();
        self.bytes.reserve(ROOM);
        self.encoder.encode_to_vec(samples, &mut self.bytes).map_err(failure)?;
        self.feed.drop_front(count);
        sink.write_all(&self.bytes)
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
        self.bytes.clear();
        self.bytes.reserve(ROOM);
        self.encoder.flush_to_vec::<FlushNoGap>(&mut self.bytes).map_err(failure)?;
        sink.write_all(&self.bytes)?;
        if self.streaming {
            return Ok(());
        }
        let mut frame = Vec::with_capacity(self.encoder.lame_tag_size());
        self.encoder.lame_tag_encode_to_vec(&mut frame).ok_or_else(|| failure("no frame for the length"))?;
        sink.seek(SeekFrom::Start(self.start))?;
        sink.write_all(&frame)?;
        sink.seek(SeekFrom::End(0))?;
        sink.flush()
    }
}

fn failure(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("the MP3 encoder failed: {error}"))
}
