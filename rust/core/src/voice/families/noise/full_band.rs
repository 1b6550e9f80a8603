//! The form under `Compat::full_band_noise`: the streaming form for every length, fed by noise with independent ears
//! over the whole band and at one level (spec noise 16.4).

use std::sync::Arc;

use super::colour::Source;
use super::flow::{Design, Flow, Noise};
use crate::dsp::noise::conditioning::StaticNotch;
use crate::dsp::noise::ears::{Spectrum, edges};
use crate::dsp::noise::level;
use crate::dsp::noise::level::Steps;
use crate::dsp::noise::sweep::Motion;
use crate::dsp::noise::whole::Seed;
use crate::voice::grid::Cells;
use crate::voice::{Stream, Voice};

/// The voice; a colour without a seed of its own reads `stream`.
pub(super) fn build(
    source: &Source,
    stream: Option<Stream>,
    correlation: f64,
    motion: Motion,
    statics: &[StaticNotch],
    steps: Steps,
    clipped: bool,
) -> Box<dyn Voice> {
    let rate = motion.sample_rate;
    let density = source.colour.declared(rate);
    let gains = if source.colour.is_silent() {
        [0.0; 2]
    } else {
        level::steady_gains(&motion, |f| density(f) * edges(f), statics, steps)
    };
    let (seed, from) = match (source.seed, stream) {
        (Seed::Free(_), Some(stream)) => (stream.seed, stream.from),
        (seed, _) => (seed.of_stream(), 0),
    };
    let spectrum = Arc::new(Spectrum::new(density, rate));
    let equal = correlation == 1.0 && motion.is_mono();
    let channels = if equal { 1 } else { 2 };
    let noise = Noise::Ears { spectrum, seed, correlation, from: from as i64 };
    let design = Design::new(noise, gains, motion, statics, channels, steps);
    Cells::boxed(Flow::new(design.clipped_if(clipped)))
}
