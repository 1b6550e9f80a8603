//! An audio file at the sample rate of a track, read in pieces. Any stretch can be read on any thread and always has
//! the same samples.
//!
//! The sample rate is converted in blocks on an absolute grid of frames. Each block depends only on its own input and
//! that of the block before ([`Converter`]), so the output does not depend on where reading began: it is bit for bit
//! the same as that of converting the whole file at once. A looped recording is converted as an endless signal whose
//! period is the file. Its seam is resampled like any other position, and the period need not be a whole number of
//! output frames.

use std::sync::Arc;

use super::audio::Audio;
use super::content::{Content, PIECE, Repeat};
use super::resample;
use super::resample::{Converter, Resampling};
use super::store::Piece;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;

/// Longest file in seconds that is converted by the Fourier method, which needs the whole file at once.
pub(crate) const FOURIER_SECONDS: u64 = 600;

/// An audio file at a given sample rate, decoded and converted on demand.
#[derive(Debug)]
pub struct Recording {
    content: Arc<Content>,
    sample_rate: u32,
    frames: u64,
    form: Form,
    warnings: Vec<String>,
}

/// How the samples of a recording are obtained.
#[derive(Debug)]
enum Form {
    /// The file already has the rate.
    Plain,
    /// Converted in blocks on demand.
    Sinc(Grid),
    /// Converted as a whole by the Fourier method.
    Whole(Audio),
}

/// The grid of the blocks of a converter.
#[derive(Debug)]
struct Grid {
    rates: (u32, u32),
    /// Number of frames of a block before and after conversion.
    block: (usize, usize),
    /// Delay of the converter in output frames, which are skipped.
    delay: u64,
    /// Number of blocks per piece.
    blocks: u64,
    /// Series of the pieces for each kind of [`Repeat`].
    series: [u64; Repeat::KINDS],
}

impl Recording {
    /// `content` at `sample_rate` Hz.
    pub(crate) fn new(
        content: Arc<Content>,
        sample_rate: u32,
        method: Resampling,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let from = content.sample_rate();
        let mut warnings = content.warnings().to_vec();
        if from == sample_rate {
            let frames = content.frames();
            return Ok(Self { content, sample_rate, frames, form: Form::Plain, warnings });
        }
        if method == Resampling::Fourier {
            if content.frames() <= FOURIER_SECONDS * u64::from(from) {
                let whole = whole(&content, sample_rate, interrupt)?;
                let frames = whole.frames() as u64;
                return Ok(Self { content, sample_rate, frames, form: Form::Whole(whole), warnings });
            }
            warnings.push(format!(
                "is longer than {} minutes: its sample rate is converted by a windowed sinc, not the Fourier method",
                FOURIER_SECONDS / 60
            ));
        }
        let block = resample::block(from, sample_rate).ok_or_else(|| Error::Media {
            path: content.name(),
            message: format!("its sample rate of {from} Hz cannot be converted to {sample_rate} Hz; convert the file"),
        })?;
        let grid = Grid {
            rates: (from, sample_rate),
            block,
            delay: block.1 as u64 / 2,
            blocks: PIECE.div_ceil(block.1 as u64),
            series: std::array::from_fn(|_| content.store().new_series()),
        };
        let frames = resample::sinc_len(content.frames(), from, sample_rate);
        Ok(Self { content, sample_rate, frames, form: Form::Sinc(grid), warnings })
    }

    /// Length in frames.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Sample rate in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Defects of the file that were found when it was opened, as sentences.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Problems found since then in everything read so far, as sentences: the file could not be read any more, or is
    /// far above full scale.
    pub fn noticed(&self) -> Vec<String> {
        self.content.noticed()
    }

    /// The error because of which a part of the recording is silent; `None` as long as everything could be read.
    pub fn fault(&self) -> Option<String> {
        self.content.fault().map(str::to_owned)
    }

    /// The file at its own sample rate.
    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// Fills both channels with the frames from `at` on, and with zeros after the end. Decodes what is not cached.
    pub fn read(&self, at: u64, left: &mut [f32], right: &mut [f32]) {
        let there = self.frames.saturating_sub(at).min(left.len() as u64) as usize;
        left[there..].fill(0.0);
        right[there..].fill(0.0);
        self.fill(Repeat::Once, at, &mut left[..there], &mut right[..there]);
    }

    /// Like [`Self::read`] for the left channel only, for recordings of one channel.
    pub(crate) fn read_mono(&self, at: u64, out: &mut [f32]) {
        let mut spare = [0.0; 1024];
        for (at, out) in (at..).step_by(spare.len()).zip(out.chunks_mut(spare.len())) {
            self.read(at, out, &mut spare[..out.len()]);
        }
    }

