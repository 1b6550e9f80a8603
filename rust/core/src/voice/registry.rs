//! The list of voice families. A new family is one file and one line here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::family::Family;
use super::param::{Kind, Param};
use super::params::Params;
use super::spatial::{scene, stage};
use super::{Context, Voice};
use crate::compat::Compat;
use crate::error::{Error, Problem, Result, similarity, suggestion};

/// Every family, in the order in which voices are listed.
pub const FAMILIES: &[&Family] = &[
    &super::families::binaural::FAMILY,
    &super::families::isochronic::FAMILY,
    &super::families::stereo_am::FAMILY,
    &super::families::wave_shape::STEREO_FAMILY,
    &super::families::wave_shape::RHYTHMIC_FAMILY,
    &super::families::monaural::FAMILY,
    &super::families::qam::FAMILY,
    &super::families::dual_pulse::FAMILY,
    &super::families::subliminal::FAMILY,
    &super::families::hybrid_qam::FAMILY,
    &super::families::sam_hrtf::FAMILY,
    &super::families::noise::swept_notch::FAMILY,
    &super::families::noise::generator::FAMILY,
    &super::families::steady_noise::FAMILY,
    &super::families::bell::FAMILY,
    &super::families::shaped_beat::FAMILY,
    &super::families::sam2::FAMILY,
    &super::families::sam_monaural::FAMILY,
    &super::families::click_train::FAMILY,
    &super::families::chirp_train::FAMILY,
];

const SUFFIX: &str = "_transition";

/// The family and the variant (`true` = transition) of the voice called `name`; `None` for an unknown name.
///
/// ```
/// use realtime_backend_core::voice::find;
///
/// let (family, transition) = find("binaural_beat_transition").expect("a known voice");
/// assert_eq!((family.name, transition), ("binaural_beat", true));
/// assert!(find("no_such_voice").is_none());
/// ```
pub fn find(name: &str) -> Option<(&'static Family, bool)> {
    let (base, transition) = name.strip_suffix(SUFFIX).map_or((name, false), |base| (base, true));
    FAMILIES.iter().find(|f| f.name == base && (f.transition || !transition)).map(|f| (*f, transition))
}

/// The longest cell of any family, in frames: rendering that many frames around a frame costs little more than
/// rendering that frame alone.
pub const fn longest_cell() -> u64 {
    let (mut longest, mut index) = (0, 0);
    while index < FAMILIES.len() {
        if FAMILIES[index].cell_frames > longest {
            longest = FAMILIES[index].cell_frames;
        }
        index += 1;
    }
    longest
}

/// All voice names, static before transition, in registry order.
///
/// ```
/// use realtime_backend_core::voice::names;
///
/// assert!(names().iter().any(|name| name == "isochronic_tone_transition"));
/// ```
pub fn names() -> Vec<String> {
    FAMILIES
        .iter()
        .flat_map(|f| std::iter::once(f.name.to_owned()).chain(f.transition.then(|| format!("{}{SUFFIX}", f.name))))
        .collect()
}

/// The names of all parameters that are audio files, of any voice, in alphabetical order.
pub fn file_params() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let rows = FAMILIES.iter().flat_map(|family| family.params.iter().copied().flatten());
        let names: BTreeSet<&str> =
            rows.filter(|row| matches!(row.kind, Kind::File | Kind::Files)).map(|row| row.name).collect();
        names.into_iter().collect()
    });
    &NAMES
}

/// The family and variant (`true` = transition) that a track means by `name` and its `is_transition` flag (spec
/// voice-pipeline 12.2).
///
/// # Errors
///
/// Returns the error of [`unknown`] if there is no such voice.
///
/// ```
/// use realtime_backend_core::voice::registry::resolve;
///
/// let (family, transition) = resolve("binaural_beat", true)?;
/// assert_eq!((family.name, transition), ("binaural_beat", true));
/// let error = resolve("binaural_beet", false).unwrap_err();
/// assert!(error.to_string().contains("did you mean \"binaural_beat\"?"));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn resolve(name: &str, is_transition: bool) -> Result<(&'static Family, bool)> {
    let wanted = match (is_transition, name.ends_with(SUFFIX)) {
        (true, false) => [format!("{name}{SUFFIX}"), name.to_owned()],
        (false, true) => [name.replace(SUFFIX, ""), name.to_owned()],
        _ => [name.to_owned(), name.to_owned()],
    };
    wanted.iter().find_map(|candidate| find(candidate)).ok_or_else(|| unknown(name))
}

