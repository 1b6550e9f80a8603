//! Writing audio files through the public interface: exact samples, any block size, complete files or none.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use realtime_backend_core::error::Error;
use realtime_backend_core::media::{Limits, decode_bytes, decode_file};
use realtime_backend_core::render::encode::{AudioFile, Container, Encoder, FileFormat, Rounding, Subtype};
use tests_rs::golden;

const WAV: FileFormat =
    FileFormat { container: Container::Wav, subtype: Subtype::Pcm16, rounding: Rounding::Nearest, quality: None };
const FLAC: FileFormat = FileFormat { container: Container::Flac, ..WAV };

fn encode(format: FileFormat, rate: u32, block: usize, left: &[f32], right: &[f32]) -> Vec<u8> {
    let mut encoder = Encoder::new(Cursor::new(Vec::new()), format, rate).unwrap();
    for (left, right) in left.chunks(block).zip(right.chunks(block)) {
        encoder.write(left, right).unwrap();
    }
    let (sink, tally) = encoder.finish().unwrap();
    assert_eq!(tally.frames, left.len() as u64);
    sink.into_inner()
}

fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

fn tone(count: usize) -> Vec<f32> {
    (0..count).map(|i| 0.7 * (i as f32 * 0.05).sin()).collect()
}

/// The value of a sample after writing and decoding: rounded to an integer step, on the full scale of the decoder.
fn rounded(format: FileFormat, sample: f32) -> f32 {
    match format.subtype {
        Subtype::Pcm16 => (sample * 32_767.0).round_ties_even() / 32_768.0,
        Subtype::Pcm24 => ((f64::from(sample) * 8_388_607.0).round_ties_even() / 8_388_608.0) as f32,
        Subtype::Float32 => sample,
    }
}

#[test]
fn every_format_returns_the_rounded_samples() {
    let (left, right) = (tone(10_000), noise(5, 10_000));
    for container in [WAV, FLAC] {
        for subtype in [Subtype::Pcm16, Subtype::Pcm24, Subtype::Float32] {
            let format = container.with_subtype(subtype);
            if format.check(48_000).is_err() {
                continue;
            }
            let audio = decode_bytes(encode(format, 48_000, 999, &left, &right), "x", Limits::default()).unwrap();
            assert_eq!((audio.sample_rate(), audio.frames()), (48_000, 10_000));
            assert!(audio.warnings().is_empty(), "{:?}", audio.warnings());
            for (channel, input) in audio.channels().iter().zip([&left, &right]) {
                for (got, sample) in channel.iter().zip(input) {
                    assert_eq!(*got, rounded(format, *sample), "{format:?}");
                }
            }
        }
    }
}

/// Uses an independent reader, which does not tolerate faults that our own reader would accept.
#[test]
fn an_independent_wav_reader_finds_the_same_samples() {
    let (left, right) = (tone(10_001), noise(6, 10_001));
    let interleaved = || left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]);
    for subtype in [Subtype::Pcm16, Subtype::Pcm24, Subtype::Float32] {
        let format = WAV.with_subtype(subtype);
        let bytes = encode(format, 96_000, 777, &left, &right);
        let mut reader = hound::WavReader::new(Cursor::new(bytes)).unwrap();
        let (bits, kind) = match subtype {
            Subtype::Pcm16 => (16, hound::SampleFormat::Int),
            Subtype::Pcm24 => (24, hound::SampleFormat::Int),
            Subtype::Float32 => (32, hound::SampleFormat::Float),
        };
        let spec = hound::WavSpec { channels: 2, sample_rate: 96_000, bits_per_sample: bits, sample_format: kind };
        assert_eq!((reader.spec(), reader.duration()), (spec, 10_001));
        if kind == hound::SampleFormat::Float {
            let read: Vec<f32> = reader.samples().map(Result::unwrap).collect();
            assert!(read.iter().copied().eq(interleaved()));
            continue;
        }
        let scale = f64::from(1 << (bits - 1));
        let read: Vec<i32> = reader.samples().map(Result::unwrap).collect();
        let expected = interleaved().map(|sample| (f64::from(rounded(format, sample)) * scale) as i32);
        assert!(read.iter().copied().eq(expected), "{subtype:?}");
    }
}

