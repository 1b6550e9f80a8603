//! `play`: plays tracks in turn, controlled with keys. Without a terminal it plays to the end.

mod devices;
mod findings;
mod given;
mod keys;
#[cfg_attr(not(all(feature = "mpris", unix, not(target_os = "macos"))), path = "mpris/absent.rs")]
mod mpris;
mod options;
mod screen;
mod session;
mod sleep;
mod tracks;

use std::sync::Arc;

use realtime_backend_player::device::Backend;
use realtime_backend_player::device::null::Null;
use realtime_backend_player::device::system::System;
use realtime_backend_player::{Error, Playlist, State};

pub(crate) use devices::devices;
use findings::Findings;
use keys::{Key, Keys};
use mpris::Mpris;
use options::player_options;
use screen::{Now, Screen, Wish};
use session::Session;
use tracks::Chosen;

use crate::args::Play;
use crate::config::{self, Config};
use crate::console::note;
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::render::behind_end;
use crate::{DONE, FAILED, USAGE, report};

/// Play the tracks of `args`.
pub(crate) fn run(args: &Play) -> u8 {
    match config::load_or_report(args.sound.config.as_deref()) {
        Ok(settings) => run_with(args, &settings),
        Err(code) => code,
    }
}

/// Play the tracks of `args` with settings that are already loaded.
pub(crate) fn run_with(args: &Play, settings: &Config) -> u8 {
    let chosen = match Chosen::of(args) {
        Ok(chosen) => chosen,
        Err(error) => return report("play", &error),
    };
    let names = chosen.names();
    let whole = |part: crate::args::Part| part.1.is_infinite();
    if names.len() > 1 && !args.looped.is_none_or(whole) {
        note("error: --loop: a part can be looped of one track only");
        return USAGE;
    }
    let name = names.first().map_or("play", String::as_str);
    let backend: Arc<dyn Backend> = if args.null { Arc::new(Null::default()) } else { Arc::new(System) };
    let options = player_options(args, settings);
    let interrupt = options.interrupt.clone();
    let (count, turns, load) = (names.len(), tracks::turns(args, names.len()), chosen.loader(args, settings));
    let list = match watched(name, args.quiet, &interrupt, || Playlist::new(count, load, turns, options, backend)) {
        Ok(list) => list,
        Err(Error::Engine(error)) => return report(name, &error),
        Err(Error::Device(error)) => {
            note(format_args!("{name}: error: {error}"));
            return FAILED;
        }
    };
    let length = list.player().duration();
    if args.start > 0.0 && args.start >= length {
        return report(name, &behind_end(args.start, length));
    }
    watch(Session::begin(list, args), &names, wish(args))
}

/// How much is to be shown.
const fn wish(args: &Play) -> Wish {
    match (args.quiet, args.plain) {
        (true, _) => Wish::Nothing,
        (false, true) => Wish::Line,
        (false, false) => Wish::All,
    }
}

/// Play until the last track ends or the listener quits. Returns the exit code.
fn watch(mut session: Session, names: &[String], wish: Wish) -> u8 {
    let mut findings = Findings::new(names);
    findings.take(&session.list).iter().for_each(note);
    let keys = Keys::new();
    let mut screen = Screen::new(wish, keys.can_be_read(), now(&session, names));
    let mut mpris = Mpris::begin(now(&session, names));
    let code = loop {
        mpris.show(now(&session, names));
        findings.take(&session.list).into_iter().for_each(|finding| screen.tell(finding));
        if interrupted() {
            break interrupt::exit_code();
        }
        match session.player().state() {
            State::Finished => break DONE,
            State::Failed => break FAILED,
            _ => screen.show(now(&session, names)),
        }
        // a key is obeyed at once, not after the next drawing
        match keys.next(screen.wait()).or_else(|| mpris.next(session.player())) {
            Some(Key::Help) => screen.toggle_help(),
            Some(Key::Back) if screen.close_help() => {}
            Some(Key::Quit | Key::Back) => break DONE,
            Some(Key::Interrupt) => break interrupt::exit_code(),
            Some(key) => session.act(key),
            None => {}
        }
    };
    let state = session.player().state();
    if state != State::Failed {
        session.player().stop();
    }
    drop(keys);
    screen.close(now(&session, names), state);
    if code == FAILED {
        let reason = session.player().last_error().unwrap_or_else(|| "the audio device failed".to_owned());
        note(format_args!("error: {reason}"));
    }
    code
}

/// What is heard now.
fn now<'a>(session: &'a Session, names: &'a [String]) -> Now<'a> {
    let current = session.list.current();
    let name = names.get(current).map_or("", String::as_str);
    Now { player: session.player(), name, place: (current + 1, session.list.count()) }
}
