//! Times of an `.sbg` file: `22:30`, `+0:10:30`, `NOW+1:00+0:05`.

/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Time {
    pub(super) base: Base,
    /// Sum of the parts after `+`, in seconds.
    pub(super) offset: f64,
}

/// What a time counts from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Base {
    /// The last absolute time, or the beginning of the block.
    Last,
    /// The moment at which the session is started.
    Now,
    /// Seconds since midnight.
    Clock(f64),
}

/// Read a time.
pub(super) fn time(text: &str) -> Option<Time> {
    let mut parts = text.split('+');
    let first = parts.next()?;
    let base = match first {
        "" => Base::Last,
        word if word.eq_ignore_ascii_case("now") => Base::Now,
        clock => Base::Clock(seconds(clock)?),
    };
    let mut offset = 0.0;
    let mut any = false;
    for part in parts {
        offset += seconds(part)?;
        any = true;
    }
    (any || base != Base::Last).then_some(Time { base, offset })
}

/// `H:MM` or `H:MM:SS` in seconds; the seconds may have a fraction.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut parts = text.split(':');
    let whole = |part: &str, most: usize| {
        let digits = !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<f64>().ok())?
    };
    let (hours, minutes) = (whole(parts.next()?, 3)?, whole(parts.next()?, 2)?);
    let rest = match parts.next() {
        None => 0.0,
        Some(part) if part.starts_with(|c: char| c.is_ascii_digit()) => {
            part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.').then(|| part.parse::<f64>().ok())??
        }
        Some(_) => return None,
    };
    (parts.next().is_none() && minutes < 60.0 && rest < 60.0).then_some(hours * 3600.0 + minutes * 60.0 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_sums_of_parts() {
        let clock = |seconds, offset| Some(Time { base: Base::Clock(seconds), offset });
        assert_eq!(time("22:30"), clock(81_000.0, 0.0));
        assert_eq!(time("0:00:05+0:01"), clock(5.0, 60.0));
        assert_eq!(time("NOW+1:00+0:05:30"), Some(Time { base: Base::Now, offset: 3930.0 }));
        assert_eq!(time("+00:10"), Some(Time { base: Base::Last, offset: 600.0 }));
        for wrong in ["", "+", "22", "22:60", "1:2:3:4", "a", "NOW+", "-1:00", "200+10/20"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }
}
