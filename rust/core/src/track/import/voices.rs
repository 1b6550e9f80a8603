//! From a stretch of a lane to voices of a track.

use std::f64::consts::TAU;

use serde_json::{Map, Value, json};

use super::effect::{Effect, EffectKind};
use super::lanes::{BELL_DECAY, Colour, Edge, Flank, Gate, Kind, Shape, Stretch};

/// Length in seconds of the fade where a lane begins or ends at once.
const EDGE: f64 = 0.01;

/// Where a stretch stands in its lane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    /// Index of the lane.
    pub(super) lane: usize,
    /// Begin of the step in seconds.
    pub(super) from: f64,
    /// Cycles of the beat and of the effect so far.
    pub(super) cycles: [f64; 2],
    /// Whether the lane sounds up to the beginning, and on from the end.
    pub(super) goes_on: [bool; 2],
}

/// The voices for a stretch that fills a step.
pub(super) fn of(stretch: &Stretch, position: &Position, label: &str) -> Vec<Value> {
    let mut writer = Writer { stretch, position, label, part: "", params: Map::new() };
    match &stretch.kind {
        Kind::Tone(Shape::Sine) => vec![writer.binaural("binaural_beat")],
        Kind::Tone(shape) => {
            writer.fixed("waveform", shape.name());
            vec![writer.binaural("shaped_beat")]
        }
        Kind::Waved(points) => {
            writer.fixed("beatEnvelope", points.to_vec());
            vec![writer.binaural("shaped_beat")]
        }
        Kind::Monaural(_) => [1.0, -1.0].map(|side| writer.partial(side)).to_vec(),
        Kind::Pulsed(_, gate) => vec![writer.pulsed(gate)],
        Kind::Noise(colour) => vec![writer.noise(colour)],
        Kind::Spin(colour) => vec![writer.spin(colour)],
        Kind::Bell => vec![writer.bell()],
        Kind::Audio(_) => Vec::new(),
    }
}

/// The open part of a cycle as shares of the cycle; `flank` is a share of the open part.
struct Pulse {
    start: f64,
    open: f64,
    flank: f64,
}

impl Pulse {
    fn of(gate: &Gate, beat: f64) -> Self {
        let flank = match gate.flank {
            _ if gate.edge == Edge::Hard => 0.0,
            Flank::Share(share) => share.min(0.5) * gate.open,
            Flank::Seconds(seconds) => (seconds * beat.abs()).min(gate.open / 2.0),
        };
        let (start, open) = if gate.inverted {
            (gate.start + gate.open - flank, (1.0 - gate.open + 2.0 * flank).min(1.0))
        } else {
            (gate.start, gate.open)
        };
        Self { start, open, flank: if open > 0.0 { flank / open } else { 0.0 } }
    }
}

/// Collects the parameters of one voice.
struct Writer<'a> {
    stretch: &'a Stretch,
    position: &'a Position,
    label: &'a str,
    /// Added to the id of a voice that is not the only one of its lane.
    part: &'static str,
    params: Map<String, Value>,
}

