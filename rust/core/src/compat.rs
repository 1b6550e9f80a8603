//! Deliberate differences from the legacy implementation: one struct of named switches holds all of them.

use crate::error::{Error, Result, suggestion};

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
                    about: $about,
                    heard: concat!("" $(, $heard)?),
                }, )*
            ];

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
    align_phases: true, false, false, "Shift each step at a crossfade to the lag of greatest correlation (may leave silence at step edges).";
    carry_end_phase: true, false, false, "Hand the carrier phase at the end of a step to the next one instead of the phase where the overlap begins.";
    flat_envelopes: true, false, false, "Render `adsr` and `linen` volume envelopes flat.";
    old_spellings_only: true, false, false, "Read clips and the background layer only in the old renderer's spelling (`path`, `start_time`, `gain`; not `file_path`, `start`, `amp`).";
    fade_only_crossfade: true, false, false, "When steps overlap longer than the fade, bring the old step back to full level after the fade.";
    truncate_implicit_steps: true, false, false, "Cut implicit steps that follow explicit starts at the old buffer limit.";
    fourier_resampling: true, false, false, "Resample clips and beds of up to ten minutes with the periodic Fourier method instead of a windowed sinc.";
    background_fade_in_track_time: true, false, false, "Count the background layer's fade-in from the start of the track instead of the layer.";
    unplaced_objects: true, false, false, "Steps of a track given as an object follow each other by their own crossfades; those of a file or text by the global one.";
    silence_bad_voices: true, false, false, "A voice with unusable parameters is silent instead of an error.";
    text_is_true: true, false, false, "Any text that is not empty is true where a flag is expected, also `\"false\"`.";
    exact_words: true, false, false, "Transition curves, `flangeShape` and `earPolarity` count only as they are written: no blanks around, no other case.";
    sam2_defaults: true, false, false, "In `spatial_angle_modulation_sam2` what is not a number takes its default instead of being an error.";
    skip_negative_steps: true, false, false, "Skip a step of negative length instead of refusing the track.";
    truncate_pcm: true, false, false, "Convert to integer samples by truncation instead of rounding.";
    generic_noise_colours: true, false, false, "Fill a noise colour given by name only with generic defaults (pink) instead of the named preset.";
    ignore_editor_spellings: true, false, false, "Ignore `start_baseFreq` and the like, which the voice editor writes for `monaural_beat_stereo_amps_transition`.";
    ignored_noise_parameters: true, false, false, "Noise voices do not look at `noise_parameters`; without `noise_type` they are pink.";
    raw_noise_input: true, false, false, "Use the audio file of a noise voice at its own rate and length instead of the voice's.";
    long_exact_noise: true, false, false, "Make noise as a whole signal up to 2^25 frames (12.7 min at 44.1 kHz: slow start, 1 GB) instead of 2^20.";
    flanger_interpolation: false, false, true, "Correct the flanger's delay-line interpolation.";
    flanger_feedback: false, false, true, "Let flanger feedback sound when the loop high-pass is off.";
    flanger_spread: false, false, true, "Let `spread_deg` offset the flanger's right channel in stereo mode 1.";
    qam_transition_timing: false, false, true, "`qam_beat_transition` follows offset, duration and curve instead of the whole length.";
    integrate_rates: false, false, true, "Integrate moving LFO rates in transitions instead of multiplying by time.";
    lfo_start_phases: false, false, true, "Give the LFOs of transitions the start phases that the static voice has.";
    moving_end_sweeps: false, false, true, "Move the sweep ranges of transition noise to their end values.";
    true_spatial ("spatial_signs"): false, false, true, "Spatial stage: the time and level differences between the ears are those measured on a dummy head.", "A moving binaural sound is heard where its path says, on the right side and at every angle, and neither ear falls silent.";
    sam_per_sample: false, false, true, "`spatial_angle_modulation` turns its source with every sample instead of once per frame of 46 ms.", "Fast rotations, up to 40 turns a second and beyond, are heard as such instead of being smeared.";
    absolute_levels: false, false, true, "Without a `normalization` in the track, voices sound at the amplitudes they state and files keep the level of the mix.", "Steps keep their levels relative to each other: a quiet step stays quiet, and a fade to a low level is not followed by a jump.";
    smooth_pan_onset: false, false, true, "Equal-power pan without the 3 dB step at the centre.";
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
    pub fn switch(&mut self, name: &str, on: bool) -> Result<()> {
        if self.set(name, on) {
            return Ok(());
        }
        let hint = suggestion(name, Self::SWITCHES.iter().map(|switch| switch.name));
        Err(Error::invalid(name, format!("no such switch{hint}")))
    }
}
