//! What the screen shows, as data. It is made from the player in one place (`gather`) and drawn by functions of nothing
//! else.

use std::sync::Arc;

use realtime_backend_player::State;

/// Everything that is drawn.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) title: String,
    /// Number of the track in the playlist from 1 on, and the length of the playlist.
    pub(super) place: Option<(usize, usize)>,
    pub(super) state: State,
    /// Position in the track and its length, seconds.
    pub(super) position: f64,
    pub(super) length: f64,
    /// The step that plays, and the one that begins next.
    pub(super) step: Option<StepView>,
    pub(super) next: Option<StepView>,
    /// Number of steps.
    pub(super) steps: usize,
    pub(super) score: Arc<Score>,
    /// Levels of the left and the right channel.
    pub(super) levels: [Level; 2],
    /// Linear volume, 0 to 1.
    pub(super) volume: f32,
    /// Seconds that the sleep timer has left.
    pub(super) timer: Option<f64>,
    /// Start and end of the loop, seconds.
    pub(super) looped: Option<(f64, f64)>,
    /// Name of the device, and its sample rate.
    pub(super) device: String,
    /// What went wrong, in a few words each; the worst first.
    pub(super) troubles: Vec<String>,
}

impl View {
    /// Seconds until the end of the track.
    pub(super) fn left(&self) -> f64 {
        (self.length - self.position).max(0.0)
    }

    /// The position as a share of the track, 0 to 1.
    pub(super) fn share(&self) -> f64 {
        share(self.position, self.length)
    }
}

/// `seconds` as a share of `length`, 0 to 1.
pub(super) fn share(seconds: f64, length: f64) -> f64 {
    if length > 0.0 { (seconds / length).clamp(0.0, 1.0) } else { 0.0 }
}

/// One step of the track.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StepView {
    /// Number from 1 on.
    pub(super) number: usize,
    pub(super) name: String,
    /// Seconds from the start of the track.
    pub(super) start: f64,
    pub(super) end: f64,
}

/// A level in dBFS: what is shown now, and the peak of the last moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    pub(super) now: f64,
    pub(super) held: f64,
}

/// The frequency that a track declares for one of its voices.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    /// Place among the voices of its step, which chooses the colour.
    pub(super) voice: usize,
    /// Seconds and Hz, in the order of time.
    pub(super) points: Vec<(f64, f64)>,
}

impl Curve {
    /// The frequency at `seconds`; `None` outside its step.
    fn at(&self, seconds: f64) -> Option<f64> {
        let next = self.points.partition_point(|(at, _)| *at <= seconds);
        let (from, hz) = *self.points.get(next.checked_sub(1)?)?;
        let (to, end) = *self.points.get(next)?;
        Some(if to > from { hz + (end - hz) * (seconds - from) / (to - from) } else { hz })
    }
}

/// What a track declares over its whole length.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Score {
    /// What the curves are: `beat` or `carrier`.
    pub(super) quantity: &'static str,
    pub(super) curves: Vec<Curve>,
    /// Starts of the steps, seconds.
    pub(super) starts: Vec<f64>,
    /// Start and end of each crossfade, seconds.
    pub(super) fades: Vec<(f64, f64)>,
}

impl Score {
    /// Voice and frequency of the curves at `seconds`.
    pub(super) fn at(&self, seconds: f64) -> impl Iterator<Item = (usize, f64)> {
        self.curves.iter().filter_map(move |curve| Some((curve.voice, curve.at(seconds)?)))
    }

    /// The frequencies at the lower and the upper border of the picture: round numbers around all curves.
    pub(super) fn bounds(&self) -> (f64, f64) {
        let all = || self.curves.iter().flat_map(|curve| &curve.points).map(|(_, hz)| *hz);
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        if low > high {
            return (0.0, 1.0);
        }
        if low == high {
            // a flat curve is drawn near the middle
            return ((low - 1.0).max(0.0).floor(), (high + 1.0).ceil());
        }
        let grain = [0.1, 0.5, 1.0, 5.0, 10.0, 50.0, 100.0, 500.0].into_iter().find(|grain| high - low <= grain * 10.0);
        let grain = grain.unwrap_or(1000.0);
        ((low / grain).floor() * grain, (high / grain).ceil() * grain)
    }
}
