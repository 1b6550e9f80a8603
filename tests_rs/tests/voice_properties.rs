//! Properties that hold for every registered voice with any parameters: any way of rendering gives the same bits, a
//! transition with equal ends equals the static voice, the sound is finite, and errors name the parameter.

use std::f64::consts::TAU;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rayon::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Error;
use realtime_backend_core::voice::family::Standing;
use realtime_backend_core::voice::param::{Fallback, Kind, Moves, Param};
use realtime_backend_core::voice::registry::{FAMILIES, build};
use realtime_backend_core::voice::{Block, Context, Family, Voice};
use serde_json::{Map, Value, json};
use tests_rs::{golden, random};

type Sound = (Vec<f32>, Vec<f32>);

/// A voice under test: parameters and context.
#[derive(Debug, Clone)]
struct Setup {
    params: Map<String, Value>,
    duration: f64,
    sample_rate: f64,
    /// Preset of the compatibility rules.
    rules: &'static str,
    seed: u64,
}

impl Setup {
    fn context(&self) -> Context {
        let mut context =
            Context::new(self.duration, self.sample_rate).with_compat(Compat::preset(self.rules).expect("a preset"));
        context.folder = Some(golden::folder());
        context.seed = self.seed;
        context
    }
}

/// All families. If the environment variable `VOICE` is set, only those whose name contains it.
fn families() -> Vec<&'static Family> {
    let wanted = std::env::var("VOICE").unwrap_or_default();
    FAMILIES.iter().copied().filter(|family| family.name.contains(&wanted)).collect()
}

/// Every voice: family, and whether it is the transition form.
fn variants() -> Vec<(&'static Family, bool)> {
    families()
        .into_iter()
        .flat_map(|f| [(f, false), (f, true)])
        .filter(|(f, transition)| f.transition || !transition)
        .collect()
}

fn title(family: &Family, transition: bool) -> String {
    format!("{}{}", family.name, if transition { "_transition" } else { "" })
}

fn setups(family: &'static Family, transition: bool) -> impl Strategy<Value = Setup> {
    let timing = if transition { random::timing().boxed() } else { Just(Map::new()).boxed() };
    let rates = prop::sample::select(vec![8_000.0, 22_050.0, 44_100.0, 48_000.0]);
    let rules = prop::sample::select(&Compat::PRESETS[..]);
    (random::params(family, transition), timing, 0.02..0.5_f64, rates, rules, any::<u64>()).prop_map(
        |(mut params, timing, duration, sample_rate, rules, seed)| {
            params.extend(timing);
            Setup { params, duration, sample_rate, rules, seed }
        },
    )
}

