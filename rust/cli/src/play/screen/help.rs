//! All keys, over the other panels.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, BorderType, Clear, Widget as _};

use super::look::Look;
use super::write::left;
use crate::play::keys::KEYS;

/// Columns of the names of the keys.
const NAMES: usize = 23;
/// Columns of the whole box.
const WIDTH: u16 = 80;
/// Below this width, what a key does stands right after its name.
const WIDE: u16 = 64;

/// Draw the list of the keys in the middle of `screen`.
pub(super) fn draw(buffer: &mut Buffer, screen: Rect, look: Look) {
    let rows = rows(look, if screen.width < WIDE { 0 } else { NAMES });
    let (width, height) = (screen.width.min(WIDTH), screen.height.min(rows.len() as u16 + 2));
    let (x, y) = (screen.x + (screen.width - width) / 2, screen.y + (screen.height - height) / 2);
    let area = Rect { x, y, width, height };
    Clear.render(area, buffer);
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(look.quiet()).title(" keys ");
    let inside = block.inner(area);
    block.render(area, buffer);
    for (y, row) in (inside.top()..inside.bottom()).zip(rows) {
        left(buffer, Rect { x: inside.x + 1, y, width: inside.width.saturating_sub(2), height: 1 }, &row);
    }
}

/// A heading for each group, and a row for each key.
fn rows(look: Look, names: usize) -> Vec<Vec<(String, Style)>> {
    let mut rows = Vec::new();
    let mut group = "";
    for row in KEYS {
        if row.group != group {
            group = row.group;
            rows.push(vec![(group.to_owned(), look.title())]);
        }
        let name = format!("  {:<names$}  ", row.names.join(", "));
        rows.push(vec![(name, Style::new().add_modifier(Modifier::BOLD)), (row.does.to_owned(), Style::new())]);
    }
    rows
}
