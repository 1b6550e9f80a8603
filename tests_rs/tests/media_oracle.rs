//! Compares every format with ffmpeg, an independent decoder: the same number of frames and the same samples.
//!
//! ffmpeg also makes the files (`scripts/setup_tests.sh` installs it); files that it cannot make are in `media/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use realtime_backend_core::media::{Audio, decode_file};

/// How far the output may be from that of ffmpeg.
#[derive(Clone, Copy)]
enum Like {
    /// Equal samples, for integers and floats.
    Exactly,
    /// Equal up to this difference: decoders of one standard differ by rounding.
    Within(f32),
    /// As `Within`, but with exactly the encoded frames: ffmpeg keeps the padding after the last one.
    Trimmed(f32),
    /// As `Within`, but with the encoder delay, which such a file does not state.
    Delayed(f32),
}
use Like::{Delayed, Exactly, Trimmed, Within};

/// Files that ffmpeg makes: name, arguments, accepted difference.
const MADE: &[(&str, &str, Like)] = &[
    ("u8.wav", "-c:a pcm_u8", Exactly),
    ("s16_mono.wav", "-ac 1 -ar 8000", Exactly),
    ("s24.wav", "-c:a pcm_s24le", Exactly),
    ("s32.wav", "-c:a pcm_s32le", Exactly),
    ("s64.wav", "-c:a pcm_s64le", Exactly),
    ("f32.wav", "-c:a pcm_f32le -ar 96000", Exactly),
    ("f64.wav", "-c:a pcm_f64le", Exactly),
    ("alaw.wav", "-c:a pcm_alaw", Exactly),
    ("mulaw.wav", "-c:a pcm_mulaw", Exactly),
    ("ima.wav", "-c:a adpcm_ima_wav", Exactly),
    ("ima_mono.wav", "-c:a adpcm_ima_wav -ac 1", Exactly),
    ("ms.wav", "-c:a adpcm_ms", Exactly),
    ("rf64.wav", "-rf64 always", Exactly),
    ("six.wav", "-ac 6 -c:a pcm_s24le", Exactly),
    ("mp3.wav", "-c:a libmp3lame", Within(2e-5)),
    ("s16.aiff", "", Exactly),
    ("s24.aiff", "-c:a pcm_s24be", Exactly),
    ("f64.aifc", "-c:a pcm_f64be -f aiff", Exactly),
    ("sowt.aifc", "-c:a pcm_s16le -f aiff", Exactly),
    ("mulaw.aifc", "-c:a pcm_mulaw -f aiff", Exactly),
    ("s16.au", "", Exactly),
    ("mulaw.au", "-c:a pcm_mulaw", Exactly),
    ("f32.au", "-c:a pcm_f32be", Exactly),
    ("s16.caf", "", Exactly),
    ("alac.caf", "-c:a alac", Exactly),
    ("s16.flac", "-metadata title=x", Exactly),
    ("s24.flac", "-sample_fmt s32 -ar 96000 -ac 1", Exactly),
    ("six.flac", "-ac 6", Exactly),
    ("flac.oga", "-c:a flac", Exactly),
    ("alac.m4a", "-c:a alac", Exactly),
    ("alac24.m4a", "-c:a alac -sample_fmt s32p -ac 1", Exactly),
    ("flac.mp4", "-c:a flac -strict -2", Exactly),
    ("cbr.mp3", "-b:a 128k", Within(2e-5)),
    ("vbr.mp3", "-q:a 4 -id3v2_version 3 -metadata title=x -write_id3v1 1", Within(2e-5)),
    ("no_xing.mp3", "-b:a 64k -ac 1 -write_xing 0 -id3v2_version 0", Within(2e-5)),
    ("joint.mp3", "-b:a 96k -joint_stereo 1 -ar 48000", Within(2e-5)),
    ("lsf.mp3", "-b:a 32k -ar 22050", Within(2e-5)),
    ("lsf_mono.mp3", "-b:a 16k -ar 11025 -ac 1 -write_xing 0", Within(2e-5)),
    ("low.mp3", "-b:a 8k -ar 8000 -ac 1", Within(2e-5)),
    ("ape.mp3", "-b:a 320k -write_apetag 1", Within(2e-5)),
    ("layer2.mp2", "-c:a mp2 -b:a 192k", Within(5e-5)),
    ("stereo.ogg", "-c:a libvorbis -q:a 4", Within(2e-5)),
    ("mono.ogg", "-c:a libvorbis -ac 1 -ar 22050", Within(2e-5)),
    ("six.ogg", "-c:a libvorbis -ac 6 -ar 48000", Within(2e-5)),
    ("stereo.opus", "-c:a libopus -b:a 128k", Within(1e-6)),
    ("mono.opus", "-c:a libopus -ac 1 -b:a 64k -vbr off", Within(1e-6)),
    ("speech.opus", "-c:a libopus -ac 1 -b:a 16k -application voip", Within(1e-6)),
    ("hybrid.opus", "-c:a libopus -b:a 40k -application voip", Within(1e-6)),
    ("short.opus", "-c:a libopus -b:a 160k -frame_duration 2.5 -application lowdelay", Within(1e-6)),
    ("long.opus", "-c:a libopus -b:a 48k -frame_duration 60", Within(1e-6)),
    ("six.opus", "-c:a libopus -ac 6 -b:a 256k", Within(1e-6)),
    ("stereo.aac", "-c:a aac -b:a 128k", Within(1e-4)),
    ("mono.aac", "-c:a aac -ac 1 -ar 22050", Within(1e-4)),
    ("stereo.m4a", "-c:a aac -b:a 160k", Trimmed(1e-4)),
    ("fast.m4a", "-c:a aac -ar 48000 -movflags +faststart", Trimmed(1e-4)),
    ("fragments.m4a", "-c:a aac -movflags +frag_keyframe+empty_moov -frag_duration 200000", Delayed(1e-4)),
    ("film.mp4", "-c:a aac -ac 1", Trimmed(1e-4)),
];