#[test]
fn flac_is_lossless_for_every_length_around_its_blocks() {
    for count in [1, 2, 5, 15, 16, 17, 31, 32, 33, 100, 4095, 4096, 4097, 8192 + 3, 32 * 4096, 32 * 4096 + 1, 300_000] {
        let (left, right) = (tone(count), noise(count as u64, count));
        let audio = decode_bytes(encode(FLAC, 44_100, 70_001, &left, &right), "x", Limits::default()).unwrap();
        assert_eq!(audio.frames(), count);
        assert!(audio.warnings().is_empty(), "{count}: {:?}", audio.warnings());
        let same = |channel: &[f32], input: &[f32]| channel.iter().zip(input).all(|(a, b)| *a == rounded(FLAC, *b));
        assert!(same(&audio.channels()[0], &left) && same(&audio.channels()[1], &right), "{count}");
    }
}

#[test]
fn flac_is_lossless_for_signals_that_defeat_predictors() {
    let count = 9000;
    let extremes: Vec<f32> = (0..count).map(|i| if i % 2 == 0 { 1.0 } else { -1.1 }).collect();
    let square: Vec<f32> = (0..count).map(|i| if i / 37 % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let mut impulse = vec![0.0; count];
    impulse[5000] = 1.0;
    let inverse: Vec<f32> = extremes.iter().map(|v| -v).collect();
    let signals =
        [vec![0.0; count], vec![1.0; count], extremes, inverse, square, impulse, noise(1, count), tone(count)];
    for subtype in [Subtype::Pcm16, Subtype::Pcm24] {
        let format = FLAC.with_subtype(subtype);
        for left in &signals {
            for right in &signals {
                let audio = decode_bytes(encode(format, 44_100, 4096, left, right), "x", Limits::default()).unwrap();
                // A WAV file of the same samples is the uncompressed reference.
                let plain = encode(WAV.with_subtype(subtype), 44_100, 4096, left, right);
                let plain = decode_bytes(plain, "x", Limits::default()).unwrap();
                assert!(audio.channels() == plain.channels());
            }
        }
    }
}

#[test]
fn the_flac_header_states_length_and_checksum() {
    let bytes = encode(FLAC, 44_100, 3, &[0.0; 4], &[0.0; 4]);
    assert_eq!(bytes[..8], *b"fLaC\x80\0\0\x22");
    // Block size 4096, 44100 Hz (20 bits), 2 channels - 1 (3 bits), 16 bits - 1 (5 bits), 4 frames (36 bits).
    assert_eq!(bytes[8..12], [0x10, 0, 0x10, 0]);
    assert_eq!(bytes[18..26], [0x0a, 0xc4, 0x42, 0xf0, 0, 0, 0, 4]);
    // MD5 of sixteen zero bytes.
    let md5 = [0x4a, 0xe7, 0x13, 0x36, 0xe4, 0x4b, 0xf9, 0xbf, 0x79, 0xd2, 0x75, 0x2e, 0x23, 0x48, 0x18, 0xa5];
    assert_eq!(bytes[26..42], md5);
    let empty = encode(FLAC, 44_100, 1, &[], &[]);
    assert_eq!(empty.len(), 42);
}

#[test]
fn the_bytes_do_not_depend_on_the_block_size() {
    let (left, right) = (tone(150_000), noise(9, 150_000));
    for format in [
        WAV,
        WAV.with_subtype(Subtype::Float32),
        WAV.with_subtype(Subtype::Pcm24).with_rounding(Rounding::Dither),
        FLAC.with_rounding(Rounding::Dither),
    ] {
        let whole = encode(format, 44_100, 150_000, &left, &right);
        for block in [256, 4097, 65_536] {
            assert!(encode(format, 44_100, block, &left, &right) == whole, "{format:?} {block}");
        }
    }
}

#[test]
fn truncated_samples_equal_the_recorded_export() {
    let track = golden::tracks().into_iter().find(|t| t.name == "v1_linear_two_steps").unwrap();
    let (audio, pcm) = (track.array("audio").unwrap(), track.array("pcm16_target_0_25").unwrap());
    let peak = track.meta["peak"].as_f64().unwrap() as f32;
    let gain = 0.25_f32 / peak;
    let scaled: Vec<f32> = audio.data.iter().map(|v| *v as f32 * gain).collect();
    let left: Vec<f32> = scaled.iter().step_by(2).copied().collect();
    let right: Vec<f32> = scaled.iter().skip(1).step_by(2).copied().collect();
    assert_eq!(audio.windows, pcm.windows);
    let bytes = encode(WAV.with_rounding(Rounding::Truncate), 44_100, 512, &left, &right);
    let data = &bytes[bytes.len() - 2 * pcm.data.len()..];
    for (i, (got, want)) in data.chunks(2).zip(&pcm.data).enumerate() {
        assert_eq!(f64::from(i16::from_le_bytes([got[0], got[1]])), *want, "value {i}");
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_appears_only_when_it_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new/deeper/out.wav");
    let mut file = AudioFile::create(&target, WAV, 44_100).unwrap();
    file.write(&[0.5; 100], &[0.25; 100]).unwrap();
    assert!(!target.exists());
    let written = file.finish().unwrap();
    assert_eq!((written.path.as_path(), written.tally.frames), (target.as_path(), 100));
    assert!(written.warnings().is_empty());
    assert_eq!(entries(target.parent().unwrap()), ["out.wav"]);
    assert_eq!(decode_file(&target).unwrap().frames(), 100);
}

#[test]
fn a_cancelled_file_leaves_the_old_one_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out.flac");
    let mut file = AudioFile::create(&target, FLAC, 44_100).unwrap();
    file.write(&noise(1, 200_000), &noise(2, 200_000)).unwrap();
    assert_eq!(entries(folder.path()).len(), 1);
    drop(file);
    assert!(entries(folder.path()).is_empty());

    fs::write(&target, b"before").unwrap();
    let mut file = AudioFile::create(&target, FLAC, 44_100).unwrap();
    file.write(&[0.5; 10], &[0.5; 10]).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"before");
    drop(file);
    assert_eq!(fs::read(&target).unwrap(), b"before");
    AudioFile::create(&target, FLAC, 44_100).unwrap().finish().unwrap();
    assert_eq!(fs::read(&target).unwrap()[..4], *b"fLaC");
    assert_eq!(entries(folder.path()), ["out.flac"]);
}

