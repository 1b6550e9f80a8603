// The library of the studio: what opens, how, and what is kept.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./reference.mjs";
import { choose, named, openOwn, paused, playing, position, studio, titled } from "./studio.mjs";
import { module } from "./studio_modules.mjs";

let place;
before(async () => (place = await studio({ mounts: { "/golden/": join(ROOT, "parity/golden/tracks") } })));
after(() => place?.close());

const SESSIONS = ["Into the night", "A short nap", "Sitting still", "An hour of work", "Forty hertz", "A walk round the head"];
/** Let files fall on the page. */
const drop = (page, { name, buffer }) =>
    page.evaluate(
        ([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            for (const type of ["dragover", "drop"]) {
                document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
            }
        },
        [name, buffer.toString()],
    );
const paste = (page, text) =>
    page.evaluate((text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, text);

test("every session of the studio has a picture and plays", async () => {
    const page = await place.open();
    for (const title of SESSIONS) {
        const card = page.locator(".session-card", { hasText: title });
        await card.locator("svg.picture path").first().waitFor({ state: "attached" });
        await openOwn(page, title);
        await titled(page, title);
        await page.waitForFunction(() => document.querySelector(".position output").textContent !== "0:00");
        assert.equal(await page.locator(".refusal, .remarks").count(), 0, title);
        await page.getByRole("button", { name: "Library" }).click();
    }
});

/** Thirty voices in two steps. */
const large = () => {
    const voice = (beat) => ({ synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: beat, ampL: 0.02, ampR: 0.02 } });
    const voices = Array.from({ length: 15 }, (_, index) => voice(1 + index));
    const track = { global: { compat: "intended" }, progression: [{ duration: 60, voices }, { duration: 60, voices }] };
    return { name: "large.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(track)) };
};

test("a large session is drawn in pieces, and nothing jumps", async () => {
    for (const width of [1280, 390]) {
        const page = await place.open({ viewport: { width, height: 860 } });
        await page.evaluate(() => {
            window.pieces = [];
            window.shifts = [];
            const elements = (nodes) => [...nodes].reduce((sum, node) => sum + 1 + (node.querySelectorAll?.("*").length ?? 0), 0);
            new MutationObserver((list) => {
                window.pieces.push(list.reduce((sum, { addedNodes }) => sum + elements(addedNodes), 0));
            }).observe(document.body, { childList: true, subtree: true });
            new PerformanceObserver((list) => {
                for (const { sources } of list.getEntries()) {
                    for (const { node, previousRect: before, currentRect: now } of sources) {
                        // the header has other buttons for a session
                        if (!node?.closest?.("header")) window.shifts.push(`${node?.outerHTML?.slice(0, 60)}: ${before.y} to ${now.y}`);
                    }
                }
            }).observe({ type: "layout-shift" });
        });
        await choose(page, large());
        await titled(page, "large");
        await page.locator("[data-view=stereo] canvas").waitFor();
        await page.locator(".inspector .voice-chips").waitFor();
        await page.waitForTimeout(300);
        const { pieces, shifts, all, lines } = await page.evaluate(() => ({
            pieces: window.pieces,
            shifts: window.shifts,
            all: document.querySelectorAll("main *, .transport *").length,
            lines: document.querySelectorAll(".panel .line").length,
        }));
        assert.equal(lines, (width === 1280 ? 3 : 1) * 30);
        assert.ok(Math.max(...pieces) < 0.45 * all, `${Math.max(...pieces)} of ${all} elements at once: ${pieces}`);
        assert.deepEqual(shifts, [], `${width} px`);
    }
});

test("space plays and pauses, arrows, Home and End move", async () => {
    const page = await place.open();
    await openOwn(page, "A short nap");
    await page.keyboard.press("Tab");
    await page.locator(".position input").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) >= 50);
    await page.locator("#main").focus();
    await page.keyboard.press("Space");
    await paused(page);
    await page.locator(".position input").focus();
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector(".position output").textContent === "0:00");
    await page.keyboard.press("End");
    await page.waitForFunction(() => Number(document.querySelector(".position input").value) > 1400);
});