/// The error for an unknown voice name. It suggests the nearest known name, or lists all families.
pub fn unknown(name: &str) -> Error {
    let all = names();
    let mut hint = suggestion(name, all.iter().map(String::as_str));
    if hint.is_empty() {
        hint = begins_like(name, &all).map(|known| format!("; did you mean \"{known}\"?")).unwrap_or_default();
    }
    if hint.is_empty() {
        let families: Vec<&str> = FAMILIES.iter().map(|family| family.name).collect();
        hint = format!("; known are {}", families.join(", "));
    }
    Error::invalid("", format!("unknown voice \"{name}\"{hint}"))
}

/// The shortest name whose first words are like `given`: `binaural_beat` for `binaral`.
fn begins_like<'a>(given: &str, all: &'a [String]) -> Option<&'a str> {
    let best = |name: &str| {
        let ends = name.match_indices('_').map(|(end, _)| end);
        ends.filter_map(|end| similarity(given, &name[..end])).max_by(f64::total_cmp).filter(|s| *s >= 0.7)
    };
    let rated = all.iter().filter_map(|name| Some((best(name)?, name)));
    rated.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.len().cmp(&a.1.len()))).map(|(_, name)| name.as_str())
}

/// Build a voice of `family` from raw parameters, and return it with the warnings.
///
/// # Errors
///
/// Returns [`Error::Invalid`] if a parameter that the voice reads is invalid.
///
/// ```
/// use realtime_backend_core::voice::registry::{build, find};
/// use realtime_backend_core::voice::{Block, Context};
/// use serde_json::json;
///
/// let (family, transition) = find("binaural_beat").expect("a known voice");
/// let params = json!({"baseFreq": 200.0, "beatFreq": 4.0});
/// let context = Context::new(1.0, 48_000.0);
/// let (mut voice, warnings) = build(family, transition, &context, params.as_object().expect("an object"))?;
/// assert!(warnings.is_empty());
/// let (mut left, mut right) = (vec![0.0; 480], vec![0.0; 480]);
/// voice.render(24_000, Block::new(&mut left, &mut right));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn build(
    family: &Family,
    transition: bool,
    context: &Context,
    params: &Map<String, Value>,
) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
    let default = |name: &str| {
        let row = family.rows(transition).find(|row| row.name == name && context.compat.true_workbench);
        row.map_or(0.0, Param::default_number)
    };
    let at = context.scene.as_ref();
    let params = at.map_or(Cow::Borrowed(params), |at| at.overridden(params, default));
    let reader = reader(family, transition, context.compat, &params);
    let voice = (family.build)(context, &reader)?;
    let voice = stage::staged(voice, family.is_noise(), context, &reader)?;
    Ok((scene::staged(voice, context), reader.into_warnings()))
}

/// The first name in `params` that the voice does not know, and a hint at the nearest one that it reads, if there is one.
///
/// ```
/// use realtime_backend_core::voice::registry;
/// use serde_json::json;
///
/// let (family, transition) = registry::find("binaural_beat").expect("a voice");
/// let params = json!({"baseFreq": 200.0, "beatFrq": 4.0});
/// let unknown = registry::unknown_parameter(family, transition, params.as_object().expect("a map"));
/// assert_eq!(unknown, Some(("beatFrq", "; did you mean \"beatFreq\"?".to_owned())));
/// ```
pub fn unknown_parameter<'a>(
    family: &Family,
    transition: bool,
    params: &'a Map<String, Value>,
) -> Option<(&'a str, String)> {
    reader(family, transition, Compat::DEFAULT, params).unknown()
}

