//! `play`: plays a track, controlled with keys. Without a terminal it plays to the end of the track.

mod devices;
mod keys;
mod options;
mod screen;

use std::sync::Arc;

use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::device::Backend;
use realtime_backend_player::device::null::Null;
use realtime_backend_player::device::system::System;
use realtime_backend_player::{Error, Player, State};

pub(crate) use devices::devices;
use keys::{Key, Keys};
use options::player_options;
use screen::Screen;

use crate::args::Play;
use crate::config::{self, Config};
use crate::console::note;
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::source;
use crate::{DONE, FAILED, report};

/// Play `args.track`.
pub(crate) fn run(args: &Play) -> u8 {
    match config::load_or_report(args.sound.config.as_deref()) {
        Ok(settings) => run_with(args, &settings),
        Err(code) => code,
    }
}

/// Play `args.track` with settings that are already loaded.
pub(crate) fn run_with(args: &Play, settings: &Config) -> u8 {
    let name = source::name(&args.track);
    let compat = args.sound.compat.or(settings.compat);
    let loading = LoadOptions { compat, interrupt: interrupt::token(), ..LoadOptions::to_play() };
    let loaded = watched(&name, args.quiet, &loading.interrupt, || source::load(&args.track, &loading));
    let track = match loaded {
        Ok((track, findings)) => {
            source::warn(&name, &findings);
            track
        }
        Err(error) => return report(&name, &error),
    };
    let backend: Arc<dyn Backend> = if args.null { Arc::new(Null::default()) } else { Arc::new(System) };
    let options = player_options(args, settings);
    let interrupt = options.interrupt.clone();
    let player = match watched(&name, args.quiet, &interrupt, || Player::new(&track, options, backend)) {
        Ok(player) => player,
        Err(Error::Engine(error)) => return report(&name, &error),
        Err(Error::Device(error)) => {
            note(format_args!("{name}: error: {error}"));
            return FAILED;
        }
    };
    source::warn(&name, &player.warnings());
    player.play();
    watch(player, args.quiet)
}

/// Play until the track ends or the listener quits. Returns the exit code.
fn watch(player: Player, quiet: bool) -> u8 {
    let keys = Keys::new();
    let screen = Screen::new(quiet, keys.can_be_read());
    loop {
        if interrupted() {
            player.stop();
            return interrupt::exit_code();
        }
        match player.state() {
            State::Finished => {
                screen.show(&player);
                player.stop();
                return DONE;
            }
            State::Failed => {
                screen::failed(&player);
                return FAILED;
            }
            _ => screen.show(&player),
        }
        match keys.next() {
            Some(Key::Quit) => {
                player.stop();
                return DONE;
            }
            Some(Key::Interrupt) => {
                player.stop();
                return interrupt::exit_code();
            }
            Some(Key::Toggle) if player.state() == State::Paused => player.play(),
            Some(Key::Toggle) => player.pause(),
            Some(Key::Skip(seconds)) => player.seek((player.position() + seconds).max(0.0)),
            Some(Key::Volume(change)) => {
                let _ = player.set_volume((player.volume() + change).clamp(0.0, 1.0));
            }
            None => {}
        }
    }
}
