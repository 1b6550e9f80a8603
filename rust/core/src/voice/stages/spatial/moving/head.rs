//! Interaural cues along the path: slew-limited and smoothed azimuth and distance, delays and levels of the ears
//! (spec binaural-and-isochronic 6.2 to 6.4). They depend on the path alone, not on the sound.

use super::trajectory::Trajectory;
use crate::error::Result;
use crate::voice::Context;
use crate::voice::params::Params;
use crate::voice::stages::spatial::rows::{
    SPATIAL_DECODER, SPATIAL_DEZIPPER_DIST_MS, SPATIAL_DEZIPPER_THETA_MS, SPATIAL_HEAD_RADIUS_M,
    SPATIAL_HF_ROLL_DB_PER_M, SPATIAL_ILD_MAX_DB, SPATIAL_ITD_SCALE, SPATIAL_MAX_DEG_PER_S,
    SPATIAL_MAX_DELAY_STEP_SAMPLES, SPATIAL_MIN_DISTANCE_M, SPATIAL_REF_DISTANCE_M, SPATIAL_ROLLOFF, SPATIAL_USE_ILD,
};

/// Speed of sound, m/s.
const SOUND: f64 = 343.0;

/// The radius that stands for the measured head, metres.
const RADIUS: f64 = 0.0875;

/// The part of a smoother's first value that does not matter any more.
const FORGOTTEN: f64 = 1e-9;

/// The decoder whose smoothing rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    ItdHead,
    FoaCardioid,
}

/// The constants of the stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) rules: Rules,
    rate: f64,
    /// Radius of the head, metres.
    radius: f64,
    /// `spatialItdScale`.
    itd_scale: f64,
    loss_db_per_m: f64,
    smooth_azimuth: f64,
    smooth_distance: f64,
    min_distance: f64,
    /// Fastest turn, degrees per frame.
    pub(super) max_turn: f64,
    max_delay_step: f64,
    /// Interaural delay at 90 degrees, seconds; includes `spatialItdScale`.
    delay_s: f64,
    pub(super) use_ild: bool,
    ild_db: f64,
    reference: f64,
    rolloff: f64,
}

/// The state that is carried from frame to frame.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct State {
    started: bool,
    /// The azimuth before smoothing, degrees (`ItdHead`).
    pub(super) turned: f64,
    /// Smoothed azimuth: degrees (`ItdHead`) or radians (`FoaCardioid`).
    pub(super) azimuth: f64,
    /// Smoothed distance, metres.
    pub(super) distance: f64,
    /// `ItdHead`: delay in frames and its side (1 left, -1 right, 0 none).
    pub(super) delay: f64,
    pub(super) side: f64,
    /// `FoaCardioid`: delay in frames, left and right.
    pub(super) delays: [f64; 2],
    /// Level, left and right.
    pub(super) levels: [f64; 2],
}

/// Coefficient of a one-pole smoother with time constant `ms`.
fn pole(ms: f64, rate: f64) -> f64 {
    if ms <= 0.0 { 0.0 } else { (-1000.0 / (rate * ms)).exp().clamp(0.0, 0.999_999) }
}

/// One step of a one-pole smoother with the coefficient `a`.
fn blend(old: f64, new: f64, a: f64) -> f64 {
    a * old + (1.0 - a) * new
}

/// `angle` in degrees, brought to -180 .. 180.
pub(super) fn wrap180(angle: f64) -> f64 {
    (angle + 180.0).rem_euclid(360.0) - 180.0
}

