//! Makes what is shown from the player. The only place of the screen that asks it.

use std::sync::Arc;
use std::time::Instant;

use realtime_backend_core::printable::printable;
use realtime_backend_core::track::Track;
use realtime_backend_player::{Player, Stats};

use super::hold::Hold;
use super::score;
use super::view::{Score, StepView, View};

/// What plays now.
#[derive(Clone, Copy)]
pub(in crate::play) struct Now<'a> {
    pub(in crate::play) player: &'a Player,
    /// Name of the file.
    pub(in crate::play) name: &'a str,
    /// Number of the track in the list, from 1 on, and the length of the list.
    pub(in crate::play) place: (usize, usize),
}

/// What is known of the track that plays, and what has to be remembered between two views.
pub(super) struct Gather {
    track: Arc<Track>,
    title: String,
    steps: Vec<StepView>,
    score: Arc<Score>,
    levels: [Hold; 2],
    last: Instant,
}

impl Gather {
    pub(super) fn new(now: Now<'_>) -> Self {
        let (track, plan) = now.player.track();
        Self {
            title: score::title(&track, now.name),
            steps: score::steps(&track, &plan),
            score: Arc::new(score::score(&track, &plan)),
            levels: [Hold::SILENT; 2],
            last: Instant::now(),
            track,
        }
    }

    /// What is to be shown now. `told`: findings about the tracks.
    pub(super) fn view(&mut self, now: Now<'_>, told: &[String]) -> View {
        let player = now.player;
        if !Arc::ptr_eq(&self.track, &player.track().0) {
            *self = Self { levels: self.levels, last: self.last, ..Self::new(now) };
        }
        let passed = self.last.elapsed().as_secs_f64();
        self.last = Instant::now();
        let stats = player.stats();
        let [left, right] = &mut self.levels;
        let levels = [left.take(stats.peak[0], passed), right.take(stats.peak[1], passed)];
        let position = player.position();
        let later = self.steps.iter().filter(|step| step.start > position);
        let info = player.info();
        View {
            title: self.title.clone(),
            place: Some(now.place).filter(|(_, count)| *count > 1),
            state: player.state(),
            position,
            length: player.duration(),
            step: player.step().and_then(|step| self.steps.get(step)).cloned(),
            next: later.min_by(|a, b| a.start.total_cmp(&b.start)).cloned(),
            steps: self.steps.len(),
            score: Arc::clone(&self.score),
            levels,
            volume: player.volume(),
            timer: player.timer(),
            looped: player.looped().map(|looped| (looped.start, looped.end)),
            device: printable(&format!("{}, {} Hz", info.name, info.sample_rate)).into_owned(),
            troubles: troubles(&stats, player.last_error(), told, info.sample_rate),
        }
    }
}

/// In a few words what went wrong, the worst first.
pub(super) fn troubles(stats: &Stats, error: Option<String>, told: &[String], rate: u32) -> Vec<String> {
    let counted = |count: u64, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        count => Some(format!("{count} {what}s")),
    };
    let lost = stats.underrun_frames * 1000 / u64::from(rate.max(1));
    let underruns = counted(stats.underrun_events, "underrun").map(|text| format!("{text} ({lost} ms)"));
    let restarts = counted(stats.restarts, "time").map(|times| format!("device reopened {times}"));
    let late = counted(stats.late_splices, "late seek");
    let more = if told.len() > 1 { format!(" (and {} more)", told.len() - 1) } else { String::new() };
    let finding = told.last().map(|last| format!("{}{more}", printable(last)));
    let error = error.map(|error| printable(&error).into_owned());
    [error, underruns, restarts, late, finding].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_counted_and_the_worst_comes_first() {
        let fine = Stats {
            underrun_events: 0,
            underrun_frames: 0,
            load_average: 0.0,
            load_peak: 0.0,
            render_load_average: 0.0,
            render_load_peak: 0.0,
            callbacks: 0,
            largest_callback: 0,
            ring_fill_minimum: 0.0,
            latency: 0.0,
            late_splices: 0,
            restarts: 0,
            peak: [0.0; 2],
        };
        assert!(troubles(&fine, None, &[], 44_100).is_empty());
        let bad = Stats { underrun_events: 2, underrun_frames: 441, late_splices: 1, restarts: 1, ..fine };
        let told = ["a.json: warning: first".to_owned(), "a.json: warning: second".to_owned()];
        assert_eq!(
            troubles(&bad, Some("no\u{1b}device".to_owned()), &told, 44_100),
            [
                "no\\x1bdevice",
                "2 underruns (10 ms)",
                "device reopened 1 time",
                "1 late seek",
                "a.json: warning: second (and 1 more)"
            ]
        );
    }
}
