// Computes the sum of the tones of a batch, one invocation per frame. Phases are integers, as on the CPU. Gains and
// sines are the same polynomials in single precision.

struct Phase {
    start: vec2<u32>,      // low and high half; 2^64 is one cycle
    increment: vec2<u32>,
    bend: vec4<f32>,       // 2^32 is one cycle
}

struct Segment {
    phase: Phase,
    gate: Phase,
    curve: vec4<f32>,
    level: f32,
    slope: f32,
    end: i32,              // end of the pulse, 2^31 is one cycle; negative: no gate
    steepness: f32,
}

struct Part {
    first: u32,            // index of the first pair of tone segments
    shift: u32,            // log2 of the length of a cell in frames
    offset: u32,           // frame of the first cell at which the batch begins
    unused: u32,
}

struct Size {
    frames: u32,
    parts: u32,
}

@group(0) @binding(0) var<uniform> size: Size;
@group(0) @binding(1) var<storage, read> parts: array<Part>;
@group(0) @binding(2) var<storage, read> segments: array<Segment>;
@group(0) @binding(3) var<storage, read_write> sum: array<f32>;

// High half of `start + increment * frame`, for frames below 2^15.
fn turned(phase: Phase, frame: u32) -> u32 {
    let low = (phase.increment.x & 0xffffu) * frame;
    let middle = (phase.increment.x >> 16u) * frame + (low >> 16u);
    let product = (middle << 16u) | (low & 0xffffu);
    let carry = select(0u, 1u, phase.start.x + product < product);
    return phase.start.y + phase.increment.y * frame + (middle >> 16u) + carry;
}

fn cubic(c: vec4<f32>, at: f32) -> f32 {
    return c.x + at * (c.y + at * (c.z + at * c.w));
}

// Phase at frame `x` of a cell. It is exact every 64 frames; between them the increment is rounded.
fn phase_at(phase: Phase, x: u32, rest: f32) -> u32 {
    let step = phase.increment.y + (phase.increment.x >> 31u);
    let at = f32(x);
    let bend = bitcast<u32>(i32(at * rest * cubic(phase.bend, at)));
    return turned(phase, x & ~63u) + step * (x & 63u) + bend;
}

fn sine(phase: u32) -> f32 {
    let turn = bitcast<i32>(phase);
    let beyond_quarter = (turn ^ (turn << 1u)) >> 31u;
    let x = f32(turn ^ (beyond_quarter & 0x7fffffff)) * (1.0 / 4294967296.0);
    let z = x * x;
    return x * (6.2831852 + z * (-41.341655 + z * (81.601004 + z * (-76.549782 + z * 39.536707))));
}

fn pulse(segment: Segment, x: u32, rest: f32) -> f32 {
    if segment.end < 0 {
        return 1.0;
    }
    let position = bitcast<i32>(phase_at(segment.gate, x, rest) >> 1u);
    if segment.steepness <= 0.0 {
        return select(0.0, 1.0, position < segment.end);
    }
    return clamp(min(f32(position), f32(segment.end - position)) * segment.steepness, 0.0, 1.0);
}

fn tone(index: u32, x: u32, len: u32) -> f32 {
    let segment = segments[index];
    let at = f32(x);
    let rest = f32(len - x);
    let gain = segment.level + at * segment.slope + at * rest * cubic(segment.curve, at);
    return sine(phase_at(segment.phase, x, rest)) * gain * pulse(segment, x, rest);
}

@compute @workgroup_size(256)
fn sum_tones(@builtin(global_invocation_id) id: vec3<u32>) {
    let frame = id.x;
    if frame >= size.frames {
        return;
    }
    var both = vec2<f32>(0.0, 0.0);
    for (var i = 0u; i < size.parts; i++) {
        let part = parts[i];
        let at = frame + part.offset;
        let len = 1u << part.shift;
        let pair = 2u * (part.first + (at >> part.shift));
        let x = at & (len - 1u);
        both += vec2<f32>(tone(pair, x, len), tone(pair + 1u, x, len));
    }
    sum[frame] = both.x;
    sum[size.frames + frame] = both.y;
}
