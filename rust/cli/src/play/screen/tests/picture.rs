//! The picture of the documentation: `scripts/generate.sh` writes it, and it has to be what is drawn now.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::style::{Color, Modifier};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::Track;
use tests_rs::generated::assert_current;

use super::super::score;
use super::*;

/// Width and height of a cell, and the margin around the screen.
const CELL: (f64, f64) = (9.0, 19.0);
const MARGIN: f64 = 14.0;

/// The example track after 71 s.
fn example() -> View {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/evening.json");
    let (track, _) = Track::from_path(&path).unwrap();
    let (plan, _) = Plan::compile(&track, &PlanOptions::default()).unwrap();
    let (steps, position) = (score::steps(&track, &plan), 71.0);
    View {
        title: score::title(&track, "evening.json"),
        place: None,
        position,
        length: plan.seconds(),
        step: plan.timeline().current((position * 44_100.0) as u64).map(|index| steps[index].clone()),
        next: steps.iter().find(|step| step.start > position).cloned(),
        steps: steps.len(),
        score: Arc::new(score::score(&track, &plan)),
        levels: [Level { now: -16.4, held: -13.1 }, Level { now: -17.0, held: -13.6 }],
        device: "PulseAudio: Headphones, 44100 Hz".to_owned(),
        ..view()
    }
}

#[test]
fn the_picture_in_the_documentation_is_what_is_drawn() {
    assert_current("docs/pictures/play.svg", &svg(&shown(&example(), 80, 24)));
}

fn svg(buffer: &Buffer) -> String {
    let (width, height) = (f64::from(buffer.area.width) * CELL.0, f64::from(buffer.area.height) * CELL.1);
    let (outer_width, outer_height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {outer_width} {outer_height}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\" shape-rendering=\"crispEdges\">\n\
         <title>The screen of realtime_backend play</title>\n\
         <rect width=\"{outer_width}\" height=\"{outer_height}\" rx=\"8\" fill=\"#16181d\"/>\n"
    );
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            cell(&mut out, &buffer[(x, y)], MARGIN + f64::from(x) * CELL.0, MARGIN + f64::from(y) * CELL.1);
        }
    }
    out.push_str("</svg>\n");
    out
}

/// One cell. What has to meet its neighbours is drawn, other characters are text.
fn cell(out: &mut String, cell: &ratatui::buffer::Cell, x: f64, y: f64) {
    let (mut ink, reversed) = (colour(cell.fg), cell.modifier.contains(Modifier::REVERSED));
    if reversed {
        writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"9\" height=\"19\" fill=\"{ink}\"/>").unwrap();
        ink = "#16181d";
    }
    let dim = if cell.modifier.contains(Modifier::DIM) { " opacity=\"0.55\"" } else { "" };
    let (middle, centre) = (y + CELL.1 / 2.0, x + CELL.0 / 2.0);
    let (right, bottom) = (x + CELL.0, y + CELL.1);
    let mut line = |path: String, width: f64| {
        writeln!(out, "<path d=\"{path}\" stroke=\"{ink}\" stroke-width=\"{width}\" fill=\"none\"{dim}/>").unwrap();
    };
    let symbol = cell.symbol().chars().next().unwrap_or(' ');
    match symbol {
        ' ' => {}
        '─' => line(format!("M{x} {middle}H{right}"), 1.0),
        '━' => line(format!("M{x} {middle}H{right}"), 3.0),
        '╸' => line(format!("M{x} {middle}H{centre}"), 3.0),
        '│' => line(format!("M{centre} {y}V{bottom}"), 1.0),
        '╭' => line(format!("M{centre} {bottom}Q{centre} {middle} {right} {middle}"), 1.0),
        '╮' => line(format!("M{centre} {bottom}Q{centre} {middle} {x} {middle}"), 1.0),
        '╰' => line(format!("M{centre} {y}Q{centre} {middle} {right} {middle}"), 1.0),
        '╯' => line(format!("M{centre} {y}Q{centre} {middle} {x} {middle}"), 1.0),
        // a bar of eighths, from one to all
        '▉'..='▏' | '█' => {
            let eighths = if symbol == '█' { 8 } else { 8 - (symbol as u32 - '▉' as u32 + 1) };
            let (width, y) = (CELL.0 * f64::from(eighths) / 8.0, y + 3.0);
            writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"13\" fill=\"{ink}\"/>").unwrap();
        }
        '\u{2800}'..='\u{28ff}' => {
            // bit, column and row of the eight dots (Unicode, Braille Patterns)
            let dots = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
            for (bit, (column, row)) in dots.into_iter().enumerate() {
                if (symbol as u32 - 0x2800) >> bit & 1 == 1 {
                    let (cx, cy) = (x + 2.25 + 4.5 * f64::from(column), y + 2.375 + 4.75 * f64::from(row));
                    writeln!(out, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"1.5\" fill=\"{ink}\"/>").unwrap();
                }
            }
        }
        _ => {
            let bold = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
            let text = match symbol {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                other => other.to_string(),
            };
            let base = y + 14.5;
            writeln!(out, "<text x=\"{x}\" y=\"{base}\" fill=\"{ink}\"{bold}{dim}>{text}</text>").unwrap();
        }
    }
}

const fn colour(colour: Color) -> &'static str {
    match colour {
        Color::Cyan => "#56b6c2",
        Color::Magenta => "#c678dd",
        Color::Green => "#98c379",
        Color::LightBlue => "#61afef",
        Color::Red => "#e06c75",
        Color::Yellow => "#e5c07b",
        _ => "#d7dae0",
    }
}