/// Formats that are refused, each with a word of the error message.
const REFUSED: &[(&str, &str, &str)] = &[
    ("no.wv", "-c:a wavpack", "WavPack"),
    ("no.wma", "-c:a wmav2", "Windows Media"),
    ("no.mka", "-c:a libvorbis", "Matroska"),
    ("no.webm", "-c:a libopus -ar 48000", "Matroska"),
    ("no.tta", "-c:a tta", "True Audio"),
    ("no.w64", "", "Wave64"),
    ("no.ac3", "-c:a ac3", "AC-3"),
    ("no.spx", "-c:a libspeex -ar 16000 -ac 1", "Speex"),
    ("no_surround.aac", "-c:a aac -ac 6", "6 channels"),
    ("no_surround.m4a", "-c:a aac -ac 6", "6 channels"),
    ("no_ac3.mp4", "-c:a ac3", "AC-3"),
    ("no_gsm.wav", "-c:a libgsm_ms -ar 8000 -ac 1", "GSM"),
    ("no.ts", "-c:a mp2 -f mpegts", "transport stream"),
    ("no.flv", "-c:a mp3", "Flash"),
];

fn ffmpeg(arguments: &[String]) {
    let done = Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-y"]).args(arguments).output();
    let done = done.expect("ffmpeg has to be installed (scripts/setup_tests.sh)");
    assert!(done.status.success(), "ffmpeg {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

/// Make files from a sound with tones, a sweep and a click; next to each, what ffmpeg decodes from it as `NAME.f32`.
fn make(folder: &Path, files: &[(&str, &str)], seconds: f64) {
    let sound = "aevalsrc=0.4*sin(2*PI*440*t)+0.2*sin(2*PI*2000*t*t)+0.2*gt(t\\,0.7)*lt(t\\,0.701)\
                 |0.3*sin(2*PI*660*t)+0.1*random(0)-0.05";
    let mut making: Vec<String> = words("-f lavfi -i").collect();
    making.push(format!("{sound}:d={seconds}:s=44100"));
    for (name, arguments) in files {
        making.extend(words("-map 0:a -bitexact").chain(words(arguments)));
        making.push(folder.join(name).display().to_string());
    }
    ffmpeg(&making);
}

/// The interleaved samples that ffmpeg decodes from each file.
fn reference(files: &[PathBuf], into: &Path) -> Vec<Vec<f32>> {
    let mut reading = Vec::new();
    for file in files {
        if file.extension().is_some_and(|extension| extension == "opus") {
            // ffmpeg's own decoder differs from the reference library in speech
            reading.extend(words("-request_sample_fmt flt -c:a libopus"));
        }
        reading.extend(["-i".to_owned(), file.display().to_string()]);
    }
    for nth in 0..files.len() {
        reading.extend(words(&format!("-map {nth}:a -f f32le")));
        reading.push(into.join(format!("{nth}.f32")).display().to_string());
    }
    ffmpeg(&reading);
    let read = |nth| fs::read(into.join(format!("{nth}.f32"))).unwrap();
    (0..files.len())
        .map(|nth| read(nth).chunks_exact(4).map(|x| f32::from_le_bytes(x.try_into().unwrap())).collect())
        .collect()
}

/// Difference in the number of frames from the reference, and the largest difference of a sample.
fn compare(audio: &Audio, want: &[f32]) -> (i64, f32) {
    let channels = audio.channels();
    let worst =
        want.chunks_exact(channels.len()).enumerate().take(audio.frames()).fold(0.0_f32, |worst, (i, frame)| {
            frame.iter().zip(channels).fold(worst, |worst, (want, channel)| worst.max((want - channel[i]).abs()))
        });
    (audio.frames() as i64 - (want.len() / channels.len()) as i64, worst)
}

#[test]
fn every_format_decodes_as_ffmpeg_decodes_it() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = MADE.iter().map(|(name, arguments, _)| (*name, *arguments)).collect();
    make(folder.path(), &files, 1.3);
    let paths: Vec<_> = MADE.iter().map(|(name, ..)| folder.path().join(name)).collect();
    let wanted = reference(&paths, folder.path());
    let mut wrong = Vec::new();
    for (((name, _, like), path), want) in MADE.iter().zip(&paths).zip(&wanted) {
        match decode_file(path) {
            Err(error) => wrong.push(error.to_string()),
            Ok(audio) => {
                let (frames, worst) = compare(&audio, want);
                let encoded = i64::from(audio.sample_rate()) * 13 / 10;
                let there = audio.frames() as i64;
                let (frames, most) = match like {
                    Exactly => (frames, 0.0),
                    Within(most) => (frames, *most),
                    Trimmed(most) => (there - encoded, *most),
                    Delayed(most) => (there - encoded - 1024, *most),
                };
                if frames != 0 || worst > most || !audio.warnings().is_empty() {
                    wrong.push(format!(
                        "{name}: {frames:+} of {} frames, {worst:e} {:?}",
                        audio.frames(),
                        audio.warnings()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn long_opus_files_decode_as_the_reference_library_decodes_them() {
    // 600 packets and 4800 of them: several cells, each with a decoder of its own
    let files = [
        ("music.opus", "-c:a libopus -b:a 96k", 1e-6),
        ("short.opus", "-c:a libopus -b:a 160k -frame_duration 2.5 -application lowdelay", 1e-6),
        // in speech, steady tones remember more than any warm-up: the library itself differs as much after a seek
        ("speech.opus", "-c:a libopus -ac 1 -b:a 16k -application voip", 0.03),
    ];
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), &files.map(|(name, arguments, _)| (name, arguments)), 12.0);
    let paths = files.map(|(name, ..)| folder.path().join(name));
    let wanted = reference(&paths, folder.path());
    for ((path, want), (name, _, most)) in paths.iter().zip(&wanted).zip(files) {
        let (frames, worst) = compare(&decode_file(path).unwrap(), want);
        assert!(frames == 0 && worst <= most, "{name}: {frames:+} frames, {worst:e}");
    }
}

#[test]
fn unsupported_formats_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = REFUSED.iter().map(|(name, arguments, _)| (*name, *arguments)).collect();
    make(folder.path(), &files, 1.3);
    let mut wrong = Vec::new();
    for (name, _, reason) in REFUSED {
        match decode_file(folder.path().join(name)) {
            Err(error) if error.to_string().contains(reason) && error.to_string().contains("convert") => {}
            Err(error) => wrong.push(error.to_string()),
            Ok(_) => wrong.push(format!("{name} was read")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
