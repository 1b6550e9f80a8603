//! `.sbg` files: lanes against what SBaGen makes of the same files, sound against closed forms, tolerance, messages.

use std::f64::consts::TAU;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::import::{self, ImportOptions, Imported, Kind};
use realtime_backend_core::track::{self, LoadOptions, Movement, Track};
use serde_json::Value;

fn read(text: &str) -> Imported {
    try_read(text, false).unwrap_or_else(|error| panic!("{error}"))
}

fn try_read(text: &str, strict: bool) -> Result<Imported, Error> {
    let importer = import::IMPORTERS.iter().find(|importer| importer.name() == "sbg").unwrap();
    let options = ImportOptions { name: "night.sbg".to_owned(), strict, ..ImportOptions::default() };
    importer.read(text, &options)
}

fn problems(text: &str) -> Vec<Problem> {
    match try_read(text, false) {
        Err(Error::Invalid(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

fn load(text: &str) -> (Track, Vec<Problem>) {
    track::open_text(text, &LoadOptions::filling_starts(), &[]).unwrap_or_else(|error| panic!("{error}"))
}

/// Left and right from `start` on, at the rate of the track.
fn sound(text: &str, start: f64, seconds: f64) -> [Vec<f64>; 2] {
    let (track, warnings) = load(text);
    assert_eq!(warnings, []);
    let (plan, _) = Plan::compile(&track, &PlanOptions::default()).unwrap();
    let rate = f64::from(track.globals.sample_rate);
    let frames = (seconds * rate).round() as u64;
    let out = render_array(&Arc::new(plan), (start * rate).round() as u64, Some(frames), 1, &mut |_| true).unwrap();
    [0, 1].map(|ear| out.iter().skip(ear).step_by(2).map(|x| f64::from(*x)).collect())
}

/// Amplitude at the middle, and the difference in Hz between the frequency of `signal` and that of `turns(t)`, its
/// expected phase in turns `t` seconds after the beginning.
fn against(signal: &[f64], turns: impl Fn(f64) -> f64) -> (f64, f64) {
    let rate = 44_100.0;
    // the signal in the frame that turns with the expected phase; windows of Hann remove the mirror image
    let part = |from: usize, to: usize| {
        let (mut re, mut im, mut sum) = (0.0, 0.0, 0.0);
        for (i, sample) in signal.iter().enumerate().take(to).skip(from) {
            let window = 0.5 - 0.5 * (TAU * (i - from) as f64 / (to - from) as f64).cos();
            let angle = TAU * turns(i as f64 / rate);
            re += window * sample * angle.cos();
            im -= window * sample * angle.sin();
            sum += window;
        }
        (2.0 * re.hypot(im) / sum, im.atan2(re))
    };
    let (half, whole) = (signal.len() / 2, signal.len());
    let ((_, first), (_, second), (amplitude, _)) =
        (part(0, half), part(half, whole), part(whole / 4, whole - whole / 4));
    let turn = (second - first + 0.5 * TAU).rem_euclid(TAU) - 0.5 * TAU;
    (amplitude, turn / TAU / (half as f64 / rate))
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../parity/golden/import")
}

#[test]
fn lanes_are_those_of_sbagen_at_two_hundred_times() {
    for name in ["blocks", "fades", "kinds", "marks", "short", "slide"] {
        let text = std::fs::read_to_string(golden().join(format!("{name}.sbg"))).unwrap();
        let timeline = std::fs::read_to_string(golden().join(format!("{name}.timeline.json"))).unwrap();
        let timeline: Vec<Value> = serde_json::from_str(&timeline).unwrap();
        let lanes = read(&text).lanes;
        let end = lanes.end;
        for k in 0..200 {
            let time = end * (f64::from(k) + 0.37) / 200.0;
            let number = |value: &Value, key: &str| value[key].as_f64().unwrap_or(0.0);
            let row = timeline.iter().find(|row| (number(row, "from")..number(row, "to")).contains(&time));
            let row = row.unwrap_or(&Value::Null);
            let u = (time - number(row, "from")) / (number(row, "to") - number(row, "from"));
            for index in 0..16 {
                let (from, to) = (&row["start"][index], &row["end"][index]);
                let at = format!("{name}, lane {index}, {time} s");
                let (kind, values) = match lanes.lanes.get(index).and_then(|lane| lane.at(time)) {
                    Some((kind, values)) if *kind != Kind::Bell => (kind.clone(), values),
                    _ => {
                        assert!(from.is_null() || from["kind"] == "bell", "{at}: {from}");
                        continue;
                    }
                };
                let mixed = |key: &str| number(from, key) + (number(to, key) - number(from, key)) * u;
                let wanted = from["kind"].as_str().unwrap_or("silent");
                let same = match kind {
                    Kind::Tone(_) => wanted == "tone",
                    Kind::Noise(colour) => wanted == colour.name,
                    Kind::Spin(_) => wanted == "spin",
                    Kind::Waved(_) => wanted.starts_with("wave"),
                    _ => false,
                };
                assert!(same, "{at}: {kind:?} {from}");
                assert!((100.0 * values.amps[0] - mixed("amp")).abs() < 1e-9, "{at}: {values:?} {from} {to}");
                assert_eq!(values.amps[0], values.amps[1]);
                if kind.has_pitch() {
                    assert!((values.carrier - mixed("carrier")).abs() < 1e-9, "{at}: {values:?} {from} {to}");
                    assert!((values.beat - mixed("beat")).abs() < 1e-9, "{at}: {values:?} {from} {to}");
                }
            }
        }
    }
}

#[test]
fn bells_are_struck_at_the_beginning_of_holds() {
    let text = std::fs::read_to_string(golden().join("kinds.sbg")).unwrap();
    let lanes = read(&text).lanes;
    let strokes: Vec<_> = lanes.lanes[0].stretches.iter().map(|s| (s.from, s.start.carrier, s.start.amps[0])).collect();
    assert_eq!(strokes, [(0.0, 432.0, 0.3), (240.0, 528.0, 0.3)]);
}

#[test]
fn every_golden_becomes_a_track_that_compiles() {
    for file in std::fs::read_dir(golden()).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sbg") {
            let (track, warnings) = track::open(&path, &LoadOptions::filling_starts(), &[]).unwrap();
            assert!(warnings.iter().all(|warning| warning.message.contains("wave")), "{path:?}: {warnings:?}");
            Plan::compile(&track, &PlanOptions::default()).unwrap();
            let mut end = 0.0;
            for step in &track.steps {
                assert!((step.start.unwrap() - end).abs() < 1e-4, "{path:?}: {step:?}");
                end = step.start.unwrap() + step.duration;
            }
        }
    }
}

#[test]
fn carriers_beats_and_amplitudes_are_heard_as_written() {
    let text = "-SE\na: 200+10/20\nb: 150-5/40\noff: -\n0:00 == a ->\n0:01 == b\n0:02 off\n";
    // on the slide: 200 to 150 Hz, +10 to -5 Hz, 20 to 40 % in 60 s
    for (start, length) in [(10.0, 2.0), (40.0, 2.0)] {
        let ears = sound(text, start, length);
        for (signal, side) in ears.iter().zip([0.5, -0.5]) {
            let (f0, slope) = (200.0 + side * 10.0, (-50.0 - side * 15.0) / 60.0);
            let turns = |t: f64| (f0 + slope * start) * t + slope * t * t / 2.0;
            let (amplitude, off) = against(signal, turns);
            let wanted = 0.2 + 0.2 * (start + length / 2.0) / 60.0;
            assert!(off.abs() < 0.01 && (amplitude / wanted - 1.0).abs() < 5e-3, "{start} {side}: {amplitude} {off}");
        }
    }
    // on the hold
    for (signal, side) in sound(text, 65.0, 2.0).iter().zip([0.5, -0.5]) {
        let (amplitude, off) = against(signal, |t| (150.0 - side * 5.0) * t);
        assert!(off.abs() < 1e-3 && (amplitude / 0.4 - 1.0).abs() < 1e-3, "{amplitude} {off}");
    }
}

#[test]
fn lanes_have_no_gap_at_break_points() {
    let text = "-SE\na: 1000/50 300+4/1\nb: 1000/50 200+9/2\noff: -\n0:00:00 == a\n0:00:03 == b ->\n0:00:06 == a\n0:00:08 off\n-F 1000\n";
    let [left, _] = sound(text, 0.1, 7.0);
    let largest = left.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max);
    let sine = 0.5 * TAU * 1000.0 / 44_100.0 + 0.02 * TAU * 300.0 / 44_100.0;
    assert!(largest < sine * 1.001, "{largest} {sine}");
    // and it is as loud as ever around each of them
    for at in [2.5, 3.0, 3.5, 5.5, 6.0, 6.5] {
        let from = ((at - 0.1 - 0.004) * 44_100.0) as usize;
        let peak = left[from..from + 353].iter().fold(0.0_f64, |peak, x| peak.max(x.abs()));
        assert!(peak > 0.49, "{at}: {peak}");
    }
}

#[test]
fn noise_has_the_level_of_the_original_and_runs_on() {
    for (tone, rms, equal) in [("pink", 0.153, true), ("white", 0.577, false), ("brown", 0.590, true)] {
        let text = format!(
            "-SE\na: {tone}/50\nb: {tone}/50 100/1\nc: -\n0:00:00 == a ->\n0:00:05 == b ->\n0:00:10 == c\n-F 0\n"
        );
        let [left, right] = sound(&text, 0.5, 4.0);
        for ear in [&left, &right] {
            let level = (ear.iter().map(|x| x * x).sum::<f64>() / ear.len() as f64).sqrt();
            let decibels = 20.0 * (level / (0.5 * rms)).log10();
            assert!(decibels.abs() < 1.0, "{tone}: {decibels} dB");
        }
        assert_eq!(left == right, equal, "{tone}");
        // two steps have the same samples as one
        let [cut, _] = sound(&format!("a: {tone}/50\nb: {tone}/50\n"), 599.5, 1.0);
        let [whole, _] = sound(&format!("-L 0:20 -i {tone}/50\n"), 599.5, 1.0);
        assert!(cut.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-5), "{tone}");
    }
}