test("a wrong dropped track is refused with its place", async () => {
    const page = await place.open();
    await openOwn(page, "A short nap");
    const text = '{"progression":[{"duration":1,"voices":[{"synth_function_name":"binaural_beet","params":{}}]}]}';
    await drop(page, { name: "bad.json", buffer: Buffer.from(text) });
    const refusal = page.locator(".refusal");
    await refusal.waitFor();
    assert.match(await refusal.innerText(), /^progression\[0\]\.voices\[0\]\.synth_function_name: .*binaural_beat/);
    await titled(page, "A short nap");
    await playing(page);
    await drop(page, { name: "bad.json", buffer: Buffer.from('{"progression": [') });
    await page.waitForFunction(() => /^bad.json is not valid JSON/.test(document.querySelector(".refusal")?.innerText));
    await drop(page, { name: "notes.txt", buffer: Buffer.from("hello") });
    await page.waitForFunction(() => /^notes.txt: the studio opens/.test(document.querySelector(".refusal")?.innerText));
});

/** Let a file fall that claims its size and must not be read. */
const dropHuge = (page, names, size) =>
    page.evaluate(
        ([names, size]) => {
            const files = names.map((name) => Object.defineProperty(new File(["x"], name), "size", { value: size }));
            for (const read of ["arrayBuffer", "text", "stream", "slice"]) Blob.prototype[read] = () => (window.wasRead = read);
            const dataTransfer = { types: ["Files"], files };
            document.body.dispatchEvent(Object.defineProperty(new DragEvent("drop", { bubbles: true, cancelable: true }), "dataTransfer", { value: dataTransfer }));
        },
        [names, size],
    );

test("files that are too large are refused unread, in words", async () => {
    const page = await place.open();
    const refused = async (words) => {
        await page.waitForFunction((words) => new RegExp(words).test(document.querySelector(".refusal")?.innerText), words);
        assert.equal(await page.evaluate(() => window.wasRead), undefined);
    };
    await dropHuge(page, ["year.json"], 2 ** 26 + 1);
    await refused("^year.json has 65 MB; a session has at most 64 MB");
    await dropHuge(page, ["rain.wav"], 2 ** 30 + 1);
    await refused("^rain.wav has 1025 MB; the studio holds at most 1024 MB of audio");
    await dropHuge(page, ["one.flac", "two.flac", "three.flac"], 400 * 2 ** 20);
    await refused("^The 3 files have 1200 MB together; the studio holds at most 1024 MB");
    await openOwn(page, "A short nap");
    await dropHuge(page, ["rain.wav"], 2 ** 31);
    await refused("^rain.wav has 2048 MB");
    await titled(page, "A short nap");
    assert.equal(await page.locator(".block.overlay").count(), 0);
});

test("a track opens by drop, paste and address", async () => {
    const page = await place.open();
    await drop(page, named("dusk.json"));
    await titled(page, "dusk");
    await paste(page, named("", 220).buffer.toString());
    await titled(page, "Pasted");
    const linked = await place.open({ path: "?track=../golden/v1_linear_two_steps.json" });
    await titled(linked, "v1_linear_two_steps");
    const asked = await place.open({ path: "?session=nap" });
    await titled(asked, "A short nap");
    await paused(asked);
    const elsewhere = await place.open({ path: "?track=https://example.org/track.json" });
    await elsewhere.waitForSelector(".refusal");
    assert.match(await elsewhere.innerText(".refusal"), /^The track lies on example.org/);
});

test("a track opens with the clip beside it", async () => {
    const page = await place.open();
    await choose(page, [
        join(ROOT, "parity/golden/tracks/clips_and_background.json"),
        join(ROOT, "parity/golden/tracks/media/blip_mono_44100.wav"),
    ]);
    await titled(page, "clips_and_background");
});

