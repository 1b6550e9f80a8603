//! Crossfades from filter to filter, as stretches in which at most two filters are heard with simple weights.

use std::f64::consts::FRAC_PI_2;

use super::bank::{Bank, Filter, MIXTURES, Target};
use super::controls::Controls;

/// The weight of a filter over a stretch.
#[derive(Debug, Clone, Copy)]
pub(super) enum Weight {
    /// This at the first frame, and this more per frame.
    Line(f32, f32),
    /// The sine (`true`) or cosine of an equal-power fade, from this frame of it on.
    Power(bool, usize),
}

/// Frames up to `until` with the filters that are heard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) until: u64,
    pub(super) heard: [Option<(Filter, Weight)>; 2],
}

/// Crossfades of either kind.
pub(super) enum Fades {
    Linear(Linear),
    Power(Power),
}

impl Fades {
    /// Blends that are needed at a time.
    pub(super) fn blends(&self) -> usize {
        match self {
            Self::Linear(linear) => (linear.fade / linear.interval) as usize + 3,
            Self::Power(_) => 3,
        }
    }

    /// The first control point that the frames from `first` on depend on.
    pub(super) fn from(&self, first: u64) -> u64 {
        match self {
            Self::Linear(linear) => first.saturating_sub(linear.fade) / linear.interval,
            Self::Power(power) => (first / power.interval).saturating_sub(power.back + power.settled),
        }
    }

    /// The longest time before a frame that [`Self::from`] reaches back, frames.
    pub(super) fn reach(&self) -> u64 {
        match self {
            Self::Linear(linear) => linear.fade + linear.interval,
            Self::Power(power) => (power.back + power.settled + 1) * power.interval,
        }
    }

    /// Go to frame `first`.
    pub(super) fn begin(&mut self, first: u64, controls: &mut Controls, bank: &mut Bank) {
        let from = self.from(first);
        match self {
            Self::Linear(linear) => linear.begin(first, from, controls, bank),
            Self::Power(power) => power.begin(first, from, controls, bank),
        }
    }

    /// The stretch that begins at frame `n`, the end of the last one, and ends at `end` at the latest.
    pub(super) fn stretch(&mut self, n: u64, end: u64, controls: &mut Controls, bank: &mut Bank) -> Stretch {
        match self {
            Self::Linear(linear) => linear.stretch(n, end, controls, bank),
            Self::Power(power) => power.stretch(n, end, controls, bank),
        }
    }
}

/// A filter that is faded in.
#[derive(Debug, Clone, Copy)]
struct Entry {
    target: Target,
    filter: Filter,
    from: u64,
}

/// Linear fades. Fades that overlap add up, so the gain is never above that of the filters.
pub(super) struct Linear {
    fade: u64,
    interval: u64,
    /// The filter that is fully heard, then those that are faded in.
    entries: Vec<Entry>,
    /// The next control point.
    next: u64,
}

impl Linear {
    pub(super) fn new(fade: u64, interval: u64) -> Self {
        Self { fade, interval, entries: Vec::with_capacity((fade / interval) as usize + 4), next: 0 }
    }

    fn begin(&mut self, first: u64, from: u64, controls: &mut Controls, bank: &mut Bank) {
        self.entries.clear();
        self.next = from;
        while self.next * self.interval <= first {
            self.arrive(controls, bank);
        }
    }

    fn arrive(&mut self, controls: &mut Controls, bank: &mut Bank) {
        let target = controls.target(self.next, bank);
        if self.entries.last().is_none_or(|last| last.target != target) {
            let filter = bank.place(target, controls.direction(self.next));
            self.entries.push(Entry { target, filter, from: self.next * self.interval });
        }
        self.next += 1;
    }

