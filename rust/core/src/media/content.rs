//! The samples of one audio file at its own sample rate, decoded in pieces on demand.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::SystemTime;

use super::file::AudioFile;
use super::location;
use super::seam::{self, Seam};
use super::source::FAR_TOO_LOUD;
use super::store::{Piece, Store};
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::lock::lock;

/// Number of frames per piece.
pub(crate) const PIECE: u64 = 4096;

/// Modification time and size of a file, which distinguish versions of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stamp {
    changed: Option<SystemTime>,
    bytes: u64,
}

impl Stamp {
    /// The stamp of the file at `path`; `None` if there is no file.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let meta = std::fs::metadata(path).ok()?;
        Some(Self { changed: meta.modified().ok(), bytes: meta.len() })
    }
}

/// The location of the bytes of a file.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// On disk.
    File(PathBuf),
    /// In memory, with a name for messages.
    Bytes(Arc<[u8]>, String),
}

impl Origin {
    /// The origin for a path (relative to `folder`, if given) or a `data:<type>;base64,` URL.
    pub(crate) fn of(text: &str, folder: Option<&Path>) -> Result<Self> {
        if location::is_data_url(text) {
            return Ok(Self::Bytes(location::parse_data_url(text)?.bytes.into(), location::label(text)));
        }
        Ok(Self::File(folder.map_or_else(|| text.into(), |folder| folder.join(text))))
    }
}

/// What follows after the last frame of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Silence.
    Once,
    /// The file again from its first frame.
    Looped,
    /// The same, but where it would click, the last 25 to 50 ms are crossfaded into the first ones, so each further pass is
    /// shorter by that. Not for a file that was converted by the Fourier method.
    Joined,
}

impl Repeat {
    /// Number of kinds.
    pub(crate) const KINDS: usize = 3;
}

/// How the channels of a file are reduced to one or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fold {
    /// Left and right: a mono file gives the same channel twice, a file with more than two channels its first two (spec
    /// track-format 6).
    Stereo,
    /// The first channel only.
    First,
    /// The mean of all channels.
    Mean,
}

/// An audio file whose samples are decoded on demand and cached in a [`Store`].
#[derive(Debug)]
pub(crate) struct Content {
    id: u64,
    origin: Origin,
    stamp: Option<Stamp>,
    fold: Fold,
    channels: usize,
    sample_rate: u32,
    frames: u64,
    warnings: Vec<String>,
    store: Arc<Store>,
    /// Largest magnitude decoded so far, as the bits of an `f32`.
    loudest: AtomicU32,
    scanned: AtomicBool,
    /// The first error that occurred while reading.
    fault: OnceLock<String>,
    /// Warnings of the readers since the file was opened.
    late: Mutex<Vec<String>>,
    /// The crossfade of a joined loop; none if it fits without.
    seam: OnceLock<Option<Seam>>,
}

impl Content {
    /// Opens `origin` without decoding any samples.
    pub(crate) fn open(origin: Origin, fold: Fold, store: &Arc<Store>, interrupt: &Interrupt) -> Result<Self> {
        // taken before the file is opened, so that any later change is noticed
        let stamp = match &origin {
            Origin::File(path) => Stamp::of(path),
            Origin::Bytes(..) => None,
        };
        let file = open(&origin, interrupt)?;
        let content = Self {
            id: store.new_series(),
            fold,
            channels: if fold == Fold::Stereo { file.channels().min(2) } else { 1 },
            sample_rate: file.sample_rate(),
            frames: file.frames(),
            warnings: file.warnings().to_vec(),
            store: Arc::clone(store),
            loudest: AtomicU32::new(0),
            scanned: AtomicBool::new(false),
            fault: OnceLock::new(),
            late: Mutex::default(),
            seam: OnceLock::new(),
            origin,
            stamp,
        };
        store.give_file(content.id, 0, file);
        Ok(content)
    }

    /// Number of channels after folding, one or two.
    pub(crate) const fn channels(&self) -> usize {
        self.channels
    }

    /// Sample rate in Hz.
    pub(crate) const fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Length in frames.
    pub(crate) const fn frames(&self) -> u64 {
        self.frames
    }

