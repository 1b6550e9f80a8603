//! The tracks that `play` plays in turn.

use std::path::PathBuf;
use std::time::SystemTime;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::{Load, PlaylistOptions, Shuffle, tracks_in};

use crate::args::Play;
use crate::config::Config;
use crate::source;

/// The files of `args`: each file, and the tracks of each folder.
pub(super) fn files(args: &Play) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in &args.tracks {
        let io = |source| Error::Io { path: path.display().to_string(), source };
        let found = tracks_in(path).map_err(io)?;
        if found.is_empty() {
            let message = "expected a folder with tracks; there are none in it";
            return Err(Error::invalid("", message));
        }
        files.extend(found);
    }
    Ok(files)
}

/// A function that loads each of `files` when it is its turn.
pub(super) fn loader(files: Vec<PathBuf>, args: &Play, settings: &Config) -> Load {
    let compat = args.sound.compat.or(settings.compat);
    Box::new(move |index, interrupt| {
        let options = LoadOptions { compat, interrupt: interrupt.clone(), ..LoadOptions::to_play() };
        let file = files.get(index).ok_or_else(|| Error::invalid("", "expected a track"))?;
        source::load(file, &options)
    })
}

/// In which order, how often and with which crossfade the tracks play.
pub(super) fn turns(args: &Play, count: usize) -> PlaylistOptions {
    let chance = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_nanos() as u64);
    let defaults = PlaylistOptions::default();
    PlaylistOptions {
        shuffle: args.shuffle.then(|| Shuffle { seed: args.sound.seed.unwrap_or_else(chance) }),
        repeat: args.looped.is_some() && count > 1,
        crossfade: args.crossfade.unwrap_or(defaults.crossfade),
    }
}
