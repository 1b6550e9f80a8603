//! The transition between two voices of one family: their parameters at one moment each become its start and end values
//! (spec assembly 5.6).

use serde_json::{Map, Value};

use super::family::Family;
use super::param::{Fallback, Kind, Moves, Param, TIMING};
use super::params::Params;
use crate::compat::Compat;
use crate::error::Result;

/// A voice at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment<'a> {
    /// Its parameters.
    pub(crate) params: &'a Map<String, Value>,
    /// Whether it is the transition voice.
    pub(crate) transition: bool,
    /// The progress of its transition.
    pub(crate) alpha: f64,
}

/// The parameters of the transitions from one voice to another.
#[derive(Debug, PartialEq)]
pub(crate) struct Between {
    /// One, or two with different fixed parameters, those of the first and those of the second voice.
    pub(crate) params: Vec<Map<String, Value>>,
    /// Whether all parameters that move are equal at both ends.
    pub(crate) still: bool,
}

/// The transition of `family` from one moment to another. `None` if a parameter of one voice has no counterpart in the
/// transition voice.
pub(crate) fn between(family: &Family, from: Moment<'_>, to: Moment<'_>, compat: Compat) -> Result<Option<Between>> {
    let mut rest = [from.params.clone(), to.params.clone()];
    let mut moving = Map::new();
    let mut still = true;
    for row in TIMING {
        remove(&mut rest, row);
    }
    for row in family.params.iter().copied().flatten().filter(|row| matches!(row.kind, Kind::Number | Kind::Integer)) {
        let given = [from, to].map(|moment| is_given(&moment, row));
        match row.moves {
            Moves::TransitionOnly => remove(&mut rest, row),
            Moves::StaticOnly | Moves::Fixed if is_place(row) => remove(&mut rest, row),
            Moves::StaticOnly if given.contains(&true) => return Ok(None),
            Moves::Fixed | Moves::StaticOnly => {}
            // which other parameter takes its place is known to the family alone
            _ if row.default == Fallback::None && given[0] != given[1] => return Ok(None),
            Moves::Pair | Moves::Named { .. } if given == [false; 2] => {}
            _ if row.default == Fallback::None && given == [false; 2] => {}
            _ => {
                let start = value(family, &from, row, compat)?;
                let end = if is_place(row) { start } else { value(family, &to, row, compat)? };
                remove(&mut rest, row);
                let names = row.spellings(true);
                if let [first, second, ..] = names.as_slice() {
                    moving.insert(first.clone(), start.into());
                    moving.insert(second.clone(), end.into());
                }
                still &= start == end;
            }
        }
    }
    let [first, second] = rest;
    let with = |mut fixed: Map<String, Value>| {
        fixed.extend(moving.iter().map(|(name, value)| (name.clone(), value.clone())));
        // bursts are events of the transition voice
        fixed.retain(|name, _| !name.to_lowercase().contains("glitch"));
        fixed
    };
    let params = if first == second { vec![with(first)] } else { vec![with(first), with(second)] };
    Ok(Some(Between { params, still }))
}

/// Whether the row says where an oscillator or a recording begins, which the state that is carried on replaces.
fn is_place(row: &Param) -> bool {
    row.name == "position"
        || matches!(row.unit, "rad" | "cycles") && row.name.contains("hase") && !row.name.contains("Range")
}

fn remove(rest: &mut [Map<String, Value>; 2], row: &Param) {
    for map in rest {
        for name in row.spellings(true).into_iter().chain([row.name.to_owned()]) {
            map.shift_remove(&name);
        }
    }
}

fn is_given(moment: &Moment<'_>, row: &Param) -> bool {
    let filled = |name: &String| moment.params.get(name).is_some_and(|value| !value.is_null());
    row.spellings(moment.transition).iter().any(filled)
}

fn value(family: &Family, moment: &Moment<'_>, row: &'static Param, compat: Compat) -> Result<f64> {
    let reader = Params::new(moment.params, family.params, moment.transition, compat);
    Ok(reader.ramp(row)?.at(moment.alpha))
}
