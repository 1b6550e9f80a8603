//! The routing of a scene: sources and buses with their gains, mute and solo (spec spatial-workbench 4).

use std::collections::{HashMap, HashSet};

use super::entries::{Entries, Item};
use crate::json::fields::Fields;

/// The bus of sources that name none.
const MASTER: &str = "master";
/// Largest magnitude of a gain in dB.
const LOUDEST: f64 = 240.0;

/// A source or a bus.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Strip {
    decibels: f64,
    muted: bool,
    soloed: bool,
}

impl Strip {
    fn read(fields: &Fields<'_>) -> Self {
        fields.known(&["name", "notes", "bands", "kind", "colour", "color"]);
        Self {
            decibels: fields.number(&["gainDb"], -LOUDEST, LOUDEST).unwrap_or(0.0),
            muted: fields.flag(&["muted"]).unwrap_or(false),
            soloed: fields.flag(&["soloed"]).unwrap_or(false),
        }
    }

    /// Whether it silences those that are not soloed.
    fn plays_solo(&self) -> bool {
        self.soloed && !self.muted
    }
}

/// Which source goes to which bus.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Routing {
    buses: HashMap<String, Strip>,
    /// Id, bus and settings of each source.
    sources: Vec<(String, String, Strip)>,
}

impl Routing {
    /// Read the buses and the sources; unusable ones are reported and left out.
    pub(super) fn read(entries: &Entries<'_>, buses: &[Item<'_>], sources: &[Item<'_>]) -> Self {
        let bus = |item| entries.read(item, |fields| (fields.text(&["id"]), Strip::read(fields)));
        let source = |item| {
            entries.read(item, |fields| {
                let id = fields.text(&["sourceId"]).unwrap_or_default();
                (id, fields.text(&["busId"]).unwrap_or_else(|| MASTER.to_owned()), Strip::read(fields))
            })
        };
        let named = |(id, strip): (Option<String>, Strip)| (id.unwrap_or_else(|| MASTER.to_owned()), strip);
        Self {
            buses: buses.iter().filter_map(bus).map(named).collect(),
            sources: sources.iter().filter_map(source).collect(),
        }
    }

    /// The factor for the voice of this id, and whether it has an entry; without one, it is that of an entry without
    /// settings.
    pub(super) fn of(&self, id: &str) -> (f64, bool) {
        let entry = self.sources.iter().find(|(source, _, _)| source == id);
        let (bus, own) = entry.map_or((MASTER, Strip::default()), |(_, bus, own)| (bus.as_str(), *own));
        let group = self.buses.get(bus).copied().unwrap_or_default();
        let solos: HashSet<&str> =
            self.sources.iter().filter(|(_, _, strip)| strip.plays_solo()).map(|(id, _, _)| id.as_str()).collect();
        let solo_buses: HashSet<&str> =
            self.buses.iter().filter(|(_, strip)| strip.plays_solo()).map(|(id, _)| id.as_str()).collect();
        let beside = |solos: &HashSet<&str>, id: &str| !solos.is_empty() && !solos.contains(id);
        let silent = own.muted || group.muted || beside(&solos, id) || beside(&solo_buses, bus);
        let factor = if silent { 0.0 } else { 10.0_f64.powf((own.decibels + group.decibels) / 20.0) };
        (factor, entry.is_some())
    }
}
