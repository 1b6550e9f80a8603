//! The signal processing functions of the voices for numpy arrays, as `dsp_*`. Public names, defaults and documentation
//! are in `python/realtime_backend/dsp.py`.

use numpy::{
    Element, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods as _,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::dsp::curve::{Alpha, Curve};
use realtime_backend_core::dsp::envelope::{Envelope, Fade};
use realtime_backend_core::dsp::flanger::{Corrections, FlangerSettings, flanger_stereo};
use realtime_backend_core::dsp::pan::PanKind;
use realtime_backend_core::dsp::series::Series;
use realtime_backend_core::dsp::{envelope, filters, lfo, pan, trapezoid};
use realtime_backend_core::error::{Error, suggestion};

use crate::convert;
use crate::errors::{engine, guard, guarded, raise, room};
use crate::synth::context;

type Array<'py> = Bound<'py, PyArray1<f64>>;
type Stereo<'py> = Bound<'py, PyArray2<f32>>;

/// One number for all samples, or one number per sample.
enum Numbers {
    One(f64),
    Many(Vec<f64>),
}

impl Numbers {
    fn series(&self) -> Series<'_> {
        match self {
            Self::One(value) => Series::Constant(*value),
            Self::Many(values) => Series::Values(values),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Numbers {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        guard(|| match object.extract::<f64>() {
            Ok(value) => Ok(Self::One(value)),
            Err(_) => Samples::extract(object).map(|samples| Self::Many(samples.0)),
        })
    }
}

/// Samples from anything that numpy converts to a one-dimensional float64 array.
struct Samples(Vec<f64>);

impl<'py> FromPyObject<'_, 'py> for Samples {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        guard(|| {
            let numpy = py.import("numpy")?;
            let array =
                numpy.call_method1("require", (numpy.call_method1("atleast_1d", (object,))?, "f8", ("C", "A")))?;
            let row: PyReadonlyArray1<'_, f64> =
                array.extract().map_err(|_| wrong_shape(py, &array, "expected a one-dimensional array"))?;
            Ok(Self(row.as_slice()?.to_vec()))
        })
    }
}

/// A stereo signal as two channels.
struct Channels {
    left: Vec<f32>,
    right: Vec<f32>,
}

impl<'py> FromPyObject<'_, 'py> for Channels {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        guard(|| {
            let given = py.import("numpy")?.call_method1("require", (object, "f4", ("C", "A")))?;
            let wrong = || wrong_shape(py, &given, "expected an array of shape (frames, 2)");
            let array: PyReadonlyArray2<'_, f32> = given.extract().map_err(|_| wrong())?;
            if array.shape()[1] != 2 {
                return Err(wrong());
            }
            let (left, right) = array.as_slice()?.chunks_exact(2).map(|frame| (frame[0], frame[1])).unzip();
            Ok(Self { left, right })
        })
    }
}

/// The error for an array of another shape.
fn wrong_shape(py: Python<'_>, array: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    let shape = array.getattr("shape").map_or_else(|_| "another".to_owned(), |shape| shape.to_string());
    raise(py, &Error::invalid("", format!("{expected}, got the shape {shape}")))
}

impl Channels {
    fn into_array(self, py: Python<'_>) -> PyResult<Stereo<'_>> {
        let frames: Vec<f32> = self.left.iter().zip(&self.right).flat_map(|(l, r)| [*l, *r]).collect();
        PyArray1::from_vec(py, frames).reshape([self.left.len(), 2])
    }
}

/// Refuse a sample rate that no filter can be made for.
fn rate(py: Python<'_>, sample_rate: f64) -> PyResult<()> {
    if sample_rate > 0.0 && sample_rate.is_finite() {
        return Ok(());
    }
    let message = format!("expected frames per second above 0, got {sample_rate}");
    Err(raise(py, &Error::invalid("sample_rate", message)))
}

/// Convert the result of `make` to a numpy array.
fn row<T: Element>(py: Python<'_>, make: impl FnOnce() -> Vec<T>) -> PyResult<Bound<'_, PyArray1<T>>> {
    Ok(PyArray1::from_vec(py, guarded(make)?))
}

#[pyfunction]
fn dsp_transition_alpha<'py>(
    py: Python<'py>,
    duration: f64,
    sample_rate: f64,
    initial_offset: f64,
    transition_duration: Option<f64>,
    curve: &str,
) -> PyResult<Array<'py>> {
    guard(|| {
        let context = context(py, duration, sample_rate)?;
        let curve = Curve::parse(curve, true).map_err(|error| raise(py, &error.within("curve")))?;
        let alpha = Alpha::new(duration, context.frames, initial_offset, transition_duration, curve);
        room::<f64>(context.frames)?;
        row(py, || {
            let mut values = vec![0.0; context.frames as usize];
            alpha.fill(0, &mut values);
            values
        })
    })
}

