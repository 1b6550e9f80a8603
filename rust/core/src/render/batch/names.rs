//! The files of a batch: their names, and that no two jobs have the same.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::job::Job;
use super::template::{Field, Template};
use crate::error::{Error, Result};
use crate::files::same::resolved;
use crate::lock::lock;
use crate::render::FileLevels;
use crate::render::stems::beside;

/// The names of files that are taken.
#[derive(Debug, Default)]
pub struct Names(Mutex<HashMap<PathBuf, usize>>);

impl Names {
    /// Take the name of a file for a job.
    ///
    /// # Errors
    /// [`Error::Io`] if another job has it.
    pub fn claim(&self, path: &Path, job: &Job) -> Result<()> {
        let place = resolved(path).unwrap_or_else(|_| path.to_owned());
        match lock(&self.0).insert(place, job.index) {
            Some(other) if other != job.index => {
                let message = format!("file {other} of the batch has this name too");
                let source = io::Error::new(io::ErrorKind::AlreadyExists, message);
                Err(Error::Io { path: path.display().to_string(), source })
            }
            _ => Ok(()),
        }
    }
}

/// The output of one job.
#[derive(Debug, Clone)]
pub struct Output<'a> {
    /// The job.
    pub job: &'a Job,
    /// The name of its file, with placeholders.
    pub template: &'a Template,
    /// Folder from which relative names count.
    pub folder: &'a Path,
    /// Name of the track.
    pub name: &'a str,
    /// Extension of the format.
    pub extension: &'a str,
    /// Seed of random parts.
    pub seed: u64,
    /// Hash of the track.
    pub hash: &'a str,
    /// Length of the file in seconds.
    pub duration: f64,
}

impl Output<'_> {
    fn path(&self, template: &Template, stem: &str, levels: Option<FileLevels>) -> Result<PathBuf> {
        let decibels = |levels: FileLevels| 20.0 * f64::from(levels.peak).log10();
        let name = template.fill(&|name| match name {
            "name" => Some(Field::Text(self.name.to_owned())),
            "stem" => Some(Field::Text(stem.to_owned())),
            "index" => Some(Field::Whole(self.job.index as u64)),
            "ext" => Some(Field::Text(self.extension.to_owned())),
            "seed" => Some(Field::Whole(self.seed)),
            "hash" => Some(Field::Text(self.hash.chars().take(8).collect())),
            "duration" => Some(Field::Number(self.duration, None)),
            "lufs" => levels.map(|levels| Field::Number(levels.loudness.unwrap_or(f64::NEG_INFINITY), Some(1))),
            "peak" => levels.map(|levels| Field::Number(decibels(levels), Some(1))),
            other => self.job.field(other),
        })?;
        Ok(self.folder.join(name))
    }

    /// The file that is written first: the one that the template names, or a provisional one if its name is known late.
    ///
    /// # Errors
    /// Those of [`Template::fill`].
    pub fn first(&self) -> Result<PathBuf> {
        if self.template.is_late() { self.provisional() } else { self.path(self.template, "", None) }
    }

    /// A file of another name, in a folder that does not depend on what is known only when the track has been rendered.
    ///
    /// # Errors
    /// Those of [`Template::fill`].
    pub fn provisional(&self) -> Result<PathBuf> {
        let early = self.path(&self.template.early(), "", None)?;
        let text = early.to_string_lossy();
        let folder = text.rfind(std::path::is_separator).map_or("", |at| &text[..=at]);
        let (id, index) = (std::process::id(), self.job.index);
        Ok(Path::new(folder).join(format!(".{id}-{index}.part.{}", self.extension)))
    }

    /// Give the finished file `first`, and those of its stems (name and file), the names of the template. `refuse` is
    /// asked about each of them.
    ///
    /// # Errors
    /// [`Error::Io`] if a name is taken, and those of `refuse`; the finished files are then removed.
    pub fn settle(
        &self,
        first: &Path,
        stems: &[(String, PathBuf)],
        levels: FileLevels,
        names: &Names,
        refuse: &dyn Fn(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let settle = || {
            let file = self.path(self.template, "mix", Some(levels))?;
            if file == first {
                return Ok(file);
            }
            let mut moves = Vec::new();
            for (stem, from) in stems {
                let to = if self.template.has("stem") {
                    self.path(self.template, stem, Some(levels))?
                } else {
                    beside(&file, stem)
                };
                moves.push((from.as_path(), to));
            }
            moves.push((first, file.clone()));
            for (_, to) in &moves {
                refuse(to)?;
                names.claim(to, self.job)?;
            }
            for (from, to) in moves {
                let moved = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(from, &to));
                moved.map_err(|source| Error::Io { path: to.display().to_string(), source })?;
            }
            Ok(file)
        };
        settle().inspect_err(|_| {
            for file in stems.iter().map(|(_, file)| file.as_path()).chain([first]) {
                drop(fs::remove_file(file));
            }
        })
    }
}
