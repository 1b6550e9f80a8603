//! Warns about sudden changes of level between neighbouring steps. Each step is normalised by its own peak, so that two
//! steps that were meant to meet at the same level can end up far apart.

use super::{Budget, decibels, in_blocks, several};
use crate::error::{Problem, Result};
use crate::interrupt::Interrupt;
use crate::plan::levels::measure::Probe;
use crate::plan::{Plan, StepPlan, peak, within};

/// Smallest change of level that is reported, in dB: twice the amplitude.
const JUMP_DB: f64 = 6.0;
/// Windows on each side of a border; together they are longer than one period of most beats.
const WINDOWS: u64 = 8;
/// Length of a window in seconds.
const WINDOW_S: f64 = 0.16;
/// Seconds that are skipped on each side of a border, to leave out the short fades at the start and end of voices.
const EDGE_S: f64 = 0.01;
/// Seconds next to a border in which a fade to or from silence is recognised.
const VERGE_S: f64 = 0.005;
/// Longest pause in seconds between two steps that still count as neighbours.
const PAUSE_S: f64 = 0.25;
/// Peaks below this (-80 dB) count as silence; a change from or to silence is not reported.
const AUDIBLE: f32 = 1e-4;
/// Relative changes between windows that are smaller than this are ignored.
const EVEN: f32 = 0.05;
/// Blocks of each voice that an estimate of the gains renders.
const ESTIMATE: u64 = 24;
/// Budget in blocks for comparing levels.
const LISTENING: f64 = 8000.0;
/// Budget in blocks for measuring the steps at the borders that were found.
const MEASURING: f64 = 20_000.0;

pub(super) fn jumps(plan: &Plan, interrupt: &Interrupt) -> Result<Vec<Problem>> {
    let (mut listening, mut measuring) = (Budget(LISTENING), Budget(MEASURING));
    let seconds = |seconds: f64| (seconds * f64::from(plan.sample_rate())) as u64;
    let borders = Borders { plan, window: seconds(WINDOW_S), edge: seconds(EDGE_S), verge: seconds(VERGE_S) };
    // If gains depend on the steps before, all steps have to be measured.
    if plan.is_chained() && !measured(plan, 0, plan.steps().len(), &mut measuring, interrupt)? {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for after in 1..plan.steps().len() {
        interrupt.check()?;
        if !borders.is_one(after, seconds(PAUSE_S)) {
            continue;
        }
        let [from, to] = [&plan.steps()[after - 1], &plan.steps()[after]];
        let blocks = ESTIMATE + 3 * in_blocks(WINDOWS * borders.window);
        if !listening.afford(from, blocks) || !listening.afford(to, blocks) {
            break;
        }
        let Some(mut change) = borders.change(after) else { continue };
        // This was found with estimated gains; check it with the final ones if measuring is cheap enough.
        if measured(plan, after - 1, after + 1, &mut measuring, interrupt)? {
            match borders.change(after) {
                Some(exact) => change = exact,
                None => continue,
            }
        }
        found.push(Problem::warning(to.at.as_str(), told(from, to, change)));
    }
    Ok(several(found))
}

/// Measure the steps `from..to` if the budget allows; returns whether it did.
fn measured(plan: &Plan, from: usize, to: usize, budget: &mut Budget, interrupt: &Interrupt) -> Result<bool> {
    let mut cheap = true;
    for step in plan.steps()[from..to].iter().filter(|step| step.final_levels().is_none()) {
        cheap = cheap && budget.afford(step, in_blocks(step.placement.frames));
    }
    if cheap {
        plan.measure(from, to, 0, &mut |_| !interrupt.is_requested())?;
    }
    Ok(cheap)
}

fn told(from: &StepPlan, to: &StepPlan, change: f64) -> String {
    let word = if change > 0.0 { "louder" } else { "softer" };
    let mut text = format!("the step begins about {:.0} dB {word} than the one before it ends", change.abs());
    let (a, b) = (&from.levels, &to.levels);
    if a.normalization.is_some()
        && (a.normalization, a.binaural_volume, a.noise_volume) == (b.normalization, b.binaural_volume, b.noise_volume)
    {
        text.push_str(
            ": each step is brought to the same peak (normalization_level), whatever the amplitudes of its voices",
        );
    }
    text
}

struct Borders<'a> {
    plan: &'a Plan,
    window: u64,
    edge: u64,
    verge: u64,
}

/// Peaks on one side of a border: of each window, the nearest to the border first, and of the frames right at the
/// border.
struct Side {
    windows: Vec<f32>,
    verge: f32,
}

