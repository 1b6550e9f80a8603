//! The renders of `benches/end_to_end.py` by fundsp 0.23, to a 16-bit WAV file: `rivals CASE FILE`.
//!
//! Each case is written as its documentation does it: a graph of `sine_hz` and `pink`, a `Sequencer` for steps that cross-fade.
//! Blocks go to the file as they are made.

use std::error::Error;

use fundsp::prelude64::*;

const RATE: u32 = 44_100;

/// A binaural voice: one sine an ear, `pitch` apart by `beat`, both in Hz.
fn binaural(pitch: f32, beat: f32) -> Box<dyn AudioUnit> {
    Box::new((0.05 * sine_hz(pitch - beat / 2.0)) | (0.05 * sine_hz(pitch + beat / 2.0)))
}

/// The carrier and the beat of voice `k`, in Hz.
fn voice(k: u16) -> (f32, f32) {
    (60.0 + 37.0 * f32::from(k), 1.0 + 0.5 * f32::from(k))
}

/// `count` voices together.
fn tones(count: u16) -> Net {
    let mut sum = Net::new(0, 2);
    for k in 0..count {
        let (pitch, beat) = voice(k);
        let one = Net::wrap(binaural(pitch, beat));
        sum = if k == 0 { one } else { sum + one };
    }
    sum
}

/// Pink noise of its own in each ear.
fn pink_noise() -> Net {
    Net::wrap(Box::new((0.1 * pink().seed(1)) | (0.1 * pink().seed(2))))
}

/// Ten steps of one voice that overlap by five seconds and last `seconds` together.
fn steps(seconds: f64) -> Net {
    let overlap = 5.0;
    let length = (seconds + 9.0 * overlap) / 10.0;
    let mut sequencer = Sequencer::new(0, 2, ReplayMode::None);
    for k in 0..10 {
        let (pitch, beat) = voice(k);
        let fades = (if k == 0 { 0.0 } else { overlap }, if k == 9 { 0.0 } else { overlap });
        let start = f64::from(k) * (length - overlap);
        sequencer.push_duration(start, length, Fade::Power, fades.0, fades.1, binaural(pitch, beat));
    }
    Net::wrap(Box::new(sequencer))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [case, seconds, path] = arguments.as_slice() else {
        return Err("rivals CASE SECONDS FILE".into());
    };
    let seconds: f64 = seconds.parse()?;
    let mut graph = match case.as_str() {
        "1 voice" => tones(1),
        "8 voices" => tones(8),
        "pink noise" => pink_noise(),
        "10 steps" => steps(seconds),
        "10 steps over pink noise" => steps(seconds) + pink_noise(),
        other => return Err(format!("no case {other:?}").into()),
    };
    graph.set_sample_rate(f64::from(RATE));
    let mut graph = graph.backend();

    let spec =
        hound::WavSpec { channels: 2, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut file = hound::WavWriter::create(path, spec)?;
    let mut left = (seconds * f64::from(RATE)).round() as usize;
    let mut block = BufferVec::new(2);
    while left > 0 {
        let frames = Ord::min(left, MAX_BUFFER_SIZE);
        graph.process(frames, &BufferRef::empty(), &mut block.buffer_mut());
        let mut samples = file.get_i16_writer(2 * frames as u32);
        let block = block.buffer_ref();
        for (l, r) in block.channel_f32(0).iter().zip(block.channel_f32(1)).take(frames) {
            samples.write_sample((l * 32767.0).round() as i16);
            samples.write_sample((r * 32767.0).round() as i16);
        }
        samples.flush()?;
        left -= frames;
    }
    file.finalize()?;
    Ok(())
}
