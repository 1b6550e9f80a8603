//! What the panels say and where, from closed forms.

use ratatui::style::{Color, Modifier};

use super::super::curve::{column, inside};
use super::super::layout::Areas;
use super::super::meters::columns;
use super::*;

const SIZE: (u16, u16) = (80, 24);

fn areas() -> Areas {
    Areas::of(Buffer::empty(ratatui::layout::Rect::new(0, 0, SIZE.0, SIZE.1)).area).unwrap()
}

#[test]
fn title_state_steps_and_times_are_shown() {
    let shown = shown(&view(), SIZE.0, SIZE.1);
    let header = row(&shown, areas().header.y);
    assert!(header.starts_with(" Evening "), "{header}");
    assert!(header.trim_end().ends_with("track 2 of 3   ► playing"), "{header}");
    assert!(find(&shown, "now  1/2  arrive").contains("0:00 to 1:40   0:50 left"));
    assert!(find(&shown, "next 2/2  rest").contains("1:30 to 3:20   in 0:40"));
    assert!(find(&shown, "0:50 / 3:20").contains("2:30 left"));
    let status = find(&shown, "volume");
    assert!(status.contains("━━━━━━━━── 80 %") && status.contains("timer 44:10"), "{status}");
    assert!(status.trim_end().ends_with("null, 44100 Hz"), "{status}");
}

#[test]
fn the_bar_follows_the_position() {
    let shown = shown(&view(), SIZE.0, SIZE.1);
    let bar = row(&shown, areas().progress.y);
    let count = |sign: char| bar.chars().filter(|c| *c == sign).count();
    let width = count('━') + count('╸') + count('─');
    assert_eq!((count('━'), count('╸')), (width / 4, 1), "{bar}");
}

#[test]
fn meters_are_as_long_as_their_level() {
    // -30 dBFS is the middle of a bar from -60 dBFS to full scale
    assert_eq!((columns(-30.0, 60), columns(-6.0, 60), columns(-90.0, 60), columns(3.0, 60)), (30.0, 54.0, 0.0, 60.0));
    let shown = shown(&view(), SIZE.0, SIZE.1);
    let area = areas().meters;
    let rows = [row(&shown, area.y), row(&shown, area.y + 1)];
    let cells = |row: &str| row.chars().collect::<Vec<_>>();
    // the number at the right has 10 columns and one before it, the name has 2
    let width = area.width - 13;
    let [left, right] = rows.each_ref().map(|row| cells(row));
    let first = usize::from(area.x) + 2;
    let full = |row: &[char]| row[first..].iter().take_while(|c| **c == '█').count();
    assert_eq!(full(&left), usize::from(width) / 2);
    assert_eq!(full(&right), (0.9 * f64::from(width)) as usize);
    // the peak that is held
    assert_eq!(left[first + (0.75 * f64::from(width)) as usize], '│', "{rows:?}");
    assert!(rows[0].contains("-15.0 dBFS") && rows[1].contains(" -6.0 dBFS"), "{rows:?}");
}

#[test]
fn the_playhead_and_the_crossfade_are_where_they_are_heard() {
    let shown = shown(&view(), SIZE.0, SIZE.1);
    let area = areas().curve.unwrap();
    let inside = inside(area);
    let head = inside.x + inside.width / 4;
    assert_eq!(column(inside, 50.0, 200.0), head);
    assert_eq!((shown[(head, area.y)].symbol(), shown[(head, area.bottom() - 1)].symbol()), ("▼", "▲"));
    for y in inside.top()..inside.bottom() {
        let cell = &shown[(head, y)];
        assert!(cell.symbol() == "│" || cell.modifier.contains(Modifier::REVERSED), "{y}");
    }
    let border = row(&shown, area.bottom() - 1).chars().collect::<Vec<_>>();
    let fade: Vec<u16> = (0..SIZE.0).filter(|x| border[usize::from(*x)] == '━').collect();
    let (from, to) = (column(inside, 90.0, 200.0), column(inside, 100.0, 200.0));
    assert_eq!(fade, (from..=to).collect::<Vec<_>>());
}

#[test]
fn curves_have_their_frequency_at_every_column() {
    let mut view = view();
    view.position = 199.0;
    let shown = shown(&view, SIZE.0, SIZE.1);
    let inside = inside(areas().curve.unwrap());
    assert_eq!(view.score.bounds(), (4.0, 10.0));
    // from the upper left corner down to the lower border in the middle
    let braille = |x: u16, y: u16| !["", " ", "│"].contains(&shown[(x, y)].symbol());
    for x in inside.left()..inside.left() + inside.width / 2 {
        let share = (f64::from(x - inside.x) + 0.5) / (f64::from(inside.width) / 2.0);
        let y = inside.y + (share * f64::from(inside.height)) as u16;
        assert!((y.saturating_sub(1)..=y + 1).any(|y| inside.contains((x, y).into()) && braille(x, y)), "{x}");
    }
    let last = inside.bottom() - 1;
    assert!((inside.x + inside.width / 2..inside.right() - 2).all(|x| braille(x, last)));
    assert_eq!(shown[(inside.right() - 4, last)].fg, Color::Magenta);
    assert_eq!(shown[(inside.left(), inside.top())].fg, Color::Cyan);
    // the middle is 7 Hz
    let scale: Vec<String> = (inside.top()..inside.bottom()).map(|y| row(&shown, y)[..7].trim().to_owned()).collect();
    assert_eq!((scale.first().unwrap().as_str(), scale.last().unwrap().as_str()), ("10", "4"));
}

#[test]
fn the_values_now_are_shown_above_the_curves() {
    let mut view = view();
    assert!(find(&shown(&view, SIZE.0, SIZE.1), "beat 7.00 Hz").contains('╭'));
    view.position = 95.0;
    find(&shown(&view, SIZE.0, SIZE.1), "beat 4.30 4.00 Hz");
    // the playhead is under the values
    view.position = 20.0;
    find(&shown(&view, SIZE.0, SIZE.1), "beat 8.80 Hz");
}

#[test]
fn trouble_and_loops_are_shown() {
    let mut view = view();
    view.looped = Some((100.0, 150.0));
    view.troubles = vec!["2 underruns (35 ms)".to_owned(), "warning: voice.wav is gone".to_owned()];
    let shown = shown(&view, SIZE.0, SIZE.1);
    find(&shown, "loop 1:40 to 2:30");
    let inside = inside(areas().curve.unwrap());
    let border = inside.bottom();
    assert_eq!(shown[(column(inside, 100.0, 200.0), border)].symbol(), "[");
    assert_eq!(shown[(column(inside, 150.0, 200.0), border)].symbol(), "]");
    find(&shown, "2 underruns (35 ms), warning: voice.wav is gone");
}

#[test]
fn the_help_lists_all_keys() {
    let shown = drawn(&view(), SIZE.0, SIZE.1, Look { colour: true }, true);
    for key in crate::play::keys::KEYS {
        assert!(find(&shown, key.does).contains(&key.names.join(", ")));
    }
}

#[test]
fn without_colours_there_are_only_bold_dim_and_reversed() {
    let mut view = view();
    view.troubles = vec!["1 underrun (2 ms)".to_owned()];
    for help in [false, true] {
        let shown = drawn(&view, SIZE.0, SIZE.1, Look { colour: false }, help);
        assert!(shown.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    }
}
