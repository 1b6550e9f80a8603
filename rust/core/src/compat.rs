//! Deliberate differences from the legacy implementation: one struct of named switches holds all of them.

use crate::error::{Error, Result, suggestion};
use crate::manual::manual;

macro_rules! switches {
    ($( $name:ident $(($old:literal))? : $legacy:literal, $default:literal, $intended:literal, $about:literal $(, $heard:literal)?; )*) => {
        /// Which legacy behaviours are reproduced and which corrections are on. `docs/compat.md` is generated from this
        /// struct.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(clippy::struct_excessive_bools)]
        pub struct Compat { $( #[doc = $about] pub $name: bool, )* }

        impl Compat {
            /// Reproduces every recorded quirk, for parity tests and for old exports that must not change.
            pub const LEGACY: Self = Self { $( $name: $legacy, )* };
            /// Fixes what the specification marks *fix* and keeps what it marks *keep*.
            pub const DEFAULT: Self = Self { $( $name: $default, )* };
            /// `DEFAULT` plus the corrections that change how existing tracks sound.
            pub const INTENDED: Self = Self { $( $name: $intended, )* };
            /// All switches, in the order of the fields.
            pub const SWITCHES: &'static [Switch] = &[
                $( Switch {
                    name: stringify!($name),
                    names: &[stringify!($name) $(, $old)?],
                    legacy: $legacy,
                    default: $default,
                    intended: $intended,
                    about: manual($about),
                    heard: manual(concat!("" $(, $heard)?)),
                }, )*
            ];

            /// The value of the switch `name`.
            pub fn get(&self, name: &str) -> Option<bool> {
                match name { $( stringify!($name) => Some(self.$name), )* _ => None }
            }

            /// Sets one switch by its name or a former name. Returns false if no switch has that name.
            pub fn set(&mut self, name: &str, value: bool) -> bool {
                match name { $( stringify!($name) $(| $old)? => { self.$name = value; true } )* _ => false }
            }
        }
    };
}

/// One row of [`Compat::SWITCHES`].
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// Name of the field in [`Compat`].
    pub name: &'static str,
    /// The name, then a former name that is still accepted.
    pub names: &'static [&'static str],
    /// Value in the preset `"legacy"`.
    pub legacy: bool,
    /// Value by default.
    pub default: bool,
    /// Value in the preset `"intended"`.
    pub intended: bool,
    /// What the switch does when it is true.
    pub about: &'static str,
    /// What a listener hears of it.
    pub heard: &'static str,
}

