//! A loop inside of a recording: it plays up to the end of the loop, and goes on at the start of it.

use super::recording::Recording;
use super::seam::{AROUND, Seam, fits};

/// A loop from frame `start` to frame `end` of a recording at its own sample rate here. Every pass has the same length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    start: u64,
    end: u64,
    join: Option<Join>,
}

/// A crossfade of the sound before the end of the loop into the sound before its start, or of the sound after its end into
/// the sound after its start.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Join {
    seam: Seam,
    /// Whether it is before the jump.
    before: bool,
}

impl Region {
    /// The loop between two frames of `audio`; `None` if there is nothing between them. With `join` it is crossfaded where it
    /// would click and there is sound beyond the loop to do so.
    pub fn new(audio: &Recording, start: u64, end: u64, join: bool) -> Option<Self> {
        let end = end.min(audio.frames());
        if start >= end {
            return None;
        }
        let read = |at: u64, frames: u64| {
            let mut both = [vec![0.0; frames as usize], vec![0.0; frames as usize]];
            let [left, right] = &mut both;
            audio.read(at, left, right);
            both
        };
        let around = AROUND.min(end - start);
        let (last, first) = (read(end - around, around), read(start, around));
        if !join || (0..2).all(|side| fits(&last[side], &first[side])) {
            return Some(Self { start, end, join: None });
        }
        let longest = Seam::longest(end - start, audio.sample_rate());
        let (before, after) = (longest.min(start), longest.min(audio.frames() - end));
        let frames = before.max(after);
        let before = before >= after;
        let [from, into] = if before { [end - frames, start - frames] } else { [end, start] };
        let (from, into) = (read(from, frames), read(into, frames));
        let seam = Seam::of([&from[0], &from[1]], [&into[0], &into[1]]);
        Some(Self { start, end, join: (frames > 0).then_some(Join { seam, before }) })
    }

    /// Fill both channels with the frames from `at` on, without an end.
    pub(crate) fn read(&self, audio: &Recording, at: u64, left: &mut [f32], right: &mut [f32]) {
        let mut spare = [[0.0; 256]; 2];
        let mut done = 0;
        while done < left.len() {
            let at = at.saturating_add(done as u64);
            let (place, again) = self.place(at);
            let (border, other) = self.run(place, again);
            let count = (border - place).min((left.len() - done) as u64).min(256) as usize;
            let (left, right) = (&mut left[done..done + count], &mut right[done..done + count]);
            audio.read(place, left, right);
            if let Some((other, from, seam, enters)) = other {
                let [spare_left, spare_right] = &mut spare;
                let (spare_left, spare_right) = (&mut spare_left[..count], &mut spare_right[..count]);
                audio.read(other, spare_left, spare_right);
                let pairs = left.iter_mut().zip(right.iter_mut()).zip(spare_left.iter().zip(spare_right.iter()));
                for (at, ((left, right), (other_left, other_right))) in (from..).zip(pairs) {
                    let [end, start] = seam.gains(at);
                    let [own, others] = if enters { [start, end] } else { [end, start] };
                    *left = *left * own + other_left * others;
                    *right = *right * own + other_right * others;
                }
            }
            done += count;
        }
    }

    /// The frame of the recording at frame `at`, and whether the loop has jumped before.
    fn place(&self, at: u64) -> (u64, bool) {
        if at < self.end { (at, false) } else { (self.start + (at - self.end) % (self.end - self.start), true) }
    }

    /// Up to which frame the sound is of one kind from `place` on; in a crossfade also the frame of the other sound, the
    /// frame of the crossfade, and whether the own sound is the one that comes.
    fn run(&self, place: u64, again: bool) -> (u64, Option<(u64, u64, &Seam, bool)>) {
        let length = self.end - self.start;
        match &self.join {
            Some(Join { seam, before: true }) if place + seam.frames >= self.end => {
                let from = place + seam.frames - self.end;
                (self.end, Some((place - length, from, seam, false)))
            }
            Some(Join { seam, before: true }) => (self.end - seam.frames, None),
            Some(Join { seam, before: false }) if again && place < self.start + seam.frames => {
                (self.start + seam.frames, Some((place + length, place - self.start, seam, true)))
            }
            _ => (self.end, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::content::Fold;
    use super::super::testing;
    use super::*;

    fn recording(samples: Vec<f32>) -> Recording {
        testing::recording(&[samples], [8000, 8000], Fold::Stereo, &Arc::default())
    }

    fn read(region: &Region, audio: &Recording, at: u64, count: usize) -> Vec<f32> {
        let (mut left, mut right) = (vec![0.0; count], vec![0.0; count]);
        region.read(audio, at, &mut left, &mut right);
        assert_eq!(left, right);
        left
    }

    #[test]
    fn a_loop_goes_on_at_its_start() {
        let audio = recording((0..10).map(|x| x as f32).collect());
        let region = Region::new(&audio, 3, 6, false).unwrap();
        let expected = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 3.0, 4.0, 5.0, 3.0, 4.0];
        assert_eq!(read(&region, &audio, 0, 11), expected);
        for at in 0..11 {
            assert_eq!(read(&region, &audio, at as u64, 1), expected[at..=at]);
        }
        assert_eq!(Region::new(&audio, 6, 6, false), None);
        assert!(Region::new(&audio, 8, 1000, true).is_some());
    }

    #[test]
    fn a_joined_loop_has_no_click() {
        let tone: Vec<f32> = (0..8000).map(|i| (0.5 * (0.05 * f64::from(i)).sin()) as f32).collect();
        let audio = recording(tone);
        // at both places the tone is at a crest at one end and at zero at the other
        for (start, end) in [(1000, 3047), (10, 3047)] {
            let region = Region::new(&audio, start, end, true).unwrap();
            let plain = Region::new(&audio, start, end, false).unwrap();
            let bend = |region: &Region| {
                let sound = read(region, &audio, 0, 9000);
                sound.windows(3).map(|x| (x[0] - 2.0 * x[1] + x[2]).abs()).fold(0.0, f32::max)
            };
            let tone = 0.5 * 0.05_f32.powi(2);
            assert!(bend(&plain) > 20.0 * tone && bend(&region) < 1.5 * tone, "{} {}", bend(&plain), bend(&region));
            assert_eq!(read(&region, &audio, 5000, 100)[..], read(&region, &audio, 5000 - 50, 150)[50..]);
        }
    }
}
