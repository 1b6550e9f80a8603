//! Measured head-related impulse responses of a listener: SOFA files of the convention SimpleFreeFieldHRIR, and the
//! compact form `*.hrir.npz` (spec hrtf-renderer 2).
//!
//! Files are read whole and checked before anything is computed from them. The sets that were read last are kept, by
//! their content.

mod cues;
mod files;

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::content::Stamp;
use crate::dsp::direction::polar;
use crate::dsp::recent::Recent;
use crate::error::{Error, Result};
use crate::files::digest;
use crate::files::regular::open_regular;

pub use cues::Cues;

/// Largest number of directions times taps.
pub const MOST_TAPS: usize = 1 << 26;
/// Largest file, bytes.
const MOST_BYTES: u64 = 1 << 30;
/// Longest external delay, seconds.
const LONGEST_DELAY: f64 = 1.0;

/// The unit of the delays of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelayUnit {
    /// Samples at the rate of the set.
    Samples,
    /// Seconds.
    Seconds,
    /// The file does not say.
    Unknown,
}

/// A set of responses, one for each direction and ear.
#[derive(Debug, Clone)]
pub struct Hrirs {
    /// Name for messages, such as a path.
    pub name: String,
    /// Title of the set, as the file states it; may be empty.
    pub title: String,
    /// Licence of the set, as the file states it; may be empty.
    pub licence: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Sample rate, Hz.
    pub sample_rate: f64,
    /// Taps of each response.
    pub taps: usize,
    /// Where the sources were, in metres: x forward, y left, z up.
    pub positions: Vec<[f64; 3]>,
    /// The responses: direction, ear (left, right), tap.
    pub responses: Vec<f64>,
    /// Delays besides those in the responses, left and right, in `delay_unit`.
    pub delays: Vec<[f64; 2]>,
    /// The unit of `delays`.
    pub delay_unit: DelayUnit,
    /// What is odd about the file, but harmless.
    pub warnings: Vec<String>,
}

/// Whether a file may be a set of responses, by its first bytes.
pub fn is_set(bytes: &[u8]) -> bool {
    files::is_set(bytes)
}