impl Head {
    pub(super) fn read(context: &Context, params: &Params<'_>) -> Result<Self> {
        let rate = context.sample_rate;
        let foa = params.choice(&SPATIAL_DECODER) == "foa_cardioid";
        let (radius, itd_scale) = (params.number(&SPATIAL_HEAD_RADIUS_M)?, params.number(&SPATIAL_ITD_SCALE)?);
        let loss_db_per_m = params.number(&SPATIAL_HF_ROLL_DB_PER_M)?;
        Ok(Self {
            rules: if foa { Rules::FoaCardioid } else { Rules::ItdHead },
            rate,
            radius,
            itd_scale,
            loss_db_per_m: if foa { loss_db_per_m } else { 0.0 },
            smooth_azimuth: pole(params.number(&SPATIAL_DEZIPPER_THETA_MS)?, rate),
            smooth_distance: pole(params.number(&SPATIAL_DEZIPPER_DIST_MS)?, rate),
            min_distance: if foa { 0.1 } else { params.number(&SPATIAL_MIN_DISTANCE_M)? },
            max_turn: params.number(&SPATIAL_MAX_DEG_PER_S)?.max(0.0) / rate,
            max_delay_step: params.number(&SPATIAL_MAX_DELAY_STEP_SAMPLES)?.max(0.0),
            delay_s: radius / SOUND * itd_scale,
            use_ild: params.number(&SPATIAL_USE_ILD)?.trunc() != 0.0,
            ild_db: params.number(&SPATIAL_ILD_MAX_DB)?,
            reference: params.number(&SPATIAL_REF_DISTANCE_M)?,
            rolloff: params.number(&SPATIAL_ROLLOFF)?,
        })
    }

    /// State before frame 0.
    pub(super) fn first(&self, path: &Trajectory) -> State {
        let (azimuth, distance) = path.at(0);
        let azimuth = if self.rules == Rules::FoaCardioid { azimuth.to_radians() } else { azimuth };
        State {
            started: false,
            turned: azimuth,
            azimuth,
            distance: distance.max(self.min_distance),
            levels: [1.0; 2],
            ..State::default()
        }
    }

    /// A state that becomes that of `frame`, to one part in 10⁹, when it is advanced over [`memory`](Self::memory) frames;
    /// `turned` is the azimuth before smoothing.
    pub(super) fn settled(&self, path: &Trajectory, frame: u64, turned: f64) -> State {
        let mut state = State { started: false, turned, azimuth: turned, ..self.first(path) };
        let (azimuth, distance) = path.at(frame);
        if self.rules == Rules::FoaCardioid {
            state.azimuth = azimuth.to_radians();
        }
        state.distance = distance.max(self.min_distance);
        state.started = true;
        state
    }

    /// Number of frames after which the state depends on the path alone, to one part in 10⁹, apart from the turn. None: it
    /// depends on all frames from the first.
    pub(super) fn memory(&self, path: &Trajectory) -> Option<u64> {
        // frames until a smoother has forgotten where it began
        let forget = |a: f64| if a > 0.0 { FORGOTTEN.ln() / a.ln() } else { 1.0 };
        let (azimuth, distance) = (forget(self.smooth_azimuth), forget(self.smooth_distance));
        // how far the smoothed azimuth is behind a steady turn, degrees
        let behind = path.speed() * azimuth / -FORGOTTEN.ln();
        let delay = match self.rules {
            // the smoother follows the shorter way; if it is half a turn behind, its history decides which one that is
            Rules::FoaCardioid if behind > 60.0 => return None,
            // one smoother after another
            Rules::FoaCardioid => azimuth,
            Rules::ItdHead => {
                // a jump of half a turn, smoothed
                let jump = 180.0 * (1.0 - self.smooth_azimuth);
                let turn = self.max_turn.min(path.speed() + jump).to_radians();
                let catches_up = self.max_delay_step - turn * self.longest();
                if self.delay_s != 0.0 && catches_up <= 0.0 {
                    return None;
                }
                azimuth.max(if self.delay_s == 0.0 { 0.0 } else { self.longest() / catches_up })
            }
        };
        let frames = distance.max(azimuth + delay);
        // longer than any voice
        (frames < 2e11).then_some(frames.ceil() as u64 + 1)
    }

    /// The longest delay in frames.
    pub(super) fn longest(&self) -> f64 {
        self.delay_s.abs() * self.rate
    }

