//! A voice that can free everything it computes with and is rebuilt from its parameters when it is next rendered. A
//! track of many steps thus holds a few hundred bytes for each voice that does not sound.

use std::sync::{Arc, Mutex, Weak};

use super::pipeline::VoiceCall;
use super::silence::Silence;
use super::stages::envelope::Envelope;
use super::stages::flange::Flange;
use super::{Block, Context, Onset, Oscillators, Phases, Points, ToneBatch, Voice, pipeline};
use crate::interrupt::Interrupt;
use crate::json::parse;
use crate::lock::lock;

/// Everything that is needed to build the voice.
struct Recipe {
    context: Context,
    function: Box<str>,
    is_transition: bool,
    /// JSON text.
    params: Box<str>,
    flange: Option<Box<Flange>>,
    envelope: Option<Envelope>,
    carried: Option<Phases>,
    /// The built voice, as long as some copy holds it.
    made: Mutex<Weak<dyn Voice>>,
}

impl Recipe {
    fn made(&self) -> Arc<dyn Voice> {
        let mut made = lock(&self.made);
        if let Some(voice) = made.upgrade() {
            return voice;
        }
        let voice: Arc<dyn Voice> = Arc::from(self.make());
        *made = Arc::downgrade(&voice);
        voice
    }

    fn make(&self) -> Box<dyn Voice> {
        let (params, _) = parse::object(&self.params, &Interrupt::default()).unwrap_or_default();
        let call = VoiceCall {
            function: &self.function,
            is_transition: self.is_transition,
            params: &params,
            flange: self.flange.as_deref(),
            envelope: self.envelope,
            at: "",
            params_at: "",
        };
        // the same call was built without an error before
        pipeline::build(&self.context, &call, self.carried).map_or_else(|_| Silence::boxed(), |(voice, _)| voice)
    }
}

struct Resting {
    recipe: Arc<Recipe>,
    bound: Option<f32>,
    /// The built voice, shared with the other copies.
    made: Option<Arc<dyn Voice>>,
    own: Option<Box<dyn Voice>>,
}

/// Wrap `voice`, which was built from the other arguments, so that it can rest. `params` is the JSON text of
/// `call.params`.
pub(crate) fn resting(
    voice: Box<dyn Voice>,
    context: &Context,
    call: &VoiceCall<'_>,
    params: String,
    carried: Option<Phases>,
) -> Box<dyn Voice> {
    let bound = voice.bound();
    let made: Arc<dyn Voice> = Arc::from(voice);
    let recipe = Recipe {
        context: Context { interrupt: Interrupt::default(), ..context.clone() },
        function: call.function.into(),
        is_transition: call.is_transition,
        params: params.into_boxed_str(),
        flange: call.flange.cloned().map(Box::new),
        envelope: call.envelope,
        carried,
        made: Mutex::new(Arc::downgrade(&made)),
    };
    Box::new(Resting { recipe: Arc::new(recipe), bound, made: Some(made), own: None })
}

impl Resting {
    fn own(&mut self) -> &mut dyn Voice {
        self.own.get_or_insert_with(|| self.made.get_or_insert_with(|| self.recipe.made()).fork()).as_mut()
    }
}

impl Voice for Resting {
    fn render(&mut self, start: u64, out: Block<'_>) {
        self.own().render(start, out);
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        self.own().write(start, batch)
    }

    fn points(&mut self, start: u64, points: &mut Points) -> bool {
        self.own().points(start, points)
    }

    fn prepare(&mut self) {
        self.own().prepare();
    }

    fn rest(&mut self) {
        (self.made, self.own) = (None, None);
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { recipe: Arc::clone(&self.recipe), bound: self.bound, made: self.made.clone(), own: None })
    }

    fn bound(&self) -> Option<f32> {
        self.bound
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        match (&self.own, &self.made) {
            (Some(own), _) => own.onsets(from, to, each),
            (None, Some(made)) => made.onsets(from, to, each),
            (None, None) => self.recipe.made().onsets(from, to, each),
        }
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        match &self.made {
            Some(made) => made.phases_at(frame),
            None => self.recipe.made().phases_at(frame),
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.made.as_ref().map_or_else(|| self.recipe.made(), Arc::clone).oscillators_at(frame)
    }
}