#[test]
fn a_file_with_a_failed_block_cannot_be_finished() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out.wav");
    let mut file = AudioFile::create(&target, WAV, 44_100).unwrap();
    let text = file.write(&[0.0; 3], &[0.0; 2]).unwrap_err().to_string();
    assert!(text.contains("differ in length"), "{text}");
    assert!(file.finish().unwrap_err().to_string().contains("not completed"));
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn unusable_paths_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder.wav")).unwrap();
    fs::write(folder.path().join("plain"), b"x").unwrap();
    for (name, reason) in [("folder.wav", "is a folder"), ("plain/out.wav", "")] {
        let path = folder.path().join(name);
        let error = AudioFile::create(&path, WAV, 44_100).err().unwrap();
        assert!(matches!(error, Error::Io { .. }));
        let text = error.to_string();
        assert!(text.starts_with(&path.display().to_string()) && text.contains(reason), "{text}");
    }
    let error = AudioFile::create(folder.path().join("x.flac"), FLAC.with_subtype(Subtype::Float32), 44_100).err();
    assert!(error.unwrap().to_string().contains("FLAC has no float32 samples"));
    assert!(AudioFile::create("", WAV, 44_100).is_err());
    assert_eq!(entries(folder.path()), ["folder.wav", "plain"]);
}

#[cfg(unix)]
#[test]
fn sockets_are_refused_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket.wav");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let text = AudioFile::create(&socket, WAV, 44_100).err().unwrap().to_string();
    assert!(text.contains("not a regular file"), "{text}");

    let (real, link) = (folder.path().join("real.wav"), folder.path().join("link.wav"));
    fs::write(&real, b"old").unwrap();
    symlink(&real, &link).unwrap();
    AudioFile::create(&link, WAV, 44_100).unwrap().finish().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap()[..4], *b"RIFF");

    fs::write(folder.path().join("ordinary"), b"").unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("real.wav"), mode("ordinary"));
}

#[test]
fn non_finite_samples_become_silence_and_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = AudioFile::create(folder.path().join("a.wav"), WAV.with_subtype(Subtype::Float32), 8000).unwrap();
    file.write(&[f32::NAN, 0.5, f32::INFINITY], &[0.0, 3.0, 0.0]).unwrap();
    let written = file.finish().unwrap();
    assert_eq!((written.tally.not_finite, written.tally.over), (2, 1));
    assert_eq!(written.warnings().len(), 2);
    let audio = decode_file(&written.path).unwrap();
    assert_eq!(audio.channels(), [vec![0.0, 0.5, 0.0], vec![0.0, 3.0, 0.0]]);
}
