//! The device. All threads share it, and each waits only for its own work.

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

/// Invocations per workgroup, as in `tones.wgsl`.
const GROUP: usize = 256;
/// Number of workgroups that every device supports.
const GROUPS: usize = 65_535;
/// Least size of a buffer in bytes. Every element of the shader's arrays fits into it.
const SMALLEST: u64 = 256;
/// Longest time that a batch may take. A device that needs more has hung.
const PATIENCE: Duration = Duration::from_secs(20);

/// A graphics processor that computes tone batches.
///
/// The first fault, such as a lost device or too little memory, ends its work. From then on the CPU computes
/// everything, and [`Gpu::fault`] has the reason.
pub struct Gpu {
    device: Device,
    queue: Queue,
    pipeline: ComputePipeline,
    name: String,
    /// Size of the largest buffer that can be bound, in bytes.
    largest: u64,
    /// Buffers that no thread uses now.
    desks: Mutex<Vec<Desk>>,
    fault: Arc<Mutex<Option<String>>>,
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gpu").field("name", &self.name).field("fault", &self.fault()).finish_non_exhaustive()
    }
}

impl Gpu {
    /// Open the fastest graphics processor of this machine, or the one that the environment variable
    /// `WGPU_ADAPTER_NAME` names (see [`Gpu::named`]). A software driver is used only if it is named, because the
    /// engine itself is faster.
    ///
    /// # Errors
    /// If there is none, or it cannot be used.
    pub fn open() -> Result<Self, NoGpu> {
        match std::env::var("WGPU_ADAPTER_NAME") {
            Ok(name) => Self::named(&name),
            Err(_) => pollster::block_on(Self::on(&hardware(&instance()).map_err(NoGpu)?)),
        }
    }

    /// Open the first graphics processor or software driver whose name contains `part`, in any case.
    ///
    /// # Errors
    /// If there is none, or it cannot be used.
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
        // allow the largest buffers of the device: a long batch of many voices has many segments
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
            entry_point: Some("sum_tones"),
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

    /// Name of the graphics processor, as the driver reports it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The fault that ended its work, if there was one: a message with its name and the reason.
    pub fn fault(&self) -> Option<String> {
        lock(&self.fault).as_ref().map(|reason| format!("{} failed: {reason}", self.name))
    }

    /// Compute a batch. `None` if it does not fit into the device, or there is a fault.
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
            // the receiver is gone if waiting failed
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

/// The default adapter. A software driver is an error.
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

/// Record a fault, unless there was one before.
fn note(fault: &Mutex<Option<String>>, message: String) {
    lock(fault).get_or_insert(message);
}

/// Buffers for one batch at a time.
struct Desk {
    /// Size, parts and segments of the batch.
    input: [Buffer; 3],
    /// Result on the device: all samples of the left channel, then those of the right one.
    sum: Buffer,
    /// Copy of the result that the CPU can read.
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
    fn a_lost_device_is_reported_and_refuses_further_batches() {
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
