//! Writes files atomically: under a temporary name beside the target, renamed at the end, removed on failure.
//!
//! The temporary name is derived from the target's name, and the file is locked while it is written. The next process
//! that writes to the same target therefore finds and removes what a killed process left behind, but does not touch
//! what a running process is still writing.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, TryLockError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::same::resolved;
use super::stream;
use super::stream::Stream;
use super::write_back::WriteBack;
use crate::error::{Error, Result};

/// Number of processes that may write to one target at the same time; the last one to finish wins.
const WRITERS: usize = 16;
/// Longest target name in bytes that the temporary name contains in full. File systems allow 255 bytes in all.
const NAME: usize = 180;

/// A file that is being written. If it is dropped before [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Temporary {
    file: Option<BufWriter<File>>,
    part: PathBuf,
    target: PathBuf,
    /// Metadata of the file that will be replaced.
    old: Option<Metadata>,
    /// Only if a file will be replaced, and where the system takes it.
    write_back: Option<WriteBack>,
}

impl Temporary {
    /// Creates missing folders and a temporary file beside `path`, or beside the target of `path` if it is a link.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let invalid = |message: &str| io::Error::new(io::ErrorKind::InvalidInput, message);
        if path.file_name().is_none() {
            return Err(invalid("not a file name"));
        }
        let target = resolved(path)?;
        let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(invalid("not a file name"));
        };
        let old = match fs::metadata(&target) {
            Ok(there) => Some(replaceable(&target, there)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        fs::create_dir_all(folder)?;
        let (file, part) = create(folder, name, old.is_some())?;
        let wanted = cfg!(target_os = "linux") && old.is_some();
        let write_back = wanted.then(|| WriteBack::new(&file).ok()).flatten();
        Ok(Self { file: Some(BufWriter::with_capacity(1 << 18, file)), part, target, old, write_back })
    }

    /// Writes out buffered data and gives the file its final name. The file gets the mode of the file that it replaces,
    /// and also its owner where the system allows that.
    pub(crate) fn commit(mut self) -> io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let done = file.flush().and_then(|()| {
            if let Some(old) = fs::metadata(&self.target).ok().filter(Metadata::is_file).or_else(|| self.old.take()) {
                keep(file.get_ref(), &old);
            }
            fs::rename(&self.part, &self.target)
        });
        if done.is_err() {
            self.file = Some(file);
        }
        done
    }

    fn file(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.file.as_mut().ok_or_else(|| io::Error::other("already complete"))
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file()?.write(bytes)?;
        if let Some(write_back) = &mut self.write_back {
            write_back.wrote(written);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

impl Seek for Temporary {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file()?.seek(to)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // discard the buffer; hold the lock until the name is removed
            let (file, _) = file.into_parts();
            let _ = fs::remove_file(&self.part);
            drop(file);
        }
    }
}

/// Returns `there` if `path` may be replaced: a regular file that the user may write.
fn replaceable(path: &Path, there: Metadata) -> io::Result<Metadata> {
    if there.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    if !there.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "exists and is not a regular file"));
    }
    // A rename needs write access to the folder only, so it would replace a write-protected file.
    if there.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "exists and is read-only"));
    }
    #[cfg(unix)]
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(there)
}

/// Creates and locks a temporary file for `name`, and removes remnants of dead processes. With `private`, only the
/// owner can read the file until it gets the mode of the file that it replaces.
fn create(folder: &Path, name: &OsStr, private: bool) -> io::Result<(File, PathBuf)> {
    for number in 0..WRITERS {
        let part = folder.join(part_name(name, number));
        sweep(&part);
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o666 });
        #[cfg(not(unix))]
        let _ = private;
        match options.open(&part) {
            Ok(file) => {
                // Another process may have removed the new file as a remnant before it was locked. Where files cannot
                // be locked, no process removes remnants.
                let locked = !matches!(file.try_lock(), Err(TryLockError::WouldBlock));
                if locked && is_at(&file, &part) {
                    for other in number + 1..WRITERS {
                        sweep(&folder.join(part_name(name, other)));
                    }
                    return Ok((file, part));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::ResourceBusy, "is being written by too many processes"))
}

/// `.evening.flac.realtime_backend.part`, with a number if other processes write to the same target.
fn part_name(name: &OsStr, number: usize) -> OsString {
    let mut part = OsString::from(".");
    if name.len() <= NAME {
        part.push(name);
    } else {
        let mut hash = DefaultHasher::new();
        name.hash(&mut hash);
        let start: String = name.to_string_lossy().chars().take(NAME / 4).collect();
        part.push(format!("{start}-{:016x}", hash.finish()));
    }
    part.push(".realtime_backend");
    if number > 0 {
        part.push(format!(".{number}"));
    }
    part.push(".part");
    part
}

