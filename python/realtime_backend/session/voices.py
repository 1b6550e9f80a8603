"""Constructors of all voices, with parameters that are completed and checked.

Generated from the table that parses the parameters: `python scripts/session_voices.py`.

A parameter that is left out has the engine's default. One of type `Number` takes a constant or a pair: the values at
the start and the end of the step (or of `ramp`), which makes the voice the moving form, in which everything else stays
where it is. The constructors named `...Transition` take the ends of every ramp by their own names instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from .voice import Voice, build, flanger_params, spatial_params

if TYPE_CHECKING:
    from .envelopes import Envelope
    from .voice import Number, Ramp

__all__ = [
    "Bell",
    "BinauralBeat",
    "BinauralBeatTransition",
    "ChirpTrain",
    "ChirpTrainTransition",
    "ClickTrain",
    "ClickTrainTransition",
    "DualPulseBinaural",
    "DualPulseBinauralTransition",
    "Flanger",
    "HybridQamMonauralBeat",
    "HybridQamMonauralBeatTransition",
    "IsochronicTone",
    "IsochronicToneTransition",
    "MonauralBeatStereoAmps",
    "MonauralBeatStereoAmpsTransition",
    "NoiseGenerator",
    "NoiseGeneratorTransition",
    "NoiseSweptNotch",
    "NoiseSweptNotchTransition",
    "QamBeat",
    "QamBeatTransition",
    "RhythmicWaveshaping",
    "RhythmicWaveshapingTransition",
    "ShapedBeat",
    "ShapedBeatTransition",
    "Spatial",
    "SpatialAngleModulation",
    "SpatialAngleModulationMonauralBeat",
    "SpatialAngleModulationMonauralBeatTransition",
    "SpatialAngleModulationSam2",
    "SpatialAngleModulationSam2Transition",
    "SpatialAngleModulationTransition",
    "SteadyNoise",
    "SteadyNoiseTransition",
    "StereoAmIndependent",
    "StereoAmIndependentTransition",
    "SubliminalEncode",
    "WaveShapeStereoAm",
    "WaveShapeStereoAmTransition",
]


def Flanger(
    *,
    delay_ms: float | None = None,
    depth_ms: float | None = None,
    rate_hz: float | None = None,
    shape: Literal["sine", "triangle"] | None = None,
    feedback: float | None = None,
    mix: float | None = None,
    loop_lpf_hz: float | None = None,
    loop_hpf_hz: float | None = None,
    stereo_mode: int | None = None,
    spread_deg: float | None = None,
    delay_law: int | None = None,
    interp: int | None = None,
    min_delay_ms: float | None = None,
    max_delay_ms: float | None = None,
    loudness_mode: int | None = None,
    loudness_tc_ms: float | None = None,
    loudness_min_gain: float | None = None,
    loudness_max_gain: float | None = None,
    dezipper_delay_ms: float | None = None,
    dezipper_depth_ms: float | None = None,
    dezipper_rate_ms: float | None = None,
    dezipper_feedback_ms: float | None = None,
    dezipper_wet_ms: float | None = None,
    dezipper_filter_ms: float | None = None,
) -> dict[str, Any]:
    """A flanger behind a voice, for its argument `flanger`.

    Args:
        delay_ms: Centre delay. (ms, at least -10000, at most 10000, default 1.2)
        depth_ms: Excursion of the delay. (ms, at least -10000, at most 10000, default 0.6)
        rate_hz: Rate of the sweep. (Hz, default 0.12)
        shape: Shape of the sweep. (default sine)
        feedback: Feedback, kept in -1..1; silent while the loop's high-pass is at 0 (see compat). (default 0.5)
        mix: Level of the delayed signal; the direct one stays at 1. (default 0.3)
        loop_lpf_hz: Low-pass in the feedback loop; 0 mutes the loop. (Hz, default 7000.0)
        loop_hpf_hz: High-pass in the feedback loop. (Hz, default 0.0)
        stereo_mode: 0 linked, 1 spread, 2 mid only, 3 side only. (default 0.0)
        spread_deg: Sweep offset of the right channel in stereo mode 1 (see compat). (deg, default 0.0)
        delay_law: What moves evenly: 0 the delay, 1 its reciprocal, 2 its logarithm. (default 0.0)
        interp: Interpolation of the delay line: 0 two taps, 1 four taps. (default 0.0)
        min_delay_ms: Shortest delay. (ms, at least -10000, at most 10000, default 0.25)
        max_delay_ms: Longest delay. (ms, at least -10000, at most 10000, default 8.0)
        loudness_mode: 0 off, otherwise match the loudness of the input. (default 1.0)
        loudness_tc_ms: Time constant of the loudness match. (ms, at least -10000, at most 10000, default 80.0)
        loudness_min_gain: Smallest gain of the loudness match. (default 0.5)
        loudness_max_gain: Largest gain of the loudness match. (default 2.0)
        dezipper_delay_ms: Smoothing of changes; without effect in a render. (ms, at least -10000, at most 10000,
            default 30.0)
        dezipper_depth_ms: Smoothing of changes; without effect in a render. (ms, at least -10000, at most 10000,
            default 30.0)
        dezipper_rate_ms: Smoothing of changes; without effect in a render. (ms, at least -10000, at most 10000,
            default 200.0)
        dezipper_feedback_ms: Smoothing of changes; without effect in a render. (ms, at least -10000, at most 10000,
            default 30.0)
        dezipper_wet_ms: Smoothing of changes; without effect in a render. (ms, at least -10000, at most 10000, default
            40.0)
        dezipper_filter_ms: Smoothing of changes; without effect in a render. (ms, at least -10000, at most 10000,
            default 60.0)
    """
    return flanger_params(locals())


def Spatial(
    *,
    renderer_mode: Literal["hrtf", "geometric"] | None = None,
    canonical_trajectory: Mapping[str, Any] | None = None,
    azimuth_deg: float | None = None,
    elevation_deg: float | None = None,
    distance_m: float | None = None,
    channels: Literal["ears", "mid"] | None = None,
    distance_law: Literal["inverse", "inverse_square", "none"] | None = None,
    reference_distance_m: float | None = None,
    minimum_distance_m: float | None = None,
    maximum_distance_m: float | None = None,
    doppler_enabled: bool | None = None,
    hrtf_asset: str | None = None,
    hrtf_asset_hash: str | None = None,
    hrtf_options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A place or a path of a voice or a clip, for its argument `spatial`.

    Args:
        renderer_mode: ``hrtf``, through the responses of a head, or ``geometric``, two ears in a free field. (default
            hrtf)
        canonical_trajectory: Path of the source: ``geometry``, ``traversal``, ...; absent: it stays at the place
            below.
        azimuth_deg: Direction of a source without a path, to the left of the front. (deg, at least -180, at most 180,
            default 0.0)
        elevation_deg: Its elevation. (deg, at least -90, at most 90, default 0.0)
        distance_m: Its distance. (m, at least 1e-06, default 1.0)
        channels: ``ears``: each ear hears its own channel of the voice from there; ``mid``: both hear the mean of the
            channels. Absent: ``mid`` for noise and clips, else ``ears``. (default ears)
        distance_law: How the level falls with the distance. (default inverse)
        reference_distance_m: Distance at which the level is that of the voice. (m, at least 1e-06, default 1.0)
        minimum_distance_m: Nearer sources are not louder. (m, at least 1e-06, default 0.15)
        maximum_distance_m: Farther sources are not softer. (m, at least 1e-06, default 100.0)
        doppler_enabled: Whether sound takes its time from the source, so that the pitch follows the motion. (default
            True)
        hrtf_asset: Responses of the listener: a SOFA file (SimpleFreeFieldHRIR) or an ``.hrir.npz`` file; absent: a
            dummy head.
        hrtf_asset_hash: SHA-256 of that file, hexadecimal; another file is refused.
        hrtf_options: Settings of the renderer ``hrtf``: ``interpolation``, ``delayPolicy``, ``crossfadeMs``,
            ``controlIntervalSamples``.
    """
    return spatial_params(locals())


def BinauralBeat(
    *,
    base_freq: Number | None = None,
    beat_freq: Number | None = None,
    left_high: bool | None = None,
    freq_osc_shape: Literal["sine", "triangle"] | None = None,
    amp_l: Number | None = None,
    amp_r: Number | None = None,
    start_phase_l: Number | None = None,
    start_phase_r: Number | None = None,
    oscillator_phases: Any = None,
    amp_osc_depth_l: Number | None = None,
    amp_osc_depth_r: Number | None = None,
    amp_osc_freq_l: Number | None = None,
    amp_osc_freq_r: Number | None = None,
    amp_osc_phase_offset_l: Number | None = None,
    amp_osc_phase_offset_r: Number | None = None,
    amp_osc_skew_l: Number | None = None,
    amp_osc_skew_r: Number | None = None,
    freq_osc_range_l: Number | None = None,
    freq_osc_range_r: Number | None = None,
    freq_osc_freq_l: Number | None = None,
    freq_osc_freq_r: Number | None = None,
    freq_osc_phase_offset_l: Number | None = None,
    freq_osc_phase_offset_r: Number | None = None,
    freq_osc_skew_l: Number | None = None,
    freq_osc_skew_r: Number | None = None,
    phase_osc_freq: Number | None = None,
    phase_osc_range: Number | None = None,
    equal_loudness_phon: float | None = None,
    pan: Number | None = None,
    pan_range_min: Number | None = None,
    pan_range_max: Number | None = None,
    pan_type: Literal["linear", "inward", "outward"] | None = None,
    pan_freq: Number | None = None,
    pan_phase: Number | None = None,
    glitch_interval: Number | None = None,
    glitch_dur: Number | None = None,
    glitch_noise_level: Number | None = None,
    glitch_focus_width: Number | None = None,
    glitch_focus_exp: Number | None = None,
    spatial_enable: bool | None = None,
    spatial_trajectory: Any = None,
    spatial_use_ild: float | None = None,
    spatial_ear_angle_deg: float | None = None,
    spatial_head_radius_m: float | None = None,
    spatial_itd_scale: float | None = None,
    spatial_ild_max_db: float | None = None,
    spatial_ild_xover_hz: float | None = None,
    spatial_ref_distance_m: float | None = None,
    spatial_rolloff: float | None = None,
    spatial_hf_roll_db_per_m: float | None = None,
    spatial_dezipper_theta_ms: float | None = None,
    spatial_dezipper_dist_ms: float | None = None,
    spatial_decoder: Literal["itd_head", "foa_cardioid"] | None = None,
    spatial_min_distance_m: float | None = None,
    spatial_max_deg_per_s: float | None = None,
    spatial_max_delay_step_samples: float | None = None,
    spatial_interp: float | None = None,
    spatial_use_itd_ild: bool | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``binaural_beat``.

    Two sine carriers, one per ear, a beat frequency apart, with vibrato, tremolo, interaural phase and pan.

    Args:
        base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz, default 200.0)
        beat_freq: Difference of the two carriers. (Hz, default 4.0)
        left_high: The left ear gets the higher carrier. (default False)
        freq_osc_shape: Shape of the vibrato. (default sine)
        amp_l: Amplitude of the left ear. (default 0.5)
        amp_r: Amplitude of the right ear. (default 0.5)
        start_phase_l: Phase of the left carrier at the start. (rad, default 0.0)
        start_phase_r: Phase of the right carrier at the start. (rad, default 0.0)
        oscillator_phases: Carried phases {left, right} in radians; they replace the start phases.
        amp_osc_depth_l: Tremolo depth, left (0 none, 1 full). (default 0.0)
        amp_osc_depth_r: Tremolo depth, right. (default 0.0)
        amp_osc_freq_l: Tremolo rate, left. (Hz, default 0.0)
        amp_osc_freq_r: Tremolo rate, right. (Hz, default 0.0)
        amp_osc_phase_offset_l: Tremolo phase, left. (rad, default 0.0)
        amp_osc_phase_offset_r: Tremolo phase, right. (rad, default 0.0)
        amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half. (default 0.0)
        amp_osc_skew_r: Tremolo skew, right. (default 0.0)
        freq_osc_range_l: Vibrato range, left, peak to peak. (Hz, default 0.0)
        freq_osc_range_r: Vibrato range, right, peak to peak. (Hz, default 0.0)
        freq_osc_freq_l: Vibrato rate, left. (Hz, default 0.0)
        freq_osc_freq_r: Vibrato rate, right. (Hz, default 0.0)
        freq_osc_phase_offset_l: Vibrato phase, left. (rad, default 0.0)
        freq_osc_phase_offset_r: Vibrato phase, right. (rad, default 0.0)
        freq_osc_skew_l: Vibrato skew, left. (default 0.0)
        freq_osc_skew_r: Vibrato skew, right. (default 0.0)
        phase_osc_freq: Rate of the interaural phase oscillation. (Hz, default 0.0)
        phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad, default 0.0)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        pan: Position, -1 left to 1 right; the default of both range ends. (default 0.0)
        pan_range_min: One end of the pan movement; absent: ``pan``.
        pan_range_max: Other end of the pan movement; absent: ``pan``.
        pan_type: Movement: sine, or a sweep per cycle. (default linear)
        pan_freq: Rate of the pan movement. (Hz, default 0.0)
        pan_phase: Phase of the pan movement at the start. (rad, default 0.0)
        glitch_interval: Time between noise bursts; 0: none. Only in the transition. (s, default 0.0)
        glitch_dur: Length of a noise burst. (s, default 0.0)
        glitch_noise_level: Peak of a noise burst. (default 0.0)
        glitch_focus_width: Width of the band around the carrier; 0: white. (Hz, default 0.0)
        glitch_focus_exp: Steepness of the band's edges (2: a Gaussian). (default 0.0)
        spatial_enable: Move the sound around the head. (default False)
        spatial_trajectory: List of path segments {mode, seconds, start_deg, ..., distance_m}.
        spatial_use_ild: Level difference between the ears (0 off). (default 1.0)
        spatial_ear_angle_deg: Angle of the ears' cardioids (decoder ``foa_cardioid``; not under ``true_spatial``).
            (deg, default 30.0)
        spatial_head_radius_m: Radius of the head. (m, default 0.0875)
        spatial_itd_scale: Factor on the time difference between the ears. (default 1.0)
        spatial_ild_max_db: Largest level difference between the ears; under ``true_spatial`` only 0 matters: none.
            (dB, default 1.5)
        spatial_ild_xover_hz: Kept with the file; has no effect. (Hz, default 700.0)
        spatial_ref_distance_m: Distance at which the level is 1. (m, at least 0.001, at most 10000, default 1.0)
        spatial_rolloff: Exponent of the level over distance. (at least 0, at most 16, default 1.0)
        spatial_hf_roll_db_per_m: Extra loss with distance (decoder ``foa_cardioid``). (dB/m, default 0.0)
        spatial_dezipper_theta_ms: Smoothing of the azimuth. (ms, default 60.0)
        spatial_dezipper_dist_ms: Smoothing of the distance. (ms, default 80.0)
        spatial_decoder: How the ears are fed. (default itd_head)
        spatial_min_distance_m: Smallest distance (decoder ``itd_head``). (m, default 0.1)
        spatial_max_deg_per_s: Fastest turn (decoder ``itd_head``). (deg/s, default 90.0)
        spatial_max_delay_step_samples: Fastest change of the delay per frame (decoder ``itd_head``; not under
            ``true_spatial``). (frames, default 0.02)
        spatial_interp: Delay interpolation: 0 linear, else four taps (decoder ``itd_head``; not under
            ``true_spatial``). (default 1.0)
        spatial_use_itd_ild: Kept with the file; has no effect. (default True)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("binaural_beat", locals())


