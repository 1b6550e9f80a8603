//! Parsers of lengths of time, of times of day and of parts of a track.

/// A time of day: hours, minutes and seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) i8, pub(crate) i8, pub(crate) i8);

/// A part of a track, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part(pub(crate) f64, pub(crate) f64);

/// Longest time: a week.
const LONGEST_S: f64 = 604_800.0;

/// Parse a length of time: seconds (`90`), numbers with units (`45m`, `1h30m`, `20s`), or `1:30:00` and `1:30` (minutes
/// and seconds). Returns seconds.
pub(super) fn time(text: &str) -> Result<f64, String> {
    let expected = || "expected a time such as 90 (seconds), 45m, 1h30m or 1:30:00, at most a week".to_owned();
    let seconds = if text.contains(':') { clock(text) } else { units(text) };
    seconds.filter(|seconds| (0.0..=LONGEST_S).contains(seconds)).ok_or_else(expected)
}

/// `h:mm:ss` or `m:ss`.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0.0;
    for (place, part) in parts.iter().enumerate() {
        let value = number(part)?;
        if place > 0 && value >= 60.0 {
            return None;
        }
        seconds = seconds * 60.0 + value;
    }
    Some(seconds)
}

/// `1h30m`, `45m`, `90s` or `90`.
fn units(text: &str) -> Option<f64> {
    if let Some(seconds) = number(text) {
        return Some(seconds);
    }
    let (mut rest, mut sum, mut last) = (text, 0.0, f64::INFINITY);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let unit = match rest[end..].chars().next()? {
            'h' => 3600.0,
            'm' => 60.0,
            's' => 1.0,
            _ => return None,
        };
        if unit >= last {
            return None;
        }
        sum += number(&rest[..end])? * unit;
        (rest, last) = (&rest[end + 1..], unit);
    }
    (last < f64::INFINITY).then_some(sum)
}

/// Digits, with a fraction if there is one.
fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    plain.then(|| text.parse().ok()).flatten()
}

/// Parse a time of day: `22:30` or `22:30:15`.
pub(super) fn time_of_day(text: &str) -> Result<Time, String> {
    let expected = || "expected a time of day such as 22:30".to_owned();
    let parts: Option<Vec<i8>> = text.split(':').map(|part| number(part).and_then(|_| part.parse().ok())).collect();
    match parts.as_deref() {
        Some(&[hour @ 0..24, minute @ 0..60]) => Ok(Time(hour, minute, 0)),
        Some(&[hour @ 0..24, minute @ 0..60, second @ 0..60]) => Ok(Time(hour, minute, second)),
        _ => Err(expected()),
    }
}

/// Parse a part of a track: two times, such as `60-120` or `1m-2m`; nothing is the whole track.
pub(super) fn part(text: &str) -> Result<Part, String> {
    if text.is_empty() {
        return Ok(Part(0.0, f64::INFINITY));
    }
    let (start, end) = text.split_once('-').ok_or("expected a part of the track such as 60-120")?;
    let part = Part(time(start)?, time(end)?);
    if part.1 - part.0 < 0.1 {
        Err("expected an end at least 0.1 seconds after the start".to_owned())
    } else {
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_units_or_colons() {
        for (text, seconds) in [
            ("90", 90.0),
            ("0.5", 0.5),
            ("45m", 2700.0),
            ("1h30m", 5400.0),
            ("1.5h", 5400.0),
            ("2m5s", 125.0),
            ("1:30:00", 5400.0),
            ("1:30", 90.0),
        ] {
            assert_eq!(time(text), Ok(seconds), "{text}");
        }
        for odd in ["", "m", "1x", "30m1h", "1m1m", "-5", "1:60", "1:2:3:4", "inf", "nan", "1e3", "200h", "5 m", "1h30"]
        {
            assert!(time(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn times_of_day_and_parts_are_checked() {
        assert_eq!((time_of_day("22:30"), time_of_day("7:05:09")), (Ok(Time(22, 30, 0)), Ok(Time(7, 5, 9))));
        for odd in ["24:00", "22", "22:60", "a:b", "-1:30", "1:2:3:4", "1.5:30"] {
            assert!(time_of_day(odd).is_err(), "{odd}");
        }
        assert_eq!((part(""), part("60-1m30s")), (Ok(Part(0.0, f64::INFINITY)), Ok(Part(60.0, 90.0))));
        for odd in ["60", "60-60", "90-60", "a-b", "-60"] {
            assert!(part(odd).is_err(), "{odd}");
        }
    }
}
