//! Last stage of the QAM family: 30 Hz high-pass and low-pass near the Nyquist frequency, both with zero phase (spec
//! qam-voices 1.3).
//!
//! Rendered over a margin on both sides of each cell in which the wrong beginnings decay to 1e-9 (0.29 s at 44.1 kHz);
//! exact at both ends of the call.

use super::cells::{CellSource, Cells};
use super::{Context, Voice, zero_phase};
use crate::dsp::filters::cleaning_stages;

/// Shorter calls are not filtered (spec 6).
const SHORTEST: u64 = 16;

/// `raw` of this call, cleaned.
pub(crate) fn cleaned(raw: impl CellSource, context: &Context) -> Box<dyn Voice> {
    let raw = Cells::boxed(raw);
    if context.frames < SHORTEST {
        return raw;
    }
    zero_phase::filtered(raw, &cleaning_stages(context.sample_rate), context.frames)
}
