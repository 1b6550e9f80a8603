//! Arguments of `convert`.

use std::path::PathBuf;

use clap::Args;

use super::times::time;
use super::values::preset_name;

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Track (JSON) in either dialect, session, session file of another program, or audio file with a track in it; - is
    /// the standard input. For an output .hrir.npz: a set of head-related responses (SOFA)
    #[arg(value_name = "TRACK", default_value = "-")]
    pub(crate) track: PathBuf,
    /// Folder of presets (.voice, .noise, tracks) for a session, in addition to its own folder; may be given several
    /// times
    #[arg(long, value_name = "FOLDER")]
    pub(crate) presets: Vec<PathBuf>,
    /// File to write, a track or by its extension a session file of another program (.sbg, .gnaural) or a set of
    /// responses (.hrir.npz); default: the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(crate) output: PathBuf,
    /// Replace the input file
    #[arg(long, conflicts_with = "output")]
    pub(crate) in_place: bool,
    /// Rules that the track is to name: default, legacy or intended; nothing else of it changes
    #[arg(long, value_name = "PRESET", value_parser = preset_name)]
    pub(crate) compat: Option<&'static str>,
    /// Session files of other programs: refuse what has no counterpart instead of warning about it
    #[arg(long)]
    pub(crate) strict: bool,
    /// Session files of other programs: how long a state without an end is held; default: 10m
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) hold: Option<f64>,
    /// Session files of other programs: print their lanes, break points and what is left out, and write no track
    #[arg(long, conflicts_with_all = ["output", "in_place"])]
    pub(crate) report: bool,
}
