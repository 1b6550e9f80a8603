//! Reads the sections of a scene (spec spatial-workbench 2.1).

use std::collections::HashMap;

use serde_json::Value;

use super::Scene;
use super::entries::{self, Entries};
use super::routing::Routing;
use crate::json::fields::{Fields, Names};
use crate::json::value::shown;
use crate::voice::spatial::scene::Modulator;

/// Sections that are kept in the document and not heard.
const STORED: Names = &["assets", "environment", "experiment", "extensions", "schemaVersion", "name", "notes", "id"];

/// Where the sections of a scene are.
pub(super) struct Sections {
    stages: Names,
    modulation: Names,
    routing: Names,
}

impl Sections {
    /// In a scene document.
    pub(in super::super) const OF_SCENE: Self =
        Self { stages: &["stages"], modulation: &["modulation"], routing: &["routing"] };
    /// Among the parameters of a voice.
    pub(in super::super) const OF_VOICE: Self =
        Self { stages: &["samStages"], modulation: &["samModulation"], routing: &["samRouting"] };
}

/// The scene in `fields`. Errors are reported; unusable entries are left out.
pub(super) fn read(fields: &Fields<'_>, sections: &Sections) -> Scene {
    if let Some(version) = fields.number(&["schemaVersion"], f64::MIN, f64::MAX)
        && version != 1.0
        && version != 2.0
    {
        fields.error("schemaVersion", format!("expected 1 or 2, got {version}"));
    }
    let entries = Entries::new(fields.findings);
    let mut scene = Scene { ids: ids(fields), ..Scene::default() };
    let mut modulators: HashMap<String, Modulator> = HashMap::new();
    for item in entries.of_list(fields, &["modulators"]) {
        if let Some(Some((id, modulator))) = entries.read(&item, entries::modulator) {
            modulators.insert(id, modulator);
        }
    }
    if let Some(stages) = entries.section(fields, sections.stages) {
        for item in entries.of_list(&stages, &["stages"]) {
            scene.bindings.extend(entries.read(&item, entries::stage).unwrap_or_default());
        }
    }
    if let Some(modulation) = entries.section(fields, sections.modulation) {
        for item in entries.of_list(&modulation, &["routes"]) {
            scene.routes.extend(entries.read(&item, |fields| entries::route(fields, &modulators)).flatten());
        }
    }
    let top = entries.of_list(fields, &["buses"]);
    if let Some((at, map)) = fields.object(sections.routing) {
        let routing = Fields::new(map, at, fields.findings);
        let own = map.contains_key("buses").then(|| entries.of_list(&routing, &["buses"]));
        let sources = entries.of_list(&routing, &["sources"]);
        scene.routing = Routing::read(&entries, &own.unwrap_or(top), &sources);
        routing.known(&["schemaVersion", "bands"]);
        routing.finish();
    } else {
        scene.routing = Routing::read(&entries, &top, &[]);
    }
    fields.known(STORED);
    fields.warn_unknown();
    scene.broken = entries.silences();
    scene
}

/// The ids in `sources`.
fn ids(fields: &Fields<'_>) -> Vec<String> {
    let Some(found) = fields.pick(&["sources"]) else { return Vec::new() };
    let Value::Array(items) = found.value else {
        fields.warn(found.key, format!("expected a list, got {}; ignored", shown(found.value)));
        return Vec::new();
    };
    let id = |item: &Value| item.get("id").and_then(Value::as_str).map(|id| id.trim().to_owned());
    items.iter().filter_map(id).filter(|id| !id.is_empty()).collect()
}
