//! One FLAC frame: a block of stereo or mono samples, compressed.

mod bits;
mod predict;
mod rice;

use bits::{Bits, crc8, crc16};
use predict::{MOST, Predictor, fixed_order, fixed_residual, window};
use rice::Plan;

/// What the samples are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// Bytes per sample, 2 or 3.
    pub(super) bytes: usize,
    /// Whether there are two channels, or one.
    pub(super) stereo: bool,
    pub(super) sample_rate: u32,
}

impl Kind {
    pub(super) const fn frame_bytes(self) -> usize {
        (1 + self.stereo as usize) * self.bytes
    }
}

/// Compresses blocks. It holds working memory only: a block gives the same bytes in any coder.
#[derive(Debug, Default)]
pub(super) struct Coder {
    window: Vec<f64>,
    wide: Vec<f64>,
    room: Vec<f64>,
    /// Left, right, middle and side.
    channels: [Channel; 4],
}

/// A channel of a block, and the shortest code that was found for it.
#[derive(Debug, Default)]
struct Channel {
    samples: Vec<i32>,
    bits: u32,
    code: Code,
    residual: Vec<i32>,
    plan: Plan,
    /// About how many bits the code takes.
    cost: u64,
}

#[derive(Debug, Default)]
enum Code {
    #[default]
    Verbatim,
    Constant,
    Fixed(usize),
    Linear(Predictor),
}

/// The channels that a stereo frame may have: their number in the format, and which they are.
const PAIRS: [(u32, &[usize]); 4] = [(1, &[0, 1]), (8, &[0, 3]), (9, &[3, 1]), (10, &[2, 3])];
/// Those of a mono frame.
const MONO: [(u32, &[usize]); 1] = [(0, &[0])];

impl Coder {
    /// Compress the block number `number`: interleaved little-endian samples, at most 65535 of each channel.
    pub(super) fn code(&mut self, kind: Kind, bytes: &[u8], number: u64) -> Vec<u8> {
        self.read(kind, bytes);
        let frames = self.channels[0].samples.len();
        if self.window.len() != frames {
            self.window = window(frames);
        }
        let (count, choices): (usize, &[(u32, &[usize])]) = if kind.stereo { (4, &PAIRS) } else { (1, &MONO) };
        for channel in &mut self.channels[..count] {
            channel.analyse(&self.window, &mut self.wide, &mut self.room);
        }
        let cost = |chosen: &[usize]| chosen.iter().map(|channel| self.channels[*channel].cost).sum::<u64>();
        let (assignment, chosen) = choices.iter().min_by_key(|(_, chosen)| cost(chosen)).copied().unwrap_or(choices[0]);
        let mut out = Bits::default();
        out.bytes.reserve(bytes.len());
        header(&mut out, kind, frames, assignment, number);
        for channel in chosen {
            self.channels[*channel].write(&mut out);
        }
        out.align();
        let sum = crc16(&out.bytes);
        out.bytes.extend_from_slice(&sum.to_be_bytes());
        out.bytes
    }

    fn read(&mut self, kind: Kind, bytes: &[u8]) {
        let bits = 8 * kind.bytes as u32;
        for (channel, more) in self.channels.iter_mut().zip([0, 0, 0, 1]) {
            channel.samples.clear();
            channel.bits = bits + more;
        }
        let frames = bytes.chunks_exact(kind.frame_bytes());
        let [left, right, middle, side] = &mut self.channels;
        if kind.bytes == 2 {
            let sample = |low: u8, high: u8| i32::from(i16::from_le_bytes([low, high]));
            left.samples.extend(frames.clone().map(|frame| sample(frame[0], frame[1])));
            right.samples.extend(frames.filter(|_| kind.stereo).map(|frame| sample(frame[2], frame[3])));
        } else {
            let sample = |bytes: &[u8]| i32::from_le_bytes([0, bytes[0], bytes[1], bytes[2]]) >> 8;
            left.samples.extend(frames.clone().map(|frame| sample(&frame[..3])));
            right.samples.extend(frames.filter(|_| kind.stereo).map(|frame| sample(&frame[3..])));
        }
        let pairs = || left.samples.iter().zip(&right.samples);
        middle.samples.extend(pairs().map(|(left, right)| (left + right) >> 1));
        side.samples.extend(pairs().map(|(left, right)| left - right));
    }
}

