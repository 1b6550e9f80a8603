use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::json;
fn main() {
    let cases = [
        ("binaural_beat", json!({})),
        ("binaural_beat", json!({"freqOscRangeL":0.5,"freqOscRangeR":0.25,"freqOscFreqL":2.0,"freqOscFreqR":1.667})),
        (
            "binaural_beat",
            json!({"freqOscRangeL":0.5,"freqOscRangeR":0.25,"freqOscFreqL":2.0,"freqOscFreqR":1.667,"ampOscDepthL":0.5,"ampOscDepthR":0.5,"ampOscFreqL":0.05,"ampOscFreqR":0.05}),
        ),
        (
            "binaural_beat",
            json!({"baseFreq":15665.0,"freqOscRangeL":530.0,"freqOscRangeR":530.0,"freqOscFreqL":0.4,"freqOscFreqR":0.4,"freqOscShape":"triangle"}),
        ),
        ("binaural_beat_transition", json!({})),
        (
            "binaural_beat_transition",
            json!({"startBaseFreq":200.0,"endBaseFreq":300.0,"endBeatFreq":8.0,"startAmpL":0.2}),
        ),
        ("isochronic_tone", json!({})),
        (
            "isochronic_tone",
            json!({"freqOscRangeL":10.0,"freqOscRangeR":10.0,"freqOscFreqL":0.05,"freqOscFreqR":0.05,"panRangeMin":-1.0,"panRangeMax":1.0,"panFreq":0.25,"gapPercent":0.5,"rampPercent":0.25,"harmonicSuppression":true,"baseFreq":291.4}),
        ),
        ("isochronic_tone_transition", json!({})),
        ("isochronic_tone_transition", json!({"startBaseFreq":200.0,"endBaseFreq":300.0,"endBeatFreq":8.0})),
    ];
    for (name, p) in cases {
        let (f, t) = registry::find(name).unwrap();
        let ctx = Context::new(600.0, 44100.0);
        let t0 = std::time::Instant::now();
        let (mut v, _) = registry::build(f, t, &ctx, p.as_object().unwrap()).unwrap();
        let b = t0.elapsed();
        let (mut l, mut r) = (vec![0.0; 4096], vec![0.0; 4096]);
        let t0 = std::time::Instant::now();
        let n = 2000u64;
        let mut acc = 0.0;
        for k in 0..n {
            v.render(k * 4096, Block::new(&mut l, &mut r));
            acc += l[17];
        }
        let ns = t0.elapsed().as_nanos() as f64 / (n * 4096) as f64;
        println!("{name:28} {ns:7.2} ns/frame  {:6.0}x  build {:?}  {acc:.1} {p}", 1e9 / ns / 44100.0, b);
    }
}
