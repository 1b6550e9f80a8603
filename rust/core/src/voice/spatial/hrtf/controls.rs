//! Where the source is at the control points, which lie a fixed number of frames apart.

use super::Scene;
use super::bank::{Bank, Target};
use super::filters::norm;
use super::settings::Reach;

/// Nearest distance, metres: a source in the middle of the head is heard from the front.
const NEAREST: f64 = 1e-9;

/// A control point.
#[derive(Debug, Clone, Copy)]
struct Control {
    direction: [f64; 3],
    distance: f64,
    gain: f64,
    delay: f64,
    target: Option<Target>,
}

/// The control points that one cell needs.
pub(super) struct Controls {
    pub(super) interval: u64,
    reach: Reach,
    first: u64,
    list: Vec<Control>,
}

impl Controls {
    /// Room for the control points of `frames` frames.
    pub(super) fn new(interval: u64, reach: Reach, frames: u64) -> Self {
        Self { interval, reach, first: 0, list: Vec::with_capacity((frames / interval) as usize + 4) }
    }

    /// Compute the control points `from..=to`.
    pub(super) fn fill(&mut self, scene: &impl Scene, from: u64, to: u64) {
        self.first = from;
        self.list.clear();
        for k in from..=to {
            let position = scene.position(k * self.interval);
            let distance = norm(position);
            let usable = distance.is_finite() && distance > NEAREST;
            let (direction, distance) =
                if usable { (position.map(|value| value / distance), distance) } else { ([1.0, 0.0, 0.0], NEAREST) };
            let (gain, delay) = self.reach.at(distance);
            self.list.push(Control { direction, distance, gain, delay, target: None });
        }
    }

    fn at(&self, k: u64) -> &Control {
        &self.list[(k - self.first) as usize]
    }

    pub(super) fn direction(&self, k: u64) -> [f64; 3] {
        self.at(k).direction
    }

    /// The filter that control point `k` asks for.
    pub(super) fn target(&mut self, k: u64, bank: &Bank) -> Target {
        let control = &mut self.list[(k - self.first) as usize];
        *control.target.get_or_insert_with(|| bank.target(control.direction, control.distance))
    }

    /// Gain and delay in frames at frame `n`: they reach their values one interval late.
    pub(super) fn reached(&self, n: u64) -> (f64, f64) {
        let k = n / self.interval;
        let (before, now) = (self.at(k.saturating_sub(1)), self.at(k));
        let part = (n - k * self.interval + 1) as f64 / self.interval as f64;
        (before.gain + part * (now.gain - before.gain), before.delay + part * (now.delay - before.delay))
    }
}
