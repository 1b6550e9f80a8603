// Hours of listening in the studio: timer, loop, lock screen, output, interruptions.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, named, openOwn, paused, playing, position, studio, titled } from "./studio.mjs";

let place;
before(async () => (place = await studio()));
after(() => place?.close());

test("the sleep timer fades, ends and can be taken back", async () => {
    const page = await place.open();
    await openOwn(page, "Sitting still");
    const timer = page.locator(".transport").getByRole("button", { name: "Sleep timer" });
    await timer.click();
    await page.getByRole("button", { name: "10 min", exact: true }).click();
    await page.waitForFunction(() => /^9:5\d$/.test(document.querySelector(".transport [aria-pressed=true] .now")?.textContent));
    await timer.click();
    await page.getByRole("button", { name: "End the timer" }).click();
    await page.waitForFunction(() => !document.querySelector(".transport [aria-pressed=true]"));
    await timer.click();
    await page.getByRole("textbox", { name: "Or minutes" }).fill("never");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.locator("#minutes-wrong", { hasText: "A number of minutes" }).waitFor();
    await page.getByRole("textbox", { name: "Or minutes" }).fill("0.05");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await paused(page);
    assert.ok((await position(page)) <= 6);
});

test("a loop begins again at its end", async () => {
    const page = await place.open();
    await choose(page, [named("short.json", 200, 3)]);
    await titled(page, "short");
    await page.getByRole("button", { name: "Play again and again" }).click();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    const seen = [];
    const until = Date.now() + 6500;
    while (Date.now() < until) {
        seen.push(await position(page));
        await page.waitForTimeout(100);
    }
    assert.ok(seen.some((at, index) => index > 0 && at < seen[index - 1]), seen.join(" "));
    await playing(page);
});

test("the lock screen shows title and picture, and controls", async () => {
    const page = await place.open({
        init: () => {
            window.handlers = {};
            const session = navigator.mediaSession;
            const set = session.setActionHandler.bind(session);
            session.setActionHandler = (action, handler) => {
                window.handlers[action] = handler;
                set(action, handler);
            };
        },
    });
    await openOwn(page, "Sitting still");
    await page.waitForFunction(() => navigator.mediaSession.metadata?.artwork.length === 1);
    const shown = await page.evaluate(async () => {
        const { title, artist, artwork } = navigator.mediaSession.metadata;
        const picture = await createImageBitmap(await (await fetch(artwork[0].src)).blob());
        return { title, artist, width: picture.width, state: navigator.mediaSession.playbackState };
    });
    assert.deepEqual(shown, { title: "Sitting still", artist: "Studio", width: 512, state: "playing" });
    await page.evaluate(() => window.handlers.pause());
    await paused(page);
    await page.evaluate(() => window.handlers.seekto({ seekTime: 60 }));
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) === 60);
    await page.evaluate(() => window.handlers.play());
    await playing(page);
});

/** Keep the contexts that the page makes in `window.contexts`. */
const keepContexts = () => {
    window.contexts = [];
    window.AudioContext = class extends AudioContext {
        constructor(options) {
            super(options);
            window.contexts.push(this);
        }
    };
};

test("an interrupted or closed context does not end the session", async () => {
    const page = await place.open({ init: keepContexts });
    await openOwn(page, "A short nap");
    await page.evaluate(() => window.contexts.at(-1).suspend());
    await page.waitForFunction(() => window.contexts.at(-1).state === "running");
    await page.locator(".position input").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) >= 50);
    const count = await page.evaluate(() => window.contexts.length);
    await page.evaluate(() => window.contexts.at(-1).close());
    await page.waitForFunction((count) => window.contexts.length > count, count);
    await playing(page);
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) >= 52);
});

test("the volume is kept for the next visit", async () => {
    const page = await place.open({ init: keepContexts });
    const volume = page.getByRole("slider", { name: "Volume" });
    await openOwn(page, "A short nap");
    await volume.fill("0.3");
    await page.reload();
    await openOwn(page, "A short nap");
    assert.equal(await volume.inputValue(), "0.3");
});

test("another device plays when it is chosen", async () => {
    const page = await place.open({
        permissions: ["microphone"],
        init: () => {
            const devices = [
                { kind: "audiooutput", deviceId: "default", label: "Default" },
                { kind: "audiooutput", deviceId: "amp", label: "Headphone amplifier" },
            ];
            navigator.mediaDevices.enumerateDevices = () => Promise.resolve(devices);
            AudioContext.prototype.setSinkId = (id) => Promise.resolve((window.sink = id));
        },
    });
    await openOwn(page, "A short nap");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("combobox", { name: "Device" }).selectOption({ label: "Headphone amplifier" });
    await page.waitForFunction(() => window.sink === "amp");
});

test("the screen stays on while it plays, if asked to", async () => {
    const page = await place.open({
        init: () => {
            window.locks = 0;
            navigator.wakeLock.request = () => {
                window.locks++;
                const lock = new EventTarget();
                lock.release = () => {
                    window.locks--;
                    lock.dispatchEvent(new Event("release"));
                    return Promise.resolve();
                };
                return Promise.resolve(lock);
            };
        },
    });
    await openOwn(page, "A short nap");
    assert.equal(await page.evaluate(() => window.locks), 0);
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("checkbox", { name: "Keep the screen on while it plays" }).check();
    await page.waitForFunction(() => window.locks === 1);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.waitForFunction(() => window.locks === 0);
});

test("the headphone test asks once: left, right, beat", async () => {
    const page = await place.open({
        init: () => {
            localStorage.removeItem("headphones");
            window.tones = [];
            window.OscillatorNode = class extends OscillatorNode {
                connect(to, output, input) {
                    window.tones.push([this.frequency.value, input]);
                    return super.connect(to, output, input);
                }
            };
        },
    });
    await openOwn(page, "A short nap");
    for (const name of ["Left", "Right", "Beat"]) await page.getByRole("button", { name, exact: true }).click();
    await page.waitForFunction(() => window.tones.length === 4);
    assert.deepEqual(await page.evaluate(() => window.tones), [
        [330, 0],
        [330, 1],
        [220, 0],
        [224, 1],
    ]);
    await page.getByRole("button", { name: "All is well" }).click();
    assert.equal(await page.locator(".first-use").count(), 0);
});

test("a hidden, throttled page plays on without underruns", async () => {
    const seconds = Number(process.env.HIDDEN_SECONDS ?? 10);
    const page = await place.open({ init: keepContexts });
    await openOwn(page, "Sitting still");
    const session = await page.context().newCDPSession(page);
    // as Chromium does with hidden pages: few timers, a slow processor
    await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    await page.evaluate(() => {
        Object.defineProperty(document, "hidden", { get: () => true });
        Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
    });
    await session.send("Page.setWebLifecycleState", { state: "active" });
    const begin = await page.evaluate(() => [window.studio.stats().underrunFrames, window.contexts[0].currentTime]);
    await page.waitForTimeout(1000 * seconds);
    const end = await page.evaluate(() => [window.studio.stats().underrunFrames, window.contexts[0].currentTime]);
    assert.ok(end[1] - begin[1] > 0.9 * seconds, `${end[1] - begin[1]} s`);
    if (process.env.HIDDEN_SECONDS) console.log(`underruns in ${seconds} s: ${end[0] - begin[0]} frames`);
    assert.equal(end[0] - begin[0], 0);
});

test("no complaint in any of it", () => {
    assert.deepEqual(place.complaints, []);
});
