//! Sample-rate conversion of whole clips: a windowed sinc (default), and the periodic Fourier method of the legacy
//! implementation (for parity).

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

use crate::dsp::fft;
use crate::error::{Error, Result};

/// Method of sample-rate conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resampling {
    /// Windowed sinc: linear phase, no delay, about 120 dB stop-band attenuation. The clip counts as silent before its
    /// start and after its end.
    #[default]
    Sinc,
    /// The legacy method (`Compat::fourier_resampling`): the clip counts as one period of a periodic signal, so its
    /// ends ring into each other.
    Fourier,
}

/// Largest length of a converted clip in frames: 4 GiB of `f32` per channel.
const MAX_FRAMES: u64 = 1 << 30;
/// Length of the windowed sinc in samples of the slower rate. With a squared Blackman-Harris window the pass band ends
/// at 0.91 and the stop band begins at 1.0 of the lower Nyquist frequency, as in the output of the legacy
/// implementation.
const SINC_SPAN: usize = 310;

/// Length in frames after [`sinc`]: `ceil(frames * to / from)`.
pub fn sinc_len(frames: u64, from: u32, to: u32) -> u64 {
    (u128::from(frames) * u128::from(to)).div_ceil(u128::from(from.max(1))) as u64
}

/// Length in frames after [`fourier`]: `int(frames * to / from)` (spec assembly 9.2).
pub fn fourier_len(frames: u64, from: u32, to: u32) -> u64 {
    (u128::from(frames) * u128::from(to) / u128::from(from.max(1))) as u64
}

/// Windowed-sinc conversion of one channel from `from` Hz to `to` Hz; the output has [`sinc_len`] samples.
///
/// # Errors
/// [`Error::Invalid`] if a rate is 0, the result would be too long, or the rates cannot be converted.
pub fn sinc(x: &[f64], from: u32, to: u32) -> Result<Vec<f64>> {
    sinc_with(x, from, to, |y| y)
}

/// Converts one channel of `f32` by either method, computed in `f64`.
pub(super) fn convert(x: &[f32], from: u32, to: u32, method: Resampling) -> Result<Vec<f32>> {
    match method {
        Resampling::Sinc => sinc_with(x, from, to, |y| y as f32),
        Resampling::Fourier => {
            let len = checked_len(fourier_len(x.len() as u64, from, to), from, to)?;
            let wide: Vec<f64> = x.iter().map(|v| f64::from(*v)).collect();
            Ok(fourier(&wide, len).into_iter().map(|y| y as f32).collect())
        }
    }
}

fn checked_len(len: u64, from: u32, to: u32) -> Result<usize> {
    if from == 0 || to == 0 {
        return Err(Error::invalid("sample_rate", format!("cannot resample from {from} Hz to {to} Hz")));
    }
    if len > MAX_FRAMES {
        let message = format!("resampling from {from} Hz to {to} Hz would give {len} frames (limit {MAX_FRAMES})");
        return Err(Error::invalid("sample_rate", message));
    }
    Ok(len as usize)
}

/// Windowed-sinc conversion in blocks, so that only the input and the output are in memory as a whole.
fn sinc_with<I, O>(x: &[I], from: u32, to: u32, narrow: impl Fn(f64) -> O) -> Result<Vec<O>>
where
    I: Copy + Into<f64>,
{
    let len = checked_len(sinc_len(x.len() as u64, from, to), from, to)?;
    if from == to {
        return Ok(x.iter().map(|v| narrow((*v).into())).collect());
    }
    let before = block_len(from, to);
    let block = (before, (before as u64 * u64::from(to) / u64::from(from)) as usize);
    let mut converter = Converter::new((from, to), block, 1)?;
    let mut delay = block.1 / 2;
    let mut result = Vec::with_capacity(len);
    let mut blocks = x.chunks(block.0);
    while result.len() < len {
        // after the clip feed silence until the delay is compensated
        let samples = blocks.next().unwrap_or(&[]);
        for (slot, sample) in converter.input.iter_mut().zip(samples) {
            *slot = (*sample).into();
        }
        converter.input[samples.len()..].fill(0.0);
        converter.process();
        let skip = delay.min(block.1);
        delay -= skip;
        let wanted = len - result.len();
        result.extend(converter.output[skip..].iter().take(wanted).map(|y| narrow(*y)));
    }
    Ok(result)
}

/// Largest block in frames, before or after conversion. A block needs about 100 bytes per frame.
const MAX_BLOCK: usize = 400_000;

/// Number of frames of a block before and after conversion. `None` if the rates have so small a common divisor that
/// blocks with whole numbers of frames would be too long.
pub(crate) fn block(from: u32, to: u32) -> Option<(usize, usize)> {
    let before = block_len(from, to);
    let after = usize::try_from(before as u64 * u64::from(to) / u64::from(from.max(1))).ok()?;
    (from > 0 && to > 0 && before.max(after) <= MAX_BLOCK).then_some((before, after))
}

