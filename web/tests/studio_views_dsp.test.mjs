// What the views of the studio compute, against closed forms.

import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./studio_modules.mjs";

const RATE = 44100;
const { Loudness, kWeighting } = await module("views/loudness.ts");
const { Correlation, goniometer } = await module("views/correlation.ts");
const { Beats, peak } = await module("views/beat.ts");
const { Spectra, bands } = await module("views/spectrum.ts");
const { Fft } = await module("views/fft.ts");
const path = await module("views/path.ts");

/** Interleaved stereo, in blocks as they come from the audio thread. */
function* sound(seconds, left, right, rate = RATE) {
    const frames = Math.round(seconds * rate);
    for (let from = 0; from < frames; from += 2048) {
        const block = new Float32Array(2 * Math.min(2048, frames - from));
        for (let i = 0; i < block.length / 2; i++) {
            block[2 * i] = left((from + i) / rate);
            block[2 * i + 1] = right((from + i) / rate);
        }
        yield block;
    }
}
const sine = (hertz, amplitude = 1) => (t) => amplitude * Math.sin(2 * Math.PI * hertz * t);
const silent = () => 0;
const near = (value, wanted, within, what = "") => assert.ok(Math.abs(value - wanted) <= within, `${what} ${value}, expected ${wanted}`);

test("997 Hz at full scale in one ear is -3.01 LUFS", () => {
    for (const rate of [44100, 48000, 96000]) {
        const meter = new Loudness(rate);
        for (const block of sound(3.5, sine(997), silent, rate)) meter.push(block);
        near(meter.momentary, -3.01, 0.02, `${rate} Hz, momentary`);
        near(meter.shortTerm, -3.01, 0.02, `${rate} Hz, short-term`);
    }
});

test("the filters at 48 kHz are those of BS.1770", () => {
    const [shelf, pass] = kWeighting(48000);
    const wanted = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585];
    [...shelf.b, ...shelf.a].forEach((value, index) => near(value, wanted[index], 1e-8));
    [...pass.b, ...pass.a].forEach((value, index) => near(value, [1, -2, 1, -1.99004745483398, 0.99007225036621][index], 1e-8));
});

test("short-term loudness averages three seconds, momentary 400 ms", () => {
    const meter = new Loudness(RATE);
    const early = (t) => (t < 1.5 ? Math.sin(2 * Math.PI * 997 * t) : 0);
    for (const block of sound(3, early, silent)) meter.push(block);
    near(meter.shortTerm, -3.01 - 3.01, 0.03);
    assert.equal(meter.momentary, -120);
});

test("correlation is the cosine of the phase between the ears", () => {
    for (const degrees of [0, 60, 90, 180]) {
        const meter = new Correlation(RATE);
        const turned = (t) => 0.3 * Math.sin(2 * Math.PI * 200 * t + (degrees * Math.PI) / 180);
        for (const block of sound(2, sine(200, 0.1), turned)) meter.push(block);
        near(meter.value, Math.cos((degrees * Math.PI) / 180), 0.01);
    }
    const meter = new Correlation(RATE);
    for (const block of sound(1, sine(200), silent)) meter.push(block);
    assert.equal(meter.value, undefined);
});

test("the goniometer stands upright for mono and leans to the louder ear", () => {
    assert.deepEqual(goniometer(1, 1).map((v) => Number(v.toFixed(9))), [0, Number(Math.SQRT2.toFixed(9))]);
    assert.ok(goniometer(1, 0)[0] < 0);
    assert.deepEqual(goniometer(1, -1).map((v) => Number(v.toFixed(9)))[1], 0);
});

test("two tones in one ear beat by their difference, with a depth of 2ab/(a²+b²)", () => {
    const beats = new Beats(RATE);
    const two = (t) => sine(200, 0.4)(t) + sine(207.3, 0.2)(t);
    for (const block of sound(8, two, sine(203, 0.3))) beats.push(block);
    const found = beats.spectrum();
    const { hz, depth } = peak(found.left, found.step);
    near(hz, 7.3, 0.02);
    near(depth, (2 * 0.4 * 0.2) / (0.4 ** 2 + 0.2 ** 2), 0.01);
    assert.equal(peak(found.right, found.step), undefined);
});

test("one tone in each ear beats between the ears only, at full depth", () => {
    for (const rate of [44100, 48000, 192000]) {
        const beats = new Beats(rate);
        for (const block of sound(7, sine(195, 0.5), sine(205, 0.1), rate)) beats.push(block);
        const found = beats.spectrum();
        const { hz, depth } = peak(found.between, found.step);
        near(hz, 10, 0.02);
        near(depth, 1, 0.01);
        assert.equal(peak(found.left, found.step), undefined);
        assert.equal(peak(found.right, found.step), undefined);
    }
});

test("a carrier near the rate of the envelopes makes no false beat", () => {
    const beats = new Beats(RATE);
    for (const block of sound(7, sine(689.1, 0.5), sine(1378.3, 0.5))) beats.push(block);
    const found = beats.spectrum();
    for (const name of ["left", "right", "between"]) assert.equal(peak(found[name], found.step, 0.4, 0.001), undefined);
});

test("sinusoidal modulation of depth m has the depth 2m/(1 + m²/2)", () => {
    const beats = new Beats(RATE);
    const m = 0.5;
    for (const block of sound(8, (t) => (1 + m * Math.cos(2 * Math.PI * 40 * t)) * sine(500, 0.3)(t), silent)) beats.push(block);
    const found = beats.spectrum();
    const { hz, depth } = peak(found.left, found.step);
    near(hz, 40, 0.02);
    near(depth, (2 * m) / (1 + m * m / 2), 0.02);
});

