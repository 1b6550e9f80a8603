//! A voice whose costly part (tables, a level measured over the whole signal, a whole signal of noise) is built on
//! first use, once for all copies.

use std::sync::{Arc, Mutex, OnceLock};

use super::silence::Silence;
use super::{Block, Onset, Oscillators, Phases, ToneBatch, Voice};
use crate::lock::lock;

type Make = Box<dyn FnOnce() -> Box<dyn Voice> + Send>;

struct Shared {
    make: Mutex<Option<Make>>,
    made: OnceLock<Box<dyn Voice>>,
}

impl Shared {
    fn made(&self) -> &dyn Voice {
        let make = || lock(&self.make).take().map_or_else(Silence::boxed, |make| make());
        self.made.get_or_init(make).as_ref()
    }
}

struct Lazy {
    shared: Arc<Shared>,
    own: Option<Box<dyn Voice>>,
    oscillators: Option<Arc<At>>,
}

/// The oscillators at a frame.
type At = dyn Fn(u64) -> Oscillators + Send + Sync;

/// A voice that `make` builds on first use. Its bound and its phases are not known beforehand.
pub(crate) fn lazy(make: impl FnOnce() -> Box<dyn Voice> + Send + 'static) -> Box<dyn Voice> {
    built_later(make, None)
}

/// As [`lazy`], with oscillators that are known beforehand.
pub(crate) fn lazy_with(
    make: impl FnOnce() -> Box<dyn Voice> + Send + 'static,
    oscillators: impl Fn(u64) -> Oscillators + Send + Sync + 'static,
) -> Box<dyn Voice> {
    built_later(make, Some(Arc::new(oscillators)))
}

fn built_later(make: impl FnOnce() -> Box<dyn Voice> + Send + 'static, oscillators: Option<Arc<At>>) -> Box<dyn Voice> {
    let shared = Shared { make: Mutex::new(Some(Box::new(make))), made: OnceLock::new() };
    Box::new(Lazy { shared: Arc::new(shared), own: None, oscillators })
}

impl Lazy {
    fn own(&mut self) -> &mut dyn Voice {
        self.own.get_or_insert_with(|| self.shared.made().fork()).as_mut()
    }
}

impl Voice for Lazy {
    fn render(&mut self, start: u64, out: Block<'_>) {
        self.own().render(start, out);
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        self.own().write(start, batch)
    }

    fn prepare(&mut self) {
        self.own().prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { shared: Arc::clone(&self.shared), own: None, oscillators: self.oscillators.clone() })
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.oscillators.as_ref().map(|at| at(frame))
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        self.shared.made().onsets(from, to, each);
    }

    fn phases_at(&self, _frame: u64) -> Option<Phases> {
        None
    }
}
