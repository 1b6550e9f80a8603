//! The options of the player, from the arguments and the settings of `play`.

use realtime_backend_player::PlayerOptions;

use crate::args::Play;
use crate::config::Config;
use crate::interrupt;

/// Default length of the fade-in at the start of the track, in seconds.
const STARTUP_FADE_S: f64 = 3.0;

/// The options of `args`, else of the settings.
pub(super) fn player_options(args: &Play, settings: &Config) -> PlayerOptions {
    let defaults = PlayerOptions::default();
    PlayerOptions {
        device: args.device.clone().or_else(|| settings.device.clone()),
        on_device_loss: args.on_device_loss.unwrap_or_default(),
        sample_rate: args.sample_rate,
        latency: args.latency.or(settings.latency).unwrap_or(defaults.latency),
        start: args.start,
        volume: args.volume.or(settings.volume).map_or(defaults.volume, |volume| volume as f32),
        startup_fade: args.startup_fade.or(settings.startup_fade).unwrap_or(STARTUP_FADE_S),
        compat: args.sound.compat.or(settings.compat),
        seed: args.sound.seed,
        gains: settings.gains,
        target_level: args.target_level.unwrap_or_default(),
        interrupt: interrupt::token(),
        ..defaults
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use realtime_backend_core::compat::Compat;
    use realtime_backend_core::plan::LayerGains;
    use realtime_backend_player::Latency;

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
            latency: Some(Latency::High),
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
        assert_eq!((found.latency, found.startup_fade, found.volume), (Latency::High, 1.5, 0.25));
    }

    #[test]
    fn options_override_settings() {
        let args =
            ["--device", "hall", "--latency", "60ms", "--startup-fade", "0", "--volume", "1", "--compat", "default"];
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
