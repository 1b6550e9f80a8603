//! SHA-256 in hexadecimal.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// The digest of `bytes`.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of what `write` writes.
///
/// # Errors
/// Those of `write`.
pub fn of_written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<String> {
    // the digest is slow on single bytes
    let mut out = io::BufWriter::new(Sha256::new());
    write(&mut out)?;
    Ok(hex(&out.into_inner()?.finalize()))
}

/// The digest of the content of a file.
///
/// # Errors
/// If the file cannot be read.
pub fn of_file(path: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut File::open(path)?, &mut digest)?;
    Ok(hex(&digest.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]));
    bytes.iter().flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc"), expected);
        assert_eq!(of_written(|out| out.write_all(b"ab").and_then(|()| out.write_all(b"c"))).unwrap(), expected);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "abc").unwrap();
        assert_eq!(of_file(&folder.path().join("a")).unwrap(), expected);
    }
}
