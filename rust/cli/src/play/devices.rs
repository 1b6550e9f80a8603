//! `devices`: lists the output devices.

use realtime_backend_core::printable::printable;
use realtime_backend_player::device::{Listed, system};

use crate::args::Devices;
use crate::console::{note, say, say_json};
use crate::{DONE, FAILED, report};

/// List output devices.
pub(crate) fn devices(args: &Devices) -> u8 {
    let found = match system::list() {
        Ok(found) => found,
        Err(error) => {
            note(format_args!("error: {error}"));
            return FAILED;
        }
    };
    let row = |d: &Listed| serde_json::json!({"host": d.host, "name": d.name, "default": d.is_default});
    let line = |d: &Listed| {
        format!("{}{}: {}", if d.is_default { "* " } else { "  " }, printable(&d.host), printable(&d.name))
    };
    let said = if args.json {
        say_json(found.iter().map(row).collect::<serde_json::Value>())
    } else if found.is_empty() {
        note("no output device was found");
        Ok(())
    } else {
        say(found.iter().map(line).collect::<Vec<_>>().join("\n"))
    };
    said.map_or_else(|error| report("devices", &error), |()| DONE)
}
