//! The frequencies that the track declares, over its whole length, with crossfades and the playhead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::symbols::Marker;
use ratatui::widgets::canvas::{Canvas, Line};
use ratatui::widgets::{Block, BorderType, Widget as _};

use super::look::Look;
use super::view::{View, share};
use super::write::{left, right};

/// Columns for the numbers at the left.
const GUTTER: u16 = 6;
/// Most numbers above the picture.
const NUMBERS: usize = 6;
/// On the frame: a crossfade, the start of a step without one (above, below), the playhead (above, below), a loop.
const FADE: &str = "━";
const START: [&str; 2] = ["┬", "┴"];
const HEAD: [&str; 2] = ["▼", "▲"];
const LOOP: [&str; 2] = ["[", "]"];

/// The columns between the left and the right border of a picture in `area`, and the rows of the curves.
pub(super) fn inside(area: Rect) -> Rect {
    let Rect { x, y, width, height } = area;
    Rect::new(x + GUTTER + 1, y + 1, width.saturating_sub(GUTTER + 2), height.saturating_sub(2))
}

/// The column of `area` in which `seconds` of a track of `length` seconds are drawn.
pub(super) fn column(area: Rect, seconds: f64, length: f64) -> u16 {
    let column = (share(seconds, length) * f64::from(area.width)) as u16;
    area.x + column.min(area.width.saturating_sub(1))
}

/// Draw the picture.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    let inside = inside(area);
    let frame = Rect { x: area.x + GUTTER, width: area.width.saturating_sub(GUTTER), ..area };
    Block::bordered().border_type(BorderType::Rounded).border_style(look.quiet()).render(frame, buffer);
    let borders = [frame.y, frame.bottom() - 1];
    marks(buffer, inside, borders, view, look);
    if view.score.curves.is_empty() {
        let middle = Rect { y: inside.y + inside.height / 2, height: 1, ..inside };
        left(buffer, middle, &[(" no frequencies are declared".to_owned(), look.quiet())]);
    } else {
        let bounds = view.score.bounds();
        scale(buffer, Rect { x: area.x, width: GUTTER, ..inside }, bounds, look);
        curves(buffer, inside, bounds, view, look);
    }
    let head = column(inside, view.position, view.length);
    for (border, sign) in borders.into_iter().zip(HEAD) {
        buffer[(head, border)].set_symbol(sign).set_style(look.playhead().remove_modifier(Modifier::DIM));
    }
    for y in inside.top()..inside.bottom() {
        let cell = &mut buffer[(head, y)];
        if cell.symbol().trim_matches('\u{2800}').trim().is_empty() {
            cell.set_symbol("│").set_style(look.playhead());
        } else {
            cell.set_style(Style::new().add_modifier(Modifier::REVERSED));
        }
    }
    // over the playhead, so that it can be read at all times
    title(buffer, inside, frame.y, view, look);
}

/// Steps, crossfades and the loop, on the frame.
fn marks(buffer: &mut Buffer, inside: Rect, borders: [u16; 2], view: &View, look: Look) {
    let mut mark = |seconds: f64, border: usize, sign: &str| {
        let style = if sign == FADE { look.high().remove_modifier(Modifier::DIM) } else { look.quiet() };
        buffer[(column(inside, seconds, view.length), borders[border])].set_symbol(sign).set_style(style);
    };
    for start in view.score.starts.iter().filter(|start| **start > 0.0) {
        (0..2).for_each(|border| mark(*start, border, START[border]));
    }
    for (from, to) in &view.score.fades {
        let (first, last) = (column(inside, *from, view.length), column(inside, *to, view.length));
        for at in first..=last {
            let seconds = (f64::from(at - inside.x) + 0.5) / f64::from(inside.width) * view.length;
            (0..2).for_each(|border| mark(seconds, border, FADE));
        }
    }
    if let Some((from, to)) = view.looped {
        mark(from, 1, LOOP[0]);
        mark(to, 1, LOOP[1]);
    }
}

/// What is drawn, and its values now, in the colours of the voices.
fn title(buffer: &mut Buffer, inside: Rect, y: u16, view: &View, look: Look) {
    if view.score.curves.is_empty() {
        return;
    }
    let mut pieces = vec![(format!(" {} ", view.score.quantity), Style::new())];
    for (voice, hz) in view.score.at(view.position).take(NUMBERS) {
        let style = Style::new().fg(look.voice(voice)).add_modifier(Modifier::BOLD);
        pieces.push((format!("{hz:.2} "), style));
    }
    pieces.push(("Hz ".to_owned(), Style::new()));
    left(buffer, Rect { x: inside.x + 1, y, width: inside.width.saturating_sub(2), height: 1 }, &pieces);
}

/// The frequencies of the highest and the lowest row, and of the one in the middle.
fn scale(buffer: &mut Buffer, gutter: Rect, (low, high): (f64, f64), look: Look) {
    let last = gutter.height.saturating_sub(1);
    let middle = (low + high) / 2.0;
    let rows = if last >= 4 && last % 2 == 0 {
        vec![(0, high), (last / 2, middle), (last, low)]
    } else {
        vec![(0, high), (last, low)]
    };
    for (row, hz) in rows {
        let row = Rect { y: gutter.y + row, height: 1, ..gutter };
        right(buffer, row, &[(format!("{}", (hz * 100.0).round() / 100.0), look.quiet())]);
    }
}

fn curves(buffer: &mut Buffer, inside: Rect, (low, high): (f64, f64), view: &View, look: Look) {
    let canvas = Canvas::default().marker(Marker::Braille).x_bounds([0.0, view.length]).y_bounds([low, high]);
    let canvas = canvas.paint(|context| {
        for curve in &view.score.curves {
            let color = look.voice(curve.voice);
            for ((x1, y1), (x2, y2)) in curve.points.iter().zip(curve.points.iter().skip(1)) {
                context.draw(&Line { x1: *x1, y1: *y1, x2: *x2, y2: *y2, color });
            }
        }
    });
    canvas.render(inside, buffer);
}
