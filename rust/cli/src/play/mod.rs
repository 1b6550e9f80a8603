//! `play`: plays tracks in turn, controlled with keys. Without a terminal it plays to the end.

mod devices;
mod keys;
mod options;
mod screen;
mod session;
mod sleep;
mod tracks;

use std::path::PathBuf;
use std::sync::Arc;

use realtime_backend_core::error::Problem;
use realtime_backend_player::device::Backend;
use realtime_backend_player::device::null::Null;
use realtime_backend_player::device::system::System;
use realtime_backend_player::{Error, Playlist, State};

pub(crate) use devices::devices;
use keys::{Key, Keys};
use options::player_options;
use screen::Screen;
use session::Session;

use crate::args::Play;
use crate::config::{self, Config};
use crate::console::note;
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::source;
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
    let files = match tracks::files(args) {
        Ok(files) => files,
        Err(error) => return report("play", &error),
    };
    let whole = |part: crate::args::Part| part.1.is_infinite();
    if files.len() > 1 && !args.looped.is_none_or(whole) {
        note("error: --loop: a part can be looped of one track only");
        return USAGE;
    }
    let name = source::name(&files[0]);
    let backend: Arc<dyn Backend> = if args.null { Arc::new(Null::default()) } else { Arc::new(System) };
    let options = player_options(args, settings);
    let interrupt = options.interrupt.clone();
    let (count, turns, load) =
        (files.len(), tracks::turns(args, files.len()), tracks::loader(files.clone(), args, settings));
    let list = match watched(&name, args.quiet, &interrupt, || Playlist::new(count, load, turns, options, backend)) {
        Ok(list) => list,
        Err(Error::Engine(error)) => return report(&name, &error),
        Err(Error::Device(error)) => {
            note(format_args!("{name}: error: {error}"));
            return FAILED;
        }
    };
    watch(Session::begin(list, args), &files, args.quiet)
}

/// Play until the last track ends or the listener quits. Returns the exit code.
fn watch(mut session: Session, files: &[PathBuf], quiet: bool) -> u8 {
    let mut findings = Findings { files, ..Findings::default() };
    for line in findings.fresh(&session.list) {
        note(line);
    }
    let keys = Keys::new();
    let screen = Screen::new(quiet, keys.can_be_read());
    loop {
        for line in findings.fresh(&session.list) {
            screen.tell(&line);
        }
        if interrupted() {
            session.player().stop();
            return interrupt::exit_code();
        }
        match session.player().state() {
            State::Finished => {
                screen.show(&session.list, files);
                session.player().stop();
                return DONE;
            }
            State::Failed => {
                screen::failed(session.player());
                return FAILED;
            }
            _ => screen.show(&session.list, files),
        }
        match keys.next() {
            Some(Key::Quit) => {
                session.player().stop();
                return DONE;
            }
            Some(Key::Interrupt) => {
                session.player().stop();
                return interrupt::exit_code();
            }
            Some(key) => session.act(key),
            None => {}
        }
    }
}

/// Warnings about the tracks, each told once.
#[derive(Default)]
struct Findings<'a> {
    files: &'a [PathBuf],
    /// The track whose warnings were told last, and how many.
    told: Option<(usize, usize)>,
    left_out: usize,
}

impl Findings<'_> {
    /// Lines about what was found since the last call.
    fn fresh(&mut self, list: &Playlist) -> Vec<String> {
        let name = |index: usize| self.files.get(index).map_or_else(String::new, |file| source::name(file));
        let current = list.current();
        let warnings: Vec<Problem> = list.player().warnings();
        let told = self.told.filter(|(index, _)| *index == current).map_or(0, |(_, told)| told);
        let warned = warnings.iter().skip(told).map(|warning| source::finding(&name(current), "warning", warning));
        let left_out = list.left_out();
        let skipped = left_out.iter().skip(self.left_out);
        let lines =
            warned.chain(skipped.map(|(index, reason)| format!("{}: warning: left out: {reason}", name(*index))));
        let lines = lines.collect();
        (self.told, self.left_out) = (Some((current, warnings.len())), left_out.len());
        lines
    }
}
