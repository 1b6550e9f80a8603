//! The option of tone voices to follow an equal-loudness contour (spec stimuli 4).

use std::sync::Arc;

use crate::dsp::equal_loudness::{Contour, HIGH, HIGH_PHON, PHONS};
use crate::error::{Error, Result};
use crate::voice::param::Moves;
use crate::voice::{Param, Params, Ramp};

/// The row of the option.
pub(crate) const ROW: Param = Param::number(
    "equal_loudness_phon",
    0.0,
    "phon",
    "Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz; absent: off.",
)
.range(PHONS.0, PHONS.1)
.moves(Moves::Fixed)
.optional();

/// The contour that the parameters ask for, for tones of these frequencies in Hz.
///
/// # Errors
///
/// Returns an error if the standard does not cover the loudness at one of the frequencies.
pub(crate) fn read(params: &Params<'_>, carriers: [Ramp; 2]) -> Result<Option<Arc<Contour>>> {
    let Some(phon) = params.optional(&ROW)? else { return Ok(None) };
    let highest = carriers.iter().fold(0.0_f64, |most, hz| most.max(hz.start.abs()).max(hz.end.abs()));
    if phon > HIGH_PHON && highest > HIGH {
        let limit = format!("above {HIGH} Hz ISO 226:2003 ends at {HIGH_PHON} phon");
        return Err(Error::invalid(ROW.name, format!("{limit}, got {phon} phon for a tone of {highest} Hz")));
    }
    Ok(Some(Arc::new(Contour::new(phon))))
}
