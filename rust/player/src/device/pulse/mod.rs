//! PulseAudio, or PipeWire in its place. The server's buffer has the requested latency. After a command it is rewritten
//! from the first frame that the server has not played yet, so the command is heard at once.

use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    ChannelMap, Command, CreatePlaybackStreamReply, DEFAULT_SINK, GetSinkInfo, PlaybackStreamParams, Prop, Props,
    PulseError, SampleFormat, SampleSpec, ServerInfo, SinkInfo, SinkInfoList,
};

use super::{DeviceError, Info, Listed, OutputHandle, Request, Running};
use client::{Client, Failure};
use clock::Clock;
use playing::Playing;

mod client;
mod clock;
mod playing;

/// Name of the host in [`Info::host`].
pub(super) const HOST: &str = "PulseAudio";

/// Channels of a stream. The server maps them to those of the device.
const CHANNELS: u8 = 2;
/// Bytes per frame.
const FRAME: u32 = 4 * CHANNELS as u32;
/// Highest sample rate that every server accepts.
const FASTEST: u32 = 384_000;
/// Default number of frames that the sink requests at a time.
const BLOCK: u32 = 1024;
/// Least length of the server's buffer in blocks: one in the sink, one on the way, one to be requested.
const BLOCKS: u32 = 3;
/// Longest time that closing a stream may take, in addition to the length of its buffer.
const CLOSING: Duration = Duration::from_millis(200);

const FORMAT: SampleFormat =
    if cfg!(target_endian = "little") { SampleFormat::Float32Le } else { SampleFormat::Float32Be };

fn text(name: &CString) -> String {
    name.to_string_lossy().into_owned()
}

/// Name of a sink to show: its description, or its name if it has none.
fn label(sink: &SinkInfo) -> String {
    text(sink.description.as_ref().unwrap_or(&sink.name))
}

fn sinks(client: &mut Client) -> Result<SinkInfoList, Failure> {
    client.ask(&Command::GetSinkInfoList)
}

