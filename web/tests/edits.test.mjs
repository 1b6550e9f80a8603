// How soon an edit is heard, in frames: a worker, and an audio thread that takes frames when the test says so, on a clock
// that the test moves.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Engine } from "./engine.mjs";
import { Host } from "../dist/host.js";
import { MessageLine } from "../dist/line.js";
import { Ring } from "../dist/ring.js";

const RATE = 44100;
/** Frames that the audio thread takes at once. */
const BLOCK = 512;
const SIZES = { target: 2 * RATE, deepest: 4 * RATE, margin: BLOCK + 265, capacity: 2 ** 18 };
/** 50 ms, less what the audio thread may have taken just before. */
const SOON = 0.05 * RATE - BLOCK;
/** Steps of the louder track from frame to frame, and of its fade-in. */
const SMOOTH = 0.02;
/** Words of the ring's header. */
const [UNDERRUNS, LATE] = [3, 7];
const { now } = performance;
const { compile, fill } = Engine.prototype;

const track = (amp) => {
    const voice = { synth_function_name: "binaural_beat", voice_id: "tone", params: { baseFreq: 200, beatFreq: 4, ampL: amp, ampR: amp } };
    return JSON.stringify({ global: { sample_rate: RATE, compat: "intended" }, progression: [{ duration: 600, voices: [voice] }] });
};

let clock;
let host;
let ring;
let calls;
/** What the left ear heard. */
let heard;

const call = (verb, ...given) => host.answer({ id: ++calls, verb, arguments: given });
/** The audio thread takes a block. */
function block() {
    const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    for (let at = 0; at < BLOCK; at += 128) ring.read(left.subarray(at, at + 128), right.subarray(at, at + 128));
    heard.push(...left);
    clock += (1000 * BLOCK) / RATE;
}
/** Blocks are taken for so long. */
function pass(milliseconds) {
    for (const end = clock + milliseconds; clock < end; ) block();
}
function listen(seconds) {
    for (const end = clock + 1000 * seconds; clock < end; ) {
        block();
        host.tick();
    }
}
/** Let the next `verb` of the engine take as long as that. */
function slowly(verb, milliseconds) {
    const quick = Engine.prototype[verb];
    Engine.prototype[verb] = function (...given) {
        Engine.prototype[verb] = quick;
        pass(milliseconds);
        return quick.apply(this, given);
    };
}

/** Frames from an edit, which makes the track louder, to its first effect; clicks are none. */
async function edit(amp) {
    const before = heard.slice(-RATE / 10).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    heard = [];
    await call("update", track(amp), false);
    listen(0.3);
    const steps = heard.slice(1).map((sample, i) => Math.abs(sample - heard[i]));
    const steepest = Math.max(...steps);
    assert.ok(steepest < SMOOTH, `a click of ${steepest}`);
    const changed = heard.findIndex((sample) => Math.abs(sample) > 1.001 * before);
    assert.ok(changed > 0, "a change");
    return changed;
}
const late = () => ring.words[LATE];

beforeEach(async () => {
    clock = 0;
    calls = 0;
    heard = [];
    performance.now = () => clock;
    host = new Host((message) => "id" in message && assert.equal(message.error, undefined));
    const memory = new SharedArrayBuffer(Ring.bytes(SIZES.capacity));
    ring = new Ring(memory);
    await call("open", { startupFade: 0 });
    await call("load", track(0.1), false);
    await call("connect", undefined, memory, SIZES);
    await call("play");
    listen(1);
});
afterEach(() => {
    performance.now = now;
    Object.assign(Engine.prototype, { compile, fill });
});

test("an edit is heard within 50 ms, in any depth of buffer", async () => {
    for (const amp of [0.15, 0.2, 0.25]) assert.ok((await edit(amp)) < SOON);
    assert.equal(late(), 0);
});

test("the same while it takes 10 ms to compile each", async () => {
    for (const amp of [0.15, 0.2, 0.25]) {
        slowly("compile", 10);
        const frames = await edit(amp);
        assert.ok(frames < SOON, `${frames}`);
    }
    assert.equal(late(), 0);
});

test("sound that comes late is faded in, and expected next time", async () => {
    slowly("fill", 15);
    await edit(0.2);
    assert.equal(late(), 1);
    slowly("fill", 15);
    await edit(0.3);
    assert.equal(late(), 1);
});

test("sound that comes after a whole block has passed is faded in", async () => {
    slowly("fill", 90);
    await edit(0.3);
    assert.equal(late(), 1);
    assert.equal(ring.words[UNDERRUNS], 0);
});

test("an edit that wants a file waits for it", async () => {
    const wanted = JSON.parse(track(0.3));
    wanted.overlay_clips = [{ file_path: "bell.wav", start: 1 }];
    assert.equal(host.update(JSON.stringify(wanted), false), undefined);
    assert.equal(host.update(track(0.3), false).duration, 600);
});

test("an output that takes nothing for long is waited for", () => {
    const line = new MessageLine({ postMessage: () => undefined }, RATE, 1024);
    line.open(true);
    for (let at = 0; at < 10 * RATE; at += 1024) line.write(at, new Float32Array(1024), new Float32Array(1024), 1024);
    clock += 500;
    assert.equal(line.heard(), RATE / 2);
    clock += 60_000;
    assert.equal(line.heard(), RATE);
});

test("where memory is not shared, the audio thread fades in late sound", async () => {
    let Output;
    globalThis.AudioWorkletProcessor = class {
        port = {};
    };
    globalThis.registerProcessor = (_, processor) => (Output = processor);
    await import("../dist/worklet.js");
    const output = new Output({ processorOptions: { capacity: 4096 } });
    const reports = [];
    const worker = { postMessage: (report) => reports.push(report) };
    output.port.onmessage({ data: worker });
    const chunk = (at, value) => {
        const [left, right] = [new Float32Array(1024).fill(value), new Float32Array(1024).fill(value)];
        worker.onmessage({ data: { at, count: 1024, open: 1, left, right } });
    };
    const played = [];
    const play = (quanta) => {
        for (let i = 0; i < quanta; i++) {
            const [left, right] = [new Float32Array(128), new Float32Array(128)];
            output.process([], [[left, right]]);
            played.push(...left);
        }
    };
    for (const at of [0, 1024, 2048]) chunk(at, 0.1);
    play(12);
    chunk(1280, 0.5);
    chunk(2304, 0.5);
    play(12);
    const steps = played.slice(1).map((sample, i) => Math.abs(sample - played[i]));
    assert.ok(Math.max(...steps) < 0.4 / 200, `${Math.max(...steps)}`);
    assert.ok(played.at(-1) === 0.5 || Math.abs(played.at(-1) - 0.5) < 1e-6);
    assert.equal(reports.at(-1).words[LATE], 1);
});
