//! `devices`: lists the output devices.

use std::collections::HashSet;

use realtime_backend_core::printable::printable;
use realtime_backend_player::device::{Listed, system};

use crate::args::Devices;
use crate::console::{note, say, say_json};
use crate::{DONE, FAILED, report};

/// The host that also lists what is not a device.
const ALSA: &str = "ALSA";
/// Parts of the names of its plug-ins: converters, sinks without output, ways to a sound server, which is a host itself.
const PLUGINS: &[&str] = &[
    "plugin",
    "rate converter",
    "discard all samples",
    "sound server",
    "jack audio connection kit",
    "open sound system",
    "default alsa output",
];
/// Names of plug-ins without a description.
const PLAIN: &[&str] = &[
    "null",
    "default",
    "sysdefault",
    "pulse",
    "pipewire",
    "jack",
    "oss",
    "lavrate",
    "samplerate",
    "speexrate",
    "speex",
    "upmix",
    "vdownmix",
    "dmix",
    "dsnoop",
];

/// List output devices.
pub(crate) fn devices(args: &Devices) -> u8 {
    let mut found = match system::list() {
        Ok(found) => found,
        Err(error) => {
            note(format_args!("error: {error}"));
            return FAILED;
        }
    };
    let before = found.len();
    if !args.all {
        let mut seen = HashSet::new();
        found.retain(|d| is_shown(&d.host, &d.name, d.is_default, &mut seen));
    }
    let row = |d: &Listed| serde_json::json!({"host": d.host, "name": d.name, "default": d.is_default});
    let said = if args.json {
        say_json(found.iter().map(row).collect::<serde_json::Value>())
    } else if found.is_empty() {
        note("no output device was found");
        Ok(())
    } else {
        say(table(&found))
    };
    if !args.json && found.len() < before {
        note(format_args!("{} plug-ins of ALSA are left out; --all lists them", before - found.len()));
    }
    said.map_or_else(|error| report("devices", &error), |()| DONE)
}

/// The devices in columns: mark of the default one, host, name.
fn table(found: &[Listed]) -> String {
    let hosts: Vec<_> = found.iter().map(|d| printable(&d.host)).collect();
    let column = hosts.iter().map(|host| host.chars().count()).max().unwrap_or(0);
    let line = |(d, host): (&Listed, &std::borrow::Cow<'_, str>)| {
        let (mark, after) = if d.is_default { ("*", "  (default)") } else { (" ", "") };
        format!("{mark} {host:column$}  {}{after}", printable(&d.name))
    };
    found.iter().zip(&hosts).map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a device is listed without `--all`. ALSA lists the same output several times, by each way to it; the first
/// is opened by its name. `seen`: names that were listed.
fn is_shown(host: &str, name: &str, is_default: bool, seen: &mut HashSet<String>) -> bool {
    if host != ALSA {
        return true;
    }
    let tidy = name.to_lowercase();
    let is_plugin =
        PLUGINS.iter().any(|part| tidy.contains(part)) || PLAIN.contains(&tidy.split(':').next().unwrap_or_default());
    seen.insert(tidy) && (is_default || !is_plugin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_of_alsa_are_hidden_and_sound_cards_are_not() {
        fn shown(rows: &[(&str, &'static str, bool)]) -> Vec<&'static str> {
            let mut seen = HashSet::new();
            let rows = rows.iter().filter(|(host, name, default)| is_shown(host, name, *default, &mut seen));
            rows.map(|(_, name, _)| *name).collect()
        }
        // the first lines of the descriptions that alsa-lib and alsa-plugins give
        let found = shown(&[
            ("ALSA", "Discard all samples (playback) or generate zero samples (capture)", false),
            ("ALSA", "Rate Converter Plugin Using Samplerate Library", false),
            ("ALSA", "Plugin for channel upmix (4,6,8)", false),
            ("ALSA", "PulseAudio Sound Server", false),
            ("ALSA", "HDA Intel PCH, ALC257 Analog", false),
            ("ALSA", "HDA Intel PCH, ALC257 Analog", false),
            ("ALSA", "hw:CARD=DAC,DEV=0", false),
            ("ALSA", "lavrate", false),
            ("PulseAudio", "Null Output", true),
        ]);
        assert_eq!(found, ["HDA Intel PCH, ALC257 Analog", "hw:CARD=DAC,DEV=0", "Null Output"]);
        assert_eq!(
            shown(&[("ALSA", "Default ALSA Output", true), ("ALSA", "default", false)]),
            ["Default ALSA Output"]
        );
    }
}