impl Channel {
    /// Find the shortest code.
    fn analyse(&mut self, window: &[f64], wide: &mut Vec<f64>, room: &mut Vec<f64>) {
        let samples = &self.samples;
        let frames = samples.len();
        let bits = u64::from(self.bits);
        if samples.iter().all(|sample| *sample == samples[0]) {
            (self.code, self.cost) = (Code::Constant, 8 + bits);
            return;
        }
        (self.code, self.cost) = (Code::Verbatim, 8 + bits * frames as u64);
        if frames <= 4 * MOST {
            return;
        }
        let mut residual = Vec::with_capacity(frames);
        let order = fixed_order(samples);
        fixed_residual(samples, order, &mut residual);
        let plan = Plan::of(&residual, order);
        let cost = 8 + bits * order as u64 + 6 + plan.bits;
        if cost < self.cost {
            (self.code, self.cost, self.plan) = (Code::Fixed(order), cost, plan);
            std::mem::swap(&mut self.residual, &mut residual);
        }
        wide.clear();
        wide.extend(samples.iter().map(|sample| f64::from(*sample)));
        for predictor in Predictor::candidates(wide, window, self.bits, room) {
            if !predictor.residual(wide, &mut residual) {
                continue;
            }
            let order = predictor.coefficients.len();
            let plan = Plan::of(&residual, order);
            let cost = 8 + (bits + u64::from(predictor.precision)) * order as u64 + 9 + 6 + plan.bits;
            if cost < self.cost {
                (self.code, self.cost, self.plan) = (Code::Linear(predictor), cost, plan);
                std::mem::swap(&mut self.residual, &mut residual);
            }
        }
    }

    /// Write it as a subframe.
    fn write(&self, out: &mut Bits) {
        let warm = |out: &mut Bits, kind: u32, count: usize| {
            // a zero, the kind, no wasted bits
            out.push(kind << 1, 8);
            self.samples[..count].iter().for_each(|sample| out.push_signed(*sample, self.bits));
        };
        match &self.code {
            Code::Constant => warm(out, 0, 1),
            Code::Verbatim => warm(out, 1, self.samples.len()),
            Code::Fixed(order) => {
                warm(out, 8 + *order as u32, *order);
                self.plan.write(&self.residual, *order, out);
            }
            Code::Linear(predictor) => {
                let order = predictor.coefficients.len();
                warm(out, 31 + order as u32, order);
                out.push(predictor.precision - 1, 4);
                out.push(predictor.shift, 5);
                predictor.coefficients.iter().for_each(|value| out.push_signed(*value, predictor.precision));
                self.plan.write(&self.residual, order, out);
            }
        }
    }
}

fn header(out: &mut Bits, kind: Kind, frames: usize, assignment: u32, number: u64) {
    const RATES: [(u32, u32); 11] = [
        (88_200, 1),
        (176_400, 2),
        (192_000, 3),
        (8000, 4),
        (16_000, 5),
        (22_050, 6),
        (24_000, 7),
        (32_000, 8),
        (44_100, 9),
        (48_000, 10),
        (96_000, 11),
    ];
    // the sync code, and blocks of fixed size
    out.push(0xfff8, 16);
    out.push(if frames == 4096 { 12 } else { 7 }, 4);
    // 0: the rate is that of STREAMINFO
    out.push(RATES.iter().find(|(rate, _)| *rate == kind.sample_rate).map_or(0, |(_, code)| *code), 4);
    out.push(assignment, 4);
    out.push(if kind.bytes == 2 { 4 } else { 6 }, 3);
    out.push(0, 1);
    number_of(out, number);
    if frames != 4096 {
        out.push(frames as u32 - 1, 16);
    }
    out.align();
    let sum = crc8(&out.bytes);
    out.push(u32::from(sum), 8);
}

/// The number of the frame in the way of UTF-8, up to 36 bits.
fn number_of(out: &mut Bits, number: u64) {
    if number < 0x80 {
        return out.push(number as u32, 8);
    }
    // bytes after the first one carry 6 bits each, the first one what is left
    let more = (1..=6).find(|more| number >> (5 * more + 6) == 0).unwrap_or(6);
    let first = 0xff00_u32 >> (more + 1) & 0xff;
    out.push(first | (number >> (6 * more)) as u32, 8);
    for index in (0..more).rev() {
        out.push(0x80 | (number >> (6 * index)) as u32 & 0x3f, 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_frames_are_written_like_characters() {
        for number in [0_u64, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xffff, 0x1_0000, 0x10_ffff] {
            let mut bits = Bits::default();
            number_of(&mut bits, number);
            bits.align();
            let character = char::from_u32(number as u32).unwrap();
            assert_eq!(bits.bytes, character.to_string().into_bytes(), "{number:x}");
        }
        let mut bits = Bits::default();
        number_of(&mut bits, (1 << 36) - 1);
        bits.align();
        assert_eq!(bits.bytes, [0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]);
    }
}