    /// Warnings from opening the file.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The store that caches the decoded samples.
    pub(crate) const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The error because of which a part of the file is silent; `None` as long as everything could be read.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.get().map(String::as_str)
    }

    /// Errors and warnings about everything decoded so far.
    pub(crate) fn noticed(&self) -> Vec<String> {
        let late = lock(&self.late).clone();
        self.fault().map(str::to_owned).into_iter().chain(late).chain(self.too_loud()).collect()
    }

    /// A warning if the samples decoded so far are far above full scale.
    fn too_loud(&self) -> Option<String> {
        let peak = f32::from_bits(self.loudest.load(Ordering::Relaxed));
        let known = || self.warnings.iter().any(|text| text.contains("above full scale"));
        (peak > FAR_TOO_LOUD && !known()).then(|| format!("peaks {:.0} dB above full scale", 20.0 * peak.log10()))
    }

    /// The peak of the file, once all of it was decoded.
    pub(crate) fn peak(&self) -> Option<f32> {
        self.is_scanned().then(|| f32::from_bits(self.loudest.load(Ordering::Relaxed)))
    }

    /// Whether the whole file was decoded at least once.
    pub(crate) fn is_scanned(&self) -> bool {
        self.scanned.load(Ordering::Relaxed)
    }

    /// Decodes the whole file once to find its peak.
    pub(crate) fn scan(&self, interrupt: &Interrupt) -> Result<()> {
        if !self.is_scanned() {
            for index in 0..self.frames.div_ceil(PIECE) {
                interrupt.check()?;
                self.piece(index);
            }
            self.scanned.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Fills both channels with the frames from `at` on; `repeat` says what follows after the end.
    pub(crate) fn read(&self, repeat: Repeat, at: u64, left: &mut [f32], right: &mut [f32]) {
        if repeat == Repeat::Once || self.frames == 0 {
            return self.read_once(at, left, right);
        }
        // the ends of the file are not read before they are needed
        let first_fade = self.frames - Seam::longest(self.frames, self.sample_rate);
        let joins = repeat == Repeat::Joined && at.saturating_add(left.len() as u64) > first_fade;
        match if joins { self.seam() } else { None } {
            Some(seam) => self.read_joined(seam, at, left, right),
            None => {
                let mut done = 0;
                while done < left.len() {
                    let place = at.saturating_add(done as u64) % self.frames;
                    let count = (self.frames - place).min((left.len() - done) as u64) as usize;
                    self.read_once(place, &mut left[done..done + count], &mut right[done..done + count]);
                    done += count;
                }
            }
        }
    }

    /// A loop in which the last frames of the file are mixed with its first ones.
    fn read_joined(&self, seam: Seam, at: u64, left: &mut [f32], right: &mut [f32]) {
        let period = self.frames - seam.frames;
        let mut spare = [[0.0; 256]; 2];
        let mut done = 0;
        while done < left.len() {
            let place = at.saturating_add(done as u64);
            let inside = place % period;
            let fades = place >= period && inside < seam.frames;
            let border = if fades { seam.frames } else { period };
            let most = if fades { spare[0].len() } else { usize::MAX };
            let count = (border - inside).min((left.len() - done) as u64).min(most as u64) as usize;
            let (left, right) = (&mut left[done..done + count], &mut right[done..done + count]);
            self.read_once(inside, left, right);
            if fades {
                let [end_left, end_right] = spare.each_mut().map(|end| &mut end[..count]);
                self.read_once(period + inside, end_left, end_right);
                let ends = end_left.iter().zip(end_right.iter());
                for ((at, (left, right)), (l, r)) in (inside..).zip(left.iter_mut().zip(right)).zip(ends) {
                    let [out, into] = seam.gains(at);
                    *left = *l * out + *left * into;
                    *right = *r * out + *right * into;
                }
            }
            done += count;
        }
    }

    /// The crossfade of a joined loop. Reads both ends of the file at the first call.
    fn seam(&self) -> Option<Seam> {
        *self.seam.get_or_init(|| {
            let longest = Seam::longest(self.frames, self.sample_rate);
            let around = longest.max(seam::AROUND.min(self.frames / 2));
            let mut ends: [Vec<f32>; 4] = std::array::from_fn(|_| vec![0.0; around as usize]);
            let [first_left, first_right, last_left, last_right] = &mut ends;
            self.read_once(0, first_left, first_right);
            self.read_once(self.frames - around, last_left, last_right);
            if longest == 0 || seam::fits(last_left, first_left) && seam::fits(last_right, first_right) {
                return None;
            }
            let (longest, rest) = (longest as usize, (around - longest) as usize);
            let end = [&last_left[rest..], &last_right[rest..]];
            Some(Seam::between(end, [&first_left[..longest], &first_right[..longest]]))
        })
    }

    /// Fills both channels with the frames from `at` on, and with zeros after the end.
    fn read_once(&self, at: u64, left: &mut [f32], right: &mut [f32]) {
        let len = left.len();
        let mut held: Option<(u64, Arc<Piece>)> = None;
        let mut done = 0;
        while done < len {
            let place = at.saturating_add(done as u64);
            if place >= self.frames {
                left[done..].fill(0.0);
                right[done..].fill(0.0);
                return;
            }
            let (index, from) = (place / PIECE, (place % PIECE) as usize);
            let piece = match held.take() {
                Some((known, piece)) if known == index => piece,
                _ => self.piece(index),
            };
            let count = (piece.left.len() - from).min(len - done);
            left[done..done + count].copy_from_slice(&piece.left[from..from + count]);
            right[done..done + count].copy_from_slice(&piece.right()[from..from + count]);
            done += count;
            held = Some((index, piece));
        }
    }

    /// Piece `index`: [`PIECE`] frames from `index · PIECE` on, or fewer at the end. If they cannot be read, the piece
    /// is silent and the error is stored.
    fn piece(&self, index: u64) -> Arc<Piece> {
        let key = (self.id, index);
        if let Some(piece) = self.store.piece(key) {
            return piece;
        }
        let at = index * PIECE;
        let count = self.frames.saturating_sub(at).min(PIECE) as usize;
        let mut piece = self.decode(at, count).unwrap_or_else(|error| {
            let _ = self.fault.set(error.to_string());
            Piece { left: Vec::new(), right: None }
        });
        piece.left.resize(count, 0.0);
        if let Some(right) = &mut piece.right {
            right.resize(count, 0.0);
        }
        let most = |x: &[f32]| x.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        // the bits of non-negative floats have the same order as the floats
        self.loudest.fetch_max(most(&piece.left).max(most(piece.right())).to_bits(), Ordering::Relaxed);
        self.store.keep(key, piece)
    }

    fn decode(&self, at: u64, count: usize) -> Result<Piece> {
        let mut file = match self.store.take_file(self.id, at) {
            Some(file) => file,
            None => self.open_again()?,
        };
        let mut channels = vec![Vec::new(); file.channels()];
        let got = file.read(at, count, &mut channels)?;
        let late = file.late_warnings();
        // each reader counts only what it has read itself; after a scan the counts are complete
        if !late.is_empty() && !self.is_scanned() {
            *lock(&self.late) = late;
        }
        self.store.give_file(self.id, at + got as u64, file);
        if got < count {
            let _ = self.fault.set(format!("{}: ends {} frames early", self.name(), count - got));
        }
        Ok(self.folded(channels))
    }

    fn folded(&self, mut channels: Vec<Vec<f32>>) -> Piece {
        if self.fold == Fold::Mean && channels.len() > 1 {
            let count = channels.len() as f64;
            let mean = |i: usize| (channels.iter().map(|c| f64::from(c[i])).sum::<f64>() / count) as f32;
            return Piece { left: (0..channels[0].len()).map(mean).collect(), right: None };
        }
        channels.truncate(self.channels);
        let right = if channels.len() > 1 { channels.pop() } else { None };
        Piece { left: channels.pop().unwrap_or_default(), right }
    }

    /// Opens the file again, if it has not changed since it was first opened.
    fn open_again(&self) -> Result<AudioFile> {
        let changed =
            || Error::Media { path: self.name(), message: "has changed since it was opened; play it anew".to_owned() };
        if let Origin::File(path) = &self.origin
            && let (Some(now), Some(then)) = (Stamp::of(path), self.stamp)
            && now != then
        {
            return Err(changed());
        }
        let file = open(&self.origin, &Interrupt::default())?;
        if file.frames() != self.frames || file.sample_rate() != self.sample_rate {
            return Err(changed());
        }
        Ok(file)
    }

    /// The name of the file in messages.
    pub(crate) fn name(&self) -> String {
        match &self.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::Bytes(_, name) => name.clone(),
        }
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        self.store.forget(self.id);
    }
}

fn open(origin: &Origin, interrupt: &Interrupt) -> Result<AudioFile> {
    let opened = match origin {
        Origin::File(path) => AudioFile::open_with(path, &mut || interrupt.check()),
        Origin::Bytes(bytes, name) => AudioFile::from_bytes(Arc::clone(bytes), name),
    };
    interrupt.check()?;
    opened
}
