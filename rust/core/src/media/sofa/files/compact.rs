//! The compact form of a set: a NumPy archive with `hrir`, `position`, `sample_rate`, `delay_samples` and `meta` (spec
//! hrtf-renderer 2.2).

use std::io::{Cursor, Read as _, Write as _};

use npyz::{NpyFile, WriterBuilder, npz};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::dsp::direction::spherical;
use crate::media::sofa::{DelayUnit, Hrirs, MOST_TAPS};

/// Largest array, bytes.
const MOST_BYTES: u64 = 2 * MOST_TAPS as u64 * 8 + 4096;
/// Largest text, bytes.
const MOST_TEXT: usize = 1 << 20;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether a file is a NumPy archive.
pub(super) fn is_compact(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The set in the archive `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Hrirs, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("not a NumPy archive: {error}"))?;
    let hrir = needed(&mut archive, "hrir")?;
    let [directions, ears, taps] = hrir.shape[..] else {
        return Err(format!("hrir: expected the shape (directions, 2, taps), got {:?}", hrir.shape));
    };
    if ears != 2 || taps < 2 || directions < 1 {
        return Err(format!("hrir: expected directions × 2 ears × at least 2 taps, got {:?}", hrir.shape));
    }
    let position = needed(&mut archive, "position")?;
    if position.shape != [directions, 3] {
        return Err(format!("position: expected the shape ({directions}, 3), got {:?}", position.shape));
    }
    let rate = needed(&mut archive, "sample_rate")?;
    let delay = array(&mut archive, "delay_samples")?;
    let delays = match delay {
        None => vec![[0.0; 2]; directions],
        Some(delay) if delay.shape == [directions, 2] => {
            delay.values.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
        }
        Some(delay) => {
            return Err(format!("delay_samples: expected the shape ({directions}, 2), got {:?}", delay.shape));
        }
    };
    let meta = array(&mut archive, "meta")?;
    let text: Vec<u8> =
        meta.iter().flat_map(|meta| meta.values.iter().take(MOST_TEXT)).map(|byte| *byte as u8).collect();
    let meta: Value = serde_json::from_slice(&text).unwrap_or_default();
    let text = |name: &str| meta.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Hrirs {
        name: String::new(),
        title: text("title"),
        licence: text("licence"),
        sha256: String::new(),
        sample_rate: *rate.values.first().ok_or("sample_rate: empty")?,
        taps,
        positions: position.values.chunks_exact(3).map(|p| spherical(p[0], p[1], p[2])).collect(),
        responses: hrir.values,
        delays,
        delay_unit: DelayUnit::Samples,
        warnings: Vec::new(),
    })
}

/// An array of numbers.
struct Array {
    shape: Vec<usize>,
    values: Vec<f64>,
}

fn needed(archive: &mut Archive<'_>, name: &str) -> Result<Array, String> {
    array(archive, name)?.ok_or_else(|| format!("not a set of responses: the array {name:?} is missing"))
}

/// The array `name`, if there is one.
fn array(archive: &mut Archive<'_>, name: &str) -> Result<Option<Array>, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    let Some(index) = archive.index_for_name(&npz::file_name_from_array_name(name)) else { return Ok(None) };
    let mut bytes = Vec::new();
    let entry = archive.by_index(index).map_err(|error| wrong(&error))?;
    entry.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("{name}: expected at most {MOST_TAPS} taps per ear"));
    }
    // the length of the header is checked before the library makes room for it
    let header = match bytes.get(6) {
        Some(1) => bytes.get(8..10).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]]))),
        _ => bytes.get(8..12).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize),
    };
    if header.is_none_or(|header| header > bytes.len()) {
        return Err(format!("{name}: the array is cut off"));
    }
    let file = NpyFile::new(bytes.as_slice()).map_err(|error| wrong(&error))?;
    let shape: Vec<u64> = file.shape().to_vec();
    let count = shape.iter().try_fold(1_u64, |count, size| count.checked_mul(*size));
    if count.is_none_or(|count| count > 2 * MOST_TAPS as u64) {
        return Err(format!("{name}: expected at most {MOST_TAPS} taps per ear, got the shape {shape:?}"));
    }
    if file.order() != npyz::Order::C {
        return Err(format!("{name}: expected C order, got Fortran order"));
    }
    let kind = file.dtype().descr();
    let kind = kind.trim_matches(['\'', '<', '>', '|', '=']);
    let size = kind.get(1..).and_then(|size| size.parse::<u64>().ok()).unwrap_or(1);
    if count.is_none_or(|count| count * size > bytes.len() as u64) {
        return Err(format!("{name}: the array is cut off"));
    }
    let values = match kind {
        "f4" => file.into_vec::<f32>().map(|values| values.into_iter().map(f64::from).collect()),
        "f8" => file.into_vec::<f64>(),
        "u1" => file.into_vec::<u8>().map(|values| values.into_iter().map(f64::from).collect()),
        "i4" => file.into_vec::<i32>().map(|values| values.into_iter().map(f64::from).collect()),
        "i8" => file.into_vec::<i64>().map(|values| values.into_iter().map(|value| value as f64).collect()),
        _ => return Err(format!("{name}: expected float32 or float64, got {kind}")),
    };
    let values: Vec<f64> = values.map_err(|error| wrong(&error))?;
    if Some(values.len() as u64) != count {
        return Err(format!("{name}: the array is cut off"));
    }
    Ok(Some(Array { shape: shape.into_iter().map(|size| size as usize).collect(), values }))
}

/// `set` as an archive.
pub(super) fn write(set: &Hrirs) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("the compact form cannot be written: {error}");
    let directions = set.positions.len() as u64;
    let delays = set.delays_in_samples(false)?;
    let meta = json!({"title": set.title, "licence": set.licence, "source_sha256": set.sha256}).to_string();
    let arrays = [
        ("hrir", npy(&[directions, 2, set.taps as u64], set.responses.iter().map(|tap| *tap as f32))),
        ("position", npy(&[directions, 3], set.polar().flatten().map(|value| value as f32))),
        ("sample_rate", npy(&[], [set.sample_rate])),
        ("delay_samples", npy(&[directions, 2], delays.iter().flatten().map(|delay| *delay as f32))),
        ("meta", npy(&[meta.len() as u64], meta.bytes())),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // the same bytes at any time
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, array) in arrays {
        archive.start_file(npz::file_name_from_array_name(name), options).map_err(|error| failed(&error))?;
        archive.write_all(&array.map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
    }
    Ok(archive.finish().map_err(|error| failed(&error))?.into_inner())
}

/// An array as a `.npy` file.
fn npy<T: npyz::AutoSerialize>(shape: &[u64], values: impl IntoIterator<Item = T>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(shape).writer(&mut bytes).begin_nd()?;
    writer.extend(values)?;
    writer.finish()?;
    Ok(bytes)
}
