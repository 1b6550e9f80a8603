//! Properties of the voice pipeline with random flangers and envelopes: the output does not depend on the partition
//! into blocks, and is finite.

use proptest::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::param::Kind;
use realtime_backend_core::voice::pipeline::VoiceCall;
use realtime_backend_core::voice::stages::envelope::Envelope;
use realtime_backend_core::voice::stages::flange;
use realtime_backend_core::voice::stages::flange::Flange;
use realtime_backend_core::voice::{Block, Context, Param, pipeline};
use serde_json::{Map, Value};

const RATE: f64 = 8000.0;
const SECONDS: f64 = 0.7331;

fn value(row: &'static Param) -> BoxedStrategy<Value> {
    match row.kind {
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer => (-1..4_i32).prop_map(Value::from).boxed(),
        Kind::Choice(words) => prop::sample::select(words).prop_map(Value::from).boxed(),
        _ if row.unit == "ms" => (-1.0..12.0_f64).prop_map(Value::from).boxed(),
        _ if row.unit == "Hz" => (-10.0..5000.0_f64).prop_map(Value::from).boxed(),
        _ => prop_oneof![-2.0..2.0_f64, Just(1e6), Just(0.0)].prop_map(Value::from).boxed(),
    }
}

fn flange() -> impl Strategy<Value = Flange> {
    let rows: Vec<_> = flange::PARAMS
        .iter()
        .flat_map(|row| row.spellings(true).into_iter().map(move |name| (row, name)))
        .map(|(row, name)| prop::option::weighted(0.3, value(row).prop_map(move |v| (name.clone(), v))))
        .collect();
    (rows, -0.2..0.5_f64, prop::option::of(0.0..0.4_f64)).prop_map(|(entries, initial_offset, transition_duration)| {
        let mut params: Map<String, Value> = entries.into_iter().flatten().collect();
        params.insert("flangeEnable".to_owned(), Value::from(true));
        Flange { params, initial_offset, transition_duration, curve: "exponential".to_owned() }
    })
}

fn envelope() -> impl Strategy<Value = Option<Envelope>> {
    let t = || prop_oneof![0.0..1.0_f64, Just(0.0), Just(1e6)];
    prop::option::of(prop_oneof![
        (t(), -2.0..2.0_f64, -2.0..2.0_f64).prop_map(|(fade_duration, start_amp, end_amp)| Envelope::LinearFade {
            fade_duration,
            start_amp,
            end_amp
        }),
        (t(), t(), -1.0..2.0_f64, t()).prop_map(|(attack, decay, sustain_level, release)| Envelope::Adsr {
            attack,
            decay,
            sustain_level,
            release
        }),
        (t(), t()).prop_map(|(attack, release)| Envelope::Linen { attack, release }),
        Just(Envelope::Flat),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_block_partition_gives_the_same_finite_samples(
        flange in prop::option::of(flange()),
        envelope in envelope(),
        is_transition in any::<bool>(),
        preset in prop::sample::select(vec![Compat::LEGACY, Compat::DEFAULT, Compat::INTENDED]),
        blocks in prop::collection::vec(1..700_usize, 1..20),
        from in 0..5000_u64,
    ) {
        let context = Context::new(SECONDS, RATE).with_compat(preset);
        let params = Map::new();
        let call = VoiceCall {
            function: "binaural_beat", is_transition, params: &params, flange: flange.as_ref(), envelope, at: "", params_at: "",
        };
        let (mut voice, _) = pipeline::build(&context, &call, None).expect("a voice");
        let n = context.frames as usize;
        let (mut left, mut right) = (vec![0.0; n], vec![0.0; n]);
        voice.render(0, Block::new(&mut left, &mut right));
        prop_assert!(left.iter().chain(&right).all(|x| x.is_finite()));
        let mut other = voice.fork();
        let mut at = from as usize;
        for count in blocks {
            let to = (at + count).min(n);
            let (mut l, mut r) = (vec![0.0; to - at], vec![0.0; to - at]);
            other.render(at as u64, Block::new(&mut l, &mut r));
            prop_assert_eq!(&l[..], &left[at..to]);
            prop_assert_eq!(&r[..], &right[at..to]);
            at = to;
        }
    }
}
