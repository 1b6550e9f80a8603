//! What `play` plays in turn.

use std::path::PathBuf;
use std::time::SystemTime;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::track::{LoadOptions, open_text};
use realtime_backend_player::{Load, PlaylistOptions, Shuffle};

use super::given::{self, Given};
use crate::args::Play;
use crate::config::Config;
use crate::{source, tracks};

/// The tracks of a command line.
pub(super) enum Chosen {
    Files(Vec<PathBuf>),
    Given(Given),
}

impl Chosen {
    /// The tracks of `args`: files, or what stands there itself.
    pub(super) fn of(args: &Play) -> Result<Self> {
        if !args.voice.is_empty() {
            return given::voices(&args.voice, args.length).map(Self::Given);
        }
        match given::tones(&args.tracks, args.length)? {
            Some(tones) => Ok(Self::Given(tones)),
            None => tracks::files(&args.tracks).map(Self::Files),
        }
    }

    /// What the tracks are called in messages.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Files(files) => files.iter().map(|file| source::name(file)).collect(),
            Self::Given(given) => vec![given.title.clone()],
        }
    }

    /// A function that loads each track when it is its turn.
    pub(super) fn loader(self, args: &Play, settings: &Config) -> Load {
        let compat = args.sound.compat.or(settings.compat);
        Box::new(move |index, interrupt| {
            let options = LoadOptions { compat, interrupt: interrupt.clone(), ..LoadOptions::to_play() };
            match &self {
                Self::Files(files) => {
                    let file = files.get(index).ok_or_else(|| Error::invalid("", "expected a track"))?;
                    source::load(file, &options)
                }
                Self::Given(given) => {
                    let options = LoadOptions { hold: Some(given.length), ..options };
                    let (mut track, problems) = open_text(&given.text, &options, &[])?;
                    track.title = Some(given.title.clone());
                    Ok((track, problems))
                }
            }
        })
    }
}

/// In which order, how often and with which crossfade the tracks play.
pub(super) fn turns(args: &Play, count: usize) -> PlaylistOptions {
    let chance = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_nanos() as u64);
    let defaults = PlaylistOptions::default();
    PlaylistOptions {
        shuffle: args.shuffle.then(|| Shuffle { seed: args.sound.seed.unwrap_or_else(chance) }),
        repeat: args.looped.is_some() && count > 1,
        crossfade: args.crossfade.unwrap_or(defaults.crossfade),
        ..defaults
    }
}
