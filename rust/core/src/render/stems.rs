//! Stems: parts of a mix as files of their own, whose sum is the mix.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result, suggestion};
use crate::files::stream::is_stream;
use crate::plan::{Part, Plan};
use crate::track::{Bus, Identity};

/// How a mix is split into stems. The background layer and the clips are stems of their own in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stems {
    /// A stem for each voice id. Voices without an id are joined by their position in their steps.
    Voices,
    /// A stem for each bus of the steps: `binaural` and `noise`.
    Buses,
    /// All voices are one stem.
    Layers,
}

impl Stems {
    /// What the word `voices`, `buses` or `layers` means.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `stems` for any other word.
    ///
    /// ```
    /// use realtime_backend_core::render::Stems;
    ///
    /// assert_eq!(Stems::from_word("buses")?, Stems::Buses);
    /// assert!(Stems::from_word("bus").is_err());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn from_word(word: &str) -> Result<Self> {
        match word {
            "voices" => Ok(Self::Voices),
            "buses" => Ok(Self::Buses),
            "layers" => Ok(Self::Layers),
            other => {
                let hint = suggestion(other, ["voices", "buses", "layers"]);
                let message = format!("expected \"voices\", \"buses\" or \"layers\", got {other:?}{hint}");
                Err(Error::invalid("stems", message))
            }
        }
    }

    /// The names of the stems of `plan`, in the order of the track. They can be parts of file names, and differ even where
    /// case does not count.
    pub fn names(self, plan: &Plan) -> Vec<String> {
        self.of(plan).into_iter().map(|stem| stem.name).collect()
    }

    /// The files of the stems of `plan`, whose mix is written to `path`: for `evening.wav`, `evening.bed.wav` and so on.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `path` is a stream.
    pub fn paths(self, plan: &Plan, path: &Path) -> Result<Vec<PathBuf>> {
        if is_stream(path) {
            return Err(Error::invalid("stems", "stems need an output file, not a stream"));
        }
        Ok(self.names(plan).iter().map(|name| beside(path, name)).collect())
    }

    pub(super) fn of(self, plan: &Plan) -> Vec<Stem> {
        let mut stems = Vec::new();
        let mut taken = HashSet::new();
        let mut keys: Vec<String> = Vec::new();
        let voices = || plan.steps().iter().flat_map(|step| &step.voices).filter(|voice| voice.voice.is_some());
        for key in voices().map(|voice| self.key(voice.bus, &voice.identity, voice.index)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        // the fixed names first, so that no id takes them
        let fixed = [("bed", plan.background().is_some()), ("clips", !plan.clips().is_empty())];
        taken.extend(fixed.iter().filter(|(_, there)| *there).map(|(name, _)| (*name).to_owned()));
        taken.insert("mix".to_owned());
        for key in keys {
            let part = Part::of_voices(plan, |voice| self.key(voice.bus, &voice.identity, voice.index) == key);
            let name = key.split_once(':').map_or(key.as_str(), |(_, name)| name);
            stems.push(Stem { name: unique(name, &mut taken), part: Arc::new(part) });
        }
        if plan.background().is_some() {
            stems.push(Stem { name: "bed".to_owned(), part: Arc::new(Part::of_bed(plan)) });
        }
        if !plan.clips().is_empty() {
            stems.push(Stem { name: "clips".to_owned(), part: Arc::new(Part::of_clips(plan)) });
        }
        stems
    }

    /// What the voices of one stem have in common: a kind, a colon and a name.
    fn key(self, bus: Bus, identity: &Identity, position: usize) -> String {
        match (self, identity) {
            (Self::Voices, Identity::Id(id)) => format!("id:{id}"),
            (Self::Voices, _) => format!("position:voice{}", position + 1),
            (Self::Buses, _) => format!("bus:{}", if bus == Bus::Noise { "noise" } else { "binaural" }),
            (Self::Layers, _) => "layer:voices".to_owned(),
        }
    }
}

/// One stem.
pub(super) struct Stem {
    pub(super) name: String,
    pub(super) part: Arc<Part>,
}

/// `folder/name.stem.ext` for `folder/name.ext`.
pub(super) fn beside(path: &Path, stem: &str) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    name.push(stem);
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// `name` as a part of a file name, with a number if another stem has it already.
fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_alphanumeric() || "-_ ".contains(c) { c } else { '_' }).take(64).collect();
    let plain = if plain.trim().is_empty() { "voice".to_owned() } else { plain.trim().to_owned() };
    let mut found = plain.clone();
    let mut count = 1;
    while !taken.insert(found.to_lowercase()) {
        count += 1;
        found = format!("{plain}-{count}");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stems_are_parts_of_file_names_and_differ() {
        let mut taken = HashSet::new();
        let mut name = |text: &str| unique(text, &mut taken);
        assert_eq!([name("a/b"), name("a:b"), name("A_B"), name("..")], ["a_b", "a_b-2", "A_B-3", "__"]);
        assert_eq!(name(" "), "voice");
        assert_eq!(beside(Path::new("out/evening.wav"), "bed"), Path::new("out/evening.bed.wav"));
    }
}