#[test]
fn volume_scales_every_amplitude() {
    let lanes = read("-V 50\na: 200+4/20 pink/10\n").lanes;
    assert_eq!(lanes.lanes[0].stretches[0].start.amps, [0.1; 2]);
    assert_eq!(lanes.lanes[1].stretches[0].start.amps, [0.05; 2]);
}

#[test]
fn the_mixed_file_becomes_a_bed_of_moving_level() {
    let text = "-SE -m sea.ogg\na: mix/80 200+4/20\nb: mix/40 200+4/20\noff: -\n0:00 == a ->\n0:01 == b\n0:02 off\n";
    let (track, _) = load(text);
    let bed = track.background.unwrap();
    assert_eq!(bed.file.as_deref(), Some("sea.ogg"));
    assert_eq!(bed.amp_envelope, [(0.0, [0.8; 2]), (60.0, [0.4; 2]), (90.0, [0.4; 2]), (120.0, [0.0; 2])]);
}

#[test]
fn effects_on_the_mixed_file_become_its_movements() {
    let movement = |tones: &str| {
        let (track, warnings) = load(&format!("-m sea.ogg\na: {tones}\n"));
        assert_eq!(warnings, []);
        let bed = track.background.unwrap();
        (bed.amp_envelope[0].1[0], bed.movement)
    };
    let none = Movement::default();
    let pulses = Movement { am_rate: 4.5, am_duty: 0.403, am_phase: -0.0485, ..none };
    let sine = Movement { am_rate: 3.0, ..none };
    let spin = Movement { spin_rate: 4.2, ..none };
    for (tones, wanted) in [
        ("mix/80 mixpulse:4.5/60", Movement { am_depth: 0.6, ..pulses }),
        ("mixpulse:4.5/80", Movement { am_depth: 1.0, ..pulses }),
        ("200+4/10 mixam:3/50 mix/80", Movement { am_depth: 0.5, ..sine }),
        ("mixspin:300+4.2/50 mix/80", Movement { spin_width: 150.0, ..spin }),
        ("mixspin:300-4.2/80", Movement { spin_width: 300.0, ..spin }),
        ("mix/80 mixspin:300+4.2/50 mixam:3/50", Movement { am_depth: 0.5, spin_width: 150.0, spin_rate: 4.2, ..sine }),
    ] {
        assert_eq!(movement(tones), (0.8, wanted), "{tones}");
    }
    let (track, _) = load("-SE -m sea.ogg -F 1000\na: mix/80\nb: mix/80 mixam:3/50\n0:00:00 a\n0:00:10 b\n0:00:20 b\n");
    let places: Vec<_> = track.clips.iter().map(|clip| (clip.start, clip.movement.am_rate)).collect();
    assert_eq!(places, [(0.0, 0.0), (0.0, 3.0)], "the file goes on in time");
    for text in ["a: mixspin:9000+4/50\n", "a: mixpulse:5000/50\n", "a: mixpulse:x/50\n", "a: mixam:4\n"] {
        assert!(problems(&format!("-m a.ogg\n{text}"))[0].path.starts_with("night.sbg:2:4"), "{text}");
    }
}