impl Hrirs {
    /// The set in the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Media`] if it is not a set that can be used.
    pub fn open(path: &Path) -> Result<Arc<Self>> {
        static RECENT: Recent<(std::path::PathBuf, Stamp), Result<Arc<Hrirs>, String>> = Recent::new();
        let name = path.display().to_string();
        let read = || {
            let mut bytes = Vec::new();
            let failed = |source| Error::Io { path: name.clone(), source };
            open_regular(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
            Self::of_bytes(&bytes, &name)
        };
        let Some(stamp) = Stamp::of(path) else { return read() };
        // an error of the file system is reported as it is, and is not kept
        open_regular(path)?;
        let message = |error| match error {
            Error::Media { message, .. } => message,
            other => other.to_string(),
        };
        let made = RECENT.get((path.to_owned(), stamp), || read().map_err(message));
        made.as_ref().clone().map_err(|message| Error::Media { path: name.clone(), message })
    }

    /// The set in `bytes`, the content of a file; `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Media`] if it is not a set that can be used.
    pub fn of_bytes(bytes: &[u8], name: &str) -> Result<Arc<Self>> {
        static RECENT: Recent<String, Result<Arc<Hrirs>, String>> = Recent::new();
        let refuse = |message: String| Error::Media { path: name.to_owned(), message };
        if bytes.len() as u64 > MOST_BYTES {
            return Err(refuse(format!("larger than {} MiB", MOST_BYTES >> 20)));
        }
        let sha256 = digest::of_bytes(bytes);
        let made = RECENT.get(sha256.clone(), || {
            let mut set = files::read(bytes)?;
            set.check()?;
            set.sha256 = sha256;
            name.clone_into(&mut set.name);
            Ok(Arc::new(set))
        });
        made.as_ref().clone().map_err(refuse)
    }

    /// The content of this set as a file in the compact form: float32, without what the engine does not read.
    ///
    /// # Errors
    /// [`Error::Media`] if it cannot be written.
    pub fn to_compact(&self) -> Result<Vec<u8>> {
        files::write(self).map_err(|message| Error::Media { path: self.name.clone(), message })
    }

    /// The delays in samples at the rate of the set. If the file gives no unit, they are samples, unless all are below
    /// 0.1 and some are not whole; with `as_recorded` they are seconds.
    ///
    /// # Errors
    /// What is wrong, if one is longer than a second.
    pub fn delays_in_samples(&self, as_recorded: bool) -> Result<Vec<[f64; 2]>, String> {
        let all = || self.delays.iter().flatten();
        let fractions = || all().any(|delay| delay.fract() != 0.0);
        let small = || all().all(|delay| delay.abs() < 0.1);
        let seconds = match self.delay_unit {
            DelayUnit::Samples => false,
            DelayUnit::Seconds => true,
            DelayUnit::Unknown => as_recorded || small() && fractions(),
        };
        let scale = if seconds { self.sample_rate } else { 1.0 };
        let longest = all().fold(0.0_f64, |longest, delay| longest.max(delay.abs())) * scale;
        if longest > LONGEST_DELAY * self.sample_rate {
            return Err(format!(
                "Data.Delay: expected at most {LONGEST_DELAY} s, got {} s{}",
                longest / self.sample_rate,
                if self.delay_unit == DelayUnit::Unknown { " (the file gives no unit)" } else { "" }
            ));
        }
        Ok(self.delays.iter().map(|pair| pair.map(|delay| delay * scale)).collect())
    }

    /// Azimuth and elevation of each direction in degrees, and its distance in metres.
    pub fn polar(&self) -> impl Iterator<Item = [f64; 3]> {
        self.positions.iter().map(|point| polar(*point))
    }

    /// The response of one ear at a direction.
    pub fn response(&self, direction: usize, ear: usize) -> &[f64] {
        let at = (2 * direction + ear) * self.taps;
        &self.responses[at..at + self.taps]
    }

    /// Check what both forms of files have in common, and add warnings.
    fn check(&mut self) -> Result<(), String> {
        if !(self.sample_rate.is_finite() && self.sample_rate > 0.0) {
            return Err(format!("Data.SamplingRate: expected a positive number, got {}", self.sample_rate));
        }
        if let Some(at) = self.responses.iter().position(|tap| !tap.is_finite()) {
            return Err(format!("Data.IR: the response of direction {} is not finite", at / (2 * self.taps)));
        }
        let radius = |p: &[f64; 3]| p.iter().map(|value| value * value).sum::<f64>().sqrt();
        if let Some(at) = self.positions.iter().position(|p| !(radius(p).is_finite() && radius(p) > 0.0)) {
            return Err(format!("SourcePosition: direction {at} is at the listener or not finite"));
        }
        if self.delays.iter().flatten().any(|delay| !delay.is_finite()) {
            return Err("Data.Delay: not finite".to_owned());
        }
        let peak = self.responses.iter().fold(0.0_f64, |peak, tap| peak.max(tap.abs()));
        if peak == 0.0 {
            return Err("Data.IR: all responses are silent".to_owned());
        }
        if peak > 1.0 {
            self.warnings.push(format!("the largest tap is {peak:.2}, above full scale"));
        }
        let (mut early, mut late) = (0, 0);
        for response in self.responses.chunks_exact(self.taps) {
            let energy = |taps: &[f64]| taps.iter().map(|tap| tap * tap).sum::<f64>();
            let loudest = response.iter().fold(0.0_f64, |peak, tap| peak.max(tap.abs()));
            early += usize::from(response[0].abs() == loudest && loudest > 0.0);
            late += usize::from(energy(&response[self.taps - self.taps.div_ceil(10)..]) > 0.05 * energy(response));
        }
        if early > 0 {
            self.warnings
                .push(format!("{early} responses are largest at their first tap; their beginning may be cut off"));
        }
        if late > 0 {
            self.warnings.push(format!("{late} responses have not faded away at their end; they may be cut off"));
        }
        let mut keys: Vec<[i64; 3]> =
            self.positions.iter().map(|p| p.map(|value| (value / radius(p) * 1e6).round() as i64)).collect();
        keys.sort_unstable();
        let same = keys.windows(2).filter(|pair| pair[0] == pair[1]).count();
        if same > 0 {
            self.warnings.push(format!("{same} directions are measured more than once"));
        }
        Ok(())
    }
}
