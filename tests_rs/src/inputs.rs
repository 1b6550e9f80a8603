//! Generates the arguments that the recordings describe but do not store: ramps, tones, pseudo-random numbers.

use serde_json::{Map, Value};

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} in {value}"))
}

fn count(value: &Value) -> usize {
    value["num"].as_u64().unwrap_or_else(|| panic!("num in {value}")) as usize
}

/// `n` values `start + k·step` up to `stop`, which is included if `endpoint` is true.
pub fn linspace(start: f64, stop: f64, n: usize, endpoint: bool) -> Vec<f64> {
    let step = (stop - start) / if endpoint { n.saturating_sub(1).max(1) } else { n.max(1) } as f64;
    let mut values: Vec<f64> = (0..n).map(|k| start + k as f64 * step).collect();
    if endpoint && n > 1 {
        values[n - 1] = stop;
    }
    values
}

/// `n` numbers in `-amp..amp` from a linear congruential generator.
pub fn lcg(seed: u32, n: usize, amp: f64) -> Vec<f64> {
    let mut x = seed;
    (0..n)
        .map(|_| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            amp * (f64::from(x) / 2_147_483_648.0 - 1.0)
        })
        .collect()
}

/// The array that `value` describes.
pub fn array(value: &Value) -> Vec<f64> {
    match value["kind"].as_str() {
        Some("linspace") => {
            let endpoint = value["endpoint"].as_bool().unwrap_or(true);
            linspace(number(value, "start"), number(value, "stop"), count(value), endpoint)
        }
        Some("list") => {
            value["values"].as_array().expect("values").iter().map(|v| v.as_f64().expect("number")).collect()
        }
        Some("const") => vec![number(value, "value"); count(value)],
        Some("sine") => {
            let step = std::f64::consts::TAU * number(value, "freq") / number(value, "sample_rate");
            (0..count(value)).map(|k| number(value, "amp") * (step * k as f64).sin()).collect()
        }
        Some("lcg") => lcg(number(value, "seed") as u32, count(value), number(value, "amp")),
        _ => panic!("unknown array {value}"),
    }
}

/// The stereo signal that `value` describes, `frames` frames long: left and right.
pub fn stereo(value: &Value, frames: usize, sample_rate: f64) -> [Vec<f32>; 2] {
    let planes: [Vec<f64>; 2] = match value["kind"].as_str() {
        Some("two_sines") => ["f_left", "f_right"].map(|key| {
            let step = std::f64::consts::TAU * number(value, key) / sample_rate;
            (0..frames).map(|k| number(value, "amp") * (step * k as f64).sin()).collect()
        }),
        Some("lcg") => {
            let both = lcg(number(value, "seed") as u32, 2 * frames, number(value, "amp"));
            [0, 1].map(|channel| both.iter().skip(channel).step_by(2).copied().collect())
        }
        Some("impulse") => ["amp_left", "amp_right"].map(|key| {
            let mut plane = vec![0.0; frames];
            plane[number(value, "index") as usize] = number(value, key);
            plane
        }),
        _ => panic!("unknown signal {value}"),
    };
    let open = value.get("gate").map_or((f64::NEG_INFINITY, f64::INFINITY), |gate| {
        (gate[0].as_f64().expect("gate start"), gate[1].as_f64().expect("gate end"))
    });
    planes.map(|plane| {
        let gated = |(k, x): (usize, f64)| {
            let t = k as f64 / sample_rate;
            if t >= open.0 && t < open.1 { x as f32 } else { 0.0 }
        };
        plane.into_iter().enumerate().map(gated).collect()
    })
}

/// Reads the arguments of one recorded helper call.
#[derive(Debug, Clone, Copy)]
pub struct Args<'a>(pub &'a Map<String, Value>);

impl Args<'_> {
    /// A number, or the default if it is absent or null.
    pub fn number(&self, key: &str, default: f64) -> f64 {
        self.optional(key).unwrap_or(default)
    }

    /// A number, `None` if it is absent or null.
    pub fn optional(&self, key: &str) -> Option<f64> {
        self.0.get(key).and_then(Value::as_f64)
    }

    /// A text, or the default.
    pub fn text(&self, key: &str, default: &str) -> String {
        self.0.get(key).and_then(Value::as_str).unwrap_or(default).to_owned()
    }

    /// A flag; absent is false.
    pub fn flag(&self, key: &str) -> bool {
        self.0.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A described array.
    pub fn array(&self, key: &str) -> Vec<f64> {
        array(&self.0[key])
    }

    /// A described array, or a number repeated `n` times (the default if it is absent).
    pub fn spread(&self, key: &str, default: f64, n: usize) -> Vec<f64> {
        match self.0.get(key) {
            Some(value) if value.is_object() => array(value),
            _ => vec![self.number(key, default); n],
        }
    }
}
