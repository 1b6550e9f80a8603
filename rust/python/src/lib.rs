//! The PyO3 module `realtime_backend._core`: converts between Python and the engine, and nothing else.

use pyo3::prelude::*;

mod analyse;
mod arguments;
mod batch;
mod blocks;
mod convert;
mod dsp;
mod encode;
mod errors;
mod events;
mod file_options;
mod gpu;
mod hrtf;
mod interrupt;
mod player;
mod render;
mod request;
mod session;
mod synth;
mod track;

use errors::{engine, guard};

/// Run the command line. Call it last in a process: it takes over Ctrl-C.
///
/// Args:
///     args: The arguments, beginning with the name of the program.
///
/// Returns:
///     The exit code.
#[pyfunction]
fn command_line(py: Python<'_>, args: Vec<std::ffi::OsString>) -> PyResult<u8> {
    guard(|| engine(py, || realtime_backend_cli::run(args)))
}

/// The native part of `realtime_backend`.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    realtime_backend_core::fault::print_in_one_line();
    // load numpy now: if Ctrl-C interrupted the import at its first use, the binding would panic
    numpy::dtype::<f32>(py);
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("TrackError", py.get_type::<errors::TrackError>())?;
    module.add("MediaError", py.get_type::<errors::MediaError>())?;
    module.add("EngineError", py.get_type::<errors::EngineError>())?;
    module.add("TrackWarning", py.get_type::<errors::TrackWarning>())?;
    module.add_class::<errors::PyProblem>()?;
    module.add_function(wrap_pyfunction!(synth::synth, module)?)?;
    module.add_function(wrap_pyfunction!(synth::render_voice, module)?)?;
    module.add_function(wrap_pyfunction!(synth::voice_table, module)?)?;
    module.add_function(wrap_pyfunction!(synth::flanger_table, module)?)?;
    module.add_function(wrap_pyfunction!(synth::spatial_table, module)?)?;
    module.add_function(wrap_pyfunction!(synth::path_positions, module)?)?;
    module.add_function(wrap_pyfunction!(synth::compat_table, module)?)?;
    module.add_function(wrap_pyfunction!(render::render, module)?)?;
    module.add_function(wrap_pyfunction!(render::render_to_file, module)?)?;
    module.add_function(wrap_pyfunction!(encode::encode_sound, module)?)?;
    module.add_function(wrap_pyfunction!(analyse::analyse_track, module)?)?;
    module.add_function(wrap_pyfunction!(analyse::verify_track, module)?)?;
    module.add_class::<batch::Batch>()?;
    module.add_function(wrap_pyfunction!(batch::batch_track, module)?)?;
    module.add_function(wrap_pyfunction!(batch::batch_fingerprint, module)?)?;
    module.add_function(wrap_pyfunction!(batch::batch_finished, module)?)?;
    module.add_function(wrap_pyfunction!(gpu::gpu_name, module)?)?;
    module.add_function(wrap_pyfunction!(hrtf::hrtf_load, module)?)?;
    module.add_function(wrap_pyfunction!(hrtf::hrtf_info, module)?)?;
    module.add_function(wrap_pyfunction!(hrtf::hrtf_convert, module)?)?;
    module.add_function(wrap_pyfunction!(track::load_track, module)?)?;
    module.add_function(wrap_pyfunction!(track::save_track, module)?)?;
    module.add_function(wrap_pyfunction!(track::validate, module)?)?;
    module.add_function(wrap_pyfunction!(track::read_document, module)?)?;
    module.add_function(wrap_pyfunction!(track::is_document, module)?)?;
    module.add_function(wrap_pyfunction!(track::importers, module)?)?;
    module.add_function(wrap_pyfunction!(command_line, module)?)?;
    session::add(module)?;
    player::add(module)?;
    dsp::add(module)
}