/// The default sink of the server, if there is one.
fn default_sink(client: &mut Client) -> Result<Option<SinkInfo>, Failure> {
    let wanted = GetSinkInfo { index: None, name: Some(DEFAULT_SINK.to_owned()) };
    match client.ask(&Command::GetSinkInfo(wanted)) {
        Ok(sink) => Ok(Some(sink)),
        Err(Failure::Refused(PulseError::NoEntity)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The sink whose label is `wanted`, else the one whose name is `wanted`, else the first whose label contains it. Case
/// does not matter.
fn find(client: &mut Client, wanted: &str) -> Result<Option<SinkInfo>, Failure> {
    let wanted = wanted.to_lowercase();
    let mut sinks = sinks(client)?;
    let labels: Vec<String> = sinks.iter().map(|sink| label(sink).to_lowercase()).collect();
    let place = labels
        .iter()
        .position(|label| *label == wanted)
        .or_else(|| sinks.iter().position(|sink| text(&sink.name).to_lowercase() == wanted))
        .or_else(|| labels.iter().position(|label| label.contains(&wanted)));
    Ok(place.map(|place| sinks.swap_remove(place)))
}

/// List all sinks.
pub(super) fn list() -> Result<Vec<Listed>, DeviceError> {
    let mut client = Client::connect()?;
    let default = default_sink(&mut client)?.map(|sink| sink.index);
    let listed = |sink: &SinkInfo| Listed {
        host: HOST.to_owned(),
        name: label(sink),
        is_default: Some(sink.index) == default,
        channels: Some(u16::from(sink.sample_spec.channels)),
        rates: vec![sink.sample_spec.sample_rate],
    };
    Ok(sinks(&mut client)?.iter().map(listed).collect())
}

fn choose(client: &mut Client, wanted: Option<&str>) -> Result<Option<SinkInfo>, Failure> {
    match wanted {
        Some(wanted) => find(client, wanted),
        None => default_sink(client),
    }
}

/// Find the device to open; `None`: the server has no such device.
pub(super) fn negotiate(request: &Request) -> Result<Option<Info>, DeviceError> {
    let mut client = Client::connect()?;
    let Some(sink) = choose(&mut client, request.device.as_deref())? else { return Ok(None) };
    let rate = request.sample_rate;
    let sample_rate = if (1..=FASTEST).contains(&rate) { rate } else { sink.sample_spec.sample_rate };
    let block = request.block.unwrap_or(BLOCK).max(1);
    let buffer = (request.latency.as_secs_f64() * f64::from(sample_rate)) as u32;
    Ok(Some(Info {
        host: HOST.to_owned(),
        name: label(&sink),
        asked: request.device.clone(),
        sample_rate,
        channels: u16::from(CHANNELS),
        block: Some(block),
        buffer: Some(buffer.max(BLOCKS * block)),
    }))
}

/// Open the device that `negotiate` found and play.
pub(super) fn start(info: &Info, mut handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
    let mut client = Client::connect()?;
    let sink = match &info.asked {
        Some(wanted) => {
            let sink = find(&mut client, wanted)?;
            Some(sink.ok_or_else(|| DeviceError(format!("the output device \"{wanted}\" has gone")))?.index)
        }
        // the server chooses the sink, and moves the stream when the default changes
        None => None,
    };
    let block = info.block.unwrap_or(BLOCK);
    let mut props = Props::new();
    props.set(Prop::MediaName, c"playback");
    let params = PlaybackStreamParams {
        sample_spec: SampleSpec { format: FORMAT, channels: CHANNELS, sample_rate: info.sample_rate },
        channel_map: ChannelMap::stereo(),
        sink_index: sink,
        buffer_attr: BufferAttr {
            target_length: info.buffer.unwrap_or(BLOCKS * block).saturating_mul(FRAME),
            minimum_request_length: block.saturating_mul(FRAME),
            ..BufferAttr::default()
        },
        props,
        // early requests: the sink takes one block at a time, so the rest of the buffer can be rewritten. Corked at
        // first: an idle sink plays at once when a stream with data is uncorked
        flags: StreamFlags { early_requests: true, start_corked: true, ..StreamFlags::default() },
        ..PlaybackStreamParams::default()
    };
    let server: ServerInfo = client.ask(&Command::GetServerInfo)?;
    let cyclic = server.server_name.is_some_and(|name| name.to_string_lossy().contains("PipeWire"));
    let stream: CreatePlaybackStreamReply = client.ask(&Command::CreatePlaybackStream(params))?;
    let held = stream.buffer_attr.target_length / FRAME;
    handle.takes_back(held);
    let (closing, suspended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(stream.suspended)));
    let longest = Duration::from_secs_f64(f64::from(held) / f64::from(info.sample_rate)) + CLOSING;
    let latency = Duration::from_micros(stream.stream_latency);
    let clock = Clock::new(info.sample_rate, latency, cyclic);
    let moved = Arc::default();
    let playing = Playing::new(client, &stream, handle, clock, Arc::clone(&suspended), Arc::clone(&moved));
    let asked = Arc::clone(&closing);
    let handle = std::thread::Builder::new()
        .name("audio pulse".to_owned())
        .spawn(move || playing.run(&asked, longest))
        .map_err(|error| DeviceError(format!("could not start a thread: {error}")))?;
    Ok(Box::new(Stream { closing, suspended, moved, handle: Some(handle) }))
}

struct Stream {
    closing: Arc<AtomicBool>,
    suspended: Arc<AtomicBool>,
    moved: Arc<AtomicBool>,
    handle: Option<JoinHandle<()>>,
}

impl Running for Stream {
    fn has_moved(&self) -> bool {
        self.moved.swap(false, Ordering::AcqRel)
    }

    /// A suspended sink asks for no frames although it is not lost.
    fn is_clocked(&self) -> bool {
        !self.suspended.load(Ordering::Acquire)
    }
}

impl Drop for Stream {
    /// Wait until the frames that were written are heard.
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}
