//! Sets of responses in files: SOFA and the compact form.

mod compact;
mod hdf5;
mod positions;
mod read;

use super::Hrirs;

/// Whether a file may be a set of responses, by its first bytes.
pub(super) fn is_set(bytes: &[u8]) -> bool {
    hdf5::is_hdf5(bytes) || compact::is_compact(bytes)
}

/// The set in the content of a file of either form.
pub(super) fn read(bytes: &[u8]) -> Result<Hrirs, String> {
    if compact::is_compact(bytes) { compact::read(bytes) } else { read::read(bytes) }
}

/// The content of a file in the compact form.
pub(super) fn write(set: &Hrirs) -> Result<Vec<u8>, String> {
    compact::write(set)
}
