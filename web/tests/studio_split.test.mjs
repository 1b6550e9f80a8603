// Steps that are split and joined, as the native engine renders them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join as path } from "node:path";
import { after, before, test } from "node:test";
import { RATE, Reference, ROOT } from "./reference.mjs";
import { module } from "./studio_modules.mjs";

const { cutAt, split } = await module("timeline/split.ts");
const { join } = await module("timeline/join.ts");
const { places } = await module("timeline/placement.ts");

const SECONDS = 14;
/** Rounding of single precision, of values that are about 0.3. */
const SAME = 1e-6;

let reference;
before(() => (reference = new Reference(SECONDS)));
after(() => reference?.close());

const copy = (value) => JSON.parse(JSON.stringify(value));
const still = (more = {}) => ({ synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 7, ampL: 0.2, ampR: 0.2 }, ...more });
const RAMP = { startBaseFreq: 200, endBaseFreq: 180, startBeatFreq: 10, endBeatFreq: 4, startAmpL: 0.2, endAmpL: 0.1, startAmpR: 0.2, endAmpR: 0.2 };
const moving = (params = {}, more = {}) => ({ synth_function_name: "binaural_beat", is_transition: true, voice_id: "tone", params: { ...RAMP, ...params }, ...more });
const track = (compat, ...voices) => ({
    global: { sample_rate: RATE, crossfade_duration: 1, compat },
    progression: [10, 5].map((duration) => ({ duration, voices: copy(voices) })),
});
const linen = { type: "linen", params: { attack: 3, release: 3 } };

/** The first step split at `seconds`, and the cut. */
function halves(given, seconds) {
    const edited = copy(given);
    const cut = cutAt(edited, 0, seconds);
    assert.ok(cut, "no cut");
    split(edited, cut);
    return { edited, cut };
}
async function apart(one, other) {
    const [a, b] = [await reference.render(one), await reference.render(other)];
    assert.equal(a.error ?? b.error, undefined);
    return a.samples.reduce((most, sample, i) => Math.max(most, Math.abs(sample - b.samples[i])), 0);
}

const EXACT = [
    ["values that are held", track("intended", still())],
    ["held values under an id, in older rules", track("default", still({ voice_id: "tone" }))],
    ["an envelope of held values", track("intended", still({ voice_id: "tone", volume_envelope: linen }))],
    ["ramps", track("intended", moving())],
    ["ramps that bend", track("intended", moving({ transition_curve: "exponential" }))],
    ["ramps of a formula within the step", track("intended", moving({ transition_curve: "alpha ** 3", initial_offset: 2, transition_duration: 5 }))],
    ["ramps after a fade-in", track("intended", moving({}, { volume_envelope: { type: "linear_fade", params: { fade_duration: 3, start_amp: 0, end_amp: 1 } } }))],
    ["ramps in a fade-out", track("intended", moving({}, { volume_envelope: { type: "linear_fade", params: { fade_duration: 9, start_amp: 1, end_amp: 0.3 } } }))],
    ["ramps with attack and release", track("intended", moving({}, { volume_envelope: { type: "adsr", params: { attack: 1, decay: 1, sustain_level: 0.5, release: 2 } } }))],
    ["slow modulation", track("intended", { synth_function_name: "stereo_am_independent", voice_id: "breath", params: { amp: 0.2, modFreqL: 0.3, modFreqR: 0.4 } })],
    ["noise with a seed", track("intended", { synth_function_name: "steady_noise", voice_id: "wind", params: { seed: 3 } })],
    ["a bell that rings", track("intended", { synth_function_name: "bell", params: {} })],
    ["a path round the head", track("intended", { synth_function_name: "spatial_angle_modulation", voice_id: "lantern", params: {} })],
];
for (const [name, given] of EXACT) {
    test(`split: ${name}`, async () => {
        const { edited, cut } = halves(given, 4.3);
        assert.deepEqual([cut.at, cut.overlap, cut.moved, cut.crossfaded], [4.3, 0, false, []]);
        assert.deepEqual(places(edited).map(({ start }) => start), [0, 4.3, 9]);
        const most = await apart(given, edited);
        assert.ok(most < SAME, `${most}`);
    });
}

test("every step of the studio's own sessions splits unheard", async () => {
    const folder = path(ROOT, "web/studio/public/sessions");
    for (const name of readdirSync(folder)) {
        const given = JSON.parse(readFileSync(path(folder, name), "utf8"));
        for (const [index, { start, end }] of places(given).entries()) {
            const edited = copy(given);
            const cut = cutAt(edited, index, (start + end) / 2);
            assert.deepEqual([cut.overlap, cut.moved, cut.levelled], [0, false, false], `${name} ${index}`);
            // what is late takes long to reach
            if (start + cut.at > 2000) continue;
            split(edited, cut);
            const options = { format: "wav", bits: 24, start: start + cut.at - 1, duration: 2.5 };
            const [ours, theirs] = [await reference.file(edited, options), await reference.file(given, options)];
            assert.equal(ours.length, theirs.length);
            let most = 0;
            for (let at = 44; at < ours.length; at += 3) most = Math.max(most, Math.abs(ours.readIntLE(at, 3) - theirs.readIntLE(at, 3)));
            assert.ok(most <= 1, `${name} ${index}: ${most} steps of 24 bits`);
        }
    }
});

