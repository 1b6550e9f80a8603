// The site of the documentation (`make docs`): its players sound, its pages fit, in both colour schemes.

import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { ROOT } from "./reference.mjs";

const SITE = join(ROOT, "out/site");

let browser;
let server;
let address;
before(async () => {
    assert.ok(existsSync(join(SITE, "index.html")), "make docs comes first");
    browser = await launch();
    // as on most hosts of static files: without the headers for shared memory
    server = await serve({ isolated: false, mounts: { "/site/": SITE } });
    address = `http://localhost:${server.address().port}/site`;
});
after(async () => {
    await browser?.close();
    server?.close();
});

/** Whatever a page plays also goes to analysers: `window.heard()` is the level of each ear. */
function listen() {
    const { connect } = AudioNode.prototype;
    const ears = [];
    AudioNode.prototype.connect = function (target, ...more) {
        if (target instanceof AudioDestinationNode && ears.length === 0) {
            const split = new ChannelSplitterNode(this.context, { numberOfOutputs: 2 });
            connect.call(this, split);
            for (const side of [0, 1]) {
                ears.push(new AnalyserNode(this.context, { fftSize: 2048 }));
                connect.call(split, ears[side], side);
            }
        }
        return connect.call(this, target, ...more);
    };
    window.heard = () =>
        ears.map((ear) => {
            const samples = new Float32Array(ear.fftSize);
            ear.getFloatTimeDomainData(samples);
            return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
        });
}

/** A page whose console has to stay clean. */
async function opened(path, options) {
    const page = await browser.newPage(options);
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.addInitScript(listen);
    await page.goto(`${address}/${path}`);
    return { page, complaints };
}

/** The frame with a player, scrolled into view. */
async function player(page) {
    await page.locator(".live iframe").scrollIntoViewIfNeeded();
    const frame = await (await page.waitForSelector(".live iframe[src]")).contentFrame();
    await frame.waitForSelector("button.primary:enabled");
    return frame;
}

const sounds = (frame) => frame.waitForFunction(() => window.heard().every((level) => level > 0.01));

test("the first click on the landing page sounds", async () => {
    const { page, complaints } = await opened("index.html");
    const frame = await player(page);
    await frame.click("button.primary");
    await sounds(frame);
    await frame.click("button.primary");
    await frame.waitForFunction(() => window.heard().every((level) => level < 1e-4));
    assert.deepEqual(complaints, []);
    await page.close();
});

test("a parameter on the page of a voice is moved and heard", async () => {
    const { page, complaints } = await opened("voices/binaural_beat.html");
    const frame = await player(page);
    await frame.click("button.primary");
    await sounds(frame);
    const left = frame.locator('[data-parameter="ampL"] input').first();
    await left.fill("0");
    await left.press("Enter");
    await frame.waitForFunction(() => window.heard()[0] < 1e-3 && window.heard()[1] > 0.01);
    assert.deepEqual(complaints, []);
    await page.close();
});

test("players follow the colours of the page", async () => {
    const { page } = await opened("voices/isochronic_tone.html", { colorScheme: "light" });
    const frame = await player(page);
    const ground = () => frame.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.click('label[title="Use the dark scheme"]');
    await page.waitForFunction(() => document.body.dataset.mdColorScheme === "slate");
    assert.notEqual(await ground(), light);
    await page.close();
});

/** Mean brightness of a picture, 0 to 1, and how much its pixels differ from it. */
const looks = (page, png) =>
    page.evaluate(async (bytes) => {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        const { data } = canvas.getImageData(0, 0, image.width, image.height);
        const grey = data.filter((_, index) => index % 4 === 1);
        const mean = grey.reduce((sum, x) => sum + x, 0) / grey.length;
        const spread = Math.sqrt(grey.reduce((sum, x) => sum + (x - mean) ** 2, 0) / grey.length);
        return { mean: mean / 255, spread: spread / 255 };
    }, png.toString("base64"));

test("screenshots are light or dark as asked, and never empty", async () => {
    for (const [width, height] of [[1280, 900], [390, 844]]) {
        for (const path of ["index.html", "voices/binaural_beat.html", "tutorial.html"]) {
            const seen = {};
            for (const colorScheme of ["light", "dark"]) {
                const { page } = await opened(path, { viewport: { width, height }, colorScheme });
                await page.waitForLoadState("networkidle");
                const png = await page.screenshot();
                if (process.env.SCREENSHOTS) {
                    const name = `${path.replace(/\W/g, "_")}-${width}-${colorScheme}.png`;
                    writeFileSync(join(process.env.SCREENSHOTS, name), png);
                }
                seen[colorScheme] = await looks(page, png);
                await page.close();
            }
            const { light, dark } = seen;
            assert.ok(light.mean > 0.6 && dark.mean < 0.4, `${path} at ${width}: ${JSON.stringify(seen)}`);
            assert.ok(light.spread > 0.05 && dark.spread > 0.05, `${path} at ${width}: ${JSON.stringify(seen)}`);
        }
    }
});

test("every page fits a narrow screen and keeps the console clean", async () => {
    const all = readdirSync(SITE, { recursive: true, withFileTypes: true });
    const pages = all
        .filter((entry) => entry.name.endsWith(".html"))
        .map((entry) => relative(SITE, join(entry.parentPath, entry.name)))
        // the studio has tests of its own; the page for missing ones looks for its parts at the root of a server
        .filter((path) => !path.startsWith("studio") && path !== "404.html");
    assert.ok(pages.length > 60, `${pages.length} pages`);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(`${page.url()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    for (const path of pages) {
        await page.goto(`${address}/${path}`, { waitUntil: "domcontentloaded" });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) complaints.push(`${path} is ${over} px too wide`);
    }
    assert.deepEqual(complaints, []);
    await page.close();
});