/// Converts one block after the other. The tail of the response to a block is added to the next output block, so an
/// output block depends on its own input block and on the one before, and on nothing else.
pub(crate) struct Converter {
    rates: (u32, u32),
    channels: usize,
    fft: Fft<f64>,
    input: Vec<f64>,
    output: Vec<f64>,
    /// One block of input in single precision.
    read: [Vec<f32>; 2],
    /// The block that may follow without a restart, as (series, number). The user of the converter sets it.
    pub(crate) next: Option<(u64, u64)>,
}

impl std::fmt::Debug for Converter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Converter({:?}, {} channels)", self.rates, self.channels)
    }
}

impl Converter {
    /// A converter for one or two channels, with blocks of `block` frames (before, after conversion).
    pub(crate) fn new(rates: (u32, u32), block: (usize, usize), channels: usize) -> Result<Self> {
        let failed = |error| Error::invalid("sample_rate", format!("resampling failed: {error}"));
        let window = WindowFunction::BlackmanHarris2;
        let (from, to) = (rates.0 as usize, rates.1 as usize);
        let fft = Fft::new_custom(from, to, block.0, 1, channels, window, FixedSync::Both).map_err(failed)?;
        let (input, output) = (vec![0.0; channels * block.0], vec![0.0; channels * block.1]);
        let read = [vec![0.0; block.0], vec![0.0; block.0]];
        Ok(Self { rates, channels, fft, input, output, read, next: None })
    }

    /// Sample rates in Hz before and after conversion.
    pub(crate) const fn rates(&self) -> (u32, u32) {
        self.rates
    }

    /// Number of channels, 1 or 2.
    pub(crate) const fn channels(&self) -> usize {
        self.channels
    }

    /// Approximate memory use in bytes.
    pub(crate) const fn bytes(&self) -> usize {
        100 * (self.input.len() + self.output.len())
    }

    /// Clears the state, as after silence.
    pub(crate) fn restart(&mut self) {
        self.fft.reset();
        self.next = None;
    }

    /// Converts the next block. `fill` writes both channels of its input; a mono converter ignores the second one.
    pub(crate) fn convert(&mut self, fill: impl FnOnce(&mut [f32], &mut [f32])) -> [&[f64]; 2] {
        let [left, right] = &mut self.read;
        fill(left, right);
        for (channel, read) in self.input.chunks_mut(left.len()).zip([left, right]) {
            channel.iter_mut().zip(read).for_each(|(wide, x)| *wide = f64::from(*x));
        }
        self.process();
        let (left, right) = self.output.split_at(self.output.len() / self.channels);
        [left, if right.is_empty() { left } else { right }]
    }

    fn process(&mut self) {
        let (input, output) = (self.input.len() / self.channels, self.output.len() / self.channels);
        // cannot fail, because the buffers have the sizes of the converter
        let Ok(source) = SequentialSlice::new(&self.input, self.channels, input) else { return };
        let Ok(mut sink) = SequentialSlice::new_mut(&mut self.output, self.channels, output) else { return };
        let _ = self.fft.process_into_buffer(&source, &mut sink, None);
    }
}

/// Input frames per block: the even multiple of the shortest block with whole numbers of frames at both rates that is
/// nearest to [`SINC_SPAN`] at the slower rate. It is even so that the delay of half a block is a whole number of
/// output samples.
fn block_len(from: u32, to: u32) -> usize {
    let divisor = gcd(from, to).max(1);
    let unit = (from.min(to) / divisor) as usize;
    let pairs = ((SINC_SPAN as f64 / (2 * unit).max(1) as f64).round() as usize).max(1);
    2 * pairs * (from / divisor) as usize
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Fourier resampling of one channel to `len` samples (spec assembly 9.2). The clip counts as one period of a periodic
/// signal.
pub fn fourier(x: &[f64], len: usize) -> Vec<f64> {
    let n = x.len();
    if n == 0 || len == 0 {
        return vec![0.0; len];
    }
    if n == len {
        return x.to_vec();
    }
    let (forward, inverse) = (fft::real_forward(n), fft::real_inverse(len));
    let mut time = x.to_vec();
    let mut before = forward.make_output_vec();
    let mut after = inverse.make_input_vec();
    let mut y = inverse.make_output_vec();
    // neither transform can fail, because the buffers come from the plans
    let _ = forward.process(&mut time, &mut before);
    let shared = n.min(len);
    let kept = shared / 2 + 1;
    after[..kept].copy_from_slice(&before[..kept]);
    if shared.is_multiple_of(2) {
        after[shared / 2] *= if len < n { 2.0 } else { 0.5 };
    }
    // the bins of a real signal at 0 Hz and at its Nyquist frequency are real
    after[0].im = 0.0;
    if len.is_multiple_of(2) {
        after[len / 2].im = 0.0;
    }
    let _ = inverse.process(&mut after, &mut y);
    for sample in &mut y {
        *sample /= n as f64;
    }
    y
}