test("the ends of ramps meet at their value there", () => {
    const [one, other] = halves(track("intended", moving()), 2.5).edited.progression.map(({ voices }) => voices[0].params);
    assert.deepEqual([one.startBeatFreq, one.endBeatFreq, other.startBeatFreq, other.endBeatFreq], [10, 8.5, 8.5, 4]);
    assert.deepEqual([one.endAmpR, other.startAmpR], [0.2, 0.2]);
    const timed = track("intended", moving({ initial_offset: 4, transition_duration: 4 }));
    const parts = halves(timed, 5).edited.progression.map(({ voices }) => voices[0].params);
    assert.deepEqual([parts[0].initial_offset, parts[0].transition_duration, parts[0].endBeatFreq], [4, undefined, 8.5]);
    assert.deepEqual([parts[1].initial_offset, parts[1].transition_duration, parts[1].endBeatFreq], [undefined, 3, 4]);
});

test("voices that cannot go on are crossfaded in phase", async () => {
    const given = track({ preset: "default", absolute_levels: true }, moving());
    const { edited, cut } = halves(given, 4.3);
    assert.deepEqual(cut.crossfaded, ["binaural beat"]);
    assert.deepEqual(places(edited).map(({ start }) => start), [0, 4.05, 9]);
    assert.equal(edited.progression[0].crossfade_duration, 0.5);
    // the edges of 10 ms, in a crossfade of 500 ms: less than a hundredth of the level
    const most = await apart(given, edited);
    assert.ok(most < 2e-3, `${most}`);
});

test("a cut keeps out of crossfades and of attacks", () => {
    const given = track("intended", moving({}, { volume_envelope: linen }));
    assert.deepEqual([1, 4, 8].map((at) => cutAt(given, 0, at).at), [3, 4, 7]);
    assert.deepEqual([1, 4, 8].map((at) => cutAt(given, 0, at).moved), [true, false, true]);
    assert.equal(cutAt(track("intended", still()), 1, 9.4).at, 1);
    assert.equal(cutAt(given, 1, 3), undefined, "not in this step");
});

test("voices that a neighbour knows by name get no id", () => {
    const { edited, cut } = halves(track("intended", moving({}, { voice_id: undefined })), 4);
    assert.equal(cut.overlap, 0.5);
    assert.ok(edited.progression.every(({ voices }) => voices[0].voice_id === undefined));
    const alone = track("intended", moving({}, { voice_id: undefined }));
    alone.progression[1].voices = [];
    assert.deepEqual(halves(alone, 4).edited.progression.map(({ voices }) => voices[0]?.voice_id), ["binaural_beat_1", "binaural_beat_1", undefined]);
});

test("joining takes a split back", async () => {
    const fading = moving({}, { volume_envelope: { type: "linear_fade", params: { fade_duration: 3, start_amp: 0, end_amp: 1 } } });
    const timed = moving({ initial_offset: 1, transition_duration: 3 });
    const all = [still({ voice_id: "tone" }), still({ voice_id: "tone", volume_envelope: linen }), moving(), fading, moving({}, { volume_envelope: linen }), timed];
    for (const given of [...all.map((voice) => track("intended", voice)), track("default", moving())]) {
        const { edited } = halves(given, 4.3);
        assert.deepEqual(join(edited, 0), []);
        const most = await apart(given, edited);
        assert.ok(most < SAME, `${most}`);
        assert.ok(edited.progression.every(({ start }) => start === undefined));
    }
});

test("joining says where words and envelopes differ", () => {
    const given = track("intended", still({ voice_id: "tone" }));
    given.progression[1].voices[0].params.leftHigh = true;
    assert.deepEqual(join(copy(given), 0), ["binaural beat"]);
    const late = track("intended", still({ voice_id: "tone" }));
    late.progression[1].voices[0].volume_envelope = { type: "linear_fade", params: { fade_duration: 2, start_amp: 0, end_amp: 1 } };
    assert.deepEqual(join(late, 0), ["binaural beat"]);
});

test("joining says which voices change", () => {
    const given = track("intended", moving());
    given.progression[1].voices.push(still({ description: "second" }));
    assert.deepEqual(join(given, 0), ["binaural beat", "second"]);
    const [{ duration, voices }] = given.progression;
    assert.equal(duration, 14);
    assert.deepEqual([voices[0].params.startBeatFreq, voices[0].params.endBeatFreq], [10, 4]);
    assert.equal(given.progression.length, 1);
});
