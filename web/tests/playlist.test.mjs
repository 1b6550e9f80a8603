// Loops and playlists in Chromium, beside the native engine.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { decoded, difference, RATE, Reference } from "./reference.mjs";
import { overBothTransports } from "./transports.mjs";

const tone = (base, duration, title) => ({
    global: { sample_rate: RATE, crossfade_duration: 0.5 },
    metadata: { title },
    progression: [
        {
            duration,
            voices: [
                { synth_function_name: "binaural_beat", voice_id: "a", params: { baseFreq: base, beatFreq: 4, ampL: 0.5, ampR: 0.5 } },
            ],
        },
    ],
});

/** Sounds (interleaved) in turn, with crossfades of `fade` frames whose squares add up to 1. */
function joined(sounds, fade) {
    const smooth = (x) => x ** 3 * (x * (6 * x - 15) + 10);
    let all = [];
    for (const sound of sounds) {
        const begin = Math.max(0, all.length - 2 * fade);
        const end = all.splice(begin);
        for (let i = 0; i < sound.length; i++) {
            const share = smooth(((i >> 1) + 1) / (fade + 1));
            all.push(i < end.length ? end[i] * Math.sqrt(1 - share) + sound[i] * Math.sqrt(share) : sound[i]);
        }
    }
    return Float32Array.from(all);
}

