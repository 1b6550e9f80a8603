// The views of the studio: they show what sounds, rest when nobody looks, and cost little.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, playing, studio, titled } from "./studio.mjs";

let place;
before(async () => (place = await studio()));
after(() => place?.close());

const params = { baseFreq: 200, beatFreq: 10, ampL: 0.25, ampR: 0.25 };
const TONES = {
    global: { sample_rate: 44100, crossfade_duration: 0, compat: "intended" },
    progression: [{ duration: 600, voices: [{ synth_function_name: "binaural_beat", params }] }],
};
const orbit = {
    geometry: { type: "horizontal_orbit", parameters: { radiusM: 1.5, startAzimuthDeg: 90 } },
    traversal: { durationS: 600 },
};
const MOVING = structuredClone(TONES);
MOVING.progression[0].voices = [
    {
        synth_function_name: "spatial_angle_modulation_sam2",
        description: "lantern",
        params: { rendererMode: "geometric", carrierFreq: 220, amp: 0.3, canonicalTrajectory: orbit },
    },
];

/** A track that plays, past the fade at its start. */
async function open(track, options = {}) {
    const page = await place.open({ init: () => localStorage.setItem("volume", "1"), ...options });
    await choose(page, { name: "look.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(track)) });
    await titled(page, "look");
    const button = page.locator('.transport button[aria-label="Play"]');
    if (await button.count()) await button.click();
    await playing(page);
    return page;
}
const see = (page, view) => page.locator(`[data-view=${view}]`).scrollIntoViewIfNeeded();
const read = (page, selector) => page.locator(selector).first().textContent();
/** The canvas of a view as it is now. */
const pixels = (page, view) => page.$eval(`[data-view=${view}] canvas`, (canvas) => canvas.toDataURL());

test("a binaural beat is seen between the ears and in neither of them", async () => {
    const page = await open(TONES);
    await see(page, "beat");
    // the fade at the start leaves the window of six seconds
    const wanted = ["Between the ears 10.0 Hz, 100 %", "Left no beat", "Right no beat"];
    const found = async () => {
        const rows = await page.locator("[data-view=beat] .readout li").allTextContents();
        return rows.map((row) => row.replace(/\d+\.\d+/, (hz) => Number(hz).toFixed(1)).replace(/9[89] %|10[0-2] %/, "100 %"));
    };
    for (let i = 0; i < 80 && (await found()).join() !== wanted.join(); i++) await page.waitForTimeout(250);
    assert.deepEqual(await found(), wanted);
    await page.context().close();
});

test("loudness and correlation are those of two tones", async () => {
    const page = await open(TONES);
    await page.waitForTimeout(3500);
    await see(page, "levels");
    await page.waitForTimeout(4500);
    // two sines of 0.25 near 200 Hz, where the weighting is -0.1 dB or so: -0.691 + 10 log10(2 x 0.25²/2)
    const loudness = Number.parseFloat(await read(page, "[data-number=short-term]"));
    assert.ok(Math.abs(loudness + 12.9) < 0.4, `${loudness} LUFS`);
    await see(page, "stereo");
    await page.waitForTimeout(3000);
    // over whole beats the ears are unrelated
    const values = [];
    for (let i = 0; i < 8; i++) {
        values.push(Number.parseFloat(await read(page, "[data-number=correlation]")));
        await page.waitForTimeout(130);
    }
    assert.ok(values.every((value) => Math.abs(value) < 0.35), `${values}`);
    await page.context().close();
});

test("a moving voice is shown where it is", async () => {
    const page = await open(MOVING);
    await see(page, "path");
    const [label] = await page.locator("[data-view=path] .readout li").allTextContents();
    assert.match(label, /^lantern: 9[0-3]°, 1\.5 m$/);
    /** Where the dots are, from the middles of the two planes, in radii of the orbit. */
    const dots = () =>
        page.locator("[data-view=path] .path").evaluate((box) => {
            const { x, y, width, height } = box.getBoundingClientRect();
            return [...box.querySelectorAll("span")].map((dot, index) => {
                const at = dot.getBoundingClientRect();
                const [right, down] = [at.x + at.width / 2 - x - width / 4 - (index * width) / 2, at.y + at.height / 2 - y - height / 2 - 4];
                return [right, down].map((pixels) => pixels / (height / 2 - 26));
            });
        });
    const lies = async (wanted) => {
        const found = (await dots()).flat();
        assert.ok(found.every((value, i) => Math.abs(value - wanted[i]) < 0.06), `${found}, not ${wanted}`);
    };
    await page.waitForSelector(".path span[style]");
    await lies([-1, 0, 0, 0]);
    await page.locator(".position input").fill("150");
    await page.waitForTimeout(600);
    await lies([0, 1, -1, 0]);
    await page.context().close();
});

test("pictures rest when the sound does and out of sight", async () => {
    const page = await open(TONES);
    await see(page, "levels");
    await page.waitForTimeout(1000);
    const one = await pixels(page, "levels");
    await page.waitForTimeout(600);
    assert.notEqual(await pixels(page, "levels"), one, "moves while it plays");
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.setViewportSize({ width: 1280, height: 420 });
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.waitForTimeout(500);
    const hidden = await pixels(page, "levels");
    await page.waitForTimeout(600);
    assert.equal(await pixels(page, "levels"), hidden, "rests out of sight");
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.locator('.transport button[aria-label="Pause"]').click();
    await see(page, "levels");
    await page.waitForTimeout(800);
    const paused = await pixels(page, "levels");
    await page.waitForTimeout(500);
    assert.equal(await pixels(page, "levels"), paused, "rests when paused");
    await page.context().close();
});

test("with reduced motion there are a few pictures a second", async () => {
    const page = await open(TONES, { reducedMotion: "reduce" });
    await page.evaluate(() => {
        window.pictures = 0;
        const clear = CanvasRenderingContext2D.prototype.clearRect;
        CanvasRenderingContext2D.prototype.clearRect = function (...given) {
            if (this.canvas.closest("[data-view=levels]")) window.pictures++;
            return clear.apply(this, given);
        };
    });
    await see(page, "levels");
    await page.waitForTimeout(500);
    const before = await page.evaluate(() => window.pictures);
    await page.waitForTimeout(2000);
    const count = (await page.evaluate(() => window.pictures)) - before;
    assert.ok(count >= 2 && count <= 10, `${count} pictures in two seconds`);
    await page.context().close();
});

test("what the views cost is known", async () => {
    const page = await open(TONES, { viewport: { width: 1280, height: 1000 } });
    const tools = await page.context().newCDPSession(page);
    // of the processor's time, so that a busy machine does not count
    await tools.send("Performance.enable", { timeDomain: "threadTicks" });
    const busy = async (seconds) => {
        const sum = async () => {
            const { metrics } = await tools.send("Performance.getMetrics");
            const of = (name) => metrics.find((metric) => metric.name === name).value;
            return { task: of("TaskDuration"), script: of("ScriptDuration"), at: performance.now() / 1000 };
        };
        const [one] = [await sum()];
        await page.waitForTimeout(1000 * seconds);
        const other = await sum();
        const share = (name) => (100 * (other[name] - one[name])) / (other.at - one.at);
        return { task: share("task"), script: share("script") };
    };
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator(".views").evaluate((section) => (section.hidden = true));
    await page.waitForTimeout(1500);
    const without = await busy(4);
    await page.locator(".views").evaluate((section) => (section.hidden = false));
    await page.locator(".views").scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector(".views").scrollIntoView({ block: "end" }));
    await page.waitForTimeout(1500);
    const seen = await busy(6);
    console.log(`main thread without views: ${without.task.toFixed(1)} %, with them: ${seen.task.toFixed(1)} % (script ${seen.script.toFixed(1)} %)`);
    assert.ok(seen.script < 100);
    await page.context().close();
});

test("nothing was complained about", () => assert.deepEqual(place.complaints, []));
