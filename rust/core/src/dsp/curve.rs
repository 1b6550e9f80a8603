//! How a transition moves from start to end: the curve, and the factor `alpha` per frame (spec voice-pipeline 3).
//! Running sums of `alpha` have a closed form (spec am-and-monaural-voices 1.5), so the phase of a moving frequency is
//! known at any frame.

use std::sync::Arc;

use super::expression::Expression;
use super::marks::Marks;
use crate::error::{Error, Result, suggestion};

/// Shape of a transition: maps the linear position `u` in 0..1 to `alpha`.
#[derive(Debug, Clone, PartialEq)]
pub enum Curve {
    /// `u`
    Linear,
    /// `1 - (1 - u)²`
    Logarithmic,
    /// `u²`
    Exponential,
    /// Any expression in `u`; its values are not clipped.
    Expression(Arc<Expression>),
}

const NAMES: [&str; 3] = ["linear", "logarithmic", "exponential"];

impl Curve {
    /// Parses a curve: one of the three names, or an expression in `alpha`. With `lenient` the text is trimmed and put
    /// in lower case first; otherwise it counts exactly as written.
    ///
    /// # Errors
    /// [`Error::Invalid`] with an empty path for an unknown name, an invalid expression, or one that is not finite at
    /// one of 257 points that are checked.
    pub fn parse(text: &str, lenient: bool) -> Result<Self> {
        let tidy = text.trim().to_lowercase();
        let text = if lenient { &tidy } else { text };
        match text {
            "linear" => return Ok(Self::Linear),
            "logarithmic" => return Ok(Self::Logarithmic),
            "exponential" => return Ok(Self::Exponential),
            _ => {}
        }
        if text.chars().all(|c| c.is_alphabetic() || c == '_') && text != "alpha" {
            let hint = suggestion(text, NAMES);
            let expected = "linear, logarithmic, exponential or an expression in alpha";
            return Err(Error::invalid("", format!("unknown curve \"{text}\", expected {expected}{hint}")));
        }
        let expression = Expression::parse(text)?;
        if let Some(u) = (0..=256).map(|i| f64::from(i) / 256.0).find(|u| !expression.at(*u).is_finite()) {
            return Err(Error::invalid("", format!("\"{text}\" is not finite at alpha = {u}")));
        }
        Ok(Self::Expression(Arc::new(expression)))
    }

    /// `alpha` at the linear position `u`, 0 to 1.
    #[inline]
    pub fn at(&self, u: f64) -> f64 {
        match self {
            Self::Linear => u,
            Self::Logarithmic => 1.0 - (1.0 - u) * (1.0 - u),
            Self::Exponential => u * u,
            // the expression may be infinite between the points that `parse` checked
            Self::Expression(expression) => Some(expression.at(u)).filter(|v| v.is_finite()).unwrap_or(0.0),
        }
    }
}

/// The interpolation factor of one voice, frame by frame. Cheap to clone. [`at`](Self::at) never allocates, and
/// [`sum`](Self::sum) only for expressions.
#[derive(Debug, Clone)]
pub struct Alpha {
    curve: Curve,
    dt: f64,
    /// Start of the ramp in seconds.
    offset: f64,
    /// Length of the ramp in seconds; 0 is a jump.
    span: f64,
    /// First frame of the ramp, and first frame at or after its end. For a jump both are the first frame of the end
    /// value.
    ramp: (u64, u64),
    /// Values before the ramp, and from its end on.
    ends: (f64, f64),
    /// For expressions: check-point `i` is the sum over all frames before `ramp.0 + i·spacing`.
    checkpoints: Option<Marks<f64>>,
    spacing: u64,
}

impl Alpha {
    /// 0 everywhere, for a voice without transition.
    pub const fn still() -> Self {
        Self {
            curve: Curve::Linear,
            dt: 0.0,
            offset: 0.0,
            span: 0.0,
            ramp: (u64::MAX, u64::MAX),
            ends: (0.0, 0.0),
            checkpoints: None,
            spacing: 1,
        }
    }

    /// For a voice of `duration` seconds and `frames` frames. The ramp begins at `initial_offset` seconds, which may be
    /// negative, and lasts `transition_duration` seconds, but at most to the end of the voice (`None`: to the end).
    pub fn new(
        duration: f64,
        frames: u64,
        initial_offset: f64,
        transition_duration: Option<f64>,
        curve: Curve,
    ) -> Self {
        let offset = initial_offset.min(duration);
        let rest = (duration - offset).max(0.0);
        let length = transition_duration.map_or(rest, |length| length.max(0.0).min(rest));
        let end = duration.min(offset + length);
        let span = (end - offset).max(0.0);
        let dt = if frames == 0 { 0.0 } else { duration / frames as f64 };
        let mut alpha = Self { curve, dt, offset, span, ..Self::still() };
        if offset >= duration || frames == 0 {
            return alpha;
        }
        if span <= 0.0 {
            let jump = first(frames, offset / dt, |k| k as f64 * dt >= offset);
            return Self { ramp: (jump, jump), ends: (0.0, 1.0), curve: Curve::Linear, ..alpha };
        }
        let begin = first(frames, offset / dt, |k| alpha.position(k) > 0.0);
        let after = first(frames, end / dt, |k| alpha.position(k) >= 1.0);
        alpha.ramp = (begin, after);
        alpha.ends = (alpha.curve.at(0.0), alpha.curve.at(1.0));
        alpha.tabulate(frames);
        alpha
    }

