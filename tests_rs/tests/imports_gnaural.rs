//! `.gnaural` files: values between entries, kinds of voices, tolerance, messages.

use std::sync::Arc;

use proptest::prelude::*;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::import::{self, ImportOptions, Imported, Kind, Values};
use realtime_backend_core::track::{self, LoadOptions, Source, Track};

fn try_read(text: &str) -> Result<Imported, Error> {
    let importer = import::IMPORTERS.iter().find(|importer| importer.name() == "gnaural").unwrap();
    importer.read(text, &ImportOptions { name: "a.gnaural".to_owned(), ..ImportOptions::default() })
}

fn read(text: &str) -> Imported {
    try_read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn messages(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

/// A voice of this type and these entries: duration, left, right, beat, base.
fn voice(kind: i32, more: &str, entries: &[[f64; 5]]) -> String {
    let entries: String = entries
        .iter()
        .map(|[duration, left, right, beat, base]| {
            format!(
                "<entry parent=\"0\" duration=\"{duration}\" volume_left=\"{left}\" volume_right=\"{right}\" \
                 beatfreq=\"{beat}\" basefreq=\"{base}\" state=\"0\"/>\n"
            )
        })
        .collect();
    format!(
        "<voice>\n<description>v{kind}</description><type>{kind}</type>{more}\n<entries>\n{entries}</entries></voice>\n"
    )
}

fn schedule(head: &str, voices: &[String]) -> String {
    format!("<?xml version=\"1.0\"?>\n<schedule>\n{head}\n{}</schedule>\n", voices.concat())
}

fn values(imported: &Imported, lane: usize, time: f64) -> Values {
    imported.lanes.lanes[lane].at(time).map(|(_, values)| values).unwrap()
}

fn sound(text: &str, seconds: f64) -> [Vec<f64>; 2] {
    let (track, _) = track::open_text(text, &LoadOptions::filling_starts(), &[]).unwrap();
    let (plan, _) = Plan::compile(&track, &PlanOptions::default()).unwrap();
    let out = render_array(&Arc::new(plan), 0, Some((seconds * 44_100.0) as u64), 1, &mut |_| true).unwrap();
    [0, 1].map(|ear| out.iter().skip(ear).step_by(2).map(|x| f64::from(*x)).collect())
}

#[test]
fn values_move_on_and_back_to_the_first() {
    let entries = [[10.0, 0.5, 0.25, 4.0, 200.0], [20.0, 0.1, 0.05, 8.0, 100.0]];
    let found = read(&schedule("", &[voice(0, "", &entries)]));
    assert_eq!(found.lanes.end, 30.0);
    assert_eq!(values(&found, 0, 0.0), Values { amps: [0.5, 0.25], ..Values::new(200.0, 4.0, 0.0) });
    let middle = values(&found, 0, 5.0);
    assert!((middle.carrier - 150.0).abs() < 1e-12 && (middle.beat - 6.0).abs() < 1e-12);
    assert!((middle.amps[0] - 0.3).abs() < 1e-12 && (middle.amps[1] - 0.15).abs() < 1e-12);
    let back = values(&found, 0, 20.0);
    assert!((back.carrier - 150.0).abs() < 1e-12 && (back.amps[0] - 0.3).abs() < 1e-12);
}

#[test]
fn the_schedule_ends_with_its_shortest_voice() {
    let short = voice(0, "", &[[7.0, 0.1, 0.1, 4.0, 200.0], [5.0, 0.2, 0.2, 4.0, 200.0]]);
    let long = voice(1, "", &[[100.0, 0.3, 0.3, 0.0, 0.0]]);
    let (track, warnings) =
        track::open_text(&schedule("", &[short, long]), &LoadOptions::filling_starts(), &[]).unwrap();
    assert_eq!(warnings, []);
    let steps: Vec<_> =
        track.steps.iter().map(|step| (step.start.unwrap(), step.duration, step.voices.len())).collect();
    assert_eq!(steps, [(0.0, 7.0, 2), (7.0, 5.0, 2)]);
}

#[test]
fn the_left_ear_is_higher_unless_ears_are_swapped() {
    let tone = voice(0, "", &[[4.0, 0.4, 0.2, 10.0, 300.0]]);
    for (head, high, amps) in [("", 0, [0.4, 0.2]), ("<stereoswap>1</stereoswap>", 1, [0.2, 0.4])] {
        let ears = sound(&schedule(head, std::slice::from_ref(&tone)), 3.0);
        for (ear, signal) in ears.iter().enumerate() {
            let wanted = if ear == high { 305.0 } else { 295.0 };
            let part = &signal[44_100..2 * 44_100];
            let turn = |i: usize| std::f64::consts::TAU * wanted * i as f64 / 44_100.0;
            let (re, im) = part
                .iter()
                .enumerate()
                .fold((0.0, 0.0), |(re, im), (i, x)| (re + x * turn(i).cos(), im + x * turn(i).sin()));
            let amplitude = 2.0 * f64::hypot(re, im) / part.len() as f64;
            assert!((amplitude - amps[ear]).abs() < 1e-3, "{head} {ear}: {amplitude}");
        }
    }
}

#[test]
fn pulses_are_open_for_half_of_the_cycle_and_alternate() {
    let entries = [[4.0, 0.5, 0.5, 5.0, 400.0]];
    let [left, right] = sound(&schedule("", &[voice(3, "", &entries)]), 2.0);
    let peak = |signal: &[f64], from: f64, to: f64| {
        signal[(from * 44_100.0) as usize..(to * 44_100.0) as usize].iter().fold(0.0_f64, |peak, x| peak.max(x.abs()))
    };
    for signal in [&left, &right] {
        assert!(peak(signal, 1.01, 1.09) > 0.499 && peak(signal, 1.1001, 1.1999) < 1e-6);
    }
    let [left, right] = sound(&schedule("", &[voice(4, "", &entries)]), 2.0);
    assert!(peak(&left, 1.01, 1.09) > 0.499 && peak(&left, 1.1001, 1.1999) < 1e-6);
    assert!(peak(&right, 1.11, 1.19) > 0.499 && peak(&right, 1.003, 1.097) < 1e-6);
    // the gates of both ears add up to one, also at the edges
    let envelope = |signal: &[f64], at: f64| peak(signal, at - 0.0013, at + 0.0013);
    assert!((envelope(&left, 1.1 - 0.00114) + envelope(&right, 1.1 - 0.00114)) < 1.1);
    // at rate 0 the gate is open
    let [open, _] = sound(&schedule("", &[voice(3, "", &[[4.0, 0.5, 0.5, 0.0, 400.0]])]), 2.0);
    assert!((peak(&open, 0.5, 1.5) - 0.5).abs() < 1e-3);
}

#[test]
fn noise_has_the_level_of_the_original_in_independent_ears() {
    let [left, right] = sound(&schedule("", &[voice(1, "", &[[4.0, 0.5, 0.5, 0.0, 0.0]])]), 3.5);
    let power = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64;
    for ear in [&left, &right] {
        let decibels = 10.0 * (power(ear, ear) / (0.5_f64 * 0.29).powi(2)).log10();
        assert!(decibels.abs() < 1.0, "{decibels}");
    }
    assert!(power(&left, &right).abs() < 0.05 * power(&left, &left));
}

#[test]
fn mono_puts_both_tones_in_both_ears() {
    let entries = [[4.0, 0.3, 0.2, 10.0, 300.0]];
    let [left, right] = sound(&schedule("", &[voice(0, "<voice_mono>1</voice_mono>", &entries)]), 1.0);
    assert_eq!(left, right);
    let peak = left.iter().fold(0.0_f64, |peak, x| peak.max(x.abs()));
    assert!((peak - 0.5).abs() < 0.01, "{peak}");
}

#[test]
fn loops_repeat_and_overall_volumes_scale() {
    let head =
        "<loops>3</loops><overallvolume_left>0.5</overallvolume_left><overallvolume_right>2</overallvolume_right>";
    let found = read(&schedule(head, &[voice(0, "", &[[10.0, 0.2, 0.2, 4.0, 200.0], [5.0, 0.4, 0.4, 4.0, 200.0]])]));
    assert_eq!(found.lanes.end, 45.0);
    for repetition in 0..3 {
        let amps = values(&found, 0, 15.0 * f64::from(repetition) + 5.0).amps;
        assert!((amps[0] - 0.15).abs() < 1e-12 && (amps[1] - 0.6).abs() < 1e-12, "{amps:?}");
    }
    let endless = read(&schedule("<loops>0</loops>", &[voice(0, "", &[[10.0, 0.2, 0.2, 4.0, 200.0]])]));
    assert!(endless.warnings[0].message.contains("loop"), "{:?}", endless.warnings);
}

#[test]
fn files_are_read_as_tolerantly_as_they_were_written() {
    let plain = schedule("", &[voice(0, "", &[[10.0, 0.5, 0.5, 4.0, 200.0], [0.0, 0.1, 0.1, 4.0, 200.0]])]);
    let expected = read(&plain).lanes;
    for text in [
        plain.replace("<?xml version=\"1.0\"?>\n", ""),
        plain.replace("<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!-- comment -->"),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("\u{feff}  \n{plain}"),
        plain.replace("</schedule>", "<voice></voice><voice><type>0</type><entries></entries></voice></schedule>"),
        plain.replace("<schedule>", "<schedule><totaltime>77</totaltime><voicecount>9</voicecount>"),
        plain.replace("duration=\"10\"", "duration = '10.0'"),
        plain.replace("<schedule>", "<!DOCTYPE schedule><schedule><graphview>1 & 2</graphview>"),
    ] {
        assert_eq!(read(&text).lanes, expected, "{text}");
    }
    let text = schedule(
        "<title>R &amp; D &lt;1&gt; caf\u{e9} &nbsp; & co</title><author>A</author>",
        &[voice(0, "", &[[1.0, 0.5, 0.5, 4.0, 200.0]])],
    );
    let latin: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let (track, warnings) = track::open_bytes(latin, None, &LoadOptions::filling_starts(), &[]).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(track.document()["metadata"]["title"], "R & D <1> caf\u{e9} &nbsp; & co");
    assert_eq!(track.document()["metadata"]["author"], "A");
}

#[test]
fn what_is_left_out_is_named_with_its_place() {
    let entries = [[1.0, 0.5, 0.5, 4.0, 200.0]];
    let muted = voice(0, "<voice_mute>1</voice_mute>", &entries);
    let found = read(&schedule("", &[voice(0, "", &entries), voice(5, "", &entries), voice(6, "", &entries), muted]));
    assert_eq!(found.lanes.lanes.len(), 1);
    assert_eq!(
        messages(&found.warnings),
        [
            "a.gnaural:10:30: water drops have no counterpart; left out",
            "a.gnaural:15:30: rain has no counterpart; left out",
            "a.gnaural:19:1: a muted voice; left out",
        ]
    );
}

#[test]
fn an_audio_file_becomes_the_bed() {
    let file = voice(2, "", &[[10.0, 0.5, 0.5, 0.0, 0.0], [10.0, 0.1, 0.1, 0.0, 0.0]]).replace("v2", "sea.wav");
    let (track, _) = track::open_text(&schedule("", &[file]), &LoadOptions::filling_starts(), &[]).unwrap();
    let bed = track.background.unwrap();
    assert_eq!(bed.file.as_deref(), Some("sea.wav"));
    assert_eq!(bed.amp_envelope, [(0.0, [0.5; 2]), (10.0, [0.1; 2]), (20.0, [0.5; 2])]);
}

#[test]
fn several_audio_files_become_looping_clips_with_their_volumes() {
    let file = |name: &str, left: f64| {
        voice(2, "", &[[10.0, left, 0.5, 0.0, 0.0], [10.0, 0.1, 0.1, 0.0, 0.0]]).replace("v2", name)
    };
    let text = schedule("", &[file("sea.wav", 0.5), file("rain.wav", 0.25)]);
    let (track, warnings) = track::open_text(&text, &LoadOptions::filling_starts(), &[]).unwrap();
    assert_eq!(warnings, []);
    assert!(track.background.is_none());
    let found: Vec<_> = track.clips.iter().map(|clip| (&clip.source, clip.repeats, clip.duration)).collect();
    let source = |name: &str| Source::File(name.to_owned());
    assert_eq!(found, [(&source("sea.wav"), true, Some(20.0)), (&source("rain.wav"), true, Some(20.0))]);
    let even = [(0.0, [0.5; 2]), (10.0, [0.1; 2]), (20.0, [0.5; 2])];
    let uneven = [(0.0, [0.25, 0.5]), (10.0, [0.1; 2]), (20.0, [0.25, 0.5])];
    assert_eq!((&track.clips[0].amp_envelope[..], &track.clips[1].amp_envelope[..]), (&even[..], &uneven[..]));
}

#[test]
fn mistakes_have_a_line_and_bombs_do_not_explode() {
    let bomb: String = (1..30).map(|k| format!("<!ENTITY e{k} \"&e{};&e{};\">", k - 1, k - 1)).collect();
    for text in [
        "<schedule>".to_owned(),
        "<schedule></schedule>".to_owned(),
        "<other></other>".to_owned(),
        "<schedule><voice><entries><entry duration=\"x\"/></entries></voice></schedule>".to_owned(),
        format!("<!DOCTYPE s [<!ENTITY e0 \"x\">{bomb}]><schedule><title>&e29;</title></schedule>"),
        "<!DOCTYPE s [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><schedule><title>&x;</title></schedule>".to_owned(),
        schedule("<loops>1000000</loops>", &[voice(0, "", &[[1.0, 0.5, 0.5, 4.0, 200.0]])]),
        schedule("", &[voice(0, "", &[[1e6, 0.5, 0.5, 4.0, 200.0]])]),
    ] {
        match try_read(&text) {
            Err(Error::Invalid(found)) => assert!(found.iter().all(|p| p.path.starts_with("a.gnaural:")), "{found:?}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn zero_durations_jump() {
    let entries = [[5.0, 0.5, 0.5, 4.0, 200.0], [0.0, 0.5, 0.5, 4.0, 200.0], [5.0, 0.1, 0.1, 8.0, 100.0]];
    let found = read(&schedule("", &[voice(0, "", &entries)]));
    assert_eq!(values(&found, 0, 4.999).carrier, 200.0);
    assert_eq!(values(&found, 0, 5.0), Values::new(100.0, 8.0, 0.1));
    assert!(matches!(found.lanes.lanes[0].stretches[0].kind, Kind::Tone(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_schedule_becomes_a_track_or_an_error(
        kinds in proptest::collection::vec((-1..8_i32, proptest::collection::vec((0..5_u32, -20..60_i32), 0..5)), 0..4),
        loops in 0..4_u32,
    ) {
        let voices: Vec<String> = kinds.iter().map(|(kind, entries)| {
            let entries: Vec<[f64; 5]> = entries.iter().map(|(duration, x)| {
                [f64::from(*duration) / 3.0, f64::from(*x) / 60.0, 0.2, f64::from(*x), f64::from(*x) * 10.0]
            }).collect();
            voice(*kind, "", &entries)
        }).collect();
        let Ok(found) = try_read(&schedule(&format!("<loops>{loops}</loops>"), &voices)) else { return Ok(()) };
        let (track, _) = Track::from_value(found.to_value().unwrap()).unwrap();
        prop_assert!(Plan::compile(&track, &PlanOptions::default()).is_ok());
    }

    #[test]
    fn any_text_gives_a_result_or_an_error(text in "[<>/=\"'a-z0-9 &;!\\[\\]?-]{0,200}") {
        let _ = try_read(&text).map(|found| found.to_value());
        let _ = try_read(&format!("<schedule>{text}</schedule>")).map(|found| found.to_value());
    }
}
