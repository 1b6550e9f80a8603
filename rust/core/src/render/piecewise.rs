//! An export whose bytes are taken piece by piece, for places without a file system, such as browsers.

use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use super::encode::{Channels, Encoder};
use super::export::{ExportOptions, level};
use super::extent::begins_within;
use super::offline::{Worker, jobs};
use super::shaping::Shaper;
use crate::error::{Error, Result};
use crate::parallel::{Progress, stage};
use crate::plan::Plan;
use crate::voice::Block;

/// A file that is rendered as its bytes are taken, on the calling thread. A WAV file has the bytes of
/// [`super::render_to_file`]. In a FLAC file, the checksum of the samples and the sizes of the blocks stay unknown.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::encode::{Container, FileFormat};
/// use realtime_backend_core::render::{ExportOptions, PiecewiseExport};
///
/// let options = ExportOptions::new(FileFormat::new(Container::Wav));
/// let mut export = PiecewiseExport::begin(&plan, &options, &mut |_done| true)?;
/// let mut file = Vec::new();
/// while let Some(piece) = export.take()? {
///     file.extend(piece);
/// }
/// assert_eq!(file.len(), 80 + 4 * 44_100);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct PiecewiseExport {
    worker: Worker,
    jobs: std::vec::IntoIter<Range<u64>>,
    frames: Range<u64>,
    gain: f32,
    shaper: Shaper,
    /// `None` after the end.
    encoder: Option<Encoder<Bytes>>,
    /// Track frame up to which bytes were taken.
    next: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl PiecewiseExport {
    /// Measure what has to be measured for the level of the file, on the calling thread. `progress` gets the finished share
    /// of that, 0 to 1, and stops it by returning false.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if `progress` stops it; [`Error::Invalid`] if `options.frames` begins at or behind the end of the
    /// track, and for what needs more than one file or sound: stems, seamless files, markers, sheets; [`Error::Media`]
    /// if the format cannot hold the sample rate; those of [`Plan::measure`].
    pub fn begin(plan: &Arc<Plan>, options: &ExportOptions, progress: Progress<'_>) -> Result<Self> {
        refuse_more_than_one_file(options)?;
        let ExportOptions { format, shaping, ref tags, .. } = *options;
        let frames = options.frames.start..options.frames.end.min(plan.frames());
        begins_within(plan, frames.start)?;
        let rate = plan.sample_rate();
        format.check(rate).map_err(|message| Error::Media { path: String::new(), message })?;
        let needed = options.measured_steps(plan, &frames);
        plan.measure(needed.start, needed.end, 1, &mut stage(progress, 0.0, 0.8))?;
        let gain = level(plan, options, &mut stage(progress, 0.8, 1.0))?.gain;
        let channels = Channels { mono: shaping.mono, trigger: false };
        let count = frames.end - frames.start;
        let mut encoder = Encoder::of_length(Bytes::default(), format, rate, channels, tags, count).map_err(failure)?;
        encoder.dither_from(options.seed, frames.start);
        Ok(Self {
            worker: Worker::alone(plan),
            jobs: jobs(plan, frames.clone()).into_iter(),
            gain,
            shaper: Shaper::new(shaping, count),
            encoder: Some(encoder),
            next: frames.start,
            frames,
            left: Vec::new(),
            right: Vec::new(),
        })
    }

    /// Render about three seconds of sound and return the bytes that are ready; `None` after the last ones.
    ///
    /// # Errors
    /// [`Error::Io`] if the encoder fails.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(encoder) = &mut self.encoder else { return Ok(None) };
        let Some(job) = self.jobs.next() else {
            let encoder = self.encoder.take();
            let rest = encoder.map(Encoder::finish).transpose().map_err(failure)?;
            return Ok(rest.map(|(bytes, _)| bytes.0));
        };
        let count = (job.end - job.start) as usize;
        self.left.resize(count, 0.0);
        self.right.resize(count, 0.0);
        self.worker.planar(job.start, self.gain, Block::new(&mut self.left, &mut self.right));
        let [left, right] = self.shaper.apply(&self.left, &self.right);
        encoder.write(left, right).map_err(failure)?;
        self.next = job.end;
        Ok(Some(std::mem::take(&mut encoder.sink().0)))
    }

    /// The share of the frames whose bytes were taken, 0 to 1.
    pub fn done(&self) -> f64 {
        let Range { start, end } = self.frames;
        if end > start { (self.next - start) as f64 / (end - start) as f64 } else { 1.0 }
    }
}