test("audio alone becomes a session, and joins an open one", async () => {
    const page = await place.open();
    const wav = join(ROOT, "parity/golden/tracks/media/blip_mono_44100.wav");
    await choose(page, [wav]);
    await titled(page, "blip_mono_44100");
    await page.evaluate(async (bytes) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(bytes)], "bell.wav", { type: "audio/wav" }));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, [...readFileSync(wav)]);
    const undo = page.getByRole("button", { name: "Undo: add audio" });
    await undo.click();
    await page.getByRole("button", { name: "Redo: add audio" }).click();
    await undo.waitFor();
    assert.equal(await page.locator(".refusal").count(), 0);
});

test("a noise file is half an hour of that noise", async () => {
    const page = await place.open();
    const noise = { noise_parameters: { name: "brown", seed: 3 }, lfo_freq: 0.05, sweeps: [] };
    await choose(page, [{ name: "sea.noise", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(noise)) }]);
    await titled(page, "sea");
    await page.waitForFunction(() => document.querySelector(".position .muted").textContent === "30:00");
});

test("a session of SBaGen opens as steps", async () => {
    const page = await place.open();
    const text = "deep: 200+4/20\noff: -\nNOW deep\n+00:10:00 off\n";
    await choose(page, [{ name: "deep.sbg", mimeType: "text/plain", buffer: Buffer.from(text) }]);
    await titled(page, "deep");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await playing(page);
    await page.waitForFunction(() => /^1[01]:/.test(document.querySelector(".position .muted").textContent));
    await paste(page, "tone: 300+8/20\nNOW tone\n+00:05:00 tone\n");
    await titled(page, "Pasted");
    await drop(page, { name: "bad.sbg", buffer: Buffer.from("NOW nothing-like-this\n") });
    await page.locator(".refusal", { hasText: "bad.sbg could not be read" }).waitFor();
});

test("several tracks play in turn, with buttons between them", async () => {
    const page = await place.open();
    await choose(page, [named("dusk.json", 200), named("night.json", 220)]);
    await titled(page, "dusk");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await playing(page);
    await page.getByRole("button", { name: "Next session" }).click();
    await titled(page, "night");
    assert.match(await page.innerText(".facts"), /2 of 2/);
    await page.getByRole("button", { name: "Previous session" }).click();
    await titled(page, "dusk");
});

test("what was opened is there after a reload", async () => {
    const page = await place.open();
    await choose(page, [named("dusk.json")]);
    await titled(page, "dusk");
    await page.getByRole("button", { name: "Library" }).click();
    await page.locator(".kept-row button", { hasText: "dusk" }).waitFor();
    await page.reload();
    await page.locator(".kept-row button", { hasText: "dusk" }).click();
    await titled(page, "dusk");
    await playing(page);
    await page.reload();
    await page.getByRole("button", { name: "Forget dusk" }).click();
    await page.waitForFunction(() => document.querySelector(".kept-row") === null);
});

test("a share link holds the whole track", async () => {
    const page = await place.open();
    const file = named("dusk.json", 234.5);
    await choose(page, [file]);
    await titled(page, "dusk");
    await page.getByRole("button", { name: "Share" }).click();
    const field = page.getByRole("textbox", { name: "Link" });
    await page.waitForFunction(() => document.querySelector("dialog input").value !== "");
    const link = await field.inputValue();
    assert.ok(link.startsWith(`${place.address}#shared=`));
    const other = await place.open({ path: link.slice(place.address.length) });
    await titled(other, "dusk");
    const download = other.waitForEvent("download");
    await other.getByRole("button", { name: "Save" }).click();
    const saved = JSON.parse(readFileSync(await (await download).path(), "utf8"));
    assert.deepEqual(saved, JSON.parse(file.buffer));
    const broken = await place.open({ path: `${link.slice(place.address.length, -12)}` });
    await broken.waitForSelector(".refusal");
    assert.match(await broken.innerText(".refusal"), /^The link is incomplete or broken/);
    assert.equal(await position(other), 0);
});