def BinauralBeatTransition(
    *,
    start_base_freq: float | None = None,
    end_base_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    left_high: bool | None = None,
    freq_osc_shape: Literal["sine", "triangle"] | None = None,
    start_amp_l: float | None = None,
    end_amp_l: float | None = None,
    start_amp_r: float | None = None,
    end_amp_r: float | None = None,
    start_start_phase_l: float | None = None,
    end_start_phase_l: float | None = None,
    start_start_phase_r: float | None = None,
    end_start_phase_r: float | None = None,
    oscillator_phases: Any = None,
    start_amp_osc_depth_l: float | None = None,
    end_amp_osc_depth_l: float | None = None,
    start_amp_osc_depth_r: float | None = None,
    end_amp_osc_depth_r: float | None = None,
    start_amp_osc_freq_l: float | None = None,
    end_amp_osc_freq_l: float | None = None,
    start_amp_osc_freq_r: float | None = None,
    end_amp_osc_freq_r: float | None = None,
    start_amp_osc_phase_offset_l: float | None = None,
    end_amp_osc_phase_offset_l: float | None = None,
    start_amp_osc_phase_offset_r: float | None = None,
    end_amp_osc_phase_offset_r: float | None = None,
    start_amp_osc_skew_l: float | None = None,
    end_amp_osc_skew_l: float | None = None,
    start_amp_osc_skew_r: float | None = None,
    end_amp_osc_skew_r: float | None = None,
    start_freq_osc_range_l: float | None = None,
    end_freq_osc_range_l: float | None = None,
    start_freq_osc_range_r: float | None = None,
    end_freq_osc_range_r: float | None = None,
    start_freq_osc_freq_l: float | None = None,
    end_freq_osc_freq_l: float | None = None,
    start_freq_osc_freq_r: float | None = None,
    end_freq_osc_freq_r: float | None = None,
    start_freq_osc_phase_offset_l: float | None = None,
    end_freq_osc_phase_offset_l: float | None = None,
    start_freq_osc_phase_offset_r: float | None = None,
    end_freq_osc_phase_offset_r: float | None = None,
    start_freq_osc_skew_l: float | None = None,
    end_freq_osc_skew_l: float | None = None,
    start_freq_osc_skew_r: float | None = None,
    end_freq_osc_skew_r: float | None = None,
    start_phase_osc_freq: float | None = None,
    end_phase_osc_freq: float | None = None,
    start_phase_osc_range: float | None = None,
    end_phase_osc_range: float | None = None,
    equal_loudness_phon: float | None = None,
    start_pan: float | None = None,
    end_pan: float | None = None,
    start_pan_range_min: float | None = None,
    end_pan_range_min: float | None = None,
    start_pan_range_max: float | None = None,
    end_pan_range_max: float | None = None,
    start_pan_type: Literal["linear", "inward", "outward"] | None = None,
    end_pan_type: Literal["linear", "inward", "outward"] | None = None,
    start_pan_freq: float | None = None,
    end_pan_freq: float | None = None,
    start_pan_phase: float | None = None,
    end_pan_phase: float | None = None,
    start_glitch_interval: float | None = None,
    end_glitch_interval: float | None = None,
    start_glitch_dur: float | None = None,
    end_glitch_dur: float | None = None,
    start_glitch_noise_level: float | None = None,
    end_glitch_noise_level: float | None = None,
    start_glitch_focus_width: float | None = None,
    end_glitch_focus_width: float | None = None,
    start_glitch_focus_exp: float | None = None,
    end_glitch_focus_exp: float | None = None,
    spatial_enable: bool | None = None,
    spatial_trajectory: Any = None,
    spatial_use_ild: float | None = None,
    spatial_ear_angle_deg: float | None = None,
    spatial_head_radius_m: float | None = None,
    spatial_itd_scale: float | None = None,
    spatial_ild_max_db: float | None = None,
    spatial_ild_xover_hz: float | None = None,
    spatial_ref_distance_m: float | None = None,
    spatial_rolloff: float | None = None,
    spatial_hf_roll_db_per_m: float | None = None,
    spatial_dezipper_theta_ms: float | None = None,
    spatial_dezipper_dist_ms: float | None = None,
    spatial_decoder: Literal["itd_head", "foa_cardioid"] | None = None,
    spatial_min_distance_m: float | None = None,
    spatial_max_deg_per_s: float | None = None,
    spatial_max_delay_step_samples: float | None = None,
    spatial_interp: float | None = None,
    spatial_use_itd_ild: bool | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``binaural_beat_transition``.

    Two sine carriers, one per ear, a beat frequency apart, with vibrato, tremolo, interaural phase and pan.

    Args:
        start_base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz, default 200.0)
        end_base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz)
        start_beat_freq: Difference of the two carriers. (Hz, default 4.0)
        end_beat_freq: Difference of the two carriers. (Hz)
        left_high: The left ear gets the higher carrier. (default False)
        freq_osc_shape: Shape of the vibrato. (default sine)
        start_amp_l: Amplitude of the left ear. (default 0.5)
        end_amp_l: Amplitude of the left ear.
        start_amp_r: Amplitude of the right ear. (default 0.5)
        end_amp_r: Amplitude of the right ear.
        start_start_phase_l: Phase of the left carrier at the start. (rad, default 0.0)
        end_start_phase_l: Phase of the left carrier at the start. (rad)
        start_start_phase_r: Phase of the right carrier at the start. (rad, default 0.0)
        end_start_phase_r: Phase of the right carrier at the start. (rad)
        oscillator_phases: Carried phases {left, right} in radians; they replace the start phases.
        start_amp_osc_depth_l: Tremolo depth, left (0 none, 1 full). (default 0.0)
        end_amp_osc_depth_l: Tremolo depth, left (0 none, 1 full).
        start_amp_osc_depth_r: Tremolo depth, right. (default 0.0)
        end_amp_osc_depth_r: Tremolo depth, right.
        start_amp_osc_freq_l: Tremolo rate, left. (Hz, default 0.0)
        end_amp_osc_freq_l: Tremolo rate, left. (Hz)
        start_amp_osc_freq_r: Tremolo rate, right. (Hz, default 0.0)
        end_amp_osc_freq_r: Tremolo rate, right. (Hz)
        start_amp_osc_phase_offset_l: Tremolo phase, left. (rad, default 0.0)
        end_amp_osc_phase_offset_l: Tremolo phase, left. (rad)
        start_amp_osc_phase_offset_r: Tremolo phase, right. (rad, default 0.0)
        end_amp_osc_phase_offset_r: Tremolo phase, right. (rad)
        start_amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half. (default 0.0)
        end_amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half.
        start_amp_osc_skew_r: Tremolo skew, right. (default 0.0)
        end_amp_osc_skew_r: Tremolo skew, right.
        start_freq_osc_range_l: Vibrato range, left, peak to peak. (Hz, default 0.0)
        end_freq_osc_range_l: Vibrato range, left, peak to peak. (Hz)
        start_freq_osc_range_r: Vibrato range, right, peak to peak. (Hz, default 0.0)
        end_freq_osc_range_r: Vibrato range, right, peak to peak. (Hz)
        start_freq_osc_freq_l: Vibrato rate, left. (Hz, default 0.0)
        end_freq_osc_freq_l: Vibrato rate, left. (Hz)
        start_freq_osc_freq_r: Vibrato rate, right. (Hz, default 0.0)
        end_freq_osc_freq_r: Vibrato rate, right. (Hz)
        start_freq_osc_phase_offset_l: Vibrato phase, left. (rad, default 0.0)
        end_freq_osc_phase_offset_l: Vibrato phase, left. (rad)
        start_freq_osc_phase_offset_r: Vibrato phase, right. (rad, default 0.0)
        end_freq_osc_phase_offset_r: Vibrato phase, right. (rad)
        start_freq_osc_skew_l: Vibrato skew, left. (default 0.0)
        end_freq_osc_skew_l: Vibrato skew, left.
        start_freq_osc_skew_r: Vibrato skew, right. (default 0.0)
        end_freq_osc_skew_r: Vibrato skew, right.
        start_phase_osc_freq: Rate of the interaural phase oscillation. (Hz, default 0.0)
        end_phase_osc_freq: Rate of the interaural phase oscillation. (Hz)
        start_phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad, default 0.0)
        end_phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        start_pan: Position, -1 left to 1 right; the default of both range ends. (default 0.0)
        end_pan: Position, -1 left to 1 right; the default of both range ends.
        start_pan_range_min: One end of the pan movement; absent: ``pan``.
        end_pan_range_min: One end of the pan movement; absent: ``pan``.
        start_pan_range_max: Other end of the pan movement; absent: ``pan``.
        end_pan_range_max: Other end of the pan movement; absent: ``pan``.
        start_pan_type: Movement: sine, or a sweep per cycle. (default linear)
        end_pan_type: Movement: sine, or a sweep per cycle.
        start_pan_freq: Rate of the pan movement. (Hz, default 0.0)
        end_pan_freq: Rate of the pan movement. (Hz)
        start_pan_phase: Phase of the pan movement at the start. (rad, default 0.0)
        end_pan_phase: Phase of the pan movement at the start. (rad)
        start_glitch_interval: Time between noise bursts; 0: none. Only in the transition. (s, default 0.0)
        end_glitch_interval: Time between noise bursts; 0: none. Only in the transition. (s)
        start_glitch_dur: Length of a noise burst. (s, default 0.0)
        end_glitch_dur: Length of a noise burst. (s)
        start_glitch_noise_level: Peak of a noise burst. (default 0.0)
        end_glitch_noise_level: Peak of a noise burst.
        start_glitch_focus_width: Width of the band around the carrier; 0: white. (Hz, default 0.0)
        end_glitch_focus_width: Width of the band around the carrier; 0: white. (Hz)
        start_glitch_focus_exp: Steepness of the band's edges (2: a Gaussian). (default 0.0)
        end_glitch_focus_exp: Steepness of the band's edges (2: a Gaussian).
        spatial_enable: Move the sound around the head. (default False)
        spatial_trajectory: List of path segments {mode, seconds, start_deg, ..., distance_m}.
        spatial_use_ild: Level difference between the ears (0 off). (default 1.0)
        spatial_ear_angle_deg: Angle of the ears' cardioids (decoder ``foa_cardioid``; not under ``true_spatial``).
            (deg, default 30.0)
        spatial_head_radius_m: Radius of the head. (m, default 0.0875)
        spatial_itd_scale: Factor on the time difference between the ears. (default 1.0)
        spatial_ild_max_db: Largest level difference between the ears; under ``true_spatial`` only 0 matters: none.
            (dB, default 1.5)
        spatial_ild_xover_hz: Kept with the file; has no effect. (Hz, default 700.0)
        spatial_ref_distance_m: Distance at which the level is 1. (m, at least 0.001, at most 10000, default 1.0)
        spatial_rolloff: Exponent of the level over distance. (at least 0, at most 16, default 1.0)
        spatial_hf_roll_db_per_m: Extra loss with distance (decoder ``foa_cardioid``). (dB/m, default 0.0)
        spatial_dezipper_theta_ms: Smoothing of the azimuth. (ms, default 60.0)
        spatial_dezipper_dist_ms: Smoothing of the distance. (ms, default 80.0)
        spatial_decoder: How the ears are fed. (default itd_head)
        spatial_min_distance_m: Smallest distance (decoder ``itd_head``). (m, default 0.1)
        spatial_max_deg_per_s: Fastest turn (decoder ``itd_head``). (deg/s, default 90.0)
        spatial_max_delay_step_samples: Fastest change of the delay per frame (decoder ``itd_head``; not under
            ``true_spatial``). (frames, default 0.02)
        spatial_interp: Delay interpolation: 0 linear, else four taps (decoder ``itd_head``; not under
            ``true_spatial``). (default 1.0)
        spatial_use_itd_ild: Kept with the file; has no effect. (default True)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("binaural_beat_transition", locals())