/// Removes the file `part` if it is a remnant of a dead process, which means that no process holds its lock.
fn sweep(part: &Path) {
    if !fs::symlink_metadata(part).is_ok_and(|there| there.is_file()) {
        return;
    }
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOFOLLOW);
    if let Ok(file) = options.open(part)
        && file.try_lock().is_ok()
        && is_at(&file, part)
    {
        let _ = fs::remove_file(part);
    }
}

/// Whether `path` still refers to the open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let node = |meta: io::Result<Metadata>| meta.ok().map(|meta| (meta.dev(), meta.ino()));
    let open = node(file.metadata());
    open.is_some() && open == node(fs::symlink_metadata(path))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Gives `file` the mode, owner and group of the file that it replaces, as far as the file system and the user's rights
/// allow. If the group cannot be set, the group gets no access.
#[cfg(unix)]
fn keep(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let Ok(new) = file.metadata() else { return };
    let mut mode = old.mode() & 0o7777;
    if (new.uid(), new.gid()) != (old.uid(), old.gid())
        && fchown(file, Some(old.uid()), Some(old.gid())).is_err()
        && fchown(file, None, Some(old.gid())).is_err()
    {
        // the permissions of the old group must not apply to a different group
        mode &= 0o707;
    }
    let _ = file.set_permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn keep(_: &File, _: &Metadata) {}

/// Writes `bytes` to the file `path` atomically and creates missing folders. A pipe or device gets the bytes directly.
///
/// # Errors
/// [`Error::Io`] if the file cannot be written or may not be replaced.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = if stream::is_stream(path) {
        Stream::open(path, &mut || true).and_then(|mut stream| stream.send(bytes, &mut || true))
    } else {
        Temporary::begin(path).and_then(|mut temporary| {
            temporary.write_all(bytes)?;
            temporary.commit()
        })
    };
    written.map_err(|source| Error::Io { path: path.display().to_string(), source })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_replaced_file_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.wav");
        for kept in [0o600, 0o640, 0o666, 0o777] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            write(&path, b"new").unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap()), (kept, b"new".to_vec()));
        }
    }

    #[test]
    fn only_the_owner_can_read_an_unfinished_private_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.wav");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let temporary = Temporary::begin(&path).unwrap();
        assert_eq!(mode(&temporary.part) & 0o077, 0);
    }

    #[test]
    fn links_are_followed_even_if_their_target_does_not_exist() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("real"), "old").unwrap();
        symlink("real", at("live")).unwrap();
        symlink("far/new", at("dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();
        write(&at("live"), b"1").unwrap();
        write(&at("dangling"), b"2").unwrap();
        assert!(fs::symlink_metadata(at("live")).unwrap().is_symlink());
        assert!(fs::symlink_metadata(at("dangling")).unwrap().is_symlink());
        assert_eq!((fs::read(at("real")).unwrap(), fs::read(at("far/new")).unwrap()), (b"1".to_vec(), b"2".to_vec()));
        let Err(Error::Io { source, .. }) = write(&at("loop"), b"3") else { panic!("followed a loop") };
        assert_eq!(source.raw_os_error(), Some(libc::ELOOP));
        assert!(fs::symlink_metadata(at("loop")).unwrap().is_symlink());
    }

    #[test]
    fn remnants_of_a_killed_process_are_removed_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        for number in [0, 1, 5] {
            fs::write(folder.path().join(part_name("a.wav".as_ref(), number)), "half").unwrap();
        }
        let temporary = Temporary::begin(&path).unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        temporary.commit().unwrap();
        assert_eq!(names(folder.path()), ["a.wav"]);
    }

    #[test]
    fn the_temporary_file_of_a_running_writer_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let mut first = Temporary::begin(&path).unwrap();
        first.write_all(b"first").unwrap();
        let mut second = Temporary::begin(&path).unwrap();
        assert_ne!(first.part, second.part);
        second.write_all(b"second").unwrap();
        second.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        first.commit().unwrap();
        assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (b"first".to_vec(), 1));
    }

    #[test]
    fn an_unfinished_file_leaves_nothing_and_the_longest_names_fit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n".repeat(255));
        let mut temporary = Temporary::begin(&path).unwrap();
        temporary.write_all(b"half").unwrap();
        drop(temporary);
        assert!(names(folder.path()).is_empty());
        write(&path, b"whole").unwrap();
        assert_eq!(names(folder.path()).len(), 1);
    }

    #[test]
    fn a_temporary_name_that_is_a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "dear").unwrap();
        symlink("victim", folder.path().join(part_name("a.wav".as_ref(), 0))).unwrap();
        write(&folder.path().join("a.wav"), b"new").unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"dear");
    }
}
