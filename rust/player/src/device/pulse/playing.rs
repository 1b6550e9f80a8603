//! The thread that plays a stream: answers the server's requests, rewrites the frames that a command changes, and
//! handles underflows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use pulseaudio::protocol::{Command, CorkStreamParams, CreatePlaybackStreamReply, LatencyParams, PlaybackLatency};

use super::FRAME;
use super::client::{Client, Failure, Message};
use super::clock::Clock;
use crate::device::OutputHandle;
use crate::priority;
use crate::queue::Frame;

/// Most frames that are written at a time.
const PIECE: usize = 2048;
/// Interval at which commands are noticed while the server sends nothing.
const WAKE: Duration = Duration::from_millis(3);
/// Interval at which the server is asked for its playback position.
const ASK: Duration = Duration::from_millis(100);
/// Longest time that a command waits for the playback position.
const PATIENCE: Duration = Duration::from_millis(200);
/// Sound below this level need not be heard before the stream is closed.
const QUIET: f32 = 1e-4;

/// A stream that plays.
pub(super) struct Playing {
    client: Client,
    channel: u32,
    index: u32,
    handle: OutputHandle,
    clock: Clock,
    /// Number of frames written so far, without those that will be rewritten.
    written: u64,
    /// Number of frames to go back at the next write.
    back: u64,
    /// Number of frames that the server has requested.
    wanted: u64,
    /// Whether the stream has not been started yet.
    corked: bool,
    /// Last known number of frames that were heard.
    heard: f64,
    /// Number of frames up to the last one that is not quiet.
    loud: u64,
    /// Number and time of the timing request that is not answered yet.
    question: Option<(u32, Instant)>,
    /// Time of the last timing request; `None`: ask as soon as possible.
    asked: Option<Instant>,
    /// Time since which the playback position is unknown.
    lost_count: Option<Instant>,
    suspended: Arc<AtomicBool>,
    /// Set when the server has moved the stream to another sink.
    sink_changed: Arc<AtomicBool>,
    frames: Vec<Frame>,
    bytes: Vec<u8>,
}

impl Playing {
    /// Create the state of a stream that the server has created.
    pub(super) fn new(
        client: Client,
        stream: &CreatePlaybackStreamReply,
        handle: OutputHandle,
        clock: Clock,
        suspended: Arc<AtomicBool>,
        sink_changed: Arc<AtomicBool>,
    ) -> Self {
        Self {
            client,
            channel: stream.channel,
            index: stream.stream_index,
            handle,
            clock,
            written: 0,
            back: 0,
            wanted: u64::from(stream.requested_bytes / FRAME),
            corked: true,
            heard: 0.0,
            loud: 0,
            question: None,
            asked: None,
            lost_count: None,
            suspended,
            sink_changed,
            frames: vec![[0.0; 2]; PIECE],
            bytes: Vec::with_capacity(PIECE * FRAME as usize),
        }
    }

    /// Play until `closing`, then wait for at most `longest` until the frames that were written are heard.
    pub(super) fn run(mut self, closing: &AtomicBool, longest: Duration) {
        priority::raise();
        let lost = self.handle.lost();
        // this does not panic; if it does all the same, the device counts as lost
        let ended = catch_unwind(AssertUnwindSafe(|| self.play(closing, longest)));
        if !matches!(ended, Ok(Ok(()))) {
            lost.store(true, Ordering::Release);
        }
    }

    fn play(&mut self, closing: &AtomicBool, longest: Duration) -> Result<(), Failure> {
        let mut deadline = None;
        loop {
            if closing.load(Ordering::Acquire) {
                let now = Instant::now();
                let deadline = *deadline.get_or_insert(now + longest);
                if now >= deadline || self.clock.heard(now).is_none_or(|heard| heard >= self.loud as f64) {
                    return Ok(());
                }
            }
            self.client.listen(WAKE)?;
            while let Some(message) = self.client.message()? {
                self.heed(message)?;
            }
            self.rewind();
            self.write()?;
            if self.corked && self.written > 0 {
                let go = CorkStreamParams { channel: self.channel, cork: false };
                self.client.send(&Command::CorkPlaybackStream(go))?;
                self.corked = false;
            }
            self.ask()?;
        }
    }

