// How much sound the worker keeps ready, by the clock of a worklet that the test plays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { join } from "node:path";
import { Host } from "../dist/host.js";
import { Ring } from "../dist/ring.js";
import { ROOT } from "./reference.mjs";

const RATE = 44100;
const SIZES = { target: 0.3 * RATE, deepest: 4 * RATE, margin: 500, capacity: 2 ** 18 };
const module = new WebAssembly.Module(readFileSync(join(ROOT, "web/engine/engine_bg.wasm")));
const track = { progression: [{ duration: 600, voices: [{ synth_function_name: "binaural_beat", params: {} }] }] };

let host;
let ring;
let status;
beforeEach(async () => {
    const memory = new SharedArrayBuffer(Ring.bytes(SIZES.capacity));
    ring = new Ring(memory);
    host = new Host((message) => "status" in message && (status = message));
    await host.open({}, module);
    host.load(JSON.stringify(track), false);
    host.connect(undefined, memory, SIZES);
    host.play();
});

/** Seconds of sound that are ready. */
const ready = () => {
    const [read, written] = ring.words;
    return ((written - read) | 0) / RATE;
};

/** Play `seconds`, with a tick of the worker every `every` quanta. */
function play(seconds, every = 4) {
    const block = new Float32Array(128);
    for (let quantum = 1; quantum <= (seconds * RATE) / 128; quantum++) {
        ring.read(block, block.slice());
        if (quantum % every === 0) host.tick();
    }
}

test("what is kept ready stays while the worker keeps up", () => {
    play(5);
    assert.ok(ready() > 0.25 && ready() < 0.35, `${ready()} s`);
    assert.equal(status.stats.underrunEvents, 0);
});

test("a worker that falls behind keeps more sound ready", () => {
    play(1);
    play(0.28, Infinity);
    play(1);
    assert.ok(ready() > 0.55 && ready() < 0.65, `${ready()} s`);
    for (let i = 0; i < 8; i++) {
        play(ready() - 0.01, Infinity);
        play(2);
    }
    assert.ok(ready() > 3.9 && ready() < 4.1, `${ready()} s`);
    assert.equal(status.stats.underrunEvents, 0);
});

test("commands overtake a deep buffer", () => {
    for (let i = 0; i < 8; i++) {
        play(2);
        play(ready() - 0.01, Infinity);
    }
    play(2);
    assert.ok(ready() > 2, `${ready()} s`);
    host.pause();
    assert.ok(ready() < 0.05, `${ready()} s`);
});

test("sound that breaks off between two blocks does not click", () => {
    const own = new Ring(new ArrayBuffer(Ring.bytes(1024)));
    own.write(0, new Float32Array(256).fill(0.5), new Float32Array(256).fill(-0.25), 256);
    own.open(true);
    const heard = [[], []];
    for (let block = 0; block < 4; block++) {
        const [left, right] = [new Float32Array(128), new Float32Array(128)];
        own.read(left, right);
        heard[0].push(...left);
        heard[1].push(...right);
    }
    const step = (ear) => Math.max(...ear.slice(1).map((value, i) => Math.abs(value - ear[i])));
    assert.ok(step(heard[0]) < 0.5 / 120 && step(heard[1]) < 0.25 / 120, `${heard.map(step)}`);
    assert.deepEqual([heard[0][255], heard[0][383], heard[0][511]], [0.5, 0, 0]);
    assert.deepEqual([own.words[3], own.words[4]], [1, 256]);
});

test("what was heard before a rest is not heard after it", () => {
    const own = new Ring(new ArrayBuffer(Ring.bytes(1024)));
    const read = () => {
        const [left, right] = [new Float32Array(128), new Float32Array(128)];
        own.read(left, right);
        return [...left, ...right];
    };
    own.write(0, new Float32Array(128).fill(0.5), new Float32Array(128).fill(0.5), 128);
    own.open(false);
    assert.ok(read().every((sample) => sample === 0.5));
    assert.ok(read().every((sample) => sample === 0));
    own.open(true);
    assert.ok(read().every((sample) => sample === 0));
});