/** The order by chance that a seed gives: Fisher and Yates with SplitMix64. */
function shuffled(count, seed, round) {
    const mask = (1n << 64n) - 1n;
    let state = BigInt(seed) ^ ((BigInt(round) * 0x9e3779b97f4a7c15n) & mask);
    const order = [...Array(count).keys()];
    for (let last = count - 1; last > 0; last--) {
        state = (state + 0x9e3779b97f4a7c15n) & mask;
        let mixed = state;
        mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
        mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
        mixed ^= mixed >> 31n;
        const other = Number(mixed % BigInt(last + 1));
        [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
}

overBothTransports((on) => {
    let page;
    beforeEach(() => (page = on.page));

    test("a loop has the samples of the native player, phases and all", { timeout: 60_000 }, async (t) => {
        // the loop holds no whole number of periods; joints at 2.713 and 4.426 s
        const [track, loop, seconds] = [tone(211.3, 6), [1, 2.713], 5];
        const native = new Reference(seconds);
        t.after(() => native.close());
        const { samples: expected } = await native.render({ loop, track });
        const result = await page.evaluate(
            async ([track, loop, seconds]) => {
                const { player, samples } = await recorded(track, seconds);
                await player.setLoop(loop);
                await sleep(0.3);
                await player.play();
                const heard = encoded(await samples);
                const { position } = player;
                const { underrunFrames } = player.stats();
                await player.stop();
                return { heard, position, underrunFrames };
            },
            [track, loop, seconds],
        );
        assert.equal(result.underrunFrames, 0);
        assert.ok(result.position >= 1 && result.position < 2.713, `${result.position}`);
        const most = difference(decoded(result.heard), expected);
        assert.ok(most <= 1e-5, `${most}`);
    });

    test("tracks follow each other, crossfaded as natively", { timeout: 60_000 }, async (t) => {
        const tracks = [tone(200, 1.5), tone(300, 1.2), tone(250, 1)];
        const native = new Reference(2);
        t.after(() => native.close());
        const sounds = [];
        for (const track of tracks) sounds.push((await native.render(track)).samples);
        const result = await page.evaluate(async (tracks) => {
            const { player, samples } = await recorded(tracks, 3.6, { crossfade: 0.25 });
            const events = [];
            player.onTrack((index) => events.push(["track", index, player.duration]));
            player.onStep((index) => events.push(["step", index]));
            player.onFinished(() => events.push(["finished", player.current, player.position]));
            await player.play();
            const heard = encoded(await samples);
            const { underrunFrames } = player.stats();
            await player.stop();
            return { heard, events, underrunFrames };
        }, tracks);
        assert.equal(result.underrunFrames, 0);
        const step = ["step", 0];
        const turns = [step, ["track", 1, 1.2], step, ["track", 2, 1], step, ["finished", 2, 1]];
        assert.deepEqual(result.events, turns);
        const most = difference(decoded(result.heard), joined(sounds, Math.round(0.25 * RATE)));
        assert.ok(most <= 1e-5, `${most}`);
    });

    test("next, previous and goTo change the track; bad ones are left out", { timeout: 60_000 }, async () => {
        on.expected = /404/; // a track that is not there
        const result = await page.evaluate(
            async (tracks) => {
                const list = await createPlaylist(["no/such.json", tracks[0], "{}", tracks[1], tracks[2]], { crossfade: 0.2 });
                const seen = [[list.current, list.count, list.duration]];
                const awaited = async (index) => {
                    for (let i = 0; i < 200 && list.current !== index; i++) await sleep(0.02);
                    await sleep(0.1);
                    seen.push([list.current, list.duration]);
                };
                await list.play();
                await sleep(0.4);
                const nexts = [await list.next()];
                await awaited(3);
                nexts.push(await list.next());
                await awaited(4);
                nexts.push(await list.next());
                await list.previous();
                await awaited(3);
                const went = [await list.goTo(1), await list.goTo(7)];
                await awaited(1);
                await list.seek(3.5);
                await list.previous(); // after 3 s: the start of the track
                await sleep(0.2);
                seen.push([list.current, list.position < 1]);
                const leftOut = list.leftOut.map(([index, reason]) => [index, reason.slice(0, 40)]);
                await list.stop();
                return { seen, nexts, went, leftOut, state: list.state };
            },
            [tone(200, 5), tone(300, 6), tone(250, 7)],
        );
        assert.deepEqual(result.seen, [[1, 5, 5], [3, 6], [4, 7], [3, 6], [1, 5], [1, true]]);
        assert.deepEqual(result.nexts, [true, true, false]);
        assert.deepEqual(result.went, [true, false]);
        assert.deepEqual(result.leftOut.map(([index]) => index), [0, 2]);
        assert.match(result.leftOut[1][1], /expected a track/);
        assert.equal(result.state, "stopped");
    });

    test("an order by chance is the native one, and repeats", { timeout: 60_000 }, async () => {
        const [count, seed] = [5, 7];
        const heard = await page.evaluate(
            async ([track, count, seed]) => {
                const list = await createPlaylist(Array(count).fill(track), { shuffle: true, loop: true, seed, crossfade: 0 });
                const order = [list.current];
                list.onTrack((index) => order.push(index));
                await list.play();
                for (let i = 0; i < 200 && order.length < 2 * count; i++) await sleep(0.1);
                await list.stop();
                return order.slice(0, 2 * count);
            },
            [tone(200, 0.4), count, seed],
        );
        assert.deepEqual(heard, [...shuffled(count, seed, 0), ...shuffled(count, seed, 1)]);
    });

    test("after its end a list begins again, and an edit keeps the track", { timeout: 60_000 }, async () => {
        const result = await page.evaluate(
            async ([one, two, edited]) => {
                const list = await createPlaylist([one, two], { crossfade: 0.1 });
                await list.play();
                await list.next();
                for (let i = 0; i < 100 && list.current !== 1; i++) await sleep(0.02);
                await list.update(edited);
                const longer = [list.current, list.duration];
                await list.seek(99);
                const ended = await list.wait(5);
                const end = [list.state, list.position];
                await list.play();
                await sleep(0.5);
                const again = [list.state, list.current, list.duration];
                await list.stop();
                const refused = await createPlaylist([]).catch((error) => error.message);
                const range = await createPlaylist([one], { crossfade: 61 }).catch((error) => error.message);
                const none = await createPlaylist(["{}", "[]"]).catch((error) => error.name);
                return { longer, ended, end, again, refused, range, none };
            },
            [tone(200, 3), tone(300, 2), tone(310, 2.5)],
        );
        assert.deepEqual(result.longer, [1, 2.5]);
        assert.ok(result.ended);
        assert.deepEqual(result.end, ["finished", 2.5]);
        assert.deepEqual(result.again, ["playing", 0, 3]);
        assert.match(result.refused, /^tracks: expected/);
        assert.match(result.range, /^crossfade: expected/);
        assert.equal(result.none, "TrackError");
    });
});