    /// Handle a message of the server.
    fn heed(&mut self, message: Message) -> Result<(), Failure> {
        match message.command {
            Command::Request(request) if request.channel == self.channel => {
                self.wanted += u64::from(request.length / FRAME);
            }
            Command::Underflow(underflow) if underflow.channel == self.channel => self.ran_dry(),
            Command::Started(channel) if channel == self.channel => self.asked = None,
            Command::PlaybackStreamKilled(channel) if channel == self.channel => {
                return Err(Failure::Gone("the server ended the stream".to_owned()));
            }
            Command::PlaybackStreamSuspended(change) if change.stream_index == self.index => {
                self.suspended.store(change.suspended, Ordering::Release);
                self.clock.stop();
                self.asked = None;
            }
            Command::PlaybackStreamMoved(moved) if moved.stream_index == self.index => {
                self.suspended.store(moved.device_suspended, Ordering::Release);
                self.sink_changed.store(true, Ordering::Release);
                self.moved(moved.configured_sink_latency);
            }
            Command::PlaybackBufferAttrChanged(change) if change.stream_index == self.index => {
                self.moved(change.sink_input_latency);
            }
            Command::Reply => {
                if let Some((_, asked)) = self.question.take_if(|(sequence, _)| *sequence == message.sequence) {
                    let timing: PlaybackLatency = self.client.reply(message.rest)?;
                    let taken = timing.read_offset as f64 / f64::from(FRAME);
                    self.clock.set(
                        asked,
                        Instant::now(),
                        taken,
                        Duration::from_micros(timing.sink_usec),
                        timing.playing,
                    );
                }
            }
            Command::Error(error) => return Err(Failure::Refused(error)),
            _ => {}
        }
        Ok(())
    }

    /// Handle an underflow.
    fn ran_dry(&mut self) {
        let heard = self.clock.heard(Instant::now()).unwrap_or(0.0);
        let silence = (heard - self.written as f64).max(0.0);
        self.handle.underrun(silence as u64);
        self.heard = self.written as f64;
        self.clock.stop();
        self.asked = None;
    }

    /// Handle a change of the sink or of its latency.
    fn moved(&mut self, sink_latency_us: u64) {
        self.clock.set_sink_latency(Duration::from_micros(sink_latency_us));
        self.clock.stop();
        self.asked = None;
    }

    /// Carry out new commands: go back to the first frame that they can still change.
    fn rewind(&mut self) {
        let now = Instant::now();
        let committed = if let Some(committed) = self.clock.committed(now) {
            self.lost_count = None;
            committed
        } else if self.written > 0 && now.duration_since(*self.lost_count.get_or_insert(now)) < PATIENCE {
            return;
        } else {
            u64::MAX
        };
        if let Some(place) = self.handle.rewind(committed) {
            let again = self.written.saturating_sub(place);
            self.back += again;
            self.wanted += again;
            self.written -= again;
            self.loud = self.loud.min(self.written);
        }
    }

    /// Write the frames that the server has requested, as many as there are.
    fn write(&mut self) -> Result<(), Failure> {
        while self.wanted > 0 {
            let count = self.wanted.min(PIECE as u64) as usize;
            self.heard = self.clock.heard(Instant::now()).unwrap_or(self.heard);
            let latency = (self.written as f64 - self.heard).max(0.0);
            let frames = &mut self.frames[..count];
            let done = self.handle.fill(frames, latency as u32);
            if done == 0 {
                return Ok(());
            }
            let frames = &frames[..done];
            self.bytes.clear();
            self.bytes.extend(frames.iter().flatten().flat_map(|sample| sample.to_ne_bytes()));
            self.client.send_sound(self.channel, self.back * u64::from(FRAME), &self.bytes)?;
            self.back = 0;
            let loud = frames.iter().rposition(|frame| frame[0].abs().max(frame[1].abs()) > QUIET);
            if let Some(last) = loud {
                self.loud = self.written + last as u64 + 1;
            }
            self.written += done as u64;
            self.wanted -= done as u64;
            if done < count {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Ask for the playback position if [`ASK`] has passed since the last time.
    fn ask(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        let due = self.asked.is_none_or(|asked| now.saturating_duration_since(asked) >= ASK);
        if due && self.question.is_none() && self.written > 0 {
            let question = LatencyParams { channel: self.channel, now: SystemTime::now() };
            let sequence = self.client.send(&Command::GetPlaybackLatency(question))?;
            self.question = Some((sequence, now));
            self.asked = Some(now);
        }
        Ok(())
    }
}
