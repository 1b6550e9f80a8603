//! The only place that knows the library for HDF5 files. Its errors become text, and so do its panics on damaged files.

use hdf5_pure::{AttrValue, DType, Error, File, FormatError};

use crate::fault::caught;

/// Numbers of a variable.
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

/// Whether a file begins as HDF5 files do.
pub(super) fn is_hdf5(bytes: &[u8]) -> bool {
    hdf5_pure::is_hdf5_bytes(bytes)
}

/// Numbers per byte of a file at most: deflate makes nothing smaller than by this factor.
const DENSEST: u64 = 1040;

/// An open file.
pub(super) struct Hdf5 {
    file: File,
    /// Length of the file.
    bytes: u64,
}

impl Hdf5 {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, String> {
        if !is_hdf5(bytes) {
            return Err("not a SOFA file: it is no HDF5 file".to_owned());
        }
        let file = guarded("the file", || File::from_bytes(bytes.to_vec()))?;
        Ok(Self { file, bytes: bytes.len() as u64 })
    }

    /// The text attribute `name` of the variable `of`, or of the file.
    pub(super) fn text(&self, of: Option<&str>, name: &str) -> Result<Option<String>, String> {
        let all = guarded(of.unwrap_or("the file"), || match of {
            Some(of) => self.file.dataset(of)?.attrs(),
            None => self.file.root().attrs(),
        })?;
        Ok(all.get(name).and_then(text))
    }

    /// The numbers of the variable `name`; `None` if there is no such variable.
    pub(super) fn array(&self, name: &str, most: usize) -> Result<Option<Array>, String> {
        let found = guarded(name, || match self.file.dataset(name) {
            Ok(found) => Ok(Some(found)),
            Err(Error::Format(FormatError::PathNotFound(_)) | Error::NotAGroup(_)) => Ok(None),
            Err(error) => Err(error),
        })?;
        let Some(variable) = found else { return Ok(None) };
        let (shape, kind) = guarded(name, || Ok((variable.shape()?, variable.dtype()?)))?;
        let is_number = !matches!(
            kind,
            DType::String | DType::VariableLengthString | DType::Compound(_) | DType::Enum(_) | DType::Array(..)
        );
        if !is_number {
            return Err(format!("{name}: expected numbers"));
        }
        let count = shape.iter().try_fold(1_u64, |count, size| count.checked_mul(*size));
        let Some(count) = count.filter(|count| *count <= most as u64) else {
            return Err(format!("{name}: expected at most {most} numbers, got the shape {shape:?}"));
        };
        if count > self.bytes * DENSEST {
            return Err(format!("{name}: the file is too small for the shape {shape:?}"));
        }
        let values = guarded(name, || variable.read_f64())?;
        if values.len() as u64 != count {
            return Err(format!("{name}: expected {count} numbers, the file holds {}", values.len()));
        }
        Ok(Some(Array { shape: shape.into_iter().map(|size| size as usize).collect(), values }))
    }
}

/// The text of an attribute, also if it is a list of one.
fn text(value: &AttrValue) -> Option<String> {
    let text = match value {
        AttrValue::String(text)
        | AttrValue::AsciiString(text)
        | AttrValue::VarLenString(text)
        | AttrValue::VarLenAsciiString(text) => text,
        AttrValue::StringSized { value, .. } | AttrValue::AsciiStringSized { value, .. } => value,
        AttrValue::StringArray(texts)
        | AttrValue::AsciiStringArray(texts)
        | AttrValue::VarLenAsciiCharArray(texts)
        | AttrValue::VarLenStringArray(texts)
        | AttrValue::VarLenAsciiStringArray(texts)
        | AttrValue::StringArraySized { values: texts, .. }
        | AttrValue::AsciiStringArraySized { values: texts, .. } => texts.first()?,
        _ => return None,
    };
    Some(text.trim_end_matches('\0').to_owned())
}

/// The result of `work` on `what`.
fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, String> {
    match caught(work) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(format!("{what} is damaged or of an unknown kind: {error}")),
        Err(panic) => Err(format!("{what} is damaged: {panic}")),
    }
}
