//! The convention SimpleFreeFieldHRIR (spec hrtf-renderer 2.1).

use super::hdf5::{Array, Hdf5};
use super::positions::Coordinates;
use crate::media::sofa::{DelayUnit, Hrirs, MOST_TAPS};

const CONVENTION: &str = "SimpleFreeFieldHRIR";
/// Nearest ears, metres.
const NEAR: f64 = 0.05;

/// The set in the SOFA file `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Hrirs, String> {
    let file = Hdf5::open(bytes)?;
    let convention = file.text(None, "SOFAConventions")?.unwrap_or_default();
    if convention.trim() != CONVENTION {
        return Err(if convention.is_empty() {
            format!("not a SOFA file: it has no attribute SOFAConventions (expected {CONVENTION})")
        } else {
            format!("expected the SOFA convention {CONVENTION}, got {convention:?}")
        });
    }
    let mut warnings = Vec::new();
    let ir = needed(&file, "Data.IR")?;
    let [directions, ears, taps] = ir.shape[..] else {
        return Err(format!("Data.IR: expected three dimensions (directions, ears, taps), got {:?}", ir.shape));
    };
    if ears != 2 || taps < 2 || directions < 1 {
        return Err(format!("Data.IR: expected directions × 2 ears × at least 2 taps, got {:?}", ir.shape));
    }
    let rate = needed(&file, "Data.SamplingRate")?;
    let sample_rate = *rate.values.first().ok_or("Data.SamplingRate: empty")?;
    if rate.values.iter().any(|value| *value != sample_rate) {
        return Err("Data.SamplingRate: expected one rate, got several".to_owned());
    }
    let (delays, delay_unit) = delays(&file, directions)?;
    let positions = positions(&file, directions)?;
    ears_of(&file, &mut warnings)?;
    if looks_elsewhere(&file)? {
        warnings.push("ListenerView is not [1, 0, 0]; directions are taken as if it were".to_owned());
    }
    let text = |name: &str| file.text(None, name).ok().flatten().unwrap_or_default();
    Ok(Hrirs {
        name: String::new(),
        title: text("Title"),
        licence: text("License"),
        sha256: String::new(),
        sample_rate,
        taps,
        positions,
        responses: ir.values,
        delays,
        delay_unit,
        warnings,
    })
}

/// The variable `name`, which may also be written as a group with a variable.
fn variable(file: &Hdf5, name: &str) -> Result<Option<(String, Array)>, String> {
    for spelling in [name.to_owned(), name.replace('.', "/")] {
        if let Some(array) = file.array(&spelling, 2 * MOST_TAPS)? {
            return Ok(Some((spelling, array)));
        }
    }
    Ok(None)
}

fn needed(file: &Hdf5, name: &str) -> Result<Array, String> {
    variable(file, name)?.map(|(_, array)| array).ok_or_else(|| format!("{name}: missing"))
}

/// The delays of both ears at each direction, and their unit.
fn delays(file: &Hdf5, directions: usize) -> Result<(Vec<[f64; 2]>, DelayUnit), String> {
    let Some((name, array)) = variable(file, "Data.Delay")? else {
        return Ok((vec![[0.0; 2]; directions], DelayUnit::Samples));
    };
    let values = &array.values;
    let pair = |at: usize| [values[at], values[at + 1]];
    let all = match array.shape[..] {
        [2] | [1, 2] => vec![pair(0); directions],
        [1] | [1, 1] => vec![[values[0]; 2]; directions],
        [m, 2] if m == directions => (0..m).map(|row| pair(2 * row)).collect(),
        [m, 1] if m == directions => values.iter().map(|value| [*value; 2]).collect(),
        _ => {
            let shape = &array.shape;
            return Err(format!("Data.Delay: expected the shape [1, 2] or [{directions}, 2], got {shape:?}"));
        }
    };
    let unit = match file.text(Some(&name), "Units")?.map(|unit| unit.trim().to_lowercase()) {
        None => DelayUnit::Unknown,
        Some(unit) if unit.starts_with("sample") => DelayUnit::Samples,
        Some(unit) if unit.starts_with('s') => DelayUnit::Seconds,
        Some(unit) => return Err(format!("Data.Delay: expected the unit samples or seconds, got {unit:?}")),
    };
    Ok((all, unit))
}

fn coordinates(file: &Hdf5, name: &str) -> Result<Coordinates, String> {
    let text = |attribute: &str| file.text(Some(name), attribute);
    Coordinates::read(name, text("Type")?.as_deref(), text("Units")?.as_deref())
}

fn positions(file: &Hdf5, directions: usize) -> Result<Vec<[f64; 3]>, String> {
    let array = needed(file, "SourcePosition")?;
    let all = match array.shape[..] {
        [m, 3] if m == directions => array.values,
        _ => return Err(format!("SourcePosition: expected the shape [{directions}, 3], got {:?}", array.shape)),
    };
    let coordinates = coordinates(file, "SourcePosition")?;
    Ok(all.chunks_exact(3).map(|given| coordinates.point(given)).collect())
}

/// Whether the listener looks in another direction than along the x axis.
fn looks_elsewhere(file: &Hdf5) -> Result<bool, String> {
    let Some(view) = file.array("ListenerView", 2 * MOST_TAPS)? else { return Ok(false) };
    let [x, y, z] = view.values[..] else { return Ok(false) };
    let is_cartesian = file.text(Some("ListenerView"), "Type")?.is_none_or(|kind| kind.trim() == "cartesian");
    Ok(is_cartesian && (x < 0.0 || y.abs() > 1e-6 || z.abs() > 1e-6))
}

/// Check that the first receiver is the left ear.
fn ears_of(file: &Hdf5, warnings: &mut Vec<String>) -> Result<(), String> {
    let Some(array) = file.array("ReceiverPosition", 2 * MOST_TAPS)? else {
        warnings.push("no ReceiverPosition; the ears are taken as left, right".to_owned());
        return Ok(());
    };
    // [2, 3], [2, 3, 1] or the same for each direction, [2, 3, directions]
    let (step, ears) = match array.shape[..] {
        [2, 3] | [1, 2, 3] => (1, array.values),
        [2, 3, n] if n > 0 => (n, array.values),
        _ => return Err(format!("ReceiverPosition: expected the shape [2, 3], got {:?}", array.shape)),
    };
    let first: Vec<f64> = ears.iter().step_by(step).copied().collect();
    if ears.chunks_exact(step).any(|same| same.iter().any(|value| *value != same[0])) {
        return Err("ReceiverPosition: expected ears that stay, got some that move".to_owned());
    }
    let coordinates = coordinates(file, "ReceiverPosition")?;
    let (left, right) = (coordinates.point(&first[..3]), coordinates.point(&first[3..]));
    if left[1] <= right[1] || left[1].is_nan() || right[1].is_nan() {
        return Err(format!(
            "ReceiverPosition: expected the left ear (y > 0) first, got y = {} and {}: the ears are swapped",
            left[1], right[1]
        ));
    }
    let apart = left.iter().zip(right).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    if apart < NEAR {
        warnings.push(format!("the ears are only {:.1} cm apart", apart * 100.0));
    }
    Ok(())
}
