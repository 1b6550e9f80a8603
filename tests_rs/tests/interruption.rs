//! A request to stop ends loading, compiling and validating with `Cancelled`; it is not reported as an error in the
//! track.

use realtime_backend_core::error::Error;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::json::parse;
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::track::{LoadOptions, Track, open_text};
use serde_json::{Value, json};

fn track() -> Value {
    json!({
        "progression": [{"duration": 1, "voices": [{"synth_function_name": "binaural_beat"}]}],
        "overlay_clips": [{"file_path": "no such file.wav"}],
        "background_noise": {"file_path": "no such file.noise"},
    })
}

fn stopped() -> Interrupt {
    let interrupt = Interrupt::default();
    interrupt.request();
    interrupt
}

#[test]
fn loading_stops_on_request() {
    let options = LoadOptions { interrupt: stopped(), ..LoadOptions::default() };
    assert!(matches!(parse::parse_until("[1, 2]", &stopped()), Err(Error::Cancelled)));
    assert!(matches!(open_text(&track().to_string(), &options, &[]), Err(Error::Cancelled)));
    assert!(matches!(Track::from_value_with(track(), &options), Err(Error::Cancelled)));
}

#[test]
fn an_interrupted_compilation_is_cancelled_not_a_silent_track() {
    let (loaded, _) = Track::from_value(track()).unwrap();
    for on_error in [OnError::Fail, OnError::Warn] {
        let options = PlanOptions { interrupt: stopped(), on_error, ..PlanOptions::default() };
        assert!(matches!(Plan::compile(&loaded, &options), Err(Error::Cancelled)));
        assert!(matches!(Plan::findings(&loaded, &options), Err(Error::Cancelled)));
    }
}

#[test]
fn a_compilation_reports_its_progress() {
    let (loaded, _) = Track::from_value(track()).unwrap();
    let options = PlanOptions::default();
    assert_eq!(options.interrupt.done(), 0.0);
    Plan::compile(&loaded, &options).unwrap();
    assert_eq!(options.interrupt.done(), 1.0);
}
