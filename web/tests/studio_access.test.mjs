// The studio for everyone: rules of WCAG, keyboard alone, small and large screens, forced colours, content policy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./reference.mjs";
import { openOwn, playing, studio } from "./studio.mjs";

const AXE = readFileSync(join(ROOT, "web/node_modules/axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let place;
before(async () => (place = await studio()));
after(() => place?.close());

/** What axe finds, in words. */
async function findings(page) {
    const session = await page.context().newCDPSession(page);
    // through the debugger: the content policy of the page lets no other script in
    await session.send("Runtime.evaluate", { expression: AXE });
    const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), TAGS);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`);
}

for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in library, session and dialogs, ${colorScheme}`, async () => {
        const page = await place.open({ colorScheme, init: () => localStorage.removeItem("headphones") });
        await page.locator(".session-card svg").last().waitFor();
        assert.deepEqual(await findings(page), [], "library");
        await openOwn(page, "A short nap");
        assert.deepEqual(await findings(page), [], "session");
        for (const name of ["Library", "Share", "Export…", "Settings", "Sleep timer"]) {
            await page.getByRole("button", { name }).first().click();
            await page.waitForSelector("dialog[open]");
            assert.deepEqual(await findings(page), [], name);
            await page.keyboard.press("Escape");
            await page.waitForSelector("dialog[open]", { state: "detached" });
        }
    });
}

test("the keyboard reaches everything of the frame, and focus returns", async () => {
    const page = await place.open();
    await page.locator(".session-card svg").last().waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    /** Press Tab until the element in focus has this name. */
    const reach = async (name) => {
        for (let press = 0; press < 120; press++) {
            await page.keyboard.press("Tab");
            const here = await page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim());
            if (here === name) return;
        }
        assert.fail(`${name} is not reached`);
    };
    await reach("A short nap");
    await page.keyboard.press("Enter");
    await playing(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await reach("Sleep timer");
    await page.keyboard.press("Enter");
    await reach("20 min");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Sleep timer/);
    for (const name of ["Library", "Save", "Share", "Export…", "Settings", "Position", "Pause"]) await reach(name);
    await page.keyboard.press("Enter");
    await page.waitForSelector('.transport button[aria-label="Play"]');
});

test("a voice is found, heard and added by keyboard alone", async () => {
    const page = await place.open();
    await openOwn(page, "A short nap");
    await page.getByRole("button", { name: "Add voice" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.type("bell");
    await page.getByText("Voices: 1.").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Stop listening to bell" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.equal(await page.getByRole("button", { name: "bell", pressed: true }).count(), 1);
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Add voice/);
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: "bell", pressed: true }).waitFor({ state: "detached" });
});

const SIZES = [
    ["320 px", { width: 320, height: 640 }],
    ["a phone", { width: 390, height: 844 }],
    ["200 % zoom of 1280 px", { width: 640, height: 430 }],
];
for (const [name, viewport] of SIZES) {
    test(`nothing too wide or too small: ${name}`, async () => {
        const page = await place.open({ viewport, init: () => localStorage.removeItem("headphones") });
        await page.locator(".session-card svg").last().waitFor();
        const width = () => page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok((await width()) <= viewport.width, `library: ${await width()}`);
        await openOwn(page, "An hour of work");
        assert.ok((await width()) <= viewport.width, `session: ${await width()}`);
        const small = await page.evaluate(() =>
            [...document.querySelectorAll("header.bar button, .transport button, .transport input, .first-use button")]
                .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
                .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 44))
                .map(([html, { width, height }]) => `${html}: ${width} x ${height}`),
        );
        assert.deepEqual(small, []);
    });

    test(`all of the transport is in view with a timer: ${name}`, async () => {
        const page = await place.open({ viewport });
        await openOwn(page, "An hour of work");
        await page.locator(".transport").getByRole("button", { name: "Sleep timer" }).click();
        await page.getByRole("button", { name: "1 h 30 min" }).click();
        await page.locator(".transport .now", { hasText: "1:29:" }).waitFor();
        await page.keyboard.press("Escape");
        const places = await page.$$eval(".transport button, .transport input, .transport .muted", (elements) =>
            elements.map((element) => element.getBoundingClientRect()).map(({ left, right, width }) => [left, right, width]),
        );
        for (const [left, right, width] of places) assert.ok(left >= 0 && right <= viewport.width && width > 30, `${left} to ${right}`);
    });
}

test("forced colours keep borders, focus and state visible", async () => {
    const page = await place.open({ forcedColors: "active" });
    await openOwn(page, "A short nap");
    await page.getByRole("button", { name: "Play again and again" }).click();
    await page.waitForFunction(() => {
        const [on, off] = ["true", "false"].map((pressed) => document.querySelector(`.transport [aria-pressed=${pressed}]`));
        return on && off && getComputedStyle(on).backgroundColor !== getComputedStyle(off).backgroundColor;
    });
});

test("the policy lets only scripts of the site in", async () => {
    const page = await place.open();
    const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
    assert.match(policy, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
    await openOwn(page, "A walk round the head");
    assert.deepEqual(place.complaints, []);
    const blocked = await page.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "window.entered = true";
        document.head.append(script);
        return window.entered;
    });
    assert.equal(blocked, undefined);
    assert.deepEqual([...place.requests], [new URL(place.address).origin]);
});
