//! `voices`: lists the voices of the registry and their parameters.

use std::fmt::Write as _;

use realtime_backend_core::error::Result;
use realtime_backend_core::voice::{describe, registry};
use serde_json::Value;

use crate::args::Voices;
use crate::console::{say, say_json, text_width, wrapped};
use crate::{DONE, report};

/// End of the names of transition voices.
const TRANSITION: &str = "_transition";

pub(crate) fn run(args: &Voices) -> u8 {
    match shown(args).and_then(|text| if args.json { say_json(text) } else { say(text) }) {
        Ok(()) => DONE,
        Err(error) => report("voices", &error),
    }
}

fn shown(args: &Voices) -> Result<String> {
    let rows: Vec<Value> = if args.names.is_empty() {
        describe::voices().as_array().cloned().unwrap_or_default()
    } else {
        let one = |name: &String| describe::voice(name).ok_or_else(|| registry::unknown(name));
        args.names.iter().map(one).collect::<Result<_>>()?
    };
    Ok(match (args.json, args.names.is_empty()) {
        (true, _) => format!("{:#}", Value::Array(rows)),
        (false, true) => list(&rows, text_width()),
        (false, false) => rows.iter().map(|row| page(row, text_width())).collect::<Vec<_>>().join("\n\n"),
    })
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Least columns of a description beside its name.
const BESIDE: usize = 28;
/// Columns before a description below its name.
const BELOW: usize = 4;
/// Bounds from here on are there to catch mistakes, and say nothing.
const UNBOUNDED: f64 = 1e6;
/// Longest list of choices in a column of its own.
const CHOICES: usize = 20;

/// The list of all voices. In a terminal, a voice has one row for its static and its transition form.
fn list(rows: &[Value], width: Option<usize>) -> String {
    let names = || rows.iter().map(|row| text(row, "name"));
    let Some(width) = width else {
        let column = names().map(str::len).max().unwrap_or(0);
        let line = |row: &Value| format!("{:column$}  {}", text(row, "name"), text(row, "summary"));
        return rows.iter().map(line).collect::<Vec<_>>().join("\n");
    };
    let families: Vec<&Value> = rows.iter().filter(|row| text(row, "name") == text(row, "family")).collect();
    let column = families.iter().map(|row| text(row, "name").len()).max().unwrap_or(0) + 2;
    let mut out = String::new();
    for row in families {
        let transition = format!("{}{TRANSITION}", text(row, "name"));
        let has_transition = names().any(|name| name == transition);
        let names = [text(row, "name"), if has_transition { "  _transition" } else { "" }];
        if width < column + BESIDE {
            let summary = wrapped(text(row, "summary"), BELOW, Some(width));
            let _ = writeln!(out, "{}{}\n{:BELOW$}{summary}", names[0], names[1], "");
            continue;
        }
        let summary = wrapped(text(row, "summary"), 0, Some(width - column));
        let mut lines = summary.lines();
        for name in names {
            let line = format!("{name:column$}{}", lines.next().unwrap_or_default());
            let line = line.trim_end();
            if !line.is_empty() {
                let _ = writeln!(out, "{line}");
            }
        }
        for line in lines {
            let _ = writeln!(out, "{:column$}{line}", "");
        }
    }
    let about = "NAME_transition: the same voice, whose parameters move from a start to an end. \
                 `realtime_backend voices NAME` shows the parameters of a voice.";
    out + "\n" + &wrapped(about, 0, Some(width))
}

/// Description of a voice with its parameters in columns.
fn page(row: &Value, width: Option<usize>) -> String {
    let parameters = row["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let head = ["parameter", "type", "range", "default", ""].map(str::to_owned);
    let table: Vec<[String; 5]> = std::iter::once(head).chain(parameters.iter().map(cells)).collect();
    let widths: [usize; 4] =
        std::array::from_fn(|column| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let before = 2 + widths.iter().map(|width| width + 2).sum::<usize>();
    let summary = wrapped(text(row, "summary"), 0, width);
    let mut out = format!("{}\n{summary}\nSource: {}\n", text(row, "name"), text(row, "source"));
    for row in &table {
        let mut line = String::from("  ");
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let about = if width.is_some_and(|width| width < before + BESIDE) && !row[4].is_empty() {
            format!("\n{:BELOW$}{}", "", wrapped(&row[4], BELOW, width))
        } else {
            wrapped(&row[4], before, width)
        };
        let _ = write!(
            out,
            "\n{}",
            format!("{}{about}", if about.starts_with('\n') { line.trim_end() } else { &line }).trim_end()
        );
    }
    out
}

/// Name, type, range, default and description of a parameter. Many choices stand in the description.
fn cells(p: &Value) -> [String; 5] {
    let (range, about) = (limits(p), text(p, "about"));
    let (range, about) = if range.len() > CHOICES && range.contains('|') {
        (String::new(), format!("{about} One of {}.", range.replace(" | ", ", ")))
    } else {
        (range, about.to_owned())
    };
    [text(p, "name").to_owned(), kind(p), range, default(p), about]
}

fn kind(p: &Value) -> String {
    match text(p, "unit") {
        "" => text(p, "kind").to_owned(),
        unit => format!("{} [{unit}]", text(p, "kind")),
    }
}

fn limits(p: &Value) -> String {
    let choices = p["choices"].as_array().map_or(&[][..], Vec::as_slice);
    let bound = |key: &str| p[key].as_f64().filter(|bound| bound.abs() < UNBOUNDED);
    match (bound("minimum"), bound("maximum")) {
        _ if !choices.is_empty() => choices.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        (None, None) => String::new(),
        (Some(low), None) => format!("from {low}"),
        (None, Some(high)) => format!("to {high}"),
        (Some(low), Some(high)) => format!("{low} to {high}"),
    }
}

fn default(p: &Value) -> String {
    match (&p["default"], p["default"].as_f64()) {
        (Value::Null, _) => String::new(),
        (_, Some(number)) => number.to_string(),
        (other, _) => other.to_string(),
    }
}
