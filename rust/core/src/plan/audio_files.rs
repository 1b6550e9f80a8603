//! Opens the audio files of a track for its clips and its bed.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use super::media_cache::MediaCache;
use super::options::LayerGains;
use crate::compat::Compat;
use crate::error::{Problem, Result};
use crate::interrupt::Interrupt;
use crate::media::{Recording, Resampling};
use crate::track::{Source, Track};

/// Seconds of audio that a compilation may decode, over all files, to warn about peaks far above full scale. Files that
/// exceed this are checked while they are rendered.
const SCANNED_SECONDS: f64 = 180.0;

/// Where audio files come from, and the rate to which they are converted.
pub(crate) struct AudioFiles<'a> {
    pub(crate) track: &'a Track,
    pub(crate) sample_rate: u32,
    pub(crate) compat: Compat,
    pub(crate) gains: LayerGains,
    pub(crate) media_cache: &'a Arc<MediaCache>,
    /// Checked while a file is read.
    pub(crate) interrupt: &'a Interrupt,
    /// Seconds of audio that may still be scanned.
    to_scan: Cell<f64>,
}

impl<'a> AudioFiles<'a> {
    pub(crate) const fn new(
        track: &'a Track,
        sample_rate: u32,
        compat: Compat,
        gains: LayerGains,
        media_cache: &'a Arc<MediaCache>,
        interrupt: &'a Interrupt,
    ) -> Self {
        Self { track, sample_rate, compat, gains, media_cache, interrupt, to_scan: Cell::new(SCANNED_SECONDS) }
    }

    /// The audio of the clip at JSON path `at`; `None` for a clip whose samples are pushed at run time.
    pub(crate) fn read(
        &self,
        source: &Source,
        at: &str,
        warnings: &mut Vec<Problem>,
    ) -> Result<Option<Arc<Recording>>> {
        match source {
            Source::File(written) => self.file(&self.track.resolve(written), at, warnings).map(Some),
            Source::DataUrl(url) => {
                let recording = self.media_cache.data_url(url, self.sample_rate, self.method(), self.interrupt)?;
                self.looked_at(recording, at, warnings).map(Some)
            }
            Source::Pushed => Ok(None),
        }
    }

    /// The audio file at `path`, which the track names at JSON path `at`.
    pub(crate) fn file(&self, path: &Path, at: &str, warnings: &mut Vec<Problem>) -> Result<Arc<Recording>> {
        let recording = self.media_cache.file(path, self.sample_rate, self.method(), self.interrupt)?;
        self.looked_at(recording, at, warnings)
    }

    fn looked_at(&self, recording: Arc<Recording>, at: &str, warnings: &mut Vec<Problem>) -> Result<Arc<Recording>> {
        let content = recording.content();
        let seconds = content.frames() as f64 / f64::from(content.sample_rate().max(1));
        if content.is_scanned() || seconds <= self.to_scan.get() {
            if !content.is_scanned() {
                self.to_scan.set(self.to_scan.get() - seconds);
            }
            content.scan(self.interrupt)?;
        }
        let texts = recording.warnings().iter().cloned().chain(recording.noticed());
        warnings.extend(texts.map(|text| Problem::warning(at, text)));
        Ok(recording)
    }

    fn method(&self) -> Resampling {
        if self.compat.fourier_resampling { Resampling::Fourier } else { Resampling::Sinc }
    }
}
