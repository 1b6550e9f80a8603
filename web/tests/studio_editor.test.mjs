// Shaping a session in the studio: by mouse and by keyboard the track changes as expected, and sounds as the native engine says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { recordable } from "./recording.mjs";
import { decoded, Reference, ROOT } from "./reference.mjs";
import { choose, paused, playing, studio, titled } from "./studio.mjs";

const RATE = 44100;
const SECONDS = 1.5;
/** Seconds at which sounds are compared: the first three of a stream are faded in. */
const FROM = 5;
/** Phases run on from the edit, so that they may differ from those of a file by what a few frames make. */
const NEAR = 1e-3;
const voice = (beatFreq, more = {}) => ({
    synth_function_name: "binaural_beat",
    is_transition: true,
    voice_id: "tone",
    params: { startBaseFreq: 200, endBaseFreq: 180, startBeatFreq: beatFreq, endBeatFreq: beatFreq / 2, startAmpL: 0.2, startAmpR: 0.2 },
    ...more,
});
const TRACK = {
    global: { sample_rate: RATE, crossfade_duration: 5, compat: "intended" },
    progression: ["arrive", "rest", "leave"].map((description, index) => ({
        duration: 60 - 10 * index,
        description,
        voices: [voice(10 - 2 * index)],
    })),
};

let place;
before(async () => (place = await studio()));
after(() => place?.close());

async function opened(track = TRACK, options = {}) {
    const page = await place.open({ init: recordable, ...options });
    await choose(page, { name: "shape.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(track)) });
    await titled(page, "shape");
    await page.waitForSelector("[data-step]");
    return page;
}
/** The track as it would be saved. */
async function saved(page) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save", exact: true }).click()]);
    return JSON.parse(readFileSync(await file.path(), "utf8"));
}
const grip = (page, name) => page.getByRole("slider", { name, exact: true });
/** Drag the middle of something by so many pixels. */
async function dragged(page, locator, dx, dy) {
    await locator.scrollIntoViewIfNeeded();
    const box = await locator.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 4 });
    await page.mouse.move(x + dx, y + dy, { steps: 4 });
    await page.mouse.up();
}
/** Pixels of a second of the timeline. */
const scale = (page) =>
    page.evaluate(() => {
        const at = (index) => document.querySelectorAll(".grip-along:not(.grip-fade)")[index].transform.baseVal[0].matrix.e;
        return (at(2) - at(1)) / 35;
    });
const sounding = async (page) => {
    const button = page.locator('.transport button[aria-label="Play"]');
    if (await button.count()) await button.click();
    await playing(page);
};

/** Largest difference between what is heard of the track and the native engine's render of `track`. */
async function againstNative(page, track) {
    await sounding(page);
    await page.locator('.transport button[aria-label="Pause"]').click();
    await paused(page);
    await page.locator(".position input").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((from) => Number(document.querySelector(".position input").value) === from, FROM);
    await page.waitForTimeout(400);
    await page.evaluate((seconds) => window.record(seconds), SECONDS + 0.6);
    await page.locator('.transport button[aria-label="Play"]').click();
    const heard = decoded(await page.evaluate(() => window.recorded));
    const { rate } = await page.evaluate(() => window.began);
    const reference = new Reference(FROM + SECONDS);
    const { samples, error } = await reference.render({ ...track, global: { ...track.global, sample_rate: rate } });
    reference.close();
    assert.equal(error, undefined);
    // frames are compared at the offset that fits best, after the ramp of the start
    const first = heard.findIndex((sample) => sample !== 0) >> 1;
    const [from, count] = [Math.round(0.2 * rate), Math.round(0.8 * rate)];
    let best = Infinity;
    for (let shift = first - 40; shift <= first + 40; shift++) {
        let most = 0;
        for (let i = 2 * from; i < 2 * (from + count) && most < best; i++) {
            most = Math.max(most, Math.abs((heard[2 * shift + i] ?? 9) - samples[2 * FROM * rate + i]));
        }
        best = Math.min(best, most);
    }
    return best;
}