    /// Like [`Self::read`]; `repeat` says what follows after the end.
    pub fn read_repeated(&self, repeat: Repeat, at: u64, left: &mut [f32], right: &mut [f32]) {
        match repeat {
            Repeat::Once => self.read(at, left, right),
            Repeat::Looped | Repeat::Joined => self.fill(repeat, at, left, right),
        }
    }

    fn fill(&self, repeat: Repeat, at: u64, left: &mut [f32], right: &mut [f32]) {
        match &self.form {
            Form::Plain => self.content.read(repeat, at, left, right),
            Form::Sinc(grid) => self.converted(grid, repeat, at, left, right),
            Form::Whole(audio) => endless(audio.stereo(), at, left, right),
        }
    }

    fn converted(&self, grid: &Grid, repeat: Repeat, at: u64, left: &mut [f32], right: &mut [f32]) {
        let frames = grid.blocks * grid.block.1 as u64;
        let mut done = 0;
        while done < left.len() {
            let place = at + grid.delay + done as u64;
            let piece = self.piece(grid, repeat, place / frames);
            let from = (place % frames) as usize;
            let count = (piece.left.len() - from).min(left.len() - done);
            left[done..done + count].copy_from_slice(&piece.left[from..from + count]);
            right[done..done + count].copy_from_slice(&piece.right()[from..from + count]);
            done += count;
        }
    }

    fn piece(&self, grid: &Grid, repeat: Repeat, index: u64) -> Arc<Piece> {
        let store = self.content.store();
        let series = grid.series[repeat as usize];
        if let Some(piece) = store.piece((series, index)) {
            return piece;
        }
        let (channels, first) = (self.content.channels(), index * grid.blocks);
        let frames = grid.blocks as usize * grid.block.1;
        let taken = store.take_converter(grid.rates, channels, (series, first));
        // cannot fail, because the grid was made for valid rates and blocks
        let Some(mut converter) = taken.or_else(|| Converter::new(grid.rates, grid.block, channels).ok()) else {
            return store.keep((series, index), Piece { left: vec![0.0; frames], right: None });
        };
        let input = |block: u64, left: &mut [f32], right: &mut [f32]| {
            self.content.read(repeat, block * grid.block.0 as u64, left, right);
        };
        if converter.next != Some((series, first)) {
            converter.restart();
            if let Some(before) = first.checked_sub(1) {
                converter.convert(|left, right| input(before, left, right));
            }
        }
        let mut piece =
            Piece { left: Vec::with_capacity(frames), right: (channels > 1).then(|| Vec::with_capacity(frames)) };
        for block in first..first + grid.blocks {
            let [left, right] = converter.convert(|left, right| input(block, left, right));
            piece.left.extend(left.iter().map(|y| *y as f32));
            if let Some(into) = &mut piece.right {
                into.extend(right.iter().map(|y| *y as f32));
            }
        }
        converter.next = Some((series, first + grid.blocks));
        store.give_converter(converter);
        store.keep((series, index), piece)
    }
}

/// Converts all of `content` by the Fourier method.
fn whole(content: &Content, sample_rate: u32, interrupt: &Interrupt) -> Result<Audio> {
    let frames = content.frames() as usize;
    let mut channels = vec![vec![0.0; frames]; content.channels()];
    let mut spare = vec![0.0; PIECE as usize];
    for at in (0..frames).step_by(PIECE as usize) {
        interrupt.check()?;
        let to = frames.min(at + PIECE as usize);
        match channels.as_mut_slice() {
            [left, right, ..] => content.read(Repeat::Once, at as u64, &mut left[at..to], &mut right[at..to]),
            [only] => content.read(Repeat::Once, at as u64, &mut only[at..to], &mut spare[..to - at]),
            [] => {}
        }
    }
    Audio::new(channels, content.sample_rate()).resampled(sample_rate, Resampling::Fourier)
}

