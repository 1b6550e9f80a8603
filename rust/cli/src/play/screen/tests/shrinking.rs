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
        let line = line::text(&view);
        let start: String = line.chars().take(usize::from(width) - 1).collect();
        assert!(row(&shown, 0).starts_with(start.trim_end()), "{}", row(&shown, 0));
        assert!((1..height).all(|y| row(&shown, y).trim().is_empty()));
    }
}

#[test]
fn the_line_says_where_the_playback_is() {
    let mut view = view();
    assert_eq!(
        line::text(&view),
        "Evening (2/3)     0:50.0 / 3:20.0   step 1/2   volume  80 %   playing   ends in 44:10.0"
    );
    (view.place, view.step, view.timer, view.state) = (None, None, None, State::Paused);
    view.troubles = vec!["2 underruns (35 ms)".to_owned()];
    assert_eq!(line::text(&view), "  0:50.0 / 3:20.0   volume  80 %   paused   2 underruns (35 ms)");
}
