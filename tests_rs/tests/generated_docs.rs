//! `docs/compat.md` and `docs/voices.md` are written from the engine's own tables; these tests keep them current.
//! `UPDATE_DOCS=1 cargo test -p tests_rs --test generated_docs` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::params::{Fallback, Kind, Moves, Param, TIMING};
use realtime_backend_core::voice::registry::{FAMILIES, Family};

fn current(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).expect("docs can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let hint = "run `UPDATE_DOCS=1 cargo test -p tests_rs --test generated_docs`";
    assert!(committed == text, "docs/{name} is stale: {hint}");
}

#[test]
fn the_table_of_compat_switches_is_current() {
    let mut text = String::from(
        "# Compat: deliberate differences to the legacy implementation\n\n\
         <!-- written by tests_rs/tests/generated_docs.rs from rust/core/src/compat.rs -->\n\n\
         `compat=` takes a preset (`\"legacy\"`, `\"default\"`, `\"intended\"`) or a mapping of single switches on top of one:\n\
         `compat={\"preset\": \"legacy\", \"align_phases\": False}`. A track can name its preset in `global.compat`.\n\n\
         - **legacy**: the quirks as recorded, for parity and for old exports that must not change.\n\
         - **default**: what the specification marks *fix* is fixed, what it marks *keep* is kept.\n\
         - **intended**: also the corrections that change how existing tracks sound.\n\n\
         | switch | legacy | default | intended | what it does when on |\n| --- | --- | --- | --- | --- |\n",
    );
    let mark = |on: bool| if on { "on" } else { "off" };
    for switch in Compat::SWITCHES {
        let (legacy, default, intended) = (mark(switch.legacy), mark(switch.default), mark(switch.intended));
        writeln!(text, "| `{}` | {legacy} | {default} | {intended} | {} |", switch.name, switch.about).expect("fits");
    }
    current("compat.md", &text);
}

#[test]
fn the_voice_reference_is_current() {
    let mut text = String::from(
        "# Voices\n\n\
         <!-- written by tests_rs/tests/generated_docs.rs from the parameter tables of rust/core/src/voice -->\n\n\
         Every voice is a function of `realtime_backend.synth` and a `synth_function_name` of the track format. A parameter with a\n\
         start and an end name moves from one to the other in the `_transition` voice; the static voice has the plain name. An absent\n\
         start value falls back to the plain name where the table lists it, an absent end value to the start value unless another\n\
         default is given. Unknown names are reported with the nearest known one.\n\n\
         Timing of every transition:\n\n",
    );
    table(&mut text, TIMING.iter(), true);
    for family in FAMILIES {
        section(&mut text, family);
    }
    current("voices.md", &text);
}

fn section(text: &mut String, family: &Family) {
    let also = if family.transition { format!(", `{}_transition`", family.name) } else { String::new() };
    write!(text, "\n## `{}`{also}\n\n{}\n\n", family.name, family.summary).expect("fits");
    let picture = format!("voices/{}.png", family.name);
    if Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(&picture).exists() {
        write!(text, "![{}: spectrogram of both variants]({picture})\n\n", family.name).expect("fits");
    }
    write!(text, "Source: {}.\n\n", family.source).expect("fits");
    table(text, family.params.iter().copied().flatten(), family.transition);
}

fn table<'a>(text: &mut String, rows: impl Iterator<Item = &'a Param>, transition: bool) {
    text.push_str("| parameter | in the transition | type | unit | default | range | meaning |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for row in rows {
        let plain = if row.moves == Moves::TransitionOnly { String::new() } else { format!("`{}`", row.name) };
        let moving = match row.moves {
            _ if !transition => String::new(),
            Moves::Fixed => "the same".to_owned(),
            _ => row.spellings(true).iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        };
        let default = match (row.default, row.moves) {
            (_, Moves::Own { start, end }) => format!("{}; transition {start} to {end}", shown(row.default)),
            (default, _) => shown(default),
        };
        let (kind, range) = (kind(row.kind), range(row));
        writeln!(text, "| {plain} | {moving} | {kind} | {} | {default} | {range} | {} |", row.unit, row.about)
            .expect("fits");
    }
}

fn shown(default: Fallback) -> String {
    match default {
        Fallback::Number(number) => number.to_string(),
        Fallback::Flag(flag) => flag.to_string(),
        Fallback::Text("") | Fallback::None => String::new(),
        Fallback::Text(text) => format!("`{text}`"),
    }
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Number => "number".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Flag => "flag".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Structure => "structure".to_owned(),
        Kind::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
    }
}

fn range(row: &Param) -> String {
    match (row.min == f64::MIN, row.max == f64::MAX) {
        (true, true) => String::new(),
        (false, true) => format!("≥ {}", row.min),
        (true, false) => format!("≤ {}", row.max),
        (false, false) => format!("{} to {}", row.min, row.max),
    }
}
