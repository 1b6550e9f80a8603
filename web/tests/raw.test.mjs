import assert from "node:assert/strict";
import test from "node:test";
import { MODULE, render } from "./engine.mjs";

// as an AudioWorklet would: no glue, no TextDecoder, stubs for imports that are never called
function instantiate() {
    const imports = {};
    for (const { module, name } of WebAssembly.Module.imports(MODULE)) {
        (imports[module] ??= {})[name] = () => {
            throw new Error(`${name} was called`);
        };
    }
    return new WebAssembly.Instance(MODULE, imports).exports;
}

function open(raw, text, rate = 0, start = 0) {
    const bytes = Buffer.from(text);
    const at = raw.rb_alloc(bytes.length);
    new Uint8Array(raw.memory.buffer, at, bytes.length).set(bytes);
    const handle = raw.rb_open(at, bytes.length, rate, start, 0);
    raw.rb_free(at, bytes.length);
    return handle;
}

const voice = { synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 4 } };
const track = { global: { sample_rate: 44100 }, progression: [{ duration: 1, voices: [voice] }] };

test("the plain exports play without wasm-bindgen's glue", () => {
    const raw = instantiate();
    const handle = open(raw, JSON.stringify(track));
    assert.notEqual(handle, 0);
    assert.equal(raw.rb_duration(handle), 1);
    while (raw.rb_survey(handle));
    raw.rb_play(handle);
    const expected = render(track, 44100);
    const left = new Float32Array(raw.memory.buffer, raw.rb_left(handle), 1024);
    for (let quantum = 0; quantum < 344; quantum++) {
        assert.equal(raw.rb_fill(handle, 128), 128);
        assert.notEqual(left.buffer.byteLength, 0, "memory grew while playing");
        if (quantum < 6) continue; // the ramp
        for (let i = 0; i < 128; i++) assert.equal(left[i], expected[2 * (128 * quantum + i)]);
    }
    assert.ok(Math.abs(raw.rb_position(handle) - (344 * 128) / 44100) < 1e-9);
    raw.rb_fill(handle, 128);
    assert.equal(raw.rb_finished(handle), 1);
    raw.rb_close(handle);
});

test("a bad track gives no stream and a text that names the place", () => {
    const raw = instantiate();
    const bad = JSON.stringify(track).replace('"beatFreq":4', '"beatFreq":"fast"');
    assert.equal(open(raw, bad), 0);
    const text = new Uint8Array(raw.memory.buffer, raw.rb_error(), raw.rb_error_len());
    assert.match(Buffer.from(text).toString(), /^progression\[0\]\.voices\[0\]\.params\.beatFreq: expected a number/);
});
