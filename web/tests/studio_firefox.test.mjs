// The studio in Firefox: it opens, plays, is edited by keyboard, exports, and works offline.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "../serve.mjs";
import { launchFirefox } from "./firefox.mjs";
import { recordable } from "./recording.mjs";
import { decoded, Reference, ROOT } from "./reference.mjs";
import { named } from "./studio.mjs";

const FILE = named("dusk.json", 210, 30);

describe("the studio in Firefox", () => {
    let firefox;
    let server;
    let folder;
    let address;
    const complaints = [];
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "studio-"));
        cpSync(process.env.STUDIO ?? join(ROOT, "web/studio/dist"), join(folder, "studio"), { recursive: true });
        writeFileSync(join(folder, FILE.name), FILE.buffer);
        server = await serve({ mounts: { "/studio/": join(folder, "studio") } });
        address = `http://localhost:${server.address().port}/studio/`;
        firefox = await launchFirefox();
    });
    after(async () => {
        await firefox?.close();
        server?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    /** A page whose sound is recorded and whose downloads are kept. */
    async function open({ scripts = [recordable] } = {}) {
        const page = await firefox.browser.newPage();
        await page.setViewport({ width: 1280, height: 860 });
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        const init = () => {
            localStorage.setItem("headphones", "1");
            localStorage.setItem("language", "en");
            const { createObjectURL } = URL;
            URL.createObjectURL = (blob) => {
                if (blob.type.startsWith("audio/")) window.downloaded = blob;
                return createObjectURL.call(URL, blob);
            };
        };
        // a new page is empty at first, and then keeps nothing
        for (const script of [...scripts, init]) await page.evaluateOnNewDocument(`if (location.protocol === "http:") (${script})()`);
        await page.goto(address);
        await drawn(page);
        return page;
    }
    const button = (page, name) => page.locator(`::-p-aria(${name}[role="button"])`);
    /** Asked again and again from here: what puppeteer leaves in the page to wait does not outlive every reload. */
    async function until(page, check) {
        for (let round = 0; round < 600; round++) {
            if (await page.evaluate(check)) return;
            await new Promise((done) => setTimeout(done, 50));
        }
        assert.fail(`in vain: ${check}`);
    }
    /** Until then, cards may move away under the mouse. */
    const drawn = (page) => until(page, () => document.querySelectorAll(".session-card svg").length === 6);
    const playing = (page) => until(page, () => document.querySelector('.transport button[aria-label="Pause"]') !== null);
    /** The largest sample of each ear in what is heard now. */
    async function levels(page, seconds = 0.5) {
        await page.evaluate((seconds) => window.record(seconds), seconds);
        const heard = decoded(await page.evaluate(() => window.recorded));
        return [0, 1].map((ear) => heard.reduce((most, sample, i) => (i % 2 === ear ? Math.max(most, Math.abs(sample)) : most), 0));
    }

    /** Wait until the levels of both ears are these. */
    async function becomes(page, wanted) {
        for (let round = 0; round < 40; round++) {
            const heard = await levels(page, 0.25);
            if (heard.every((level, ear) => Math.abs(level / wanted[ear] - 1) < 0.01)) return;
        }
        assert.fail(`not ${wanted}`);
    }

    test("a session opens and sounds", async () => {
        const page = await open();
        assert.equal(await page.$$eval(".session-card", (cards) => cards.length), 6);
        await button(page, "Forty hertz").click();
        await playing(page);
        await until(page, () => document.querySelector(".position output").textContent !== "0:00");
        const [left, right] = await levels(page);
        assert.ok(left > 1e-3 && right > 1e-3, `${left} ${right}`);
        await page.close();
    });

    test("an edit by keyboard is heard, and undone", async () => {
        const page = await open();
        const input = await page.$("input[type=file]");
        await input.uploadFile(join(folder, FILE.name));
        await until(page, () => document.querySelector("[data-step]") !== null);
        await button(page, "Play").click();
        await playing(page);
        // past the fade at the start
        await until(page, () => Number(document.querySelector(".position input").value) >= 4);
        const before = await levels(page);
        await page.$eval('[role=slider][aria-label^="Level"]', (grip) => grip.focus());
        for (let press = 0; press < 2; press++) await page.keyboard.press("PageUp");
        await becomes(page, before.map((level) => 2 * level));
        await page.keyboard.down("Control");
        for (let press = 0; press < 2; press++) await page.keyboard.press("z");
        await page.keyboard.up("Control");
        await becomes(page, before);
        await page.close();
    });

    test("a WAV file has the bytes of the native one", async () => {
        const page = await open();
        const input = await page.$("input[type=file]");
        await input.uploadFile(join(folder, FILE.name));
        await until(page, () => document.querySelector("[data-step]") !== null);
        await button(page, "Export…").click();
        await button(page, "WAV").click();
        await until(page, () => document.querySelector("dialog .primary") !== null);
        await page.click("dialog .primary");
        await until(page, () => /dusk.wav is ready/.test(document.querySelector("dialog").textContent));
        const text = await page.evaluate(
            () =>
                new Promise((done) => {
                    const reader = new FileReader();
                    reader.onload = () => done(reader.result.split(",")[1]);
                    reader.readAsDataURL(window.downloaded);
                }),
        );
        const reference = new Reference(1);
        const theirs = await reference.file(JSON.parse(FILE.buffer), { format: "wav", bits: 24 });
        reference.close();
        assert.ok(Buffer.from(text, "base64").equals(theirs));
        await page.close();
    });

    // the last one: it ends the server
    test("after the first visit it opens and plays offline", async () => {
        // the recorder is on the server
        const page = await open({ scripts: [] });
        await until(page, () => /works without a network/.test(document.querySelector(".promise").textContent));
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
        await page.reload();
        await drawn(page);
        await button(page, "A short nap").click();
        await playing(page);
        await until(page, () => document.querySelector(".position output").textContent !== "0:00");
        await page.close();
    });

    test("nothing was complained about", () => assert.deepEqual(complaints, []));
});