impl Writer<'_> {
    fn binaural(&mut self, family: &str) -> Value {
        self.carrier();
        self.params.insert("leftHigh".to_owned(), true.into());
        self.amps("ampL", "ampR", 1.0);
        self.effect_on_tone();
        self.voice(family, false)
    }

    /// The upper (1) or lower (-1) of two carriers in both ears.
    fn partial(&mut self, side: f64) -> Value {
        let ear = usize::from(side < 0.0);
        let (start, end) = (self.stretch.start, self.stretch.end);
        self.moving("baseFreq", start.carrier + side * start.beat / 2.0, end.carrier + side * end.beat / 2.0);
        self.moving("beatFreq", 0.0, 0.0);
        self.moving("ampL", start.amps[ear], end.amps[ear]);
        self.moving("ampR", start.amps[ear], end.amps[ear]);
        self.effect_on_tone();
        self.part = if ear == 0 { "" } else { " low" };
        self.voice("binaural_beat", false)
    }

    fn pulsed(&mut self, gate: &Gate) -> Value {
        let (from, to) = (self.stretch.start, self.stretch.end);
        self.moving("baseFreq", from.carrier, to.carrier);
        self.moving("beatFreq", 0.0, 0.0);
        self.moving("pulseRate", from.beat, to.beat);
        self.amps("ampL", "ampR", 1.0);
        self.effect_on_tone();
        let [start, end] = [from.beat, to.beat].map(|beat| Pulse::of(gate, beat));
        self.moving("rampPercent", start.flank, end.flank);
        self.moving("gapPercent", 1.0 - start.open, 1.0 - end.open);
        self.moving("pulsePhaseOffset", -start.start, -end.start);
        // half a cosine is within 1 % of full scale of both polynomials
        self.fixed(
            "pulseShape",
            match gate.edge {
                Edge::Hard | Edge::Linear => "trapezoid",
                Edge::Smooth | Edge::Smoother => "raised_cosine",
            },
        );
        self.voice("dual_pulse_binaural", false)
    }

    fn noise(&mut self, colour: &Colour) -> Value {
        self.fixed("noise_type", colour.name);
        self.fixed("correlation", colour.correlation);
        if colour.cutoff > 0.0 {
            self.fixed("cutoff", colour.cutoff);
        }
        self.amps("rmsL", "rmsR", colour.rms);
        self.effect_on_noise();
        self.fixed("seed", self.position.lane + 1);
        self.fixed("position", self.position.from);
        self.voice("steady_noise", true)
    }

    fn spin(&mut self, colour: &Colour) -> Value {
        let (start, end) = (self.stretch.start, self.stretch.end);
        self.moving("spinWidth", start.carrier, end.carrier);
        self.moving("spinFreq", start.beat, end.beat);
        self.fixed("spinPhase", self.position.cycles[0].rem_euclid(1.0));
        self.noise(colour)
    }

    fn bell(&mut self) -> Value {
        self.fixed("baseFreq", self.stretch.start.carrier);
        self.amps("ampL", "ampR", 1.0);
        self.fixed("decay", BELL_DECAY);
        self.fixed("age", self.stretch.part.0);
        self.voice("bell", false)
    }

    /// The effect at both ends, and its cycles so far.
    fn effect(&self) -> Option<([Effect; 2], f64)> {
        let both = Effect::both(self.stretch.start.effect, self.stretch.end.effect)?;
        Some((both, self.position.cycles[1].rem_euclid(1.0)))
    }

    fn effect_on_noise(&mut self) {
        let Some(([start, end], cycles)) = self.effect() else { return };
        let [rate, depth, phase] = match start.kind {
            EffectKind::Modulation => ["amFreq", "amDepth", "amPhase"],
            EffectKind::Pan => ["panFreq", "panWidth", "panPhase"],
        };
        self.moving(rate, start.rate, end.rate);
        self.moving(depth, start.depth, end.depth);
        self.fixed(phase, cycles);
    }

    fn effect_on_tone(&mut self) {
        let Some(([start, end], cycles)) = self.effect() else { return };
        match start.kind {
            EffectKind::Modulation => {
                for ear in ["L", "R"] {
                    self.moving(&format!("ampOscFreq{ear}"), start.rate, end.rate);
                    self.moving(&format!("ampOscDepth{ear}"), start.depth, end.depth);
                    // a tremolo of these voices is softest at a quarter of its cycle
                    let phase = (cycles + 0.25) * TAU;
                    self.moving(&format!("ampOscPhaseOffset{ear}"), phase, phase);
                }
            }
            EffectKind::Pan => {
                self.moving("panFreq", start.rate, end.rate);
                self.moving("panRangeMin", -start.depth, -end.depth);
                self.moving("panRangeMax", start.depth, end.depth);
                self.moving("panPhase", cycles * TAU, cycles * TAU);
            }
        }
    }

    /// Short fades where sound begins or ends at once, none where it goes on.
    fn edges(&self) -> Value {
        let [before, after] = self.position.goes_on;
        let struck = self.stretch.kind == Kind::Bell;
        let attack = if before || struck || self.stretch.start.is_silent() { 0.0 } else { EDGE };
        let release = if after || self.stretch.end.is_silent() { 0.0 } else { EDGE };
        if attack + release > 0.0 {
            json!({"type": "linen", "params": {"attack": attack, "release": release}})
        } else {
            json!({"type": "linear_fade", "params": {"fade_duration": 0.0, "start_amp": 1.0, "end_amp": 1.0}})
        }
    }

    fn carrier(&mut self) {
        let (start, end) = (self.stretch.start, self.stretch.end);
        self.moving("baseFreq", start.carrier, end.carrier);
        self.moving("beatFreq", start.beat, end.beat);
    }

    fn amps(&mut self, left: &str, right: &str, factor: f64) {
        let (start, end) = (self.stretch.start.amps, self.stretch.end.amps);
        self.moving(left, start[0] * factor, end[0] * factor);
        self.moving(right, start[1] * factor, end[1] * factor);
    }

    fn fixed(&mut self, name: &str, value: impl Into<Value>) {
        self.params.insert(name.to_owned(), value.into());
    }

    fn moving(&mut self, name: &str, start: f64, end: f64) {
        if self.stretch.is_still() {
            self.fixed(name, start);
            return;
        }
        let (first, rest) = name.split_at(1);
        let first = first.to_uppercase();
        self.fixed(&format!("start{first}{rest}"), start);
        self.fixed(&format!("end{first}{rest}"), end);
    }

    fn voice(&mut self, family: &str, noise: bool) -> Value {
        let moves = !self.stretch.is_still();
        if let Some(curve) = self.stretch.curve.written(self.stretch.part).filter(|_| moves) {
            self.fixed("transition_curve", curve);
        }
        let suffix = if moves { "_transition" } else { "" };
        let params = std::mem::take(&mut self.params);
        let mut voice = json!({
            "synth_function_name": format!("{family}{suffix}"),
            "is_transition": moves,
        });
        if let Value::Object(fields) = &mut voice {
            // a bell that follows another is another stroke
            if self.stretch.kind != Kind::Bell {
                fields.insert("voice_id".to_owned(), format!("lane {}{}", self.position.lane + 1, self.part).into());
            }
            fields.insert("volume_envelope".to_owned(), self.edges());
            if !self.label.is_empty() {
                fields.insert("description".to_owned(), self.label.into());
            }
            if noise {
                fields.insert("voice_type".to_owned(), "noise".into());
            }
            fields.insert("params".to_owned(), Value::Object(params));
        }
        voice
    }
}
