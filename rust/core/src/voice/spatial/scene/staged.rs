//! A voice at the gain of its scene (spec spatial-workbench 4). Without state: the gain is a function of the time.

use super::SceneAt;
use crate::voice::{Block, Context, Voice};

/// Frames over which a constant gain is looked for.
const STRETCH: usize = 256;

struct SceneGain {
    inner: Box<dyn Voice>,
    scene: SceneAt,
    rate: f64,
    meant: bool,
}

/// `voice` at the gain of the scene of `context`; the voice itself if there is none, or its gain is 1.
pub(crate) fn staged(voice: Box<dyn Voice>, context: &Context) -> Box<dyn Voice> {
    let Some(scene) = context.scene.as_ref().filter(|scene| !scene.scene.gain.is_unity()) else { return voice };
    let meant = context.compat.true_workbench;
    Box::new(SceneGain { inner: voice, scene: scene.clone(), rate: context.sample_rate, meant })
}

impl SceneGain {
    fn seconds(&self, frame: u64) -> f64 {
        (self.scene.frame + frame as f64) / self.rate
    }
}

impl Voice for SceneGain {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.inner.render(start, out.part(0, out.len()));
        let gain = &self.scene.scene.gain;
        let mut done = 0;
        while done < out.len() {
            let frame = start + done as u64;
            let count = (STRETCH - (frame % STRETCH as u64) as usize).min(out.len() - done);
            let part = out.part(done, done + count);
            let frames = frame..frame + count as u64;
            let constant = gain.steady(self.seconds(frame), self.seconds(frames.end), self.meant);
            for (frame, (left, right)) in frames.zip(part.left.iter_mut().zip(part.right)) {
                let gain = constant.unwrap_or_else(|| gain.at(self.seconds(frame), self.meant));
                for sample in [left, right] {
                    *sample = (f64::from(*sample) * gain) as f32;
                }
            }
            done += count;
        }
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn rest(&mut self) {
        self.inner.rest();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { inner: self.inner.fork(), scene: self.scene.clone(), rate: self.rate, meant: self.meant })
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}
