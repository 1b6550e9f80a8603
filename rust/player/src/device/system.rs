//! The audio system of the machine: PulseAudio (or PipeWire in its place), and through cpal ALSA, JACK and the systems
//! of other platforms.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, Data, OutputCallbackInfo, SampleFormat, StreamConfig};
use cpal::{ErrorKind, HostId, SupportedBufferSize, SupportedStreamConfigRange};

use super::null::Null;
#[cfg(target_os = "linux")]
use super::pulse;
use super::{Backend, DeviceError, Info, Listed, OutputHandle, Request, Running, USUAL_RATES};

#[cfg(alsa_at_run_time)]
mod alsa;
mod callback;

use callback::Callback;

/// Default number of frames per callback: large enough for the scheduling of every server.
const BLOCK: u32 = 1024;
/// Longest time that opening a stream may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest time to wait until a stream is closed.
const CLOSING: Duration = Duration::from_secs(1);
/// Environment variable that names the host to use: `pulseaudio`, `alsa`, `jack`, ..., or `null` for a device without
/// output.
pub const HOST_VARIABLE: &str = "REALTIME_BACKEND_AUDIO_HOST";

/// Name of the host without output.
const NULL: &str = "null";

/// The backend for the audio system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

/// List the output devices of all hosts.
///
/// # Errors
/// If no host can be used.
///
/// ```no_run
/// for device in realtime_backend_player::device::system::list()? {
///     println!("{} {}{}", device.host, device.name, if device.is_default { " (default)" } else { "" });
/// }
/// # Ok::<(), realtime_backend_player::device::DeviceError>(())
/// ```
pub fn list() -> Result<Vec<Listed>, DeviceError> {
    if to_nobody() {
        let (host, name, rates) = (NULL.to_owned(), NULL.to_owned(), USUAL_RATES.to_vec());
        return Ok(vec![Listed { host, name, is_default: true, channels: Some(2), rates }]);
    }
    let mut found = Vec::new();
    #[cfg(target_os = "linux")]
    if is_wanted(pulse::HOST) {
        match pulse::list() {
            Ok(sinks) => found = sinks,
            Err(error) if wanted_host().is_some() => return Err(error),
            Err(_) => {}
        }
    }
    let hosts = match hosts() {
        Ok(hosts) => hosts,
        Err(error) if found.is_empty() => return Err(error),
        Err(_) => Vec::new(),
    };
    for host in hosts {
        let default = host.default_output_device().and_then(|device| name_of(&device));
        let Ok(devices) = host.output_devices() else { continue };
        for device in devices {
            let Some(name) = name_of(&device) else { continue };
            let is_default = found.iter().all(|listed: &Listed| !listed.is_default) && Some(&name) == default.as_ref();
            let (channels, rates) = abilities(&device);
            found.push(Listed { host: host.id().name().to_owned(), name, is_default, channels, rates });
        }
    }
    Ok(found)
}

/// Channels and sample rates of a device, as far as it tells.
fn abilities(device: &cpal::Device) -> (Option<u16>, Vec<u32>) {
    let own = device.default_output_config().ok();
    let offers: Vec<SupportedStreamConfigRange> = device.supported_output_configs().into_iter().flatten().collect();
    let runs = |rate: &u32| offers.iter().any(|o| (o.min_sample_rate()..=o.max_sample_rate()).contains(rate));
    let usual = USUAL_RATES.into_iter().filter(runs);
    let mut rates: Vec<u32> = usual.chain(own.as_ref().map(cpal::SupportedStreamConfig::sample_rate)).collect();
    rates.sort_unstable();
    rates.dedup();
    (own.map(|own| own.channels()), rates)
}

fn wanted_host() -> Option<String> {
    std::env::var(HOST_VARIABLE).ok().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty())
}

/// Whether the environment asks for the device without output: for tests, and for machines without an audio system.
fn to_nobody() -> bool {
    wanted_host().as_deref() == Some(NULL)
}

/// Whether the environment names this host or none.
fn is_wanted(host: &str) -> bool {
    wanted_host().is_none_or(|wanted| wanted == host.to_lowercase())
}

fn name_of(device: &cpal::Device) -> Option<String> {
    device.description().ok().map(|description| description.name().to_owned())
}

/// The device that PulseAudio offers. `None` if the environment names another host; `Some(Ok(None))` if PulseAudio has
/// no such device.
#[cfg(target_os = "linux")]
fn by_pulse(request: &Request) -> Option<Result<Option<Info>, DeviceError>> {
    is_wanted(pulse::HOST).then(|| pulse::negotiate(request))
}

#[cfg(not(target_os = "linux"))]
const fn by_pulse(_request: &Request) -> Option<Result<Option<Info>, DeviceError>> {
    None
}

/// Load libasound where it is not linked.
#[cfg(alsa_at_run_time)]
fn load_alsa() -> Result<(), DeviceError> {
    alsa::load()
}

