// Firefox of the tests, Debian's or the one that FIREFOX names, with a sound server of its own: without one, it plays nothing.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const PREFERENCES = {
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.autoplay.block-webaudio": false,
};

/** Resolves to the browser and a function that ends it and its sound server. */
export async function launchFirefox() {
    const folder = mkdtempSync(join(tmpdir(), "sound-"));
    const socket = join(folder, "socket");
    const sound = spawn(
        "pulseaudio",
        ["-n", "--daemonize=no", "--exit-idle-time=-1", "--load=module-null-sink", `--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`],
        { env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder }, stdio: "ignore" },
    );
    const close = async () => {
        await browser?.close();
        if (sound.kill()) await once(sound, "exit");
        rmSync(folder, { recursive: true, force: true });
    };
    let browser;
    try {
        while (!existsSync(socket)) {
            if (sound.exitCode !== null) throw new Error(`pulseaudio ended with ${sound.exitCode}`);
            await new Promise((done) => setTimeout(done, 50));
        }
        browser = await puppeteer.launch({
            browser: "firefox",
            executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
            env: { ...process.env, PULSE_SERVER: `unix:${socket}` },
            extraPrefsFirefox: PREFERENCES,
            timeout: 120_000,
        });
        return { browser, close };
    } catch (error) {
        await close();
        throw error;
    }
}
