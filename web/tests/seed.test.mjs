import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { render, seed } from "./engine.mjs";

const RATE = 44100;
const voice = (base) => ({ synth_function_name: "binaural_beat", params: { baseFreq: base, beatFreq: 4 } });
const track = (base = 200) => ({
    global: { sample_rate: RATE, crossfade_duration: 0 },
    progression: [
        { duration: 2, voices: [voice(base)] },
        { duration: 2, voices: [voice(1.5 * base)] },
    ],
});
const start = (given = track(), ...rest) => seed.start_stream(JSON.stringify(given), ...rest);
const pull = (frames) => seed.process_block(frames);
const loudest = (samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

afterEach(() => {
    seed.stop_stream();
    pull(4096);
});

test("without a stream commands do nothing and blocks are silent", () => {
    seed.pause_stream();
    seed.resume_stream();
    seed.start_from(3);
    seed.enable_gpu(true);
    seed.update_track("{}");
    assert.equal(seed.elapsed_samples(), 0n);
    assert.equal(seed.current_step(), undefined);
    assert.equal(loudest(pull(64)), 0);
});

test("a block has the frames that were asked for and is written into the caller's array", () => {
    start(track(), RATE, 1);
    const own = new Float32Array(2 * 500);
    assert.equal(seed.process_block(500, own), own);
    assert.ok(loudest(own) > 0);
    assert.equal(pull(500).length, 1000);
    assert.equal(seed.elapsed_samples(), BigInt(RATE + 1000));
    assert.throws(() => seed.process_block(501, own), /out: expected room for 501 frames/);
});

test("position, step, duration and the end are told", () => {
    start(track(), undefined, 1.9);
    assert.equal(seed.current_step(), 0);
    pull(RATE / 5);
    assert.equal(seed.current_step(), 1);
    assert.equal(seed.duration(), 4);
    seed.seek(3.99);
    pull(RATE / 10);
    assert.equal(seed.position(), 4);
    assert.ok(seed.finished());
    assert.equal(loudest(pull(512)), 0);
});

test("pause freezes, resume goes on, start_from seeks also while paused", () => {
    start(track(), undefined, 1);
    pull(4096);
    seed.pause_stream();
    pull(4096);
    const held = seed.elapsed_samples();
    assert.equal(loudest(pull(4096)), 0);
    assert.equal(seed.elapsed_samples(), held);
    seed.start_from(3);
    assert.equal(seed.position(), 3);
    seed.resume_stream();
    assert.ok(loudest(pull(4096)) > 0.1);
});

test("an edit is heard, a bad one is refused with its place and the old track plays on", () => {
    start(track(), undefined, 1);
    pull(8192);
    const crossings = (samples) => {
        let count = 0;
        for (let i = 2; i < samples.length; i += 2) if (samples[i - 2] < 0 && samples[i] >= 0) count++;
        return count;
    };
    seed.update_track(JSON.stringify(track(400)));
    pull(4096);
    assert.equal(crossings(pull(4410)), Math.round(39.8));
    const bad = track();
    bad.progression[1].duration = "long";
    assert.throws(
        () => seed.update_track(JSON.stringify(bad)),
        (error) => error.name === "TrackError" && error.problems[0].path === "progression[1].duration",
    );
    assert.ok(loudest(pull(4096)) > 0.1);
    // one bad voice is left out, as in the other players
    bad.progression[1].duration = 1;
    bad.progression[1].voices[0].params.beatFreq = "fast";
    seed.update_track(JSON.stringify(bad));
});

test("gain ramps and refuses what is no number", () => {
    start(track(), undefined, 1);
    pull(4096);
    seed.set_master_gain(0.5);
    pull(8192);
    assert.equal(seed.gain(), 0.5);
    const half = loudest(pull(8192));
    seed.set_master_gain(9);
    assert.equal(seed.gain(), 1);
    pull(8192);
    assert.ok(Math.abs(loudest(pull(8192)) / half - 2) < 0.01);
    assert.throws(() => seed.set_master_gain(NaN), /volume/);
});

test("pushed samples of a clip without a file are heard at their place", () => {
    // from a second on: a stream from the very start rises from silence
    const mute = track();
    for (const step of mute.progression) step.voices = [];
    start({ ...mute, overlay_clips: [{ start: 0, amp: 1 }] }, undefined, 1);
    seed.push_clip_samples(0, new Float32Array(4 * RATE).fill(0.25), true);
    const heard = pull(4096);
    assert.ok(Math.abs(heard[2 * 4000] - 0.25) < 1e-6);
    assert.throws(() => seed.push_clip_samples(7, new Float32Array(2), false), /clip 7 is not a streamed clip/);
});

test("warnings name what is odd", () => {
    const odd = track();
    odd.progression[0].voices[0].params.baseFrq = 3;
    start(odd);
    assert.match(seed.warnings()[0].message, /baseFreq/);
    assert.equal(seed.warnings()[0].severity, "warning");
});

test("a stream renders what the class renders", () => {
    start();
    while (seed.position() < 1) pull(4096);
    // from a second on the levels are final; the rise is over after three
    seed.start_from(3);
    pull(4096);
    const heard = pull(4096);
    const expected = render(track(), 4 * RATE).slice(2 * (3 * RATE + 4096));
    for (let i = 0; i < heard.length; i++) assert.ok(Math.abs(heard[i] - expected[i]) < 1e-6);
});
