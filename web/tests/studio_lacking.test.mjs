// The studio in a browser that lacks what some browsers lack: no file pickers, no compression, no media controls, no shared
// memory, sounds that need a click.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { recordable } from "./recording.mjs";
import { decoded, Reference } from "./reference.mjs";
import { choose, named, openOwn, paused, playing, studio, titled } from "./studio.mjs";

let place;
before(async () => (place = await studio()));
after(() => place?.close());

/** What Safari, or a private window, may not have. */
const lacking = () => {
    const pickers = ["showSaveFilePicker", "showOpenFilePicker"];
    const streams = ["CompressionStream", "DecompressionStream"];
    for (const name of [...pickers, ...streams, "requestIdleCallback", "OffscreenCanvas", "SharedArrayBuffer", "indexedDB"]) {
        Object.defineProperty(window, name, { value: undefined });
        delete window[name];
    }
    Object.defineProperty(window, "crossOriginIsolated", { value: false });
    for (const name of ["setSinkId", "sinkId", "outputLatency", "playbackStats"]) delete AudioContext.prototype[name];
    delete BaseAudioContext.prototype.outputLatency;
    for (const name of ["wakeLock", "mediaSession", "share", "clipboard", "serviceWorker", "mediaDevices", "storage"]) delete Navigator.prototype[name];
};
const both = `(${recordable})(); (${lacking})();`;
const level = async (page) => {
    await page.evaluate(() => window.record(0.5));
    return decoded(await page.evaluate(() => window.recorded)).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
};

test("a session plays, is edited and saved without what may be missing", async () => {
    const page = await place.open({ init: both });
    assert.equal(await page.evaluate(() => "mediaSession" in navigator || "CompressionStream" in window || crossOriginIsolated), false);
    await choose(page, named("bare.json", 210, 600));
    await titled(page, "bare");
    await page.locator('.transport button[aria-label="Play"]').click();
    await playing(page);
    await page.waitForTimeout(3500);
    const before = await level(page);
    assert.ok(before > 0.05, `${before}`);
    await page.getByRole("slider", { name: /^Level/ }).first().focus();
    await page.keyboard.press("PageUp");
    await page.waitForTimeout(300);
    assert.ok((await level(page)) > 1.02 * before);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save", exact: true }).click()]);
    assert.equal(JSON.parse(readFileSync(await file.path(), "utf8")).progression.length, 1);
    await page.getByRole("button", { name: "Settings" }).click();
    assert.equal(await page.getByRole("combobox", { name: "Device" }).count(), 0);
    await page.keyboard.press("Escape");
    await page.locator('.transport button[aria-label="Pause"]').click();
    await paused(page);
});

test("an export is downloaded, and equals the native file", async () => {
    const page = await place.open({ init: both });
    const file = named("bare.json", 210, 7);
    await choose(page, file);
    await titled(page, "bare");
    await page.getByRole("button", { name: "Export…" }).click();
    await page.getByRole("button", { name: "WAV" }).click();
    const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export", exact: true }).click()]);
    const reference = new Reference(1);
    const theirs = await reference.file(JSON.parse(file.buffer), { format: "wav", bits: 24 });
    reference.close();
    assert.ok(readFileSync(await saved.path()).equals(theirs));
});

test("a link without compression opens in every browser", async () => {
    const page = await place.open({ init: both });
    await choose(page, named("bare.json", 210, 7));
    await titled(page, "bare");
    await page.getByRole("button", { name: "Share" }).click();
    const link = page.getByRole("textbox", { name: "Link" });
    await page.waitForFunction(() => document.querySelector("dialog input")?.value.includes("#plain="));
    const address = new URL(await link.inputValue());
    for (const init of [undefined, both]) {
        const other = await place.open({ path: address.hash, init });
        await titled(other, "bare");
    }
});

test("memory that cannot be shared with the audio thread is not", async () => {
    const page = await place.open({
        init: () => {
            window.AudioWorkletNode = class extends AudioWorkletNode {
                constructor(context, name, options) {
                    if (options?.processorOptions?.ring) throw new DOMException("cannot be cloned", "DataCloneError");
                    super(context, name, options);
                }
            };
        },
    });
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    await openOwn(page, "A short nap");
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) > 0.3);
});

test("an interruption by the system is waited for", async () => {
    const page = await place.open({
        init: () => {
            const { resume } = AudioContext.prototype;
            const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state");
            window.interrupted = false;
            AudioContext.prototype.resume = function () {
                return window.interrupted ? Promise.reject(new DOMException("interrupted", "InvalidStateError")) : resume.call(this);
            };
            Object.defineProperty(BaseAudioContext.prototype, "state", {
                get() {
                    (window.contexts ??= new Set()).add(this);
                    return window.interrupted ? "interrupted" : state.get.call(this);
                },
            });
        },
    });
    await openOwn(page, "A short nap");
    await page.evaluate(async () => {
        window.interrupted = true;
        for (const context of window.contexts) await context.suspend();
    });
    await page.locator('.transport button[aria-label="Pause"]').click();
    await page.locator('.transport button[aria-label="Play"]').click();
    await page.waitForTimeout(300);
    const at = () => page.$eval(".position input", (slider) => Number(slider.value));
    const held = await at();
    await page.evaluate(() => (window.interrupted = false));
    await page.waitForFunction((held) => Number(document.querySelector(".position input").value) > held + 1, held);
});

test("controls of the system come with the next click where the first is too old", async () => {
    const page = await place.open({
        init: () => {
            const { play } = HTMLMediaElement.prototype;
            window.asked = 0;
            HTMLMediaElement.prototype.play = function () {
                return ++window.asked === 1 ? Promise.reject(new DOMException("no click", "NotAllowedError")) : play.call(this);
            };
        },
    });
    await openOwn(page, "A short nap");
    await page.waitForFunction(() => window.asked === 1);
    await page.locator("main").click({ position: { x: 5, y: 5 } });
    await page.waitForFunction(() => window.asked === 2);
});

test("without the engine's needs the page says so in words", async () => {
    for (const [init, words] of [
        [() => delete window.WebAssembly, /WebAssembly with vectors/],
        [() => delete window.AudioWorkletNode, /AudioWorklet/],
    ]) {
        const page = await place.open({ init });
        await page.getByRole("button", { name: "A short nap" }).click();
        await page.getByText(words).first().waitFor();
    }
});

test("nothing was complained about", () => assert.deepEqual(place.complaints, []));
