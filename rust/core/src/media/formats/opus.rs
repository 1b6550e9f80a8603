//! Opus (RFC 6716, RFC 7845): the header of a stream, the lengths of its packets, and the decoder: libopus in a
//! translation to Rust.

use unsafe_libopus::{
    OPUS_OK, OPUS_RESET_STATE, OpusMSDecoder, opus_multistream_decode_float, opus_multistream_decoder_create,
    opus_multistream_decoder_ctl, opus_multistream_decoder_destroy,
};

use super::packets::{Codec, Memory};
use crate::media::fault::Res;

/// Opus is decoded at this rate, whatever the rate of the sound was before.
pub(super) const RATE: u32 = 48_000;
/// The warm-up is eight times as long as RFC 7845 (4.6) advises: after it the decoder gives the samples that it gives when
/// it decodes from the start.
pub(super) const MEMORY: Memory = Memory { cell: 128, packets: 8, payload: 0, frames: 30_720 };
/// Most frames of a packet: 120 ms.
const MOST: u32 = 5760;

/// For three channels and more, the order of RFC 7845 (5.1.1.2) as places in the order of WAV files.
const ORDERS: [&[usize]; 6] = [
    &[0, 2, 1],
    &[0, 1, 2, 3],
    &[0, 2, 1, 3, 4],
    &[0, 2, 1, 5, 3, 4],
    &[0, 2, 1, 6, 5, 3, 4],
    &[0, 2, 1, 7, 5, 6, 3, 4],
];

/// The header of a stream (RFC 7845, 5.1).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    pub(super) channels: usize,
    /// Frames at the start that are not played.
    pub(super) skip: u64,
    /// Gain of the samples, linear.
    gain: f32,
    streams: u8,
    coupled: u8,
    /// For each channel, which decoded channel it is.
    mapping: Vec<u8>,
}

impl Head {
    /// Read the identification header; `None` if it is damaged or of a later version.
    pub(super) fn parse(packet: &[u8]) -> Option<Self> {
        let fields: [u8; 19] = packet.get(..19)?.try_into().ok()?;
        let [channels, family] = [fields[9], fields[18]];
        if fields[8] >> 4 != 0 || channels == 0 {
            return None;
        }
        let (streams, coupled, mapping) = match (family, channels) {
            (0, 1..=2) => (1, channels - 1, vec![0, 1]),
            (0, _) => return None,
            _ => (*packet.get(19)?, *packet.get(20)?, packet.get(21..21 + usize::from(channels))?.to_vec()),
        };
        let order = (family == 1).then(|| ORDERS.get(usize::from(channels).wrapping_sub(3))).flatten();
        let mapping = order.map_or(mapping.clone(), |order| order.iter().map(|place| mapping[*place]).collect());
        Some(Self {
            channels: usize::from(channels),
            skip: u64::from(u16::from_le_bytes([fields[10], fields[11]])),
            gain: 10_f32.powf(f32::from(i16::from_le_bytes([fields[16], fields[17]])) / (20.0 * 256.0)),
            streams,
            coupled,
            mapping,
        })
    }
}

/// Number of frames of a packet (RFC 6716, 3.1 and 3.2); `None` if it is not a packet of audio.
pub(super) fn frames(packet: &[u8]) -> Option<u32> {
    let first = *packet.first()?;
    let frame = match first >> 3 {
        config @ 0..12 => [480, 960, 1920, 2880][usize::from(config & 3)],
        config @ 12..16 => [480, 960][usize::from(config & 1)],
        config => 120 << (config & 3),
    };
    let count = match first & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(packet.get(1)? & 63),
    };
    Some(frame * count).filter(|frames| (1..=MOST).contains(frames))
}

/// The decoder of the library.
pub(super) struct Opus {
    head: Head,
    state: *mut OpusMSDecoder,
    pcm: Vec<f32>,
}

// SAFETY: the state is owned, and used by one thread at a time.
unsafe impl Send for Opus {}

impl Opus {
    pub(super) fn new(head: &Head) -> Res<Self> {
        let (channels, streams, coupled) = (head.channels as i32, i32::from(head.streams), i32::from(head.coupled));
        let mut code = OPUS_OK;
        // SAFETY: `mapping` has an entry for each channel, and `code` outlives the call. The library checks the numbers.
        let state = unsafe {
            let mapping = head.mapping.as_ptr();
            opus_multistream_decoder_create(RATE as i32, channels, streams, coupled, mapping, &raw mut code)
        };
        if state.is_null() {
            return Err("holds Opus with a damaged header".into());
        }
        Ok(Self { head: head.clone(), state, pcm: vec![0.0; MOST as usize * head.channels] })
    }
}

impl Codec for Opus {
    fn reset(&mut self) {
        // SAFETY: the state is valid, and the request has no argument.
        let _ = unsafe { opus_multistream_decoder_ctl!(self.state, OPUS_RESET_STATE) };
    }

    fn decode(&mut self, packet: &[u8], _: u32, planes: &mut Vec<Vec<f32>>) -> bool {
        planes.clear();
        let Ok(len) = i32::try_from(packet.len()) else { return false };
        // SAFETY: the state is valid, `packet` has `len` bytes, and `pcm` has room for `MOST` frames of all channels.
        let count = unsafe {
            let pcm = self.pcm.as_mut_ptr();
            opus_multistream_decode_float(self.state, packet.as_ptr(), len, pcm, MOST as i32, 0)
        };
        let Ok(count) = usize::try_from(count) else { return false };
        let (channels, gain) = (self.head.channels, self.head.gain);
        let decoded = &self.pcm[..count * channels];
        planes.extend(
            (0..channels)
                .map(|channel| decoded.iter().skip(channel).step_by(channels).map(|sample| sample * gain).collect()),
        );
        true
    }

    fn fork(&self) -> Res<Box<dyn Codec>> {
        Ok(Box::new(Self::new(&self.head)?))
    }
}

impl Drop for Opus {
    fn drop(&mut self) {
        // SAFETY: the state was created by the library and is not used afterwards.
        unsafe { opus_multistream_decoder_destroy(self.state) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_as_long_as_the_specification_says() {
        // (configuration, frames per packet) of table 2 of RFC 6716, at 48 kHz
        for (config, frame) in [(0, 480), (3, 2880), (11, 2880), (12, 480), (15, 960), (16, 120), (31, 960)] {
            assert_eq!(frames(&[config << 3]), Some(frame));
            assert_eq!(frames(&[config << 3 | 1]), Some(2 * frame).filter(|frames| *frames <= 5760));
            assert_eq!(frames(&[config << 3 | 3, 2]), Some(2 * frame).filter(|frames| *frames <= 5760));
        }
        assert_eq!((frames(&[]), frames(&[3]), frames(&[3, 0]), frames(&[0xfb, 49])), (None, None, None, None));
    }

    #[test]
    fn headers_say_channels_delay_and_gain() {
        let mut head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\xfa\0".to_vec();
        let read = Head::parse(&head).expect("a header");
        // -1536 / 256 dB
        assert_eq!((read.channels, read.skip, (read.gain - 10_f32.powf(-6.0 / 20.0)).abs() < 1e-6), (2, 312, true));
        head[9] = 3;
        assert_eq!(Head::parse(&head), None);
        head[18] = 1;
        head.extend([2, 1, 0, 2, 1]);
        assert_eq!(Head::parse(&head).map(|head| head.mapping), Some(vec![0, 1, 2]));
        head.truncate(22);
        assert_eq!((Head::parse(&head), Head::parse(b"OpusHead")), (None, None));
    }
}
