// The timeline's arithmetic, against the rules of docs/spec/assembly.md and voice-pipeline.md.

import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./studio_modules.mjs";

const place = await module("timeline/placement.ts");
const curves = await module("timeline/curves.ts");
const edits = await module("timeline/voice_edits.ts");
const view = await module("timeline/viewport.ts");
const numbers = await module("inspector/number.ts");
const { families, differs, parameterOf } = await module("inspector/table.ts");

const track = (durations, fade = 5) => ({
    global: { crossfade_duration: fade },
    progression: durations.map((duration) => ({ duration, voices: [] })),
});
const starts = (given) => place.places(given).map(({ start }) => Number(start.toFixed(6)));
const lengths = (given) => given.progression.map(({ duration }) => duration);

test("steps begin where the one before ends, less the crossfade", () => {
    assert.deepEqual(starts(track([50, 50, 45])), [0, 45, 90]);
    assert.deepEqual(starts(track([3, 50], 5)), [0, 0]);
    const stated = track([10, 10, 10]);
    stated.progression[1].start = 30;
    assert.deepEqual(starts(stated), [0, 30, 40]);
});

test("a longer step moves what follows and keeps the crossfades", () => {
    const edited = track([50, 50, 45]);
    place.resize(edited, 0, 60);
    assert.deepEqual(starts(edited), [0, 55, 100]);
    assert.ok(edited.progression.every((step) => step.start === undefined));
    place.resize(edited, 1, 1);
    assert.equal(edited.progression[1].duration, 5, "not into its own crossfades");
});

test("an overlap of its own is stated, that of the track is not", () => {
    const edited = track([50, 50, 45]);
    place.overlap(edited, 1, 20);
    assert.deepEqual(starts(edited), [0, 45, 75]);
    assert.equal(edited.progression[1].crossfade_duration, 20);
    assert.equal(place.fadeOf(edited, 1), 20);
    place.overlap(edited, 1, 5);
    assert.deepEqual(starts(edited), [0, 45, 90]);
    assert.deepEqual(edited, track([50, 50, 45]));
    place.overlap(edited, 0, 99);
    assert.deepEqual(place.laps(edited), [50, 5], "at most the shorter step");
});

test("steps change places with their crossfades", () => {
    const edited = track([50, 40, 30]);
    place.overlap(edited, 0, 10);
    place.reorder(edited, 0, 1);
    assert.deepEqual(lengths(edited), [40, 50, 30]);
    assert.deepEqual(place.laps(edited), [5, 10]);
    place.reorder(edited, 1, 0);
    assert.deepEqual(lengths(edited), [50, 40, 30]);
    assert.deepEqual(place.laps(edited), [10, 5]);
});

test("steps are removed, put in and doubled", () => {
    const edited = track([50, 40, 30]);
    place.remove(edited, 1);
    assert.deepEqual(starts(edited), [0, 45]);
    place.insert(edited, 0, { duration: 20, voices: [] });
    assert.deepEqual(lengths(edited), [50, 20, 30]);
    place.duplicate(edited, 1);
    assert.deepEqual(starts(edited), [0, 45, 60, 75]);
    assert.notEqual(edited.progression[1], edited.progression[2]);
});

test("gaps between steps stay", () => {
    const edited = track([10, 10, 10], 0);
    edited.progression[1].start = 15;
    place.resize(edited, 0, 12);
    assert.deepEqual(starts(edited), [0, 17, 27]);
});

test("ramps bend as the format says", () => {
    assert.equal(curves.bend("logarithmic", 0.5), 0.75);
    assert.equal(curves.bend("exponential", 0.5), 0.25);
    assert.equal(curves.bend("alpha ** 3", 0.5), 0.125);
    assert.ok(Math.abs(curves.bend("0.5 - 0.5 * cos(pi * alpha)", 0.5) - 0.5) < 1e-12);
    assert.equal(curves.bend("-alpha**2 + 2*alpha", 0.5), 0.75);
    assert.equal(curves.bend("no formula (", 0.3), 0.3);
});

const voice = (params, more = {}) => ({ synth_function_name: "binaural_beat", params, ...more });
const step = (...voices) => ({ duration: 60, voices });

test("beat, carrier and level are those that the parameters state", () => {
    const moving = voice({ startBeatFreq: 10, endBeatFreq: 4, transition_duration: 20, initial_offset: 10 }, { is_transition: true });
    assert.deepEqual(curves.curveOf(step(moving), moving, "beat"), [[0, 10], [10, 10], [30, 4], [60, 4]]);
    assert.deepEqual(curves.curveOf(step(moving), moving, "carrier"), [[0, 200], [60, 200]]);
    const faded = voice({ ampL: 0.2, ampR: 0.1 }, { volume_envelope: { type: "linear_fade", params: { fade_duration: 6, start_amp: 0, end_amp: 1 } } });
    assert.deepEqual(curves.curveOf(step(faded), faded, "level"), [[0, 0], [6, 0.2], [60, 0.2]]);
    const names = { synth_function_name: "binaural_beat_transition", params: { beatFreq: 7 } };
    assert.deepEqual(curves.curveOf(step(names), names, "beat"), [[0, 7], [60, 7]], "an absent start is read from the static name");
    const noise = { synth_function_name: "steady_noise", params: {} };
    assert.deepEqual(curves.curveOf(step(noise), noise, "carrier"), []);
});

