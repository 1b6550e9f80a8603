//! Decoding through the public interface: exact for integer and float files, correctly aligned for lossy ones,
//! tolerant of truncated files, and safe with hostile ones.

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use realtime_backend_core::error::Error;
use realtime_backend_core::media::{Audio, Limits, decode, decode_bytes, decode_file};
use tests_rs::golden;

/// A file in `media/`. The files `tone.*` hold the same 0.3 s tone, made with independent encoders.
fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("media").join(name)
}

/// The tone in those files: 440 Hz left, 660 Hz right, 6615 frames at 22050 Hz with 20 ms fades.
fn tone(channel: usize, frame: usize) -> f64 {
    let (hz, amplitude) = [(440.0, 0.5), (660.0, 0.25)][channel];
    let (from_start, to_end) = (frame as f64 / 22050.0, (6614.0 - frame as f64) / 22050.0);
    amplitude * (TAU * hz * from_start).sin() * (from_start.min(to_end) / 0.02).min(1.0)
}

fn from_bytes(bytes: Vec<u8>) -> Result<Audio, Error> {
    decode_bytes(bytes, "clip.wav", Limits::default())
}

/// The bytes of a WAV file; `kind` is 1 for integers, 3 for floats, 0xFFFE for extensible integers.
fn wav(kind: u16, bits: u16, channels: u16, rate: u32, data: &[u8]) -> Vec<u8> {
    let block = channels.wrapping_mul(bits / 8);
    let mut fmt = Vec::new();
    fmt.extend(kind.to_le_bytes());
    fmt.extend(channels.to_le_bytes());
    fmt.extend(rate.to_le_bytes());
    fmt.extend(rate.wrapping_mul(u32::from(block)).to_le_bytes());
    fmt.extend(block.to_le_bytes());
    fmt.extend(bits.to_le_bytes());
    if kind == 0xFFFE {
        fmt.extend(22_u16.to_le_bytes());
        fmt.extend(bits.to_le_bytes());
        fmt.extend(3_u32.to_le_bytes());
        fmt.extend([1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    }
    let mut file = b"RIFF".to_vec();
    file.extend((4 + 8 + fmt.len() as u32 + 8 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend((fmt.len() as u32).to_le_bytes());
    file.extend(fmt);
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

fn samples16(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

#[test]
fn sixteen_bit_clips_decode_to_their_values_over_32768() {
    let clips = [
        ("audio/chirp_mono_22050.wav", 1, 22050),
        ("audio/tones_stereo_44100.wav", 2, 44100),
        ("tracks/media/tone_stereo_16000.wav", 2, 16000),
        ("tracks/media/blip_mono_44100.wav", 1, 44100),
    ];
    for (name, channels, rate) in clips {
        let path = golden::folder().join(name);
        let audio = decode_file(&path).unwrap();
        let bytes = fs::read(&path).unwrap();
        let values: Vec<i16> = bytes[44..].chunks(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
        assert_eq!((audio.channels().len(), audio.sample_rate()), (channels, rate), "{name}");
        assert_eq!(audio.frames(), values.len() / channels, "{name}");
        for (i, value) in values.iter().enumerate() {
            assert_eq!(audio.channels()[i % channels][i / channels], f32::from(*value) / 32768.0, "{name} {i}");
        }
        assert!(audio.warnings().is_empty());
    }
}

#[test]
fn every_wav_sample_format_gives_its_exact_value() {
    let check = |file: Vec<u8>, want: &[f32]| {
        let audio = from_bytes(file).unwrap();
        assert_eq!(audio.channels(), [want.to_vec()]);
        assert!(audio.warnings().is_empty());
    };
    check(wav(1, 8, 1, 8000, &[0, 128, 192, 255]), &[-1.0, 0.0, 0.5, 127.0 / 128.0]);
    check(
        wav(1, 16, 1, 8000, &samples16(&[i16::MIN, 0, 1, 16384, i16::MAX])),
        &[-1.0, 0.0, 1.0 / 32768.0, 0.5, 32767.0 / 32768.0],
    );
    let bytes24 = [0, 0, 0x80, 1, 0, 0, 0xff, 0xff, 0x7f];
    let want24 = [-1.0, 1.0 / 8_388_608.0, 8_388_607.0 / 8_388_608.0];
    check(wav(1, 24, 1, 8000, &bytes24), &want24);
    check(wav(0xFFFE, 24, 1, 8000, &bytes24), &want24);
    let bytes32: Vec<u8> = [i32::MIN, 1 << 30, 3 << 8].iter().flat_map(|v| v.to_le_bytes()).collect();
    check(wav(1, 32, 1, 8000, &bytes32), &[-1.0, 0.5, 768.0 / 2_147_483_648.0]);
    let float: Vec<u8> = [0.1_f32, -1.5, 1e-9].iter().flat_map(|v| v.to_le_bytes()).collect();
    check(wav(3, 32, 1, 8000, &float), &[0.1, -1.5, 1e-9]);
    let double: Vec<u8> = [0.1_f64, -1.5].iter().flat_map(|v| v.to_le_bytes()).collect();
    check(wav(3, 64, 1, 8000, &double), &[0.1, -1.5]);
}

#[test]
fn a_file_with_four_channels_keeps_them_in_order() {
    let audio = from_bytes(wav(1, 16, 4, 48000, &samples16(&[1, 2, 3, 4, 5, 6, 7, 8]))).unwrap();
    let raw: Vec<Vec<i32>> =
        audio.channels().iter().map(|c| c.iter().map(|v| (v * 32768.0) as i32).collect()).collect();
    assert_eq!(raw, [[1, 5], [2, 6], [3, 7], [4, 8]]);
    assert_eq!(audio.mean(), [2.5 / 32768.0, 6.5 / 32768.0]);
    assert_eq!(audio.stereo().1, audio.channels()[1]);
}

#[test]
fn flac_from_an_independent_encoder_is_lossless() {
    let audio = decode_file(sample("tone.flac")).unwrap();
    assert_eq!((audio.frames(), audio.sample_rate()), (6615, 22050));
    for (c, channel) in audio.channels().iter().enumerate() {
        for (i, value) in channel.iter().enumerate() {
            let pcm = (tone(c, i) * 32767.0).round_ties_even() / 32768.0;
            assert!((f64::from(*value) - pcm).abs() < 1e-9, "{c} {i}");
        }
    }
}

#[test]
fn mp3_and_vorbis_have_the_right_start_and_length() {
    for name in ["tone.mp3", "tone.ogg"] {
        let audio = decode_file(sample(name)).unwrap();
        assert_eq!((audio.frames(), audio.sample_rate(), audio.channels().len()), (6615, 22050, 2), "{name}");
        assert_follows_the_tone(&audio, 0, name);
    }
}

#[test]
fn aac_in_m4a_starts_on_time_adts_after_its_delay() {
    // ADTS cannot store the encoder delay, so its output has whole packets, of which the first is the delay.
    for (name, frames, delay) in [("tone.aac", 8192, 1024), ("tone.m4a", 6615, 0)] {
        let audio = decode_file(sample(name)).unwrap();
        assert_eq!((audio.frames(), audio.sample_rate(), audio.channels().len()), (frames, 22050, 2), "{name}");
        assert_follows_the_tone(&audio, delay, name);
    }
}

/// File name, frames, sample rate and channels, according to ffmpeg 5.1 unless a comment says otherwise.
const CASES: &[(&str, usize, u32, usize)] = &[
    ("replaygain_utf16_tag.mp3", 32_000, 32_000, 1),
    ("vbr_no_header_loud_start.mp3", 244_224, 44_100, 2),
    ("two_files_joined.mp3", 66_863, 32_000, 1),
    ("mixed_blocks.mp3", 46_080, 44_100, 1),
    // 40 packets of 1152 frames, and 44 of 576 at 24 kHz, resampled.
    ("mono_then_stereo.mp3", 46_080 + 46_570, 44_100, 2),
    // Two links of 44100 frames according to their pages; ffmpeg loses the first block of the second.
    ("chained.ogg", 88_200, 44_100, 2),
    ("cuesheet_not_sectors.flac", 44_100, 44_100, 2),
    // According to its edit list; ffmpeg keeps the padding at the end.
    ("loop.m4a", 88_200, 44_100, 2),
    ("nan_22050.wav", 4_410, 22_050, 1),
];

#[test]
fn files_of_odd_structure_are_decoded_in_full() {
    for (name, frames, rate, channels) in CASES {
        let audio = decode_file(sample(name)).unwrap();
        let found = (audio.frames(), audio.sample_rate(), audio.channels().len());
        assert_eq!(found, (*frames, *rate, *channels), "{name}");
        assert!(audio.channels().iter().flatten().all(|x| x.is_finite()), "{name}");
    }
}

#[test]
fn joined_files_and_chained_links_are_decoded_to_the_end() {
    for name in ["two_files_joined.mp3", "mono_then_stereo.mp3", "chained.ogg"] {
        let audio = decode_file(sample(name)).unwrap();
        for channel in audio.channels() {
            let (first, second) = channel.split_at(channel.len() / 2);
            let level = |x: &[f32]| (x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32).sqrt();
            assert!(level(first) > 0.01 && level(second) > 0.01, "{name}: {} {}", level(first), level(second));
        }
    }
}

#[test]
fn mp3_files_with_mixed_blocks_have_the_right_level() {
    let audio = decode_file(sample("mixed_blocks.mp3")).unwrap();
    let peak = audio.channels()[0].iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    assert!((peak - 0.012_987).abs() < 1e-5, "{peak}");
}

#[test]
fn large_and_broken_tags_do_not_hide_the_audio() {
    let plain = fs::read(sample("tone.mp3")).unwrap();
    let want = decode_bytes(plain.clone(), "tone.mp3", Limits::default()).unwrap();
    let id3 = |len: usize| {
        let size = [len >> 21, len >> 14, len >> 7, len].map(|part| part as u8 & 127);
        [b"ID3\x04\0\0".as_slice(), &size, &vec![0xff; len]].concat()
    };
    let ape = |items: usize| {
        let mut foot = b"APETAGEX".to_vec();
        foot.extend([2000_u32, items as u32 + 32, 1, 0, 0, 0].iter().flat_map(|x| x.to_le_bytes()));
        [vec![0xfb; items], foot].concat()
    };
    let old = [b"TAG".as_slice(), &[b' '; 125]].concat();
    let files = [
        [id3(1_500_000), plain.clone()].concat(),
        [id3(10), id3(300), plain.clone(), old.clone()].concat(),
        [plain.clone(), ape(5000), old].concat(),
    ];
    for file in files {
        let audio = decode_bytes(file, "tagged.mp3", Limits::default()).unwrap();
        assert_eq!(audio, want);
        assert!(audio.warnings().is_empty());
    }
}

#[test]
fn samples_of_odd_bit_depths_use_the_upper_bits() {
    let one = |bits, data: &[u8]| {
        let mut file = wav(1, bits, 1, 8000, data);
        let block = bits.div_ceil(8);
        file[32..34].copy_from_slice(&block.to_le_bytes());
        from_bytes(file).unwrap().channels()[0].clone()
    };
    assert_eq!(one(12, &[0xf0, 0x7f, 0, 0x80]), [2047.0 / 2048.0, -1.0]);
    assert_eq!(one(20, &[0xf0, 0xff, 0x7f, 0x10, 0, 0]), [524_287.0 / 524_288.0, 1.0 / 524_288.0]);
    assert_eq!(one(64, &[0, 0, 0, 0, 0, 0, 0, 0xc0]), [-0.5]);
}

#[test]
fn non_finite_samples_become_silence_and_are_counted_once() {
    let values = [f32::NAN, 0.5, f32::INFINITY, f32::NEG_INFINITY, -0.25];
    let data: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    let audio = from_bytes(wav(3, 32, 1, 22050, &data)).unwrap();
    assert_eq!(audio.channels()[0], [0.0, 0.5, 0.0, 0.0, -0.25]);
    assert_eq!(audio.warnings().len(), 1);
    assert!(audio.warnings()[0].starts_with("3 samples are not finite"), "{:?}", audio.warnings());
}

#[test]
fn implausible_sample_rates_are_refused() {
    for rate in [0, 1, 999, 768_001, u32::MAX] {
        let text = from_bytes(wav(1, 16, 1, rate, &[0; 400])).unwrap_err().to_string();
        assert!(text.contains(&format!("a sample rate of {rate} Hz (possible are 1000 to 768000)")), "{text}");
    }
    assert!(
        from_bytes(wav(1, 16, 1, 1000, &[0; 400])).is_ok() && from_bytes(wav(1, 16, 1, 768_000, &[0; 400])).is_ok()
    );
    assert!(decode_file(sample("rate1.wav")).unwrap_err().to_string().contains("1 Hz"));
}

/// Check a lossy file: at this delay it correlates with the tone, and its level differs by less than 10 per cent.
fn assert_follows_the_tone(audio: &Audio, delay: usize, name: &str) {
    for (c, channel) in audio.channels().iter().enumerate() {
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for i in 0..6615 {
            let (x, y) = (tone(c, i), f64::from(channel[i + delay]));
            xy += x * y;
            xx += x * x;
            yy += y * y;
        }
        assert!(xy / (xx * yy).sqrt() > 0.99, "{name} {c}: correlation {}", xy / (xx * yy).sqrt());
        assert!((yy / xx).sqrt() > 0.9 && (yy / xx).sqrt() < 1.1, "{name} {c}: level {}", (yy / xx).sqrt());
    }
}

#[test]
fn a_data_url_is_the_same_as_the_file() {
    use base64::Engine;
    for (name, mime) in [("tone.ogg", "audio/ogg"), ("tone.mp3", "audio/mpeg"), ("tone.flac", "")] {
        let bytes = fs::read(sample(name)).unwrap();
        let url = format!("data:{mime};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes));
        assert_eq!(decode(&url, None).unwrap(), decode_file(sample(name)).unwrap());
    }
}

#[test]
fn relative_paths_are_resolved_against_the_given_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("media");
    assert_eq!(decode("tone.flac", Some(&folder)).unwrap().frames(), 6615);
    let absolute = sample("tone.flac");
    assert_eq!(decode(absolute.to_str().unwrap(), Some(Path::new("/nowhere"))).unwrap().frames(), 6615);
}

#[test]
fn errors_name_the_file_and_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let cases = [
        (folder.path().join("missing.wav"), "No such file"),
        (folder.path().to_path_buf(), "is a folder"),
        (write("nothing.mp3", b""), "the file is empty"),
        (write("notes.wav", b"just some text, long enough to be looked at"), "not an audio file"),
        (write("zeros.flac", &[0; 5000]), "not an audio file"),
        (write("no-frames.wav", &wav(1, 16, 2, 44100, &[])), "contains no audio"),
        (golden::folder().join("audio/empty_44100.wav"), "contains no audio"),
        (write("codec.wav", &wav(0x161, 16, 2, 44100, &[0; 64])), "Windows Media Audio"),
        (write("stump.wav", &wav(0x55, 16, 2, 44100, &[0; 64])), "MPEG audio in WAV"),
    ];
    for (path, reason) in cases {
        let text = decode_file(&path).unwrap_err().to_string();
        assert!(text.contains(reason), "{text}");
        assert!(text.starts_with(&path.display().to_string()), "{text}");
    }
    let error = decode_file(folder.path().join("missing.wav")).unwrap_err();
    assert!(matches!(error, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound));
    let text = decode("data:audio/wav;base64,AAAA", None).unwrap_err().to_string();
    assert!(text.starts_with("data:audio/wav;base64,...: "), "{text}");
}

#[test]
fn a_truncated_wav_gives_its_whole_frames_and_a_warning() {
    let values: Vec<i16> = (0..10_000).collect();
    let whole = wav(1, 16, 2, 44100, &samples16(&values));
    for bytes in [4, 7, 4000, 12_345, 19_999] {
        let audio = from_bytes(whole[..44 + bytes].to_vec()).unwrap();
        assert_eq!(audio.frames(), bytes / 4);
        assert_eq!(audio.channels()[1].last(), Some(&((bytes as f32 / 4.0).floor().mul_add(2.0, -1.0) / 32768.0)));
        assert!(audio.warnings()[0].contains("truncated"), "{:?}", audio.warnings());
    }
}

#[test]
fn truncated_compressed_files_give_their_start_and_a_warning() {
    let flac = fs::read(sample("tone.flac")).unwrap();
    let audio = from_bytes(flac[..flac.len() - 10].to_vec()).unwrap();
    assert_eq!(audio.channels()[0], decode_file(sample("tone.flac")).unwrap().channels()[0][..audio.frames()]);
    assert!(audio.frames() >= 4096 && audio.warnings()[0].contains("truncated"), "{:?}", audio.warnings());
    let mp3 = fs::read(sample("tone.mp3")).unwrap();
    let audio = from_bytes(mp3[..mp3.len() / 2].to_vec()).unwrap();
    assert!(audio.frames() > 1000 && audio.frames() < 5000 && audio.warnings()[0].contains("truncated"));
}

#[test]
fn streamed_wav_headers_without_sizes_are_read_to_the_end() {
    let values: Vec<i16> = (0..5001).collect();
    let plain = wav(1, 16, 1, 44100, &samples16(&values));
    for (riff, data) in [(u32::MAX, u32::MAX), (0, 0), (u32::MAX, 0), (36 + 10_002, u32::MAX), (0, 10_002)] {
        let mut file = plain.clone();
        file[4..8].copy_from_slice(&riff.to_le_bytes());
        file[40..44].copy_from_slice(&data.to_le_bytes());
        let audio = from_bytes(file).unwrap();
        assert_eq!(audio.frames(), 5001, "{riff} {data}");
        assert!(audio.warnings().is_empty());
    }
}

#[test]
fn an_rf64_file_stops_at_the_end_of_its_samples() {
    let plain = wav(1, 16, 1, 44100, &samples16(&[1, 2, 3]));
    let mut file = b"RF64\xff\xff\xff\xffWAVEds64".to_vec();
    file.extend(28_u32.to_le_bytes());
    for long in [100_u64, 6, 3] {
        file.extend(long.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    file.extend(&plain[12..40]);
    file.extend(u32::MAX.to_le_bytes());
    file.extend(&plain[44..]);
    file.extend(b"LIST\x04\0\0\0INFO");
    let audio = from_bytes(file).unwrap();
    assert_eq!(audio.channels()[0], [1.0 / 32768.0, 2.0 / 32768.0, 3.0 / 32768.0]);
}

#[test]
fn headers_with_impossible_sizes_are_refused_or_cost_nothing() {
    let mut huge = wav(1, 16, 2, 44100, &samples16(&[1, 2]));
    huge[40..44].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    assert_eq!(from_bytes(huge).unwrap().frames(), 1);
    for (file, reason) in [
        (wav(1, 16, u16::MAX, 44100, &[0; 64]), "65535 channels"),
        (wav(1, 16, 0, 44100, &[0; 64]), "0 channels"),
        (wav(1, 16, 2, u32::MAX, &[0; 64]), "4294967295 Hz"),
        (wav(1, 16, 2, 0, &[0; 64]), "sample rate of 0"),
    ] {
        let text = from_bytes(file).unwrap_err().to_string();
        assert!(text.contains(reason), "{text}");
    }
}

#[test]
fn a_file_longer_than_the_limit_is_refused() {
    let file = wav(1, 16, 2, 44100, &samples16(&[0; 6000]));
    let limited = |samples| decode_bytes(file.clone(), "long.wav", Limits { samples });
    assert_eq!(limited(6000).unwrap().frames(), 3000);
    assert!(limited(5999).unwrap_err().to_string().contains("limit of 5999 samples"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_never_panic_or_exceed_the_limit(
        which in 0usize..6,
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        head in any::<bool>(),
        keep in 0.2f64..2.0,
    ) {
        let mut bytes = match which {
            0 => wav(1, 16, 2, 44100, &samples16(&[77; 500])),
            n => fs::read(sample(["tone.flac", "tone.mp3", "tone.ogg", "tone.m4a", "tone.aac"][n - 1])).unwrap(),
        };
        for (place, value) in hits {
            let range = if head { bytes.len().min(120) } else { bytes.len() };
            bytes[place.index(range)] = value;
        }
        bytes.truncate((bytes.len() as f64 * keep.min(1.0)) as usize);
        let limits = Limits { samples: 1 << 20 };
        if let Ok(audio) = decode_bytes(bytes, "damaged", limits) {
            prop_assert!(audio.frames() > 0 && audio.frames() * audio.channels().len() <= limits.samples);
            prop_assert!(audio.channels().iter().all(|c| c.len() == audio.frames()));
        }
    }
}
