//! Adapters that give the decoders one interface.

use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};

use super::packets::Codec;
use crate::media::fault::Res;

/// A decoder of the crate `symphonia`.
pub(super) struct Symphonia {
    decoder: Box<dyn AudioDecoder>,
    parameters: AudioCodecParameters,
    what: &'static str,
}

impl Symphonia {
    /// Creates the decoder for `parameters`. `what` is the name of the codec for error messages.
    pub(super) fn new(parameters: &AudioCodecParameters, what: &'static str) -> Res<Self> {
        let decoder =
            symphonia::default::get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default()).map_err(
                |error| format!("holds {what} of a kind that cannot be decoded ({error}); convert it to FLAC or WAV"),
            )?;
        Ok(Self { decoder, parameters: parameters.clone(), what })
    }
}

impl Codec for Symphonia {
    fn reset(&mut self) {
        self.decoder.reset();
        // a reset of the AAC decoder does not reset its noise generator, so replace the decoder
        if self.parameters.codec == CODEC_ID_AAC
            && let Ok(anew) = Self::new(&self.parameters, self.what)
        {
            self.decoder = anew.decoder;
        }
    }

    fn decode(&mut self, packet: &[u8], frames: u32, planes: &mut Vec<Vec<f32>>) -> bool {
        let packet = PacketRef::new(0, Timestamp::new(0), Duration::from(u64::from(frames)), packet);
        match self.decoder.decode_ref(&packet) {
            Ok(decoded) => {
                decoded.copy_to_vecs_planar(planes);
                true
            }
            Err(_) => false,
        }
    }

    fn fork(&self) -> Res<Box<dyn Codec>> {
        Ok(Box::new(Self::new(&self.parameters, self.what)?))
    }
}

/// The decoder for MPEG audio, layers 1 to 3.
///
/// The decoder of symphonia is not used because it misreads mixed blocks (noise far above full scale) and refuses
/// streams that change from mono to stereo.
#[derive(Clone)]
pub(super) struct Mpeg {
    decoder: Box<nanomp3_core::Decoder>,
    pcm: Vec<f32>,
}

impl Mpeg {
    /// A decoder with cleared state.
    pub(super) fn new() -> Self {
        Self { decoder: Box::default(), pcm: vec![0.0; nanomp3_core::MAX_SAMPLES_PER_FRAME] }
    }
}

impl Codec for Mpeg {
    fn reset(&mut self) {
        *self.decoder = nanomp3_core::Decoder::new();
    }

    fn decode(&mut self, packet: &[u8], _: u32, planes: &mut Vec<Vec<f32>>) -> bool {
        use nanomp3_core::DecodeError;
        planes.clear();
        match self.decoder.decode(packet, &mut self.pcm).1 {
            Ok(info) => {
                let channels = usize::from(info.channels.num());
                planes.extend((0..channels).map(|channel| {
                    self.pcm[..info.samples_produced * channels]
                        .iter()
                        .skip(channel)
                        .step_by(channels)
                        .copied()
                        .collect()
                }));
                true
            }
            // normal for the first packets of a stream that was cut out of a longer one
            Err(DecodeError::ReservoirUnavailable(_)) => true,
            Err(_) => false,
        }
    }

    fn fork(&self) -> Res<Box<dyn Codec>> {
        Ok(Box::new(Self::new()))
    }
}
