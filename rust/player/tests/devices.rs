//! Devices that hang, vanish, starve, or hold more than was asked for.
#![allow(clippy::expect_used)]

mod rig;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use realtime_backend_player::device::manual::Manual;
use realtime_backend_player::device::{Backend, DeviceError, Info, OutputHandle, Request, Running};
use realtime_backend_player::{Frame, OnDeviceLoss, Player, PlayerOptions, State};
use serde_json::json;

use rig::*;

/// A machine whose default output changes. After the first opening, `refused` attempts fail; later ones get another
/// name.
#[derive(Clone)]
struct Unplugged {
    device: Manual,
    opened: Arc<AtomicU32>,
    refused: u32,
}

impl Backend for Unplugged {
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        let turn = self.opened.fetch_add(1, Ordering::AcqRel);
        if turn > 0 && turn <= self.refused {
            return Err(DeviceError("nothing is plugged in".to_owned()));
        }
        let name = if turn == 0 { "speakers" } else { "headphones" };
        Ok(Info { name: name.to_owned(), ..self.device.negotiate(request)? })
    }

    fn start(&self, info: &Info, line: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
        self.device.start(info, line)
    }
}

/// A device that does not answer when it is closed.
struct Stuck(Manual);

struct Hanging;

impl Running for Hanging {}

impl Drop for Hanging {
    fn drop(&mut self) {
        std::thread::sleep(Duration::from_secs(20));
    }
}

impl Backend for Stuck {
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        self.0.negotiate(request)
    }

    fn start(&self, info: &Info, line: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
        self.0.start(info, line)?;
        Ok(Box::new(Hanging))
    }
}

/// A device with a long buffer that is lost when the device is closed.
#[derive(Clone, Default)]
struct Buffered(Arc<Mutex<Vec<Frame>>>);

struct Closing(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Running for Closing {}

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        if let Some(thread) = self.1.take() {
            thread.join().expect("ends");
        }
    }
}

impl Buffered {
    /// Frames in the buffer, and frames that are played at a time.
    const BUFFER: usize = 8192;
    const BLOCK: usize = 256;
}

impl Backend for Buffered {
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        Manual::default().negotiate(request)
    }

    fn start(&self, _: &Info, mut handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
        let (closed, played) = (Arc::new(AtomicBool::new(false)), Arc::clone(&self.0));
        let closing = Arc::clone(&closed);
        let thread = std::thread::spawn(move || {
            let mut buffer = VecDeque::from(vec![[0.0; 2]; Self::BUFFER]);
            let mut block = [[0.0; 2]; Self::BLOCK];
            while !closing.load(Ordering::Acquire) {
                handle.fill(&mut block, buffer.len() as u32);
                buffer.extend(block);
                played.lock().expect("not poisoned").extend(buffer.drain(..Self::BLOCK));
                std::thread::sleep(Duration::from_secs_f64(Self::BLOCK as f64 / f64::from(RATE)));
            }
        });
        Ok(Box::new(Closing(closed, Some(thread))))
    }
}

#[test]
fn the_fade_of_stop_is_heard_before_the_device_closes() {
    let device = Buffered::default();
    let player = Player::new(&track(session(200.0)), exact_options(), Arc::new(device.clone())).expect("plays");
    player.play();
    std::thread::sleep(Duration::from_millis(600));
    player.stop();
    let played = device.0.lock().expect("not poisoned");
    assert!(played.iter().any(|frame| frame[0].abs() > 0.01), "nothing was heard");
    let end = played.last().expect("frames");
    assert!(end[0].abs() < 1e-4, "cut off at {}", end[0]);
    assert!(roughness(&played) < SMOOTH, "{}", roughness(&played));
}

#[test]
fn waiting_returns_when_the_last_frame_is_heard() {
    let device = Buffered::default();
    let short = json!({"progression": [{"duration": 0.4, "voices": [
        {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 4.0}}]}]});
    let player = Player::new(&track(short), exact_options(), Arc::new(device.clone())).expect("plays");
    player.play();
    assert!(player.wait(Some(Duration::from_secs(20))), "still playing");
    let played = device.0.lock().expect("not poisoned").clone();
    let sound = played.iter().filter(|frame| **frame != [0.0; 2]).count();
    // the few frames at the zero crossings aside
    assert!(sound.abs_diff((0.4 * f64::from(RATE)) as usize) < 200, "{sound} frames heard");
}

