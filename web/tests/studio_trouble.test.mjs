// The studio where something is missing or in the way: no room, no storage, a second page, files that are not what they seem.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, named, openOwn, playing, studio, titled } from "./studio.mjs";

let place;
before(async () => (place = await studio()));
after(() => place?.close());

const notice = (page, text) => page.locator(".notice", { hasText: text });
const refusal = (page, text) => page.locator(".refusal", { hasText: text });
/** Let a file of so many bytes fall on the page. */
const drop = (page, name, bytes) =>
    page.evaluate(
        ([name, bytes]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        },
        [name, bytes],
    );
const keptTitles = (page) => page.locator(".kept-row div > button").allInnerTexts();
/** Give the open session another title. */
async function retitle(page, title) {
    await page.fill("#title", title);
    await page.keyboard.press("Enter");
    await page.locator("#title").blur();
}

test("a full disk is said, and the session plays on", async () => {
    const page = await place.open();
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(place.address).origin, quotaSize: 100_000 });
    const big = { name: "big.json", mimeType: "application/json", buffer: named("", 200).buffer };
    big.buffer = Buffer.from(JSON.stringify({ ...JSON.parse(big.buffer), x_pad: "long ".repeat(200_000) }));
    await choose(page, big);
    await titled(page, "big");
    await notice(page, "no room left").waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await playing(page);
    await notice(page, "no room left").getByRole("button").click();
    assert.equal(await page.locator(".notice").count(), 0);
});

test("without a database everything works but keeping", async () => {
    const denied = () => {
        Object.defineProperty(window, "indexedDB", {
            get: () => {
                throw new DOMException("denied", "SecurityError");
            },
        });
        Object.defineProperty(window, "localStorage", {
            get: () => {
                throw new DOMException("denied", "SecurityError");
            },
        });
    };
    const page = await place.open({ init: denied });
    await openOwn(page, "A short nap");
    assert.equal(await page.locator(".notice").count(), 0, "nothing was to be kept");
    await page.getByRole("button", { name: "Library" }).click();
    await choose(page, named("dusk.json"));
    await titled(page, "dusk");
    await notice(page, "This browser keeps nothing here").getByRole("button").click();
    await retitle(page, "dawn");
    await page.waitForTimeout(1200);
    assert.equal(await page.locator(".notice").count(), 0, "said once");
});

test("two pages with one session keep both versions", async () => {
    const one = await place.open();
    await choose(one, named("dusk.json"));
    await titled(one, "dusk");
    const other = await one.context().newPage();
    await other.goto(place.address);
    await other.locator(".kept-row div > button", { hasText: "dusk" }).click();
    await titled(other, "dusk");
    await retitle(other, "dusk, softer");
    await other.waitForTimeout(1500);
    await retitle(one, "dusk, longer");
    await one.waitForTimeout(1500);
    await one.getByRole("button", { name: "Library" }).click();
    assert.deepEqual((await keptTitles(one)).sort(), ["dusk, longer", "dusk, softer"]);
    await one.keyboard.press("Escape");
    await retitle(one, "dusk, much longer");
    await one.waitForTimeout(1500);
    await other.evaluate(() => window.dispatchEvent(new Event("focus")));
    await other.getByRole("button", { name: "Library" }).click();
    await other.locator(".kept-row", { hasText: "much longer" }).waitFor();
    assert.deepEqual((await keptTitles(other)).sort(), ["dusk, much longer", "dusk, softer"]);
});

test("the library says nothing of what was never opened", async () => {
    const page = await place.open();
    await page.getByRole("heading", { name: "Open your own" }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Opened before" }).count(), 0);
    await page.getByRole("button", { name: "Or open your own." }).click();
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Open files/);
});

test("files that are too large, empty or broken", async () => {
    const page = await place.open();
    await drop(page, "huge.json", 2 ** 26 + 1);
    await refusal(page, "huge.json has 65 MB; a session has at most 64 MB.").waitFor();
    await drop(page, "empty.json", 0);
    await refusal(page, "empty.json is not valid JSON").waitFor();
    await drop(page, "zeros.sbg", 1000);
    await refusal(page, "zeros.sbg could not be read").waitFor();
    await drop(page, "zeros.wav", 1000);
    await refusal(page, "zeros.wav: is not an audio file that can be read").waitFor();
    await page.getByRole("button", { name: "Library" }).click();
    await openOwn(page, "A short nap");
    assert.equal(await page.locator(".refusal").count(), 0);
    await drop(page, "zeros.wav", 1000);
    await refusal(page, "zeros.wav: is not an audio file that can be read").waitFor();
    await page.keyboard.press("Control+z");
    await page.locator(".refusal").waitFor({ state: "detached" });
    await playing(page);
});

test("nothing was complained about", () => assert.deepEqual(place.complaints, []));