/// On other targets libasound is linked, or there is none.
#[cfg(not(alsa_at_run_time))]
#[allow(clippy::unnecessary_wraps)]
const fn load_alsa() -> Result<(), DeviceError> {
    Ok(())
}

/// Usable hosts, the preferred one first.
fn hosts() -> Result<Vec<cpal::Host>, DeviceError> {
    let wanted = wanted_host();
    let mut ids: Vec<HostId> = cpal::ALL_HOSTS.iter().copied().filter(|id| is_wanted(id.name())).collect();
    // sound servers before hardware, because they share the device and resample; JACK in between
    ids.sort_by_key(|id| match id.name() {
        "ALSA" => 2,
        "JACK" => 1,
        _ => 0,
    });
    let mut missing = None;
    let mut usable = Vec::new();
    for id in ids {
        if id.name() == "ALSA"
            && let Err(error) = load_alsa()
        {
            missing = Some(error);
            continue;
        }
        if let Ok(host) = cpal::host_from_id(id) {
            usable.push(host);
        }
    }
    if usable.is_empty() {
        let reason = missing.map_or_else(
            || {
                format!(
                    "no audio system is running{}",
                    wanted.map_or(String::new(), |w| format!(" (asked for \"{w}\")"))
                )
            },
            |error| {
                format!("{error}; install it (Debian/Ubuntu: apt install libasound2) or start PulseAudio or PipeWire")
            },
        );
        return Err(DeviceError(reason));
    }
    Ok(usable)
}

/// A device that cpal can open, and how to open it.
struct Choice {
    host: &'static str,
    name: String,
    device: cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
}

/// Choose a device of the hosts that cpal knows. `before` is the result of a host that was tried first: `Ok` if it has
/// no such device, an error if it cannot be used, `None` if no host was tried.
fn choose(request: &Request, before: Option<Result<(), DeviceError>>) -> Result<Choice, DeviceError> {
    let mut reasons = Vec::new();
    let hosts = match (hosts(), before) {
        (Err(error), None) => return Err(error),
        // report why the requested host cannot be used
        (Err(_), Some(Err(error))) if wanted_host().is_some() => return Err(error),
        (Err(error), Some(Err(before))) => return Err(DeviceError(format!("{before}; {error}"))),
        (Err(_), Some(Ok(()))) => Vec::new(),
        (Ok(hosts), before) => {
            reasons.extend(before.and_then(Result::err).map(|error| error.0));
            hosts
        }
    };
    for host in hosts {
        let device = match &request.device {
            Some(wanted) => find(&host, wanted),
            None => host.default_output_device(),
        };
        let Some(device) = device else { continue };
        let name = name_of(&device).unwrap_or_else(|| "default".to_owned());
        match configure(&device, request) {
            Ok((config, format)) => return Ok(Choice { host: host.id().name(), name, device, config, format }),
            Err(error) => reasons.push(format!("{}, {name}: {error}", host.id().name())),
        }
    }
    Err(DeviceError(match (&request.device, reasons.is_empty()) {
        (Some(wanted), true) => {
            let names: Vec<String> = list()?.into_iter().map(|listed| listed.name).collect();
            format!("there is no output device called \"{wanted}\" (there are: {})", names.join(", "))
        }
        (None, true) => "there is no output device".to_owned(),
        (_, false) => format!("no output device can be opened ({})", reasons.join("; ")),
    }))
}

/// The device whose name is `wanted`, else the one whose system identifier is `wanted`, else the first whose name
/// contains it. Case does not matter.
fn find(host: &cpal::Host, wanted: &str) -> Option<cpal::Device> {
    let wanted = wanted.to_lowercase();
    let mut devices: Vec<cpal::Device> = host.output_devices().ok()?.collect();
    let named = |device: &cpal::Device| name_of(device).unwrap_or_default().to_lowercase();
    let called = |device: &cpal::Device| device.id().is_ok_and(|id| id.id().to_lowercase() == wanted);
    let at = devices
        .iter()
        .position(|device| named(device) == wanted)
        .or_else(|| devices.iter().position(called))
        .or_else(|| devices.iter().position(|device| named(device).contains(&wanted)))?;
    Some(devices.swap_remove(at))
}

