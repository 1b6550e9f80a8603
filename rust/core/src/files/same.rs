//! Compares files by identity instead of by path, and resolves links.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Number of links that are followed before they count as a loop, as on Linux.
const MAX_LINKS: usize = 40;

/// The absolute path to which `path` leads, without links. Works for paths that do not exist yet: a dangling link gives
/// the path that it points to.
///
/// # Errors
/// If links form a loop, or a folder may not be searched.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    follow(&std::path::absolute(path)?, MAX_LINKS)
}

fn follow(path: &Path, links: usize) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let Some(parent) = path.parent() else { return Ok(path.to_owned()) };
    let folder = follow(parent, links)?;
    // `path` ends in `..` after a folder that does not exist
    let Some(name) = path.file_name() else { return Ok(folder.parent().unwrap_or(&folder).to_owned()) };
    let here = folder.join(name);
    match fs::read_link(&here) {
        Ok(_) if links == 0 => Err(io::Error::other("is a link into a loop of links")),
        Ok(target) => follow(&folder.join(target), links - 1),
        Err(_) => Ok(here),
    }
}

/// Identity of the file at a path. Hard links, symbolic links and different case on a file system that ignores case
/// give equal identities. A path without a file is identified by its resolved path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Device number and inode number of an existing file.
    Node(u64, u64),
    /// Resolved path, where no file exists yet or the system has no inode numbers.
    Place(PathBuf),
}

impl Identity {
    /// The identity of `path`, which may be of any type and need not exist.
    pub fn of(path: &Path) -> Self {
        #[cfg(unix)]
        if let Ok(meta) = fs::metadata(path) {
            use std::os::unix::fs::MetadataExt as _;
            return Self::Node(meta.dev(), meta.ino());
        }
        Self::Place(resolved(path).unwrap_or_else(|_| path.to_owned()))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn hard_and_symbolic_links_have_the_identity_of_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "a").unwrap();
        fs::write(at("b"), "a").unwrap();
        fs::hard_link(at("a"), at("hard")).unwrap();
        symlink("a", at("soft")).unwrap();
        symlink("soft", at("softer")).unwrap();
        for name in ["hard", "soft", "softer", "../x/../softer"] {
            let path = if name.starts_with("..") { folder.path().join(".").join("softer") } else { at(name) };
            assert_eq!(Identity::of(&path), Identity::of(&at("a")), "{name}");
        }
        assert_ne!(Identity::of(&at("a")), Identity::of(&at("b")));
        assert_eq!(Identity::of(&at("none/../new")), Identity::of(&at("new")));
    }

    #[test]
    fn paths_that_do_not_exist_are_resolved() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        symlink("far/away.wav", root.join("dangling")).unwrap();
        symlink("dangling", root.join("twice")).unwrap();
        assert_eq!(resolved(&root.join("twice")).unwrap(), root.join("far/away.wav"));
        assert_eq!(resolved(&root.join("new/./x/../y")).unwrap(), root.join("new/y"));
        symlink("b", root.join("a")).unwrap();
        symlink("a", root.join("b")).unwrap();
        assert!(resolved(&root.join("a")).is_err());
    }
}
