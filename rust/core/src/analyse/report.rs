//! The results of an analysis. Their fields are the keys of the JSON that the command line writes; absent values are
//! null there.

use serde::Serialize;

/// What was measured of a whole track.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// Version of the engine.
    pub version: &'static str,
    /// SHA-256 of the track in the spelling in which it is saved.
    pub track_sha256: Option<String>,
    /// Frames per second.
    pub sample_rate: u32,
    /// Length in frames.
    pub frames: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// The seed that was given; absent if the seeds come from the track alone.
    pub seed: Option<u64>,
    /// Levels of the whole track.
    pub whole: Levels,
    /// The steps that sound, in the order of the track.
    pub steps: Vec<StepAnalysis>,
}

/// Levels of a stretch of the mix, before the final normalisation of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Levels {
    /// Integrated loudness (ITU-R BS.1770-4), LUFS; absent for silence and for less than 0.4 s.
    pub integrated_lufs: Option<f64>,
    /// Largest loudness within 3 s, LUFS; absent for less.
    pub short_term_max_lufs: Option<f64>,
    /// Loudness range (EBU Tech 3342), LU.
    pub loudness_range_lu: f64,
    /// True peak of both channels, dBTP.
    pub true_peak_dbtp: Option<f64>,
    /// Largest sample of both channels, dBFS.
    pub peak_dbfs: Option<f64>,
    /// Peak by RMS of the channel with the higher peak, dB. A sine has 3.01.
    pub crest_factor_db: Option<f64>,
    /// Mean of the left and the right channel, 1 is full scale.
    pub dc_offset: [f64; 2],
    /// Correlation of the channels, -1 to 1; absent if one is silent.
    pub interaural_correlation: Option<f64>,
    /// Loss of level when both channels are mixed to one, dB: 0 for equal channels, 3 for unrelated ones, at most 120.
    pub mono_loss_db: Option<f64>,
    /// A-weighted level of the left and the right channel (IEC 61672-1), dB relative to a sine of full scale and 1 kHz.
    pub a_weighted_dbfs: [Option<f64>; 2],
}

/// What was measured of one step: the mix from its start to its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepAnalysis {
    /// JSON path, such as `progression[2]`.
    pub path: String,
    /// Its label in the track.
    pub description: String,
    /// Start on the track, seconds.
    pub start: f64,
    /// End on the track, seconds.
    pub end: f64,
    /// Levels from start to end.
    pub levels: Levels,
    /// The strongest tones in the left ear in the middle of the step, the strongest first.
    pub left: Vec<Tone>,
    /// The same for the right ear.
    pub right: Vec<Tone>,
    /// The strongest beat of the strongest tones; absent if there is none.
    pub beat: Option<Beat>,
    /// The voices of the step that have a carrier.
    pub voices: Vec<VoiceTones>,
}

/// One tone of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tone {
    /// Frequency, Hz.
    pub hz: f64,
    /// Peak level, dBFS.
    pub dbfs: f64,
}

/// A beat as it was found in the sound, without knowledge of the voices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Beat {
    /// Frequency, Hz.
    pub hz: f64,
    /// `binaural`: difference of the tones in the two ears. `envelope`: changes of level. `phase`: changes of the phase
    /// between the ears.
    pub kind: &'static str,
}

/// Carrier and beat of one voice, declared and measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VoiceTones {
    /// JSON path, such as `progression[2].voices[0]`.
    pub path: String,
    /// Name of the voice.
    pub function: String,
    /// The middle of the step; for a voice that moves, also places near its start and its end.
    pub places: Vec<Place>,
}

/// Carrier and beat of a voice at one place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Place {
    /// The middle of the stretch that was measured, seconds on the track.
    pub at: f64,
    /// Length of that stretch, seconds.
    pub length: f64,
    /// By the parameters of the track.
    pub declared: Pair,
    /// In the sound. Absent values were not found, or the stretch is too short for them.
    pub measured: Pair,
    /// By how much the declared values change per second, Hz/s.
    pub slope: f64,
}

/// Carrier and beat. The beat is 0 or positive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct Pair {
    /// Carrier, Hz.
    pub carrier_hz: Option<f64>,
    /// Beat or modulation frequency, Hz.
    pub beat_hz: Option<f64>,
}