    fn stretch(&mut self, n: u64, end: u64, controls: &mut Controls, bank: &mut Bank) -> Stretch {
        if n == self.next * self.interval {
            self.arrive(controls, bank);
        }
        while self.entries.get(1).is_some_and(|entry| n + 1 >= entry.from + self.fade) {
            self.entries.remove(0);
        }
        let first_end = self.entries.get(1).map_or(u64::MAX, |entry| entry.from + self.fade - 1);
        let until = end.min(self.next * self.interval).min(first_end);
        let slope = 1.0 / self.fade as f64;
        let risen = |entry: &Entry| (n + 1 - entry.from) as f64 * slope;
        let still = Weight::Line(1.0, 0.0);
        let heard = match self.entries.as_slice() {
            [] => [None; 2],
            [only] => [Some((only.filter, still)), None],
            [old, new] => {
                let (rise, step) = (risen(new), slope as f32);
                let falling = Weight::Line((1.0 - rise) as f32, -step);
                [Some((old.filter, falling)), Some((new.filter, Weight::Line(rise as f32, step)))]
            }
            [old, .., new] => {
                let ends = self.entries.iter().skip(1).map(&risen).chain([0.0]);
                let mut before = 1.0;
                let now = self.entries.iter().zip(ends).map(|(entry, after)| {
                    let weight = before - after;
                    before = after;
                    (entry.filter, weight as f32)
                });
                let sum = bank.mix(0, now);
                let change = bank.mix(1, [(old.filter, -slope as f32), (new.filter, slope as f32)]);
                [Some((sum, still)), Some((change, Weight::Line(0.0, 1.0)))]
            }
        };
        Stretch { until, heard }
    }
}

/// Equal-power fades as they were recorded. A fade that begins during another one starts from the mixture that is heard,
/// so fast movements are louder (spec hrtf-renderer 5). What came before fades away by a factor per control point.
pub(super) struct Power {
    fade: u64,
    interval: u64,
    /// Control points after which what came before is softer by 140 dB.
    back: u64,
    /// Control points with one target after which no fade is left.
    settled: u64,
    current: Option<Entry>,
    previous: Option<Filter>,
    /// The mixture that is written next.
    mixture: usize,
    next: u64,
}

/// Most control points that are looked back.
const MOST_BACK: f64 = 16_384.0;

impl Power {
    pub(super) fn new(fade: u64, interval: u64) -> Self {
        let step = (FRAC_PI_2 * interval as f64 / fade as f64).min(FRAC_PI_2);
        let back = (1e-7_f64.ln() / step.cos().max(1e-7).ln()).clamp(1.0, MOST_BACK) as u64;
        let settled = fade.div_ceil(interval);
        Self { fade, interval, back, settled, current: None, previous: None, mixture: 0, next: 0 }
    }

    /// The weights of both filters at every frame of a fade.
    pub(super) fn table(&self) -> Vec<[f32; 2]> {
        let angle = |pos: u64| FRAC_PI_2 * (pos + 1) as f64 / self.fade as f64;
        (0..self.fade).map(|pos| [angle(pos).cos() as f32, angle(pos).sin() as f32]).collect()
    }

    fn begin(&mut self, first: u64, from: u64, controls: &mut Controls, bank: &mut Bank) {
        let last = first / self.interval;
        let (mut start, mut same) = (from, 0);
        for k in (from..last).rev() {
            same = if controls.target(k, bank) == controls.target(k + 1, bank) { same + 1 } else { 0 };
            if same == self.settled {
                start = k + self.settled;
                break;
            }
        }
        (self.current, self.previous, self.next) = (None, None, start);
        while self.next <= last {
            self.arrive(controls, bank);
        }
    }

    fn arrive(&mut self, controls: &mut Controls, bank: &mut Bank) {
        let (k, from) = (self.next, self.next * self.interval);
        self.next += 1;
        let target = controls.target(k, bank);
        if self.current.is_some_and(|current| current.target == target) {
            return;
        }
        self.previous = self.current.map(|current| {
            let passed = from - current.from;
            let Some(previous) = self.previous.filter(|_| passed < self.fade) else { return current.filter };
            let angle = FRAC_PI_2 * passed as f64 / self.fade as f64;
            self.mixture = (self.mixture + 1) % MIXTURES;
            bank.mix(self.mixture, [(previous, angle.cos() as f32), (current.filter, angle.sin() as f32)])
        });
        self.current = Some(Entry { target, filter: bank.place(target, controls.direction(k)), from });
    }

    fn stretch(&mut self, n: u64, end: u64, controls: &mut Controls, bank: &mut Bank) -> Stretch {
        if n == self.next * self.interval {
            self.arrive(controls, bank);
        }
        let until = end.min(self.next * self.interval);
        let Some(current) = self.current else { return Stretch { until, heard: [None; 2] } };
        let passed = n - current.from;
        let Some(previous) = self.previous.filter(|_| passed < self.fade) else {
            return Stretch { until, heard: [Some((current.filter, Weight::Line(1.0, 0.0))), None] };
        };
        let weight = |rising: bool| Weight::Power(rising, passed as usize);
        let heard = [Some((previous, weight(false))), Some((current.filter, weight(true)))];
        Stretch { until: until.min(current.from + self.fade), heard }
    }
}
