//! Lines in a spectrum: frequency and level of steady tones, to a thousandth of a bin.

/// One line of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Frequency, Hz.
    pub hz: f64,
    /// Amplitude of a sine with that line, linear.
    pub amplitude: f64,
}

/// How far a line stands above the median of the bins around it, at least. The highest of a million bins of noise
/// reaches 4.5.
const PROMINENT: f64 = 6.0;
/// Bins of a transform without zero padding on each side of a line that its median is taken from.
const AROUND: f64 = 50.0;
/// Half width of the main lobe of a Hann window, in such bins.
const LOBE: f64 = 2.0;
/// Lines that are this much weaker than the strongest one within a search are ignored: 30 dB.
const WEAK: f64 = 0.03;

/// Magnitudes of a spectrum with a Hann window.
#[derive(Debug, Clone)]
pub struct Magnitudes {
    pub(super) values: Vec<f64>,
    /// Distance of two values, Hz.
    pub(super) step: f64,
    /// Distance of two bins of the transform without zero padding, Hz.
    pub(super) bin: f64,
    /// Amplitude of a sine by its magnitude.
    pub(super) scale: f64,
}

impl Magnitudes {
    /// The strongest lines from `lowest` Hz on, at most `most`, down to `range` (linear) of the strongest. Lines that may
    /// be side lobes of a stronger one are left out.
    pub fn strongest(&self, most: usize, range: f64, lowest: f64) -> Vec<Line> {
        let mut maxima = self.maxima((lowest.max(LOBE * self.bin) / self.step) as usize, self.values.len());
        let top = maxima.iter().map(|at| self.values[*at]).fold(0.0, f64::max);
        maxima.retain(|at| self.values[*at] >= range * top);
        maxima.sort_by(|a, b| self.values[*b].total_cmp(&self.values[*a]).then(a.cmp(b)));
        let mut found: Vec<usize> = Vec::new();
        for at in maxima.into_iter().take(200) {
            let hidden = |by: &usize| self.values[at] < self.values[*by] * self.side_lobes(at.abs_diff(*by));
            if found.len() < most && !found.iter().any(hidden) && self.is_prominent(at) {
                found.push(at);
            }
        }
        found.into_iter().map(|at| self.line(at)).collect()
    }

    /// The line that is nearest to `hz`, at most `radius` Hz away. Much weaker ones than the strongest there do not
    /// count.
    pub fn nearest(&self, hz: f64, radius: f64) -> Option<Line> {
        let place = |hz: f64| ((hz / self.step).max(0.0) as usize).min(self.values.len());
        let mut maxima = self.maxima(place(hz - radius), place(hz + radius + self.step) + 1);
        let top = maxima.iter().map(|at| self.values[*at]).fold(0.0, f64::max);
        let strongest: Vec<usize> = maxima.iter().copied().filter(|at| self.values[*at] >= 0.999 * top).collect();
        maxima.retain(|at| {
            let hidden = |by: &usize| self.values[*at] < self.values[*by] * self.side_lobes(at.abs_diff(*by));
            self.values[*at] >= WEAK * top && !strongest.iter().any(hidden) && self.is_prominent(*at)
        });
        let lines = maxima.into_iter().map(|at| self.line(at));
        lines
            .filter(|line| (line.hz - hz).abs() <= radius)
            .min_by(|a, b| (a.hz - hz).abs().total_cmp(&(b.hz - hz).abs()))
    }

    fn maxima(&self, from: usize, to: usize) -> Vec<usize> {
        let v = &self.values;
        (from.max(1)..to.min(v.len().saturating_sub(1)))
            .filter(|at| v[*at] > v[at - 1] && v[*at] >= v[at + 1])
            .collect()
    }

    /// Upper bound of the side lobes of a Hann window, relative to the line: they fall by 18 dB per octave.
    fn side_lobes(&self, distance: usize) -> f64 {
        let bins = distance as f64 * self.step / self.bin;
        if bins < LOBE { 1.0 } else { 0.08 * (LOBE / bins).powi(3) }
    }

    fn is_prominent(&self, at: usize) -> bool {
        let (lobe, around) = (LOBE * self.bin / self.step, AROUND * self.bin / self.step);
        let span = |from: f64, to: f64| {
            let clip = |x: f64| (x.max(0.0) as usize).min(self.values.len());
            clip(from)..clip(to)
        };
        let place = at as f64;
        let mut near = self.values[span(place - around, place - lobe)].to_vec();
        near.extend_from_slice(&self.values[span(place + lobe + 1.0, place + around)]);
        if near.is_empty() {
            return true;
        }
        let middle = near.len() / 2;
        let (_, median, _) = near.select_nth_unstable_by(middle, f64::total_cmp);
        self.values[at] > PROMINENT * *median
    }

    /// The line at a maximum: the parabola through the logarithms of three values.
    fn line(&self, at: usize) -> Line {
        let [a, b, c] = [at - 1, at, at + 1].map(|at| self.values[at].max(f64::MIN_POSITIVE).ln());
        let bend = a - 2.0 * b + c;
        let shift = if bend < 0.0 { (0.5 * (a - c) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        let top = b - 0.25 * (a - c) * shift;
        Line { hz: (at as f64 + shift) * self.step, amplitude: top.exp() * self.scale }
    }
}