test("envelopes have their corners, squeezed where the step is short", () => {
    const adsr = { type: "adsr", params: { attack: 1, decay: 2, sustain_level: 0.5, release: 3 } };
    assert.deepEqual(curves.envelope(adsr, 10), [[0, 0], [1, 1], [3, 0.5], [7, 0.5], [10, 0]]);
    assert.deepEqual(curves.envelope(adsr, 3), [[0, 0], [0.5, 1], [1.5, 0.5], [1.5, 0.5], [3, 0]]);
});

test("dragging one end of a ramp leaves the other where it was", () => {
    const moving = voice({ startBeatFreq: 10 }, { is_transition: true });
    edits.setCurve(moving, "beat", "start", 12);
    assert.deepEqual(moving.params, { startBeatFreq: 12, endBeatFreq: 10 });
    const still = voice({ ampL: 0.2, ampR: 0.1 });
    edits.setCurve(still, "level", "start", 0.4);
    assert.deepEqual(still.params, { ampL: 0.4, ampR: 0.2 }, "the ears keep their ratio");
});

test("a voice moves and holds, with the same values", () => {
    const one = voice({ beatFreq: 6, panType: "inward", leftHigh: true });
    edits.makeMoving(one);
    assert.deepEqual(one, { ...voice({ startBeatFreq: 6, startPanType: "inward", leftHigh: true }), is_transition: true });
    one.params.endBeatFreq = 3;
    edits.makeStill(one);
    assert.deepEqual(one, voice({ beatFreq: 6, panType: "inward", leftHigh: true }));
});

test("zoom keeps the time under the pointer, and the view in the track", () => {
    const near = view.zoomed({ from: 0, span: 102 }, 2, 25, 100);
    assert.equal((25 - near.from) / near.span, 25 / 102);
    assert.equal(view.zoomed(near, 1e-9, 50, 100).span, 102);
    assert.deepEqual(view.within({ from: 90, span: 50 }, 100), { from: 52, span: 50 });
});

test("marks are round, and axes hold their values", () => {
    assert.equal(view.tick({ from: 0, span: 195 }, 1000, 80), 30);
    assert.deepEqual(view.ticks({ from: 12, span: 20 }, 10), [20, 30]);
    assert.equal(view.clock(3725), "1:02:05");
    const { low, high } = view.axis([2.5, 10], 4, true);
    assert.ok(low === 0 && high > 10);
    const around = view.axis([136.1, 252], 4, false);
    assert.ok(around.low < 136.1 && around.high > 252);
});

test("fields read numbers with either decimal mark, and say what is wrong", () => {
    const parameter = { kind: "number", min: 0, max: 1 };
    assert.deepEqual(numbers.read("0,5", parameter), { value: 0.5 });
    assert.deepEqual(numbers.read(" ", parameter), { value: undefined });
    assert.deepEqual(numbers.read("much", parameter), { wrong: "number" });
    assert.deepEqual(numbers.read("2", parameter), { wrong: "most", limit: 1 });
    assert.deepEqual(numbers.read("1.5", { kind: "integer" }), { wrong: "whole" });
});

test("every slider reaches the default of its parameter", () => {
    for (const family of families) {
        for (const parameter of family.parameters.filter(({ kind }) => kind === "number" || kind === "integer")) {
            const value = parameter.default ?? parameter.min ?? 0;
            const scale = numbers.scaleOf(parameter, value);
            assert.ok(scale.high > scale.low, `${family.name} ${parameter.name}`);
            const back = numbers.fromSlider(numbers.toSlider(value, scale), scale);
            assert.ok(Math.abs(back - value) <= Math.max(0.51 * scale.step, 0.01 * Math.abs(value)), `${family.name} ${parameter.name}: ${value}, ${back}`);
        }
    }
});

test("sliders have room above a value", () => {
    const length = { name: "duration", kind: "number", unit: "s", min: 0 };
    assert.deepEqual([20, 60, 61, 180, 9000].map((value) => numbers.scaleOf(length, value).high), [60, 60, 120, 240, 15_360]);
    assert.equal(numbers.scaleOf({ ...length, max: 100 }, 90).high, 100);
});

test("all voices are in the table, with carriers, beats and levels", () => {
    assert.equal(families.length + families.filter(({ moves }) => moves).length, 38);
    for (const family of families) {
        assert.ok(family.level.length > 0, family.name);
        for (const name of [family.carrier, family.beat, ...family.level].filter(Boolean)) assert.ok(parameterOf(family, name), `${family.name} ${name}`);
    }
    const binaural = families.find(({ name }) => name === "binaural_beat");
    assert.ok(differs(voice({ beatFreq: 5 }), parameterOf(binaural, "beatFreq")));
    assert.ok(!differs(voice({ beatFreq: 4 }), parameterOf(binaural, "beatFreq")));
});
