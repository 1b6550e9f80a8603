// Renders of the native engine, for comparison: one process, tracks in, samples out.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const GOLDEN = join(ROOT, "parity/golden");
export const RATE = 44100;
/** Frames of the shortest ramp, with some room. */
const RAMP = 100;
/** Folders beside `web/` that pages of the tests ask for. */
export const MOUNTS = { "/parity/golden/": GOLDEN, "/tests_rs/media/": join(ROOT, "tests_rs/media") };

/** The native engine (the example `reference`, or the program that REFERENCE names), rendering `seconds` of each track that it is given. */
export class Reference {
    #child;
    #chunks = [];
    #length = 0;
    #wake = () => {};
    #ended = false;

    constructor(seconds) {
        const cargo = ["run", "--quiet", "--locked", "-p", "realtime-backend-wasm", "--example", "reference", "--"];
        const [program, ...before] = process.env.REFERENCE ? [process.env.REFERENCE] : ["cargo", ...cargo];
        this.#child = spawn(program, [...before, GOLDEN, String(seconds)], {
            cwd: ROOT,
            stdio: ["pipe", "pipe", "inherit"],
        });
        this.#child.stdout.on("data", (chunk) => {
            this.#chunks.push(chunk);
            this.#length += chunk.length;
            this.#wake();
        });
        this.#child.stdout.on("end", () => {
            this.#ended = true;
            this.#wake();
        });
    }

    /** `{ samples }` (interleaved) or `{ error }`. */
    async render(track) {
        const { bytes, error } = await this.#answer(track, 8);
        if (error) return { error };
        return { samples: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
    }

    /** The bytes of the file with these options. */
    async file(track, options) {
        const { bytes, error } = await this.#answer({ file: { bits: 16, ...options }, track }, 1);
        if (error) throw new Error(error);
        return bytes;
    }

    async #answer(line, unit) {
        this.#child.stdin.write(`${JSON.stringify(line)}\n`);
        const count = (await this.#take(4)).readUInt32LE();
        if (count !== 0xffffffff) return { bytes: await this.#take(unit * count) };
        const length = (await this.#take(4)).readUInt32LE();
        return { error: (await this.#take(length)).toString() };
    }

    async #take(length) {
        while (this.#length < length) {
            if (this.#ended) throw new Error("the native engine ended");
            await new Promise((resolve) => (this.#wake = resolve));
        }
        const all = Buffer.concat(this.#chunks);
        this.#chunks = [all.subarray(length)];
        this.#length -= length;
        return all.subarray(0, length);
    }

    close() {
        this.#child.stdin.end();
    }
}

/** Every recorded call of a voice that was not refused, as a track of one step. */
export function recordedTracks(seconds) {
    const files = readdirSync(GOLDEN).filter((name) => name.endsWith(".json"));
    const names = new Set(files.map((name) => name.slice(0, -5)));
    const rows = files.flatMap((name) => JSON.parse(readFileSync(join(GOLDEN, name), "utf8")));
    return rows
        .filter((row) => names.has(row.function) && row.raises === undefined)
        .map((row) => {
            const { duration: _, sample_rate: rate = 44100, ...params } = row.kwargs;
            const voice = { synth_function_name: row.function, params };
            const step = { duration: seconds, voices: [voice] };
            const name = `${row.function}: ${row.case}`;
            return { name, voice: row.function, track: { global: { sample_rate: Math.max(rate, 8000) }, progression: [step] } };
        });
}

/** Largest difference of the frames `from..to`; samples beyond the stream's ceiling do not count. */
export function worst(ours, theirs, from, to) {
    let most = 0;
    for (let i = 2 * from; i < 2 * to; i++) {
        if (Math.abs(theirs[i]) > 0.95) continue;
        const difference = Math.abs(ours[i] - theirs[i]);
        if (!(difference <= most)) most = difference;
    }
    return most;
}

/** Samples from base64. */
export const decoded = (text) => {
    const bytes = Buffer.from(text, "base64");
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

/** Largest difference between what was heard, wherever it begins, and `expected`. */
export function difference(heard, expected) {
    const starts = (samples) => samples.findIndex((sample) => sample !== 0) >> 1;
    const from = starts(expected);
    // a sound that begins as softly as 1e-30 may lose its first frames in the ramp
    const lost = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    const shifts = lost.map((frames) => starts(heard) - from - frames).filter((shift) => shift >= 0);
    const differences = shifts.map((shift) => {
        const frames = Math.min(expected.length / 2, heard.length / 2 - shift);
        return frames < RATE / 2 ? Infinity : worst(heard.subarray(2 * shift), expected, from + RAMP, frames);
    });
    return Math.min(...differences);
}
