//! What a track declares over its whole length: its steps, crossfades, and the frequencies of its voices.

use std::path::Path;

use realtime_backend_core::analyse::declared_curves;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::printable::printable;
use realtime_backend_core::track::Track;

use super::view::{Curve, Score, StepView};

/// Points of a curve over the whole track.
const POINTS: f64 = 400.0;

/// The title of `track`, otherwise the name of its file, which is called `name`.
pub(in crate::play) fn title(track: &Track, name: &str) -> String {
    let stem =
        || Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    printable(&track.title.clone().unwrap_or_else(stem)).into_owned()
}

/// The steps of a plan, in its order.
pub(super) fn steps(track: &Track, plan: &Plan) -> Vec<StepView> {
    let name = |step: usize| {
        let step = track.steps.get(step)?;
        if !step.description.is_empty() {
            return Some(printable(&step.description).into_owned());
        }
        let mut voices: Vec<&str> = step.voices.iter().map(|voice| voice.function.as_str()).collect();
        voices.dedup();
        Some(printable(&voices.join(", ")).into_owned())
    };
    let times = plan.step_times().into_iter().zip(&plan.timeline().placements).enumerate();
    times
        .map(|(index, ((start, end), place))| StepView {
            number: index + 1,
            name: name(place.step).unwrap_or_default(),
            start,
            end,
        })
        .collect()
}

/// The picture of a plan: its beats, or its carriers if it declares no beats.
pub(super) fn score(track: &Track, plan: &Plan) -> Score {
    let declared = declared_curves(track, plan, plan.seconds() / POINTS);
    let beats = declared.iter().any(|curve| curve.points.iter().any(|(_, pair)| pair.beat_hz.is_some()));
    let (mut curves, mut last, mut voice) = (Vec::new(), None, 0);
    for curve in declared {
        voice = if last == Some(curve.step) { voice + 1 } else { 0 };
        last = Some(curve.step);
        let value = |(at, pair): &(f64, _)| Some((*at, hz(pair, beats)?));
        let points: Vec<(f64, f64)> = curve.points.iter().filter_map(value).collect();
        if !points.is_empty() {
            curves.push(Curve { voice, points });
        }
    }
    let rate = f64::from(plan.sample_rate());
    let places = &plan.timeline().placements;
    let fades = places.iter().filter(|place| place.crossfade.is_some());
    Score {
        quantity: if beats { "beat" } else { "carrier" },
        curves,
        starts: places.iter().map(|place| place.start as f64 / rate).collect(),
        fades: fades.map(|place| (place.start as f64 / rate, place.fade_end() as f64 / rate)).collect(),
    }
}

fn hz(pair: &realtime_backend_core::analyse::Pair, beats: bool) -> Option<f64> {
    if beats { pair.beat_hz.map(f64::abs) } else { pair.carrier_hz }
}