#[test]
fn files_are_read_as_tolerantly_as_by_the_original() {
    let plain = read("-SE\nrelax: 200+10/20 pink/30\noff: -\n22:00 relax\n22:30 off\n").lanes;
    for (name, text) in [
        ("CRLF", "-SE\r\nrelax: 200+10/20 pink/30\r\noff: -\r\n22:00 relax\r\n22:30 off\r\n"),
        ("CR", "-SE\rrelax: 200+10/20 pink/30\roff: -\r22:00 relax\r22:30 off"),
        ("blanks", "\n  -S -E  \n\trelax:\t200+10/20\t pink/30  # like that\n\n off: - \n 22:00  relax \n22:30 off   "),
        ("joined", "# head\n-SEQ\nrelax: 200.0+10.00/20. pink/30.0\noff: -\n22:00:00 -- relax\n22:30:00 off"),
        ("midnight", "-SE\nrelax: 200+10/20 pink/30\noff: -\n23:45 relax\n0:15 off\n"),
        ("relative", "-SE\nrelax: 200+10/20 pink/30\noff: -\nNOW relax\n+0:30 off\n"),
        ("sum", "-SE\nrelax: 200+10/20 pink/30\noff: -\nNOW+1:00 relax\nNOW+1:20+0:10 off\n"),
        ("no end needed", "relax: 200+10/20 pink/30\noff: -\n22:00 relax\n22:30 off\n"),
        ("block", "-SE\nrelax: 200+10/20 pink/30\noff: -\nall: {\n +0:00 relax\n +0:30 off\n}\n22:00 all\n"),
        ("arguments", "-SE -F 60000 -V100\nrelax: 200+10/20 pink/30\noff: -\n22:00 relax\n22:30 off\n\x1a"),
    ] {
        let found = read(text);
        assert_eq!(found.lanes.lanes, plain.lanes, "{name}");
        assert_eq!((found.lanes.end, found.warnings.len()), (1800.0, 0), "{name}");
    }
}

