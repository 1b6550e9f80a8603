// The example of a page plays, and its slider is heard.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { ROOT } from "./reference.mjs";

/** Code for the page: `pitch` is the frequency in Hz of the loudest tone of an ear from 100 to 300 Hz, `beat` the difference of both. */
const LISTEN = `
    const context = window.made.context;
    const split = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    window.made.output.connect(split);
    window.ears = [0, 1].map((side) => {
        const ear = new AnalyserNode(context, { fftSize: 32768, smoothingTimeConstant: 0 });
        split.connect(ear, side);
        return ear;
    });
    window.pitch = (ear) => {
        const levels = new Float32Array(ear.frequencyBinCount);
        ear.getFloatFrequencyData(levels);
        const bin = context.sampleRate / ear.fftSize;
        let best = Math.ceil(100 / bin);
        for (let k = best; k * bin < 300; k += 1) if (levels[k] > levels[best]) best = k;
        const [a, b, c] = [-1, 0, 1].map((d) => levels[best + d]);
        return (best + (a - c) / (2 * (a - 2 * b + c))) * bin;
    };
    window.beat = () => Math.abs(window.pitch(window.ears[0]) - window.pitch(window.ears[1]));
`;

let browser;
let server;
before(async () => {
    browser = await launch();
    server = await serve({ mounts: { "/examples/": join(ROOT, "examples") } });
});
after(async () => {
    await browser?.close();
    server?.close();
});

test("the page of the examples plays, pauses and follows its slider", async () => {
    const page = await browser.newPage();
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    // the page keeps its player to itself: the package hands it to the test as well
    await page.route("**/dist/index.js", async (route) => {
        const response = await route.fetch();
        const text = (await response.text()).replace("return new Player(", "return window.made = new Player(");
        await route.fulfill({ response, body: text });
    });
    await page.goto(`http://localhost:${server.address().port}/examples/web_page.html`);
    await page.click("#play");
    await page.waitForFunction(() => window.made?.state === "playing" && window.made.position > 0.1);
    await page.evaluate(LISTEN);
    await page.waitForFunction(() => Math.abs(window.beat() - 8) < 0.3);
    await page.fill("#beat", "14");
    await page.waitForFunction(() => Math.abs(window.beat() - 14) < 0.3);
    assert.equal(await page.textContent("#hertz"), "14 Hz");
    await page.click("#play");
    await page.waitForFunction(() => window.made.state === "paused");
    assert.equal(await page.textContent("#play"), "Play");
    assert.equal(await page.textContent("#message"), "");
    assert.deepEqual(complaints, []);
});
