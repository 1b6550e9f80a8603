//! `render`
pub(crate) fn run(_: &crate::args::Render) -> u8 {
    crate::FAILED
}
