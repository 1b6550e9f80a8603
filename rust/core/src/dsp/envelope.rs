//! Volume envelopes as closed forms of the frame (spec voice-pipeline 5). Times are in seconds.

use super::series::spaced;

/// A linear gain for each frame of a voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Envelope {
    /// A linear change from one level to another.
    Fade(Fade),
    /// Attack, decay, sustain, release.
    Adsr(Adsr),
    /// Attack, plateau, release.
    Linen(Linen),
}

impl Envelope {
    /// Level (linear gain) at `frame`.
    #[inline]
    pub fn at(&self, frame: u64) -> f64 {
        match self {
            Self::Fade(fade) => fade.at(frame),
            Self::Adsr(adsr) => adsr.at(frame),
            Self::Linen(linen) => linen.at(frame),
        }
    }

    /// The level of all frames `from..to` if it is known to be constant there.
    pub fn constant_over(&self, from: u64, to: u64) -> Option<f64> {
        let (begin, end) = match self {
            Self::Fade(fade) => (fade.from + fade.length, u64::MAX),
            Self::Adsr(adsr) => (adsr.attack + adsr.decay, adsr.frames - adsr.release.min(adsr.frames)),
            Self::Linen(linen) => (linen.attack, linen.frames - linen.release.min(linen.frames)),
        };
        (from >= begin && to <= end && from < to).then(|| self.at(from))
    }

    /// The levels of the frames `0..frames`.
    pub fn levels(&self, frames: u64) -> Vec<f64> {
        (0..frames).map(|k| self.at(k)).collect()
    }
}

/// A linear change of level over a number of frames; constant before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fade {
    start: f64,
    end: f64,
    from: u64,
    length: u64,
}

impl Fade {
    /// `create_linear_fade_envelope`: a change over the first `seconds` of the voice.
    pub fn at_start(frames: u64, sample_rate: f64, start: f64, end: f64, seconds: f64) -> Self {
        let length = ((seconds * sample_rate).max(0.0) as u64).min(frames);
        Self { start, end, from: 0, length }
    }

    /// A change over the last `seconds` of the voice (`create_linear_fade_envelope_common` with `out`).
    pub fn at_end(frames: u64, sample_rate: f64, start: f64, end: f64, seconds: f64) -> Self {
        let fade = Self::at_start(frames, sample_rate, start, end, seconds);
        Self { from: frames - fade.length, ..fade }
    }

    /// Level (linear gain) at `frame`.
    #[inline]
    pub fn at(&self, frame: u64) -> f64 {
        if frame < self.from {
            self.start
        } else if frame - self.from < self.length {
            spaced(self.start, self.end, self.length, frame - self.from, true)
        } else {
            self.end
        }
    }
}

/// Sample rate that a time vector of `n` values implies, from its span plus one step; 44100 if that is not positive.
fn implied_rate(n: u64, first: f64, second: f64, last: f64) -> f64 {
    let span = last - first + (second - first);
    if span > 0.0 { n as f64 / span } else { 44_100.0 }
}

/// Whole frames in `seconds`, limited to 2⁴⁸, so that sums of a few cannot overflow.
fn whole(seconds: f64, rate: f64) -> u64 {
    ((seconds.max(0.0) * rate) as u64).min(1 << 48)
}

/// An envelope of attack, decay, sustain and release. The attack rises from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adsr {
    frames: u64,
    attack: u64,
    decay: u64,
    release: u64,
    sustain: f64,
}

impl Adsr {
    /// For a voice of `frames` frames of `dt` seconds each. If the times are longer than the voice, all are shortened
    /// in proportion. The sustain level is clamped to 0..1.
    pub fn new(frames: u64, dt: f64, attack: f64, decay: f64, sustain: f64, release: f64) -> Self {
        Self::on_times(frames, [0.0, dt, frames.saturating_sub(1) as f64 * dt], [attack, decay, release], sustain)
    }

    fn on_times(n: u64, [first, second, last]: [f64; 3], [attack, decay, release]: [f64; 3], sustain: f64) -> Self {
        let rate = implied_rate(n, first, second, last);
        let (mut a, mut d, mut r) = (whole(attack, rate), whole(decay, rate), whole(release, rate));
        if a + d + r > n {
            let share = n as f64 / (a + d + r) as f64;
            a = (a as f64 * share) as u64;
            d = (d as f64 * share) as u64;
            r = n.saturating_sub(a + d);
        }
        Self { frames: n, attack: a, decay: d, release: r, sustain: sustain.clamp(0.0, 1.0) }
    }

