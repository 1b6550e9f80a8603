//! Times on the command line. Every option that takes a time takes the same spellings.

use realtime_backend_player::Latency;

/// A time of day: hour, minute, second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) i8, pub(crate) i8, pub(crate) i8);

/// A part of a track: start and end in seconds. The end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part(pub(crate) f64, pub(crate) f64);

const HOUR_S: f64 = 3600.0;
/// Longest position or length, seconds. A track is shorter.
const LONGEST_S: f64 = 1e9;
/// Longest sleep timer, seconds.
const WEEK_S: f64 = 7.0 * 24.0 * HOUR_S;
/// Least and greatest latency, seconds.
const LATENCY_S: (f64, f64) = (0.02, 5.0);

/// What a time looks like, for help texts and messages.
const EXPECTED: &str = "expected a time such as 90 (seconds), 45m, 1h30m or 1:30:00";

/// Parse a position or a length in a track. Returns seconds.
pub(crate) fn time(text: &str) -> Result<f64, String> {
    within(text, 0.0, LONGEST_S, "")
}

/// Parse the time of the sleep timer.
pub(super) fn timer(text: &str) -> Result<f64, String> {
    within(text, 0.0, WEEK_S, ", at most a week")
}

/// Parse the length of a fade.
pub(crate) fn fade(text: &str) -> Result<f64, String> {
    within(text, 0.0, HOUR_S, ", at most 1h")
}

/// Parse the length of a crossfade between two tracks.
pub(super) fn crossfade(text: &str) -> Result<f64, String> {
    within(text, 0.0, 60.0, ", at most 1m")
}

/// Parse a latency: a name, or a time. A number that is too large for seconds is milliseconds, as it once was.
pub(crate) fn latency(text: &str) -> Result<Latency, String> {
    if let Some(named) = Latency::named(text) {
        return Ok(named);
    }
    let (least, most) = LATENCY_S;
    let old = text.trim().parse().ok().map(|ms: f64| ms / 1000.0);
    let seconds = seconds(text).filter(|seconds| (least..=most).contains(seconds)).or(old);
    let fits = seconds.filter(|seconds| (least..=most).contains(seconds));
    fits.map(Latency::Seconds)
        .ok_or_else(|| "expected low, normal, high, or a time from 20ms to 5s (a number is seconds)".to_owned())
}

fn within(text: &str, least: f64, most: f64, range: &str) -> Result<f64, String> {
    let fits = seconds(text).filter(|seconds| (least..=most).contains(seconds));
    fits.ok_or_else(|| format!("{EXPECTED}{range}"))
}

/// Seconds (`90`), numbers with units (`45m`, `1h30m`, `250ms`), or `1:30:00` and `1:30` (minutes and seconds).
pub(super) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    // a plain number may be written in any way
    text.parse().ok().or_else(|| if text.contains(':') { clock(text) } else { units(text) })
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

/// `1h30m`, `45m`, `90s`, `250ms`.
fn units(text: &str) -> Option<f64> {
    let (mut rest, mut sum, mut last) = (text, 0.0, f64::INFINITY);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let length = rest[end..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - end);
        let unit = match &rest[end..end + length] {
            "h" => HOUR_S,
            "m" | "min" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        if unit >= last {
            return None;
        }
        sum += number(&rest[..end])? * unit;
        (rest, last) = (&rest[end + length..], unit);
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
    let (start, end) = text.split_once('-').ok_or("expected a part of the track such as 1m-2m")?;
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
            ("1e3", 1000.0),
            ("45m", 2700.0),
            ("45min", 2700.0),
            ("2h", 7200.0),
            ("1h30m", 5400.0),
            ("1.5h", 5400.0),
            ("2m5s", 125.0),
            ("250ms", 0.25),
            ("1:30:00", 5400.0),
            ("1:30", 90.0),
            ("0:01.5", 1.5),
        ] {
            assert_eq!(time(text), Ok(seconds), "{text}");
        }
        for odd in ["", "m", "1x", "30m1h", "1m1m", "-5", "-5m", "1:60", "1:2:3:4", "inf", "nan", "5 m", "1h30", "1sm"]
        {
            assert!(time(odd).is_err(), "{odd}");
        }
        assert_eq!((timer("168h"), timer("169h").is_err()), (Ok(WEEK_S), true));
    }

    #[test]
    fn a_latency_is_seconds_or_old_milliseconds() {
        for (text, seconds) in [("120ms", 0.12), ("0.12", 0.12), ("120", 0.12), ("5", 5.0), ("5000", 5.0)] {
            assert_eq!(latency(text), Ok(Latency::Seconds(seconds)), "{text}");
        }
        assert_eq!(latency("high"), Ok(Latency::High));
        for odd in ["19.9", "5001", "0.01", "10ms", "6s", "nan", "loud"] {
            assert!(latency(odd).is_err(), "{odd}");
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
