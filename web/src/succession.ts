// The module with everything takes over from the small one: it is told what that one was told, and goes on where the
// sound is.

import initialise, { Engine as Whole } from "../engine/full.js";
import type { Engine, EngineOptions } from "../engine/engine.js";
import type { Call } from "./protocol.js";

/** Milliseconds of measuring levels at once; the ring is filled in between. */
export const SURVEY_MS = 6;
/** Longest time in milliseconds that levels are measured before the new engine is heard. */
const SETTLE_MS = 2000;
/** Seconds before its end at which a track that has ended is taken over. */
const END_S = 0.02;

/** Whether the other module can do what was asked for. */
export function needsMore(error: unknown): boolean {
    return (error as Error).name === "MissingPart";
}

/** The track after another one: text, entry, the entry that it follows, seconds of crossfade. */
type Follow = [text: string, entry: number, after: number, crossfade: number];

/** What an engine was told, as far as another one has to know it. */
export class Told {
    readonly #always = new Map<string, unknown[][]>();
    /** The text of each entry's track. */
    readonly #tracks = new Map<number, string>();
    #follow: Follow | undefined;

    /** Note a call that had no error; `entry`: that of the track that is edited. */
    note({ verb, arguments: given }: Call, entry: number): void {
        if (verb === "insertFile" || verb === "leaveOut") this.#all(verb).push(given);
        else if (["setTurns", "setLoop", "stopAfter", "setContinues"].includes(verb)) this.#always.set(verb, [given]);
        else if (verb === "load") this.#tracks.set((given[2] as number | undefined) ?? 0, given[0] as string);
        else if (verb === "update") this.#tracks.set(entry, given[0] as string);
        else if (verb === "goTo" || verb === "follow") this.#tracks.set(given[1] as number, given[0] as string);
        if (verb === "follow") this.#follow = given as Follow;
        if (verb === "goTo" || verb === "load") this.#always.delete("setLoop");
    }

    #all(verb: string): unknown[][] {
        const calls = this.#always.get(verb) ?? [];
        this.#always.set(verb, calls);
        return calls;
    }

    /** The text of an entry's track. */
    track(entry: number): string | undefined {
        return this.#tracks.get(entry);
    }

    /** The track that follows the entry `after`, with its crossfade. */
    following(after: number): Follow | undefined {
        return this.#follow?.[2] === after ? this.#follow : undefined;
    }

    /** The arguments of the calls of a verb that count. */
    calls(verb: string): unknown[][] {
        return this.#always.get(verb) ?? [];
    }
}

/** The end of the sound of an engine that was taken over, to be mixed with the beginning of the other one's. */
export class Tail {
    readonly #pieces: [Float32Array, Float32Array][] = [];
    #frames = 0;

    constructor(private readonly from: number) {}

    /** Append frames. */
    add(left: Float32Array, right: Float32Array): void {
        this.#pieces.push([left.slice(), right.slice()]);
        this.#frames += left.length;
    }

    /** Add it to frames that begin at the index `at`. False if it is over. */
    mix(at: number, left: Float32Array, right: Float32Array, count: number): boolean {
        let index = this.from;
        for (const [l, r] of this.#pieces) {
            for (let i = Math.max(0, at - index); i < l.length && index + i < at + count; i++) {
                left[index + i - at]! += l[i]!;
                right[index + i - at]! += r[i]!;
            }
            index += l.length;
        }
        return at + count < this.from + this.#frames;
    }
}

/** An engine of the module with everything, and that module's memory. */
export interface Successor {
    engine: Engine;
    memory: WebAssembly.Memory;
}

/** An engine of the module at `module` that knows the files and the list that the other one knows. */
export async function successor(options: EngineOptions, module: string, told: Told): Promise<Successor> {
    const { memory } = await initialise({ module_or_path: module });
    const engine: Engine = new Whole(options);
    for (const [path, bytes] of told.calls("insertFile")) engine.insertFile(path as string, new Uint8Array(bytes as ArrayBuffer));
    for (const given of told.calls("setTurns")) engine.setTurns(...(given as [number, number | undefined, boolean]));
    for (const [index] of told.calls("leaveOut")) engine.leaveOut(index as number);
    return { engine, memory };
}

/** Load the track of an entry and measure its levels, in pieces. */
export async function prepare(engine: Engine, track: string, entry: number): Promise<void> {
    engine.load(track, entry);
    for (const until = performance.now() + SETTLE_MS; performance.now() < until; ) {
        const pause = performance.now() + SURVEY_MS;
        while (performance.now() < pause) if (!engine.survey()) return;
        await new Promise((done) => setTimeout(done, SURVEY_MS));
    }
}

/** Let `engine`, which has the track that plays, go on at the next frame of `old`, in its state. */
export function goOn(engine: Engine, old: Engine, told: Told): void {
    const { index } = old;
    const state = old.stateAt(index);
    const position = old.positionAt(index);
    const timer = old.timerAt(index);
    engine.continueAt(index, state === "finished" ? Math.max(0, old.duration - END_S) : position);
    for (const [part] of told.calls("setLoop")) if (part) engine.setLoop(...(part as [number, number]));
    for (const [continues] of told.calls("setContinues")) engine.setContinues(continues as boolean);
    if (timer !== undefined) engine.stopAfter(timer, told.calls("stopAfter")[0]![1] as number);
    const next = old.hasNext ? told.following(old.entry) : undefined;
    if (next) {
        const [text, entry, after, crossfade] = next;
        engine.compileEntry(text, entry);
        engine.follow(after, crossfade);
    }
    if (state !== "stopped") engine.play();
    if (state === "paused") engine.pause();
}