    /// Level (linear gain) at `frame`.
    pub fn at(&self, frame: u64) -> f64 {
        let (a, d, r) = (self.attack, self.decay, self.release);
        if self.frames < 2 || frame >= self.frames {
            0.0
        } else if frame < a {
            spaced(0.0, 1.0, a, frame, false)
        } else if frame < a + d {
            spaced(1.0, self.sustain, d, frame - a, false)
        } else if frame < self.frames - r {
            self.sustain
        } else {
            spaced(self.sustain, 0.0, r, frame - (self.frames - r), true)
        }
    }
}

/// An envelope of attack from 0 to 1, plateau at 1, and release to 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linen {
    frames: u64,
    attack: u64,
    release: u64,
}

impl Linen {
    /// For a voice of `frames` frames of `dt` seconds each. If the times are longer than the voice, both are shortened
    /// in proportion.
    pub fn new(frames: u64, dt: f64, attack: f64, release: f64) -> Self {
        Self::on_times(frames, [0.0, dt, frames.saturating_sub(1) as f64 * dt], [attack, release])
    }

    fn on_times(n: u64, [first, second, last]: [f64; 3], [attack, release]: [f64; 2]) -> Self {
        let rate = implied_rate(n, first, second, last);
        let (mut a, mut r) = (whole(attack, rate), whole(release, rate));
        if a + r > n {
            a = (a as f64 * (n as f64 / (a + r) as f64)) as u64;
            r = n.saturating_sub(a);
        }
        Self { frames: n, attack: a, release: r }
    }

    /// Level (linear gain) at `frame`.
    pub fn at(&self, frame: u64) -> f64 {
        if self.frames < 2 || frame >= self.frames {
            0.0
        } else if frame < self.attack {
            spaced(0.0, 1.0, self.attack, frame, false)
        } else if frame < self.frames - self.release {
            1.0
        } else {
            spaced(1.0, 0.0, self.release, frame - (self.frames - self.release), true)
        }
    }
}

fn corners(t: &[f64]) -> Option<[f64; 3]> {
    if t.len() < 2 { None } else { Some([t[0], t[1], t[t.len() - 1]]) }
}

/// `adsr_envelope` at the evenly spaced times `t` in seconds; all 0 for fewer than two times.
pub fn adsr_envelope(t: &[f64], attack: f64, decay: f64, sustain: f64, release: f64) -> Vec<f64> {
    let n = t.len() as u64;
    match corners(t) {
        None => vec![0.0; t.len()],
        Some(times) => Envelope::Adsr(Adsr::on_times(n, times, [attack, decay, release], sustain)).levels(n),
    }
}

/// `linen_envelope` at the evenly spaced times `t` in seconds; all 0 for fewer than two times.
pub fn linen_envelope(t: &[f64], attack: f64, release: f64) -> Vec<f64> {
    let n = t.len() as u64;
    match corners(t) {
        None => vec![0.0; t.len()],
        Some(times) => Envelope::Linen(Linen::on_times(n, times, [attack, release])).levels(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fade_reaches_its_end_on_its_last_frame() {
        let fade = Fade::at_start(2000, 4000.0, 0.2, 0.9, 0.1);
        assert_eq!((fade.at(0), fade.at(399), fade.at(400), fade.at(1999)), (0.2, 0.9, 0.9, 0.9));
        let out = Fade::at_end(2000, 4000.0, 0.9, 0.1, 0.1);
        assert_eq!((out.at(0), out.at(1600), out.at(1999)), (0.9, 0.9, 0.1));
        assert_eq!(Fade::at_start(200, 4000.0, 0.0, 1.0, 0.0003).at(0), 0.0);
        assert_eq!(Fade::at_start(400, 4000.0, 0.2, 0.9, 0.0).at(0), 0.9);
    }

    #[test]
    fn huge_times_are_shortened_and_never_overflow() {
        for level in Envelope::Adsr(Adsr::new(1000, 1e-3, 1e12, 1e12, 0.5, 1e12)).levels(1000) {
            assert!((0.0..=1.0).contains(&level));
        }
        for level in Envelope::Linen(Linen::new(1000, 1e-3, f64::MAX, f64::MAX)).levels(1000) {
            assert!((0.0..=1.0).contains(&level));
        }
    }
}
