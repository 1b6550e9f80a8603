import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { ROOT } from "./reference.mjs";

let browser;
let server;
let page;
const complaints = [];
before(async () => {
    browser = await launch();
    server = await serve();
    page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.waitForSelector("#voices fieldset");
});
after(async () => {
    await browser?.close();
    server?.close();
});

const state = () => page.textContent("#state");
const position = () => page.$eval("#timeline", (slider) => Number(slider.getAttribute("aria-valuenow")));
const becomes = (wanted) => page.waitForFunction((w) => document.querySelector("#state").textContent === w, wanted);

test("space plays and pauses, arrows, Home and End move", async () => {
    await page.focus("#timeline");
    await page.keyboard.press("Space");
    await becomes("playing");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => Number(document.querySelector("#timeline").getAttribute("aria-valuenow")) >= 5);
    await page.keyboard.press("Space");
    await becomes("paused");
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector("#position").textContent === "0:00");
    assert.equal(await state(), "paused");
    assert.equal(await position(), 0);
});

test("a click on the timeline goes there, and the meters and the editor follow", async () => {
    const box = await page.locator("#timeline").boundingBox();
    await page.mouse.click(box.x + 0.7 * box.width, box.y + box.height / 2);
    await page.click("#play");
    await becomes("playing");
    await page.waitForFunction(() => document.querySelector("#left").value > -40);
    await page.waitForFunction(() => Number(document.querySelector("#step").value) > 0);
    const whole = await page.$eval("#timeline", (slider) => Number(slider.getAttribute("aria-valuemax")));
    assert.ok(Math.abs((await position()) / whole - 0.7) < 0.1);
    await page.waitForTimeout(1500);
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
});

test("moving a slider edits the track while it plays", async () => {
    const slider = page.locator("#voices input").first();
    await slider.focus();
    const before = await slider.inputValue();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(300);
    assert.notEqual(await slider.inputValue(), before);
    assert.equal(await state(), "playing");
    assert.ok(await page.isHidden("#message"));
});

test("a dropped track that is wrong is refused with its place and the old one plays on", async () => {
    const file = {
        name: "bad.json",
        mimeType: "application/json",
        buffer: Buffer.from('{"progression":[{"duration":1,"voices":[{"synth_function_name":"binaural_beet","params":{}}]}]}'),
    };
    await page.setInputFiles("#file", file);
    await page.waitForSelector("#message:not([hidden])");
    assert.match(await page.textContent("#message"), /^progression\[0\]\.voices\[0\]\.synth_function_name: .*binaural_beat/);
    assert.equal(await state(), "playing");
});

test("a track with a clip beside it is opened from files", async () => {
    await page.setInputFiles("#file", [
        join(ROOT, "parity/golden/tracks/clips_and_background.json"),
        join(ROOT, "parity/golden/tracks/media/blip_mono_44100.wav"),
    ]);
    await page.waitForFunction(() => document.querySelector("#title").textContent === "clips_and_background.json");
});

test("several tracks play in turn, with buttons for the next and previous one", async () => {
    assert.ok(await page.isHidden("#next"));
    const named = (name, base) => {
        const voice = { synth_function_name: "binaural_beat", params: { baseFreq: base, beatFreq: 4 } };
        const buffer = Buffer.from(JSON.stringify({ progression: [{ duration: 20, voices: [voice] }] }));
        return { name, mimeType: "application/json", buffer };
    };
    const titled = (text) => page.waitForFunction((text) => document.querySelector("#title").textContent === text, text);
    await page.setInputFiles("#file", [named("dusk.json", 200), named("night.json", 220)]);
    await titled("dusk.json (1 of 2)");
    await page.click("#play");
    await becomes("playing");
    await page.click("#next");
    await titled("night.json (2 of 2)");
    await page.click("#previous");
    await titled("dusk.json (1 of 2)");
    assert.ok(await page.isHidden("#message"));
});

test("on a narrow screen nothing is wider than the screen", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width}`);
});

test("the console stays clean", () => {
    // files that a track names and the server lacks are told by the browser itself
    assert.deepEqual(
        complaints.filter((text) => !/404/.test(text)),
        [],
    );
});