switches! {
    align_phases: true, false, false, "Shift each step at a crossfade to the lag of the greatest correlation.", "Steps begin late or early, often with silence of up to a crossfade's length at their edges.";
    carry_end_phase: true, false, false, "Start a step at the phase of the end of the step before, not at that of the place where the two overlap.", "A dip or a bump in the level of a tone that goes on through a crossfade.";
    flat_envelopes: true, false, false, "Render `adsr` and `linen` volume envelopes as a constant.", "The envelope is missing, and voices begin and end with a click.";
    old_spellings_only: true, false, false, "Read clips and the background layer only in the old renderer's spelling (`path`, `start_time`, `gain`), not in the editor's (`file_path`, `start`, `amp`).", "Clips and layers from the editor are missing, or have the wrong position or level.";
    fade_only_crossfade: true, false, false, "When steps overlap longer than their fade, bring the old step back to full level after the fade.", "The old step returns suddenly after it has faded out.";
    truncate_implicit_steps: true, false, false, "Cut steps without a start that follow steps with a start at the end of the old buffer.", "The end of the track is missing.";
    fourier_resampling: true, false, false, "Resample audio files of up to ten minutes as one period of a periodic signal, not with a windowed sinc.", "A faint echo of the end of a file before its beginning, and the reverse.";
    background_fade_in_track_time: true, false, false, "Count the fade-in of the background layer from the start of the track, not of the layer.", "A layer that starts later begins abruptly.";
    unplaced_objects: true, false, false, "Place the steps of a track given as an object by their own crossfades, those of a file or text by the global one.", "The same track has other step times as an object than as a file.";
    silence_bad_voices: true, false, false, "Leave out a voice that cannot be rendered, with a warning, instead of refusing the track.", "That voice is missing.";
    text_is_true: true, false, false, "Count any text that is not empty as true, also `\"false\"`.", "Options that were switched off with a text are on.";
    exact_words: true, false, false, "Accept transition curves, `flangeShape` and `earPolarity` only exactly as they are listed: no blanks around, no capitals.", "A misspelt word has its default: a linear ramp, a sine sweep.";
    sam2_defaults: true, false, false, "Use the default for a parameter of `spatial_angle_modulation_sam2` that is not a number, instead of refusing it.", "Such a parameter has no effect.";
    skip_negative_steps: true, false, false, "Skip a step of negative length instead of refusing the track.", "That step is missing.";
    truncate_pcm: true, false, false, "Cut off the fraction when samples become integers, instead of rounding.", "About 6 dB more rounding noise, far below the sound (near -90 dB in 16 bits).";
    generic_noise_colours: true, false, false, "Take the general defaults (pink) for a noise colour that is given by name only, not its preset.", "Brown, blue and other named noises sound pink.";
    ignore_editor_spellings: true, false, false, "Ignore `start_baseFreq` and the like, which the voice editor writes for `monaural_beat_stereo_amps_transition`.", "The voice sounds at its default frequencies.";
    ignored_noise_parameters: true, false, false, "Ignore `noise_parameters` of noise voices; without `noise_type` they are pink.", "Noise has the wrong colour.";
    raw_noise_input: true, false, false, "Use the audio file of a noise voice at its own rate and length, not at those of the voice.", "The file plays too fast or too slow.";
    restart_repeated_voices: true, false, false, "Start a voice that the next step repeats unchanged, under the same `voice_id`, anew there, and crossfade it with itself.", "At the joint of two equal steps beats and pulses start again, and the level dips or swells.";
    long_exact_noise: true, false, false, "Filter noise of up to 2^25 frames (12.7 min at 44.1 kHz) as a whole, instead of 2^20.", "Nothing; the start takes longer and needs 1 GB.";
    recorded_hrtf: true, false, false, "Renderer `hrtf` as it was recorded: crossfades of equal power, responses that grow with the sample rate, transitions that stay at their static values, delays without a unit in seconds.", "A moving source swells by 3 dB at every change of the filter, a fast one by up to 27 dB; transitions do not move.";
    flanger_interpolation: false, false, true, "Interpolate the flanger's delay line correctly.", "The sweep is smooth; without it, it is rough.";
    flanger_feedback: false, false, true, "Let the flanger's feedback sound when the high-pass of its loop is off.", "Deeper, more resonant notches; without it `flangeFeedback` has no effect there.";
    flanger_spread: false, false, true, "Let `spread_deg` shift the sweep of the flanger's right channel in stereo mode 1.", "The sweep moves between the ears; without it both ears have the same sweep.";
    transition_timing ("qam_transition_timing"): false, false, true, "Let every transition, and its flanger, follow `initial_offset`, `transition_duration` (0: the rest of the step) and `transition_curve`.", "Transitions of QAM and spatial voices begin, end and bend where the track says; a length of 0 is a slow change instead of a jump.";
    integrate_rates: false, false, true, "Sum up the rates of LFOs and pulses that move in transitions, instead of multiplying them by the time or crossfading two rates.", "A rate from 10 to 4 Hz slows down to 4 Hz; without the switch it slows down to 0, rises to 2 and then jumps to 4.";
    lfo_start_phases: false, false, true, "Start the LFOs of transitions at the phases of the static voice.", "A static voice and a transition that follow each other start their LFOs alike.";
    moving_end_sweeps: false, false, true, "Move the sweep ranges of transition noise to their end values.", "Notches reach the end range; without it they stay in the start range.";
    true_spatial ("spatial_signs"): false, false, true, "Spatial stage: the time and level differences between the ears are those measured on a dummy head.", "A moving binaural sound is heard where its path says, on the right side and at every angle, and neither ear falls silent.";
    true_workbench: false, false, true, "Spatial workbench: scenes and paths mean what they say. Parameters that a voice does not state begin at the voice's own value, not at 0; curves shape gains; routing acts on voices without an entry; scene time follows the placement of steps; no two voices get one id by chance; transform, listener and speed law of a path count in `geometric`, and the carrier follows the scene there.", "Fades of parameters start at the pitch or the width that is heard, solo silences every other voice, and moved or turned paths are heard where they are drawn.";
    sam_per_sample: false, false, true, "`spatial_angle_modulation` turns its source with every sample instead of once per frame of 46 ms.", "Fast rotations, up to 40 turns a second and beyond, are heard as such instead of being smeared.";
    absolute_levels: false, false, true, "In a track without `normalization`, let voices sound at the amplitudes that they state, and keep the level of the mix in files.", "Steps keep their levels relative to each other: a quiet step stays quiet, and a fade to a low level is not followed by a jump.";
    full_band_noise: false, false, true, "Give noise its declared colour from 20 Hz to 20 kHz, independent ears, one level at any length, and other samples in every step.", "Noise reaches below 50 Hz and above 10 kHz and surrounds the head; dark noise neither thumps at the start nor is softer when it is short, and steps do not repeat it.";
    gliding_notches: false, false, true, "Move the notches of full-band noise frame by frame, instead of by crossfades between blocks of 93 ms.", "Fast sweeps are smooth, and notches are as deep and narrow while they move as at rest.";
    carry_all_phases: false, false, true, "Let voices of one id carry on the phases of all their oscillators (LFOs, pulses, modulation, rotation), not only of the carriers.", "Slow modulation and pulses keep their course from step to step.";
    glide_same_voice: false, false, true, "Where two steps meet that hold one voice under one `voice_id`, let its parameters glide over the fade, without a crossfade of the voice with itself; other voices fade with equal power if the track names no curve.", "A change of frequency between two steps is a glide, without false beats and without a swell or a dip.";
    smooth_pan_onset: false, false, true, "Pan with equal power without a step of 3 dB at the centre.", "A voice with a pan is as loud as one without; without it 3 dB softer at the centre.";
    smooth_jumps: false, false, true, "A jump of an `inward` or `outward` pan or of a SAM2 path takes 8 ms.", "No click in every cycle.";
    join_loops: false, false, true, "Crossfade the last 25 to 50 ms of a looped background recording into its start if it would click there.", "No click where the recording starts again.";
    band_limited: false, false, true, "Leave out tones above half the sample rate, with a warning, and keep the overtones of shaped and gated tones below it.", "No false tones: without it, what lies above half the sample rate is heard as another pitch below it.";
    no_hidden_clipping: false, false, true, "Monaural beats and noise voices are not cut off at full scale.", "Loud voices stay clean instead of distorted.";
    edge_fades_always: false, false, true, "A voice whose volume envelope does not begin or end at 0 is faded over 10 ms at that edge, a clip without a fade over 5 ms.", "No click where a voice with an envelope, or a clip, begins or ends.";
}