test("the transform of a cosine has its two lines", () => {
    const fft = new Fft(64);
    const re = Float64Array.from({ length: 64 }, (_, i) => Math.cos((2 * Math.PI * 5 * i) / 64));
    const im = new Float64Array(64);
    fft.forward(re, im);
    re.forEach((value, k) => near(value, k === 5 || k === 59 ? 32 : 0, 1e-9));
    im.forEach((value) => near(value, 0, 1e-9));
});

test("spectra keep the ears apart and state the level of a sine", () => {
    const spectra = new Spectra(RATE);
    const bin = RATE / 8192;
    for (const block of sound(0.4, sine(100 * bin, 0.5), sine(300 * bin, 0.1))) spectra.push(block);
    spectra.transform();
    near(10 * Math.log10(spectra.power[0][100]), 20 * Math.log10(0.5), 0.1);
    near(10 * Math.log10(spectra.power[1][300]), -20, 0.1);
    assert.ok(spectra.power[0][300] < 1e-9 && spectra.power[1][100] < 1e-9);
    const rows = new Float32Array(120);
    bands(spectra.power[0], bin, 40, 16000, 120, rows);
    const loudest = rows.indexOf(Math.max(...rows));
    near(40 * 400 ** ((loudest + 0.5) / 120), 100 * bin, 20);
});

const places = (given, ...times) => times.map((time) => path.canonical(given)(time).map((value) => Number(value.toFixed(4)) + 0));

test("an orbit begins in front and goes to the left", () => {
    const orbit = { geometry: { type: "horizontal_orbit", parameters: { radiusM: 1.5 } }, traversal: { durationS: 8 } };
    assert.deepEqual(places(orbit, 0, 2, 4, 8), [[1.5, 0, 0], [0, 1.5, 0], [-1.5, 0, 0], [1.5, 0, 0]]);
});

test("orbits in space stand, tilt and pass overhead as described", () => {
    const once = (type, parameters = {}) => ({ geometry: { type, parameters }, traversal: { durationS: 4, mode: "one_shot" } });
    assert.deepEqual(places(once("vertical_orbit", { radiusM: 1 }), 1), [[0, 0, 1]]);
    assert.deepEqual(places(once("overhead_sweep", { distanceM: 1 }), 2, 4), [[0, 0, 1], [-1, 0, 0]]);
    assert.deepEqual(places(once("pendulum"), 0), [[0, 0, -0.5]]);
    const [[x, y, z]] = places(once("tilted_orbit", { radiusM: 1, tiltDeg: 90 }), 0);
    assert.deepEqual([x, y, z], [0, 0, -1]);
    assert.deepEqual(places(once("helix"), 0, 4), [[1, 0, -0.5], [1, 0, 0.5]]);
});

test("points, keyframes and formulas make paths", () => {
    const square = { geometry: { type: "polygon", controlPointsM: [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]] }, traversal: { durationS: 4 } };
    assert.deepEqual(places(square, 0.5, 1.5, 3.5), [[0.5, 0, 0], [1, 0.5, 0], [0, 0.5, 0]]);
    const round = { geometry: { type: "mathematical" }, traversal: { durationS: 1 } };
    assert.deepEqual(places(round, 0.25), [[0, 1, 0]]);
    const frames = [{ timeS: 0, azimuthDeg: 0 }, { timeS: 1, azimuthDeg: 90 }, { timeS: 4, positionM: [0, 0, 2] }];
    const keys = (interpolation, arcLength) => ({
        geometry: { type: "keyframes", keyframes: frames, interpolation },
        traversal: { durationS: 4, mode: "one_shot" },
        arcLength,
    });
    assert.deepEqual(places(keys("linear", false), 1, 2.5), [[0, 1, 0], [0, 0.5, 1]]);
    assert.deepEqual(places(keys("cubic", false), 0, 1, 4), [[1, 0, 0], [0, 1, 0], [0, 0, 2]]);
    assert.deepEqual(places(keys("hold", false), 0.9, 3.9), [[1, 0, 0], [0, 1, 0]]);
});

test("traversal loops, returns, eases and jumps", () => {
    assert.equal(path.progress({ durationS: 2, mode: "ping_pong" }, 1.5), 0.5);
    assert.equal(path.progress({ durationS: 2, mode: "one_shot" }, 9), 1);
    assert.equal(path.progress({ durationS: 2, direction: -1 }, 0.5), 0.75);
    near(path.progress({ durationS: 2, easing: "smooth" }, 0.5), 0.5 - 0.5 * Math.cos(Math.PI / 4), 1e-12);
    assert.equal(path.progress({ durationS: 4, mode: "discontinuous", steps: 4 }, 1.5), 1 / 3);
});

test("segments turn, swing and hold their last place", () => {
    const turn = path.segments([{ mode: "rotate", seconds: 2, start_deg: 0, speed_deg_per_s: 45, distance_m: [1, 3] }]);
    turn(2).forEach((value, axis) => near(value, [0, 3, 0][axis], 1e-9));
    assert.deepEqual(turn(5), turn(2));
    const swing = path.segments([{ mode: "oscillate", seconds: 4, center_deg: 0, extent_deg: 90, period_s: 4 }]);
    swing(1).forEach((value, axis) => near(value, [0, 1, 0][axis], 1e-9));
});
