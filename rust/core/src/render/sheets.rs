//! Lists of chapters beside an audio file: a label file of Audacity, and a CUE sheet.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::encode::{Chapter, Container};
use crate::error::{Error, Result};
use crate::files::atomic::Temporary;
use crate::files::same::Identity;

/// Which lists of chapters are written, and where. They appear when the audio file is complete, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetOptions {
    /// Path of a label file: start and end in seconds and a name in each line, between tabs.
    pub labels: Option<PathBuf>,
    /// Path of a CUE sheet.
    pub cue: Option<PathBuf>,
}

/// Most tracks of a CUE sheet.
const MOST_TRACKS: usize = 99;

impl SheetOptions {
    /// The paths of the files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.labels.iter().chain(&self.cue).map(PathBuf::as_path)
    }

    /// Write the lists under temporary names. `audio` is the file that they describe.
    pub(super) fn begin(
        &self,
        audio: &Path,
        table: Option<&Path>,
        container: Container,
        chapters: &[Chapter],
        rate: u32,
    ) -> Result<Sheets> {
        let mut taken: Vec<Identity> = [audio].into_iter().chain(table).map(Identity::of).collect();
        for path in self.paths() {
            let identity = Identity::of(path);
            if taken.contains(&identity) {
                let source = io::Error::new(io::ErrorKind::AlreadyExists, "is another file of this export");
                return Err(Error::Io { path: path.display().to_string(), source });
            }
            taken.push(identity);
        }
        let mut sheets = Vec::new();
        if let Some(path) = &self.labels {
            sheets.push((path.clone(), written(path, &labels(chapters, rate))?));
        }
        if let Some(path) = &self.cue {
            if chapters.len() > MOST_TRACKS {
                let message = format!("a CUE sheet has at most {MOST_TRACKS} tracks, got {} steps", chapters.len());
                return Err(Error::invalid("cue", message));
            }
            sheets.push((path.clone(), written(path, &cue(audio, container, chapters, rate))?));
        }
        Ok(Sheets(sheets))
    }
}

/// Lists that are complete and have no name yet.
pub(super) struct Sheets(Vec<(PathBuf, Temporary)>);

impl Sheets {
    /// Give the files their names.
    pub(super) fn commit(self) -> Result<()> {
        for (path, file) in self.0 {
            file.commit().map_err(|source| Error::Io { path: path.display().to_string(), source })?;
        }
        Ok(())
    }
}

fn written(path: &Path, text: &str) -> Result<Temporary> {
    let write = || {
        let mut file = Temporary::begin(path)?;
        file.write_all(text.as_bytes())?;
        Ok(file)
    };
    write().map_err(|source| Error::Io { path: path.display().to_string(), source })
}

fn labels(chapters: &[Chapter], rate: u32) -> String {
    let seconds = |frame: u64| frame as f64 / f64::from(rate);
    let line =
        |chapter: &Chapter| format!("{:.6}\t{:.6}\t{}\n", seconds(chapter.start), seconds(chapter.end), chapter.name);
    chapters.iter().map(line).collect()
}

fn cue(audio: &Path, container: Container, chapters: &[Chapter], rate: u32) -> String {
    // the format has no escapes
    let quoted = |text: &str| text.replace('"', "'");
    let name = audio.file_name().unwrap_or_default().to_string_lossy();
    let kind = if container == Container::Mp3 { "MP3" } else { "WAVE" };
    let mut text = format!("FILE \"{}\" {kind}\n", quoted(&name));
    for (index, chapter) in chapters.iter().enumerate() {
        // 75 of its frames are a second
        let frames = (u128::from(chapter.start) * 75 / u128::from(rate.max(1))) as u64;
        let (minutes, seconds, frames) = (frames / 4500, frames / 75 % 60, frames % 75);
        let _ = write!(
            text,
            "  TRACK {:02} AUDIO\n    TITLE \"{}\"\n    INDEX 01 {minutes:02}:{seconds:02}:{frames:02}\n",
            index + 1,
            quoted(&chapter.name),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_the_times_of_the_chapters() {
        let chapter = |start, end, name: &str| Chapter { start, end, name: name.to_owned() };
        let chapters = [chapter(0, 66_150, "Down"), chapter(66_150, 4_410_000, "Say \"hm\"")];
        assert_eq!(labels(&chapters, 44_100), "0.000000\t1.500000\tDown\n1.500000\t100.000000\tSay \"hm\"\n");
        let expected = "FILE \"a.flac\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"Down\"\n    INDEX 01 00:00:00\n  \
                        TRACK 02 AUDIO\n    TITLE \"Say 'hm'\"\n    INDEX 01 00:01:37\n";
        assert_eq!(cue("out/a.flac".as_ref(), Container::Flac, &chapters, 44_100), expected);
    }
}
