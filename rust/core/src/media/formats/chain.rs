//! Several sources as one.

use crate::media::fault::Res;
use crate::media::source::Source;

/// Sources in sequence, such as the links of a chained file. If one is stereo, mono sources play on both channels.
pub(super) struct Chain {
    parts: Vec<Box<dyn Source>>,
}

impl Chain {
    /// The sources `parts` in sequence; they have equal sample rates.
    pub(super) fn of(mut parts: Vec<Box<dyn Source>>) -> Box<dyn Source> {
        if parts.len() == 1 { parts.swap_remove(0) } else { Box::new(Self { parts }) }
    }
}

impl Source for Chain {
    fn channels(&self) -> usize {
        self.parts.iter().map(|part| part.channels()).max().unwrap_or(1)
    }

    fn frames(&self) -> u64 {
        self.parts.iter().map(|part| part.frames()).sum()
    }

    fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Res<usize> {
        let count = self.frames().saturating_sub(at).min(count as u64) as usize;
        for out in out.iter_mut() {
            out.clear();
        }
        let (mut start, mut done, mut piece) = (0, 0, Vec::new());
        for part in &mut self.parts {
            let place = at + done as u64;
            let end = start + part.frames();
            if done < count && place >= start && place < end {
                piece.resize_with(part.channels(), Vec::new);
                let got = part.read(place - start, count - done, &mut piece[..])?;
                spread(&mut piece, out.len(), got);
                for (out, piece) in out.iter_mut().zip(&piece) {
                    out.extend_from_slice(&piece[..got]);
                }
                done += got;
            }
            start = end;
        }
        Ok(done)
    }

    fn fork(&self) -> Res<Box<dyn Source>> {
        Ok(Box::new(Self { parts: self.parts.iter().map(|part| part.fork()).collect::<Res<_>>()? }))
    }

    fn damaged(&self) -> u64 {
        self.parts.iter().map(|part| part.damaged()).sum()
    }
}

/// Brings `planes` to `channels` channels of `frames` frames each. Mono becomes stereo by copying; other missing
/// channels are silent.
pub(super) fn spread(planes: &mut Vec<Vec<f32>>, channels: usize, frames: usize) {
    for plane in planes.iter_mut() {
        plane.resize(frames, 0.0);
    }
    if planes.len() == 1 && channels == 2 {
        planes.push(planes[0].clone());
    }
    planes.resize_with(channels, || vec![0.0; frames]);
}
