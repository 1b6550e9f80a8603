//! Spellings of clips and the background.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::track::Source;
use serde_json::{Map, Value, json};

use super::{clip, file, load, quiet};

#[test]
fn every_spelling_of_a_clip_is_read() {
    for name in ["file_path", "path", "file"] {
        assert_eq!(clip(json!({name: "a.wav"})).source, file("a.wav"));
    }
    assert_eq!(clip(json!({"file_path": "", "path": "b.wav"})).source, file("b.wav"));
    for name in ["start", "start_time"] {
        assert_eq!(clip(json!({"file": "a", name: 2})).start, 2.0);
    }
    for name in ["amp", "gain"] {
        assert_eq!(clip(json!({"file": "a", name: 0})).gain, 0.0);
    }
    let plain = clip(json!({"file": "a"}));
    assert_eq!((plain.start, plain.gain, plain.duration), (0.0, 1.0, None));
    assert_eq!((plain.pan, plain.fade_in, plain.fade_out), (0.0, 0.0, 0.0));
    assert_eq!(clip(json!({"file": "a", "duration": 0})).duration, None);
    assert_eq!(clip(json!({"file": "a", "duration": 2.4})).duration, Some(2.4));
    let url = "data:audio/wav;base64,UklGRg==";
    assert_eq!(clip(json!({"file": url})).source, Source::DataUrl(url.to_owned()));
    assert_eq!(clip(json!({"streaming": true})).source, Source::Pushed);
}

#[test]
fn clips_in_both_lists_are_played_once() {
    let clip = |name: &str| json!({"file": name});
    let names = |overlay: Value, clips: Value| -> Vec<Source> {
        let track = quiet(json!({"progression": [], "overlay_clips": overlay, "clips": clips}));
        track.clips.into_iter().map(|clip| clip.source).collect()
    };
    let both = json!([clip("a"), clip("b")]);
    assert_eq!(names(both.clone(), both), [file("a"), file("b")]);
    assert_eq!(names(json!([clip("a"), clip("b")]), json!([clip("b"), clip("c")])), [file("a"), file("b"), file("c")]);
    let (one, other) = (json!({"file": "a", "amp": 1}), json!({"amp": 1, "file": "a"}));
    assert_eq!(names(json!([one]), json!([other])), [file("a")], "the order of keys does not matter");
    assert_eq!(
        names(json!([clip("a"), clip("a")]), json!([])),
        [file("a"), file("a")],
        "repeats within a list are meant"
    );
}

#[test]
fn every_spelling_of_the_background_is_read_in_order() {
    let layer = |fields: Value| load(json!({"progression": [], "background_noise": fields})).0.background;
    let names = ["file_path", "file", "params_path", "noise_file"];
    for (index, name) in names.iter().enumerate() {
        let fields: Map<String, Value> = names[index..].iter().map(|n| ((*n).to_owned(), json!(n))).collect();
        let layer = layer(Value::Object(fields)).unwrap();
        assert_eq!((layer.file.as_deref(), layer.source_at), (Some(*name), format!("background_noise.{name}")));
    }
    assert_eq!(layer(json!({"file_path": " ", "file": "x"})).unwrap().file.as_deref(), Some("x"));
    let gain = |fields: Value| {
        let mut map = fields.as_object().unwrap().clone();
        map.insert("file".to_owned(), json!("x"));
        layer(Value::Object(map)).unwrap().gain
    };
    assert_eq!(gain(json!({})), 1.0);
    assert_eq!(gain(json!({"amp": 0.0})), 0.0);
    assert_eq!(gain(json!({"gain": 0.5, "amp": 0.0})), 0.5);
    assert_eq!(layer(json!({"file": "x", "start_time_seconds": 3})).unwrap().start_time, 3.0);
    assert_eq!(
        layer(json!({"file": "x", "amp_envelope": [[-1, 1], [2, 0, 0.5]]})).unwrap().amp_envelope,
        [(0.0, [1.0; 2]), (2.0, [0.0, 0.5])]
    );
    let inline = layer(json!({"params": {"lfo_freq": 0.1}, "file_path": ""})).unwrap();
    assert_eq!((inline.file, inline.params.unwrap()["lfo_freq"].clone()), (None, json!(0.1)));
    assert_eq!(inline.source_at, "background_noise.params");
    for none in [json!({}), json!({"file_path": "", "amp": 0.0, "amp_envelope": []}), Value::Null] {
        assert_eq!(layer(none), None);
    }
}

#[test]
fn legacy_rules_read_only_legacy_spellings_of_layers() {
    let (track, _) = load(json!({
        "progression": [{"duration": 1}],
        "overlay_clips": [
            {"path": "a.wav", "start_time": 0.4, "gain": 0.5},
            {"file_path": "b.wav", "start": 1.0, "amp": 0.9},
            {"file_path": "c.wav", "path": "c.wav", "start": 2.0, "amp": 0.5, "pan": 1.0},
        ],
        "background_noise": {"file_path": "x.noise", "file": "y.noise", "amp": 0.3},
    }));
    let seen: Vec<_> = track.clips_under(&Compat::LEGACY).iter().map(|c| (c.source.clone(), c.start, c.gain)).collect();
    assert_eq!(seen, [(file("a.wav"), 0.4, 0.5), (file("c.wav"), 0.0, 1.0)]);
    let layer = track.background_under(&Compat::LEGACY).unwrap();
    assert_eq!((layer.file.as_deref(), layer.gain), (Some("y.noise"), 1.0));
    assert_eq!(track.clips_under(&Compat::DEFAULT).len(), 3);
    let layer = track.background_under(&Compat::DEFAULT).unwrap();
    assert_eq!((layer.file.as_deref(), layer.gain), (Some("x.noise"), 0.3));
}