def IsochronicTone(
    *,
    base_freq: Number | None = None,
    beat_freq: Number | None = None,
    force_mono: Number | None = None,
    ramp_percent: Number | None = None,
    gap_percent: Number | None = None,
    harmonic_suppression: Number | None = None,
    attack_ms: Number | None = None,
    hold_ms: Number | None = None,
    release_ms: Number | None = None,
    shape: Literal["linear", "raised_cosine", "exponential"] | None = None,
    modulation_depth: Number | None = None,
    amp_l: Number | None = None,
    amp_r: Number | None = None,
    start_phase_l: Number | None = None,
    start_phase_r: Number | None = None,
    oscillator_phases: Any = None,
    amp_osc_depth_l: Number | None = None,
    amp_osc_depth_r: Number | None = None,
    amp_osc_freq_l: Number | None = None,
    amp_osc_freq_r: Number | None = None,
    amp_osc_phase_offset_l: Number | None = None,
    amp_osc_phase_offset_r: Number | None = None,
    amp_osc_skew_l: Number | None = None,
    amp_osc_skew_r: Number | None = None,
    freq_osc_range_l: Number | None = None,
    freq_osc_range_r: Number | None = None,
    freq_osc_freq_l: Number | None = None,
    freq_osc_freq_r: Number | None = None,
    freq_osc_phase_offset_l: Number | None = None,
    freq_osc_phase_offset_r: Number | None = None,
    freq_osc_skew_l: Number | None = None,
    freq_osc_skew_r: Number | None = None,
    phase_osc_freq: Number | None = None,
    phase_osc_range: Number | None = None,
    equal_loudness_phon: float | None = None,
    pan: Number | None = None,
    pan_range_min: Number | None = None,
    pan_range_max: Number | None = None,
    pan_type: Literal["linear", "inward", "outward"] | None = None,
    pan_freq: Number | None = None,
    pan_phase: Number | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``isochronic_tone``.

    A carrier switched on and off by trapezoid pulses, with vibrato, tremolo, interaural phase and pan.

    Args:
        base_freq: Carrier frequency. (Hz, default 200.0)
        beat_freq: Pulse rate; 0 or less is silence. (Hz, default 4.0)
        force_mono: Above 0.5 the vibrato is off on both channels. (default 0.0)
        ramp_percent: Length of each flank as a fraction of the audible part (0.5: triangle). (default 0.2)
        gap_percent: Silent fraction of each cycle. (default 0.15)
        harmonic_suppression: Low-pass at 1.5 times the carrier, zero phase. (default False)
        attack_ms: Rise of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        hold_ms: Time at full level; absent: what is left of the audible part. (ms, at least 0, at most 60000)
        release_ms: Fall of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        shape: Form of both flanks, with the names in ms or in percent.
        modulation_depth: Depth of the gate: 1 full, 0 a steady tone. (at least 0, at most 1)
        amp_l: Amplitude of the left ear. (default 0.5)
        amp_r: Amplitude of the right ear. (default 0.5)
        start_phase_l: Phase of the left carrier at the start. (rad, default 0.0)
        start_phase_r: Phase of the right carrier at the start. (rad, default 0.0)
        oscillator_phases: Carried phases {left, right} in radians; they replace the start phases.
        amp_osc_depth_l: Tremolo depth, left (0 none, 1 full). (default 0.0)
        amp_osc_depth_r: Tremolo depth, right. (default 0.0)
        amp_osc_freq_l: Tremolo rate, left. (Hz, default 0.0)
        amp_osc_freq_r: Tremolo rate, right. (Hz, default 0.0)
        amp_osc_phase_offset_l: Tremolo phase, left. (rad, default 0.0)
        amp_osc_phase_offset_r: Tremolo phase, right. (rad, default 0.0)
        amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half. (default 0.0)
        amp_osc_skew_r: Tremolo skew, right. (default 0.0)
        freq_osc_range_l: Vibrato range, left, peak to peak. (Hz, default 0.0)
        freq_osc_range_r: Vibrato range, right, peak to peak. (Hz, default 0.0)
        freq_osc_freq_l: Vibrato rate, left. (Hz, default 0.0)
        freq_osc_freq_r: Vibrato rate, right. (Hz, default 0.0)
        freq_osc_phase_offset_l: Vibrato phase, left. (rad, default 0.0)
        freq_osc_phase_offset_r: Vibrato phase, right. (rad, default 0.0)
        freq_osc_skew_l: Vibrato skew, left. (default 0.0)
        freq_osc_skew_r: Vibrato skew, right. (default 0.0)
        phase_osc_freq: Rate of the interaural phase oscillation. (Hz, default 0.0)
        phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad, default 0.0)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        pan: Position, -1 left to 1 right; the default of both range ends. (default 0.0)
        pan_range_min: One end of the pan movement; absent: ``pan``.
        pan_range_max: Other end of the pan movement; absent: ``pan``.
        pan_type: Movement: sine, or a sweep per cycle. (default linear)
        pan_freq: Rate of the pan movement. (Hz, default 0.0)
        pan_phase: Phase of the pan movement at the start. (rad, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("isochronic_tone", locals())


def IsochronicToneTransition(
    *,
    start_base_freq: float | None = None,
    end_base_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    start_force_mono: float | None = None,
    end_force_mono: float | None = None,
    start_ramp_percent: float | None = None,
    end_ramp_percent: float | None = None,
    start_gap_percent: float | None = None,
    end_gap_percent: float | None = None,
    start_harmonic_suppression: bool | None = None,
    end_harmonic_suppression: bool | None = None,
    start_attack_ms: float | None = None,
    end_attack_ms: float | None = None,
    start_hold_ms: float | None = None,
    end_hold_ms: float | None = None,
    start_release_ms: float | None = None,
    end_release_ms: float | None = None,
    shape: Literal["linear", "raised_cosine", "exponential"] | None = None,
    start_modulation_depth: float | None = None,
    end_modulation_depth: float | None = None,
    start_amp_l: float | None = None,
    end_amp_l: float | None = None,
    start_amp_r: float | None = None,
    end_amp_r: float | None = None,
    start_start_phase_l: float | None = None,
    end_start_phase_l: float | None = None,
    start_start_phase_r: float | None = None,
    end_start_phase_r: float | None = None,
    oscillator_phases: Any = None,
    start_amp_osc_depth_l: float | None = None,
    end_amp_osc_depth_l: float | None = None,
    start_amp_osc_depth_r: float | None = None,
    end_amp_osc_depth_r: float | None = None,
    start_amp_osc_freq_l: float | None = None,
    end_amp_osc_freq_l: float | None = None,
    start_amp_osc_freq_r: float | None = None,
    end_amp_osc_freq_r: float | None = None,
    start_amp_osc_phase_offset_l: float | None = None,
    end_amp_osc_phase_offset_l: float | None = None,
    start_amp_osc_phase_offset_r: float | None = None,
    end_amp_osc_phase_offset_r: float | None = None,
    start_amp_osc_skew_l: float | None = None,
    end_amp_osc_skew_l: float | None = None,
    start_amp_osc_skew_r: float | None = None,
    end_amp_osc_skew_r: float | None = None,
    start_freq_osc_range_l: float | None = None,
    end_freq_osc_range_l: float | None = None,
    start_freq_osc_range_r: float | None = None,
    end_freq_osc_range_r: float | None = None,
    start_freq_osc_freq_l: float | None = None,
    end_freq_osc_freq_l: float | None = None,
    start_freq_osc_freq_r: float | None = None,
    end_freq_osc_freq_r: float | None = None,
    start_freq_osc_phase_offset_l: float | None = None,
    end_freq_osc_phase_offset_l: float | None = None,
    start_freq_osc_phase_offset_r: float | None = None,
    end_freq_osc_phase_offset_r: float | None = None,
    start_freq_osc_skew_l: float | None = None,
    end_freq_osc_skew_l: float | None = None,
    start_freq_osc_skew_r: float | None = None,
    end_freq_osc_skew_r: float | None = None,
    start_phase_osc_freq: float | None = None,
    end_phase_osc_freq: float | None = None,
    start_phase_osc_range: float | None = None,
    end_phase_osc_range: float | None = None,
    equal_loudness_phon: float | None = None,
    start_pan: float | None = None,
    end_pan: float | None = None,
    start_pan_range_min: float | None = None,
    end_pan_range_min: float | None = None,
    start_pan_range_max: float | None = None,
    end_pan_range_max: float | None = None,
    start_pan_type: Literal["linear", "inward", "outward"] | None = None,
    end_pan_type: Literal["linear", "inward", "outward"] | None = None,
    start_pan_freq: float | None = None,
    end_pan_freq: float | None = None,
    start_pan_phase: float | None = None,
    end_pan_phase: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``isochronic_tone_transition``.

    A carrier switched on and off by trapezoid pulses, with vibrato, tremolo, interaural phase and pan.

    Args:
        start_base_freq: Carrier frequency. (Hz, default 200.0)
        end_base_freq: Carrier frequency. (Hz)
        start_beat_freq: Pulse rate; 0 or less is silence. (Hz, default 4.0)
        end_beat_freq: Pulse rate; 0 or less is silence. (Hz)
        start_force_mono: Above 0.5 the vibrato is off on both channels. (default 0.0)
        end_force_mono: Above 0.5 the vibrato is off on both channels.
        start_ramp_percent: Length of each flank as a fraction of the audible part (0.5: triangle). (default 0.2)
        end_ramp_percent: Length of each flank as a fraction of the audible part (0.5: triangle).
        start_gap_percent: Silent fraction of each cycle. (default 0.15)
        end_gap_percent: Silent fraction of each cycle.
        start_harmonic_suppression: Low-pass at 1.5 times the carrier, zero phase. (default False)
        end_harmonic_suppression: Low-pass at 1.5 times the carrier, zero phase.
        start_attack_ms: Rise of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        end_attack_ms: Rise of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        start_hold_ms: Time at full level; absent: what is left of the audible part. (ms, at least 0, at most 60000)
        end_hold_ms: Time at full level; absent: what is left of the audible part. (ms, at least 0, at most 60000)
        start_release_ms: Fall of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        end_release_ms: Fall of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        shape: Form of both flanks, with the names in ms or in percent.
        start_modulation_depth: Depth of the gate: 1 full, 0 a steady tone. (at least 0, at most 1)
        end_modulation_depth: Depth of the gate: 1 full, 0 a steady tone. (at least 0, at most 1)
        start_amp_l: Amplitude of the left ear. (default 0.5)
        end_amp_l: Amplitude of the left ear.
        start_amp_r: Amplitude of the right ear. (default 0.5)
        end_amp_r: Amplitude of the right ear.
        start_start_phase_l: Phase of the left carrier at the start. (rad, default 0.0)
        end_start_phase_l: Phase of the left carrier at the start. (rad)
        start_start_phase_r: Phase of the right carrier at the start. (rad, default 0.0)
        end_start_phase_r: Phase of the right carrier at the start. (rad)
        oscillator_phases: Carried phases {left, right} in radians; they replace the start phases.
        start_amp_osc_depth_l: Tremolo depth, left (0 none, 1 full). (default 0.0)
        end_amp_osc_depth_l: Tremolo depth, left (0 none, 1 full).
        start_amp_osc_depth_r: Tremolo depth, right. (default 0.0)
        end_amp_osc_depth_r: Tremolo depth, right.
        start_amp_osc_freq_l: Tremolo rate, left. (Hz, default 0.0)
        end_amp_osc_freq_l: Tremolo rate, left. (Hz)
        start_amp_osc_freq_r: Tremolo rate, right. (Hz, default 0.0)
        end_amp_osc_freq_r: Tremolo rate, right. (Hz)
        start_amp_osc_phase_offset_l: Tremolo phase, left. (rad, default 0.0)
        end_amp_osc_phase_offset_l: Tremolo phase, left. (rad)
        start_amp_osc_phase_offset_r: Tremolo phase, right. (rad, default 0.0)
        end_amp_osc_phase_offset_r: Tremolo phase, right. (rad)
        start_amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half. (default 0.0)
        end_amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half.
        start_amp_osc_skew_r: Tremolo skew, right. (default 0.0)
        end_amp_osc_skew_r: Tremolo skew, right.
        start_freq_osc_range_l: Vibrato range, left, peak to peak. (Hz, default 0.0)
        end_freq_osc_range_l: Vibrato range, left, peak to peak. (Hz)
        start_freq_osc_range_r: Vibrato range, right, peak to peak. (Hz, default 0.0)
        end_freq_osc_range_r: Vibrato range, right, peak to peak. (Hz)
        start_freq_osc_freq_l: Vibrato rate, left. (Hz, default 0.0)
        end_freq_osc_freq_l: Vibrato rate, left. (Hz)
        start_freq_osc_freq_r: Vibrato rate, right. (Hz, default 0.0)
        end_freq_osc_freq_r: Vibrato rate, right. (Hz)
        start_freq_osc_phase_offset_l: Vibrato phase, left. (rad, default 0.0)
        end_freq_osc_phase_offset_l: Vibrato phase, left. (rad)
        start_freq_osc_phase_offset_r: Vibrato phase, right. (rad, default 0.0)
        end_freq_osc_phase_offset_r: Vibrato phase, right. (rad)
        start_freq_osc_skew_l: Vibrato skew, left. (default 0.0)
        end_freq_osc_skew_l: Vibrato skew, left.
        start_freq_osc_skew_r: Vibrato skew, right. (default 0.0)
        end_freq_osc_skew_r: Vibrato skew, right.
        start_phase_osc_freq: Rate of the interaural phase oscillation. (Hz, default 0.0)
        end_phase_osc_freq: Rate of the interaural phase oscillation. (Hz)
        start_phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad, default 0.0)
        end_phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        start_pan: Position, -1 left to 1 right; the default of both range ends. (default 0.0)
        end_pan: Position, -1 left to 1 right; the default of both range ends.
        start_pan_range_min: One end of the pan movement; absent: ``pan``.
        end_pan_range_min: One end of the pan movement; absent: ``pan``.
        start_pan_range_max: Other end of the pan movement; absent: ``pan``.
        end_pan_range_max: Other end of the pan movement; absent: ``pan``.
        start_pan_type: Movement: sine, or a sweep per cycle. (default linear)
        end_pan_type: Movement: sine, or a sweep per cycle.
        start_pan_freq: Rate of the pan movement. (Hz, default 0.0)
        end_pan_freq: Rate of the pan movement. (Hz)
        start_pan_phase: Phase of the pan movement at the start. (rad, default 0.0)
        end_pan_phase: Phase of the pan movement at the start. (rad)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("isochronic_tone_transition", locals())


def StereoAmIndependent(
    *,
    amp: float | None = None,
    carrier_freq: Number | None = None,
    stereo_width_hz: Number | None = None,
    mod_freq_l: Number | None = None,
    mod_depth_l: Number | None = None,
    mod_phase_l: float | None = None,
    mod_freq_r: Number | None = None,
    mod_depth_r: Number | None = None,
    mod_phase_r: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``stereo_am_independent``.

    Two slightly detuned carriers, one per ear, each amplitude-modulated by its own LFO.

    Args:
        amp: Output gain; negative inverts. (default 0.25)
        carrier_freq: Mean of the two carriers. (Hz, default 200.0)
        stereo_width_hz: Difference of the carriers, right minus left. (Hz, default 0.2)
        mod_freq_l: LFO rate on the left; 0 and below freeze it. (Hz, default 4.0)
        mod_depth_l: Modulation depth on the left; not limited. (default 0.8)
        mod_phase_l: Start phase of the left LFO. (rad, default 0.0)
        mod_freq_r: LFO rate on the right; 0 and below freeze it. (Hz, default 4.0)
        mod_depth_r: Modulation depth on the right; not limited. (default 0.8)
        mod_phase_r: Start phase of the right LFO. (rad, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("stereo_am_independent", locals())


def StereoAmIndependentTransition(
    *,
    amp: float | None = None,
    start_carrier_freq: float | None = None,
    end_carrier_freq: float | None = None,
    start_stereo_width_hz: float | None = None,
    end_stereo_width_hz: float | None = None,
    start_mod_freq_l: float | None = None,
    end_mod_freq_l: float | None = None,
    start_mod_depth_l: float | None = None,
    end_mod_depth_l: float | None = None,
    start_mod_freq_r: float | None = None,
    end_mod_freq_r: float | None = None,
    start_mod_depth_r: float | None = None,
    end_mod_depth_r: float | None = None,
    start_mod_phase_l: float | None = None,
    start_mod_phase_r: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``stereo_am_independent_transition``.

    Two slightly detuned carriers, one per ear, each amplitude-modulated by its own LFO.

    Args:
        amp: Output gain; negative inverts. (default 0.25)
        start_carrier_freq: Mean of the two carriers. (Hz, default 200.0)
        end_carrier_freq: Mean of the two carriers. (Hz, default 250.0)
        start_stereo_width_hz: Difference of the carriers, right minus left. (Hz, default 0.2)
        end_stereo_width_hz: Difference of the carriers, right minus left. (Hz, default 0.2)
        start_mod_freq_l: LFO rate on the left; 0 and below freeze it. (Hz, default 4.0)
        end_mod_freq_l: LFO rate on the left; 0 and below freeze it. (Hz, default 6.0)
        start_mod_depth_l: Modulation depth on the left; not limited. (default 0.8)
        end_mod_depth_l: Modulation depth on the left; not limited. (default 0.8)
        start_mod_freq_r: LFO rate on the right; 0 and below freeze it. (Hz, default 4.1)
        end_mod_freq_r: LFO rate on the right; 0 and below freeze it. (Hz, default 5.9)
        start_mod_depth_r: Modulation depth on the right; not limited. (default 0.8)
        end_mod_depth_r: Modulation depth on the right; not limited. (default 0.8)
        start_mod_phase_l: Start phase of the left LFO (heard with ``lfo_start_phases`` only). (rad, default 0.0)
        start_mod_phase_r: Start phase of the right LFO (heard with ``lfo_start_phases`` only). (rad, default 0.0)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("stereo_am_independent_transition", locals())


def WaveShapeStereoAm(
    *,
    amp: float | None = None,
    carrier_freq: Number | None = None,
    shape_mod_freq: Number | None = None,
    shape_mod_depth: Number | None = None,
    shape_amount: Number | None = None,
    stereo_mod_freq_l: Number | None = None,
    stereo_mod_depth_l: Number | None = None,
    stereo_mod_phase_l: float | None = None,
    stereo_mod_freq_r: Number | None = None,
    stereo_mod_depth_r: Number | None = None,
    stereo_mod_phase_r: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``wave_shape_stereo_am``.

    A rhythmically swelling carrier through a tanh shaper, amplitude-modulated separately per ear.

    Args:
        amp: Output gain; negative inverts. (default 0.15)
        carrier_freq: Carrier frequency. (Hz, default 200.0)
        shape_mod_freq: Rate of the level change before the shaper; 0 and below freeze it. (Hz, default 4.0)
        shape_mod_depth: Depth of the level change before the shaper; not limited. (default 0.8)
        shape_amount: Drive of the shaper; 1e-6 and below is silence. (default 0.5)
        stereo_mod_freq_l: Rate of the left modulation; 0 and below freeze it. (Hz, default 4.1)
        stereo_mod_depth_l: Depth of the left modulation; not limited. (default 0.8)
        stereo_mod_phase_l: Start phase of the left modulation. (rad, default 0.0)
        stereo_mod_freq_r: Rate of the right modulation; 0 and below freeze it. (Hz, default 4.0)
        stereo_mod_depth_r: Depth of the right modulation; not limited. (default 0.8)
        stereo_mod_phase_r: Start phase of the right modulation. (rad, default 1.5707963267948966)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("wave_shape_stereo_am", locals())


def WaveShapeStereoAmTransition(
    *,
    amp: float | None = None,
    start_carrier_freq: float | None = None,
    end_carrier_freq: float | None = None,
    start_shape_mod_freq: float | None = None,
    end_shape_mod_freq: float | None = None,
    start_shape_mod_depth: float | None = None,
    end_shape_mod_depth: float | None = None,
    start_shape_amount: float | None = None,
    end_shape_amount: float | None = None,
    start_stereo_mod_freq_l: float | None = None,
    end_stereo_mod_freq_l: float | None = None,
    start_stereo_mod_depth_l: float | None = None,
    end_stereo_mod_depth_l: float | None = None,
    start_stereo_mod_freq_r: float | None = None,
    end_stereo_mod_freq_r: float | None = None,
    start_stereo_mod_depth_r: float | None = None,
    end_stereo_mod_depth_r: float | None = None,
    start_stereo_mod_phase_l: float | None = None,
    start_stereo_mod_phase_r: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``wave_shape_stereo_am_transition``.

    A rhythmically swelling carrier through a tanh shaper, amplitude-modulated separately per ear.

    Args:
        amp: Output gain; negative inverts. (default 0.15)
        start_carrier_freq: Carrier frequency. (Hz, default 200.0)
        end_carrier_freq: Carrier frequency. (Hz, default 100.0)
        start_shape_mod_freq: Rate of the level change before the shaper; 0 and below freeze it. (Hz, default 4.0)
        end_shape_mod_freq: Rate of the level change before the shaper; 0 and below freeze it. (Hz, default 8.0)
        start_shape_mod_depth: Depth of the level change before the shaper; not limited. (default 0.8)
        end_shape_mod_depth: Depth of the level change before the shaper; not limited. (default 0.8)
        start_shape_amount: Drive of the shaper; 1e-6 and below is silence. (default 0.5)
        end_shape_amount: Drive of the shaper; 1e-6 and below is silence. (default 0.5)
        start_stereo_mod_freq_l: Rate of the left modulation; 0 and below freeze it. (Hz, default 4.1)
        end_stereo_mod_freq_l: Rate of the left modulation; 0 and below freeze it. (Hz, default 6.0)
        start_stereo_mod_depth_l: Depth of the left modulation; not limited. (default 0.8)
        end_stereo_mod_depth_l: Depth of the left modulation; not limited. (default 0.8)
        start_stereo_mod_freq_r: Rate of the right modulation; 0 and below freeze it. (Hz, default 4.0)
        end_stereo_mod_freq_r: Rate of the right modulation; 0 and below freeze it. (Hz, default 6.1)
        start_stereo_mod_depth_r: Depth of the right modulation; not limited. (default 0.9)
        end_stereo_mod_depth_r: Depth of the right modulation; not limited. (default 0.9)
        start_stereo_mod_phase_l: Start phase of the left modulation (heard with ``lfo_start_phases`` only). (rad,
            default 0.0)
        start_stereo_mod_phase_r: Start phase of the right modulation (heard with ``lfo_start_phases`` only). (rad,
            default 1.5707963267948966)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("wave_shape_stereo_am_transition", locals())


def RhythmicWaveshaping(
    *,
    amp: float | None = None,
    carrier_freq: Number | None = None,
    mod_freq: Number | None = None,
    mod_depth: Number | None = None,
    shape_amount: Number | None = None,
    pan: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``rhythmic_waveshaping``.

    A rhythmically swelling carrier through a tanh shaper, placed with an equal-power pan.

    Args:
        amp: Output gain; negative inverts. (default 0.25)
        carrier_freq: Carrier frequency. (Hz, default 200.0)
        mod_freq: Rate of the level change before the shaper; 0 and below freeze it. (Hz, default 4.0)
        mod_depth: Depth of the level change before the shaper; not limited. (default 1.0)
        shape_amount: Drive of the shaper; 1e-6 and below is silence. (default 5.0)
        pan: Equal-power position, -1 left to 1 right (limited to that). (default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("rhythmic_waveshaping", locals())


def RhythmicWaveshapingTransition(
    *,
    amp: float | None = None,
    start_carrier_freq: float | None = None,
    end_carrier_freq: float | None = None,
    start_mod_freq: float | None = None,
    end_mod_freq: float | None = None,
    start_mod_depth: float | None = None,
    end_mod_depth: float | None = None,
    start_shape_amount: float | None = None,
    end_shape_amount: float | None = None,
    pan: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``rhythmic_waveshaping_transition``.

    A rhythmically swelling carrier through a tanh shaper, placed with an equal-power pan.

    Args:
        amp: Output gain; negative inverts. (default 0.25)
        start_carrier_freq: Carrier frequency. (Hz, default 200.0)
        end_carrier_freq: Carrier frequency. (Hz, default 80.0)
        start_mod_freq: Rate of the level change before the shaper; 0 and below freeze it. (Hz, default 12.0)
        end_mod_freq: Rate of the level change before the shaper; 0 and below freeze it. (Hz, default 7.83)
        start_mod_depth: Depth of the level change before the shaper; not limited. (default 1.0)
        end_mod_depth: Depth of the level change before the shaper; not limited. (default 1.0)
        start_shape_amount: Drive of the shaper; 1e-6 and below is silence. (default 5.0)
        end_shape_amount: Drive of the shaper; 1e-6 and below is silence. (default 5.0)
        pan: Equal-power position, -1 left to 1 right (limited to that). (default 0.0)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("rhythmic_waveshaping_transition", locals())


def MonauralBeatStereoAmps(
    *,
    amp_lower_l: Number | None = None,
    amp_upper_l: Number | None = None,
    amp_lower_r: Number | None = None,
    amp_upper_r: Number | None = None,
    base_freq: Number | None = None,
    beat_freq: Number | None = None,
    start_phase_l: Number | None = None,
    start_phase_r: Number | None = None,
    phase_osc_freq: Number | None = None,
    phase_osc_range: Number | None = None,
    amp_osc_depth: Number | None = None,
    amp_osc_freq: Number | None = None,
    amp_osc_phase_offset: Number | None = None,
    equal_loudness_phon: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``monaural_beat_stereo_amps``.

    Two tones a beat apart, mixed into both ears with four gains.

    Args:
        amp_lower_l: Gain of the lower tone in the left ear. (default 0.5)
        amp_upper_l: Gain of the upper tone in the left ear. (default 0.5)
        amp_lower_r: Gain of the lower tone in the right ear. (default 0.5)
        amp_upper_r: Gain of the upper tone in the right ear. (default 0.5)
        base_freq: Centre between the tones. (Hz, default 200.0)
        beat_freq: Distance of the tones; negative swaps them. (Hz, default 4.0)
        start_phase_l: Start phase of the lower tone, in both ears. (rad, default 0.0)
        start_phase_r: Start phase of the upper tone, in both ears. (rad, default 0.0)
        phase_osc_freq: Rate at which the tones' phases move against each other. (Hz, default 0.0)
        phase_osc_range: Range of that movement, peak to peak. (rad, default 0.0)
        amp_osc_depth: Depth of the amplitude oscillation, limited to 0..2 (2: ring modulation). (default 0.0)
        amp_osc_freq: Rate of the amplitude oscillation; 0 is off. (Hz, default 0.0)
        amp_osc_phase_offset: Start phase of the amplitude oscillation. (rad, default 0.0)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("monaural_beat_stereo_amps", locals())


def MonauralBeatStereoAmpsTransition(
    *,
    start_amp_lower_l: float | None = None,
    end_amp_lower_l: float | None = None,
    start_amp_upper_l: float | None = None,
    end_amp_upper_l: float | None = None,
    start_amp_lower_r: float | None = None,
    end_amp_lower_r: float | None = None,
    start_amp_upper_r: float | None = None,
    end_amp_upper_r: float | None = None,
    start_base_freq: float | None = None,
    end_base_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    start_start_phase_l: float | None = None,
    end_start_phase_l: float | None = None,
    start_start_phase_u: float | None = None,
    end_start_phase_u: float | None = None,
    start_phase_osc_freq: float | None = None,
    end_phase_osc_freq: float | None = None,
    start_phase_osc_range: float | None = None,
    end_phase_osc_range: float | None = None,
    start_amp_osc_depth: float | None = None,
    end_amp_osc_depth: float | None = None,
    start_amp_osc_freq: float | None = None,
    end_amp_osc_freq: float | None = None,
    start_amp_osc_phase_offset: float | None = None,
    end_amp_osc_phase_offset: float | None = None,
    equal_loudness_phon: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``monaural_beat_stereo_amps_transition``.

    Two tones a beat apart, mixed into both ears with four gains.

    Args:
        start_amp_lower_l: Gain of the lower tone in the left ear. (default 0.5)
        end_amp_lower_l: Gain of the lower tone in the left ear.
        start_amp_upper_l: Gain of the upper tone in the left ear. (default 0.5)
        end_amp_upper_l: Gain of the upper tone in the left ear.
        start_amp_lower_r: Gain of the lower tone in the right ear. (default 0.5)
        end_amp_lower_r: Gain of the lower tone in the right ear.
        start_amp_upper_r: Gain of the upper tone in the right ear. (default 0.5)
        end_amp_upper_r: Gain of the upper tone in the right ear.
        start_base_freq: Centre between the tones. (Hz, default 200.0)
        end_base_freq: Centre between the tones. (Hz)
        start_beat_freq: Distance of the tones; negative swaps them. (Hz, default 4.0)
        end_beat_freq: Distance of the tones; negative swaps them. (Hz)
        start_start_phase_l: Start phase of the lower tone, in both ears. (rad, default 0.0)
        end_start_phase_l: Start phase of the lower tone, in both ears. (rad)
        start_start_phase_u: Start phase of the upper tone, in both ears. (rad, default 0.0)
        end_start_phase_u: Start phase of the upper tone, in both ears. (rad)
        start_phase_osc_freq: Rate at which the tones' phases move against each other. (Hz, default 0.0)
        end_phase_osc_freq: Rate at which the tones' phases move against each other. (Hz)
        start_phase_osc_range: Range of that movement, peak to peak. (rad, default 0.0)
        end_phase_osc_range: Range of that movement, peak to peak. (rad)
        start_amp_osc_depth: Depth of the amplitude oscillation, limited to 0..2 (2: ring modulation). (default 0.0)
        end_amp_osc_depth: Depth of the amplitude oscillation, limited to 0..2 (2: ring modulation).
        start_amp_osc_freq: Rate of the amplitude oscillation; 0 is off. (Hz, default 0.0)
        end_amp_osc_freq: Rate of the amplitude oscillation; 0 is off. (Hz)
        start_amp_osc_phase_offset: Start phase of the amplitude oscillation. (rad, default 0.0)
        end_amp_osc_phase_offset: Start phase of the amplitude oscillation. (rad)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("monaural_beat_stereo_amps_transition", locals())


def QamBeat(
    *,
    amp_l: Number | None = None,
    amp_r: Number | None = None,
    base_freq_l: Number | None = None,
    base_freq_r: Number | None = None,
    qam_am_freq_l: Number | None = None,
    qam_am_freq_r: Number | None = None,
    qam_am_depth_l: Number | None = None,
    qam_am_depth_r: Number | None = None,
    qam_am_phase_offset_l: Number | None = None,
    qam_am_phase_offset_r: Number | None = None,
    qam_am2_freq_l: Number | None = None,
    qam_am2_freq_r: Number | None = None,
    qam_am2_depth_l: Number | None = None,
    qam_am2_depth_r: Number | None = None,
    qam_am2_phase_offset_l: Number | None = None,
    qam_am2_phase_offset_r: Number | None = None,
    mod_shape_l: Number | None = None,
    mod_shape_r: Number | None = None,
    cross_mod_depth: Number | None = None,
    cross_mod_delay: float | None = None,
    harmonic_depth: Number | None = None,
    harmonic_ratio: float | None = None,
    sub_harmonic_freq: Number | None = None,
    sub_harmonic_depth: Number | None = None,
    start_phase_l: Number | None = None,
    start_phase_r: Number | None = None,
    phase_osc_freq: Number | None = None,
    phase_osc_range: Number | None = None,
    phase_osc_phase_offset: float | None = None,
    beating_sidebands: bool | None = None,
    sideband_offset: float | None = None,
    sideband_depth: float | None = None,
    attack_time: float | None = None,
    release_time: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``qam_beat``.

    An amplitude-modulated tone in each ear, with coupling, partials and sidebands.

    Args:
        amp_l: Gain of the left ear; negative inverts. (default 0.5)
        amp_r: Gain of the right ear; negative inverts. (default 0.5)
        base_freq_l: Left carrier. (Hz, default 200.0)
        base_freq_r: Right carrier. (Hz, default 204.0)
        qam_am_freq_l: Rate of the left ear's modulation; 0 is off. (Hz, default 4.0)
        qam_am_freq_r: Rate of the right ear's modulation; 0 is off. (Hz, default 4.0)
        qam_am_depth_l: Depth of the left ear's modulation. (default 0.5)
        qam_am_depth_r: Depth of the right ear's modulation. (default 0.5)
        qam_am_phase_offset_l: Start phase of the left ear's modulation. (rad, default 0.0)
        qam_am_phase_offset_r: Start phase of the right ear's modulation. (rad, default 0.0)
        qam_am2_freq_l: Rate of the left ear's second modulation; 0 is off. (Hz, default 0.0)
        qam_am2_freq_r: Rate of the right ear's second modulation; 0 is off. (Hz, default 0.0)
        qam_am2_depth_l: Depth of the left ear's second modulation. (default 0.0)
        qam_am2_depth_r: Depth of the right ear's second modulation. (default 0.0)
        qam_am2_phase_offset_l: Start phase of the left ear's second modulation. (rad, default 0.0)
        qam_am2_phase_offset_r: Start phase of the right ear's second modulation. (rad, default 0.0)
        mod_shape_l: Shape of the left modulation: 1 cosine, above towards a square, below towards peaks. (default 1.0)
        mod_shape_r: Shape of the right modulation: 1 cosine, above towards a square, below towards peaks. (default
            1.0)
        cross_mod_depth: How much each ear's modulation also modulates the other ear. (default 0.0)
        cross_mod_delay: Delay of that coupling; 0 and less is off. (s, default 0.0)
        harmonic_depth: Level of an added partial. (default 0.0)
        harmonic_ratio: Frequency of the partial as a multiple of the carrier. (default 2.0)
        sub_harmonic_freq: Rate of a common modulation of both ears; 0 is off. (Hz, default 0.0)
        sub_harmonic_depth: Depth of the common modulation. (default 0.0)
        start_phase_l: Start phase of the left carrier. (rad, default 0.0)
        start_phase_r: Start phase of the right carrier. (rad, default 0.0)
        phase_osc_freq: Rate at which the ears' phases move against each other. (Hz, default 0.0)
        phase_osc_range: Range of that movement, peak to peak. (rad, default 0.0)
        phase_osc_phase_offset: Start phase of that movement. (rad, default 0.0)
        beating_sidebands: Adds two sidebands to each carrier. (default False)
        sideband_offset: Distance of the sidebands from the carrier. (Hz, default 1.0)
        sideband_depth: Level of each sideband. (default 0.1)
        attack_time: Linear fade-in. (s, default 0.0)
        release_time: Linear fade-out. (s, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("qam_beat", locals())


def QamBeatTransition(
    *,
    start_amp_l: float | None = None,
    end_amp_l: float | None = None,
    start_amp_r: float | None = None,
    end_amp_r: float | None = None,
    start_base_freq_l: float | None = None,
    end_base_freq_l: float | None = None,
    start_base_freq_r: float | None = None,
    end_base_freq_r: float | None = None,
    start_qam_am_freq_l: float | None = None,
    end_qam_am_freq_l: float | None = None,
    start_qam_am_freq_r: float | None = None,
    end_qam_am_freq_r: float | None = None,
    start_qam_am_depth_l: float | None = None,
    end_qam_am_depth_l: float | None = None,
    start_qam_am_depth_r: float | None = None,
    end_qam_am_depth_r: float | None = None,
    start_qam_am_phase_offset_l: float | None = None,
    end_qam_am_phase_offset_l: float | None = None,
    start_qam_am_phase_offset_r: float | None = None,
    end_qam_am_phase_offset_r: float | None = None,
    start_qam_am2_freq_l: float | None = None,
    end_qam_am2_freq_l: float | None = None,
    start_qam_am2_freq_r: float | None = None,
    end_qam_am2_freq_r: float | None = None,
    start_qam_am2_depth_l: float | None = None,
    end_qam_am2_depth_l: float | None = None,
    start_qam_am2_depth_r: float | None = None,
    end_qam_am2_depth_r: float | None = None,
    start_qam_am2_phase_offset_l: float | None = None,
    end_qam_am2_phase_offset_l: float | None = None,
    start_qam_am2_phase_offset_r: float | None = None,
    end_qam_am2_phase_offset_r: float | None = None,
    start_mod_shape_l: float | None = None,
    end_mod_shape_l: float | None = None,
    start_mod_shape_r: float | None = None,
    end_mod_shape_r: float | None = None,
    start_cross_mod_depth: float | None = None,
    end_cross_mod_depth: float | None = None,
    cross_mod_delay: float | None = None,
    start_harmonic_depth: float | None = None,
    end_harmonic_depth: float | None = None,
    harmonic_ratio: float | None = None,
    start_sub_harmonic_freq: float | None = None,
    end_sub_harmonic_freq: float | None = None,
    start_sub_harmonic_depth: float | None = None,
    end_sub_harmonic_depth: float | None = None,
    start_start_phase_l: float | None = None,
    end_start_phase_l: float | None = None,
    start_start_phase_r: float | None = None,
    end_start_phase_r: float | None = None,
    start_phase_osc_freq: float | None = None,
    end_phase_osc_freq: float | None = None,
    start_phase_osc_range: float | None = None,
    end_phase_osc_range: float | None = None,
    phase_osc_phase_offset: float | None = None,
    beating_sidebands: bool | None = None,
    sideband_offset: float | None = None,
    sideband_depth: float | None = None,
    attack_time: float | None = None,
    release_time: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``qam_beat_transition``.

    An amplitude-modulated tone in each ear, with coupling, partials and sidebands.

    Args:
        start_amp_l: Gain of the left ear; negative inverts. (default 0.5)
        end_amp_l: Gain of the left ear; negative inverts.
        start_amp_r: Gain of the right ear; negative inverts. (default 0.5)
        end_amp_r: Gain of the right ear; negative inverts.
        start_base_freq_l: Left carrier. (Hz, default 200.0)
        end_base_freq_l: Left carrier. (Hz)
        start_base_freq_r: Right carrier. (Hz, default 204.0)
        end_base_freq_r: Right carrier. (Hz)
        start_qam_am_freq_l: Rate of the left ear's modulation; 0 is off. (Hz, default 4.0)
        end_qam_am_freq_l: Rate of the left ear's modulation; 0 is off. (Hz)
        start_qam_am_freq_r: Rate of the right ear's modulation; 0 is off. (Hz, default 4.0)
        end_qam_am_freq_r: Rate of the right ear's modulation; 0 is off. (Hz)
        start_qam_am_depth_l: Depth of the left ear's modulation. (default 0.5)
        end_qam_am_depth_l: Depth of the left ear's modulation.
        start_qam_am_depth_r: Depth of the right ear's modulation. (default 0.5)
        end_qam_am_depth_r: Depth of the right ear's modulation.
        start_qam_am_phase_offset_l: Start phase of the left ear's modulation. (rad, default 0.0)
        end_qam_am_phase_offset_l: Start phase of the left ear's modulation. (rad)
        start_qam_am_phase_offset_r: Start phase of the right ear's modulation. (rad, default 0.0)
        end_qam_am_phase_offset_r: Start phase of the right ear's modulation. (rad)
        start_qam_am2_freq_l: Rate of the left ear's second modulation; 0 is off. (Hz, default 0.0)
        end_qam_am2_freq_l: Rate of the left ear's second modulation; 0 is off. (Hz)
        start_qam_am2_freq_r: Rate of the right ear's second modulation; 0 is off. (Hz, default 0.0)
        end_qam_am2_freq_r: Rate of the right ear's second modulation; 0 is off. (Hz)
        start_qam_am2_depth_l: Depth of the left ear's second modulation. (default 0.0)
        end_qam_am2_depth_l: Depth of the left ear's second modulation.
        start_qam_am2_depth_r: Depth of the right ear's second modulation. (default 0.0)
        end_qam_am2_depth_r: Depth of the right ear's second modulation.
        start_qam_am2_phase_offset_l: Start phase of the left ear's second modulation. (rad, default 0.0)
        end_qam_am2_phase_offset_l: Start phase of the left ear's second modulation. (rad)
        start_qam_am2_phase_offset_r: Start phase of the right ear's second modulation. (rad, default 0.0)
        end_qam_am2_phase_offset_r: Start phase of the right ear's second modulation. (rad)
        start_mod_shape_l: Shape of the left modulation: 1 cosine, above towards a square, below towards peaks.
            (default 1.0)
        end_mod_shape_l: Shape of the left modulation: 1 cosine, above towards a square, below towards peaks.
        start_mod_shape_r: Shape of the right modulation: 1 cosine, above towards a square, below towards peaks.
            (default 1.0)
        end_mod_shape_r: Shape of the right modulation: 1 cosine, above towards a square, below towards peaks.
        start_cross_mod_depth: How much each ear's modulation also modulates the other ear. (default 0.0)
        end_cross_mod_depth: How much each ear's modulation also modulates the other ear.
        cross_mod_delay: Delay of that coupling; 0 and less is off. (s, default 0.0)
        start_harmonic_depth: Level of an added partial. (default 0.0)
        end_harmonic_depth: Level of an added partial.
        harmonic_ratio: Frequency of the partial as a multiple of the carrier. (default 2.0)
        start_sub_harmonic_freq: Rate of a common modulation of both ears; 0 is off. (Hz, default 0.0)
        end_sub_harmonic_freq: Rate of a common modulation of both ears; 0 is off. (Hz)
        start_sub_harmonic_depth: Depth of the common modulation. (default 0.0)
        end_sub_harmonic_depth: Depth of the common modulation.
        start_start_phase_l: Start phase of the left carrier. (rad, default 0.0)
        end_start_phase_l: Start phase of the left carrier. (rad)
        start_start_phase_r: Start phase of the right carrier. (rad, default 0.0)
        end_start_phase_r: Start phase of the right carrier. (rad)
        start_phase_osc_freq: Rate at which the ears' phases move against each other. (Hz, default 0.0)
        end_phase_osc_freq: Rate at which the ears' phases move against each other. (Hz)
        start_phase_osc_range: Range of that movement, peak to peak. (rad, default 0.0)
        end_phase_osc_range: Range of that movement, peak to peak. (rad)
        phase_osc_phase_offset: Start phase of that movement. (rad, default 0.0)
        beating_sidebands: Adds two sidebands to each carrier. (default False)
        sideband_offset: Distance of the sidebands from the carrier. (Hz, default 1.0)
        sideband_depth: Level of each sideband. (default 0.1)
        attack_time: Linear fade-in. (s, default 0.0)
        release_time: Linear fade-out. (s, default 0.0)
        initial_offset: When the transition begins; read under ``transition_timing`` only. (s, default 0.0)
        transition_duration: Length of the transition; absent or 0: to the end; read under ``transition_timing`` only.
            (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``; read under
            ``transition_timing`` only. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("qam_beat_transition", locals())


def DualPulseBinaural(
    *,
    base_freq: Number | None = None,
    beat_freq: Number | None = None,
    left_high: bool | None = None,
    freq_osc_shape: Literal["sine", "triangle"] | None = None,
    force_mono: Number | None = None,
    harmonic_suppression: Number | None = None,
    pulse_rate: Number | None = None,
    pulse_rate_l: Number | None = None,
    pulse_rate_r: Number | None = None,
    ramp_percent: Number | None = None,
    ramp_percent_l: Number | None = None,
    ramp_percent_r: Number | None = None,
    gap_percent: Number | None = None,
    gap_percent_l: Number | None = None,
    gap_percent_r: Number | None = None,
    pulse_phase_offset: Number | None = None,
    pulse_phase_offset_l: Number | None = None,
    pulse_phase_offset_r: Number | None = None,
    pulse_shape: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    pulse_shape_l: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    pulse_shape_r: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    pulse_depth: Number | None = None,
    pulse_depth_l: Number | None = None,
    pulse_depth_r: Number | None = None,
    attack_ms: Number | None = None,
    hold_ms: Number | None = None,
    release_ms: Number | None = None,
    shape: Literal["linear", "raised_cosine", "exponential"] | None = None,
    modulation_depth: Number | None = None,
    amp_l: Number | None = None,
    amp_r: Number | None = None,
    start_phase_l: Number | None = None,
    start_phase_r: Number | None = None,
    oscillator_phases: Any = None,
    amp_osc_depth_l: Number | None = None,
    amp_osc_depth_r: Number | None = None,
    amp_osc_freq_l: Number | None = None,
    amp_osc_freq_r: Number | None = None,
    amp_osc_phase_offset_l: Number | None = None,
    amp_osc_phase_offset_r: Number | None = None,
    amp_osc_skew_l: Number | None = None,
    amp_osc_skew_r: Number | None = None,
    freq_osc_range_l: Number | None = None,
    freq_osc_range_r: Number | None = None,
    freq_osc_freq_l: Number | None = None,
    freq_osc_freq_r: Number | None = None,
    freq_osc_phase_offset_l: Number | None = None,
    freq_osc_phase_offset_r: Number | None = None,
    freq_osc_skew_l: Number | None = None,
    freq_osc_skew_r: Number | None = None,
    phase_osc_freq: Number | None = None,
    phase_osc_range: Number | None = None,
    equal_loudness_phon: float | None = None,
    pan: Number | None = None,
    pan_range_min: Number | None = None,
    pan_range_max: Number | None = None,
    pan_type: Literal["linear", "inward", "outward"] | None = None,
    pan_freq: Number | None = None,
    pan_phase: Number | None = None,
    glitch_interval: Number | None = None,
    glitch_dur: Number | None = None,
    glitch_noise_level: Number | None = None,
    glitch_focus_width: Number | None = None,
    glitch_focus_exp: Number | None = None,
    spatial_enable: bool | None = None,
    spatial_trajectory: Any = None,
    spatial_use_ild: float | None = None,
    spatial_ear_angle_deg: float | None = None,
    spatial_head_radius_m: float | None = None,
    spatial_itd_scale: float | None = None,
    spatial_ild_max_db: float | None = None,
    spatial_ild_xover_hz: float | None = None,
    spatial_ref_distance_m: float | None = None,
    spatial_rolloff: float | None = None,
    spatial_hf_roll_db_per_m: float | None = None,
    spatial_dezipper_theta_ms: float | None = None,
    spatial_dezipper_dist_ms: float | None = None,
    spatial_decoder: Literal["itd_head", "foa_cardioid"] | None = None,
    spatial_min_distance_m: float | None = None,
    spatial_max_deg_per_s: float | None = None,
    spatial_max_delay_step_samples: float | None = None,
    spatial_interp: float | None = None,
    spatial_use_itd_ild: bool | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``dual_pulse_binaural``.

    A binaural beat whose two carriers are gated by pulses, separately per ear.

    Args:
        base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz, default 200.0)
        beat_freq: Difference of the two carriers. (Hz, default 4.0)
        left_high: The left ear gets the higher carrier. (default False)
        freq_osc_shape: Shape of the vibrato. (default sine)
        force_mono: The same carrier on both ears; the pulses keep their rates. (default False)
        harmonic_suppression: Low-pass at 1.5 times the base frequency, zero phase. (default False)
        pulse_rate: Pulses per second; 0 and below: the beat frequency. (Hz, default 0.0)
        pulse_rate_l: The same for the left ear; absent, 0 and below: ``pulseRate``. (Hz)
        pulse_rate_r: The same for the right ear. (Hz)
        ramp_percent: Each flank as a fraction of the audible part (0.5: triangle). (default 0.2)
        ramp_percent_l: The same for the left ear; absent: ``rampPercent``.
        ramp_percent_r: The same for the right ear.
        gap_percent: Silent fraction at the end of each cycle. (default 0.15)
        gap_percent_l: The same for the left ear; absent: ``gapPercent``.
        gap_percent_r: The same for the right ear.
        pulse_phase_offset: Phase of the pulses. (cycles, default 0.0)
        pulse_phase_offset_l: The same for the left ear; absent: ``pulsePhaseOffset``. (cycles)
        pulse_phase_offset_r: The same for the right ear. (cycles)
        pulse_shape: Form of the pulses. (default trapezoid)
        pulse_shape_l: The same for the left ear; absent: ``pulseShape``.
        pulse_shape_r: The same for the right ear.
        pulse_depth: Depth of the pulses, limited to 0..1. (default 1.0)
        pulse_depth_l: The same for the left ear; absent: ``pulseDepth``.
        pulse_depth_r: The same for the right ear.
        attack_ms: Rise of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        hold_ms: Time at full level; absent: what is left of the audible part. (ms, at least 0, at most 60000)
        release_ms: Fall of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        shape: Form of both flanks, with the names in ms or in percent.
        modulation_depth: Depth of the gate: 1 full, 0 a steady tone. (at least 0, at most 1)
        amp_l: Amplitude of the left ear. (default 0.5)
        amp_r: Amplitude of the right ear. (default 0.5)
        start_phase_l: Phase of the left carrier at the start. (rad, default 0.0)
        start_phase_r: Phase of the right carrier at the start. (rad, default 0.0)
        oscillator_phases: Carried phases {left, right} in radians; they replace the start phases.
        amp_osc_depth_l: Tremolo depth, left (0 none, 1 full). (default 0.0)
        amp_osc_depth_r: Tremolo depth, right. (default 0.0)
        amp_osc_freq_l: Tremolo rate, left. (Hz, default 0.0)
        amp_osc_freq_r: Tremolo rate, right. (Hz, default 0.0)
        amp_osc_phase_offset_l: Tremolo phase, left. (rad, default 0.0)
        amp_osc_phase_offset_r: Tremolo phase, right. (rad, default 0.0)
        amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half. (default 0.0)
        amp_osc_skew_r: Tremolo skew, right. (default 0.0)
        freq_osc_range_l: Vibrato range, left, peak to peak. (Hz, default 0.0)
        freq_osc_range_r: Vibrato range, right, peak to peak. (Hz, default 0.0)
        freq_osc_freq_l: Vibrato rate, left. (Hz, default 0.0)
        freq_osc_freq_r: Vibrato rate, right. (Hz, default 0.0)
        freq_osc_phase_offset_l: Vibrato phase, left. (rad, default 0.0)
        freq_osc_phase_offset_r: Vibrato phase, right. (rad, default 0.0)
        freq_osc_skew_l: Vibrato skew, left. (default 0.0)
        freq_osc_skew_r: Vibrato skew, right. (default 0.0)
        phase_osc_freq: Rate of the interaural phase oscillation. (Hz, default 0.0)
        phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad, default 0.0)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        pan: Position, -1 left to 1 right; the default of both range ends. (default 0.0)
        pan_range_min: One end of the pan movement; absent: ``pan``.
        pan_range_max: Other end of the pan movement; absent: ``pan``.
        pan_type: Movement: sine, or a sweep per cycle. (default linear)
        pan_freq: Rate of the pan movement. (Hz, default 0.0)
        pan_phase: Phase of the pan movement at the start. (rad, default 0.0)
        glitch_interval: Time between noise bursts; 0: none. Only in the transition. (s, default 0.0)
        glitch_dur: Length of a noise burst. (s, default 0.0)
        glitch_noise_level: Peak of a noise burst. (default 0.0)
        glitch_focus_width: Width of the band around the carrier; 0: white. (Hz, default 0.0)
        glitch_focus_exp: Steepness of the band's edges (2: a Gaussian). (default 0.0)
        spatial_enable: Move the sound around the head. (default False)
        spatial_trajectory: List of path segments {mode, seconds, start_deg, ..., distance_m}.
        spatial_use_ild: Level difference between the ears (0 off). (default 1.0)
        spatial_ear_angle_deg: Angle of the ears' cardioids (decoder ``foa_cardioid``; not under ``true_spatial``).
            (deg, default 30.0)
        spatial_head_radius_m: Radius of the head. (m, default 0.0875)
        spatial_itd_scale: Factor on the time difference between the ears. (default 1.0)
        spatial_ild_max_db: Largest level difference between the ears; under ``true_spatial`` only 0 matters: none.
            (dB, default 1.5)
        spatial_ild_xover_hz: Kept with the file; has no effect. (Hz, default 700.0)
        spatial_ref_distance_m: Distance at which the level is 1. (m, at least 0.001, at most 10000, default 1.0)
        spatial_rolloff: Exponent of the level over distance. (at least 0, at most 16, default 1.0)
        spatial_hf_roll_db_per_m: Extra loss with distance (decoder ``foa_cardioid``). (dB/m, default 0.0)
        spatial_dezipper_theta_ms: Smoothing of the azimuth. (ms, default 60.0)
        spatial_dezipper_dist_ms: Smoothing of the distance. (ms, default 80.0)
        spatial_decoder: How the ears are fed. (default itd_head)
        spatial_min_distance_m: Smallest distance (decoder ``itd_head``). (m, default 0.1)
        spatial_max_deg_per_s: Fastest turn (decoder ``itd_head``). (deg/s, default 90.0)
        spatial_max_delay_step_samples: Fastest change of the delay per frame (decoder ``itd_head``; not under
            ``true_spatial``). (frames, default 0.02)
        spatial_interp: Delay interpolation: 0 linear, else four taps (decoder ``itd_head``; not under
            ``true_spatial``). (default 1.0)
        spatial_use_itd_ild: Kept with the file; has no effect. (default True)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("dual_pulse_binaural", locals())


def DualPulseBinauralTransition(
    *,
    start_base_freq: float | None = None,
    end_base_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    left_high: bool | None = None,
    freq_osc_shape: Literal["sine", "triangle"] | None = None,
    start_force_mono: bool | None = None,
    end_force_mono: bool | None = None,
    start_harmonic_suppression: bool | None = None,
    end_harmonic_suppression: bool | None = None,
    start_pulse_rate: float | None = None,
    end_pulse_rate: float | None = None,
    start_pulse_rate_l: float | None = None,
    end_pulse_rate_l: float | None = None,
    start_pulse_rate_r: float | None = None,
    end_pulse_rate_r: float | None = None,
    start_ramp_percent: float | None = None,
    end_ramp_percent: float | None = None,
    start_ramp_percent_l: float | None = None,
    end_ramp_percent_l: float | None = None,
    start_ramp_percent_r: float | None = None,
    end_ramp_percent_r: float | None = None,
    start_gap_percent: float | None = None,
    end_gap_percent: float | None = None,
    start_gap_percent_l: float | None = None,
    end_gap_percent_l: float | None = None,
    start_gap_percent_r: float | None = None,
    end_gap_percent_r: float | None = None,
    start_pulse_phase_offset: float | None = None,
    end_pulse_phase_offset: float | None = None,
    start_pulse_phase_offset_l: float | None = None,
    end_pulse_phase_offset_l: float | None = None,
    start_pulse_phase_offset_r: float | None = None,
    end_pulse_phase_offset_r: float | None = None,
    start_pulse_shape: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    end_pulse_shape: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    start_pulse_shape_l: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    end_pulse_shape_l: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    start_pulse_shape_r: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    end_pulse_shape_r: Literal["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"]
    | None = None,
    start_pulse_depth: float | None = None,
    end_pulse_depth: float | None = None,
    start_pulse_depth_l: float | None = None,
    end_pulse_depth_l: float | None = None,
    start_pulse_depth_r: float | None = None,
    end_pulse_depth_r: float | None = None,
    start_attack_ms: float | None = None,
    end_attack_ms: float | None = None,
    start_hold_ms: float | None = None,
    end_hold_ms: float | None = None,
    start_release_ms: float | None = None,
    end_release_ms: float | None = None,
    shape: Literal["linear", "raised_cosine", "exponential"] | None = None,
    start_modulation_depth: float | None = None,
    end_modulation_depth: float | None = None,
    start_amp_l: float | None = None,
    end_amp_l: float | None = None,
    start_amp_r: float | None = None,
    end_amp_r: float | None = None,
    start_start_phase_l: float | None = None,
    end_start_phase_l: float | None = None,
    start_start_phase_r: float | None = None,
    end_start_phase_r: float | None = None,
    oscillator_phases: Any = None,
    start_amp_osc_depth_l: float | None = None,
    end_amp_osc_depth_l: float | None = None,
    start_amp_osc_depth_r: float | None = None,
    end_amp_osc_depth_r: float | None = None,
    start_amp_osc_freq_l: float | None = None,
    end_amp_osc_freq_l: float | None = None,
    start_amp_osc_freq_r: float | None = None,
    end_amp_osc_freq_r: float | None = None,
    start_amp_osc_phase_offset_l: float | None = None,
    end_amp_osc_phase_offset_l: float | None = None,
    start_amp_osc_phase_offset_r: float | None = None,
    end_amp_osc_phase_offset_r: float | None = None,
    start_amp_osc_skew_l: float | None = None,
    end_amp_osc_skew_l: float | None = None,
    start_amp_osc_skew_r: float | None = None,
    end_amp_osc_skew_r: float | None = None,
    start_freq_osc_range_l: float | None = None,
    end_freq_osc_range_l: float | None = None,
    start_freq_osc_range_r: float | None = None,
    end_freq_osc_range_r: float | None = None,
    start_freq_osc_freq_l: float | None = None,
    end_freq_osc_freq_l: float | None = None,
    start_freq_osc_freq_r: float | None = None,
    end_freq_osc_freq_r: float | None = None,
    start_freq_osc_phase_offset_l: float | None = None,
    end_freq_osc_phase_offset_l: float | None = None,
    start_freq_osc_phase_offset_r: float | None = None,
    end_freq_osc_phase_offset_r: float | None = None,
    start_freq_osc_skew_l: float | None = None,
    end_freq_osc_skew_l: float | None = None,
    start_freq_osc_skew_r: float | None = None,
    end_freq_osc_skew_r: float | None = None,
    start_phase_osc_freq: float | None = None,
    end_phase_osc_freq: float | None = None,
    start_phase_osc_range: float | None = None,
    end_phase_osc_range: float | None = None,
    equal_loudness_phon: float | None = None,
    start_pan: float | None = None,
    end_pan: float | None = None,
    start_pan_range_min: float | None = None,
    end_pan_range_min: float | None = None,
    start_pan_range_max: float | None = None,
    end_pan_range_max: float | None = None,
    start_pan_type: Literal["linear", "inward", "outward"] | None = None,
    end_pan_type: Literal["linear", "inward", "outward"] | None = None,
    start_pan_freq: float | None = None,
    end_pan_freq: float | None = None,
    start_pan_phase: float | None = None,
    end_pan_phase: float | None = None,
    start_glitch_interval: float | None = None,
    end_glitch_interval: float | None = None,
    start_glitch_dur: float | None = None,
    end_glitch_dur: float | None = None,
    start_glitch_noise_level: float | None = None,
    end_glitch_noise_level: float | None = None,
    start_glitch_focus_width: float | None = None,
    end_glitch_focus_width: float | None = None,
    start_glitch_focus_exp: float | None = None,
    end_glitch_focus_exp: float | None = None,
    spatial_enable: bool | None = None,
    spatial_trajectory: Any = None,
    spatial_use_ild: float | None = None,
    spatial_ear_angle_deg: float | None = None,
    spatial_head_radius_m: float | None = None,
    spatial_itd_scale: float | None = None,
    spatial_ild_max_db: float | None = None,
    spatial_ild_xover_hz: float | None = None,
    spatial_ref_distance_m: float | None = None,
    spatial_rolloff: float | None = None,
    spatial_hf_roll_db_per_m: float | None = None,
    spatial_dezipper_theta_ms: float | None = None,
    spatial_dezipper_dist_ms: float | None = None,
    spatial_decoder: Literal["itd_head", "foa_cardioid"] | None = None,
    spatial_min_distance_m: float | None = None,
    spatial_max_deg_per_s: float | None = None,
    spatial_max_delay_step_samples: float | None = None,
    spatial_interp: float | None = None,
    spatial_use_itd_ild: bool | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``dual_pulse_binaural_transition``.

    A binaural beat whose two carriers are gated by pulses, separately per ear.

    Args:
        start_base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz, default 200.0)
        end_base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz)
        start_beat_freq: Difference of the two carriers. (Hz, default 4.0)
        end_beat_freq: Difference of the two carriers. (Hz)
        left_high: The left ear gets the higher carrier. (default False)
        freq_osc_shape: Shape of the vibrato. (default sine)
        start_force_mono: The same carrier on both ears; the pulses keep their rates. (default False)
        end_force_mono: The same carrier on both ears; the pulses keep their rates.
        start_harmonic_suppression: Low-pass at 1.5 times the base frequency, zero phase. (default False)
        end_harmonic_suppression: Low-pass at 1.5 times the base frequency, zero phase.
        start_pulse_rate: Pulses per second; 0 and below: the beat frequency. (Hz, default 0.0)
        end_pulse_rate: Pulses per second; 0 and below: the beat frequency. (Hz)
        start_pulse_rate_l: The same for the left ear; absent, 0 and below: ``pulseRate``. (Hz)
        end_pulse_rate_l: The same for the left ear; absent, 0 and below: ``pulseRate``. (Hz)
        start_pulse_rate_r: The same for the right ear. (Hz)
        end_pulse_rate_r: The same for the right ear. (Hz)
        start_ramp_percent: Each flank as a fraction of the audible part (0.5: triangle). (default 0.2)
        end_ramp_percent: Each flank as a fraction of the audible part (0.5: triangle).
        start_ramp_percent_l: The same for the left ear; absent: ``rampPercent``.
        end_ramp_percent_l: The same for the left ear; absent: ``rampPercent``.
        start_ramp_percent_r: The same for the right ear.
        end_ramp_percent_r: The same for the right ear.
        start_gap_percent: Silent fraction at the end of each cycle. (default 0.15)
        end_gap_percent: Silent fraction at the end of each cycle.
        start_gap_percent_l: The same for the left ear; absent: ``gapPercent``.
        end_gap_percent_l: The same for the left ear; absent: ``gapPercent``.
        start_gap_percent_r: The same for the right ear.
        end_gap_percent_r: The same for the right ear.
        start_pulse_phase_offset: Phase of the pulses. (cycles, default 0.0)
        end_pulse_phase_offset: Phase of the pulses. (cycles)
        start_pulse_phase_offset_l: The same for the left ear; absent: ``pulsePhaseOffset``. (cycles)
        end_pulse_phase_offset_l: The same for the left ear; absent: ``pulsePhaseOffset``. (cycles)
        start_pulse_phase_offset_r: The same for the right ear. (cycles)
        end_pulse_phase_offset_r: The same for the right ear. (cycles)
        start_pulse_shape: Form of the pulses. (default trapezoid)
        end_pulse_shape: Form of the pulses.
        start_pulse_shape_l: The same for the left ear; absent: ``pulseShape``.
        end_pulse_shape_l: The same for the left ear; absent: ``pulseShape``.
        start_pulse_shape_r: The same for the right ear.
        end_pulse_shape_r: The same for the right ear.
        start_pulse_depth: Depth of the pulses, limited to 0..1. (default 1.0)
        end_pulse_depth: Depth of the pulses, limited to 0..1.
        start_pulse_depth_l: The same for the left ear; absent: ``pulseDepth``.
        end_pulse_depth_l: The same for the left ear; absent: ``pulseDepth``.
        start_pulse_depth_r: The same for the right ear.
        end_pulse_depth_r: The same for the right ear.
        start_attack_ms: Rise of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        end_attack_ms: Rise of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        start_hold_ms: Time at full level; absent: what is left of the audible part. (ms, at least 0, at most 60000)
        end_hold_ms: Time at full level; absent: what is left of the audible part. (ms, at least 0, at most 60000)
        start_release_ms: Fall of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        end_release_ms: Fall of each pulse; absent: the flank of the percent names. (ms, at least 0, at most 60000)
        shape: Form of both flanks, with the names in ms or in percent.
        start_modulation_depth: Depth of the gate: 1 full, 0 a steady tone. (at least 0, at most 1)
        end_modulation_depth: Depth of the gate: 1 full, 0 a steady tone. (at least 0, at most 1)
        start_amp_l: Amplitude of the left ear. (default 0.5)
        end_amp_l: Amplitude of the left ear.
        start_amp_r: Amplitude of the right ear. (default 0.5)
        end_amp_r: Amplitude of the right ear.
        start_start_phase_l: Phase of the left carrier at the start. (rad, default 0.0)
        end_start_phase_l: Phase of the left carrier at the start. (rad)
        start_start_phase_r: Phase of the right carrier at the start. (rad, default 0.0)
        end_start_phase_r: Phase of the right carrier at the start. (rad)
        oscillator_phases: Carried phases {left, right} in radians; they replace the start phases.
        start_amp_osc_depth_l: Tremolo depth, left (0 none, 1 full). (default 0.0)
        end_amp_osc_depth_l: Tremolo depth, left (0 none, 1 full).
        start_amp_osc_depth_r: Tremolo depth, right. (default 0.0)
        end_amp_osc_depth_r: Tremolo depth, right.
        start_amp_osc_freq_l: Tremolo rate, left. (Hz, default 0.0)
        end_amp_osc_freq_l: Tremolo rate, left. (Hz)
        start_amp_osc_freq_r: Tremolo rate, right. (Hz, default 0.0)
        end_amp_osc_freq_r: Tremolo rate, right. (Hz)
        start_amp_osc_phase_offset_l: Tremolo phase, left. (rad, default 0.0)
        end_amp_osc_phase_offset_l: Tremolo phase, left. (rad)
        start_amp_osc_phase_offset_r: Tremolo phase, right. (rad, default 0.0)
        end_amp_osc_phase_offset_r: Tremolo phase, right. (rad)
        start_amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half. (default 0.0)
        end_amp_osc_skew_l: Tremolo skew, left: -1 short first half, 1 long first half.
        start_amp_osc_skew_r: Tremolo skew, right. (default 0.0)
        end_amp_osc_skew_r: Tremolo skew, right.
        start_freq_osc_range_l: Vibrato range, left, peak to peak. (Hz, default 0.0)
        end_freq_osc_range_l: Vibrato range, left, peak to peak. (Hz)
        start_freq_osc_range_r: Vibrato range, right, peak to peak. (Hz, default 0.0)
        end_freq_osc_range_r: Vibrato range, right, peak to peak. (Hz)
        start_freq_osc_freq_l: Vibrato rate, left. (Hz, default 0.0)
        end_freq_osc_freq_l: Vibrato rate, left. (Hz)
        start_freq_osc_freq_r: Vibrato rate, right. (Hz, default 0.0)
        end_freq_osc_freq_r: Vibrato rate, right. (Hz)
        start_freq_osc_phase_offset_l: Vibrato phase, left. (rad, default 0.0)
        end_freq_osc_phase_offset_l: Vibrato phase, left. (rad)
        start_freq_osc_phase_offset_r: Vibrato phase, right. (rad, default 0.0)
        end_freq_osc_phase_offset_r: Vibrato phase, right. (rad)
        start_freq_osc_skew_l: Vibrato skew, left. (default 0.0)
        end_freq_osc_skew_l: Vibrato skew, left.
        start_freq_osc_skew_r: Vibrato skew, right. (default 0.0)
        end_freq_osc_skew_r: Vibrato skew, right.
        start_phase_osc_freq: Rate of the interaural phase oscillation. (Hz, default 0.0)
        end_phase_osc_freq: Rate of the interaural phase oscillation. (Hz)
        start_phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad, default 0.0)
        end_phase_osc_range: Range of the interaural phase oscillation, peak to peak. (rad)
        equal_loudness_phon: Let the level follow this contour of ISO 226:2003 at the carrier, relative to 1 kHz;
            absent: off. (phon, at least 20, at most 90)
        start_pan: Position, -1 left to 1 right; the default of both range ends. (default 0.0)
        end_pan: Position, -1 left to 1 right; the default of both range ends.
        start_pan_range_min: One end of the pan movement; absent: ``pan``.
        end_pan_range_min: One end of the pan movement; absent: ``pan``.
        start_pan_range_max: Other end of the pan movement; absent: ``pan``.
        end_pan_range_max: Other end of the pan movement; absent: ``pan``.
        start_pan_type: Movement: sine, or a sweep per cycle. (default linear)
        end_pan_type: Movement: sine, or a sweep per cycle.
        start_pan_freq: Rate of the pan movement. (Hz, default 0.0)
        end_pan_freq: Rate of the pan movement. (Hz)
        start_pan_phase: Phase of the pan movement at the start. (rad, default 0.0)
        end_pan_phase: Phase of the pan movement at the start. (rad)
        start_glitch_interval: Time between noise bursts; 0: none. Only in the transition. (s, default 0.0)
        end_glitch_interval: Time between noise bursts; 0: none. Only in the transition. (s)
        start_glitch_dur: Length of a noise burst. (s, default 0.0)
        end_glitch_dur: Length of a noise burst. (s)
        start_glitch_noise_level: Peak of a noise burst. (default 0.0)
        end_glitch_noise_level: Peak of a noise burst.
        start_glitch_focus_width: Width of the band around the carrier; 0: white. (Hz, default 0.0)
        end_glitch_focus_width: Width of the band around the carrier; 0: white. (Hz)
        start_glitch_focus_exp: Steepness of the band's edges (2: a Gaussian). (default 0.0)
        end_glitch_focus_exp: Steepness of the band's edges (2: a Gaussian).
        spatial_enable: Move the sound around the head. (default False)
        spatial_trajectory: List of path segments {mode, seconds, start_deg, ..., distance_m}.
        spatial_use_ild: Level difference between the ears (0 off). (default 1.0)
        spatial_ear_angle_deg: Angle of the ears' cardioids (decoder ``foa_cardioid``; not under ``true_spatial``).
            (deg, default 30.0)
        spatial_head_radius_m: Radius of the head. (m, default 0.0875)
        spatial_itd_scale: Factor on the time difference between the ears. (default 1.0)
        spatial_ild_max_db: Largest level difference between the ears; under ``true_spatial`` only 0 matters: none.
            (dB, default 1.5)
        spatial_ild_xover_hz: Kept with the file; has no effect. (Hz, default 700.0)
        spatial_ref_distance_m: Distance at which the level is 1. (m, at least 0.001, at most 10000, default 1.0)
        spatial_rolloff: Exponent of the level over distance. (at least 0, at most 16, default 1.0)
        spatial_hf_roll_db_per_m: Extra loss with distance (decoder ``foa_cardioid``). (dB/m, default 0.0)
        spatial_dezipper_theta_ms: Smoothing of the azimuth. (ms, default 60.0)
        spatial_dezipper_dist_ms: Smoothing of the distance. (ms, default 80.0)
        spatial_decoder: How the ears are fed. (default itd_head)
        spatial_min_distance_m: Smallest distance (decoder ``itd_head``). (m, default 0.1)
        spatial_max_deg_per_s: Fastest turn (decoder ``itd_head``). (deg/s, default 90.0)
        spatial_max_delay_step_samples: Fastest change of the delay per frame (decoder ``itd_head``; not under
            ``true_spatial``). (frames, default 0.02)
        spatial_interp: Delay interpolation: 0 linear, else four taps (decoder ``itd_head``; not under
            ``true_spatial``). (default 1.0)
        spatial_use_itd_ild: Kept with the file; has no effect. (default True)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("dual_pulse_binaural_transition", locals())


def SubliminalEncode(
    *,
    carrier_freq: float | None = None,
    amp: float | None = None,
    mode: Literal["sequence", "stack"] | None = None,
    audio_paths: Any = None,
    audio_path: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``subliminal_encode``.

    Audio files modulated onto a barely audible carrier.

    Args:
        carrier_freq: Carrier; limited to 15000..20000. (Hz, default 17500.0)
        amp: Peak of the result. (default 0.5)
        mode: Files one after the other, or all at once. (default sequence)
        audio_paths: List of audio files, or one text with ``;`` between them.
        audio_path: One audio file; only without ``audio_paths``.
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("subliminal_encode", locals())


def HybridQamMonauralBeat(
    *,
    amp_l: Number | None = None,
    amp_r: Number | None = None,
    qam_carrier_freq_l: Number | None = None,
    qam_am_freq_l: Number | None = None,
    qam_am_depth_l: Number | None = None,
    qam_am_phase_offset_l: Number | None = None,
    qam_start_phase_l: Number | None = None,
    mono_carrier_freq_r: Number | None = None,
    mono_beat_freq_in_channel_r: Number | None = None,
    mono_am_depth_r: Number | None = None,
    mono_am_freq_r: Number | None = None,
    mono_am_phase_offset_r: Number | None = None,
    mono_fm_range_r: Number | None = None,
    mono_fm_freq_r: Number | None = None,
    mono_fm_phase_offset_r: Number | None = None,
    mono_start_phase_r_tone1: Number | None = None,
    mono_start_phase_r_tone2: Number | None = None,
    mono_phase_osc_freq_r: Number | None = None,
    mono_phase_osc_range_r: Number | None = None,
    mono_phase_osc_phase_offset_r: Number | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``hybrid_qam_monaural_beat``.

    An amplitude-modulated tone in the left ear, a monaural beat in the right.

    Args:
        amp_l: Gain of the left ear. (default 0.5)
        amp_r: Gain of the right ear; the two tones together reach twice this. (default 0.5)
        qam_carrier_freq_l: Left carrier. (Hz, default 100.0)
        qam_am_freq_l: Rate of the left modulation; 0 is off. (Hz, default 4.0)
        qam_am_depth_l: Depth of the left modulation. (default 0.5)
        qam_am_phase_offset_l: Start phase of the left modulation. (rad, default 0.0)
        qam_start_phase_l: Start phase of the left carrier. (rad, default 0.0)
        mono_carrier_freq_r: Centre between the right tones. (Hz, default 100.0)
        mono_beat_freq_in_channel_r: Distance of the right tones; negative swaps them. (Hz, default 4.0)
        mono_am_depth_r: Depth of the right modulation, limited to 0..1. (default 0.0)
        mono_am_freq_r: Rate of the right modulation; 0 is off. (Hz, default 0.0)
        mono_am_phase_offset_r: Start phase of the right modulation. (rad, default 0.0)
        mono_fm_range_r: Range of the right tones' vibrato, peak to peak. (Hz, default 0.0)
        mono_fm_freq_r: Rate of the vibrato; 0 is off. (Hz, default 0.0)
        mono_fm_phase_offset_r: Start phase of the vibrato. (rad, default 0.0)
        mono_start_phase_r_tone1: Start phase of the lower right tone. (rad, default 0.0)
        mono_start_phase_r_tone2: Start phase of the upper right tone. (rad, default 0.0)
        mono_phase_osc_freq_r: Rate at which the right tones' phases move against each other. (Hz, default 0.0)
        mono_phase_osc_range_r: Range of that movement, peak to peak. (rad, default 0.0)
        mono_phase_osc_phase_offset_r: Start phase of that movement. (rad, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("hybrid_qam_monaural_beat", locals())


def HybridQamMonauralBeatTransition(
    *,
    start_amp_l: float | None = None,
    end_amp_l: float | None = None,
    start_amp_r: float | None = None,
    end_amp_r: float | None = None,
    start_qam_carrier_freq_l: float | None = None,
    end_qam_carrier_freq_l: float | None = None,
    start_qam_am_freq_l: float | None = None,
    end_qam_am_freq_l: float | None = None,
    start_qam_am_depth_l: float | None = None,
    end_qam_am_depth_l: float | None = None,
    start_qam_am_phase_offset_l: float | None = None,
    end_qam_am_phase_offset_l: float | None = None,
    start_qam_start_phase_l: float | None = None,
    end_qam_start_phase_l: float | None = None,
    start_mono_carrier_freq_r: float | None = None,
    end_mono_carrier_freq_r: float | None = None,
    start_mono_beat_freq_in_channel_r: float | None = None,
    end_mono_beat_freq_in_channel_r: float | None = None,
    start_mono_am_depth_r: float | None = None,
    end_mono_am_depth_r: float | None = None,
    start_mono_am_freq_r: float | None = None,
    end_mono_am_freq_r: float | None = None,
    start_mono_am_phase_offset_r: float | None = None,
    end_mono_am_phase_offset_r: float | None = None,
    start_mono_fm_range_r: float | None = None,
    end_mono_fm_range_r: float | None = None,
    start_mono_fm_freq_r: float | None = None,
    end_mono_fm_freq_r: float | None = None,
    start_mono_fm_phase_offset_r: float | None = None,
    end_mono_fm_phase_offset_r: float | None = None,
    start_mono_start_phase_r_tone1: float | None = None,
    end_mono_start_phase_r_tone1: float | None = None,
    start_mono_start_phase_r_tone2: float | None = None,
    end_mono_start_phase_r_tone2: float | None = None,
    start_mono_phase_osc_freq_r: float | None = None,
    end_mono_phase_osc_freq_r: float | None = None,
    start_mono_phase_osc_range_r: float | None = None,
    end_mono_phase_osc_range_r: float | None = None,
    start_mono_phase_osc_phase_offset_r: float | None = None,
    end_mono_phase_osc_phase_offset_r: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``hybrid_qam_monaural_beat_transition``.

    An amplitude-modulated tone in the left ear, a monaural beat in the right.

    Args:
        start_amp_l: Gain of the left ear. (default 0.5)
        end_amp_l: Gain of the left ear.
        start_amp_r: Gain of the right ear; the two tones together reach twice this. (default 0.5)
        end_amp_r: Gain of the right ear; the two tones together reach twice this.
        start_qam_carrier_freq_l: Left carrier. (Hz, default 100.0)
        end_qam_carrier_freq_l: Left carrier. (Hz)
        start_qam_am_freq_l: Rate of the left modulation; 0 is off. (Hz, default 4.0)
        end_qam_am_freq_l: Rate of the left modulation; 0 is off. (Hz)
        start_qam_am_depth_l: Depth of the left modulation. (default 0.5)
        end_qam_am_depth_l: Depth of the left modulation.
        start_qam_am_phase_offset_l: Start phase of the left modulation. (rad, default 0.0)
        end_qam_am_phase_offset_l: Start phase of the left modulation. (rad)
        start_qam_start_phase_l: Start phase of the left carrier. (rad, default 0.0)
        end_qam_start_phase_l: Start phase of the left carrier. (rad)
        start_mono_carrier_freq_r: Centre between the right tones. (Hz, default 100.0)
        end_mono_carrier_freq_r: Centre between the right tones. (Hz)
        start_mono_beat_freq_in_channel_r: Distance of the right tones; negative swaps them. (Hz, default 4.0)
        end_mono_beat_freq_in_channel_r: Distance of the right tones; negative swaps them. (Hz)
        start_mono_am_depth_r: Depth of the right modulation, limited to 0..1. (default 0.0)
        end_mono_am_depth_r: Depth of the right modulation, limited to 0..1.
        start_mono_am_freq_r: Rate of the right modulation; 0 is off. (Hz, default 0.0)
        end_mono_am_freq_r: Rate of the right modulation; 0 is off. (Hz)
        start_mono_am_phase_offset_r: Start phase of the right modulation. (rad, default 0.0)
        end_mono_am_phase_offset_r: Start phase of the right modulation. (rad)
        start_mono_fm_range_r: Range of the right tones' vibrato, peak to peak. (Hz, default 0.0)
        end_mono_fm_range_r: Range of the right tones' vibrato, peak to peak. (Hz)
        start_mono_fm_freq_r: Rate of the vibrato; 0 is off. (Hz, default 0.0)
        end_mono_fm_freq_r: Rate of the vibrato; 0 is off. (Hz)
        start_mono_fm_phase_offset_r: Start phase of the vibrato. (rad, default 0.0)
        end_mono_fm_phase_offset_r: Start phase of the vibrato. (rad)
        start_mono_start_phase_r_tone1: Start phase of the lower right tone. (rad, default 0.0)
        end_mono_start_phase_r_tone1: Start phase of the lower right tone. (rad)
        start_mono_start_phase_r_tone2: Start phase of the upper right tone. (rad, default 0.0)
        end_mono_start_phase_r_tone2: Start phase of the upper right tone. (rad)
        start_mono_phase_osc_freq_r: Rate at which the right tones' phases move against each other. (Hz, default 0.0)
        end_mono_phase_osc_freq_r: Rate at which the right tones' phases move against each other. (Hz)
        start_mono_phase_osc_range_r: Range of that movement, peak to peak. (rad, default 0.0)
        end_mono_phase_osc_range_r: Range of that movement, peak to peak. (rad)
        start_mono_phase_osc_phase_offset_r: Start phase of that movement. (rad, default 0.0)
        end_mono_phase_osc_phase_offset_r: Start phase of that movement. (rad)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("hybrid_qam_monaural_beat_transition", locals())


def SpatialAngleModulation(
    *,
    amp: float | None = None,
    carrier_freq: Number | None = None,
    beat_freq: Number | None = None,
    path_shape: Literal["circle", "square", "linear", "arc", "diamond", "oscillating_arc"] | None = None,
    path_radius: Number | None = None,
    arc_start_deg: Number | None = None,
    arc_end_deg: Number | None = None,
    frame_dur_ms: float | None = None,
    overlap_factor: int | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``spatial_angle_modulation``.

    A tone that moves around the head, heard through measured ears (KEMAR).

    Args:
        amp: Amplitude of the source, clipped to 0..1; loud calls are scaled to a peak of 0.98. (default 0.7)
        carrier_freq: Frequency of the tone; negative values count as 0. (Hz, default 440.0)
        beat_freq: Turns along the path per second; 0: stays in front. (Hz, default 4.0)
        path_shape: Path of the source around the head. (default circle)
        path_radius: Only its sign matters: negative is the opposite side. (default 1.0)
        arc_start_deg: Start of ``arc`` and ``oscillating_arc``; positive is left. (deg, default 0.0)
        arc_end_deg: End of ``arc`` and ``oscillating_arc``. (deg, default 360.0)
        frame_dur_ms: Length of the frames in which the direction is constant; no effect under ``sam_per_sample``. (ms,
            at least 2.22507e-308, at most 10000, default 46.4)
        overlap_factor: Frames per frame length. (at least 2, at most 256, default 8.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("spatial_angle_modulation", locals())


def SpatialAngleModulationTransition(
    *,
    amp: float | None = None,
    start_carrier_freq: float | None = None,
    end_carrier_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    start_path_shape: Literal["circle", "square", "linear", "arc", "diamond", "oscillating_arc"] | None = None,
    end_path_shape: Literal["circle", "square", "linear", "arc", "diamond", "oscillating_arc"] | None = None,
    start_path_radius: float | None = None,
    end_path_radius: float | None = None,
    start_arc_start_deg: float | None = None,
    end_arc_start_deg: float | None = None,
    start_arc_end_deg: float | None = None,
    end_arc_end_deg: float | None = None,
    frame_dur_ms: float | None = None,
    overlap_factor: int | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``spatial_angle_modulation_transition``.

    A tone that moves around the head, heard through measured ears (KEMAR).

    Args:
        amp: Amplitude of the source, clipped to 0..1; loud calls are scaled to a peak of 0.98. (default 0.7)
        start_carrier_freq: Frequency of the tone; negative values count as 0. (Hz, default 440.0)
        end_carrier_freq: Frequency of the tone; negative values count as 0. (Hz, default 440.0)
        start_beat_freq: Turns along the path per second; 0: stays in front. (Hz, default 4.0)
        end_beat_freq: Turns along the path per second; 0: stays in front. (Hz, default 4.0)
        start_path_shape: Path of the source around the head. (default circle)
        end_path_shape: Path of the source around the head. (default circle)
        start_path_radius: Only its sign matters: negative is the opposite side. (default 1.0)
        end_path_radius: Only its sign matters: negative is the opposite side. (default 1.0)
        start_arc_start_deg: Start of ``arc`` and ``oscillating_arc``; positive is left. (deg, default 0.0)
        end_arc_start_deg: Start of ``arc`` and ``oscillating_arc``; positive is left. (deg, default 0.0)
        start_arc_end_deg: End of ``arc`` and ``oscillating_arc``. (deg, default 360.0)
        end_arc_end_deg: End of ``arc`` and ``oscillating_arc``. (deg, default 360.0)
        frame_dur_ms: Length of the frames in which the direction is constant; no effect under ``sam_per_sample``. (ms,
            at least 2.22507e-308, at most 10000, default 46.4)
        overlap_factor: Frames per frame length. (at least 2, at most 256, default 8.0)
        initial_offset: When the transition begins; read under ``transition_timing`` only. (s, default 0.0)
        transition_duration: Length of the transition; absent or 0: to the end; read under ``transition_timing`` only.
            (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``; read under
            ``transition_timing`` only. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("spatial_angle_modulation_transition", locals())


def NoiseSweptNotch(
    *,
    noise_type: Any = None,
    noise_parameters: Any = None,
    input_audio_path: str | None = None,
    stereo_correlation: float | None = None,
    sweeps: Any = None,
    lfo_waveform: Literal["sine", "triangle"] | None = None,
    static_notches: Any = None,
    lfo_freq: Number | None = None,
    start_lfo_phase_offset_deg: float | None = None,
    start_intra_phase_offset_deg: float | None = None,
    notch_q: Number | None = None,
    casc: Number | None = None,
    volume: float | None = None,
    stereo_phase_invert: bool | None = None,
    channels: int | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``noise_swept_notch``.

    Coloured noise (or a file) through notch filters that sweep up and down, at a peak of 0.95.

    Args:
        noise_type: Colour: ``pink``, ``brown``, ``red``, ``deep brown``, ``blue``, ``purple``, ``green``, ``white``,
            or an object of ``exponent``, ``high_exponent``, ``distribution_curve``, ``lowcut``, ``highcut``,
            ``amplitude``, ``seed`` or ``name``.
        noise_parameters: The same as an object; read where ``noise_type`` is absent.
        input_audio_path: Audio file to use instead of noise; its first channel.
        stereo_correlation: Correlation of the ears before the notches: 0 independent, 1 equal, -1 opposite; read under
            ``full_band_noise``. (at least -1, at most 1, default 0.0)
        sweeps: List of moving notches: objects ``{min, max, q, cascade}`` or lists ``[min, max, q, count]``; absent:
            one from 1 to 10 kHz; empty: none.
        lfo_waveform: Shape of the sweep. (default sine)
        static_notches: List of up to ten fixed notches: ``{freq, q, cascade}`` or ``[freq, q, count]``.
        lfo_freq: Rate of the sweep. (Hz, default 0.1)
        start_lfo_phase_offset_deg: Lead of the right channel's sweep. (deg, default 0.0)
        start_intra_phase_offset_deg: Lead of a second pass through the notches; 0 in a static voice: none. (deg,
            default 0.0)
        notch_q: Quality of all sweeps, or a list of one each; overrides the entries.
        casc: Number of stages of all sweeps, or a list of one each; 0: none.
        volume: Factor on the finished sound. (default 1.0)
        stereo_phase_invert: Kept with the file; has no effect. (default False)
        channels: Kept with the file; has no effect. (default 2.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("noise_swept_notch", locals())


def NoiseSweptNotchTransition(
    *,
    noise_type: Any = None,
    noise_parameters: Any = None,
    input_audio_path: str | None = None,
    stereo_correlation: float | None = None,
    sweeps: Any = None,
    lfo_waveform: Literal["sine", "triangle"] | None = None,
    static_notches: Any = None,
    start_lfo_freq: float | None = None,
    end_lfo_freq: float | None = None,
    start_lfo_phase_offset_deg: float | None = None,
    end_lfo_phase_offset_deg: float | None = None,
    start_intra_phase_offset_deg: float | None = None,
    end_intra_phase_offset_deg: float | None = None,
    start_sweeps: Any = None,
    end_sweeps: Any = None,
    start_q: Any = None,
    end_q: Any = None,
    start_casc: Any = None,
    end_casc: Any = None,
    volume: float | None = None,
    stereo_phase_invert: bool | None = None,
    channels: int | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``noise_swept_notch_transition``.

    Coloured noise (or a file) through notch filters that sweep up and down, at a peak of 0.95.

    Args:
        noise_type: Colour: ``pink``, ``brown``, ``red``, ``deep brown``, ``blue``, ``purple``, ``green``, ``white``,
            or an object of ``exponent``, ``high_exponent``, ``distribution_curve``, ``lowcut``, ``highcut``,
            ``amplitude``, ``seed`` or ``name``.
        noise_parameters: The same as an object; read where ``noise_type`` is absent.
        input_audio_path: Audio file to use instead of noise; its first channel.
        stereo_correlation: Correlation of the ears before the notches: 0 independent, 1 equal, -1 opposite; read under
            ``full_band_noise``. (at least -1, at most 1, default 0.0)
        sweeps: List of moving notches: objects ``{min, max, q, cascade}`` or lists ``[min, max, q, count]``; absent:
            one from 1 to 10 kHz; empty: none.
        lfo_waveform: Shape of the sweep. (default sine)
        static_notches: List of up to ten fixed notches: ``{freq, q, cascade}`` or ``[freq, q, count]``.
        start_lfo_freq: Rate of the sweep. (Hz, default 0.1)
        end_lfo_freq: Rate of the sweep. (Hz, default 0.1)
        start_lfo_phase_offset_deg: Lead of the right channel's sweep. (deg, default 0.0)
        end_lfo_phase_offset_deg: The same at the end. (deg, default 0.0)
        start_intra_phase_offset_deg: Lead of a second pass through the notches; 0 in a static voice: none. (deg,
            default 0.0)
        end_intra_phase_offset_deg: The same at the end. (deg, default 0.0)
        start_sweeps: The same as ``sweeps``.
        end_sweeps: Ranges at the end; read under ``moving_end_sweeps``.
        start_q: Quality at the start, one or one each.
        end_q: Quality at the end, one or one each.
        start_casc: Stages at the start, one or one each.
        end_casc: Stages at the end, one or one each.
        volume: Factor on the finished sound. (default 1.0)
        stereo_phase_invert: Kept with the file; has no effect. (default False)
        channels: Kept with the file; has no effect. (default 2.0)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("noise_swept_notch_transition", locals())


def NoiseGenerator(
    *,
    noise_type: Any = None,
    noise_parameters: Any = None,
    input_audio_path: str | None = None,
    stereo_correlation: float | None = None,
    sweeps: Any = None,
    lfo_waveform: Literal["sine", "triangle"] | None = None,
    static_notches: Any = None,
    lfo_freq: Number | None = None,
    lfo_phase_offset_deg: Number | None = None,
    intra_phase_offset_deg: Number | None = None,
    notch_q: Number | None = None,
    cascade_count: Number | None = None,
    amp: Number | None = None,
    amp_left: Number | None = None,
    amp_right: Number | None = None,
    fade_in: float | None = None,
    fade_out: float | None = None,
    amp_envelope: Any = None,
    memory_efficient: bool | None = None,
    n_jobs: int | None = None,
    spatial_enable: bool | None = None,
    spatial_trajectory: Any = None,
    spatial_use_ild: float | None = None,
    spatial_ear_angle_deg: float | None = None,
    spatial_head_radius_m: float | None = None,
    spatial_itd_scale: float | None = None,
    spatial_ild_max_db: float | None = None,
    spatial_ild_xover_hz: float | None = None,
    spatial_ref_distance_m: float | None = None,
    spatial_rolloff: float | None = None,
    spatial_hf_roll_db_per_m: float | None = None,
    spatial_dezipper_theta_ms: float | None = None,
    spatial_dezipper_dist_ms: float | None = None,
    spatial_decoder: Literal["itd_head", "foa_cardioid"] | None = None,
    spatial_min_distance_m: float | None = None,
    spatial_max_deg_per_s: float | None = None,
    spatial_max_delay_step_samples: float | None = None,
    spatial_interp: float | None = None,
    spatial_use_itd_ild: bool | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``noise_generator``.

    Coloured noise (or a file) through sweeping notches, with amplitudes per channel, fades and an envelope.

    Args:
        noise_type: Colour: ``pink``, ``brown``, ``red``, ``deep brown``, ``blue``, ``purple``, ``green``, ``white``,
            or an object of ``exponent``, ``high_exponent``, ``distribution_curve``, ``lowcut``, ``highcut``,
            ``amplitude``, ``seed`` or ``name``.
        noise_parameters: The same as an object; read where ``noise_type`` is absent.
        input_audio_path: Audio file to use instead of noise; its first channel.
        stereo_correlation: Correlation of the ears before the notches: 0 independent, 1 equal, -1 opposite; read under
            ``full_band_noise``. (at least -1, at most 1, default 0.0)
        sweeps: List of moving notches: objects ``{min, max, q, cascade}`` or lists ``[min, max, q, count]``; absent:
            one from 1 to 10 kHz; empty: none.
        lfo_waveform: Shape of the sweep. (default sine)
        static_notches: List of up to ten fixed notches: ``{freq, q, cascade}`` or ``[freq, q, count]``.
        lfo_freq: Rate of the sweep. (Hz, default 0.08333333333333333)
        lfo_phase_offset_deg: Lead of the right channel's sweep. (deg, default 90.0)
        intra_phase_offset_deg: Lead of a second pass; 0 in a static voice: none. (deg, default 0.0)
        notch_q: Quality of all sweeps, or a list of one each.
        cascade_count: Number of stages of all sweeps, or a list of one each.
        amp: Amplitude of both channels. (default 0.25)
        amp_left: Amplitude of the left channel, if it is another.
        amp_right: Amplitude of the right channel, if it is another.
        fade_in: Length of the linear fade at the start. (s, default 0.0)
        fade_out: Length of the linear fade at the end. (s, default 0.0)
        amp_envelope: List of points ``[time in s, amplitude]`` or ``{time, amp}``.
        memory_efficient: Kept with the file; has no effect. (default False)
        n_jobs: Kept with the file; has no effect. (default 1.0)
        spatial_enable: Move the sound around the head. (default False)
        spatial_trajectory: List of path segments {mode, seconds, start_deg, ..., distance_m}.
        spatial_use_ild: Level difference between the ears (0 off). (default 1.0)
        spatial_ear_angle_deg: Angle of the ears' cardioids (decoder ``foa_cardioid``; not under ``true_spatial``).
            (deg, default 30.0)
        spatial_head_radius_m: Radius of the head. (m, default 0.0875)
        spatial_itd_scale: Factor on the time difference between the ears. (default 1.0)
        spatial_ild_max_db: Largest level difference between the ears; under ``true_spatial`` only 0 matters: none.
            (dB, default 1.5)
        spatial_ild_xover_hz: Kept with the file; has no effect. (Hz, default 700.0)
        spatial_ref_distance_m: Distance at which the level is 1. (m, at least 0.001, at most 10000, default 1.0)
        spatial_rolloff: Exponent of the level over distance. (at least 0, at most 16, default 1.0)
        spatial_hf_roll_db_per_m: Extra loss with distance (decoder ``foa_cardioid``). (dB/m, default 0.0)
        spatial_dezipper_theta_ms: Smoothing of the azimuth. (ms, default 60.0)
        spatial_dezipper_dist_ms: Smoothing of the distance. (ms, default 80.0)
        spatial_decoder: How the ears are fed. (default itd_head)
        spatial_min_distance_m: Smallest distance (decoder ``itd_head``). (m, default 0.1)
        spatial_max_deg_per_s: Fastest turn (decoder ``itd_head``). (deg/s, default 90.0)
        spatial_max_delay_step_samples: Fastest change of the delay per frame (decoder ``itd_head``; not under
            ``true_spatial``). (frames, default 0.02)
        spatial_interp: Delay interpolation: 0 linear, else four taps (decoder ``itd_head``; not under
            ``true_spatial``). (default 1.0)
        spatial_use_itd_ild: Kept with the file; has no effect. (default True)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("noise_generator", locals())


def NoiseGeneratorTransition(
    *,
    noise_type: Any = None,
    noise_parameters: Any = None,
    input_audio_path: str | None = None,
    stereo_correlation: float | None = None,
    sweeps: Any = None,
    lfo_waveform: Literal["sine", "triangle"] | None = None,
    static_notches: Any = None,
    start_lfo_freq: float | None = None,
    end_lfo_freq: float | None = None,
    start_lfo_phase_offset_deg: float | None = None,
    end_lfo_phase_offset_deg: float | None = None,
    start_intra_phase_offset_deg: float | None = None,
    end_intra_phase_offset_deg: float | None = None,
    start_notch_q: Any = None,
    end_notch_q: Any = None,
    start_cascade_count: Any = None,
    end_cascade_count: Any = None,
    end_sweeps: Any = None,
    start_amp: float | None = None,
    end_amp: float | None = None,
    start_amp_left: float | None = None,
    start_amp_right: float | None = None,
    end_amp_left: float | None = None,
    end_amp_right: float | None = None,
    fade_in: float | None = None,
    fade_out: float | None = None,
    amp_envelope: Any = None,
    curve: str | None = None,
    post_offset: float | None = None,
    memory_efficient: bool | None = None,
    n_jobs: int | None = None,
    spatial_enable: bool | None = None,
    spatial_trajectory: Any = None,
    spatial_use_ild: float | None = None,
    spatial_ear_angle_deg: float | None = None,
    spatial_head_radius_m: float | None = None,
    spatial_itd_scale: float | None = None,
    spatial_ild_max_db: float | None = None,
    spatial_ild_xover_hz: float | None = None,
    spatial_ref_distance_m: float | None = None,
    spatial_rolloff: float | None = None,
    spatial_hf_roll_db_per_m: float | None = None,
    spatial_dezipper_theta_ms: float | None = None,
    spatial_dezipper_dist_ms: float | None = None,
    spatial_decoder: Literal["itd_head", "foa_cardioid"] | None = None,
    spatial_min_distance_m: float | None = None,
    spatial_max_deg_per_s: float | None = None,
    spatial_max_delay_step_samples: float | None = None,
    spatial_interp: float | None = None,
    spatial_use_itd_ild: bool | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``noise_generator_transition``.

    Coloured noise (or a file) through sweeping notches, with amplitudes per channel, fades and an envelope.

    Args:
        noise_type: Colour: ``pink``, ``brown``, ``red``, ``deep brown``, ``blue``, ``purple``, ``green``, ``white``,
            or an object of ``exponent``, ``high_exponent``, ``distribution_curve``, ``lowcut``, ``highcut``,
            ``amplitude``, ``seed`` or ``name``.
        noise_parameters: The same as an object; read where ``noise_type`` is absent.
        input_audio_path: Audio file to use instead of noise; its first channel.
        stereo_correlation: Correlation of the ears before the notches: 0 independent, 1 equal, -1 opposite; read under
            ``full_band_noise``. (at least -1, at most 1, default 0.0)
        sweeps: List of moving notches: objects ``{min, max, q, cascade}`` or lists ``[min, max, q, count]``; absent:
            one from 1 to 10 kHz; empty: none.
        lfo_waveform: Shape of the sweep. (default sine)
        static_notches: List of up to ten fixed notches: ``{freq, q, cascade}`` or ``[freq, q, count]``.
        start_lfo_freq: Rate of the sweep. (Hz, default 0.08333333333333333)
        end_lfo_freq: Rate of the sweep. (Hz, default 0.08333333333333333)
        start_lfo_phase_offset_deg: Lead of the right channel's sweep. (deg, default 90.0)
        end_lfo_phase_offset_deg: Lead of the right channel's sweep. (deg, default 90.0)
        start_intra_phase_offset_deg: Lead of a second pass; 0 in a static voice: none. (deg, default 0.0)
        end_intra_phase_offset_deg: Lead of a second pass; 0 in a static voice: none. (deg, default 0.0)
        start_notch_q: Quality at the start, one or one each.
        end_notch_q: Quality at the end, one or one each.
        start_cascade_count: Stages at the start, one or one each.
        end_cascade_count: Stages at the end, one or one each.
        end_sweeps: Ranges at the end; read under ``moving_end_sweeps``.
        start_amp: Amplitude at the start. (default 0.25)
        end_amp: Amplitude at the end, if it is another.
        start_amp_left: Left amplitude at the start, if it is another.
        start_amp_right: Right amplitude at the start, if it is another.
        end_amp_left: Left amplitude at the end; absent: ``end_amp``.
        end_amp_right: Right amplitude at the end; absent: ``end_amp``.
        fade_in: Length of the linear fade at the start. (s, default 0.0)
        fade_out: Length of the linear fade at the end. (s, default 0.0)
        amp_envelope: List of points ``[time in s, amplitude]`` or ``{time, amp}``.
        curve: Curve of the transition; absent: ``transition_curve``, under the switch ``transition_timing``. (default
            linear)
        post_offset: Another name of ``transition_duration``.
        memory_efficient: Kept with the file; has no effect. (default False)
        n_jobs: Kept with the file; has no effect. (default 1.0)
        spatial_enable: Move the sound around the head. (default False)
        spatial_trajectory: List of path segments {mode, seconds, start_deg, ..., distance_m}.
        spatial_use_ild: Level difference between the ears (0 off). (default 1.0)
        spatial_ear_angle_deg: Angle of the ears' cardioids (decoder ``foa_cardioid``; not under ``true_spatial``).
            (deg, default 30.0)
        spatial_head_radius_m: Radius of the head. (m, default 0.0875)
        spatial_itd_scale: Factor on the time difference between the ears. (default 1.0)
        spatial_ild_max_db: Largest level difference between the ears; under ``true_spatial`` only 0 matters: none.
            (dB, default 1.5)
        spatial_ild_xover_hz: Kept with the file; has no effect. (Hz, default 700.0)
        spatial_ref_distance_m: Distance at which the level is 1. (m, at least 0.001, at most 10000, default 1.0)
        spatial_rolloff: Exponent of the level over distance. (at least 0, at most 16, default 1.0)
        spatial_hf_roll_db_per_m: Extra loss with distance (decoder ``foa_cardioid``). (dB/m, default 0.0)
        spatial_dezipper_theta_ms: Smoothing of the azimuth. (ms, default 60.0)
        spatial_dezipper_dist_ms: Smoothing of the distance. (ms, default 80.0)
        spatial_decoder: How the ears are fed. (default itd_head)
        spatial_min_distance_m: Smallest distance (decoder ``itd_head``). (m, default 0.1)
        spatial_max_deg_per_s: Fastest turn (decoder ``itd_head``). (deg/s, default 90.0)
        spatial_max_delay_step_samples: Fastest change of the delay per frame (decoder ``itd_head``; not under
            ``true_spatial``). (frames, default 0.02)
        spatial_interp: Delay interpolation: 0 linear, else four taps (decoder ``itd_head``; not under
            ``true_spatial``). (default 1.0)
        spatial_use_itd_ild: Kept with the file; has no effect. (default True)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``; read under
            ``transition_timing`` only. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("noise_generator_transition", locals())


def SteadyNoise(
    *,
    noise_type: Literal["pink", "white", "brown"] | None = None,
    rms_l: Number | None = None,
    rms_r: Number | None = None,
    correlation: float | None = None,
    cutoff: float | None = None,
    spin_width: Number | None = None,
    spin_freq: Number | None = None,
    spin_phase: float | None = None,
    position: float | None = None,
    seed: float | None = None,
    am_freq: Number | None = None,
    am_depth: Number | None = None,
    am_duty: float | None = None,
    am_phase: float | None = None,
    pan_freq: Number | None = None,
    pan_width: Number | None = None,
    pan_phase: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``steady_noise``.

    White, pink or brown noise of a stated rms that runs on from step to step; its interaural delay, its level and its
    balance can swing.

    Args:
        noise_type: Colour: ``pink``, ``white`` or ``brown``. (default pink)
        rms_l: Rms of the left ear. (at least 0, default 0.1)
        rms_r: Rms of the right ear. (at least 0, default 0.1)
        correlation: Correlation of the ears: 1 equal, 0 independent. (at least 0, at most 1, default 1.0)
        cutoff: Corner of a low-pass of order 1; 0: none. (Hz, at least 0, default 0.0)
        spin_width: Largest interaural delay; the two ears then have the same noise. (us, at least 0, at most 5000,
            default 0.0)
        spin_freq: Rate at which the interaural delay swings. (Hz, at least 0, default 0.0)
        spin_phase: Phase of the swing at the start. (cycles, default 0.0)
        position: Where the voice begins in the endless noise of its seed. (s, default 0.0)
        seed: Seed of the noise; absent: that of the voice. (at least 0, at most 4.29497e+09)
        am_freq: Rate of the amplitude modulation; 0: none. (Hz, at least 0, default 0.0)
        am_depth: Depth of the amplitude modulation: the level falls to 1 less the depth. (at least 0, at most 1,
            default 0.0)
        am_duty: Share of each cycle that a pulse of the modulation takes; 1: a sine. (at least 0.001, at most 1,
            default 1.0)
        am_phase: Phase of the modulation at the start; 0: between the peaks. (cycles, default 0.0)
        pan_freq: Rate at which the balance swings; 0: it stays. (Hz, at least 0, default 0.0)
        pan_width: How far the balance swings to each side. (at least 0, at most 1, default 0.0)
        pan_phase: Phase of the swing at the start; 0: in the middle, moving right. (cycles, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("steady_noise", locals())


def SteadyNoiseTransition(
    *,
    noise_type: Literal["pink", "white", "brown"] | None = None,
    start_rms_l: float | None = None,
    end_rms_l: float | None = None,
    start_rms_r: float | None = None,
    end_rms_r: float | None = None,
    correlation: float | None = None,
    cutoff: float | None = None,
    start_spin_width: float | None = None,
    end_spin_width: float | None = None,
    start_spin_freq: float | None = None,
    end_spin_freq: float | None = None,
    spin_phase: float | None = None,
    position: float | None = None,
    seed: float | None = None,
    start_am_freq: float | None = None,
    end_am_freq: float | None = None,
    start_am_depth: float | None = None,
    end_am_depth: float | None = None,
    am_duty: float | None = None,
    am_phase: float | None = None,
    start_pan_freq: float | None = None,
    end_pan_freq: float | None = None,
    start_pan_width: float | None = None,
    end_pan_width: float | None = None,
    pan_phase: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``steady_noise_transition``.

    White, pink or brown noise of a stated rms that runs on from step to step; its interaural delay, its level and its
    balance can swing.

    Args:
        noise_type: Colour: ``pink``, ``white`` or ``brown``. (default pink)
        start_rms_l: Rms of the left ear. (at least 0, default 0.1)
        end_rms_l: Rms of the left ear. (at least 0)
        start_rms_r: Rms of the right ear. (at least 0, default 0.1)
        end_rms_r: Rms of the right ear. (at least 0)
        correlation: Correlation of the ears: 1 equal, 0 independent. (at least 0, at most 1, default 1.0)
        cutoff: Corner of a low-pass of order 1; 0: none. (Hz, at least 0, default 0.0)
        start_spin_width: Largest interaural delay; the two ears then have the same noise. (us, at least 0, at most
            5000, default 0.0)
        end_spin_width: Largest interaural delay; the two ears then have the same noise. (us, at least 0, at most 5000)
        start_spin_freq: Rate at which the interaural delay swings. (Hz, at least 0, default 0.0)
        end_spin_freq: Rate at which the interaural delay swings. (Hz, at least 0)
        spin_phase: Phase of the swing at the start. (cycles, default 0.0)
        position: Where the voice begins in the endless noise of its seed. (s, default 0.0)
        seed: Seed of the noise; absent: that of the voice. (at least 0, at most 4.29497e+09)
        start_am_freq: Rate of the amplitude modulation; 0: none. (Hz, at least 0, default 0.0)
        end_am_freq: Rate of the amplitude modulation; 0: none. (Hz, at least 0)
        start_am_depth: Depth of the amplitude modulation: the level falls to 1 less the depth. (at least 0, at most 1,
            default 0.0)
        end_am_depth: Depth of the amplitude modulation: the level falls to 1 less the depth. (at least 0, at most 1)
        am_duty: Share of each cycle that a pulse of the modulation takes; 1: a sine. (at least 0.001, at most 1,
            default 1.0)
        am_phase: Phase of the modulation at the start; 0: between the peaks. (cycles, default 0.0)
        start_pan_freq: Rate at which the balance swings; 0: it stays. (Hz, at least 0, default 0.0)
        end_pan_freq: Rate at which the balance swings; 0: it stays. (Hz, at least 0)
        start_pan_width: How far the balance swings to each side. (at least 0, at most 1, default 0.0)
        end_pan_width: How far the balance swings to each side. (at least 0, at most 1)
        pan_phase: Phase of the swing at the start; 0: in the middle, moving right. (cycles, default 0.0)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("steady_noise_transition", locals())


def Bell(
    *,
    base_freq: float | None = None,
    amp_l: float | None = None,
    amp_r: float | None = None,
    decay: float | None = None,
    age: float | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``bell``.

    A struck sine in both ears that decays exponentially.

    Args:
        base_freq: Frequency. (Hz, default 440.0)
        amp_l: Amplitude of the left ear when it is struck. (default 0.5)
        amp_r: Amplitude of the right ear when it is struck. (default 0.5)
        decay: Time in which the level falls to 1/e. (s, at least 0.001, default 0.575)
        age: Time since the stroke at the start of the voice. (s, at least 0, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("bell", locals())


def ShapedBeat(
    *,
    base_freq: Number | None = None,
    beat_freq: Number | None = None,
    left_high: bool | None = None,
    amp_l: Number | None = None,
    amp_r: Number | None = None,
    waveform: Literal["sine", "square", "triangle", "sawtooth"] | None = None,
    beat_envelope: Any = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``shaped_beat``.

    Two carriers of a chosen shape, one per ear, a beat frequency apart, with an envelope over each beat.

    Args:
        base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz, default 200.0)
        beat_freq: Difference of the two carriers. (Hz, default 4.0)
        left_high: The left ear gets the higher carrier. (default False)
        amp_l: Amplitude of the left ear: the peak of its wave. (default 0.5)
        amp_r: Amplitude of the right ear. (default 0.5)
        waveform: Shape of the carriers, without harmonics beyond the band. (default sine)
        beat_envelope: List of points of a periodic level curve over one beat, scaled to 0..1.
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("shaped_beat", locals())


def ShapedBeatTransition(
    *,
    start_base_freq: float | None = None,
    end_base_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    left_high: bool | None = None,
    start_amp_l: float | None = None,
    end_amp_l: float | None = None,
    start_amp_r: float | None = None,
    end_amp_r: float | None = None,
    waveform: Literal["sine", "square", "triangle", "sawtooth"] | None = None,
    beat_envelope: Any = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``shaped_beat_transition``.

    Two carriers of a chosen shape, one per ear, a beat frequency apart, with an envelope over each beat.

    Args:
        start_base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz, default 200.0)
        end_base_freq: Centre between the two carriers; frame 0 is one sample into their cycles. (Hz)
        start_beat_freq: Difference of the two carriers. (Hz, default 4.0)
        end_beat_freq: Difference of the two carriers. (Hz)
        left_high: The left ear gets the higher carrier. (default False)
        start_amp_l: Amplitude of the left ear: the peak of its wave. (default 0.5)
        end_amp_l: Amplitude of the left ear: the peak of its wave.
        start_amp_r: Amplitude of the right ear. (default 0.5)
        end_amp_r: Amplitude of the right ear.
        waveform: Shape of the carriers, without harmonics beyond the band. (default sine)
        beat_envelope: List of points of a periodic level curve over one beat, scaled to 0..1.
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("shaped_beat_transition", locals())


def SpatialAngleModulationSam2(
    *,
    amp: float | None = None,
    carrier_freq: Number | None = None,
    mod_freq: Number | None = None,
    beat_freq: Number | None = None,
    arc_width_deg: Number | None = None,
    arc_width: float | None = None,
    direction_offset_deg: Number | None = None,
    direction_offset: float | None = None,
    spatial_scale: Number | None = None,
    peak_phase_dev: Number | None = None,
    phase_offset_lrad: float | None = None,
    phase_offset_rrad: float | None = None,
    phase_offset_l: float | None = None,
    phase_offset_r: float | None = None,
    start_phase_offset_l: float | None = None,
    start_phase_offset_r: float | None = None,
    path_type: Literal["open", "closed", "discontinuous", "custom"] | None = None,
    path_shape: Literal["sinusoidal", "sine", "triangle", "tri", "saw", "sawtooth", "ramp", "linear", "square", "step"]
    | None = None,
    rotation_direction: Literal["cw", "ccw"] | None = None,
    discontinuous_steps: int | None = None,
    custom_path_profile: Any = None,
    custom_path_smoothing_passes: int | None = None,
    custom_path_smoothing_ratio: float | None = None,
    ear_polarity: Literal["left_plus_right_minus", "left_minus_right_plus", "left_plus_right_plus"] | None = None,
    sam_schema_version: int | None = None,
    renderer_mode: str | None = None,
    canonical_trajectory: Any = None,
    distance_law: Literal["inverse", "inverse_square", "none"] | None = None,
    reference_distance_m: float | None = None,
    minimum_distance_m: float | None = None,
    maximum_distance_m: float | None = None,
    doppler_enabled: bool | None = None,
    hrtf_asset: str | None = None,
    hrtf_asset_hash: str | None = None,
    hrtf_options: Any = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``spatial_angle_modulation_sam2``.

    A tone whose interaural phase moves along a path around the head.

    Args:
        amp: Amplitude. (default 0.7)
        carrier_freq: Frequency of the tone. (Hz, default 440.0)
        mod_freq: Cycles of the path per second. (Hz, default 4.0)
        beat_freq: Another name of ``modFreq``. (Hz)
        arc_width_deg: Full angular width of the path. (deg, default 90.0)
        arc_width: Another name of ``arcWidthDeg``. (deg)
        direction_offset_deg: Middle of the path. (deg, default 0.0)
        direction_offset: Another name of ``directionOffsetDeg``. (deg)
        spatial_scale: Phase deviation of each ear at 90°. (rad, default 1.0)
        peak_phase_dev: Another name of ``spatialScale``. (rad)
        phase_offset_lrad: Constant phase of the left ear. (rad, default 0.0)
        phase_offset_rrad: Constant phase of the right ear. (rad, default 0.0)
        phase_offset_l: Another name of ``phaseOffsetLRad``. (rad)
        phase_offset_r: Another name of ``phaseOffsetRRad``. (rad)
        start_phase_offset_l: Another name of ``phaseOffsetLRad``. (rad)
        start_phase_offset_r: Another name of ``phaseOffsetRRad``. (rad)
        path_type: There and back, round, in jumps, or drawn. (default open)
        path_shape: Movement along the path; absent: ``sinusoidal`` on open, ``ramp`` on closed, ``square`` on
            discontinuous paths. (default sinusoidal)
        rotation_direction: Sense of closed and discontinuous paths. (default cw)
        discontinuous_steps: Jumps of a discontinuous path per cycle, at least 2. (default 8.0)
        custom_path_profile: Drawn path: ``points``, ``kind`` (``spline`` or lines), ``closedLoop``,
            ``smoothingPasses``, ``smoothingRatio``, ``subNodesPerSegment``.
        custom_path_smoothing_passes: Overrides ``smoothingPasses`` of the drawn path, 0 to 6.
        custom_path_smoothing_ratio: Overrides ``smoothingRatio`` of the drawn path, 0.001 to 0.499.
        ear_polarity: Sense of the deviation in the ears; absent: ``left_minus_right_plus``, or
            ``left_plus_right_minus`` with ``samSchemaVersion``. (default left_minus_right_plus)
        sam_schema_version: Version of the editor's format; present: the other default of ``earPolarity``.
        renderer_mode: ``abstract_pm``, or a tone that moves along ``canonicalTrajectory``: ``geometric`` in a free
            field, ``hrtf`` through the responses of ``hrtfAsset``. (default abstract_pm)
        canonical_trajectory: Path of the source in ``geometric`` and ``hrtf``: ``geometry``, ``traversal``, ...
            (docs/spatial.md).
        distance_law: How the level falls with the distance in ``geometric``: ``inverse``, ``inverse_square``,
            ``none``. (default inverse)
        reference_distance_m: Distance at which the level is ``amp``, in ``geometric``. (m, at least 1e-06, default
            1.0)
        minimum_distance_m: Nearer sources are not louder, in ``geometric``. (m, at least 1e-06, default 0.05)
        maximum_distance_m: Farther sources are not softer, in ``geometric``. (m, at least 1e-06, default 100.0)
        doppler_enabled: Whether the pitch follows the motion, in ``geometric``. (default True)
        hrtf_asset: Responses of the listener for the renderer ``hrtf``: a SOFA file (SimpleFreeFieldHRIR) or an
            ``.hrir.npz`` file.
        hrtf_asset_hash: SHA-256 of that file, hexadecimal; another file is refused.
        hrtf_options: Settings of the renderer ``hrtf``: ``interpolation``, ``delayPolicy``, ``crossfadeMs``,
            ``controlIntervalSamples``, ``elevationDeg``, ``distanceM``, ``distanceLaw``, ``propagationDelay``, ...
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("spatial_angle_modulation_sam2", locals())


def SpatialAngleModulationSam2Transition(
    *,
    amp: float | None = None,
    start_carrier_freq: float | None = None,
    end_carrier_freq: float | None = None,
    start_mod_freq: float | None = None,
    end_mod_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    start_arc_width_deg: float | None = None,
    end_arc_width_deg: float | None = None,
    arc_width: float | None = None,
    start_direction_offset_deg: float | None = None,
    end_direction_offset_deg: float | None = None,
    direction_offset: float | None = None,
    start_spatial_scale: float | None = None,
    end_spatial_scale: float | None = None,
    start_peak_phase_dev: float | None = None,
    end_peak_phase_dev: float | None = None,
    phase_offset_lrad: float | None = None,
    phase_offset_rrad: float | None = None,
    phase_offset_l: float | None = None,
    phase_offset_r: float | None = None,
    start_phase_offset_l: float | None = None,
    start_phase_offset_r: float | None = None,
    path_type: Literal["open", "closed", "discontinuous", "custom"] | None = None,
    path_shape: Literal["sinusoidal", "sine", "triangle", "tri", "saw", "sawtooth", "ramp", "linear", "square", "step"]
    | None = None,
    rotation_direction: Literal["cw", "ccw"] | None = None,
    discontinuous_steps: int | None = None,
    custom_path_profile: Any = None,
    custom_path_smoothing_passes: int | None = None,
    custom_path_smoothing_ratio: float | None = None,
    ear_polarity: Literal["left_plus_right_minus", "left_minus_right_plus", "left_plus_right_plus"] | None = None,
    sam_schema_version: int | None = None,
    renderer_mode: str | None = None,
    canonical_trajectory: Any = None,
    distance_law: Literal["inverse", "inverse_square", "none"] | None = None,
    reference_distance_m: float | None = None,
    minimum_distance_m: float | None = None,
    maximum_distance_m: float | None = None,
    doppler_enabled: bool | None = None,
    hrtf_asset: str | None = None,
    hrtf_asset_hash: str | None = None,
    hrtf_options: Any = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``spatial_angle_modulation_sam2_transition``.

    A tone whose interaural phase moves along a path around the head.

    Args:
        amp: Amplitude. (default 0.7)
        start_carrier_freq: Frequency of the tone. (Hz, default 440.0)
        end_carrier_freq: Frequency of the tone. (Hz)
        start_mod_freq: Cycles of the path per second. (Hz, default 4.0)
        end_mod_freq: Cycles of the path per second. (Hz)
        start_beat_freq: Another name of ``modFreq``. (Hz)
        end_beat_freq: Another name of ``modFreq``. (Hz)
        start_arc_width_deg: Full angular width of the path. (deg, default 90.0)
        end_arc_width_deg: Full angular width of the path. (deg)
        arc_width: Another name of ``arcWidthDeg``. (deg)
        start_direction_offset_deg: Middle of the path. (deg, default 0.0)
        end_direction_offset_deg: Middle of the path. (deg)
        direction_offset: Another name of ``directionOffsetDeg``. (deg)
        start_spatial_scale: Phase deviation of each ear at 90°. (rad, default 1.0)
        end_spatial_scale: Phase deviation of each ear at 90°. (rad)
        start_peak_phase_dev: Another name of ``spatialScale``. (rad)
        end_peak_phase_dev: Another name of ``spatialScale``. (rad)
        phase_offset_lrad: Constant phase of the left ear. (rad, default 0.0)
        phase_offset_rrad: Constant phase of the right ear. (rad, default 0.0)
        phase_offset_l: Another name of ``phaseOffsetLRad``. (rad)
        phase_offset_r: Another name of ``phaseOffsetRRad``. (rad)
        start_phase_offset_l: Another name of ``phaseOffsetLRad``. (rad)
        start_phase_offset_r: Another name of ``phaseOffsetRRad``. (rad)
        path_type: There and back, round, in jumps, or drawn. (default open)
        path_shape: Movement along the path; absent: ``sinusoidal`` on open, ``ramp`` on closed, ``square`` on
            discontinuous paths. (default sinusoidal)
        rotation_direction: Sense of closed and discontinuous paths. (default cw)
        discontinuous_steps: Jumps of a discontinuous path per cycle, at least 2. (default 8.0)
        custom_path_profile: Drawn path: ``points``, ``kind`` (``spline`` or lines), ``closedLoop``,
            ``smoothingPasses``, ``smoothingRatio``, ``subNodesPerSegment``.
        custom_path_smoothing_passes: Overrides ``smoothingPasses`` of the drawn path, 0 to 6.
        custom_path_smoothing_ratio: Overrides ``smoothingRatio`` of the drawn path, 0.001 to 0.499.
        ear_polarity: Sense of the deviation in the ears; absent: ``left_minus_right_plus``, or
            ``left_plus_right_minus`` with ``samSchemaVersion``. (default left_minus_right_plus)
        sam_schema_version: Version of the editor's format; present: the other default of ``earPolarity``.
        renderer_mode: ``abstract_pm``, or a tone that moves along ``canonicalTrajectory``: ``geometric`` in a free
            field, ``hrtf`` through the responses of ``hrtfAsset``. (default abstract_pm)
        canonical_trajectory: Path of the source in ``geometric`` and ``hrtf``: ``geometry``, ``traversal``, ...
            (docs/spatial.md).
        distance_law: How the level falls with the distance in ``geometric``: ``inverse``, ``inverse_square``,
            ``none``. (default inverse)
        reference_distance_m: Distance at which the level is ``amp``, in ``geometric``. (m, at least 1e-06, default
            1.0)
        minimum_distance_m: Nearer sources are not louder, in ``geometric``. (m, at least 1e-06, default 0.05)
        maximum_distance_m: Farther sources are not softer, in ``geometric``. (m, at least 1e-06, default 100.0)
        doppler_enabled: Whether the pitch follows the motion, in ``geometric``. (default True)
        hrtf_asset: Responses of the listener for the renderer ``hrtf``: a SOFA file (SimpleFreeFieldHRIR) or an
            ``.hrir.npz`` file.
        hrtf_asset_hash: SHA-256 of that file, hexadecimal; another file is refused.
        hrtf_options: Settings of the renderer ``hrtf``: ``interpolation``, ``delayPolicy``, ``crossfadeMs``,
            ``controlIntervalSamples``, ``elevationDeg``, ``distanceM``, ``distanceLaw``, ``propagationDelay``, ...
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``; read under
            ``transition_timing`` only. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("spatial_angle_modulation_sam2_transition", locals())


def SpatialAngleModulationMonauralBeat(
    *,
    amp: Number | None = None,
    amp_lower_l: Number | None = None,
    amp_upper_l: Number | None = None,
    amp_lower_r: Number | None = None,
    amp_upper_r: Number | None = None,
    base_freq: Number | None = None,
    beat_freq: Number | None = None,
    start_phase_l: Number | None = None,
    start_phase_r: Number | None = None,
    phase_osc_freq: Number | None = None,
    phase_osc_range: Number | None = None,
    monaural_amp_osc_depth: Number | None = None,
    monaural_amp_osc_freq: Number | None = None,
    monaural_amp_osc_phase_offset: Number | None = None,
    sam_amp_osc_depth: Number | None = None,
    sam_amp_osc_freq: Number | None = None,
    sam_amp_osc_phase_offset: Number | None = None,
    amp_osc_depth: float | None = None,
    amp_osc_freq: float | None = None,
    amp_osc_phase_offset: float | None = None,
    spatial_beat_freq: Number | None = None,
    spatial_phase_offset: Number | None = None,
    path_radius: Number | None = None,
    frame_dur_ms: float | None = None,
    overlap_factor: int | None = None,
    rotation_direction: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``spatial_angle_modulation_monaural_beat``.

    A monaural beat in both ears with a second amplitude modulation.

    Args:
        amp: Amplitude; calls that exceed 1 are scaled to a peak of 0.98. (default 0.7)
        amp_lower_l: Gain of the lower tone in the left part of the mix. (default 0.5)
        amp_upper_l: Gain of the upper tone in the left part of the mix. (default 0.5)
        amp_lower_r: Gain of the lower tone in the right part of the mix. (default 0.5)
        amp_upper_r: Gain of the upper tone in the right part of the mix. (default 0.5)
        base_freq: Centre between the tones. (Hz, default 200.0)
        beat_freq: Distance of the tones; negative swaps them. (Hz, default 4.0)
        start_phase_l: Start phase of the lower tone. (rad, default 0.0)
        start_phase_r: Start phase of the upper tone. (rad, default 0.0)
        phase_osc_freq: Rate at which the tones' phases move against each other. (Hz, default 0.0)
        phase_osc_range: Range of that movement, peak to peak. (rad, default 0.0)
        monaural_amp_osc_depth: Depth of the beat's amplitude oscillation, limited to 0..2. (default 0.0)
        monaural_amp_osc_freq: Rate of the beat's amplitude oscillation; 0 is off. (Hz, default 0.0)
        monaural_amp_osc_phase_offset: Start phase of the beat's amplitude oscillation. (rad, default 0.0)
        sam_amp_osc_depth: Depth of the second amplitude oscillation, limited to 0..2. (default 0.0)
        sam_amp_osc_freq: Rate of the second amplitude oscillation; 0 and less is off. (Hz, default 0.0)
        sam_amp_osc_phase_offset: Start phase of the second amplitude oscillation. (rad, default 0.0)
        amp_osc_depth: Another name of ``sam_ampOscDepth``.
        amp_osc_freq: Another name of ``sam_ampOscFreq``. (Hz)
        amp_osc_phase_offset: Another name of ``sam_ampOscPhaseOffset``. (rad)
        spatial_beat_freq: No effect (the spatial part was never implemented). (Hz, default 4.0)
        spatial_phase_offset: No effect (the spatial part was never implemented). (rad, default 0.0)
        path_radius: No effect (the spatial part was never implemented). (default 1.0)
        frame_dur_ms: No effect (the spatial part was never implemented). (ms, default 46.4)
        overlap_factor: No effect (the spatial part was never implemented). (default 8.0)
        rotation_direction: No effect (the spatial part was never implemented). (default cw)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("spatial_angle_modulation_monaural_beat", locals())


def SpatialAngleModulationMonauralBeatTransition(
    *,
    start_amp: float | None = None,
    end_amp: float | None = None,
    start_amp_lower_l: float | None = None,
    end_amp_lower_l: float | None = None,
    start_amp_upper_l: float | None = None,
    end_amp_upper_l: float | None = None,
    start_amp_lower_r: float | None = None,
    end_amp_lower_r: float | None = None,
    start_amp_upper_r: float | None = None,
    end_amp_upper_r: float | None = None,
    start_base_freq: float | None = None,
    end_base_freq: float | None = None,
    start_beat_freq: float | None = None,
    end_beat_freq: float | None = None,
    start_start_phase_l_monaural: float | None = None,
    end_start_phase_l_monaural: float | None = None,
    start_start_phase_u_monaural: float | None = None,
    end_start_phase_u_monaural: float | None = None,
    start_phase_osc_freq_monaural: float | None = None,
    end_phase_osc_freq_monaural: float | None = None,
    start_phase_osc_range_monaural: float | None = None,
    end_phase_osc_range_monaural: float | None = None,
    start_amp_osc_depth_monaural: float | None = None,
    end_amp_osc_depth_monaural: float | None = None,
    start_amp_osc_freq_monaural: float | None = None,
    end_amp_osc_freq_monaural: float | None = None,
    start_amp_osc_phase_offset_monaural: float | None = None,
    end_amp_osc_phase_offset_monaural: float | None = None,
    start_sam_amp_osc_depth: float | None = None,
    end_sam_amp_osc_depth: float | None = None,
    start_sam_amp_osc_freq: float | None = None,
    end_sam_amp_osc_freq: float | None = None,
    start_sam_amp_osc_phase_offset: float | None = None,
    end_sam_amp_osc_phase_offset: float | None = None,
    start_spatial_beat_freq: float | None = None,
    end_spatial_beat_freq: float | None = None,
    start_spatial_phase_offset: float | None = None,
    end_spatial_phase_offset: float | None = None,
    start_path_radius: float | None = None,
    end_path_radius: float | None = None,
    frame_dur_ms: float | None = None,
    overlap_factor: int | None = None,
    rotation_direction: str | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``spatial_angle_modulation_monaural_beat_transition``.

    A monaural beat in both ears with a second amplitude modulation.

    Args:
        start_amp: Amplitude; calls that exceed 1 are scaled to a peak of 0.98. (default 0.7)
        end_amp: Amplitude; calls that exceed 1 are scaled to a peak of 0.98.
        start_amp_lower_l: Gain of the lower tone in the left part of the mix. (default 0.5)
        end_amp_lower_l: Gain of the lower tone in the left part of the mix.
        start_amp_upper_l: Gain of the upper tone in the left part of the mix. (default 0.5)
        end_amp_upper_l: Gain of the upper tone in the left part of the mix.
        start_amp_lower_r: Gain of the lower tone in the right part of the mix. (default 0.5)
        end_amp_lower_r: Gain of the lower tone in the right part of the mix.
        start_amp_upper_r: Gain of the upper tone in the right part of the mix. (default 0.5)
        end_amp_upper_r: Gain of the upper tone in the right part of the mix.
        start_base_freq: Centre between the tones. (Hz, default 200.0)
        end_base_freq: Centre between the tones. (Hz)
        start_beat_freq: Distance of the tones; negative swaps them. (Hz, default 4.0)
        end_beat_freq: Distance of the tones; negative swaps them. (Hz)
        start_start_phase_l_monaural: Start phase of the lower tone. (rad, default 0.0)
        end_start_phase_l_monaural: Start phase of the lower tone. (rad)
        start_start_phase_u_monaural: Start phase of the upper tone. (rad, default 0.0)
        end_start_phase_u_monaural: Start phase of the upper tone. (rad)
        start_phase_osc_freq_monaural: Rate at which the tones' phases move against each other. (Hz, default 0.0)
        end_phase_osc_freq_monaural: Rate at which the tones' phases move against each other. (Hz)
        start_phase_osc_range_monaural: Range of that movement, peak to peak. (rad, default 0.0)
        end_phase_osc_range_monaural: Range of that movement, peak to peak. (rad)
        start_amp_osc_depth_monaural: Depth of the beat's amplitude oscillation, limited to 0..2. (default 0.0)
        end_amp_osc_depth_monaural: Depth of the beat's amplitude oscillation, limited to 0..2.
        start_amp_osc_freq_monaural: Rate of the beat's amplitude oscillation; 0 is off. (Hz, default 0.0)
        end_amp_osc_freq_monaural: Rate of the beat's amplitude oscillation; 0 is off. (Hz)
        start_amp_osc_phase_offset_monaural: Start phase of the beat's amplitude oscillation. (rad, default 0.0)
        end_amp_osc_phase_offset_monaural: Start phase of the beat's amplitude oscillation. (rad)
        start_sam_amp_osc_depth: Depth of the second amplitude oscillation, limited to 0..2. (default 0.0)
        end_sam_amp_osc_depth: Depth of the second amplitude oscillation, limited to 0..2.
        start_sam_amp_osc_freq: Rate of the second amplitude oscillation; 0 and less is off. (Hz, default 0.0)
        end_sam_amp_osc_freq: Rate of the second amplitude oscillation; 0 and less is off. (Hz)
        start_sam_amp_osc_phase_offset: Start phase of the second amplitude oscillation. (rad, default 0.0)
        end_sam_amp_osc_phase_offset: Start phase of the second amplitude oscillation. (rad)
        start_spatial_beat_freq: No effect (the spatial part was never implemented). (Hz, default 4.0)
        end_spatial_beat_freq: No effect (the spatial part was never implemented). (Hz)
        start_spatial_phase_offset: No effect (the spatial part was never implemented). (rad, default 0.0)
        end_spatial_phase_offset: No effect (the spatial part was never implemented). (rad)
        start_path_radius: No effect (the spatial part was never implemented). (default 1.0)
        end_path_radius: No effect (the spatial part was never implemented).
        frame_dur_ms: No effect (the spatial part was never implemented). (ms, default 46.4)
        overlap_factor: No effect (the spatial part was never implemented). (default 8.0)
        rotation_direction: No effect (the spatial part was never implemented). (default cw)
        initial_offset: When the transition begins; read under ``transition_timing`` only. (s, default 0.0)
        transition_duration: Length of the transition; absent or 0: to the end; read under ``transition_timing`` only.
            (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``; read under
            ``transition_timing`` only. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("spatial_angle_modulation_monaural_beat_transition", locals())


def ClickTrain(
    *,
    click_us: Number | None = None,
    waveform: Literal["rectangular", "biphasic"] | None = None,
    rate_hz: Number | None = None,
    onset_ms: float | None = None,
    polarity: Literal["condensation", "rarefaction", "alternating"] | None = None,
    ears: Literal["both", "left", "right"] | None = None,
    itd_us: Number | None = None,
    amp: Number | None = None,
    pan: Number | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``click_train``.

    Band-limited clicks at an exact rate, with polarity, interaural time difference and pan.

    Args:
        click_us: Width of each click; of each phase of a biphasic one. (us, at least 1, at most 100000, default 100.0)
        waveform: One phase, or a second one of the opposite sign right after it. (default rectangular)
        rate_hz: Sounds per second; 0 or less is silence. (Hz, default 40.0)
        onset_ms: Time of the first sound. (ms, at least 0, default 0.0)
        polarity: Sign: positive, negative, or both in turn, positive first. (default condensation)
        ears: The ears that hear it. (default both)
        itd_us: Time by which the right ear is later; negative: the left ear. (us, at least -100000, at most 100000,
            default 0.0)
        amp: Amplitude. (default 0.5)
        pan: Position, -1 left to 1 right; gain 1 in both ears at 0. (at least -1, at most 1, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("click_train", locals())


def ClickTrainTransition(
    *,
    start_click_us: float | None = None,
    end_click_us: float | None = None,
    waveform: Literal["rectangular", "biphasic"] | None = None,
    start_rate_hz: float | None = None,
    end_rate_hz: float | None = None,
    onset_ms: float | None = None,
    polarity: Literal["condensation", "rarefaction", "alternating"] | None = None,
    ears: Literal["both", "left", "right"] | None = None,
    start_itd_us: float | None = None,
    end_itd_us: float | None = None,
    start_amp: float | None = None,
    end_amp: float | None = None,
    start_pan: float | None = None,
    end_pan: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``click_train_transition``.

    Band-limited clicks at an exact rate, with polarity, interaural time difference and pan.

    Args:
        start_click_us: Width of each click; of each phase of a biphasic one. (us, at least 1, at most 100000, default
            100.0)
        end_click_us: Width of each click; of each phase of a biphasic one. (us, at least 1, at most 100000)
        waveform: One phase, or a second one of the opposite sign right after it. (default rectangular)
        start_rate_hz: Sounds per second; 0 or less is silence. (Hz, default 40.0)
        end_rate_hz: Sounds per second; 0 or less is silence. (Hz)
        onset_ms: Time of the first sound. (ms, at least 0, default 0.0)
        polarity: Sign: positive, negative, or both in turn, positive first. (default condensation)
        ears: The ears that hear it. (default both)
        start_itd_us: Time by which the right ear is later; negative: the left ear. (us, at least -100000, at most
            100000, default 0.0)
        end_itd_us: Time by which the right ear is later; negative: the left ear. (us, at least -100000, at most
            100000)
        start_amp: Amplitude. (default 0.5)
        end_amp: Amplitude.
        start_pan: Position, -1 left to 1 right; gain 1 in both ears at 0. (at least -1, at most 1, default 0.0)
        end_pan: Position, -1 left to 1 right; gain 1 in both ears at 0. (at least -1, at most 1)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("click_train_transition", locals())


def ChirpTrain(
    *,
    start_hz: Number | None = None,
    end_hz: Number | None = None,
    chirp_ms: Number | None = None,
    shape: Literal["linear", "exponential", "cochlear"] | None = None,
    edge_ms: Number | None = None,
    flat_spectrum: bool | None = None,
    rate_hz: Number | None = None,
    onset_ms: float | None = None,
    polarity: Literal["condensation", "rarefaction", "alternating"] | None = None,
    ears: Literal["both", "left", "right"] | None = None,
    itd_us: Number | None = None,
    amp: Number | None = None,
    pan: Number | None = None,
    spatial: Mapping[str, Any] | None = None,
    ramp: Ramp | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice: ``chirp_train``.

    Frequency sweeps at an exact rate: linear, exponential, or compensating the delay of the cochlea.

    Args:
        start_hz: Frequency at the start of each chirp. (Hz, at least 20, at most 100000, default 100.0)
        end_hz: Frequency at the end of each chirp. (Hz, at least 20, at most 100000, default 10000.0)
        chirp_ms: Length of each chirp; ``cochlear`` follows from the frequencies. (ms, at least 0.1, at most 10000,
            default 10.0)
        shape: Law of the frequency over time. (default linear)
        edge_ms: Raised-cosine fade at both ends, at most half the chirp. (ms, at least 0, at most 1000, default 0.5)
        flat_spectrum: Let the amplitude follow the speed of the sweep, for a level spectrum. (default False)
        rate_hz: Sounds per second; 0 or less is silence. (Hz, default 40.0)
        onset_ms: Time of the first sound. (ms, at least 0, default 0.0)
        polarity: Sign: positive, negative, or both in turn, positive first. (default condensation)
        ears: The ears that hear it. (default both)
        itd_us: Time by which the right ear is later; negative: the left ear. (us, at least -100000, at most 100000,
            default 0.0)
        amp: Amplitude. (default 0.5)
        pan: Position, -1 left to 1 right; gain 1 in both ears at 0. (at least -1, at most 1, default 0.0)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        ramp: When and how pairs move; by default evenly over the whole step.
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("chirp_train", locals())


def ChirpTrainTransition(
    *,
    start_start_hz: float | None = None,
    end_start_hz: float | None = None,
    start_end_hz: float | None = None,
    end_end_hz: float | None = None,
    start_chirp_ms: float | None = None,
    end_chirp_ms: float | None = None,
    shape: Literal["linear", "exponential", "cochlear"] | None = None,
    start_edge_ms: float | None = None,
    end_edge_ms: float | None = None,
    flat_spectrum: bool | None = None,
    start_rate_hz: float | None = None,
    end_rate_hz: float | None = None,
    onset_ms: float | None = None,
    polarity: Literal["condensation", "rarefaction", "alternating"] | None = None,
    ears: Literal["both", "left", "right"] | None = None,
    start_itd_us: float | None = None,
    end_itd_us: float | None = None,
    start_amp: float | None = None,
    end_amp: float | None = None,
    start_pan: float | None = None,
    end_pan: float | None = None,
    initial_offset: float | None = None,
    transition_duration: float | None = None,
    transition_curve: str | None = None,
    spatial: Mapping[str, Any] | None = None,
    flanger: Mapping[str, Any] | None = None,
    envelope: Envelope | None = None,
    description: str = "",
    voice_id: str | None = None,
    bus: Literal["binaural", "noise"] = "binaural",
) -> Voice:
    """A voice that moves: ``chirp_train_transition``.

    Frequency sweeps at an exact rate: linear, exponential, or compensating the delay of the cochlea.

    Args:
        start_start_hz: Frequency at the start of each chirp. (Hz, at least 20, at most 100000, default 100.0)
        end_start_hz: Frequency at the start of each chirp. (Hz, at least 20, at most 100000)
        start_end_hz: Frequency at the end of each chirp. (Hz, at least 20, at most 100000, default 10000.0)
        end_end_hz: Frequency at the end of each chirp. (Hz, at least 20, at most 100000)
        start_chirp_ms: Length of each chirp; ``cochlear`` follows from the frequencies. (ms, at least 0.1, at most
            10000, default 10.0)
        end_chirp_ms: Length of each chirp; ``cochlear`` follows from the frequencies. (ms, at least 0.1, at most
            10000)
        shape: Law of the frequency over time. (default linear)
        start_edge_ms: Raised-cosine fade at both ends, at most half the chirp. (ms, at least 0, at most 1000, default
            0.5)
        end_edge_ms: Raised-cosine fade at both ends, at most half the chirp. (ms, at least 0, at most 1000)
        flat_spectrum: Let the amplitude follow the speed of the sweep, for a level spectrum. (default False)
        start_rate_hz: Sounds per second; 0 or less is silence. (Hz, default 40.0)
        end_rate_hz: Sounds per second; 0 or less is silence. (Hz)
        onset_ms: Time of the first sound. (ms, at least 0, default 0.0)
        polarity: Sign: positive, negative, or both in turn, positive first. (default condensation)
        ears: The ears that hear it. (default both)
        start_itd_us: Time by which the right ear is later; negative: the left ear. (us, at least -100000, at most
            100000, default 0.0)
        end_itd_us: Time by which the right ear is later; negative: the left ear. (us, at least -100000, at most
            100000)
        start_amp: Amplitude. (default 0.5)
        end_amp: Amplitude.
        start_pan: Position, -1 left to 1 right; gain 1 in both ears at 0. (at least -1, at most 1, default 0.0)
        end_pan: Position, -1 left to 1 right; gain 1 in both ears at 0. (at least -1, at most 1)
        initial_offset: When the transition begins; for a static voice the time of its first frame. (s, default 0.0)
        transition_duration: Length of the transition; absent: to the end; 0: a jump at the offset (to the end under
            ``transition_timing``). (s)
        transition_curve: ``linear``, ``logarithmic``, ``exponential`` or an expression in ``alpha``. (default linear)
        spatial: Let the sound come from a place, or move along a path round the listener: ``canonicalTrajectory``,
            ``rendererMode``, ``channels``, ... (docs/spatial.md).
        flanger: A flanger behind the voice, see `Flanger`.
        envelope: Volume over the step; ``None``: 10 ms fades at both ends.
        description: Label; also who the voice is from step to step if it has no id.
        voice_id: Voices of the same id in neighbouring steps continue each other's phases.
        bus: Which volume of the step counts.
    """
    return build("chirp_train_transition", locals())
