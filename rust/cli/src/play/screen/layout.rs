//! Which panel gets which rows. On small screens there are fewer panels.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::look::Look;
use super::view::View;
use super::{curve, footer, header, help, line, meters, write};

/// Below this width or height, the screen is one line.
pub(super) const LEAST: (u16, u16) = (40, 8);
/// Rows of a curve with its frame, at least.
const CURVE: u16 = 5;
/// From this height on there are empty rows.
const AIRY: u16 = 20;

/// The rows of the panels.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Areas {
    pub(super) header: Rect,
    /// The step that plays and the next one, a row each.
    pub(super) steps: Rect,
    pub(super) curve: Option<Rect>,
    pub(super) progress: Rect,
    /// Left and right, a row each.
    pub(super) meters: Rect,
    pub(super) status: Rect,
    /// Underruns and warnings.
    pub(super) troubles: Option<Rect>,
    pub(super) keys: Rect,
}

impl Areas {
    /// The panels of a screen; `None` if it has room for one line only.
    pub(super) fn of(screen: Rect) -> Option<Self> {
        if screen.width < LEAST.0 || screen.height < LEAST.1 {
            return None;
        }
        let margin = u16::from(screen.width >= 60);
        let gap = u16::from(screen.height >= AIRY);
        let has_troubles = screen.height > LEAST.1;
        let spare = screen.height - LEAST.1 - u16::from(has_troubles) - 3 * gap;
        let mut y = screen.y;
        let mut rows = |height: u16| {
            let area = Rect::new(screen.x + margin, y, screen.width - 2 * margin, height);
            y += height;
            area
        };
        let header = rows(1);
        rows(gap);
        let steps = rows(2);
        let curve = rows(spare);
        let progress = rows(1);
        rows(gap);
        let meters = rows(2);
        rows(gap);
        let status = rows(1);
        let troubles = has_troubles.then(|| rows(1));
        let keys = rows(1);
        Some(Self { header, steps, curve: (spare >= CURVE).then_some(curve), progress, meters, status, troubles, keys })
    }
}

/// Draw everything.
pub(super) fn draw(frame: &mut Frame, view: &View, look: Look, help: bool) {
    let screen = frame.area();
    let buffer = frame.buffer_mut();
    let Some(areas) = Areas::of(screen) else {
        if !screen.is_empty() {
            let text = line::text(view, usize::from(screen.width));
            write::left(buffer, screen, &[(text, ratatui::style::Style::new())]);
        }
        return;
    };
    header::draw(buffer, areas.header, view, look);
    header::steps(buffer, areas.steps, view, look);
    if let Some(area) = areas.curve {
        curve::draw(buffer, area, view, look);
    }
    header::progress(buffer, areas.progress, view, look);
    meters::draw(buffer, areas.meters, view, look);
    footer::status(buffer, areas.status, view, look);
    match areas.troubles {
        Some(area) => footer::troubles(buffer, area, view, look),
        // trouble is more important than the status
        None if !view.troubles.is_empty() => footer::troubles(buffer, areas.status, view, look),
        None => {}
    }
    footer::keys(buffer, areas.keys, view, look);
    if help {
        help::draw(buffer, screen, look);
    }
}