    /// Prepares the check-points of an expression, at most about 2¹⁸. They are computed on demand.
    fn tabulate(&mut self, frames: u64) {
        if !matches!(self.curve, Curve::Expression(_)) {
            return;
        }
        let (begin, after) = (self.ramp.0, self.ramp.1.min(frames));
        self.spacing = (after.saturating_sub(begin) >> 18).next_power_of_two().max(64);
        self.checkpoints = Some(Marks::new(begin as f64 * self.ends.0));
    }

    /// Linear position in the ramp, 0 to 1.
    #[inline(always)]
    fn position(&self, frame: u64) -> f64 {
        ((frame as f64 * self.dt - self.offset) / self.span).clamp(0.0, 1.0)
    }

    /// The value of `alpha` at `frame`.
    #[inline]
    pub fn at(&self, frame: u64) -> f64 {
        if frame < self.ramp.0 {
            self.ends.0
        } else if frame >= self.ramp.1 {
            self.ends.1
        } else {
            self.curve.at(self.position(frame))
        }
    }

    /// The sum of `alpha` over the frames `0..=frame`; a closed form for the named curves.
    #[inline]
    pub fn sum(&self, frame: u64) -> f64 {
        let (begin, after) = self.ramp;
        if frame < begin {
            return (frame + 1) as f64 * self.ends.0;
        }
        let beyond = if frame < after { 0.0 } else { (frame - after + 1) as f64 * self.ends.1 };
        if after == begin {
            return begin as f64 * self.ends.0 + beyond;
        }
        // sums of j + e and (j + e)² over j = 0..=last, where e is the distance of the first frame from the corner
        let last = frame.min(after - 1) - begin;
        if self.checkpoints.is_some() {
            return self.tabulated_sum(begin + last) + beyond;
        }
        let slope = self.dt / self.span;
        let e = (begin as f64 * self.dt - self.offset) / self.dt;
        let j = last as f64;
        let n = j + 1.0;
        let triangle = j * n * 0.5;
        let linear = slope * (triangle + e * n);
        let square = || slope * slope * (triangle * (2.0 * j + 1.0) * (1.0 / 3.0) + 2.0 * e * triangle + e * e * n);
        let inside = match self.curve {
            Curve::Linear | Curve::Expression(_) => linear,
            Curve::Exponential => square(),
            Curve::Logarithmic => 2.0 * linear - square(),
        };
        inside + beyond
    }

    fn tabulated_sum(&self, frame: u64) -> f64 {
        let cell = (frame - self.ramp.0) / self.spacing;
        let start = self.ramp.0 + cell * self.spacing;
        let begin = self.ramp.0;
        let pass = |passed: u64, sum: f64| {
            let from = begin + passed * self.spacing;
            (from..from + self.spacing).fold(sum, |sum, k| sum + self.at(k))
        };
        let base = self.checkpoints.as_ref().map_or(0.0, |marks| marks.at(cell, pass));
        (start..=frame).fold(base, |sum, k| sum + self.at(k))
    }

    /// Fills `out` with [`at`](Self::at) for the frames from `start` on.
    pub fn fill(&self, start: u64, out: &mut [f64]) {
        if let Some(value) = self.constant_over(start, start + out.len() as u64) {
            out.fill(value);
            return;
        }
        for (k, value) in out.iter_mut().enumerate() {
            *value = self.at(start + k as u64);
        }
    }

    /// Fills `out` with [`sum`](Self::sum) for the frames from `start` on, bit for bit. For expressions this is much
    /// faster than single calls.
    pub fn fill_sums(&self, start: u64, out: &mut [f64]) {
        let (begin, after) = self.ramp;
        let mut running = 0.0;
        for (k, value) in out.iter_mut().enumerate() {
            let frame = start + k as u64;
            let continues = self.checkpoints.is_some()
                && k > 0
                && frame > begin
                && frame < after
                && !(frame - begin).is_multiple_of(self.spacing);
            running = if continues { running + self.at(frame) } else { self.sum(frame) };
            *value = running;
        }
    }

    /// First frame of the ramp, where `alpha` leaves its start value, and first frame after the ramp.
    pub const fn corners(&self) -> (u64, u64) {
        self.ramp
    }

