//! Opus in Ogg (RFC 7845): libopus in a translation to Rust. Opus runs at 48 kHz; sound at another rate is resampled.

use std::io;

use ogg::writing::{PacketWriteEndInfo, PacketWriter};
use sha2::{Digest as _, Sha256};
use unsafe_libopus::{
    OPUS_APPLICATION_AUDIO, OPUS_GET_LOOKAHEAD_REQUEST, OPUS_OK, OPUS_SET_BITRATE_REQUEST,
    OPUS_SET_PHASE_INVERSION_DISABLED_REQUEST, OpusEncoder, opus_encode_float, opus_encoder_create, opus_encoder_ctl,
    opus_encoder_destroy, opus_strerror,
};

use super::codec::{Codec, FormatInfo, Rates, Setup, Sink};
use super::comments::{VENDOR, packed};
use super::container::Container;
use super::feed::Feed;

pub(super) const FORMAT: FormatInfo = FormatInfo {
    container: Container::Opus,
    title: "Ogg Opus",
    names: &["opus"],
    subtypes: &[],
    rates: Rates::Only(&[RATE]),
    quality: Some([32, 160, 510]),
    tagged: true,
    begin,
};

const RATE: u32 = 48_000;
/// Frames per packet: 20 ms.
const PACKET: usize = 960;
/// Packets per page: one second.
const PAGE: u64 = 50;
/// Largest packet in bytes, as the documentation of the encoder advises.
const MOST: usize = 4000;

struct OpusFile {
    encoder: Encoder,
    feed: Feed,
    pages: PacketWriter<'static, Vec<u8>>,
    serial: u32,
    /// Frames at the start of the decoded sound that players leave out.
    lead: u64,
    frames: u64,
    packets: u64,
}

fn begin(setup: &Setup<'_>, sink: &mut dyn Sink) -> io::Result<Box<dyn Codec>> {
    let kbps = setup.format.quality.or(FORMAT.quality.map(|[_, usual, _]| usual)).unwrap_or_default();
    let channels = setup.channels.sound() as u8;
    let encoder = Encoder::new(kbps, channels)?;
    let lead = encoder.lookahead;
    let mut tags = b"OpusTags".to_vec();
    tags.extend(packed(VENDOR, &setup.tags.comments(setup.sample_rate)));
    let digest = Sha256::digest(&tags);
    // version 1, channels, frames to leave out, rate of the source, no gain, plain stereo
    let [low, high] = lead.to_le_bytes();
    let mut head = vec![b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', 1, channels, low, high];
    head.extend_from_slice(&setup.sample_rate.to_le_bytes());
    head.extend_from_slice(&[0, 0, 0]);
    let mut file = OpusFile {
        encoder,
        feed: Feed::new(setup.sample_rate, RATE, setup.channels)?,
        pages: PacketWriter::new(Vec::new()),
        // files with different tags differ in the number of their stream
        serial: u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]),
        lead: u64::from(lead),
        frames: 0,
        packets: 0,
    };
    for packet in [head, tags] {
        file.pages.write_packet(packet, file.serial, PacketWriteEndInfo::EndPage, 0)?;
    }
    file.hand_on(sink)?;
    Ok(Box::new(file))
}

impl OpusFile {
    /// Encode the first packet of the feed; its last frame is at `position`.
    fn encode(&mut self, position: u64, last: bool) -> io::Result<()> {
        let mut samples = [0.0; 2 * PACKET];
        let channels = usize::from(self.encoder.channels);
        for (channel, ready) in self.feed.ready.iter().take(channels).enumerate() {
            samples
                .iter_mut()
                .skip(channel)
                .step_by(channels)
                .zip(ready)
                .take(PACKET)
                .for_each(|(to, from)| *to = *from);
        }
        let packet = self.encoder.encode(&samples)?;
        self.feed.drop_front(PACKET);
        self.packets += 1;
        let end = match self.packets.is_multiple_of(PAGE) {
            _ if last => PacketWriteEndInfo::EndStream,
            true => PacketWriteEndInfo::EndPage,
            false => PacketWriteEndInfo::NormalPacket,
        };
        self.pages.write_packet(packet, self.serial, end, position)
    }

    fn hand_on(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        sink.write_all(self.pages.inner())?;
        self.pages.inner_mut().clear();
        Ok(())
    }
}

impl Codec for OpusFile {
    fn write(&mut self, frames: &[u8], sink: &mut dyn Sink) -> io::Result<()> {
        self.feed.push(frames);
        // one packet is always left for the end, which has to be marked
        while self.feed.ready[0].len() > PACKET {
            self.frames += PACKET as u64;
            self.encode(self.frames, false)?;
        }
        self.hand_on(sink)
    }

    fn finish(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        self.feed.end();
        // what the encoder holds back comes out behind as much silence
        let end = self.lead + self.frames + self.feed.ready[0].len() as u64;
        loop {
            self.frames += PACKET as u64;
            let last = self.frames >= end;
            if self.feed.ready[0].len() < PACKET {
                self.feed.ready.iter_mut().for_each(|channel| channel.resize(PACKET, 0.0));
            }
            self.encode(self.frames.min(end), last)?;
            if last {
                return self.hand_on(sink);
            }
        }
    }
}

/// The encoder of the library.
struct Encoder {
    state: *mut OpusEncoder,
    channels: u8,
    lookahead: u16,
    packet: Vec<u8>,
}

// SAFETY: the state is owned, and used by one thread at a time.
unsafe impl Send for Encoder {}

impl Encoder {
    fn new(kbps: u32, channels: u8) -> io::Result<Self> {
        let mut code = OPUS_OK;
        // SAFETY: `code` outlives the call.
        let state =
            unsafe { opus_encoder_create(RATE as i32, i32::from(channels), OPUS_APPLICATION_AUDIO, &raw mut code) };
        if state.is_null() {
            return Err(failure(code));
        }
        let mut encoder = Self { state, channels, lookahead: 0, packet: vec![0; MOST] };
        let mut lookahead = 0_i32;
        // SAFETY: the state is valid, and each request has an argument of its type.
        let codes = unsafe {
            [
                opus_encoder_ctl!(state, OPUS_SET_BITRATE_REQUEST, kbps as i32 * 1000),
                // inverted phases would move what binaural beats are made of
                opus_encoder_ctl!(state, OPUS_SET_PHASE_INVERSION_DISABLED_REQUEST, 1_i32),
                opus_encoder_ctl!(state, OPUS_GET_LOOKAHEAD_REQUEST, &mut lookahead),
            ]
        };
        encoder.lookahead = u16::try_from(lookahead).unwrap_or_default();
        codes.into_iter().find(|code| *code != OPUS_OK).map_or(Ok(encoder), |code| Err(failure(code)))
    }

    fn encode(&mut self, samples: &[f32; 2 * PACKET]) -> io::Result<Vec<u8>> {
        let (room, most) = (self.packet.as_mut_ptr(), MOST as i32);
        // SAFETY: the state is valid, `samples` has `PACKET` frames, and the packet has room for `MOST` bytes.
        let len = unsafe { opus_encode_float(self.state, samples.as_ptr(), PACKET as i32, room, most) };
        usize::try_from(len).map(|len| self.packet[..len].to_vec()).map_err(|_| failure(len))
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: the state was created by the library and is not used afterwards.
        unsafe { opus_encoder_destroy(self.state) }
    }
}

fn failure(code: i32) -> io::Error {
    io::Error::other(format!("the Opus encoder failed: {}", opus_strerror(code)))
}
