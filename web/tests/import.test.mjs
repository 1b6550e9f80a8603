// Sessions of other programs, read in the browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { MOUNTS, ROOT } from "./reference.mjs";

let browser;
let server;
let page;
before(async () => {
    [browser, server] = await Promise.all([launch(), serve({ mounts: MOUNTS })]);
    page = await browser.newPage();
    await page.goto(`http://localhost:${server.address().port}/tests/page.html`);
    await page.waitForFunction("window.ready", null, { polling: 50 });
});
after(async () => {
    await browser?.close();
    server?.close();
});

const imported = (content, name) => page.evaluate(([content, name]) => importTrack(content, { name }), [content, name]);

test("a sequence of SBaGen is steps of its tones", async () => {
    const { track, warnings } = await imported("deep: 200+4/20\noff: -\nNOW deep\n+00:10:00 off\n", "deep.sbg");
    const [first] = track.progression;
    const [voice] = first.voices;
    assert.match(voice.synth_function_name, /^binaural_beat/);
    // 200+4: a carrier of 200 Hz with a beat of 4 Hz
    const { params } = voice;
    const value = (name) => params[name] ?? params[`start${name[0].toUpperCase()}${name.slice(1)}`];
    assert.deepEqual([value("baseFreq"), value("beatFreq")], [200, 4]);
    const seconds = Math.max(...track.progression.map((step) => (step.start ?? 0) + step.duration));
    assert.ok(seconds >= 600 && seconds <= 660, `${seconds} s`);
    assert.deepEqual(warnings.filter(({ severity }) => severity === "error"), []);
});

test("a track is read in its old spellings too", async () => {
    const evening = readFileSync(join(ROOT, "examples/evening.json"), "utf8");
    const { track } = await imported(evening, "evening.json");
    assert.equal(track.progression.length, JSON.parse(evening).progression.length);
    const old = JSON.stringify({ global_settings: { sample_rate: 8000 }, steps: [{ duration: 2, voices: [] }] });
    const read = await imported(old);
    assert.deepEqual([read.track.global.sample_rate, read.track.progression[0].duration], [8000, 2]);
});

test("the line of a mistake is named", async () => {
    const error = await page.evaluate(() =>
        importTrack("deep: 200+4/20\nNOW deeper\n", { name: "a.sbg" }).catch(({ name, message }) => ({ name, message })),
    );
    assert.equal(error.name, "TrackError");
    assert.match(error.message, /^a\.sbg:2:5: "deeper"/);
});