test("a step is made longer by its edge, and what follows moves along", async () => {
    const page = await opened();
    await dragged(page, grip(page, "Length of arrive"), 20 * (await scale(page)), 0);
    const track = await saved(page);
    assert.equal(track.progression[0].duration, 80);
    assert.ok(track.progression.every(({ start }) => start === undefined));
    await page.keyboard.press("Control+z");
    assert.deepEqual(await saved(page), TRACK);
});

test("a crossfade is dragged longer, and stated where it differs", async () => {
    const page = await opened();
    await dragged(page, grip(page, "Crossfade from arrive to rest"), -15 * (await scale(page)), 0);
    const track = await saved(page);
    assert.equal(track.progression[0].crossfade_duration, 20);
    assert.deepEqual(track.progression.map(({ start }) => start), [0, 40, 85]);
});

test("a step dragged over its neighbour changes places with it", async () => {
    const page = await opened();
    await dragged(page, page.locator("[data-step='0'] text").first(), 60 * (await scale(page)), 0);
    assert.deepEqual((await saved(page)).progression.map(({ description }) => description), ["rest", "arrive", "leave"]);
});

test("a curve dragged by mouse sounds as the native engine renders it", async () => {
    const page = await opened();
    await dragged(page, grip(page, "Beat at the start, binaural beat, arrive"), 0, 30);
    const track = await saved(page);
    const { startBeatFreq, endBeatFreq } = track.progression[0].voices[0].params;
    assert.ok(startBeatFreq < 9 && startBeatFreq > 2, `${startBeatFreq}`);
    assert.equal(endBeatFreq, 5);
    const difference = await againstNative(page, track);
    assert.ok(difference < NEAR, `${difference}`);
});

test("the same by keyboard: values, lengths, order, copies", async () => {
    const page = await opened();
    const end = grip(page, "Carrier at the end, binaural beat, arrive");
    await end.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("PageUp");
    await grip(page, "Crossfade from rest to leave").focus();
    await page.keyboard.press("Home");
    await page.locator("[data-step='0']").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.step), "1");
    await page.keyboard.press("Alt+ArrowLeft");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Control+d");
    await page.keyboard.press("End");
    await page.keyboard.press("Delete");
    const track = await saved(page);
    const names = track.progression.map(({ description }) => description);
    assert.deepEqual(names, ["rest", "rest", "arrive"]);
    assert.ok(track.progression[0].duration > 50);
    assert.equal(track.progression[2].voices[0].params.endBaseFreq, 195);
    const difference = await againstNative(page, track);
    assert.ok(difference < NEAR, `${difference}`);
});

test("steps are split at the playhead by button and key", async () => {
    const page = await opened();
    await page.locator(".position input").focus();
    for (let press = 0; press < 4; press++) await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) === 20);
    await page.getByRole("button", { name: "Split", exact: true }).click();
    const track = await saved(page);
    assert.deepEqual(track.progression.map(({ duration }) => duration), [20, 40, 50, 40]);
    assert.deepEqual([0, 1].map((step) => track.progression[step].voices[0].params.endBeatFreq), [10 - 5 / 3, 5].map((value) => Number(value.toPrecision(10))));
    assert.equal(await page.locator(".timeline-note").count(), 0);
    const difference = await againstNative(page, TRACK);
    assert.ok(difference < NEAR, `${difference}`);
    await page.locator("[data-step='0']").focus();
    await page.keyboard.press("j");
    assert.deepEqual((await saved(page)).progression.map(({ duration }) => duration), [60, 50, 40]);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    assert.deepEqual(await saved(page), TRACK);
    // in the crossfade at its end
    await page.locator(".position input").fill("57");
    await page.locator("[data-step='0']").focus();
    await page.keyboard.press("s");
    await page.locator(".timeline-note", { hasText: "arrive is split at 0:55. That is the nearest place" }).waitFor();
    assert.deepEqual((await saved(page)).progression.map(({ duration }) => duration), [55, 5, 50, 40]);
});