#[test]
fn stop_does_not_wait_for_a_device_that_hangs() {
    let backend = Stuck(Manual::default());
    let player = Player::new(&track(session(200.0)), exact_options(), Arc::new(backend)).expect("plays");
    let begun = Instant::now();
    player.stop();
    assert_eq!(player.state(), State::Stopped);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_command_rewrites_the_frames_that_the_device_buffers() {
    let held = 10_000;
    let mut rig = Rig::new(session(200.0), exact_options());
    let mut sound = rig.fill_buffer(held);
    // the device has committed to 1000 frames; the others are rewritten and fade out
    rig.player.pause();
    // the device asks for more before it says what it has committed to: the command must not wait behind its buffer
    let mut more = [[0.0; 2]; 64];
    rig.handle.fill(&mut more);
    assert!(more.iter().all(|frame| *frame != [0.0; 2]), "the sound stopped before the command was carried out");
    let place = rig.handle.rewind(1000).expect("a command") as usize;
    assert!((1000..1128).contains(&place), "{place}");
    assert_eq!(rig.handle.fill(&mut sound[place..]), held as usize - place);
    assert!(roughness(&sound) < SMOOTH, "{}", roughness(&sound));
    let quiet = sound.iter().rposition(|frame| *frame != [0.0; 2]).expect("a sound");
    assert!(quiet < place + RATE as usize / 30, "silent only after {} frames", quiet - place);
    // no sound was lost: playback resumes where it became silent
    let expected = offline(session(200.0));
    let position = (rig.player.position() * f64::from(RATE)).round() as usize;
    assert!((quiet..quiet + 64).contains(&position), "rests at {position}, {quiet} were heard");
    rig.player.play();
    let place = rig.handle.rewind(5000).expect("a command") as usize;
    rig.handle.fill(&mut sound[place..]);
    let at = place + 3000;
    assert!(difference(&sound[at..at + 500], &expected[position + 3000..position + 3500]) == 0.0);
    assert_eq!(rig.handle.rewind(6000), None, "there was no command");
}

#[test]
fn a_device_underrun_is_counted_and_followed_by_a_fade() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.handle.takes_back(8192);
    rig.resolve_levels();
    rig.player.play();
    let mut sound = vec![[0.0; 2]; 4096];
    rig.handle.fill(&mut sound);
    rig.handle.underrun(1234);
    rig.resolve_levels();
    rig.handle.fill(&mut sound);
    assert!(sound[0][0].abs() < 1e-3 && roughness(&sound) < SMOOTH);
    rig.player.pause();
    rig.handle.rewind(u64::MAX);
    rig.handle.fill(&mut sound);
    rig.handle.underrun(99);
    let stats = rig.player.stats();
    assert_eq!((stats.underrun_events, stats.underrun_frames), (1, 1234), "an underrun in silence was counted");
}

#[test]
fn a_lost_device_is_reopened_and_playback_fades_in() {
    let expected = offline(session(200.0));
    let device = Manual::default();
    let options = PlayerOptions { on_device_loss: OnDeviceLoss::Follow, ..exact_options() };
    let backend = Unplugged { device: device.clone(), opened: Arc::default(), refused: 1 };
    let player = Player::new(&track(session(200.0)), options, Arc::new(backend)).expect("plays");
    let mut rig = Rig { player, handle: device.handle().expect("started") };
    assert_eq!(rig.player.info().name, "speakers");
    rig.resolve_levels();
    rig.player.play();
    let _ = rig.pull(RATE as usize / 2, 512);
    let held = rig.player.position();
    drop(rig.handle);
    let begun = Instant::now();
    let mut told = String::new();
    let handle = loop {
        told = rig.player.last_error().unwrap_or(told);
        if let Some(handle) = device.handle() {
            break handle;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", rig.player.last_error());
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut rig = Rig { player: rig.player, handle };
    assert_eq!(rig.player.position(), held);
    let heard = rig.pull(RATE as usize / 2, 512);
    assert_eq!(rig.player.info().name, "headphones");
    assert_eq!(rig.player.stats().restarts, 1);
    assert!(told.contains("lost") && told.contains("nothing is plugged in"), "{told}");
    assert_eq!(rig.player.last_error(), None, "the error remained after the device was reopened");
    let from = (held * f64::from(RATE)).round() as usize;
    assert!(difference(&heard[2000..], &expected[from + 2000..]) == 0.0);
    assert!(heard[0][0].abs() < 1e-3 && roughness(&heard) < SMOOTH, "a click where playback resumes");
}
