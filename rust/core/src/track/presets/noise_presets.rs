//! The noise presets that come with the format (spec noise 15.2).

use serde_json::{Value, json};

use super::noise_file::NoiseFile;

/// Preset name, colour values, colour name, sweep rate in Hz, phase offset of the right channel and of the second notch
/// pass in degrees, first sweep.
struct Row(&'static str, [f64; 5], &'static str, f64, f64, f64, Option<[f64; 4]>);

/// First sweep of a preset: lowest and highest frequency in Hz, Q, stages.
const GENTLE: [f64; 4] = [100.0, 2000.0, 3.0, 3.0];
const SHARP: [f64; 4] = [100.0, 2000.0, 25.0, 10.0];
const OTHERS: [[f64; 4]; 2] = [[250.0, 7000.0, 5.0, 3.0], [2000.0, 16_000.0, 5.0, 1.0]];
/// Lowest and highest end frequency of each sweep in Hz; presets of the static form do not use them.
const ENDS: [[f64; 2]; 3] = [[1000.0, 10_000.0], [500.0, 1000.0], [1850.0, 3350.0]];

/// Colours: exponent, high exponent, low cut, high cut, amplitude.
const ROWS: [Row; 6] = [
    Row("Brown Noise", [2.0, 2.0, 50.0, 20_000.0, 1.0], "Brown", 0.0833, 0.0, 0.0, None),
    Row("Green Noise", [0.8, 1.75, 50.0, 800.0, 0.5], "Green 2", 0.0833, 0.0, 0.0, None),
    Row("Pink Noise", [1.25, 2.0, 50.0, 20_000.0, 0.8], "low pink", 0.0833, 0.0, 0.0, None),
    Row("Rolling Brown", [2.0, 2.0, 50.0, 16_000.0, 1.05], "Brown", 0.0415, 180.0, 30.0, Some(GENTLE)),
    Row("Rolling Green", [0.8, 1.75, 50.0, 800.0, 0.85], "Green 2", 0.0415, 30.0, 180.0, Some(SHARP)),
    Row("Rolling Pink", [1.0, 1.0, 50.0, 20_000.0, 0.3], "Pink", 0.0415, 30.0, 180.0, Some(SHARP)),
];

/// All presets by name.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, NoiseFile)> {
    // The table goes through the reader of files, so that there is only one; a test checks that it has no errors.
    ROWS.iter().filter_map(|row| {
        let value = value(row);
        NoiseFile::from_map(value.as_object()?).ok().map(|(file, _)| (row.0, file))
    })
}

fn value(Row(_, [exponent, high, low_cut, high_cut, amplitude], name, rate, phase, intra, first): &Row) -> Value {
    let sweeps = first.iter().chain(first.is_some().then_some(&OTHERS).into_iter().flatten()).zip(ENDS);
    let sweeps: Vec<Value> = sweeps
        .map(|([min, max, q, stages], [end_min, end_max])| {
            json!({
                "start_min": min, "start_max": max, "start_q": q, "start_casc": stages,
                "end_min": end_min, "end_max": end_max, "end_q": 25, "end_casc": 10,
            })
        })
        .collect();
    json!({
        "lfo_freq": rate, "start_lfo_freq": rate, "end_lfo_freq": 0.0833,
        "start_lfo_phase_offset_deg": phase, "start_intra_phase_offset_deg": intra,
        "sweeps": sweeps,
        "noise_parameters": {
            "name": name, "exponent": exponent, "high_exponent": high, "distribution_curve": 1.0,
            "lowcut": low_cut, "highcut": high_cut, "amplitude": amplitude, "seed": 1,
        },
    })
}