test("a hundred edits are undone and done again", async () => {
    const page = await opened();
    await grip(page, "Level at the start, binaural beat, arrive").focus();
    for (let i = 0; i < 100; i++) await page.keyboard.press(i % 3 === 2 ? "ArrowDown" : "ArrowUp");
    const last = await saved(page);
    await page.locator("[data-step='0']").focus();
    for (let i = 0; i < 100; i++) await page.keyboard.press("Control+z");
    assert.deepEqual(await saved(page), TRACK);
    await page.locator("[data-step='0']").focus();
    for (let i = 0; i < 100; i++) await page.keyboard.press("Control+y");
    assert.deepEqual(await saved(page), last);
    assert.notDeepEqual(last, TRACK);
});

test("the view zooms with keys, wheel and fingers", async () => {
    const page = await opened(TRACK, { hasTouch: true });
    const whole = await scale(page);
    // a busy machine draws later
    const zooms = async (wanted) => {
        for (let i = 0; i < 40 && !wanted(await scale(page)); i++) await page.waitForTimeout(50);
        assert.ok(wanted(await scale(page)), `${await scale(page)} pixels a second, ${whole} at first`);
    };
    // but for a scroll bar of the page
    const fits = (now) => Math.abs(now / whole - 1) < 0.03;
    await page.locator("[data-step='0']").focus();
    await page.keyboard.press("+");
    await page.getByRole("slider", { name: "Part that is shown" }).waitFor();
    await zooms((now) => now > 1.4 * whole);
    await page.keyboard.press("0");
    await zooms(fits);
    const box = await page.locator("[data-step='1'] path").first().boundingBox();
    await page.mouse.move(box.x + 40, box.y + 20);
    await page.mouse.wheel(0, -400);
    await page.waitForFunction(() => document.querySelector(".timeline-scroll"));
    await page.keyboard.press("0");
    await zooms(fits);
    const touch = await page.context().newCDPSession(page);
    const points = (apart) => [-1, 1].map((side, id) => ({ x: box.x + 60 + side * apart, y: box.y + 30, id }));
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(20) });
    for (const apart of [40, 60, 80]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points(apart) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await zooms((now) => now > 2 * whole);
    assert.deepEqual(await saved(page), TRACK, "zooming edits nothing");
    await page.locator("[data-step='0']").focus();
    await page.keyboard.press("0");
    const ring = grip(page, "Beat at the end, binaural beat, arrive");
    await ring.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await ring.boundingBox();
    const finger = (dy) => [{ x: x + width / 2, y: y + height / 2 + dy, id: 0 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: finger(0) });
    for (const dy of [-10, -20, -30]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: finger(dy) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    assert.ok((await saved(page)).progression[0].voices[0].params.endBeatFreq > 6, "a finger moves a ring");
});

test("a click on the ruler goes there and its arrow keys move", async () => {
    const page = await opened();
    const box = await page.locator(".ruler").boundingBox();
    await page.mouse.click(box.x + 12 + 100 * (await scale(page)), box.y + 10);
    await page.waitForFunction(() => Math.abs(Number(document.querySelector(".position input").value) - 100) < 2);
    await page.locator(".ruler").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("PageUp");
    await page.waitForFunction(() => Math.abs(Number(document.querySelector(".position input").value) - 30) < 2);
});

