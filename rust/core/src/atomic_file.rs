//! A file that appears whole: written under a temporary name beside its target, renamed at the end, removed otherwise.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// The temporary file, buffered.
pub(crate) type Temporary = BufWriter<NamedTempFile>;

/// Create the missing folders and a temporary file beside `path`. Gives also the target: `path`, or where it leads if it
/// is a link.
pub(crate) fn begin(path: &Path) -> io::Result<(Temporary, PathBuf)> {
    let invalid = |message: &str| io::Error::new(io::ErrorKind::InvalidInput, message);
    if path.file_name().is_none() {
        return Err(invalid("not a file name"));
    }
    let target = match fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder")),
        // Renaming would replace a device or a pipe by a file.
        Ok(there) if !there.is_file() => return Err(invalid("exists and is not a regular file")),
        Ok(there) if there.permissions().readonly() => {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "exists and is read-only"));
        }
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_path_buf(),
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".realtime_backend-").suffix(".part");
    // A temporary file is private by default; the finished one follows the umask like any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    Ok((BufWriter::with_capacity(1 << 18, file), target))
}

/// Write out what is buffered and give the file its name.
pub(crate) fn commit(temporary: Temporary, target: &Path) -> io::Result<()> {
    let file = temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(target).map_err(|failed| failed.error)?;
    Ok(())
}

/// Write a whole file from bytes at hand; missing folders are created.
pub fn write(path: &Path, bytes: &[u8]) -> crate::error::Result<()> {
    let written = begin(path).and_then(|(mut temporary, target)| {
        temporary.write_all(bytes)?;
        commit(temporary, &target)
    });
    written.map_err(|source| crate::error::Error::Io { path: path.display().to_string(), source })
}