impl Borders<'_> {
    /// Whether step `after` follows the step before it directly and no other step plays at that border.
    fn is_one(&self, after: usize, pause: u64) -> bool {
        let steps = self.plan.steps();
        let [before, next] = [&steps[after - 1], &steps[after]];
        if before.voices.is_empty() || next.voices.is_empty() {
            return false;
        }
        let (a, b) = (&before.placement, &next.placement);
        let follows = a.start < b.start && a.end() < b.end() && b.start <= a.end() + pause;
        let fades_into = b.crossfade.is_some() || b.start >= a.end();
        let alone = |frame: u64| {
            let layers = within(self.plan.segments(), frame, frame + 1).iter().flat_map(|segment| &segment.layers);
            layers.into_iter().all(|layer| layer.index == after || layer.index + 1 == after)
        };
        follows && fades_into && alone(b.start) && alone(b.fade_end())
    }

    /// The change of level in decibels at the start of step `after`, if it is a jump.
    fn change(&self, after: usize) -> Option<f64> {
        let steps = self.plan.steps();
        let [from, to] = [&steps[after - 1], &steps[after]];
        let fade = to.placement.crossfade.map_or(0, |fade| fade.frames);
        // Compare the sound before the fade with the sound after it.
        let end = if fade > 0 { to.placement.start - from.placement.start } else { from.placement.placed };
        let (end, start) = (end.saturating_sub(self.edge), fade + self.edge);
        let before = self.before(from, end, 0);
        let then = self.after(to, start, 0);
        let heard = [before.level(), then.level()];
        let change = jump(heard)?;
        if (change > 0.0 && before.is_fading()) || (change < 0.0 && then.is_fading()) {
            return None;
        }
        // Look further away: if the level fluctuates slowly, its momentary level at the border says little, so the
        // highest nearby level counts.
        let span = WINDOWS * self.window;
        let steady = |near: f32, level: f32, side: &dyn Fn(u64) -> Side| {
            let [next, far] = [side(span).most(), side(2 * span).most()];
            let even = |a: f32, b: f32| a <= b * (1.0 + EVEN);
            let one_way = even(near, next) && even(next, far) || even(next, near) && even(far, next);
            if one_way { level } else { near.max(next).max(far) }
        };
        jump([
            steady(before.most(), heard[0], &|away| self.before(from, end, away)),
            steady(then.most(), heard[1], &|away| self.after(to, start, away)),
        ])
    }

    /// The windows of `step` that end `away` frames before its frame `end`.
    fn before(&self, step: &StepPlan, end: u64, away: u64) -> Side {
        let end = end.saturating_sub(away);
        let window =
            |index: u64| (end.saturating_sub((index + 1) * self.window), end.saturating_sub(index * self.window));
        self.side(step, window, (end.saturating_sub(self.verge), end))
    }

    /// The windows of `step` that begin `away` frames after its frame `start`.
    fn after(&self, step: &StepPlan, start: u64, away: u64) -> Side {
        let frames = step.placement.placed.saturating_sub(self.edge);
        let at = |frame: u64| (start + away + frame).min(frames);
        let window = |index: u64| (at(index * self.window), at((index + 1) * self.window));
        self.side(step, window, (at(0), at(self.verge)))
    }

    fn side(&self, step: &StepPlan, window: impl Fn(u64) -> (u64, u64), verge: (u64, u64)) -> Side {
        let gains = step.final_levels().map_or_else(|| step.estimate(), |final_levels| final_levels.gains);
        let mut probe = Probe::new(None);
        let mut level = |(from, to): (u64, u64)| {
            let mut most = 0.0_f32;
            probe.mix(0, &step.voices, &gains, from, to, |block| most = most.max(peak(block)));
            most
        };
        let spans = (0..WINDOWS).map(window).filter(|(from, to)| from < to);
        Side { windows: spans.map(&mut level).collect(), verge: level(verge) }
    }
}

impl Side {
    fn most(&self) -> f32 {
        self.windows.iter().copied().fold(0.0, f32::max)
    }

    /// The level at the border: that of the nearest window if the levels only rise or only fall, else the highest of
    /// all windows (pulses and beats).
    fn level(&self) -> f32 {
        let even = |a: f32, b: f32| a <= b * (1.0 + EVEN);
        let mut pairs = self.windows.windows(2);
        let rises = pairs.all(|pair| even(pair[0], pair[1]));
        let mut pairs = self.windows.windows(2);
        let falls = pairs.all(|pair| even(pair[1], pair[0]));
        if rises || falls { self.windows.first().copied().unwrap_or(0.0) } else { self.most() }
    }

    /// Whether the sound fades to or from silence at the border.
    fn is_fading(&self) -> bool {
        match self.windows.as_slice() {
            [nearest, next, ..] => self.verge < 0.3 * nearest && *nearest < 0.8 * next,
            _ => false,
        }
    }
}

fn jump([from, to]: [f32; 2]) -> Option<f64> {
    let change = decibels(to / from.max(f32::MIN_POSITIVE));
    (from >= AUDIBLE && to >= AUDIBLE && change.abs() > JUMP_DB).then_some(change)
}