test("bed and clips are moved and faded, by mouse and by keyboard", async () => {
    const page = await place.open();
    const track = structuredClone(TRACK);
    track.background_noise = { amp: 0.1, fade_in: 10, params: { noise_parameters: { name: "brown", seed: 7 } } };
    track.overlay_clips = [{ file_path: "blip.wav", start: 20, duration: 30, amp: 0.5 }];
    const media = join(ROOT, "parity/golden/tracks/media/blip_mono_44100.wav");
    await choose(page, [
        { name: "shape.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(track)) },
        { name: "blip.wav", mimeType: "audio/wav", buffer: readFileSync(media) },
    ]);
    await titled(page, "shape");
    await dragged(page, page.locator(".block.overlay"), 10 * (await scale(page)), 0);
    await dragged(page, grip(page, "Length of blip.wav"), 20 * (await scale(page)), 0);
    await grip(page, "Fade-in of blip.wav").focus();
    await page.keyboard.press("ArrowRight");
    await page.locator(".block.bed").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("textbox", { name: "Level", exact: true }).fill("0.2");
    const { background_noise: bed, overlay_clips: clips } = await saved(page);
    assert.deepEqual([clips[0].start, clips[0].duration, clips[0].amp], [30, 50, 0.5]);
    assert.ok(clips[0].fade_in > 0 && bed.start_time > 0);
    assert.deepEqual([bed.amp, bed.fade_in], [0.2, 10]);
    await page.locator(".block.overlay").focus();
    await page.keyboard.press("Delete");
    await page.locator(".block.bed").focus();
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Add bed" }).click();
    await page.getByLabel("Colour of the noise").selectOption("pink");
    const after = await saved(page);
    assert.deepEqual([after.overlay_clips, after.background_noise.params.noise_parameters], [[], { name: "pink", seed: 1 }]);
    assert.equal(await page.locator(".refusal").count(), 0);
});

test("every voice is offered, is heard alone, and is added", async () => {
    const page = await opened();
    await page.getByRole("button", { name: "Add voice" }).click();
    assert.equal(await page.locator("[data-voice]").count(), 20);
    assert.equal(await page.getByRole("button", { name: /^Add / }).count() >= 38, true);
    await page.getByPlaceholder("Search voices").fill("stroke");
    assert.equal(await page.locator("[data-voice]").count(), 1);
    await page.evaluate(() => window.record(2));
    await page.getByRole("button", { name: "Listen to bell" }).click();
    const heard = decoded(await page.evaluate(() => window.recorded));
    assert.ok(heard.some((sample) => Math.abs(sample) > 0.05));
    await page.getByRole("button", { name: "Add bell", exact: true }).click();
    await page.waitForTimeout(200);
    await page.evaluate(() => window.record(0.3));
    assert.ok(decoded(await page.evaluate(() => window.recorded)).every((sample) => sample === 0), "silent after leaving");
    const { voices } = (await saved(page)).progression[0];
    assert.deepEqual([voices.length, voices[1].synth_function_name, voices[1].voice_id], [2, "bell", "bell_1"]);
    assert.equal(await page.locator(".refusal").count(), 0);
});

test("all previews can be played", async () => {
    const page = await opened();
    await page.getByRole("button", { name: "Add voice" }).click();
    for (const card of await page.locator("[data-voice]").all()) {
        const name = await card.getAttribute("data-voice");
        const button = card.getByRole("button", { name: /^Listen/ });
        if (!(await button.count())) continue;
        await button.click();
        await page.waitForFunction(
            (voice) => document.querySelector(`[data-voice='${voice}'] [aria-pressed='true']`) || document.querySelector(".voice-list [role=status]"),
            name,
        );
    }
    await page.waitForTimeout(500);
    assert.match(await page.locator(".voice-list [role=status]").textContent(), /Voices: 20/);
});

test("parameters are searched, narrowed to what differs, and complain in words", async () => {
    const page = await opened();
    await page.locator(".chip").first().click();
    const names = () => page.locator("[data-parameter]").evaluateAll((rows) => rows.map((row) => row.dataset.parameter));
    await page.getByLabel("Only what differs from the default").check();
    assert.deepEqual((await names()).sort(), ["ampL", "ampR", "baseFreq", "beatFreq"]);
    await page.getByLabel("Only what differs from the default").uncheck();
    await page.getByLabel("Search parameters").fill("vibrato");
    const vibrato = await names();
    assert.equal(vibrato.length, 9);
    assert.ok(vibrato.every((name) => name.startsWith("freqOsc")));
    await page.getByLabel("Search parameters").fill("phon");
    const field = page.getByRole("textbox", { name: "Equal loudness" });
    await field.fill("5");
    await page.getByText("At least 20.").waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await field.fill("60");
    await page.keyboard.press("Tab");
    assert.equal((await saved(page)).progression[0].voices[0].params.equal_loudness_phon, 60);
    assert.equal(await page.locator(".refusal").count(), 0);
});

test("nothing was complained about", () => assert.deepEqual(place.complaints, []));
