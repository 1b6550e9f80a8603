//! The option of tone voices to follow an equal-loudness contour (spec stimuli 4).

use std::sync::Arc;

use crate::dsp::equal_loudness::{Contour, PHONS};
use crate::error::Result;
use crate::voice::param::Moves;
use crate::voice::{Param, Params};

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

/// The contour that the parameters ask for.
pub(crate) fn read(params: &Params<'_>) -> Result<Option<Arc<Contour>>> {
    Ok(params.optional(&ROW)?.map(|phon| Arc::new(Contour::new(phon))))
}