/// Run `check` on random voices of every family. Voices that refuse their parameters are skipped, but most must not
/// refuse.
fn for_every_voice(
    cases: u32,
    check: impl Fn(&mut dyn Voice, &Setup, &mut TestRng) -> Result<(), TestCaseError> + Sync,
) {
    let failures: Vec<String> = variants()
        .into_par_iter()
        .filter_map(|(family, transition)| {
            let name = title(family, transition);
            let refused = std::cell::RefCell::new(Vec::new());
            let result = runner(cases).run(&(setups(family, transition), any::<u64>()), |(setup, seed)| {
                match build(family, transition, &setup.context(), &setup.params) {
                    Ok((mut voice, _)) => {
                        let mut rng = TestRng::from_seed(RngAlgorithm::XorShift, &seed.to_le_bytes().repeat(2));
                        check(&mut *voice, &setup, &mut rng)
                    }
                    Err(error) => {
                        refused.borrow_mut().push(error.to_string());
                        Ok(())
                    }
                }
            });
            let refused = refused.into_inner();
            if let Err(error) = result {
                return Some(format!("{name}: {error}"));
            }
            (refused.len() * 2 > cases as usize).then(|| format!("{name}: refuses most parameters: {:?}", refused[0]))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn render(voice: &mut dyn Voice, start: u64, frames: usize) -> Sound {
    let (mut left, mut right) = (vec![f32::NAN; frames], vec![f32::NAN; frames]);
    voice.render(start, Block::new(&mut left, &mut right));
    (left, right)
}

fn whole(voice: &mut dyn Voice, setup: &Setup) -> Sound {
    render(voice, 0, setup.context().frames as usize)
}

/// The first frame at which two sounds differ.
fn difference(a: &Sound, b: &Sound) -> Option<usize> {
    let side = |a: &[f32], b: &[f32]| a.iter().zip(b).position(|(x, y)| x.to_bits() != y.to_bits());
    [side(&a.0, &b.0), side(&a.1, &b.1)].into_iter().flatten().min()
}

fn slice(sound: &Sound, start: usize, frames: usize) -> Sound {
    (sound.0[start..start + frames].to_vec(), sound.1[start..start + frames].to_vec())
}

#[test]
fn any_partition_into_blocks_gives_the_same_bits() {
    for_every_voice(24, |voice, setup, rng| {
        let reference = whole(&mut *voice.fork(), setup);
        let frames = reference.0.len();
        let mut parts = (Vec::new(), Vec::new());
        while parts.0.len() < frames {
            let len = match rng.random_range(0..4) {
                0 => rng.random_range(1..8),
                1 => 64 << rng.random_range(0..5_usize),
                _ => rng.random_range(1..3000),
            };
            let part = render(voice, parts.0.len() as u64, len.min(frames - parts.0.len()));
            parts.0.extend(part.0);
            parts.1.extend(part.1);
        }
        prop_assert_eq!(difference(&reference, &parts), None);
        Ok(())
    });
}

#[test]
fn seeking_to_any_frame_equals_the_slice_of_the_whole() {
    for_every_voice(24, |voice, setup, rng| {
        let reference = whole(&mut *voice.fork(), setup);
        let frames = reference.0.len();
        for _ in 0..6.min(frames) {
            let start = rng.random_range(0..frames);
            let len = rng.random_range(1..=(frames - start).min(700));
            let part = render(voice, start as u64, len);
            prop_assert_eq!(difference(&slice(&reference, start, len), &part), None, "from {} on", start);
        }
        Ok(())
    });
}

#[test]
fn forks_give_the_same_bits_on_other_threads() {
    for_every_voice(12, |voice, setup, _| {
        let reference = whole(voice, setup);
        let forks: Vec<_> = (0..2).map(|_| voice.fork()).collect();
        let sounds: Vec<Sound> = forks.into_par_iter().map(|mut fork| whole(&mut *fork, setup)).collect();
        for sound in sounds {
            prop_assert_eq!(difference(&reference, &sound), None);
        }
        Ok(())
    });
}

#[test]
fn building_twice_gives_the_same_finite_sound_within_its_bound() {
    for_every_voice(48, |voice, setup, _| {
        let sound = whole(voice, setup);
        let bad = sound.0.iter().chain(&sound.1).position(|x| !x.is_finite());
        prop_assert_eq!(bad, None, "not finite");
        if let Some(bound) = voice.bound() {
            let peak = sound.0.iter().chain(&sound.1).fold(0.0_f32, |peak, x| peak.max(x.abs()));
            prop_assert!(peak <= bound * 1.000_01, "a peak of {} above the bound of {}", peak, bound);
        }
        Ok(())
    });
    for (family, transition) in variants() {
        let context = Context::new(0.2, 22_050.0);
        let sounds = [0, 1].map(|_| {
            let (mut voice, _) = build(family, transition, &context, &Map::new()).expect("defaults are accepted");
            render(&mut *voice, 0, context.frames as usize)
        });
        assert_eq!(difference(&sounds[0], &sounds[1]), None, "{}", title(family, transition));
    }
}

#[test]
fn calls_of_zero_to_four_frames_give_finite_sound() {
    for (family, transition) in variants() {
        for (duration, frames) in [(0.0, 0), (3e-5, 1), (1e-4, 4)] {
            let context = Context::new(duration, 44_100.0);
            assert_eq!(context.frames, frames);
            let (mut voice, _) = build(family, transition, &context, &Map::new())
                .unwrap_or_else(|error| panic!("{} of {frames} frames: {error}", title(family, transition)));
            let sound = render(&mut *voice, 0, frames as usize);
            assert!(sound.0.iter().chain(&sound.1).all(|x| x.is_finite()), "{}", title(family, transition));
        }
    }
}

/// The parameters of the transition form that hold a static value at both ends.
fn standing(row: &Param, value: f64) -> Vec<(String, Value)> {
    let names = row.spellings(true);
    let count = match row.moves {
        Moves::Fixed => 1,
        Moves::Pair | Moves::PairOnly | Moves::Own { .. } | Moves::OwnNamed { .. } | Moves::Named { .. } => 2,
        Moves::StaticOnly | Moves::TransitionOnly => 0,
    };
    names.into_iter().take(count).map(|name| (name, json!(value))).collect()
}

#[test]
fn a_transition_with_equal_ends_equals_the_static_voice() {
    let failures: Vec<String> = families()
        .into_par_iter()
        .filter(|family| family.transition)
        .filter_map(|family| {
            let without: &[Param] = match family.standing {
                Standing::Same => &[],
                Standing::SameWithout(rows, _) => rows,
                Standing::Differs(_) => return None,
            };
            let strategy = (random::numbers(family), random::timing(), 0.05..0.4_f64);
            let result = runner(24).run(&strategy, |(numbers, timing, duration)| {
                let (mut still, mut moving) = (Map::new(), timing);
                for (row, drawn) in numbers {
                    if row.moves == Moves::TransitionOnly {
                        continue;
                    }
                    let value = if without.contains(row) { 0.0 } else { drawn };
                    still.insert(row.name.to_owned(), json!(value));
                    moving.extend(standing(row, value));
                }
                let context = Context::new(duration, 22_050.0);
                let built = (build(family, false, &context, &still), build(family, true, &context, &moving));
                let ((mut still, _), (mut moving, _)) = match built {
                    (Ok(still), Ok(moving)) => (still, moving),
                    (Err(_), Err(_)) => return Ok(()),
                    (a, b) => {
                        return Err(TestCaseError::fail(format!("only one refuses: {:?} {:?}", a.err(), b.err())));
                    }
                };
                let frames = context.frames as usize;
                let (a, b) = (render(&mut *still, 0, frames), render(&mut *moving, 0, frames));
                let scale = a.0.iter().chain(&a.1).fold(1.0_f32, |peak, x| peak.max(x.abs()));
                let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
                let worst = apart(&a.0, &b.0).max(apart(&a.1, &b.1));
                prop_assert!(worst <= 2e-6 * scale, "differs by {worst:e} at peak {scale}");
                Ok(())
            });
            result.err().map(|error| format!("{}: {error}", family.name))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The rows of a family that a transition moves, with the names and the default of both ends. Start phases do not move.
/// Glitches are left out, because each set of their parameters gives another noise.
fn movable(family: &'static Family) -> impl Iterator<Item = (&'static Param, [String; 2], f64)> {
    family.params.iter().copied().flatten().filter_map(|row| {
        let moves = row.kind == Kind::Number && standing(row, 0.0).len() == 2;
        let left_out = row.name.contains("tartPhase") || row.name.starts_with("glitch");
        let mut names = row.documented(true).into_iter();
        let ((start, default), (end, _)) = (names.next()?, names.next()?);
        let default = if let Fallback::Number(number) = default { number } else { 0.0 };
        let value = if default == 0.0 { 0.1_f64.clamp(row.min, row.max) } else { default };
        (moves && !left_out).then_some((row, [start, end], value))
    })
}

#[test]
fn a_transition_without_length_has_its_end_values() {
    let reads_length = |family: &&'static Family| {
        family.transition && !family.switched_timing.iter().any(|row| row.name == "transition_duration")
    };
    let failures: Vec<String> = families()
        .into_par_iter()
        .filter(reads_length)
        .flat_map_iter(|family| {
            let timing = [("initial_offset".to_owned(), json!(0.0)), ("transition_duration".to_owned(), json!(0.0))];
            // all oscillators are on, so that each number affects the sound
            let mut still = Map::from_iter(timing);
            for (_, names, value) in movable(family) {
                still.extend(names.map(|name| (name, json!(value))));
            }
            let context = Context::new(0.2, 44_100.0);
            movable(family).filter_map(move |(row, [start, end], value)| {
                let other = (1.2 * value).clamp(row.min, row.max);
                let sound = |first: f64| {
                    let mut params = still.clone();
                    params.extend([(start.clone(), json!(first)), (end.clone(), json!(other))]);
                    let (mut voice, _) = build(family, true, &context, &params).expect("accepted");
                    render(&mut *voice, 0, context.frames as usize)
                };
                let (over, there) = (sound(value), sound(other));
                let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
                let worst = apart(&over.0, &there.0).max(apart(&over.1, &there.1));
                (worst > 1e-4).then(|| format!("{}: {} differs by {worst:e}", family.name, row.name))
            })
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_voice_with_carried_phases_continues_the_sound() {
    // Whole pulse cycles (4 Hz) and no modulation, so that only the carriers continue.
    let (rate, first) = (44_100.0, 11_025 * 3);
    for (family, transition) in variants() {
        if !family.params.iter().copied().flatten().any(|row| row.name == "oscillator_phases") {
            continue;
        }
        let context = Context::new(2.0, rate);
        let given = json!({"baseFreq": 211.3, "beatFreq": 4.0, "pulseRate": 4.0});
        let mut params = given.as_object().cloned().expect("an object");
        params.retain(|key, _| family.params.iter().copied().flatten().any(|row| row.name == key));
        if transition {
            params.extend([("startBaseFreq".to_owned(), json!(211.3)), ("startBeatFreq".to_owned(), json!(4.0))]);
        }
        let (mut long, _) = build(family, transition, &context, &params).expect("accepted");
        let phases = long.phases_at(first).unwrap_or_else(|| panic!("{} carries phases", family.name));
        assert!(phases.left.is_finite() && phases.right.abs() < 1e6 * TAU);
        params.insert("oscillator_phases".to_owned(), json!({"left": phases.left, "right": phases.right}));
        let (mut next, _) = build(family, transition, &context, &params).expect("accepted");
        let (a, b) = (render(&mut *long, first, 20_000), render(&mut *next, 0, 20_000));
        let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
        let worst = apart(&a.0, &b.0).max(apart(&a.1, &b.1));
        assert!(worst <= 2e-6, "{}: {worst:e}", title(family, transition));
    }
}

/// Parameters that accept any value: a number of the transition form that is only a condition in the static one, and a
/// name that is accepted without effect.
fn takes_anything(voice: &str, parameter: &str) -> bool {
    (voice, parameter) == ("isochronic_tone", "forceMono") || parameter == "spatialIldXoverHz"
}

/// Values that a numeric parameter must refuse.
fn unusable(row: &Param) -> Vec<Value> {
    let mut values = vec![json!("fast"), json!([1.0]), json!({}), json!("nan"), json!("-inf")];
    if row.max < f64::MAX {
        values.push(json!(row.max + row.max.abs() * 0.5 + 1.0));
    }
    if row.min > f64::MIN {
        values.push(json!(row.min - row.min.abs() * 0.5 - 1.0));
    }
    values
}

#[test]
fn unusable_numbers_give_errors_that_name_the_parameter() {
    let context = Context::new(0.1, 22_050.0);
    let mut failures = Vec::new();
    for (family, transition) in variants() {
        for row in family.params.iter().copied().flatten() {
            if !matches!(row.kind, Kind::Number | Kind::Integer) {
                continue;
            }
            for (name, value) in row
                .spellings(transition)
                .into_iter()
                .flat_map(|name| unusable(row).into_iter().map(move |value| (name.clone(), value)))
            {
                let voice = title(family, transition);
                if takes_anything(&voice, &name) {
                    continue;
                }
                let mut params = Map::from_iter([(name.clone(), value.clone())]);
                if build(family, transition, &context, &params).is_ok() {
                    // Stages and modes that are off do not read their parameters, so switch everything on.
                    let flags = family.params.iter().copied().flatten().filter(|row| row.kind == Kind::Flag);
                    params.extend(flags.map(|row| (row.name.to_owned(), json!(true))));
                    if family.params.iter().copied().flatten().any(|row| row.name == "canonicalTrajectory") {
                        params.insert("rendererMode".to_owned(), json!("geometric"));
                        params.insert("canonicalTrajectory".to_owned(), json!({"geometry": {"type": "circle"}}));
                    }
                }
                match build(family, transition, &context, &params) {
                    Ok(_) => failures.push(format!("{voice} accepts {name} = {value}")),
                    Err(Error::Invalid(problems)) if problems.iter().any(|problem| problem.path == name) => {}
                    Err(error) => failures.push(format!("{voice}, {name} = {value}: the error is \"{error}\"")),
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} findings:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn unknown_parameters_give_warnings_and_change_nothing() {
    let context = Context::new(0.1, 22_050.0);
    for (family, transition) in variants() {
        let plain = build(family, transition, &context, &Map::new()).expect("defaults are accepted");
        let stray = Map::from_iter([("noSuchParameter".to_owned(), json!(1.0))]);
        let strayed = build(family, transition, &context, &stray).expect("unknown names are no errors");
        assert!(
            strayed.1.iter().any(|problem| problem.path == "noSuchParameter"),
            "{} does not report it",
            title(family, transition)
        );
        let sounds = [plain.0, strayed.0].map(|mut voice| render(&mut *voice, 0, context.frames as usize));
        assert_eq!(difference(&sounds[0], &sounds[1]), None);
    }
}