/// Fills both channels from a signal in memory that repeats endlessly.
fn endless((from_left, from_right): (&[f32], &[f32]), at: u64, left: &mut [f32], right: &mut [f32]) {
    let frames = from_left.len();
    if frames == 0 {
        left.fill(0.0);
        right.fill(0.0);
        return;
    }
    let mut place = (at % frames as u64) as usize;
    let mut done = 0;
    while done < left.len() {
        let count = (frames - place).min(left.len() - done);
        left[done..done + count].copy_from_slice(&from_left[place..place + count]);
        right[done..done + count].copy_from_slice(&from_right[place..place + count]);
        done += count;
        place = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::media::content::{Fold, Origin};
    use crate::media::store::Store;
    use crate::media::testing::{float_wav, recording};

    fn noise(frames: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..frames).map(|_| next()).collect()
    }

    /// Stretches that cover `0..frames`, in mixed order.
    fn stretches(frames: u64) -> Vec<(u64, usize)> {
        let mut all: Vec<(u64, usize)> = [0, 1, 4095, 4096, 5000, frames / 2, frames - 3].map(|at| (at, 3)).into();
        let step = if frames > 100_000 { 17_777 } else { 1777 };
        all.extend((0..frames).step_by(step).map(|at| (at, step)));
        all.sort_by_key(|(at, _)| at.wrapping_mul(0x9e37_79b9) % 1009);
        all
    }

    #[test]
    fn any_stretch_equals_the_conversion_of_the_whole_file() {
        for [from, to] in [[44_100, 48_000], [48_000, 44_100], [22_050, 44_100], [8000, 44_101], [96_000, 8000]] {
            let channels = [noise(30_000, from), noise(30_000, to)];
            let whole = Audio::new(channels.to_vec(), from).resampled(to, Resampling::Sinc).unwrap();
            let store = Arc::new(Store::new(400_000));
            let pieces = recording(&channels, [from, to], Fold::Stereo, &store);
            assert_eq!(pieces.frames(), whole.frames() as u64);
            let (want_left, want_right) = whole.stereo();
            for (at, count) in stretches(pieces.frames()) {
                let (mut left, mut right) = (vec![9.0; count], vec![9.0; count]);
                pieces.read(at, &mut left, &mut right);
                for (i, (l, r)) in left.iter().zip(&right).enumerate() {
                    let at = at as usize + i;
                    let want = |x: &[f32]| x.get(at).copied().unwrap_or(0.0);
                    assert_eq!((*l, *r), (want(want_left), want(want_right)), "{from} {to} at {at}");
                }
            }
        }
    }

    #[test]
    fn a_looped_periodic_file_stays_exact_for_ever() {
        // whole cycles in a file whose length is not a whole number of frames at the other rate
        let frames = 2 * 4800 + 7;
        let sine = |t: f64| 0.5 * (TAU * 60.0 * t / f64::from(frames) + 0.4).sin();
        let file: Vec<f32> = (0..frames).map(|i| sine(f64::from(i)) as f32).collect();
        for to in [44_100, 48_000, 96_000, 44_056] {
            let looped = recording(std::slice::from_ref(&file), [48_000, to], Fold::Stereo, &Arc::default());
            for start in [12_000_u64, 17_000, 1_000_000_007, 1 << 40] {
                let (mut left, mut right) = (vec![0.0; 2500], vec![0.0; 2500]);
                looped.read_repeated(Repeat::Looped, start, &mut left, &mut right);
                assert_eq!(left, right);
                for (i, x) in left.iter().enumerate() {
                    // the exact position in the file
                    let place = (u128::from(start) + i as u128) * 48_000 % (frames as u128 * u128::from(to));
                    let want = sine(place as f64 / f64::from(to));
                    assert!((f64::from(*x) - want).abs() < 2e-6, "{to} at {start} + {i}: {x} {want}");
                }
            }
        }
    }

    #[test]
    fn the_first_pass_of_a_loop_begins_like_the_file() {
        let file = vec![noise(20_000, 5)];
        let recording = recording(&file, [48_000, 44_100], Fold::Stereo, &Arc::default());
        let read = |repeat: Repeat| {
            let (mut left, mut right) = (vec![0.0; 18_000], vec![0.0; 18_000]);
            recording.fill(repeat, 0, &mut left, &mut right);
            left
        };
        assert_eq!(read(Repeat::Looped), read(Repeat::Once));
        assert_eq!(read(Repeat::Joined), read(Repeat::Once));
    }

    #[test]
    fn a_joined_loop_has_no_click_and_keeps_its_level() {
        // not a whole number of cycles
        let frames = 20_013;
        let file: Vec<f32> =
            (0..frames).map(|i| (0.5 * (TAU * 200.3 * f64::from(i) / 48_000.0).sin()) as f32).collect();
        for to in [48_000, 44_100] {
            let recording = recording(std::slice::from_ref(&file), [48_000, to], Fold::Stereo, &Arc::default());
            let (mut left, mut right) = (vec![0.0; 100_000], vec![0.0; 100_000]);
            recording.read_repeated(Repeat::Joined, 0, &mut left, &mut right);
            assert_eq!(left, right);
            // the first frames follow on silence
            let bends = left[300..].windows(3).map(|x| (x[0] - 2.0 * x[1] + x[2]).abs()).fold(0.0, f32::max);
            let own = 0.5 * (TAU * 200.3 / f64::from(to)).powi(2);
            assert!(f64::from(bends) < 1.3 * own, "{bends} at {to}, {own} of the tone");
            for (i, part) in left.chunks_exact(1000).enumerate() {
                let rms = (part.iter().map(|x| f64::from(x * x)).sum::<f64>() / 1000.0).sqrt();
                assert!((0.33..0.37).contains(&rms), "{rms} in part {i}");
            }
            let mut stretch = [[0.0; 777]; 2];
            let [l, r] = &mut stretch;
            recording.read_repeated(Repeat::Joined, 40_404, l, r);
            assert_eq!(l, &left[40_404..41_181], "a stretch is not that of the whole");
        }
    }

    #[test]
    fn a_loop_that_fits_is_not_shortened() {
        let noise = noise(20_000, 7);
        let sine: Vec<f32> = (0..48_000).map(|i| (TAU * 100.0 * f64::from(i) / 48_000.0).sin() as f32).collect();
        for file in [noise, sine] {
            let recording = recording(std::slice::from_ref(&file), [48_000; 2], Fold::Stereo, &Arc::default());
            let (mut left, mut right) = (vec![0.0; 100], vec![0.0; 100]);
            recording.read_repeated(Repeat::Joined, 3 * file.len() as u64 - 50, &mut left, &mut right);
            assert_eq!(left[..50], file[file.len() - 50..]);
            assert_eq!(left[50..], file[..50]);
        }
    }

    #[test]
    fn memory_for_many_long_files_is_bounded() {
        let store = Arc::new(Store::new(300_000));
        let files: Vec<Recording> =
            (1..=60).map(|seed| recording(&[noise(20_000, seed)], [48_000, 44_100], Fold::Stereo, &store)).collect();
        for at in (0..19_000).step_by(1000) {
            for file in &files {
                let (mut left, mut right) = (vec![0.0; 1000], vec![0.0; 1000]);
                file.read(at, &mut left, &mut right);
                assert!(left.iter().any(|x| *x != 0.0));
                assert!(store.bytes() <= 300_000);
            }
        }
        assert!(store.waiting_files() <= 32, "{}", store.waiting_files());
        drop(files);
        assert_eq!(store.waiting_files(), 0);
    }

    #[test]
    fn a_file_that_changes_or_disappears_is_silent_and_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        for gone in [false, true] {
            std::fs::write(&path, float_wav(&[noise(20_000, 1)], 8000)).unwrap();
            let store = Arc::new(Store::new(0));
            let content = Content::open(Origin::File(path.clone()), Fold::Stereo, &store, &Interrupt::default());
            let content = content.unwrap();
            let recording = Recording::new(Arc::new(content), 8000, Resampling::Sinc, &Interrupt::default()).unwrap();
            let heard = || {
                let (mut left, mut right) = ([9.0; 100], [9.0; 100]);
                recording.read(10_000, &mut left, &mut right);
                left.iter().any(|x| *x != 0.0)
            };
            assert!(heard() && recording.fault().is_none());
            // as if other files had been opened since
            store.close_all();
            if gone {
                std::fs::remove_file(&path).unwrap();
            } else {
                std::fs::write(&path, float_wav(&[noise(9000, 2)], 8000)).unwrap();
            }
            assert!(!heard());
            let fault = recording.fault().unwrap();
            assert!(fault.contains("a.wav") && (gone || fault.contains("has changed")), "{fault}");
        }
    }

    #[test]
    fn a_peak_far_above_full_scale_is_reported_once() {
        let mut samples = noise(20_000, 3);
        samples[15_000] = -40.0;
        let file = recording(&[samples], [8000, 8000], Fold::Stereo, &Arc::default());
        file.read(0, &mut [0.0; 10], &mut [0.0; 10]);
        file.content().scan(&Interrupt::default()).unwrap();
        let told = [file.warnings(), &file.noticed()].concat();
        assert_eq!(told, ["peaks 32 dB above full scale"]);
        let stop = Interrupt::default();
        stop.request();
        let stopped = recording(&[noise(20_000, 3)], [8000, 8000], Fold::Stereo, &Arc::default());
        assert!(matches!(stopped.content().scan(&stop), Err(Error::Cancelled)));
    }
}
