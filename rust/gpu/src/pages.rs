//! Tone batches in the memory layout of the shader.

use bytemuck::{Pod, Zeroable};
use realtime_backend_core::voice::tone_batch::{BatchPart, Phase, SegmentGate, ToneBatch, ToneSegment};

#[repr(C)]
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
struct PhaseBytes {
    start: u64,
    increment: u64,
    bend: [f32; 4],
}

#[repr(C)]
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
struct SegmentBytes {
    phase: PhaseBytes,
    gate: PhaseBytes,
    curve: [f32; 4],
    level: f32,
    slope: f32,
    end: i32,
    steepness: f32,
}

/// A tone batch in the layout of `tones.wgsl`. Graphics processors are little-endian.
#[derive(Debug)]
pub(crate) struct Pages {
    size: [u32; 2],
    parts: Vec<[u32; 4]>,
    segments: Vec<[SegmentBytes; 2]>,
}

impl Pages {
    /// Convert a batch. Returns `None` if a number does not fit into the types of the shader.
    pub(crate) fn of(batch: &ToneBatch) -> Option<Self> {
        let part = |part: &BatchPart| {
            let fits = part.len.is_power_of_two() && part.len <= 1 << 15;
            Some([u32::try_from(part.first).ok()?, part.len.trailing_zeros(), u32::try_from(part.offset).ok()?, 0])
                .filter(|_| fits)
        };
        let longest = u32::MAX as usize / 8;
        if batch.frames > longest || batch.segments.len() > longest {
            return None;
        }
        Some(Self {
            size: [batch.frames as u32, batch.parts.len() as u32],
            parts: batch.parts.iter().map(part).collect::<Option<_>>()?,
            segments: batch.segments.iter().map(|pair| pair.each_ref().map(segment)).collect(),
        })
    }

    /// Contents of the buffers that the shader reads, in the order of their bindings.
    pub(crate) fn bytes(&self) -> [&[u8]; 3] {
        [bytemuck::bytes_of(&self.size), bytemuck::cast_slice(&self.parts), bytemuck::cast_slice(&self.segments)]
    }
}

fn phase(phase: &Phase) -> PhaseBytes {
    PhaseBytes { start: phase.start, increment: phase.increment, bend: phase.bend }
}

fn segment(segment: &ToneSegment) -> SegmentBytes {
    let none = SegmentGate { phase: Phase::default(), end: -1, steepness: 0.0 };
    let gate = segment.gate.unwrap_or(none);
    SegmentBytes {
        phase: phase(&segment.phase),
        gate: phase(&gate.phase),
        curve: segment.curve,
        level: segment.level,
        slope: segment.slope,
        end: gate.end,
        steepness: gate.steepness,
    }
}
