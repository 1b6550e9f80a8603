//! `play`: plays a track, controlled with keys. Without a terminal it plays to the end of the track.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal;
use realtime_backend_core::printable::printable;
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::device::Backend;
use realtime_backend_player::device::null::Null;
use realtime_backend_player::device::system::{self, System};
use realtime_backend_player::{Error, Latency, Player, PlayerOptions, State};

use crate::args::{Devices, Play};
use crate::config::{self, Config};
use crate::console::{clock, draw, note, say, say_json};
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::source;
use crate::{DONE, FAILED, report};

/// Longest time to wait for a key before the position is updated.
const TICK: Duration = Duration::from_millis(50);
/// Seconds that an arrow key skips, alone and with Shift.
const SKIP: (f64, f64) = (5.0, 30.0);
/// Change of the linear volume per key press.
const VOLUME_STEP: f32 = 0.05;

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
    let screen = Screen::new(args.quiet);
    let code = watch(player, &screen);
    drop(screen);
    code
}

fn player_options(args: &Play, settings: &Config) -> PlayerOptions {
    let defaults = PlayerOptions::default();
    let latency = args.latency.or(settings.latency);
    PlayerOptions {
        device: args.device.clone().or_else(|| settings.device.clone()),
        sample_rate: args.sample_rate,
        latency: latency.map_or(defaults.latency, |ms| Latency::Seconds(ms / 1000.0)),
        start: args.start,
        volume: args.volume.or(settings.volume).map_or(defaults.volume, |volume| volume as f32),
        startup_fade: args.startup_fade.or(settings.startup_fade).unwrap_or(defaults.startup_fade),
        compat: args.sound.compat.or(settings.compat),
        seed: args.sound.seed,
        gains: settings.gains,
        target_level: config::target_level(args.target_level),
        interrupt: interrupt::token(),
        ..defaults
    }
}

fn watch(player: Player, screen: &Screen) -> u8 {
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
                let reason = player.last_error().unwrap_or_else(|| "the audio device failed".to_owned());
                draw(format_args!("\r\nerror: {}\r\n", printable(&reason)));
                return FAILED;
            }
            _ => screen.show(&player),
        }
        match screen.key() {
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

enum Key {
    Quit,
    Interrupt,
    Toggle,
    Skip(f64),
    Volume(f32),
}

/// The terminal, in raw mode until this is dropped. Without a terminal, does nothing.
struct Screen {
    /// Whether keys can be read.
    keys: bool,
    /// Whether the position line is shown.
    line: bool,
}

impl Screen {
    fn new(quiet: bool) -> Self {
        let keys = std::io::stdin().is_terminal() && terminal::enable_raw_mode().is_ok();
        let line = !quiet && std::io::stderr().is_terminal();
        if keys && line {
            draw("p pause   left/right seek   +/- volume   q quit\r\n");
        }
        Self { keys, line }
    }

    /// Wait for a key for at most [`TICK`].
    fn key(&self) -> Option<Key> {
        if !self.keys {
            std::thread::sleep(TICK);
            return None;
        }
        match event::poll(TICK) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) => {
                // the terminal is gone, so there are no keys
                std::thread::sleep(TICK);
                return None;
            }
        }
        let Ok(Event::Key(key)) = event::read() else { return None };
        if key.kind == KeyEventKind::Release {
            return None;
        }
        let far = if key.modifiers.contains(KeyModifiers::SHIFT) { SKIP.1 } else { SKIP.0 };
        match key.code {
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Interrupt),
            KeyCode::Char('q') | KeyCode::Esc => Some(Key::Quit),
            KeyCode::Char('p' | ' ') => Some(Key::Toggle),
            KeyCode::Left => Some(Key::Skip(-far)),
            KeyCode::Right => Some(Key::Skip(far)),
            KeyCode::Char('+' | '=') => Some(Key::Volume(VOLUME_STEP)),
            KeyCode::Char('-') => Some(Key::Volume(-VOLUME_STEP)),
            _ => None,
        }
    }

    fn show(&self, player: &Player) {
        if !self.line {
            return;
        }
        let steps = player.step_times().len();
        let step = player.step().map_or_else(String::new, |step| format!("   step {}/{steps}", step + 1));
        let underruns = match player.stats().underrun_events {
            0 => String::new(),
            count => format!("   {count} underruns"),
        };
        draw(format_args!(
            "\r\x1b[K{:>8} / {}{step}   volume {:3.0} %   {}{underruns}",
            clock(player.position()),
            clock(player.duration()),
            player.volume() * 100.0,
            player.state().name(),
        ));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.keys {
            let _ = terminal::disable_raw_mode();
        }
        if self.line {
            draw("\n");
        }
    }
}

/// List output devices.
pub(crate) fn devices(args: &Devices) -> u8 {
    let found = match system::list() {
        Ok(found) => found,
        Err(error) => {
            note(format_args!("error: {error}"));
            return FAILED;
        }
    };
    let row = |d: &system::Listed| serde_json::json!({"host": d.host, "name": d.name, "default": d.is_default});
    let line = |d: &system::Listed| {
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

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use realtime_backend_core::compat::Compat;
    use realtime_backend_core::plan::LayerGains;

    use super::*;
    use crate::args::{Cli, Command};

    fn options(args: &[&str], settings: &Config) -> PlayerOptions {
        let Command::Play(args) = Cli::parse_from([&["realtime_backend", "play", "a.json"], args].concat()).command
        else {
            panic!("not play")
        };
        player_options(&args, settings)
    }

    fn settings() -> Config {
        Config {
            gains: LayerGains { voices: 0.5, noise: 2.0, clips: 0.0 },
            compat: Some(Compat::LEGACY),
            device: Some("headphones".into()),
            latency: Some(400.0),
            startup_fade: Some(1.5),
            volume: Some(0.25),
            ..Config::default()
        }
    }

    #[test]
    fn settings_are_passed_to_the_player() {
        let found = options(&[], &settings());
        assert_eq!(found.gains, settings().gains);
        assert_eq!(found.compat, Some(Compat::LEGACY));
        assert_eq!(found.device.as_deref(), Some("headphones"));
        assert_eq!((found.latency, found.startup_fade, found.volume), (Latency::Seconds(0.4), 1.5, 0.25));
    }

    #[test]
    fn options_override_settings() {
        let args =
            ["--device", "hall", "--latency", "60", "--startup-fade", "0", "--volume", "1", "--compat", "default"];
        let found = options(&args, &settings());
        assert_eq!(found.device.as_deref(), Some("hall"));
        assert_eq!(found.compat, Some(Compat::DEFAULT));
        assert_eq!((found.latency, found.startup_fade, found.volume), (Latency::Seconds(0.06), 0.0, 1.0));
        let defaults = PlayerOptions::default();
        let found = options(&["--start", "7.5"], &Config::default());
        assert_eq!((found.start, found.latency, found.volume), (7.5, defaults.latency, defaults.volume));
        assert_eq!(found.gains, LayerGains::default());
    }
}