fn refuse_more_than_one_file(options: &ExportOptions) -> Result<()> {
    let ExportOptions { ref markers, ref sheets, .. } = *options;
    let more = [
        ("stems", options.stems.is_some()),
        ("seamless", options.seamless),
        ("markers", markers.table.is_some() || markers.trigger > 0),
        ("sheets", sheets.paths().next().is_some()),
    ];
    match more.into_iter().find(|(_, wanted)| *wanted) {
        Some((name, _)) => Err(Error::invalid(name, "cannot be written piece by piece")),
        None => Ok(()),
    }
}

/// Encoded bytes that were not taken yet.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Bytes {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::NotSeekable.into())
    }
}

fn failure(source: io::Error) -> Error {
    Error::Io { path: String::new(), source }
}

#[cfg(test)]
mod tests {
    use super::super::encode::{Container, FileFormat, Rounding, Subtype};
    use super::super::{Shaping, render_to_file};
    use super::*;
    use crate::plan::PlanOptions;
    use crate::track::Track;

    fn plan() -> Arc<Plan> {
        let (track, _) = Track::from_json(
            r#"{"progression": [
                {"duration": 4.0, "voices": [{"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0}}]},
                {"duration": 3.5, "start": 3.0, "crossfade_duration": 1.0,
                 "voices": [{"synth_function_name": "isochronic_tone", "params": {"baseFreq": 300.0}}]}]}"#,
        )
        .unwrap();
        Arc::new(Plan::compile(&track, &PlanOptions::default()).unwrap().0)
    }

    fn pieces(options: &ExportOptions) -> Vec<u8> {
        let mut export = PiecewiseExport::begin(&plan(), options, &mut |_| true).unwrap();
        let mut file = Vec::new();
        while let Some(piece) = export.take().unwrap() {
            file.extend(piece);
        }
        assert!(export.done() == 1.0 && export.take().unwrap().is_none());
        file
    }

    fn whole(options: &ExportOptions) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        render_to_file(&plan(), &path, options, &mut |_| true).unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn pieces_of_a_wav_file_are_its_bytes() {
        for subtype in [Subtype::Pcm16, Subtype::Pcm24, Subtype::Float32] {
            let format = FileFormat::new(Container::Wav).with_subtype(subtype).with_rounding(Rounding::Dither);
            let whole_track = ExportOptions::new(format);
            let shaping = Shaping { fade_in: 1000, fade_out: 2000, mono: true };
            let part = ExportOptions { frames: 1001..200_002, shaping, seed: 5, ..ExportOptions::new(format) };
            for options in [whole_track, part] {
                assert!(pieces(&options) == whole(&options), "{options:?}");
            }
        }
    }

    #[test]
    fn pieces_of_a_flac_file_differ_in_its_first_block() {
        let format = FileFormat::new(Container::Flac).with_subtype(Subtype::Pcm24);
        let options = ExportOptions::new(format);
        let (pieces, whole) = (pieces(&options), whole(&options));
        // marker and STREAMINFO: the length is there, block sizes and digest are not
        let info = 4 + 4 + 34;
        assert_eq!(pieces[info..], whole[info..]);
        assert_eq!(pieces[18..26], whole[18..26]);
        assert_eq!(pieces[26..info], [0; 16]);
    }

    #[test]
    fn what_needs_more_than_one_file_is_refused() {
        let seamless = ExportOptions { seamless: true, ..ExportOptions::new(FileFormat::new(Container::Wav)) };
        let refused = PiecewiseExport::begin(&plan(), &seamless, &mut |_| true).err().unwrap().to_string();
        assert_eq!(refused, "seamless: cannot be written piece by piece");
        let options = ExportOptions::new(FileFormat::new(Container::Wav));
        assert!(matches!(PiecewiseExport::begin(&plan(), &options, &mut |_| false).err(), Some(Error::Cancelled)));
    }
}
