// The worker's side and the page's picture of it, with an audio thread that takes frames when the test says so.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import "./engine.mjs";
import { Host } from "../dist/host.js";
import { outputLatency } from "../dist/latency.js";
import { Playhead } from "../dist/playhead.js";
import { Ring } from "../dist/ring.js";

const RATE = 44100;
const MARGIN = 0.03;
const track = {
    global: { sample_rate: RATE },
    progression: [{ duration: 20, voices: [{ synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 4 } }] }],
};

let host;
let ring;
let playhead;
let statuses;
let calls;

const call = (verb, ...given) => host.answer({ id: ++calls, verb, arguments: given });
const seek = async (position) => {
    playhead.seek(position, calls + 1);
    await call("seek", position);
};
/** The audio thread takes this many seconds, in quanta; the worker has a look at the ring after each. */
function listen(seconds) {
    const [left, right] = [new Float32Array(128), new Float32Array(128)];
    for (let taken = 0; taken < seconds * RATE; taken += 128) {
        ring.read(left, right);
        host.tick();
    }
}
const position = () => {
    const { state } = statuses.at(-1);
    return state === "playing" ? playhead.moving(0, 20) : playhead.shown;
};

beforeEach(async () => {
    calls = 0;
    statuses = [];
    // a clock that stands still: nothing is extrapolated
    playhead = new Playhead(0, () => 0);
    host = new Host((message) => {
        if (!("status" in message)) return assert.equal(message.error, undefined);
        statuses.push({ ...message, when: 0 });
        playhead.hear(statuses.at(-1));
    });
    const buffer = new SharedArrayBuffer(Ring.bytes(2 ** 16));
    ring = new Ring(buffer);
    await call("open", { startupFade: 0 });
    await call("load", JSON.stringify(track), false);
    const frames = { target: Math.round(0.3 * RATE), deepest: RATE, margin: Math.round(MARGIN * RATE), capacity: 2 ** 16 };
    await call("connect", undefined, buffer, frames);
    await call("play");
    listen(1);
});
afterEach(() => assert.ok(statuses.length > 0));

test("a seek while the fade-out of a pause still sounds shows its goal from then on", async () => {
    await call("pause");
    await seek(0);
    assert.equal(position(), 0);
    listen(0.005);
    host.tick();
    assert.equal(position(), 0, "while the fade-out sounds");
    listen(1);
    assert.equal(position(), 0, "when it is over");
    assert.equal(statuses.at(-1).position, 0);
});

test("a seek shows its goal while what was buffered is heard, and goes on from there", async () => {
    await seek(10);
    for (let heard = 0; heard < MARGIN - 0.005; heard += 0.005) {
        listen(0.005);
        assert.equal(position(), 10, `after ${heard} s`);
    }
    listen(0.2);
    assert.ok(Math.abs(position() - 10.17) < 0.05, `${position()}`);
});

test("of two seeks in a row the second counts", async () => {
    await seek(10);
    await seek(5);
    listen(0.01);
    assert.equal(position(), 5);
    listen(0.2);
    assert.ok(Math.abs(position() - 5.17) < 0.05, `${position()}`);
});

test("the position that is told after a pause is the one that was heard last", async () => {
    await call("pause");
    assert.equal(statuses.at(-1).state, "paused");
    listen(1);
    const held = position();
    assert.equal(held, statuses.at(-1).position);
    assert.ok(held > 1 + MARGIN && held < 1.1, `${held}`);
    const told = statuses.length;
    listen(1);
    assert.equal(statuses.length, told, "there is nothing more to tell");
    await call("play");
    assert.equal(position(), held);
});

test("the latency is asked for where that is safe", () => {
    const agent = (system, engine) => `Mozilla/5.0 (${system}) ${engine}`;
    const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    const firefox = "Gecko/20100101 Firefox/153.0";
    const says = { outputLatency: 0.03, baseLatency: 0.01 };
    assert.equal(outputLatency(says, agent("X11; Linux x86_64", chrome)), 0.03);
    assert.equal(outputLatency(says, agent("Windows NT 10.0; Win64; x64; rv:153.0", firefox)), 0.03);
    assert.equal(outputLatency({ baseLatency: 0.01 }, agent("Macintosh; Intel Mac OS X 10_15_7", "AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15")), 0.01);
    const blocks = {
        get outputLatency() {
            throw new Error("asked");
        },
    };
    assert.equal(outputLatency(blocks, agent("X11; Linux x86_64; rv:153.0", firefox)), 0.045);
});
