//! The corpus of malformed tracks (`hostile/tracks.json`): each track is refused with exactly the findings listed in
//! the corpus, or loads with exactly the warnings listed there. None causes a panic or a stack overflow.

use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::track::Track;
use serde_json::Value;

/// The input of a case: a JSON value as passed by a program, or the bytes of a file.
enum Input {
    Value(Value),
    Bytes(Vec<u8>),
}

fn corpus() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/hostile/tracks.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    document["cases"].as_array().unwrap().clone()
}

fn input(case: &Value) -> Input {
    if let Some(track) = case.get("track") {
        return Input::Value(track.clone());
    }
    if let Some(text) = case["text"].as_str() {
        return Input::Bytes(text.into());
    }
    if let Some(hex) = case["hex"].as_str() {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        return Input::Bytes((0..hex.len()).step_by(2).map(digit).collect());
    }
    let part = |part: &Value| part[0].as_str().unwrap().repeat(part[1].as_u64().unwrap() as usize);
    Input::Bytes(case["parts"].as_array().unwrap().iter().map(part).collect::<String>().into())
}

fn load_file(bytes: &[u8]) -> Result<Vec<Problem>, Vec<Problem>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.json");
    std::fs::write(&path, bytes).unwrap();
    outcome(Track::from_path(&path))
}

fn outcome(loaded: realtime_backend_core::error::Result<(Track, Vec<Problem>)>) -> Result<Vec<Problem>, Vec<Problem>> {
    match loaded {
        Ok((_, warnings)) => Ok(warnings),
        Err(Error::Invalid(problems)) => Err(problems),
        Err(other) => panic!("not an invalid-track error: {other}"),
    }
}

/// Check that every expected `[path, part of the message]` is found, and that there are no other findings.
fn compare(name: &str, found: &[Problem], expected: &Value, whole_path: bool) -> Vec<String> {
    let expected = expected.as_array().unwrap();
    let texts = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
    let mut wrong = Vec::new();
    for pair in expected {
        let (path, says) = texts(pair);
        let fits =
            |p: &Problem| p.message.contains(&says) && (p.path == path || (!whole_path && p.path.starts_with(&path)));
        if !found.iter().any(fits) {
            let got: Vec<String> = found.iter().take(4).map(|p| format!("[{}] {}", p.path, p.message)).collect();
            wrong.push(format!("{name}: expected [{path}] …{says}…, got {got:?}"));
        }
    }
    if found.len() != expected.len() {
        wrong.push(format!(
            "{name}: expected {} findings, got {:?}",
            expected.len(),
            found.iter().take(5).collect::<Vec<_>>()
        ));
    }
    wrong
}

fn judge(case: &Value, result: &Result<Vec<Problem>, Vec<Problem>>) -> Vec<String> {
    let name = case["name"].as_str().unwrap();
    let (Ok(found) | Err(found)) = result;
    if let Some(problem) = found.iter().find(|problem| problem.to_string().chars().count() > 500) {
        return vec![format!("{name}: a message of {} characters", problem.to_string().len())];
    }
    let whole_path = case.get("parts").is_none();
    match (result, case.get("errors"), case.get("warnings")) {
        (Err(found), Some(expected), None) => compare(name, found, expected, whole_path),
        (Ok(found), None, Some(expected)) => compare(name, found, expected, whole_path),
        (Err(found), ..) => vec![format!("{name}: refused: {found:?}")],
        (Ok(found), ..) => vec![format!("{name}: accepted, with {found:?}")],
    }
}

#[test]
fn every_malformed_track_gives_exactly_its_expected_findings() {
    let cases = corpus();
    assert!(cases.len() > 100, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let results = match input(case) {
            Input::Bytes(bytes) => vec![load_file(&bytes)],
            Input::Value(value) => {
                vec![load_file(value.to_string().as_bytes()), outcome(Track::from_value(value))]
            }
        };
        wrong.extend(results.iter().flat_map(|result| judge(case, result)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn deeply_nested_values_are_refused_without_stack_overflow() {
    let mut value = Value::Null;
    for _ in 0..500_000 {
        value = Value::Array(vec![value]);
    }
    let track = serde_json::Map::from_iter([("steps".to_owned(), value)]);
    let problems = outcome(Track::from_value(Value::Object(track))).unwrap_err();
    assert!(problems[0].message.contains("nested more than"), "{problems:?}");
}

#[test]
fn folders_and_missing_files_give_errors_with_their_path() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.json");
    for path in [folder.path(), missing.as_path()] {
        let error = Track::from_path(path).unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error}");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn circular_links_and_endless_devices_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("loop.json");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    for path in [link.as_path(), std::path::Path::new("/dev/zero")] {
        assert!(matches!(Track::from_path(path).unwrap_err(), Error::Io { .. }));
    }
}

#[test]
fn thousands_of_mistakes_give_a_shortened_list() {
    let steps: Vec<Value> = (0..5000).map(|_| serde_json::json!({"duration": "x"})).collect();
    let problems = outcome(Track::from_value(serde_json::json!({ "steps": steps }))).unwrap_err();
    assert_eq!(problems.len(), 201);
    assert_eq!(problems[200].message, "4800 more findings are not listed");
}
