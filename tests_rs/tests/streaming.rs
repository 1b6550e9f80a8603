//! Audio files in tracks are read in pieces: the samples do not depend on where reading begins, loops have no audible
//! seams, and files may have any length.

use std::f64::consts::TAU;
use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Problem;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{AudioFile, Container, FileFormat, Subtype};
use realtime_backend_core::render::{ExportOptions, Renderer, render_array, render_to_file};
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::Block;
use serde_json::{Value, json};

/// Write a float WAV file with the values of `sound` for each frame, left and right.
fn wav(folder: &Path, name: &str, rate: u32, frames: usize, sound: impl Fn(usize) -> [f64; 2]) {
    let format = FileFormat::new(Container::Wav).with_subtype(Subtype::Float32);
    let mut file = AudioFile::create(folder.join(name), format, rate).expect("a file");
    let channel = |side: usize| (0..frames).map(|i| sound(i)[side] as f32).collect::<Vec<_>>();
    file.write(&channel(0), &channel(1)).expect("written");
    file.finish().expect("finished");
}

fn compile(folder: &Path, document: Value, compat: Compat) -> (Arc<Plan>, Vec<Problem>) {
    let options = LoadOptions { folder: Some(folder.to_owned()), compat: Some(compat), ..LoadOptions::default() };
    let (track, _) = Track::from_value_with(document, &options).expect("a track");
    let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
    let (plan, warnings) = Plan::compile(&track, &options).expect("a plan");
    (Arc::new(plan), warnings)
}

fn whole(plan: &Arc<Plan>, threads: usize) -> Vec<f32> {
    render_array(plan, 0, None, threads, &mut |_| true).expect("audio")
}

/// Two clips and a bed at three rates, over five seconds at 44.1 kHz.
fn layers(folder: &Path) -> Value {
    let sound = |i: usize| [((i * i) % 997) as f64 / 2000.0 - 0.25, (i as f64 * 0.01).sin() * 0.3];
    wav(folder, "a.wav", 48_000, 100_003, sound);
    wav(folder, "b.wav", 22_050, 20_011, sound);
    wav(folder, "bed.wav", 32_000, 30_007, sound);
    json!({"global": {"sample_rate": 44_100}, "progression": [{"duration": 5.0, "voices": []}],
           "overlay_clips": [{"file_path": "a.wav", "start": 1.0, "amp": 0.5, "fade_in": 0.5},
                             {"file_path": "b.wav", "start": -0.2, "pan": 0.3},
                             {"file_path": "b.wav", "start": 2.5, "duration": 0.7}],
           "background_noise": {"file_path": "bed.wav", "start_time": 0.3, "fade_in": 0.2}})
}

#[test]
fn resampled_files_do_not_depend_on_blocks_seeks_or_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    for compat in [Compat::DEFAULT, Compat::LEGACY] {
        let mut document = layers(folder.path());
        for clip in document["overlay_clips"].as_array_mut().expect("clips") {
            // In both spellings, for the legacy rules too.
            let (path, start) = (clip["file_path"].clone(), clip["start"].clone());
            (clip["path"], clip["start_time"]) = (path, start);
        }
        let (plan, _) = compile(folder.path(), document, compat);
        let want = whole(&plan, 1);
        assert!(want.iter().any(|x| x.abs() > 0.2));
        for threads in [2, 3] {
            assert!(whole(&plan, threads) == want, "{threads} threads");
        }
        for (start, count) in [(0, 3000), (44_000, 2000), (200_000, 9000), (90_001, 1), (7, 30_000)] {
            let part = render_array(&plan, start, Some(count), 1, &mut |_| true).expect("audio");
            assert!(part == want[2 * start as usize..2 * (start + count) as usize], "{start} + {count}");
        }
        let mut renderer = Renderer::new(Arc::clone(&plan));
        for (start, size) in [(60_000, 1), (43_000, 7), (130_000, 511), (0, 4096), (20_000, 20_000)] {
            let (mut left, mut right) = (vec![0.0; size], vec![0.0; size]);
            for at in (start..start + 3 * size as u64).step_by(size) {
                renderer.render(at, Block::new(&mut left, &mut right));
                let want = want[2 * at as usize..].chunks(2);
                assert!(left.iter().zip(&right).zip(want).all(|((l, r), w)| [*l, *r] == w), "{at} by {size}");
            }
        }
    }
}

#[test]
fn a_resampled_bed_loops_without_a_seam() {
    let folder = tempfile::tempdir().expect("a folder");
    let frames = 2 * 48_000 + 7;
    let sine = |i: usize| 0.5 * (TAU * 600.0 * i as f64 / frames as f64).sin();
    wav(folder.path(), "seam.wav", 48_000, frames, |i| [sine(i); 2]);
    let document = json!({"global": {"sample_rate": 44_100}, "progression": [{"duration": 10.0, "voices": []}],
                          "background_noise": {"file_path": "seam.wav"}});
    let (plan, _) = compile(folder.path(), document, Compat::DEFAULT);
    let audio: Vec<f64> = whole(&plan, 2).chunks(2).map(|frame| f64::from(frame[0])).collect();
    let bend = |w: &[f64]| (w[0] - 2.0 * w[1] + w[2]).abs();
    let most = audio[500..audio.len() - 500].windows(3).map(bend).fold(0.0, f64::max);
    let own = 0.5 * (TAU * 600.0 * 48_000.0 / frames as f64 / 44_100.0).powi(2);
    assert!(most < 1.001 * own, "{most} of {own}");
    for (i, x) in audio.iter().enumerate().skip(500) {
        let place = (i as u64 * 48_000) % (frames as u64 * 44_100);
        let want = 0.5 * (TAU * 600.0 * place as f64 / 44_100.0 / frames as f64).sin();
        assert!((x - want).abs() < 1e-5, "{i}: {x} {want}");
    }
}