/// Choose the configuration of a device: if possible stereo, 32-bit float and the requested rate.
fn configure(device: &cpal::Device, request: &Request) -> Result<(StreamConfig, SampleFormat), cpal::Error> {
    let rate = request.sample_rate;
    let offers: Vec<SupportedStreamConfigRange> = device.supported_output_configs()?.collect();
    let fits = |offer: &SupportedStreamConfigRange| (offer.min_sample_rate()..=offer.max_sample_rate()).contains(&rate);
    let cost = |offer: &SupportedStreamConfigRange| {
        let format = match offer.sample_format() {
            SampleFormat::F32 => 0,
            SampleFormat::F64 | SampleFormat::I32 => 1,
            SampleFormat::I24 => 2,
            SampleFormat::I16 => 3,
            _ => 4,
        };
        let channels = match offer.channels() {
            2 => 0,
            more if more > 2 => 1,
            _ => 2,
        };
        (channels, format)
    };
    let best = offers.iter().filter(|offer| is_supported(offer.sample_format()) && fits(offer)).min_by_key(|o| cost(o));
    let (channels, sample_rate, format, sizes) = match best {
        Some(offer) => (offer.channels(), rate, offer.sample_format(), *offer.buffer_size()),
        None => {
            let own = device.default_output_config()?;
            (own.channels(), own.sample_rate(), own.sample_format(), *own.buffer_size())
        }
    };
    let wanted = request.block.unwrap_or(BLOCK);
    let buffer_size = match sizes {
        SupportedBufferSize::Range { min, max } if min <= max => BufferSize::Fixed(wanted.clamp(min, max)),
        _ => BufferSize::Fixed(wanted),
    };
    Ok((StreamConfig { channels, sample_rate, buffer_size }, format))
}

fn is_supported(format: SampleFormat) -> bool {
    matches!(
        format,
        SampleFormat::F32
            | SampleFormat::F64
            | SampleFormat::I8
            | SampleFormat::I16
            | SampleFormat::I24
            | SampleFormat::I32
            | SampleFormat::U8
            | SampleFormat::U16
            | SampleFormat::U32
    )
}

struct Stream(Option<cpal::Stream>);

impl Running for Stream {}

impl Drop for Stream {
    /// Close the stream on another thread. Some hosts wait for the answer of a dead server; then that thread is left
    /// behind.
    fn drop(&mut self) {
        let Some(stream) = self.0.take() else { return };
        let (closed, done) = channel();
        let close = move || {
            drop(stream);
            closed.send(()).ok();
        };
        if std::thread::Builder::new().name("audio close".to_owned()).spawn(close).is_ok() {
            done.recv_timeout(CLOSING).ok();
        }
    }
}

impl Backend for System {
    /// The sinks of the sound server. Other hosts cannot be asked often.
    #[cfg(target_os = "linux")]
    fn outputs(&self) -> Option<Vec<Listed>> {
        if to_nobody() || !is_wanted(pulse::HOST) { None } else { pulse::list().ok() }
    }

    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        if to_nobody() {
            return Null::default().negotiate(request);
        }
        let before = match by_pulse(request) {
            Some(Ok(Some(info))) => return Ok(info),
            Some(Ok(None)) => Some(Ok(())),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        };
        let choice = choose(request, before)?;
        let block = if let BufferSize::Fixed(frames) = choice.config.buffer_size { Some(frames) } else { None };
        Ok(Info {
            host: choice.host.to_owned(),
            name: choice.name,
            asked: request.device.clone(),
            sample_rate: choice.config.sample_rate,
            channels: choice.config.channels,
            block,
            buffer: None,
        })
    }

    fn start(&self, info: &Info, handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
        if info.host == NULL {
            return Null::default().start(info, handle);
        }
        #[cfg(target_os = "linux")]
        if info.host == pulse::HOST {
            return pulse::start(info, handle);
        }
        let request = Request {
            device: info.asked.clone(),
            sample_rate: info.sample_rate,
            block: info.block,
            latency: Duration::ZERO,
        };
        let choice = choose(&request, None)?;
        if choice.config.sample_rate != info.sample_rate {
            return Err(DeviceError(format!(
                "{} now runs at {} Hz instead of {} Hz",
                choice.name, choice.config.sample_rate, info.sample_rate
            )));
        }
        let lost = handle.lost();
        let ran_dry = Arc::new(AtomicBool::new(false));
        let mut callback = Callback {
            ran_dry: Arc::clone(&ran_dry),
            handle,
            channels: usize::from(choice.config.channels.max(1)),
            rate: f64::from(info.sample_rate),
            frames: vec![[0.0; 2]; BLOCK as usize],
            raised: false,
        };
        let on_error = move |error: cpal::Error| {
            let gone = [ErrorKind::DeviceNotAvailable, ErrorKind::StreamInvalidated, ErrorKind::HostUnavailable];
            if gone.contains(&error.kind()) {
                lost.store(true, Ordering::Release);
            } else if error.kind() == ErrorKind::Xrun {
                ran_dry.store(true, Ordering::Release);
            }
        };
        let on_data = move |data: &mut Data, info: &OutputCallbackInfo| callback.run(data, info);
        let stream = choice
            .device
            .build_output_stream_raw(choice.config, choice.format, on_data, on_error, Some(PATIENCE))
            .map_err(|error| DeviceError(format!("{}: {error}", choice.name)))?;
        stream.play().map_err(|error| DeviceError(format!("{}: {error}", choice.name)))?;
        Ok(Box::new(Stream(Some(stream))))
    }
}
