//! The upper panels: title and state, the steps, the position.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use realtime_backend_player::State;

use super::look::Look;
use super::view::{StepView, View, share};
use super::write::{left, right};
use crate::console::time;

/// The position as a bar: played, its tip, to come.
const BAR: [&str; 3] = ["━", "╸", "─"];
/// From this width on, a step is shown with its start and end.
const WIDE: u16 = 60;
/// Columns of the bar of a step, at least and at most.
const STEP_BAR: (u16, u16) = (6, 20);

/// Title, place in the playlist, state.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    let mut about = Vec::new();
    if let Some((number, count)) = view.place.filter(|(_, count)| *count > 1) {
        about.push((format!("track {number} of {count}   "), look.quiet()));
    }
    let (sign, style) = match view.state {
        State::Playing | State::Starting => ("►", look.good()),
        State::Paused => ("║", look.high()),
        State::Failed => ("×", look.bad()),
        State::Stopped | State::Finished => ("■", Style::new()),
    };
    about.push((format!("{sign} {}", view.state.name()), style));
    let free = right(buffer, area, &about);
    left(buffer, free, &[(view.title.clone(), look.title())]);
}

/// The step that plays and the next one.
pub(super) fn steps(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    let row = |y: u16| Rect { y: area.y + y, height: 1, ..area };
    let times = |step: &StepView, rest: String| {
        if area.width < WIDE { rest } else { format!("{} to {}   {rest}", time(step.start), time(step.end)) }
    };
    if let Some(step) = &view.step {
        let times = times(step, format!("{} left", time(step.end - view.position)));
        let free = named(buffer, row(0), "now", step, view.steps, times, look, Style::new());
        let width = free.width.saturating_sub(2).min(STEP_BAR.1);
        if width >= STEP_BAR.0 {
            let played = share(view.position - step.start, step.end - step.start);
            bar(buffer, Rect { x: free.right() - width, width, ..free }, played, look);
        }
    }
    if let Some(step) = &view.next {
        let times = times(step, format!("in {}", time(step.start - view.position)));
        named(buffer, row(1), "next", step, view.steps, times, look, look.quiet());
    }
}

/// Write a step with its times. Returns the area that stays free between them.
#[allow(clippy::too_many_arguments)]
fn named(
    buffer: &mut Buffer,
    area: Rect,
    label: &str,
    step: &StepView,
    count: usize,
    times: String,
    look: Look,
    style: Style,
) -> Rect {
    let free = right(buffer, area, &[(times, look.quiet())]);
    let number = format!("{label:<5}{}/{count}  ", step.number);
    let used = left(buffer, free, &[(number, look.quiet()), (step.name.clone(), style)]);
    Rect { x: free.x + used, width: free.width - used, ..free }
}

/// Position, bar, time to the end.
pub(super) fn progress(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    let free = right(buffer, area, &[(format!("{} left", time(view.left())), look.quiet())]);
    let position = format!("{} / {} ", time(view.position), time(view.length));
    let used = left(buffer, free, &[(position, Style::new())]);
    bar(buffer, Rect { x: free.x + used, width: free.width.saturating_sub(used), ..free }, view.share(), look);
}

/// A bar over the whole first row of `area`, played to this share.
fn bar(buffer: &mut Buffer, area: Rect, share: f64, look: Look) {
    let played = (share * f64::from(area.width)).floor() as u16;
    for column in 0..area.width {
        let (sign, style) = match column {
            column if column < played => (BAR[0], look.good()),
            column if column == played => (BAR[1], look.good()),
            _ => (BAR[2], look.quiet()),
        };
        buffer[(area.x + column, area.y)].set_symbol(sign).set_style(style);
    }
}
