// The built studio in Chromium, for the tests.

import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";

/** A track of one step, as a file that is chosen. */
export const named = (name, base = 200, duration = 20) => {
    const voice = { synth_function_name: "binaural_beat", params: { baseFreq: base, beatFreq: 4, ampL: 0.2, ampR: 0.2 } };
    const track = { global: { compat: "intended" }, progression: [{ duration, voices: [voice] }] };
    return { name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(track)) };
};

/** A browser, a server, and pages of the studio whose complaints are collected. */
export async function studio({ mounts } = {}) {
    const browser = await launch();
    const server = await serve({ mounts: { ...(process.env.STUDIO && { "/studio/": process.env.STUDIO }), ...mounts } });
    const address = `http://localhost:${server.address().port}/studio/`;
    const complaints = [];
    const requests = new Set();
    return {
        browser,
        address,
        complaints,
        /** Origins that pages asked. */
        requests,
        /** A page in a context of its own. Without `workers` nothing is kept for later visits. */
        async open({ path = "", workers = false, init, ...options } = {}) {
            const serviceWorkers = workers ? "allow" : "block";
            const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-GB", serviceWorkers, ...options });
            const page = await context.newPage();
            page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
            page.on("pageerror", (error) => complaints.push(error.message));
            page.on("request", (request) => /^http/.test(request.url()) && requests.add(new URL(request.url()).origin));
            await page.addInitScript(() => localStorage.setItem("headphones", "1"));
            if (init) await page.addInitScript(init);
            await page.goto(address + path);
            await page.waitForSelector("header.bar");
            return page;
        },
        async close() {
            await browser.close();
            server.close();
        },
    };
}

export const playing = (page) => page.waitForSelector('.transport button[aria-label="Pause"]');
export const paused = (page) => page.waitForSelector('.transport button[aria-label="Play"]');
/** The session of that title is open, and drawn down to the views, which come last. */
export const titled = (page, title) =>
    page.waitForFunction((t) => document.querySelector("#title")?.value === t && document.querySelector(".views"), title);
export const position = (page) => page.$eval(".position input", (slider) => Number(slider.value));
export const choose = (page, files) => page.setInputFiles("input[type=file]", files);
/** Open a session of the studio, which plays. */
export async function openOwn(page, title) {
    await page.getByRole("button", { name: title }).click();
    await playing(page);
}
