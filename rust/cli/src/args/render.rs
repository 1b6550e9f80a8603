//! Arguments of `render`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use realtime_backend_core::render::TargetLevel;

use super::Sound;
use super::file::{FileOptions, output_help};
use super::times::{fade, time};
use super::values::{decibels, loudness, sample_rate, target_level, threads};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Render {
    /// Tracks or sessions, folders of them, or patterns such as 'set/*.json'; - is the standard input
    #[arg(required_unless_present = "manifest", value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    #[arg(short, long, value_name = "FILE", help = output_help())]
    pub(crate) output: Option<PathBuf>,
    /// Render each track with each combination of values: NAME@PATH=4,6,8 or PATH=180:260:20, where PATH is that of a
    /// value in the track, such as progression[*].voices[0].params.beatFreq
    #[arg(long, value_name = "VARIABLE=VALUES", num_args = 1..)]
    pub(crate) matrix: Vec<String>,
    /// Table (CSV) of the files: gets a row for each, and a file whose row says that it is finished is not rendered again.
    /// Without a TRACK, its rows are what is rendered
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Position at which to start: 90 (seconds), 45m, 1:30 or 1:30:00, as all times; default: 0
    #[arg(long, value_name = "TIME", default_value = "0", hide_default_value = true, value_parser = time)]
    pub(crate) start: f64,
    /// Length of the part to render; default: to the end
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) duration: Option<f64>,
    #[command(flatten)]
    pub(crate) file: FileOptions,
    /// Sample format of wav and flac; default: pcm16
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    pub(crate) subtype: Option<Subtype>,
    /// Add triangular dither before rounding to integers: the default, except under legacy rules
    #[arg(long, overrides_with = "no_dither")]
    pub(crate) dither: bool,
    /// Round to integers without dither
    #[arg(long, overrides_with = "dither")]
    pub(crate) no_dither: bool,
    /// Peak of the file, 0 to 1 of full scale; none: the level of the mix; auto (the default): 0.25, or the level of the
    /// mix for a track with the normalization "none"
    #[arg(long, visible_alias = "level", value_name = "LEVEL", value_parser = target_level,
        conflicts_with_all = ["peak", "loudness"])]
    pub(crate) target_level: Option<TargetLevel>,
    /// Peak of the file in dBFS, -100 to 0
    #[arg(long, value_name = "DB", value_parser = decibels, conflicts_with = "loudness")]
    pub(crate) peak: Option<f64>,
    /// Integrated loudness of the file in LUFS (EBU R 128), -70 to 0
    #[arg(long, value_name = "LUFS", value_parser = loudness)]
    pub(crate) loudness: Option<f64>,
    /// Highest true peak of the file in dBTP, -100 to 0: the level is lowered as far as this takes. Without another
    /// target, the file is brought to this true peak
    #[arg(long, value_name = "DB", value_parser = decibels)]
    pub(crate) true_peak: Option<f64>,
    /// Frames per second; default: the rate of the track
    #[arg(long, value_name = "HZ", value_parser = sample_rate)]
    pub(crate) sample_rate: Option<u32>,
    /// Table of events to write as well (BIDS events.tsv): onsets of steps, crossfades and pulses
    #[arg(long, value_name = "FILE")]
    pub(crate) markers: Option<PathBuf>,
    /// List every Nth pulse of a voice only; default: 1
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) marker_every: u64,
    /// Add a third channel to a WAV file, with a pulse at each of these events
    #[arg(long)]
    pub(crate) trigger_channel: bool,
    /// Width of these pulses in milliseconds (up to 1000), or `sample` for one frame, which is the default
    #[arg(long, alias = "trigger-width", value_name = "WIDTH", default_value = "sample", hide_default_value = true,
        value_parser = trigger_width)]
    pub(crate) trigger_width_ms: TriggerWidth,
    /// Fade in over this time, as a raised cosine from the first frame that is rendered
    #[arg(long, value_name = "TIME", default_value = "0", hide_default_value = true, value_parser = fade)]
    pub(crate) fade_in: f64,
    /// Fade out over this time, to the last frame that is rendered
    #[arg(long, value_name = "TIME", default_value = "0", hide_default_value = true, value_parser = fade)]
    pub(crate) fade_out: f64,
    /// Let the end of the file run into its beginning, so that it can be repeated: frequencies become whole numbers of
    /// cycles in the file, other sounds are crossfaded. The rendered part is inside of one step
    #[arg(long, conflicts_with_all = ["fade_in", "fade_out", "markers", "trigger_channel"])]
    pub(crate) seamless: bool,
    /// Channels of the file; default: stereo. In mono, beats between the ears become beats of the level
    #[arg(long, value_name = "CHANNELS")]
    pub(crate) channels: Option<Channels>,
    /// Also write parts of the mix, as NAME.STEM.EXT beside it. Their sum is the mix
    #[arg(long, value_name = "PARTS")]
    pub(crate) stems: Option<Stems>,
    #[command(flatten)]
    pub(crate) sound: Sound,
    /// Leave out voices that cannot be rendered, with a warning, instead of refusing the track
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Let a graphics processor compute the tones; samples differ by at most 1e-6 of full scale
    #[arg(long)]
    pub(crate) gpu: bool,
    /// Number of tracks to render at the same time; 0 (the default): one per core, at most 4
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = threads)]
    pub(crate) jobs: usize,
    /// Number of threads for each track; 0 (the default): one per core
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = threads)]
    pub(crate) threads: usize,
    /// Show no progress bars and no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Width of the pulses in a trigger channel.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum TriggerWidth {
    /// One frame.
    #[default]
    Sample,
    /// Milliseconds.
    Milliseconds(f64),
}

impl TriggerWidth {
    /// Frames at `rate` frames per second, at least one.
    pub(crate) fn frames(self, rate: u32) -> u64 {
        match self {
            Self::Sample => 1,
            Self::Milliseconds(ms) => ((ms / 1000.0 * f64::from(rate)).round() as u64).max(1),
        }
    }
}

fn trigger_width(text: &str) -> Result<TriggerWidth, String> {
    let tidy = text.trim().to_lowercase();
    if matches!(tidy.as_str(), "sample" | "1sample" | "1-sample" | "1 sample") {
        return Ok(TriggerWidth::Sample);
    }
    let number = tidy.strip_suffix("ms").unwrap_or(&tidy).trim();
    match number.parse::<f64>() {
        Ok(ms) if ms > 0.0 && ms <= 1000.0 => Ok(TriggerWidth::Milliseconds(ms)),
        _ => Err("expected \"sample\", or milliseconds above 0 and up to 1000".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Channels {
    /// Half the sum of left and right
    Mono,
    /// Left and right
    Stereo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stems {
    /// One per voice id, or position in the step; the background layer; the clips
    Voices,
    /// One per bus (binaural, noise); the background layer; the clips
    Buses,
    /// The voices; the background layer; the clips
    Layers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subtype {
    /// 16-bit integers
    #[value(aliases = ["pcm_16", "int16", "16"])]
    Pcm16,
    /// 24-bit integers
    #[value(aliases = ["pcm_24", "int24", "24"])]
    Pcm24,
    /// 32-bit floats (wav only)
    #[value(aliases = ["float32", "f32", "32"])]
    Float,
}
