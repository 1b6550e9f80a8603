//! Arguments of the commands that print or write reference material: `voices`, `generate-config`, `completions`,
//! `man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Voices {
    /// Voices to describe with all parameters; default: list all voices
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Print a JSON list with all parameters
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateConfig {
    /// File to write; - is the standard output
    #[arg(long, value_name = "FILE", default_value = "realtime_backend.toml")]
    pub(crate) out: PathBuf,
    /// Replace a file that exists
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell to generate the script for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Command to describe; default: the whole program
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) out: Option<PathBuf>,
}
