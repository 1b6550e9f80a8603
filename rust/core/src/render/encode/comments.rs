//! Vorbis comments, as FLAC and Opus store them.

/// Text that names the encoder in every list of comments.
pub(super) const VENDOR: &str = concat!("realtime_backend ", env!("CARGO_PKG_VERSION"));

/// The list of comments as bytes: lengths are 32-bit little-endian numbers.
pub(super) fn packed(vendor: &str, comments: &[(String, String)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut text = |parts: &[&str]| {
        let len: usize = parts.iter().map(|part| part.len()).sum();
        bytes.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(parts.iter().flat_map(|part| part.bytes()));
    };
    text(&[vendor]);
    let at = 4 + vendor.len();
    for (key, value) in comments {
        text(&[key, "=", value]);
    }
    bytes.splice(at..at, u32::try_from(comments.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes
}
