// The document of the studio: edits, undo without a limit, what belongs together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./studio_modules.mjs";

const { TrackDocument } = await module("document.ts");

const step = (duration) => ({ duration, voices: [{ synth_function_name: "binaural_beat", params: { baseFreq: 200 } }] });
function opened(...durations) {
    const document = new TrackDocument();
    document.open({ progression: durations.map(step) }, "test");
    return document;
}
const lengths = (document) => document.track.value.progression.map(({ duration }) => duration);
const stretch = (document, duration, key) => document.edit(`to ${duration}`, (draft) => void (draft.progression[0].duration = duration), key);

test("ten thousand edits are undone and done again", () => {
    const document = opened(0);
    for (let edit = 1; edit <= 10_000; edit++) stretch(document, edit);
    for (let edit = 9_999; edit >= 0; edit--) {
        document.undo();
        assert.deepEqual(lengths(document), [edit]);
    }
    assert.equal(document.canUndo.value, false);
    while (document.canRedo.value) document.redo();
    assert.deepEqual(lengths(document), [10_000]);
});

test("edits with the same key are one until they are sealed", () => {
    const document = opened(1);
    for (const duration of [2, 3, 4]) stretch(document, duration, "drag");
    document.seal();
    for (const duration of [5, 6]) stretch(document, duration, "drag");
    stretch(document, 7, "another");
    for (const duration of [6, 4, 1]) {
        document.undo();
        assert.deepEqual(lengths(document), [duration]);
    }
    assert.equal(document.canUndo.value, false);
});

test("an edit after undo forgets what was undone", () => {
    const document = opened(1);
    stretch(document, 2);
    document.undo();
    assert.equal(document.redoLabel.value, "to 2");
    stretch(document, 1);
    assert.equal(document.canRedo.value, true);
    stretch(document, 3);
    assert.equal(document.canRedo.value, false);
    assert.equal(document.undoLabel.value, "to 3");
});

test("snapshots share what did not change and cannot be changed", () => {
    const document = opened(1, 2);
    const before = document.track.value;
    stretch(document, 5);
    const after = document.track.value;
    assert.equal(after.progression[1], before.progression[1]);
    assert.deepEqual(lengths(document), [5, 2]);
    assert.equal(before.progression[0].duration, 1);
    assert.throws(() => (after.progression[0].voices[0].params.baseFreq = 1), TypeError);
});

test("the selection stays inside the track and comes back", () => {
    const document = opened(1, 2, 3);
    document.selection.value = { step: 2, voice: 0 };
    document.edit("remove", (draft) => void draft.progression.pop());
    assert.deepEqual(document.selection.value, { step: 1, voice: undefined });
    document.edit("remove all", (draft) => void (draft.progression.length = 0));
    assert.deepEqual(document.selection.value, { step: undefined, voice: undefined });
    document.undo();
    document.undo();
    assert.deepEqual(document.selection.value, { step: 2, voice: 0 });
});

test("opening another track forgets the edits of the last one", () => {
    const document = opened(1);
    stretch(document, 2);
    const generation = document.generation.value;
    document.open({ progression: [step(9)] }, "other");
    assert.deepEqual([document.canUndo.value, document.title.value, lengths(document)], [false, "other", [9]]);
    assert.equal(document.generation.value, generation + 1);
});
