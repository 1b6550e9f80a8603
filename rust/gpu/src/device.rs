//! The device: found once, shared by all threads, which wait for their own work only.

use std::fmt;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use realtime_backend_core::lock::lock;
use realtime_backend_core::voice::{Block, ToneAccelerator, ToneBatch};
use wgpu::{
    Adapter, Backends, BindGroup, BindGroupDescriptor, BindGroupEntry, Buffer, BufferDescriptor, BufferUsages,
    CommandEncoderDescriptor, ComputePassDescriptor, ComputePipeline, ComputePipelineDescriptor, Device,
    DeviceDescriptor, DeviceType, Instance, InstanceDescriptor, MapMode, PollType, PowerPreference, Queue,
    RequestAdapterOptions,
};

use crate::NoGpu;
use crate::pages::Pages;

/// Invocations of a workgroup, as in `tones.wgsl`.
const GROUP: usize = 256;
/// Most workgroups that every device takes.
const GROUPS: usize = 65_535;
/// Buffers are at least so large: every element of the shader's arrays fits into it.
const SMALLEST: u64 = 256;
/// Longer than any stretch takes; a device that needs more hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A graphics processor that computes batches.
///
/// The first fault (a lost device, no memory) ends its work: from then on everything is computed on the processor, and
/// [`Gpu::fault`] says why.
pub struct Gpu {
    device: Device,
    queue: Queue,
    pipeline: ComputePipeline,
    name: String,
    /// Largest buffer that can be bound, in bytes.
    largest: u64,
    /// Buffers that no thread uses at the moment.
    desks: Mutex<Vec<Desk>>,
    fault: Arc<Mutex<Option<String>>>,
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gpu").field("name", &self.name).field("fault", &self.fault()).finish_non_exhaustive()
    }
}

impl Gpu {
    /// The fastest graphics processor of this machine, or the one that the environment variable `WGPU_ADAPTER_NAME`
    /// names (see [`Gpu::named`]). Drivers that compute on the processor have to be named: the engine does that better.
    pub fn open() -> Result<Self, NoGpu> {
        match std::env::var("WGPU_ADAPTER_NAME") {
            Ok(name) => Self::named(&name),
            Err(_) => pollster::block_on(Self::on(&hardware(&instance()).map_err(NoGpu)?)),
        }
    }

    /// The first one whose name contains `part`, in upper or lower case.
    pub fn named(part: &str) -> Result<Self, NoGpu> {
        let all = pollster::block_on(instance().enumerate_adapters(Backends::all()));
        let named = |adapter: &&Adapter| adapter.get_info().name.to_lowercase().contains(&part.to_lowercase());
        let Some(adapter) = all.iter().find(named) else {
            let names: Vec<String> = all.iter().map(|adapter| adapter.get_info().name).collect();
            return Err(NoGpu(format!("none is called {part:?}; there are {names:?}")));
        };
        pollster::block_on(Self::on(adapter))
    }

    async fn on(adapter: &Adapter) -> Result<Self, NoGpu> {
        // buffers as large as the device allows: the segments of a long stretch of many voices
        let limits = adapter.limits();
        let description = DeviceDescriptor { required_limits: limits.clone(), ..DeviceDescriptor::default() };
        let (device, queue) = adapter.request_device(&description).await.map_err(|error| NoGpu(error.to_string()))?;
        let fault = Arc::new(Mutex::new(None));
        let (errors, losses) = (Arc::clone(&fault), Arc::clone(&fault));
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| note(&errors, error.to_string())));
        device.set_device_lost_callback(move |_, message| note(&losses, message));
        let module = device.create_shader_module(wgpu::include_wgsl!("tones.wgsl"));
        let pipeline = device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: Some("tones"),
            layout: None,
            module: &module,
            entry_point: Some("perform"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        let largest = u64::from(u32::MAX).min(limits.max_storage_buffer_binding_size).min(limits.max_buffer_size);
        let name = adapter.get_info().name;
        let gpu = Self { device, queue, pipeline, name, largest, desks: Mutex::default(), fault };
        match gpu.fault() {
            Some(fault) => Err(NoGpu(fault)),
            None => Ok(gpu),
        }
    }

    /// What the driver calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What ended its work, if something did: its name and the reason.
    pub fn fault(&self) -> Option<String> {
        lock(&self.fault).as_ref().map(|reason| format!("{} failed: {reason}", self.name))
    }

    fn play(&self, batch: &ToneBatch, out: Block<'_>) -> Option<()> {
        let pages = Pages::of(batch)?;
        let bytes = pages.bytes();
        let result = 8 * batch.frames as u64;
        let groups = batch.frames.div_ceil(GROUP);
        if groups > GROUPS || bytes.iter().any(|bytes| bytes.len() as u64 > self.largest) || result > self.largest {
            return None;
        }
        let desk = lock(&self.desks).pop().filter(|desk| desk.fits(bytes, result));
        let desk = desk.unwrap_or_else(|| Desk::new(&self.device, &self.pipeline, bytes, result));
        for (buffer, bytes) in desk.input.iter().zip(bytes) {
            self.queue.write_buffer(buffer, 0, bytes);
        }
        let mut encoder = self.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &desk.bindings, &[]);
            pass.dispatch_workgroups(groups as u32, 1, 1);
        }
        encoder.copy_buffer_to_buffer(&desk.sum, 0, &desk.read, 0, result);
        let submission = self.queue.submit([encoder.finish()]);
        let (told, mapped) = mpsc::channel();
        desk.read.map_async(MapMode::Read, ..result, move |outcome| {
            // nobody listens any more if waiting failed
            let _ = told.send(outcome);
        });
        let waiting = PollType::Wait { submission_index: Some(submission), timeout: Some(PATIENCE) };
        if let Err(error) = self.device.poll(waiting) {
            note(&self.fault, error.to_string());
            return None;
        }
        if !mapped.recv_timeout(PATIENCE).is_ok_and(|outcome| outcome.is_ok()) || self.fault().is_some() {
            note(&self.fault, "its memory could not be read".to_owned());
            return None;
        }
        {
            let view = desk.read.get_mapped_range(..result).ok()?;
            let samples: &[f32] = bytemuck::try_cast_slice(&view).ok()?;
            let (left, right) = samples.split_at(batch.frames);
            out.left.copy_from_slice(left);
            out.right.copy_from_slice(right);
        }
        desk.read.unmap();
        lock(&self.desks).push(desk);
        Some(())
    }
}