#[test]
fn an_export_measures_clips_and_bed_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, _) = compile(folder.path(), layers(folder.path()), Compat::DEFAULT);
    let path = folder.path().join("out.wav");
    let format = FileFormat::new(Container::Wav).with_subtype(Subtype::Float32);
    render_to_file(&plan, &path, &ExportOptions::new(format), &mut |_| true).expect("a file");
    let written = realtime_backend_core::media::decode_file(&path).expect("audio");
    let peak = written.channels().iter().flatten().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    assert!((peak - 0.25).abs() < 1e-6, "{peak}");
}

#[test]
fn measuring_clips_can_be_cancelled() {
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, _) = compile(folder.path(), layers(folder.path()), Compat::DEFAULT);
    let options = ExportOptions::new(FileFormat::new(Container::Wav));
    let path = folder.path().join("out.wav");
    let ended = render_to_file(&plan, &path, &options, &mut |done| done < 0.46);
    assert!(matches!(ended, Err(realtime_backend_core::error::Error::Cancelled)) && !path.exists());
}

#[test]
fn a_file_far_above_full_scale_is_reported_on_compilation() {
    let folder = tempfile::tempdir().expect("a folder");
    wav(folder.path(), "loud.wav", 8000, 800, |i| [if i == 500 { -10.0 } else { 0.1 }; 2]);
    wav(folder.path(), "fine.wav", 8000, 800, |_| [3.9; 2]);
    let document = json!({"global": {"sample_rate": 8000},
                          "overlay_clips": [{"file_path": "fine.wav"}, {"file_path": "loud.wav"}]});
    let (plan, warnings) = compile(folder.path(), document, Compat::DEFAULT);
    assert_eq!(warnings, [Problem::warning("overlay_clips[1]", "peaks 20 dB above full scale")]);
    whole(&plan, 1);
    assert_eq!(plan.noticed(), [], "it is told once");
}

#[test]
fn thousands_of_clips_open_their_common_file_once() {
    let folder = tempfile::tempdir().expect("a folder");
    wav(folder.path(), "a.wav", 16_000, 16_000, |i| [(i as f64 * 0.05).sin() * 0.1; 2]);
    let clips: Vec<Value> = (0..5000).map(|i| json!({"file_path": "a.wav", "start": f64::from(i) * 0.5})).collect();
    let document = json!({"global": {"sample_rate": 8000}, "overlay_clips": clips});
    let (plan, warnings) = compile(folder.path(), document, Compat::DEFAULT);
    assert!(warnings.is_empty() && plan.clips().len() == 5000);
    assert!(plan.clips().iter().all(|clip| Arc::ptr_eq(&clip.sound.audio, &plan.clips()[0].sound.audio)));
}

/// Most of the file is sparse: reading all of it would take longer than all other tests.
#[cfg(target_os = "linux")]
#[test]
fn an_eight_hour_bed_is_opened_without_reading_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (rate, seconds) = (44_100_u32, 8 * 3600_u32);
    let size = seconds * rate * 2;
    let mut head = b"RIFF".to_vec();
    head.extend((36 + size).to_le_bytes());
    head.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    head.extend(rate.to_le_bytes());
    head.extend((2 * rate).to_le_bytes());
    head.extend(b"\x02\0\x10\0data");
    head.extend(size.to_le_bytes());
    head.extend([0, 0x40].repeat(100_000));
    let mut file = std::fs::File::create(folder.path().join("night.wav")).expect("a file");
    std::io::Write::write_all(&mut file, &head).expect("written");
    file.set_len(44 + u64::from(size)).expect("a hole");
    let read_bytes = || {
        let counts = std::fs::read_to_string("/proc/thread-self/io").unwrap_or_default();
        counts.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse::<u64>().ok()).unwrap_or(0)
    };
    let before = read_bytes();
    let document = json!({"global": {"sample_rate": 48_000}, "progression": [{"duration": 28_800.0, "voices": []}],
                          "background_noise": {"file_path": "night.wav"}});
    let (plan, warnings) = compile(folder.path(), document, Compat::DEFAULT);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(plan.frames(), 28_800 * 48_000);
    let (mut left, mut right) = (vec![0.0; 4800], vec![0.0; 4800]);
    let mut renderer = Renderer::new(Arc::clone(&plan));
    renderer.render(48_000, Block::new(&mut left, &mut right));
    assert!(left.iter().chain(&right).all(|x| (x - 0.5).abs() < 1e-3));
    renderer.render(7 * 3600 * 48_000, Block::new(&mut left, &mut right));
    assert!(left.iter().all(|x| *x == 0.0));
    assert!(read_bytes() - before < 10_000_000, "{}", read_bytes() - before);
}
