//! Files with every classic construct of the formats (`tests_rs/imports`): all are read, and what is left out is named.

use std::path::{Path, PathBuf};

use realtime_backend_core::error::Error;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::import::{self, ImportOptions, Imported};
use realtime_backend_core::track::{self, LoadOptions};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("imports")
}

fn read(name: &str) -> Imported {
    let path = folder().join(name);
    let bytes = std::fs::read(&path).unwrap();
    let importer = import::recognised(&bytes, None).unwrap_or_else(|| panic!("{name} is not recognised"));
    assert_eq!(Some(importer.name()), path.extension().and_then(|extension| extension.to_str()));
    let options = ImportOptions { name: name.to_owned(), ..ImportOptions::default() };
    import::read(importer, &bytes, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// File, length in seconds, lanes that sound at any time, and a part of each warning.
const FILES: &[(&str, f64, usize, &[&str])] = &[
    ("night_blocks.sbg", 10_800.0, 3, &[]),
    ("times.sbg", 300.0, 1, &[]),
    ("dos.sbg", 1800.0, 2, &[]),
    ("latin1.sbg", 600.0, 1, &[]),
    ("old_mac.sbg", 600.0, 1, &[]),
    ("many_lanes.sbg", 720.0, 16, &[]),
    ("options.sbg", 720.0, 3, &["-c has no", "-R has no", "-q has no", "-H has no", "-o has no", "-W has no"]),
    ("immediate.sbg", 300.0, 2, &[]),
    ("no_times.sbg", 1200.0, 2, &[]),
    ("waves.sbg", 1800.0, 4, &["square carriers of pulses"]),
    ("descendants.sbg", 900.0, 3, &["mixbeat", "noisepulse"]),
    ("faults_in_passing.sbg", 2400.0, 2, &["\"<<\" is read as \"<>\"", "\">>\" is read as \"<>\"", "defined again"]),
    ("midnight.sbg", 1800.0, 1, &[]),
    ("plain.gnaural", 40.5, 2, &[]),
    ("dos.gnaural", 40.5, 2, &[]),
    ("latin1.gnaural", 40.5, 2, &[]),
    ("sparse.gnaural", 10.0, 1, &[]),
    ("unknown.gnaural", 81.0, 2, &["type 7", "type -1", "water drops", "rain", "without a name"]),
    ("commas.gnaural", 15.0, 2, &[]),
    ("zeros.gnaural", 15.0, 3, &[]),
    ("flags.gnaural", 40.5, 4, &["endless", "muted"]),
];

#[test]
fn every_construct_is_read_or_named() {
    let mut known: Vec<&str> = FILES.iter().map(|(name, ..)| *name).collect();
    known.sort_unstable();
    let mut there: Vec<String> =
        std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    there.sort_unstable();
    assert_eq!(known, there);
    for (name, seconds, lanes, warnings) in FILES {
        let found = read(name);
        let said: Vec<String> = found.warnings.iter().map(|w| format!("{}: {}", w.path, w.message)).collect();
        assert_eq!(said.len(), warnings.len(), "{name}: {said:?}");
        for (said, wanted) in said.iter().zip(*warnings) {
            assert!(said.contains(wanted) && said.starts_with(&format!("{name}:")), "{said}: {wanted}");
        }
        assert!((found.lanes.end - seconds).abs() < 1e-9, "{name}: {} s", found.lanes.end);
        let sounding = found
            .lanes
            .lanes
            .iter()
            .filter(|lane| lane.stretches.iter().any(|s| !s.start.is_silent() || !s.end.is_silent()));
        assert_eq!(sounding.count(), *lanes, "{name}");
        let (track, _) = track::open(&folder().join(name), &LoadOptions::filling_starts(), &[]).unwrap();
        let (_, warnings) = Plan::compile(&track, &PlanOptions::default()).unwrap();
        assert!(warnings.iter().all(|warning| warning.message.contains("No such file")), "{name}: {warnings:?}");
        let strict = ImportOptions { strict: true, name: (*name).to_owned(), ..ImportOptions::default() };
        let bytes = std::fs::read(folder().join(name)).unwrap();
        let importer = import::recognised(&bytes, None).unwrap();
        match import::read(importer, &bytes, &strict) {
            Ok(_) => assert_eq!(said.len(), 0, "{name}"),
            Err(Error::Invalid(problems)) => assert_eq!(problems.len(), said.len(), "{name}: {problems:?}"),
            Err(other) => panic!("{name}: {other}"),
        }
    }
}

/// Carrier, beat and amplitude in percent of a lane at a time.
fn at(found: &Imported, lane: usize, time: f64) -> [f64; 3] {
    let values = found.lanes.lanes[lane].at(time).map(|(_, values)| values).unwrap_or_default();
    [values.carrier, values.beat, 100.0 * values.amps[0]].map(|x| (x * 1e9).round() / 1e9)
}

#[test]
fn encodings_and_line_ends_make_no_difference() {
    assert_eq!(read("dos.gnaural").lanes, read("plain.gnaural").lanes);
    assert_eq!(read("latin1.gnaural").lanes, read("plain.gnaural").lanes);
    assert_eq!(read("latin1.gnaural").metadata["title"], "Caf\u{e9} & co &nbsp;  \u{b7}");
    assert_eq!(read("latin1.sbg").metadata["description"], "S\u{e9}ance d'apr\u{e8}s-midi \u{b7} f\u{fc}r abends");
    assert_eq!(read("latin1.sbg").lanes.labels[0].1, "d\u{e9}but");
    assert_eq!(at(&read("dos.sbg"), 0, 900.0), [200.0, 10.0, 20.0]);
    assert_eq!(at(&read("old_mac.sbg"), 0, 300.0), [200.0, 10.0, 20.0]);
}

#[test]
fn blocks_in_blocks_repeat_on_the_clock() {
    let found = read("night_blocks.sbg");
    assert_eq!(found.metadata["description"], "A night in three blocks\nwith a nap at the end");
    // 22:00, 22:40, 23:25 (45 minutes later), silence from 0:10 on, 0:20 of the next day, 1:00 the end
    for begin in [0.0, 2400.0, 5100.0, 8400.0] {
        assert_eq!(at(&found, 1, begin + 300.0), [90.0, 1.2, 17.5], "halfway from base to deep");
        assert_eq!(at(&found, 1, begin + 1700.0), [80.0, 0.9, 20.0]);
    }
    assert_eq!(at(&found, 0, 8000.0)[2], 0.0);
    assert_eq!(at(&found, 2, 2400.0 - 400.0), [300.0, -12.0, 5.333_333_333], "two thirds of the way up");
}

#[test]
fn relative_times_count_from_the_last_absolute_one() {
    let found = read("times.sbg");
    for (time, wanted) in [
        (5.0, [200.0, 10.0, 20.0]),
        (35.0, [150.0, 2.5, 20.0]),
        (90.0, [200.0, 10.0, 20.0]),
        (140.0, [100.0, -5.0, 20.0]),
        (170.0, [200.0, 10.0, 20.0]),
        (190.0, [150.0, 2.5, 20.0]),
        (220.0, [200.0, 10.0, 20.0]),
        (270.0, [100.0, -5.0, 20.0]),
    ] {
        assert_eq!(at(&found, 0, time), wanted, "{time} s");
    }
}

#[test]
fn lanes_keep_their_places_and_bells_ring() {
    let found = read("many_lanes.sbg");
    assert_eq!(found.lanes.lanes.len(), 16);
    assert_eq!(at(&found, 11, 100.0), [300.0, 6.0, 3.333_333_333], "a third of the way to silence");
}

#[test]
fn numbers_with_commas_and_jumps_are_read() {
    let found = read("commas.gnaural");
    assert_eq!(at(&found, 0, 0.0), [262.35, 5.5, 74.0]);
    let found = read("zeros.gnaural");
    assert_eq!(at(&found, 0, 9.999_999_999)[0], 200.0);
    assert_eq!(at(&found, 0, 10.0), [100.0, 8.0, 20.0]);
}
