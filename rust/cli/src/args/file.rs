//! Arguments of `render` about the file format, and about what a file says about itself.

use std::path::PathBuf;

use clap::Args;
use realtime_backend_core::render::encode::{Container, FormatInfo, words};
use realtime_backend_core::render::{SheetOptions, TagOptions};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct FileOptions {
    #[arg(long, value_name = "FORMAT", value_parser = Container::named, help = format_help())]
    pub(crate) format: Option<Container>,
    #[arg(long, value_name = "KBPS", value_parser = clap::value_parser!(u32).range(1..=1000), help = quality_help())]
    pub(crate) quality: Option<u32>,
    /// Write a tag, such as title=Evening, artist=NAME or date=2026-01-31; may be given several times
    #[arg(long = "tag", value_name = "NAME=TEXT", value_parser = tag)]
    pub(crate) tag: Vec<(String, String)>,
    /// Write the tags of the track and its steps as chapters: the default in all formats but WAV
    #[arg(long, overrides_with = "no_tags")]
    pub(crate) tags: bool,
    /// Write no tags and no chapters but those of --tag
    #[arg(long, overrides_with = "tags")]
    pub(crate) no_tags: bool,
    /// Write the whole track into the file; `convert FILE` gets it back
    #[arg(long)]
    pub(crate) embed_track: bool,
    /// CUE sheet of the steps to write as well
    #[arg(long, value_name = "FILE")]
    pub(crate) cue: Option<PathBuf>,
    /// Label file (Audacity) of the steps to write as well
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<PathBuf>,
}

impl FileOptions {
    /// What the file says about itself.
    pub(crate) fn tag_options(&self) -> TagOptions {
        let usual = if self.no_tags { Some(false) } else { Some(true).filter(|_| self.tags) };
        TagOptions { fields: self.tag.clone(), usual, track: self.embed_track }
    }

    /// Lists of chapters beside the file.
    pub(crate) fn sheets(&self) -> SheetOptions {
        SheetOptions { labels: self.labels.clone(), cue: self.cue.clone() }
    }
}

fn format_help() -> String {
    format!("File format: {}; default: by the extension of the output, otherwise wav", words("", ""))
}

fn quality_help() -> String {
    let lossy = |info: &FormatInfo| {
        info.quality.map(|[least, usual, most]| format!("{} {least} to {most} (default {usual})", info.names[0]))
    };
    let ranges: Vec<String> = Container::all().filter_map(lossy).collect();
    format!("Bit rate of formats that compress with loss, in kbit/s: {}", ranges.join(", "))
}

/// Help text of the option `--output`.
pub(super) fn output_help() -> String {
    format!(
        "Audio file to write ({}), with placeholders such as {{name}}, {{lufs:.0f}} and {{ext}}; a folder, or - for the \
         standard output; default: the name of the track with the extension of the format",
        words(".", "")
    )
}

fn tag(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=TEXT")?;
    let mut tags = TagOptions::default();
    tags.add(name, value).map_err(|error| error.to_string())?;
    tags.fields.pop().ok_or_else(String::new)
}
