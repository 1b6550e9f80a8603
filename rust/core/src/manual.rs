//! Explanations for people, which a build can leave out to be smaller.

/// `text`; empty in a build without the feature `manual`.
pub(crate) const fn manual(text: &'static str) -> &'static str {
    if cfg!(feature = "manual") { text } else { "" }
}
