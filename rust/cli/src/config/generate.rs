//! `generate-config`: writes a settings file to edit.

use std::fmt::Write as _;

use realtime_backend_core::files::atomic;

use super::find::{FILE, VARIABLE};
use super::keys::KEYS;
use crate::args::GenerateConfig;
use crate::console::{note, say, write};
use crate::source::is_stream;
use crate::{DONE, FAILED, report};

/// Columns of a comment.
const WIDTH: usize = 80;

/// Text of a settings file that has every key as a comment. It changes nothing until it is edited.
fn template() -> String {
    let comment =
        |text: &str| textwrap::fill(text, textwrap::Options::new(WIDTH).initial_indent("# ").subsequent_indent("# "));
    let head = format!(
        "Settings of realtime_backend. Read from --config FILE, else the file that {VARIABLE} names, else {FILE} in the \
         working directory, else realtime_backend/config.toml in the user's configuration folder. Options on the command \
         line win over what stands here. Remove the \"# \" before a key to set it."
    );
    let mut text = comment(&head) + "\n";
    for key in KEYS {
        let _ = write!(text, "\n{}\n# {} = {}\n", comment(key.about), key.name, key.value);
    }
    text
}

pub(crate) fn generate(args: &GenerateConfig) -> u8 {
    let text = template();
    let name = args.out.display().to_string();
    if is_stream(&args.out) {
        return write(text.as_bytes()).map_or_else(|error| report("error", &error), |()| DONE);
    }
    if args.out.exists() && !args.force {
        note(format_args!("{name}: error: exists; --force replaces it"));
        return FAILED;
    }
    match atomic::write(&args.out, text.as_bytes()).and_then(|()| say(format_args!("{name}: written"))) {
        Ok(()) => DONE,
        Err(error) => report(&name, &error),
    }
}

#[cfg(test)]
mod tests {
    use realtime_backend_core::compat::Compat;
    use realtime_backend_core::render::TargetLevel;
    use realtime_backend_player::Latency;

    use super::super::Config;
    use super::super::read::parse;
    use super::*;

    #[test]
    fn the_generated_file_changes_nothing() {
        assert_eq!(parse(&template()).unwrap(), Config::default());
    }

    #[test]
    fn every_key_of_the_generated_file_is_valid_when_uncommented() {
        let set = |line: &str| {
            let line = line.strip_prefix("# ").unwrap_or(line);
            KEYS.iter().any(|key| line.starts_with(&format!("{} = ", key.name))).then(|| line.to_owned())
        };
        let all: Vec<String> = template().lines().filter_map(set).collect();
        assert_eq!(all.len(), KEYS.len());
        let config = parse(&all.join("\n")).unwrap();
        assert_eq!((config.latency, config.target_level), (Some(Latency::Seconds(0.12)), Some(TargetLevel::Track)));
        assert_eq!((config.compat, config.device), (Some(Compat::DEFAULT), None));
    }
}