#[pyfunction]
#[allow(clippy::too_many_arguments)]
fn dsp_linear_fade<'py>(
    py: Python<'py>,
    duration: f64,
    sample_rate: f64,
    start: f64,
    end: f64,
    fade_duration: f64,
    at_end: bool,
) -> PyResult<Array<'py>> {
    guard(|| {
        let frames = context(py, duration, sample_rate)?.frames;
        let fade = if at_end { Fade::at_end } else { Fade::at_start };
        let envelope = Envelope::Fade(fade(frames, sample_rate, start, end, fade_duration));
        room::<f64>(frames)?;
        row(py, || envelope.levels(frames))
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_adsr(py: Python<'_>, t: Samples, attack: f64, decay: f64, sustain: f64, release: f64) -> PyResult<Array<'_>> {
    guard(|| row(py, || envelope::adsr_envelope(&t.0, attack, decay, sustain, release)))
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_linen(py: Python<'_>, t: Samples, attack: f64, release: f64) -> PyResult<Array<'_>> {
    guard(|| row(py, || envelope::linen_envelope(&t.0, attack, release)))
}

#[pyfunction]
fn dsp_sine(py: Python<'_>, frequency: Numbers, t: Samples, phase: f64) -> PyResult<Array<'_>> {
    guard(|| {
        row(py, || match frequency {
            Numbers::One(frequency) => lfo::sine_wave(frequency, &t.0, phase),
            Numbers::Many(frequencies) => lfo::sine_wave_varying(&frequencies, &t.0),
        })
    })
}

#[pyfunction]
fn dsp_skewed_sine(py: Python<'_>, phase: Samples, skew: f64) -> PyResult<Array<'_>> {
    guard(|| row(py, || phase.0.into_iter().map(|p| lfo::skewed_sine(p, skew)).collect()))
}

#[pyfunction]
fn dsp_skewed_triangle(py: Python<'_>, phase: Samples, skew: f64) -> PyResult<Array<'_>> {
    guard(|| row(py, || phase.0.into_iter().map(|p| lfo::skewed_triangle(p, skew)).collect()))
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_trapezoid(py: Python<'_>, t: Samples, cycle: Numbers, ramp: Numbers, gap: Numbers) -> PyResult<Array<'_>> {
    guard(|| {
        let level = |(k, t)| trapezoid::trapezoid(t, cycle.series().at(k), ramp.series().at(k), gap.series().at(k));
        row(py, || t.0.into_iter().enumerate().map(level).collect())
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_pan(py: Python<'_>, signal: Samples, position: f64) -> PyResult<Bound<'_, PyArray2<f64>>> {
    guard(|| {
        let (left, right) = guarded(|| pan::pan2(&signal.0, position))?;
        let frames: Vec<f64> = left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]).collect();
        PyArray1::from_vec(py, frames).reshape([left.len(), 2])
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_balance(py: Python<'_>, mut audio: Channels, position: Numbers) -> PyResult<Stereo<'_>> {
    guard(|| {
        guarded(|| pan::apply_pan(&mut audio.left, &mut audio.right, position.series()))?;
        audio.into_array(py)
    })
}

#[pyfunction]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)]
fn dsp_pan_envelope<'py>(
    py: Python<'py>,
    frames: usize,
    sample_rate: f64,
    low: Numbers,
    high: Numbers,
    rate: Numbers,
    kind: &str,
    phase: Numbers,
) -> PyResult<Bound<'py, PyArray1<f32>>> {
    guard(|| {
        room::<f64>(frames as u64)?;
        let limits = [low.series(), high.series()];
        if !PanKind::NAMES.contains(&kind.trim().to_lowercase().as_str()) {
            let (known, hint) = (PanKind::NAMES.join(", "), suggestion(kind, PanKind::NAMES.iter().copied()));
            return Err(raise(py, &Error::invalid("kind", format!("expected one of {known}, got {kind:?}{hint}"))));
        }
        let kind = PanKind::from_name(kind);
        row(py, || pan::pan_envelope(frames, sample_rate, limits, rate.series(), kind, phase.series()))
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_lowpass(py: Python<'_>, signal: Samples, cutoff: f64, sample_rate: f64, order: usize) -> PyResult<Array<'_>> {
    guard(|| {
        if !(1..=16).contains(&order) {
            return Err(raise(py, &Error::invalid("order", format!("expected 1 to 16, got {order}"))));
        }
        rate(py, sample_rate)?;
        row(py, || filters::lowpass_filter(&signal.0, cutoff, sample_rate, order))
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_bandpass(py: Python<'_>, signal: Samples, centre: f64, q: f64, sample_rate: f64) -> PyResult<Array<'_>> {
    guard(|| {
        rate(py, sample_rate)?;
        row(py, || filters::bandpass_filter(&signal.0, centre, q, sample_rate))
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_bandreject(py: Python<'_>, signal: Samples, centre: f64, q: f64, sample_rate: f64) -> PyResult<Array<'_>> {
    guard(|| {
        rate(py, sample_rate)?;
        row(py, || filters::bandreject_filter(&signal.0, centre, q, sample_rate))
    })
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_clean(py: Python<'_>, signal: Samples, sample_rate: f64) -> PyResult<Array<'_>> {
    guard(|| row(py, || filters::apply_filters(&signal.0, sample_rate)))
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
fn dsp_flanger<'py>(
    py: Python<'py>,
    mut audio: Channels,
    sample_rate: f64,
    settings: &Bound<'py, PyDict>,
    compat: Option<&Bound<'py, PyAny>>,
) -> PyResult<Stereo<'py>> {
    guard(|| {
        let rate = context(py, 0.0, sample_rate)?.sample_rate;
        let settings = flanger_settings(settings)?;
        let rules = convert::compat(compat)?.unwrap_or_default();
        let corrections = Corrections {
            interpolation: rules.flanger_interpolation,
            feedback: rules.flanger_feedback,
            spread: rules.flanger_spread,
        };
        engine(py, || flanger_stereo(&mut audio.left, &mut audio.right, rate, &settings, corrections))?;
        audio.into_array(py)
    })
}

/// Convert a dictionary of flanger settings. Its keys are the names of the fields.
fn flanger_settings(given: &Bound<'_, PyDict>) -> PyResult<FlangerSettings> {
    let mut settings = FlangerSettings::default();
    macro_rules! take {
        ($($field:ident)*) => {
            for (name, value) in given {
                let name: String = name.extract()?;
                match name.as_str() {
                    $(stringify!($field) => settings.$field = value.extract()?,)*
                    _ => {
                        let hint = suggestion(&name, [$(stringify!($field)),*]);
                        return Err(raise(given.py(), &Error::invalid(name, format!("no such setting{hint}"))));
                    }
                }
            }
        };
    }
    take!(delay_ms depth_ms rate_hz lfo_shape feedback wet loop_lpf_hz loop_hpf_hz stereo_mode spread_deg law
        interp_mode min_delay_ms max_delay_ms loud_mode loud_tc_ms loud_min_gain loud_max_gain);
    Ok(settings)
}

/// Add the functions of this file to the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(dsp_transition_alpha, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_linear_fade, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_adsr, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_linen, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_sine, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_skewed_sine, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_skewed_triangle, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_trapezoid, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_pan, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_balance, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_pan_envelope, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_lowpass, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_bandpass, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_bandreject, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_clean, module)?)?;
    module.add_function(wrap_pyfunction!(dsp_flanger, module)?)?;
    Ok(())
}
