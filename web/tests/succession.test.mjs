// The module with everything takes over from the small one while a track plays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { join } from "node:path";
import { Host } from "../dist/host.js";
import { Ring } from "../dist/ring.js";
import { Engine, render } from "./engine.mjs";
import { GOLDEN, ROOT } from "./reference.mjs";

const RATE = 44100;
const SIZES = { target: 0.3 * RATE, deepest: 4 * RATE, margin: 500, capacity: 2 ** 18 };
const module = (name) => new WebAssembly.Module(readFileSync(join(ROOT, `web/engine/${name}_bg.wasm`)));
const voice = { synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 4 } };
const track = { global: { sample_rate: RATE }, progression: [{ duration: 6, voices: [voice] }] };
const CLIP = "sofa/synth_ring187_44k.sofa";
const placed = { ...voice, params: { ...voice.params, spatial: { rendererMode: "hrtf", hrtfAsset: CLIP } } };

let host;
let ring;
let replies;
let status;
beforeEach(async () => {
    const memory = new SharedArrayBuffer(Ring.bytes(SIZES.capacity));
    ring = new Ring(memory);
    replies = [];
    host = new Host((message) => ("status" in message ? (status = message) : replies.push(message)));
    await host.open({ startupFade: 0, ramp: 0.01 }, module("engine"), module("full"));
    await call("load", JSON.stringify(track), true);
    host.connect(undefined, memory, SIZES);
});

/** The answer to a call; its error is thrown. */
async function call(verb, ...given) {
    await host.answer({ id: replies.length + 1, verb, arguments: given });
    const { result, error } = replies.at(-1);
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
}

/** What the worklet plays, left, with a tick of the worker every four quanta. */
function heard(seconds) {
    const samples = new Float32Array(128 * Math.round((seconds * RATE) / 128));
    for (let at = 0; at < samples.length; at += 128) {
        ring.read(samples.subarray(at, at + 128), new Float32Array(128));
        if ((at / 128) % 4 === 3) host.tick();
    }
    return samples;
}

test("the sound goes on through the change without a gap", async () => {
    await call("play");
    const before = heard(1);
    assert.deepEqual(await call("wantedFiles", JSON.stringify({ ...track, progression: [{ duration: 6, voices: [placed] }] })), [CLIP]);
    assert.equal(status.state, "playing");
    assert.ok(Math.abs(status.position - 1) < 0.05, `${status.position}`);
    const after = heard(1);
    const all = new Float32Array([...before, ...after]);
    const expected = render(track, all.length);
    for (let i = 0.02 * RATE; i < all.length; i++) {
        assert.ok(Math.abs(all[i] - expected[2 * Math.round(i)]) < 1e-5, `frame ${i}: ${all[i]}, ${expected[2 * i]}`);
    }
});

test("an edit that needs everything is heard after it", async () => {
    await call("play");
    heard(0.5);
    const edited = JSON.stringify({ ...track, progression: [{ duration: 6, voices: [placed] }] });
    await call("wantedFiles", edited);
    await call("insertFile", CLIP, readFileSync(join(GOLDEN, CLIP)).buffer);
    assert.equal((await call("update", edited)).duration, 6);
    assert.ok(heard(0.5).some((sample) => Math.abs(sample) > 0.01));
});

const step = (name, params = {}, more = {}) => ({ progression: [{ duration: 6, voices: [{ synth_function_name: name, params }] }], ...more });
const soft = { id: "soft", startS: 0, durationS: 9, parameterOverrides: [{ targetId: "voice", parameterPath: "amp", value: 0.5 }] };

test("places, scenes and the stage that is on are refused", () => {
    const engine = new Engine();
    for (const placed of [
        step("spatial_angle_modulation"),
        step("spatial_angle_modulation_transition"),
        step("spatial_angle_modulation_sam2"),
        step("spatial_angle_modulation_sam2_transition"),
        step("bell", { spatial: {} }),
        step("binaural_beat", { spatialEnable: true }),
        step("noise_generator", { spatialEnable: 1 }),
        step("binaural_beat", {}, { sam_scene: { stages: { stages: [soft] } } }),
    ]) {
        const text = JSON.stringify(placed);
        assert.throws(() => engine.wantedFiles(text), { name: "MissingPart" }, text);
        assert.throws(() => engine.load(text), { name: "MissingPart" }, text);
    }
    assert.throws(() => engine.load(JSON.stringify(step("spatial_angle"))), /did you mean "spatial_angle_modulation"/);
});

test("a stage that is off is played without everything", async () => {
    await host.open({ startupFade: 0, ramp: 0.01 }, module("engine"), "no such module");
    const off = { spatialEnable: false, spatialTrajectory: [{ mode: "rotate", seconds: 1 }], spatialRolloff: 2, spatial: null };
    const text = JSON.stringify({ ...step("binaural_beat", { ...voice.params, ...off }), global: track.global });
    assert.deepEqual(await call("wantedFiles", text), []);
    assert.deepEqual((await call("load", text, true)).warnings, []);
    host.connect(undefined, ring.words.buffer, SIZES);
    await call("play");
    const samples = heard(1);
    const expected = render(track, samples.length);
    samples.forEach((sample, i) => i < 0.02 * RATE || assert.ok(Math.abs(sample - expected[2 * i]) < 1e-5, `frame ${i}`));
});

test("a paused track stays paused at its place", async () => {
    await call("play");
    heard(1);
    await call("pause");
    heard(0.5);
    const { position } = status;
    await call("wantedFiles", JSON.stringify({ progression: [], overlay_clips: [{ file_path: "a.wav" }] }));
    heard(0.5);
    host.tick();
    assert.equal(status.state, "paused");
    assert.ok(Math.abs(status.position - position) < 0.03, `${status.position}, ${position}`);
});

test("list, loop and sleep timer are kept", async () => {
    await call("setTurns", 3, undefined, true);
    await call("leaveOut", 1);
    await call("play");
    await call("setLoop", [1, 2]);
    await call("stopAfter", 4, 0.5);
    heard(0.5);
    await call("wantedFiles", "deep: 200+4/20\noff: -\nNOW deep\n+00:10:00 off\n");
    assert.deepEqual(await call("turn", 1, "from"), { entry: 2, index: 2 });
    heard(2);
    assert.ok(status.position >= 1 && status.position < 2, `${status.position}`);
    assert.ok(Math.abs(status.timer - 1.5) < 0.1, `${status.timer}`);
    heard(2);
    assert.equal(status.state, "finished");
});
