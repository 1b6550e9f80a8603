//! Vorbis in Ogg, by libvorbis with the patches aoTuV and Lancer.

use std::io::{self, Write};
use std::mem::take;
use std::num::{NonZeroU8, NonZeroU32};
use std::sync::{Arc, Mutex};

use sha2::{Digest as _, Sha256};
use vorbis_rs::{VorbisBitrateManagementStrategy, VorbisEncoder, VorbisEncoderBuilder, VorbisError};

use super::codec::{Codec, FormatInfo, Rates, Setup, Sink};
use super::comments::packed;
use super::container::Container;
use super::feed::Feed;
use crate::lock::lock;

pub(super) const FORMAT: FormatInfo = FormatInfo {
    container: Container::Vorbis,
    title: "Ogg Vorbis",
    names: &["ogg", "oga", "vorbis"],
    subtypes: &[],
    rates: Rates::Only(&[44_100, 48_000]),
    quality: Some([64, 160, 400]),
    tagged: true,
    begin,
};

/// Frames that the encoder gets at a time. Its pages, and so the bytes of the file, depend on it.
const BLOCK: usize = 4096;

struct VorbisFile {
    encoder: Option<VorbisEncoder<Shared>>,
    feed: Feed,
    channels: usize,
    bytes: Shared,
}

/// Bytes that the encoder has written.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn begin(setup: &Setup<'_>, sink: &mut dyn Sink) -> io::Result<Box<dyn Codec>> {
    let rate = FORMAT.rate_for(setup.sample_rate);
    let kbps = setup.format.quality.or(FORMAT.quality.map(|[_, usual, _]| usual)).unwrap_or_default();
    let (Some(hertz), Some(channels), Some(target_bitrate)) =
        (NonZeroU32::new(rate), NonZeroU8::new(setup.channels.sound() as u8), NonZeroU32::new(kbps * 1000))
    else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let comments = setup.tags.comments(setup.sample_rate);
    let digest = Sha256::digest(packed("", &comments));
    let serial = i32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let bytes = Shared::default();
    let mut builder = VorbisEncoderBuilder::new_with_serial(hertz, channels, bytes.clone(), serial);
    builder.bitrate_management_strategy(VorbisBitrateManagementStrategy::Vbr { target_bitrate });
    builder.comment_tags(comments).map_err(failure)?;
    let encoder = Some(builder.build().map_err(failure)?);
    let mut file = VorbisFile {
        encoder,
        feed: Feed::new(setup.sample_rate, rate, setup.channels)?,
        channels: usize::from(channels.get()),
        bytes,
    };
    file.hand_on(sink)?;
    Ok(Box::new(file))
}

// SAFETY: the pointers in the encoder's state are owned by it, and it is used by one thread at a time.
unsafe impl Send for VorbisFile {}

impl VorbisFile {
    fn encode(&mut self, count: usize) -> io::Result<()> {
        let blocks = self.feed.ready.each_ref().map(|channel| &channel[..count]);
        if let Some(encoder) = &mut self.encoder {
            encoder.encode_audio_block(&blocks[..self.channels]).map_err(failure)?;
        }
        self.feed.drop_front(count);
        Ok(())
    }

    fn hand_on(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        sink.write_all(&take(&mut *lock(&self.bytes.0)))
    }
}

impl Codec for VorbisFile {
    fn write(&mut self, frames: &[u8], sink: &mut dyn Sink) -> io::Result<()> {
        self.feed.push(frames);
        while self.feed.ready[0].len() >= BLOCK {
            self.encode(BLOCK)?;
        }
        self.hand_on(sink)
    }

    fn finish(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        self.feed.end();
        while !self.feed.ready[0].is_empty() {
            self.encode(self.feed.ready[0].len().min(BLOCK))?;
        }
        if let Some(encoder) = self.encoder.take() {
            encoder.finish().map_err(failure)?;
        }
        self.hand_on(sink)
    }
}

fn failure(error: VorbisError) -> io::Error {
    io::Error::other(format!("the Vorbis encoder failed: {error}"))
}