    /// Factor on the measured time difference, at most 10 in either direction.
    pub(super) fn time_factor(&self) -> f64 {
        (self.itd_scale * self.radius / RADIUS).clamp(-10.0, 10.0)
    }

    /// Whether the levels of the ears differ in the measured head.
    pub(super) fn level_differs(&self) -> bool {
        self.use_ild && self.ild_db != 0.0
    }

    /// Smoothed azimuth in degrees.
    pub(super) fn azimuth_deg(&self, state: &State) -> f64 {
        if self.rules == Rules::FoaCardioid { state.azimuth.to_degrees() } else { state.azimuth }
    }

    /// Gain that follows from the distance, without [`loss`](Self::loss).
    pub(super) fn gain(&self, state: &State) -> f64 {
        match self.rules {
            Rules::ItdHead if state.distance < self.reference => 1.0,
            Rules::ItdHead => (self.reference / state.distance).powf(self.rolloff),
            Rules::FoaCardioid => (self.reference / self.reference.max(state.distance)).powf(self.rolloff),
        }
    }

    /// The additional loss over the distance.
    pub(super) fn loss(&self, state: &State) -> f64 {
        if self.loss_db_per_m == 0.0 {
            return 1.0;
        }
        let loss = (self.loss_db_per_m * (state.distance - self.reference)).max(0.0);
        10.0_f64.powf(-loss / 20.0)
    }

    /// Advance azimuth and distance to `frame`.
    pub(super) fn place(&self, state: &mut State, path: &Trajectory, frame: u64) {
        let (azimuth, distance) = path.at(frame);
        let distance = distance.max(self.min_distance);
        if std::mem::replace(&mut state.started, true) {
            state.distance = blend(state.distance, distance, self.smooth_distance);
            match self.rules {
                Rules::ItdHead => {
                    state.turned += wrap180(azimuth - state.turned).clamp(-self.max_turn, self.max_turn);
                    state.azimuth = blend(state.azimuth, state.turned, self.smooth_azimuth);
                }
                Rules::FoaCardioid => {
                    let target = azimuth.to_radians();
                    let turn = (target - state.azimuth).sin().atan2((target - state.azimuth).cos());
                    state.azimuth += (1.0 - self.smooth_azimuth) * turn;
                }
            }
        }
    }

    /// Advance the whole state to `frame`, with the delays and levels of the ears.
    pub(super) fn step(&self, state: &mut State, path: &Trajectory, frame: u64) {
        let started = state.started;
        self.place(state, path, frame);
        let sine = match self.rules {
            Rules::ItdHead => {
                let sine = state.azimuth.to_radians().sin();
                let lag = self.delay_s * sine;
                let target = lag.abs() * self.rate;
                state.delay += (target - state.delay).clamp(-self.max_delay_step, self.max_delay_step);
                if state.delay > 1e-6 {
                    state.side = if lag > 0.0 {
                        1.0
                    } else if lag < 0.0 {
                        -1.0
                    } else {
                        0.0
                    };
                } else {
                    (state.side, state.delay) = (0.0, 0.0);
                }
                sine
            }
            Rules::FoaCardioid => {
                let sine = state.azimuth.sin();
                let lag = self.delay_s * sine;
                for (delay, sign) in state.delays.iter_mut().zip([1.0, -1.0]) {
                    let target = (sign * lag).max(0.0) * self.rate;
                    *delay = if started { blend(*delay, target, self.smooth_azimuth) } else { target };
                    if *delay < 1e-12 {
                        *delay = 0.0;
                    }
                }
                sine
            }
        };
        if self.use_ild {
            for (level, sign) in state.levels.iter_mut().zip([1.0, -1.0]) {
                let target = 10.0_f64.powf(sign * self.ild_db * 0.5 * sine / 20.0);
                *level = blend(*level, target, self.smooth_azimuth);
            }
        }
    }
}
