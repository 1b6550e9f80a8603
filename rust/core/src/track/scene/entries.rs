//! Reads the entries of a scene: stages, modulators, routes (spec spatial-workbench 3). An entry is used as a whole or
//! not at all.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Target;
use crate::error::{Error, suggestion};
use crate::json::fields::{Fields, MAX_TRACK_SECONDS, Names};
use crate::json::findings::Findings;
use crate::json::path::item;
use crate::json::value::shown;
use crate::voice::spatial::scene::{Binding, Modulator, Route, Shape, Span};

/// Largest magnitude of a value, a depth or a rate.
const LARGEST: f64 = 1e9;
/// A smaller depth is none.
const NO_DEPTH: f64 = 1e-12;

/// One item of a list, with its path.
pub(super) type Item<'a> = (String, &'a Value);

/// Reads entries, and remembers whether one was unusable.
pub(super) struct Entries<'a> {
    findings: &'a Findings,
    any_bad: Cell<bool>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(findings: &'a Findings) -> Self {
        Self { findings, any_bad: Cell::new(false) }
    }

    /// Whether an unusable entry silences the voices of the scene, as in the legacy implementation.
    pub(super) fn silences(&self) -> bool {
        self.any_bad.get() && self.findings.rules.silence_bad_voices
    }

    /// Report what makes an entry unusable.
    fn refuse(&self, at: String, message: &str) {
        self.any_bad.set(true);
        if self.findings.rules.silence_bad_voices {
            self.findings.warn(at, format!("{message}; the voices of the scene are silent"));
        } else if self.findings.keep_bad_voices {
            self.findings.warn(at, format!("{message}; the entry is left out"));
        } else {
            self.findings.error(at, message);
        }
    }

    /// The items of a list. Another type counts as an empty list, with a warning.
    pub(super) fn of_list<'v>(&self, fields: &Fields<'v>, names: Names) -> Vec<Item<'v>> {
        let Some(found) = fields.pick(names) else { return Vec::new() };
        let Value::Array(items) = found.value else {
            fields.warn(found.key, format!("expected a list, got {}; ignored", shown(found.value)));
            return Vec::new();
        };
        let at = fields.at(found.key);
        items.iter().enumerate().map(|(index, value)| (item(&at, index), value)).collect()
    }

    /// The object that holds a list of entries; another type is an unusable entry.
    pub(super) fn section<'v>(&self, fields: &Fields<'v>, names: Names) -> Option<Fields<'v>>
    where
        'a: 'v,
    {
        let found = fields.pick(names)?;
        let Value::Object(map) = found.value else {
            self.refuse(fields.at(found.key), &format!("expected an object, got {}", shown(found.value)));
            return None;
        };
        let section = Fields::new(map, fields.at(found.key), self.findings);
        section.known(&["schemaVersion"]);
        Some(section)
    }

    /// What `read` makes of an entry; `None` if it is unusable, which is reported.
    pub(super) fn read<T>(&self, (at, value): &Item<'_>, read: impl FnOnce(&Fields<'_>) -> T) -> Option<T> {
        let Value::Object(map) = value else {
            self.refuse(at.clone(), &format!("expected an object, got {}", shown(value)));
            return None;
        };
        let mut findings = Findings::default();
        findings.rules = self.findings.rules;
        let fields = Fields::new(map, at.clone(), &findings);
        let found = read(&fields);
        fields.finish();
        match findings.conclude(found) {
            Ok((found, warnings)) => {
                for warning in warnings {
                    self.findings.add(warning);
                }
                Some(found)
            }
            Err(Error::Invalid(problems)) => {
                for problem in problems {
                    self.refuse(problem.path, &problem.message);
                }
                None
            }
            Err(_) => None,
        }
    }
}

/// A text that must not be missing or empty.
fn required(fields: &Fields<'_>, names: Names) -> String {
    let text = fields.text(names).unwrap_or_default();
    if text.is_empty() {
        fields.error(names[0], "missing; expected a text");
    }
    text
}

