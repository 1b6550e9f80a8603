//! Sounds cached from one compilation to the next: preparing noise takes too long to repeat it for every live edit.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use crate::error::{Problem, Result};
use crate::lock::lock;
use crate::voice::Voice;

/// A prepared sound, with the warnings from building it.
pub(crate) struct Sound {
    pub(crate) voice: Box<dyn Voice>,
    /// Its length in frames.
    pub(crate) frames: u64,
    pub(crate) warnings: Vec<Problem>,
}

impl Sound {
    fn copy(&self) -> Self {
        Self { voice: self.voice.fork(), frames: self.frames, warnings: self.warnings.clone() }
    }
}

/// Sounds by a key of everything that they depend on. A sound that one compilation does not use is dropped when the
/// next one begins.
#[derive(Default)]
pub(crate) struct VoiceCache {
    sounds: Mutex<HashMap<String, (bool, Sound)>>,
}

impl VoiceCache {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (bool, Sound)>> {
        lock(&self.sounds)
    }

    /// Start another compilation: drop the sounds that the last one did not use.
    pub(crate) fn begin(&self) {
        self.lock().retain(|_, (used, _)| std::mem::take(used));
    }

    /// The sound cached under `key`; `make` builds it if it is not there. With `None` it is built and not cached.
    pub(crate) fn get(&self, key: Option<String>, make: impl FnOnce() -> Result<Sound>) -> Result<Sound> {
        let Some(key) = key else { return make() };
        if let Some((used, sound)) = self.lock().get_mut(&key) {
            *used = true;
            return Ok(sound.copy());
        }
        let made = make()?;
        self.lock().insert(key, (true, made.copy()));
        Ok(made)
    }
}

impl std::fmt::Debug for VoiceCache {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.lock().keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::Block;

    struct Level(f32);

    impl Voice for Level {
        fn render(&mut self, _: u64, out: Block<'_>) {
            out.left.fill(self.0);
            out.right.fill(self.0);
        }

        fn fork(&self) -> Box<dyn Voice> {
            Box::new(Self(self.0))
        }
    }

    fn level(kept: &VoiceCache, key: &str, value: f32) -> f32 {
        let make = || Ok(Sound { voice: Box::new(Level(value)), frames: 1, warnings: Vec::new() });
        let mut sound = kept.get(Some(key.to_owned()), make).unwrap();
        let (mut left, mut right) = ([0.0], [0.0]);
        sound.voice.render(0, Block::new(&mut left, &mut right));
        left[0]
    }

    #[test]
    fn a_sound_is_built_once_and_dropped_when_unused() {
        let kept = VoiceCache::default();
        kept.begin();
        assert_eq!(level(&kept, "a", 1.0), 1.0);
        assert_eq!(level(&kept, "a", 2.0), 1.0);
        kept.begin();
        assert_eq!(level(&kept, "a", 3.0), 1.0);
        kept.begin();
        assert_eq!(level(&kept, "b", 4.0), 4.0);
        kept.begin();
        assert_eq!(level(&kept, "a", 5.0), 5.0);
    }
}