#[test]
fn kept_comments_become_the_description() {
    let (track, warnings) = load("## For the night\n# not this\n-SE\na: 200+4/20\n## Second line\n");
    assert_eq!(warnings, []);
    assert_eq!(track.document()["metadata"]["description"], "For the night\nSecond line");
}

#[test]
fn without_times_every_tone_set_is_a_step() {
    let (track, _) = load("a: 200+4/20\nb: 100-2/10\n");
    let steps: Vec<_> = track.steps.iter().map(|step| (step.duration, step.description.as_str())).collect();
    assert_eq!(steps, [(600.0, "a"), (600.0, "b")]);
}

#[test]
fn a_last_state_that_sounds_is_held() {
    let text = "a: 200+4/20\nb: 100-2/10\n0:00 a\n0:10 b\n";
    assert_eq!(read(text).lanes.end, 1200.0);
    assert_eq!(read(&format!("-E\n{text}")).lanes.end, 600.0);
    assert_eq!(read(&format!("-L 0:05\n{text}")).lanes.end, 300.0);
}

#[test]
fn mistakes_are_shown_with_place_and_line() {
    let found = problems("-SE\nrelax: 200+10/20 200*5/20\n22:00 relx\n22:10 relax\n");
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    let first = "night.sbg:2:18: expected a tone such as 200+4/20, 200@4/20, pink/30 or -, got \"200*5/20\"\n  |\n\
                 2 | relax: 200+10/20 200*5/20\n  |                  ^^^^^^^^";
    assert_eq!(said[0], first);
    assert!(said[1].starts_with("night.sbg:3:7: \"relx\" is not defined; did you mean \"relax\"?\n"), "{}", said[1]);
}

#[test]
fn envelopes_and_shapes_are_heard() {
    // a triangle of three points: its interpolation is a raised cosine
    let text = "wave07: 0 1 1\na: wave07:200+4/20 sawtooth:300+0/10\n";
    let (track, warnings) = load(text);
    assert_eq!(warnings, []);
    let [waved, shaped] = [0, 1].map(|voice| &track.steps[0].voices[voice]);
    assert_eq!((&*waved.function, &*shaped.function), ("shaped_beat", "shaped_beat"));
    assert_eq!(waved.params["beatEnvelope"], serde_json::json!([0.0, 1.0, 1.0]));
    assert_eq!(shaped.params["waveform"], "sawtooth");
    let text = "wave07: 0 1 1\na: wave07:200+4/20\n";
    let [left, right] = sound(text, 100.0, 0.5);
    for (i, (l, r)) in left.iter().zip(&right).enumerate() {
        let t = 100.0 + (i + 1) as f64 / 44_100.0;
        // the points 0, 1, 1 lie on a cosine with its least value at 0
        let level = 0.5 - 0.5 * (TAU * (4.0 * t).fract()).cos();
        assert!((l - 0.2 * (TAU * (202.0 * t).fract()).sin() * level).abs() < 2e-5, "{t}: {l}");
        assert!((r - 0.2 * (TAU * (198.0 * t).fract()).sin() * level).abs() < 2e-5, "{t}: {r}");
    }
}