impl ToneAccelerator for Gpu {
    fn sum(&self, batch: &ToneBatch, out: Block<'_>) -> bool {
        self.fault().is_none() && self.play(batch, out).is_some()
    }
}

fn instance() -> Instance {
    Instance::new(InstanceDescriptor::new_without_display_handle_from_env())
}

/// The adapter that is asked for where nobody says which.
fn hardware(instance: &Instance) -> Result<Adapter, String> {
    let fastest = RequestAdapterOptions {
        power_preference: PowerPreference::HighPerformance,
        ..RequestAdapterOptions::default()
    };
    let adapter = pollster::block_on(instance.request_adapter(&fastest)).map_err(|error| error.to_string())?;
    let info = adapter.get_info();
    if info.device_type == DeviceType::Cpu {
        return Err(format!("{} computes on the processor", info.name));
    }
    Ok(adapter)
}

/// Keep the first fault.
fn note(fault: &Mutex<Option<String>>, message: String) {
    lock(fault).get_or_insert(message);
}

/// The buffers of one batch at a time.
struct Desk {
    input: [Buffer; 3],
    sum: Buffer,
    read: Buffer,
    bindings: BindGroup,
}

impl Desk {
    fn new(device: &Device, pipeline: &ComputePipeline, bytes: [&[u8]; 3], result: u64) -> Self {
        let buffer = |size: u64, usage: BufferUsages| {
            device.create_buffer(&BufferDescriptor {
                label: None,
                size: size.max(SMALLEST),
                usage,
                mapped_at_creation: false,
            })
        };
        let written = BufferUsages::COPY_DST;
        let [size, parts, segments] = bytes.map(|bytes| bytes.len() as u64);
        let input = [
            buffer(size, BufferUsages::UNIFORM | written),
            buffer(parts, BufferUsages::STORAGE | written),
            buffer(segments, BufferUsages::STORAGE | written),
        ];
        let sum = buffer(result, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
        let read = buffer(result, BufferUsages::MAP_READ | BufferUsages::COPY_DST);
        let entries: Vec<_> = (0..)
            .zip(input.iter().chain([&sum]))
            .map(|(binding, buffer)| BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        let layout = pipeline.get_bind_group_layout(0);
        let bindings =
            device.create_bind_group(&BindGroupDescriptor { label: None, layout: &layout, entries: &entries });
        Self { input, sum, read, bindings }
    }

    fn fits(&self, bytes: [&[u8]; 3], result: u64) -> bool {
        self.input.iter().zip(bytes).all(|(buffer, bytes)| buffer.size() >= bytes.len() as u64)
            && self.sum.size() >= result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn a_lost_device_is_told_and_leaves_the_work_to_the_processor() {
        let gpu = Gpu::open().or_else(|_| Gpu::named("llvmpipe")).unwrap();
        let (mut left, mut right) = (vec![1.0; 1000], vec![1.0; 1000]);
        assert!(gpu.sum(&ToneBatch::new(1000), Block::new(&mut left, &mut right)));
        assert!(left.iter().chain(&right).all(|v| *v == 0.0));
        gpu.device.destroy();
        assert!(!gpu.sum(&ToneBatch::new(1000), Block::new(&mut left, &mut right)));
        assert!(gpu.fault().unwrap().starts_with(gpu.name()));
        assert!(!gpu.sum(&ToneBatch::new(1000), Block::new(&mut left, &mut right)));
    }
}
