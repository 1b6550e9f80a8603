//! Any size of the terminal.

use ratatui::layout::Rect;

use super::super::layout::{Areas, LEAST};
use super::super::line;
use super::*;

#[test]
fn every_size_can_be_drawn() {
    let mut view = view();
    view.troubles = vec!["1 underrun (2 ms)".to_owned()];
    for width in [0, 1, 2, 7, 39, 40, 41, 59, 60, 79, 80, 81, 200] {
        for height in 0..40 {
            for help in [false, true] {
                drawn(&view, width, height, Look { colour: true }, help);
            }
        }
    }
}

#[test]
fn panels_do_not_overlap_and_stay_on_the_screen() {
    for (width, height) in [(40, 8), (60, 12), (80, 24), (200, 60)] {
        let screen = Rect::new(0, 0, width, height);
        let Areas { header, steps, curve, progress, meters, status, troubles, keys } = Areas::of(screen).unwrap();
        let mut end = 0;
        for area in [Some(header), Some(steps), curve, Some(progress), Some(meters), Some(status), troubles, Some(keys)]
        {
            let Some(area) = area else { continue };
            assert!(area.y >= end && area.bottom() <= height && area.right() <= width, "{width}x{height}: {area:?}");
            end = area.bottom();
        }
        // the keys are at the bottom
        assert_eq!(end, height);
    }
}

#[test]
fn small_screens_have_all_but_the_curve() {
    let shown = shown(&view(), 40, 8);
    assert_eq!(Areas::of(shown.area).unwrap().curve, None);
    for text in ["Evening", "arrive", "rest", "0:50 / 3:20", "L █", "R █", "volume", "space pause"] {
        find(&shown, text);
    }
    // trouble takes the place of the volume
    let mut view = view();
    view.troubles = vec!["1 underrun (2 ms)".to_owned()];
    let shown = super::shown(&view, 40, 8);
    assert_eq!(row(&shown, 6).trim(), "1 underrun (2 ms)");
}

#[test]
fn a_smaller_screen_is_one_line() {
    let view = view();
    for (width, height) in [(LEAST.0 - 1, 24), (80, LEAST.1 - 1), (80, 1)] {
        let shown = shown(&view, width, height);
        let line = line::text(&view, usize::from(width));
        assert_eq!(row(&shown, 0).trim_end(), line.trim_end());
        assert!((1..height).all(|y| row(&shown, y).trim().is_empty()));
    }
}

#[test]
fn the_line_says_where_the_playback_is() {
    let mut view = view();
    assert_eq!(
        line::text(&view, 200),
        "Evening (2/3)  0:50 / 3:20  ━━━━━━━╸──────────────────────  1/2 arrive  playing  volume 80 %  ends in 44:10"
    );
    (view.place, view.step, view.timer, view.state) = (None, None, None, State::Paused);
    view.troubles = vec!["2 underruns (35 ms)".to_owned()];
    let line = line::text(&view, 80);
    assert!(
        line.starts_with("0:50 / 3:20  ━") && line.ends_with("─  paused  volume 80 %  2 underruns (35 ms)"),
        "{line}"
    );
}

#[test]
fn the_line_fits_any_width() {
    let mut view = view();
    view.troubles = vec!["2 underruns (35 ms)".to_owned()];
    view.length = 7200.0;
    for width in 0..=200 {
        let line = line::text(&view, width);
        assert!(line.chars().count() <= width, "{width}: {line}");
        if width >= 39 {
            assert!(line.contains("0:50 / 2:00:00  ╸─────") && line.contains("1/2 arr"), "{width}: {line}");
        }
    }
    // a state that is not as usual is never left out
    view.state = State::Paused;
    assert!(line::text(&view, 39).ends_with("paused"), "{}", line::text(&view, 39));
}