    /// The value of all frames `from..to` if they all lie before or all lie after the ramp.
    #[inline]
    pub fn constant_over(&self, from: u64, to: u64) -> Option<f64> {
        if to <= self.ramp.0 {
            Some(self.ends.0)
        } else if from >= self.ramp.1 {
            Some(self.ends.1)
        } else {
            None
        }
    }

    /// Whether `alpha` is one polynomial of at most second degree over the frames `from..to`: a named curve between the
    /// corners of its ramp.
    pub fn is_parabola_over(&self, from: u64, to: u64) -> bool {
        self.is_smooth()
            && from >= self.ramp.0
            && to <= self.ramp.1
            && (to.saturating_sub(1)) as f64 * self.dt - self.offset < self.span
    }

    /// Whether the ramp is a polynomial between its corners. An expression is not, because it may jump anywhere.
    pub const fn is_smooth(&self) -> bool {
        !matches!(self.curve, Curve::Expression(_))
    }

    /// Whether `alpha` never changes.
    pub fn is_constant(&self) -> bool {
        self.ramp.0 == u64::MAX || (self.ramp.0 == 0 && self.ramp.1 == 0)
    }
}

/// The first frame at which `reached` holds, searched from `estimate`; `u64::MAX` if it holds at none of `0..frames`.
fn first(frames: u64, estimate: f64, reached: impl Fn(u64) -> bool) -> u64 {
    let mut frame = (estimate.max(0.0) as u64).saturating_sub(2).min(frames);
    while frame > 0 && reached(frame) {
        frame -= 1;
    }
    while frame < frames && !reached(frame) {
        frame += 1;
    }
    if frame < frames { frame } else { u64::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_sums(alpha: &Alpha, frames: u64) {
        let mut running = 0.0;
        let mut filled = vec![0.0; frames as usize];
        alpha.fill_sums(0, &mut filled);
        for k in 0..frames {
            running += alpha.at(k);
            assert!((alpha.sum(k) - running).abs() < 1e-7, "{alpha:?} frame {k}: {} {running}", alpha.sum(k));
            assert_eq!(alpha.sum(k), filled[k as usize], "frame {k}");
        }
        let mut part = vec![0.0; 37.min(frames as usize)];
        alpha.fill_sums(frames / 3, &mut part);
        let from = frames as usize / 3;
        assert_eq!(part[..], filled[from..from + part.len()]);
    }

    #[test]
    fn sums_equal_running_sums_for_every_curve_and_timing() {
        for text in ["linear", "logarithmic", "exponential", "alpha**3", "1.3*alpha - 0.1", "alpha > 0.3", "0.5"] {
            let curve = Curve::parse(text, false).unwrap();
            for (offset, span) in [
                (0.0, None),
                (0.1, Some(0.33)),
                (-0.5, Some(0.9)),
                (-0.5, Some(3.0)),
                (-2.0, Some(1.0)),
                (0.3, Some(0.0)),
                (0.0, Some(0.0)),
                (5.0, None),
                (0.7331, None),
                (0.73305, Some(1.0)),
            ] {
                check_sums(&Alpha::new(0.7331, 16164, offset, span, curve.clone()), 16164);
            }
        }
    }

    #[test]
    fn values_follow_the_definition() {
        let (duration, frames) = (0.7331, 16164_u64);
        let alpha = Alpha::new(duration, frames, 0.1, Some(0.33), Curve::Logarithmic);
        let dt = duration / frames as f64;
        for k in 0..frames {
            let u = ((k as f64 * dt - 0.1) / (0.43 - 0.1)).clamp(0.0, 1.0);
            assert!((alpha.at(k) - (1.0 - (1.0 - u).powi(2))).abs() < 1e-12);
        }
        let (begin, after) = alpha.corners();
        assert_eq!(alpha.constant_over(0, begin), Some(0.0));
        assert_eq!(alpha.constant_over(after, frames), Some(1.0));
        assert_eq!(alpha.constant_over(begin, begin + 1), None);
        assert!(alpha.at(begin) > 0.0 && alpha.at(after) == 1.0 && alpha.at(after - 1) < 1.0);
    }

    #[test]
    fn a_late_short_ramp_keeps_its_precision() {
        // the ramp begins after an hour: large frame numbers must not cost digits
        let alpha = Alpha::new(7200.0, 7200 * 48_000, 3600.0, Some(1.0), Curve::Exponential);
        let (begin, after) = alpha.corners();
        let running: f64 = (begin..after).map(|k| alpha.at(k)).sum();
        assert!((alpha.sum(after - 1) - running).abs() < 1e-5);
    }

    #[test]
    fn names_are_exact_unless_lenient() {
        assert_eq!(Curve::parse(" Linear ", true).unwrap(), Curve::Linear);
        assert!(Curve::parse("Linear", false).is_err());
        assert!(Curve::parse("linaer", true).unwrap_err().to_string().contains("did you mean \"linear\"?"));
        assert!(Curve::parse("np.log(alpha)", true).unwrap_err().to_string().contains("not finite at alpha = 0"));
    }
}
