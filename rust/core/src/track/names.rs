//! All spellings of each field, the canonical one first (spec track-format 1 to 7).

use crate::json::fields::Names;

pub(super) const GLOBALS: Names = &["global", "global_settings", "globalSettings"];
pub(super) const STEPS: Names = &["progression", "steps"];
pub(super) const BACKGROUND: Names = &["background_noise", "noise"];
pub(super) const OVERLAY_CLIPS: Names = &["overlay_clips"];
pub(super) const CLIPS: Names = &["clips"];
pub(super) const SAM_SCENE: Names = &["sam_scene"];
/// Title, author, description and the like; kept with the track.
pub(super) const METADATA: Names = &["metadata"];

pub(super) const SAMPLE_RATE: Names = &["sample_rate", "sampleRate"];
pub(super) const CROSSFADE_DURATION: Names = &["crossfade_duration", "crossfadeDuration"];
pub(super) const CROSSFADE_CURVE: Names = &["crossfade_curve", "crossfadeCurve"];
pub(super) const CROSSFADE_OVERLAP: Names = &["crossfade_overlap"];
pub(super) const NORMALIZATION: Names = &["normalization"];
pub(super) const NORMALIZATION_LEVEL: Names = &["normalization_level"];
pub(super) const OUTPUT_FILENAME: Names = &["output_filename", "outputFilename"];
pub(super) const PRESERVE_LOUDNESS: Names = &["preserve_relative_step_loudness"];
pub(super) const COMPAT: Names = &["compat"];
/// Keys that are accepted and ignored: the editor writes them, but they never had an effect (spec assembly 6), or they
/// are performance hints that must not change the output.
pub(super) const GLOBAL_HINTS: Names = &[
    "continuity_max_db_step",
    "continuity_window_ms",
    "parallel_voices",
    "parallel_voices_max_workers",
    "parallel_max_memory_gb",
    "parallel_backend",
    "synthesis_chunk_samples",
];

pub(super) const DURATION: Names = &["duration", "Duration", "durationSeconds", "stepDuration"];
pub(super) const START: Names = &["start", "start_time"];
pub(super) const VOICES: Names = &["voices"];
pub(super) const DESCRIPTION: Names = &["description"];
pub(super) const BINAURAL_VOLUME: Names = &["binaural_volume"];
pub(super) const NOISE_VOLUME: Names = &["noise_volume"];
pub(super) const STEP_HINTS: Names = &[
    "parallel_voices",
    "parallel_voices_max_workers",
    "parallel_max_memory_gb",
    "parallel_backend",
    "noise_preset_id",
];

pub(super) const FUNCTION: Names = &["synth_function_name", "synthFunctionName", "synth_function"];
pub(super) const PARAMS: Names = &["params", "parameters"];
pub(super) const IS_TRANSITION: Names = &["is_transition", "isTransition"];
pub(super) const ENVELOPE: Names = &["volume_envelope", "volumeEnvelope"];
pub(super) const VOICE_TYPE: Names = &["voice_type"];
pub(super) const NAME: Names = &["name"];
pub(super) const IDS: Names = &["voice_id", "voiceId", "id", "uuid", "guid"];
pub(super) const SOURCE_ID: Names = &["sam_source_id"];
pub(super) const VOICE_HINTS: Names = &["category"];
/// Keys that renderers add to parameters for their own use; they do not belong in a track.
pub(super) const PRIVATE: Names = &["_sam_scene", "_sam_source_id", "_sam_scene_start_s"];

/// Parts of a spatial scene that older editors write into the parameters of any voice.
pub(super) const SCENE_PARTS: Names = &["samStages", "samModulation", "samRouting"];

pub(super) const CLIP_PATH: Names = &["file_path", "path", "file"];
pub(super) const CLIP_START: Names = &["start", "start_time"];
pub(super) const CLIP_GAIN: Names = &["amp", "gain"];
pub(super) const PAN: Names = &["pan"];
pub(super) const AM_RATE: Names = &["am_rate"];
pub(super) const AM_DEPTH: Names = &["am_depth"];
pub(super) const AM_DUTY: Names = &["am_duty"];
pub(super) const AM_PHASE: Names = &["am_phase"];
pub(super) const PAN_RATE: Names = &["pan_rate"];
pub(super) const PAN_WIDTH: Names = &["pan_width"];
pub(super) const PAN_PHASE: Names = &["pan_phase"];
pub(super) const SPIN_RATE: Names = &["spin_rate"];
pub(super) const SPIN_WIDTH: Names = &["spin_width"];
pub(super) const SPIN_PHASE: Names = &["spin_phase"];
pub(super) const FADE_IN: Names = &["fade_in"];
pub(super) const FADE_OUT: Names = &["fade_out"];
pub(super) const STREAMING: Names = &["streaming"];
pub(super) const CLIP_DURATION: Names = &["duration"];
pub(super) const CLIP_LOOP: Names = &["loop"];
pub(super) const LOOP_START: Names = &["loop_start"];
pub(super) const LOOP_END: Names = &["loop_end"];
pub(super) const SPATIAL: Names = &["spatial"];
pub(super) const CLIP_HINTS: Names = &["category"];

pub(super) const BACKGROUND_FILE: Names = &["file_path", "file", "params_path", "noise_file"];
pub(super) const BACKGROUND_PARAMS: Names = &["params"];
pub(super) const BACKGROUND_GAIN: Names = &["gain", "amp"];
pub(super) const BACKGROUND_START: Names = &["start_time", "start_time_seconds"];
pub(super) const AMP_ENVELOPE: Names = &["amp_envelope"];
/// Presets that a step of a session names.
pub(super) const PRESETS: Names = &["binaural_preset_id", "noise_preset_id"];
