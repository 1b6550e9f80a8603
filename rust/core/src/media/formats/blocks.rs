//! Compressed samples in independent blocks of equal size (ADPCM).

use symphonia::core::codecs::audio::AudioCodecParameters;

use super::codecs::Symphonia;
use super::packets::{Decoded, Index, Kept, Memory, Packet, Packets, Place};
use crate::media::fault::Res;
use crate::media::input::Input;
use crate::media::opened::Opened;

/// Size of a block in bytes and in frames, and the format of all blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) bytes: u32,
    pub(super) frames: u32,
    pub(super) channels: usize,
    pub(super) rate: u32,
}

/// The blocks in a range of bytes of a file.
#[derive(Clone)]
struct Blocks {
    input: Input,
    start: u64,
    end: u64,
    at: u64,
    shape: Shape,
}

impl Packets for Blocks {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        let bytes = u64::from(self.shape.bytes);
        if self.at + bytes > self.end {
            return Ok(None);
        }
        if let Some(data) = data {
            data.resize(self.shape.bytes as usize, 0);
            self.input.read_at(self.at, data)?;
        }
        let at = (self.at - self.start) / bytes * u64::from(self.shape.frames);
        self.at += bytes;
        Ok(Some(Packet { frames: self.shape.frames, at: Some(at), ..Packet::default() }))
    }

    fn place(&self) -> Place {
        Place { at: self.at, ..Place::default() }
    }

    fn go(&mut self, place: Place) -> Res<()> {
        self.at = place.at;
        Ok(())
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        Ok(Box::new(self.clone()))
    }

    fn find(&mut self, frame: u64) -> Option<Res<()>> {
        self.at = self.start + frame / u64::from(self.shape.frames) * u64::from(self.shape.bytes);
        Some(Ok(()))
    }
}

/// Opens the blocks in the bytes `start..end`; `parameters` describe their codec.
pub(super) fn open(
    input: &Input,
    start: u64,
    end: u64,
    shape: Shape,
    parameters: &AudioCodecParameters,
) -> Res<Opened> {
    let codec = Symphonia::new(parameters, "ADPCM")?;
    let blocks = Blocks { input: input.clone(), start, end, at: start, shape };
    let frames = (end - start) / u64::from(shape.bytes) * u64::from(shape.frames);
    if frames == 0 {
        return Err("contains no audio (0 frames)".into());
    }
    let index = Index::new(Memory { cell: 1, packets: 0, payload: 0, frames: 0 }, blocks.place());
    let kept = vec![Kept { start: 0, frames }];
    let decoded = Decoded::new(Box::new(blocks), Box::new(codec), shape.channels, index, kept);
    Ok(Opened { rate: shape.rate, ..Opened::of(Box::new(decoded)) })
}