fn shape(fields: &Fields<'_>) -> Shape {
    let Some(name) = fields.text(&["curve"]) else { return Shape::default() };
    Shape::named(&name).unwrap_or_else(|| {
        let hint = suggestion(&name, Shape::NAMES.iter().copied());
        fields.error("curve", format!("expected one of {}, got {name:?}{hint}", Shape::NAMES.join(", ")));
        Shape::default()
    })
}

fn target(fields: &Fields<'_>) -> Target {
    Target { id: required(fields, &["targetId"]), parameter: required(fields, &["parameterPath"]) }
}

/// The bindings of a stage.
pub(super) fn stage(fields: &Fields<'_>) -> Vec<(Target, Binding)> {
    required(fields, &["id"]);
    let seconds = |names: Names| fields.number(names, 0.0, MAX_TRACK_SECONDS).unwrap_or(0.0);
    let duration = seconds(&["durationS"]);
    let (fade_in, fade_out) = (seconds(&["transitionInS"]), seconds(&["transitionOutS"]));
    let span = Span::new(seconds(&["startS"]), duration, fade_in, fade_out);
    if duration == 0.0 {
        fields.findings.warn(fields.at.clone(), "the stage has no length: it is never in force");
    }
    fields.known(&["name", "notes", "color", "colour", "enabled"]);
    let Some((at, items)) = fields.list(&["parameterOverrides"]) else { return Vec::new() };
    let each = items.iter().enumerate().filter_map(|(index, value)| {
        let at = item(&at, index);
        let Value::Object(map) = value else {
            fields.findings.error(at, format!("expected an object, got {}", shown(value)));
            return None;
        };
        Some(binding(map, at, span, fields.findings))
    });
    each.collect()
}

fn binding(map: &Map<String, Value>, at: String, span: Span, findings: &Findings) -> (Target, Binding) {
    let fields = Fields::new(map, at, findings);
    let value = fields.number(&["value"], -LARGEST, LARGEST);
    if value.is_none() && fields.pick(&["value"]).is_none() {
        fields.error("value", "missing; expected a number");
    }
    let found = (target(&fields), Binding { span, shape: shape(&fields), value: value.unwrap_or(0.0) });
    fields.known(&["id", "unit", "name"]);
    fields.finish();
    found
}

/// The id of a modulator, and the modulator; `None` without an id.
pub(super) fn modulator(fields: &Fields<'_>) -> Option<(String, Modulator)> {
    let id = fields.text(&["id"]).unwrap_or_default();
    let found = Modulator {
        rate: fields.number(&["rateHz"], -LARGEST, LARGEST).unwrap_or(1.0),
        phase: fields.number(&["phaseDeg"], -LARGEST, LARGEST).unwrap_or(0.0).to_radians(),
        square: fields.text(&["waveform"]).is_some_and(|name| name == "square"),
    };
    fields.known(&["name", "notes"]);
    (!id.is_empty()).then_some((id, found))
}

/// An active route; `None` if it is off.
pub(super) fn route(fields: &Fields<'_>, modulators: &HashMap<String, Modulator>) -> Option<(Target, Route)> {
    let id = required(fields, &["modulatorId"]);
    let target = target(fields);
    let depth = fields.number(&["depth"], -LARGEST, LARGEST).unwrap_or(0.0);
    let polarity = fields.number(&["polarity"], -LARGEST, LARGEST).unwrap_or(1.0).trunc();
    if polarity.abs() != 1.0 {
        fields.error("polarity", format!("expected 1 or -1, got {polarity}"));
    }
    let shape = shape(fields);
    let enabled = fields.flag(&["enabled"]).unwrap_or(true);
    fields.known(&["id", "name", "notes"]);
    if !enabled {
        return None;
    }
    if depth.abs() <= NO_DEPTH {
        fields.findings.warn(fields.at.clone(), "the route has no depth: it has no effect");
        return None;
    }
    let modulator = modulators.get(&id).copied().unwrap_or_else(|| {
        let hint = suggestion(&id, modulators.keys().map(String::as_str));
        fields.warn("modulatorId", format!("no modulator is called {id:?}; a sine of 1 Hz is used{hint}"));
        Modulator::default()
    });
    Some((target, Route { modulator, depth: depth * polarity, shape }))
}
