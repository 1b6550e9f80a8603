//! The marker track of a file: a table of events in the form of BIDS (`events.tsv`), and a trigger channel beside the
//! sound (spec stimuli 5).

use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;

use crate::error::{Error, Result};
use crate::files::atomic::Temporary;
use crate::plan::{Marker, Plan};

/// Events after which `keep_on` is asked again.
const PATIENCE: u64 = 4096;

/// Begin the table of events of `frames` at `path`, and write all of it; [`Temporary::commit`] gives it its name. It is
/// cancelled when `keep_on` returns false.
pub(super) fn write_table(
    plan: &Plan,
    frames: Range<u64>,
    every: u64,
    path: &Path,
    keep_on: &mut dyn FnMut() -> bool,
) -> Result<Temporary> {
    let failed = |source: io::Error| Error::Io { path: path.display().to_string(), source };
    let mut file = Temporary::begin(path).map_err(failed)?;
    let (start, rate) = (frames.start, f64::from(plan.sample_rate()));
    file.write_all(b"onset\tduration\ttrial_type\tsample\n").map_err(failed)?;
    let mut count = 0_u64;
    plan.markers(frames, every, &mut |marker| {
        count += 1;
        if count.is_multiple_of(PATIENCE) && !keep_on() {
            return Err(Error::Cancelled);
        }
        let sample = marker.frame - start;
        let (onset, duration) = (sample as f64 / rate, marker.length / rate);
        writeln!(file, "{onset:.9}\t{duration:.9}\t{}\t{sample}", marker.label).map_err(failed)
    })?;
    Ok(file)
}

/// The trigger channel: true for `width` frames from every event on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trigger {
    pub(super) every: u64,
    pub(super) width: u64,
}

impl Trigger {
    /// Fill `out` with the track frames from `first` on.
    pub(super) fn fill(self, plan: &Plan, first: u64, out: &mut [bool]) -> Result<()> {
        out.fill(false);
        let end = first + out.len() as u64;
        plan.markers(first.saturating_sub(self.width)..end, self.every, &mut |marker: &Marker| {
            let from = marker.frame.max(first) - first;
            let to = (marker.frame + self.width).clamp(first, end) - first;
            if from < to {
                out[from as usize..to as usize].fill(true);
            }
            Ok(())
        })
    }
}
