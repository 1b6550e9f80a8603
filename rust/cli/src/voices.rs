//! `voices`: lists the voices of the registry and their parameters.

use std::fmt::Write as _;

use realtime_backend_core::error::Result;
use realtime_backend_core::voice::{describe, registry};
use serde_json::Value;

use crate::args::Voices;
use crate::console::{say, say_json};
use crate::{DONE, report};

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
        (false, true) => rows.iter().map(line).collect::<Vec<_>>().join("\n"),
        (false, false) => rows.iter().map(page).collect::<Vec<_>>().join("\n\n"),
    })
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Line of a voice in the list.
fn line(row: &Value) -> String {
    format!("{:45} {}", text(row, "name"), text(row, "summary"))
}

/// Description of a voice with its parameters in columns.
fn page(row: &Value) -> String {
    let parameters = row["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let cells = |p: &Value| [text(p, "name").to_owned(), kind(p), limits(p), default(p), text(p, "about").to_owned()];
    let head = ["parameter", "type", "range", "default", ""].map(str::to_owned);
    let table: Vec<[String; 5]> = std::iter::once(head).chain(parameters.iter().map(cells)).collect();
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 4] = std::array::from_fn(width);
    let mut out = format!("{}\n{}\nSource: {}\n", text(row, "name"), text(row, "summary"), text(row, "source"));
    for row in &table {
        let mut line = String::from("  ");
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = write!(out, "\n{}{}", line, row[4]);
        out.truncate(out.trim_end().len());
    }
    out
}

fn kind(p: &Value) -> String {
    match text(p, "unit") {
        "" => text(p, "kind").to_owned(),
        unit => format!("{} [{unit}]", text(p, "kind")),
    }
}

fn limits(p: &Value) -> String {
    let choices = p["choices"].as_array().map_or(&[][..], Vec::as_slice);
    match (p["minimum"].as_f64(), p["maximum"].as_f64()) {
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