test("the page speaks German when asked to", async () => {
    const page = await place.open({ locale: "de-DE" });
    await page.getByRole("button", { name: "In die Nacht" }).waitFor();
    assert.equal(await page.getAttribute("html", "lang"), "de");
    await page.getByRole("button", { name: "Einstellungen" }).click();
    await page.getByRole("combobox", { name: "Sprache" }).selectOption("en");
    await page.getByRole("heading", { name: "What would you like to hear?" }).waitFor({ state: "attached" });
});

test("every voice and parameter has German words", async () => {
    globalThis.navigator ??= { languages: [] };
    const { withoutEar, words } = await module("inspector/words.ts");
    const { parameters } = await module("i18n/parameters.de.ts");
    const { families, flanger } = JSON.parse(readFileSync(join(ROOT, "web/studio/src/inspector/voices.json"), "utf8"));
    const names = new Set([...families.flatMap((family) => family.parameters), ...flanger].map(({ name }) => withoutEar(name)[0]));
    assert.deepEqual(Object.keys(parameters).sort(), [...names].sort());
    const { voices } = await module("i18n/voices.de.ts");
    assert.deepEqual(Object.keys(voices).sort(), families.flatMap(({ about, summary }) => [about, summary]).sort());
    assert.equal(words("ampOscDepthL"), "Amplitude oscillation depth, left");
    assert.equal(words("amp_upper_R"), "Amplitude upper, right");
    assert.equal(words("flangeDelayMs"), "Flange delay");

    const page = await place.open({ locale: "de-DE" });
    await drop(page, named("dusk.json"));
    await page.locator(".voice-chips .chip").first().click();
    await page.locator('[data-parameter="beatFreq"] .field-name', { hasText: "Schwebungsfrequenz" }).waitFor();
    await page.locator('[data-parameter="ampL"] .field-name', { hasText: "Amplitude, links" }).waitFor();
    assert.equal(await page.locator('[data-parameter="ampL"] .about [lang=en]').count(), 1);
    await page.locator(".voice-editor .summary", { hasText: "Zwei Sinusträger" }).waitFor();
});

test("the studio's own sessions speak German, too", async () => {
    const { sessions } = await module("i18n/sessions.de.ts");
    const folder = join(ROOT, "web/studio/public/sessions");
    const parts = readdirSync(folder)
        .flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")).progression)
        .flatMap((step) => [step, ...(step.voices ?? [])]);
    const words = new Set(parts.map(({ description }) => description).filter(Boolean));
    assert.deepEqual([...words].filter((word) => !(word in sessions)), []);
    assert.deepEqual(Object.keys(sessions).filter((word) => !words.has(word)), []);
    const page = await place.open({ locale: "de-DE" });
    await page.getByRole("button", { name: "Ein kurzer Schlaf" }).click();
    await page.getByRole("option", { name: /hinlegen/ }).waitFor();
});

test("where the system sends links, the dialog offers it", async () => {
    const page = await place.open({ init: () => (navigator.share = async (what) => void (window.sent = what)) });
    await choose(page, [named("dusk.json")]);
    await titled(page, "dusk");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: "Send…" }).click();
    const sent = await page.evaluate(() => window.sent);
    assert.equal(sent.title, "dusk");
    assert.equal(sent.url, await page.getByRole("textbox", { name: "Link" }).inputValue());
});

test("no complaint, and no request to anybody else", () => {
    // files that a track names and the server lacks are told by the browser itself
    assert.deepEqual(
        place.complaints.filter((text) => !/404/.test(text)),
        [],
    );
    assert.deepEqual([...place.requests], [new URL(place.address).origin]);
});