impl Default for Compat {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Compat {
    /// Names of the presets, in the order of the columns of [`Switch`].
    pub const PRESETS: [&'static str; 3] = ["legacy", "default", "intended"];

    /// The preset called `name` (`legacy`, `default` or `intended`), in any case; an empty name is `default`.
    ///
    /// ```
    /// use realtime_backend_core::compat::Compat;
    ///
    /// assert_eq!(Compat::preset("Intended"), Some(Compat::INTENDED));
    /// assert_eq!(Compat::preset("strict"), None);
    /// ```
    pub fn preset(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().as_str() {
            "legacy" => Some(Self::LEGACY),
            "default" | "" => Some(Self::DEFAULT),
            "intended" => Some(Self::INTENDED),
            _ => None,
        }
    }

    /// As [`preset`](Self::preset).
    ///
    /// # Errors
    /// An unknown name, with the presets that there are.
    ///
    /// ```
    /// use realtime_backend_core::compat::Compat;
    ///
    /// let error = Compat::named("legcy").unwrap_err();
    /// assert!(error.to_string().contains("did you mean \"legacy\"?"));
    /// ```
    pub fn named(name: &str) -> Result<Self> {
        Self::preset(name).ok_or_else(|| {
            let (known, hint) = (Self::PRESETS.join(", "), suggestion(name, Self::PRESETS));
            Error::invalid("", format!("expected one of {known}, got {name:?}{hint}"))
        })
    }

    /// Turn one switch on or off.
    ///
    /// # Errors
    /// An unknown name, which is the path of the error.
    ///
    /// ```
    /// use realtime_backend_core::compat::Compat;
    ///
    /// let mut rules = Compat::DEFAULT;
    /// rules.switch("integrate_rates", true)?;
    /// assert!(rules.integrate_rates);
    /// assert!(rules.switch("integrate_rate", true).is_err());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn switch(&mut self, name: &str, on: bool) -> Result<()> {
        if self.set(name, on) {
            return Ok(());
        }
        let hint = suggestion(name, Self::SWITCHES.iter().map(|switch| switch.name));
        Err(Error::invalid(name, format!("no such switch{hint}")))
    }
}