/// A reader of the parameters of a voice.
pub(crate) fn reader<'a>(
    family: &Family,
    transition: bool,
    compat: Compat,
    params: &'a Map<String, Value>,
) -> Params<'a> {
    Params::new(params, family.params, transition, compat)
        .without(super::stages::spatial::TABLE)
        .accepting(family.also_written)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(name: &str, params: &Value) -> Vec<String> {
        let (family, transition) = find(name).unwrap();
        let (_, problems) = build(family, transition, &Context::new(0.1, 8000.0), params.as_object().unwrap()).unwrap();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn settings_of_a_missing_stage_warn_only_when_switched_on() {
        let every: Map<String, Value> = crate::voice::stages::spatial::TABLE
            .iter()
            .map(|row| (row.name.to_owned(), json!(row.min.max(0.0))))
            .collect();
        for name in names() {
            let found = said(&name, &Value::Object(every.clone()));
            assert!(!found.iter().any(|text| text.starts_with("spatial")), "{name}: {found:?}");
        }
        let on = said("isochronic_tone", &json!({"spatialEnable": true, "spatialRolloff": 2.0}));
        assert_eq!(on, ["spatialEnable: this voice has no such stage; ignored"]);
    }

    #[test]
    fn a_number_out_of_range_is_always_reported() {
        let params = |on: bool| json!({"spatialEnable": on, "spatialRolloff": 17});
        let off = said("binaural_beat", &params(false));
        assert_eq!(off, ["spatialRolloff: expected a number between 0 and 16, got 17; it is not used"]);
        let (family, transition) = find("binaural_beat").unwrap();
        let on = params(true);
        assert!(build(family, transition, &Context::new(0.1, 8000.0), on.as_object().unwrap()).is_err());
    }

    #[test]
    fn keys_of_a_noise_preset_cause_no_warnings() {
        let preset = |fade: f64| {
            json!({
                "duration_seconds": 60.0, "sample_rate": 44100, "lfo_waveform": "sine", "transition": false,
                "lfo_freq": 0.0415, "start_lfo_freq": 0.0415, "end_lfo_freq": 0.0833,
                "sweeps": [{"start_min": 100, "start_max": 2000, "start_q": 25, "start_casc": 10,
                            "end_min": 1000, "end_max": 3000, "end_q": 25, "end_casc": 10}],
                "noise_parameters": {"name": "Green 2", "exponent": 0.8, "high_exponent": 1.75, "lowcut": 50,
                                     "highcut": 800, "distribution_curve": 1.0, "amplitude": 0.85, "seed": 1},
                "start_lfo_phase_offset_deg": 0, "end_lfo_phase_offset_deg": 0, "start_intra_phase_offset_deg": 0,
                "end_intra_phase_offset_deg": 0, "initial_offset": 0.0, "input_audio_path": "", "start_time": 0.0,
                "fade_in": fade, "fade_out": 0.0, "amp_envelope": [], "static_notches": [],
            })
        };
        for name in names().iter().filter(|name| name.starts_with("noise")) {
            // the track loader removes the sample rate
            let mut params = preset(0.0);
            params.as_object_mut().unwrap().shift_remove("sample_rate");
            assert_eq!(said(name, &params), [""; 0], "{name}");
        }
        let mut params = preset(2.0);
        params.as_object_mut().unwrap().shift_remove("sample_rate");
        let found = said("noise_swept_notch", &params);
        assert_eq!(found, ["fade_in: kept with the voice, but not heard: the voice does not read it"]);
    }

    #[test]
    fn a_misspelt_name_is_reported() {
        let found = said("isochronic_tone", &json!({"spatialRollof": 1.0, "baseFrq": 100.0}));
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("spatialRollof: unknown parameter, ignored"), "{}", found[0]);
        assert_eq!(found[1], "baseFrq: unknown parameter, ignored; did you mean \"baseFreq\"?");
    }
}
