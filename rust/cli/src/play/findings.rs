//! What is found about the tracks while they play.

use realtime_backend_core::error::Problem;
use realtime_backend_player::Playlist;

use crate::source;

/// Warnings about the tracks, each told once.
pub(super) struct Findings<'a> {
    names: &'a [String],
    /// The track whose warnings were told last, and how many.
    told: Option<(usize, usize)>,
    left_out: usize,
}

impl<'a> Findings<'a> {
    /// `names` are those of the files.
    pub(super) const fn new(names: &'a [String]) -> Self {
        Self { names, told: None, left_out: 0 }
    }

    /// Lines about what was found since the last call.
    pub(super) fn take(&mut self, list: &Playlist) -> Vec<String> {
        let name = |index: usize| self.names.get(index).map_or("", String::as_str);
        let current = list.current();
        let warnings: Vec<Problem> = list.player().warnings();
        let told = self.told.filter(|(index, _)| *index == current).map_or(0, |(_, told)| told);
        let warned = warnings.iter().skip(told).map(|warning| source::finding(name(current), "warning", warning));
        let left_out = list.left_out();
        let skipped = left_out.iter().skip(self.left_out);
        let lines =
            warned.chain(skipped.map(|(index, reason)| format!("{}: warning: left out: {reason}", name(*index))));
        let lines = lines.collect();
        (self.told, self.left_out) = (Some((current, warnings.len())), left_out.len());
        lines
    }
}