#[test]
fn what_has_no_counterpart_is_named() {
    let text = "-SE -K\na: 200+10/20 mixbeat:1/2\nb: 1/1\n0:00 a\n0:10 b\n";
    let said: Vec<String> = read(text).warnings.iter().map(|w| format!("{}: {}", w.path, w.message)).collect();
    assert_eq!(
        said,
        [
            "night.sbg:1:6: the option -K has no counterpart; left out",
            "night.sbg:2:14: \"mixbeat\" has no counterpart; left out",
        ]
    );
    assert!(matches!(try_read(text, true), Err(Error::Invalid(found)) if found.len() == 2));
}

#[test]
fn every_mistake_is_an_error_with_a_line() {
    for text in [
        "-SE\n",
        "a 200+4/20\n",
        "a: 200+4\n",
        "a: 200+4/\n",
        "a: 200+4/20 {\n",
        "a: { \n +0:00 a\n",
        "}\n",
        "a: 200+4/20\n+0:10 a\n",
        "a: 200+4/20\n0:00 a b\n",
        "a: 200+4/20\n0:00\n",
        "a: 200+4/20\n0:00 ->\n",
        "a: 200+4/20\n25:61 a\n",
        "a: 200+4/20\nb: {\n0:10 a\n}\n0:00 b\n",
        "a: {\n+0:00 a\n}\nb: -\n0:00 a\n",
        "a: 200+4/20\n0:00 a\n+0:10 a\n+0:05 a\n",
        "-p drop 00ds+\n",
        "-F x\na: 200+4/20\n",
        "wave00: 1 x\na: wave00:200+4/20\n",
        "a: wave07:200+4/20\n",
        "a: 1 2 3\n",
        "a: 1e9+2/3\n",
        "a: nonsense/3\n",
    ] {
        for problem in problems(text) {
            assert!(problem.path.starts_with("night.sbg:") && problem.excerpt.is_some(), "{text:?}: {problem:?}");
        }
    }
}

#[test]
fn many_entries_and_deep_blocks_are_refused_at_once() {
    let mut doubling = "a: 200+4/20\nb0: {\n+0:00 a\n+0:00 a\n}\n".to_owned();
    for k in 0..30 {
        let _ = write!(doubling, "b{}: {{\n+0:00 b{k}\n+0:00 b{k}\n}}\n", k + 1);
    }
    doubling.push_str("0:00 b14\n");
    assert!(problems(&doubling)[0].message.contains("10000 entries"));
    assert!(problems(&doubling.replace("0:00 b14", "0:00 b20"))[0].message.contains("nested"));
}

#[test]
fn json_is_never_taken_for_a_session_file() {
    for text in ["{\"progression\": []}", " \n[1]", "\u{feff}{}", "", "hello world", "RIFF....WAVE", "# only a comment"]
    {
        assert!(import::recognised(text.as_bytes(), None).is_none(), "{text:?}");
    }
    assert_eq!(import::recognised(b"hello", Some(Path::new("x.SBG"))).map(|found| found.name()), Some("sbg"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_gives_a_result_or_an_error(text in "[-+a-c0-9:/{}<>=@# \\n\\t.NOWSEpinkmixbell]{0,200}") {
        let _ = try_read(&text, false).map(|imported| imported.to_value());
    }

    #[test]
    fn any_table_of_valid_lines_becomes_a_track(
        lines in proptest::collection::vec((0..4_u32, "(--|==|<>|=>|-=|<-)", 0..4_usize, any::<bool>()), 1..12),
        fade in 0..100_000_u32,
    ) {
        let mut text = format!("-SE -F {fade}\na: 200+10/20 pink/30\nb: 150-4/10 bell+400/20 white/2\nc: spin:300+4/20 100@4/5\noff: -\nNOW a\n");
        for (minutes, fades, name, arrow) in lines {
            let name = ["a", "b", "c", "off"][name];
            let _ = writeln!(text, "NOW+0:{minutes:02} {fades} {name}{}", if arrow { " ->" } else { "" });
        }
        let Ok(imported) = try_read(&text, false) else { return Ok(()) };
        for lane in &imported.lanes.lanes {
            for pair in lane.stretches.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from + 1e-9, "{:?}", pair);
            }
            for stretch in &lane.stretches {
                prop_assert!(stretch.from >= 0.0 && stretch.to <= imported.lanes.end.max(stretch.from) + 1e-9);
            }
        }
        prop_assert!(Track::from_value(imported.to_value().unwrap()).is_ok());
    }
}
