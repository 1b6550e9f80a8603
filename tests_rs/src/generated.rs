//! Files that are made from the code and kept in the repository.

use std::path::Path;

/// With this variable in the environment, tests write the files.
const WRITE: &str = "UPDATE_DOCS";

/// Asserts that the file `path`, relative to the root of the repository, contains `text`; with `UPDATE_DOCS` it is written
/// first.
///
/// # Panics
/// If the file has another content.
pub fn assert_current(path: &str, text: &str) {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
        std::fs::write(&whole, text).unwrap();
    }
    let found = std::fs::read_to_string(&whole).unwrap_or_default();
    assert!(found == text, "{path} is old: run make generate");
}
