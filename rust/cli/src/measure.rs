//! What the commands that measure a track share: loading, compiling, and the analysis with its progress bar.

use std::path::Path;
use std::sync::Arc;

use indicatif::ProgressDrawTarget;
use realtime_backend_core::analyse::{Analysis, analyse};
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Problem, Result, add_new};
use realtime_backend_core::plan::{LayerGains, Plan, PlanOptions};
use realtime_backend_core::track::{LoadOptions, Track};

use crate::bars::Bar;
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::source;

/// A compiled track.
pub(crate) struct Compiled {
    pub(crate) track: Track,
    pub(crate) plan: Arc<Plan>,
    pub(crate) warnings: Vec<Problem>,
    seed: Option<u64>,
}

impl Compiled {
    /// Load and compile the track at `path`. `name` labels the progress bar.
    pub(crate) fn load(
        path: &Path,
        name: &str,
        compat: Option<Compat>,
        seed: Option<u64>,
        gains: LayerGains,
    ) -> Result<Self> {
        // The whole document is needed for its hash.
        let options = LoadOptions { compat, interrupt: interrupt::token(), ..LoadOptions::filling_starts() };
        let (track, mut warnings) = watched(name, false, &options.interrupt, || source::load(path, &options))?;
        let options = PlanOptions { compat, seed, gains, interrupt: interrupt::token(), ..PlanOptions::default() };
        let (plan, more) = watched(name, false, &options.interrupt, || Plan::compile(&track, &options))?;
        add_new(&mut warnings, more);
        Ok(Self { track, plan: Arc::new(plan), warnings, seed })
    }

    /// Compile a track that is known to be free of errors.
    pub(crate) fn of(track: Track, name: &str, compat: Option<Compat>) -> Result<Self> {
        let options = PlanOptions { compat, interrupt: interrupt::token(), ..PlanOptions::default() };
        let (plan, warnings) = watched(name, false, &options.interrupt, || Plan::compile(&track, &options))?;
        Ok(Self { track, plan: Arc::new(plan), warnings, seed: None })
    }

    /// Render the track and measure it. `name` labels the progress bar.
    pub(crate) fn analyse(&mut self, name: &str) -> Result<Analysis> {
        let bar = Bar::new(name);
        bar.drawn().set_draw_target(ProgressDrawTarget::stderr());
        let analysis = analyse(&self.track, &self.plan, self.seed, 0, &mut |done| {
            bar.set(done);
            !interrupted()
        });
        bar.finish();
        add_new(&mut self.warnings, self.plan.noticed());
        analysis
    }
}
