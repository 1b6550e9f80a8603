// From options to a worker, an engine with a track in it, and the way to the ear.

import type { PlayerOptions } from "./options.js";
import { baseOf, engineOptions, latencySeconds } from "./options.js";
import { checkMode, contextAt, type Mode, outputNode, wakeOutput } from "./output.js";
import type { About } from "./protocol.js";
import { insertFiles, readTrack, type Track } from "./files.js";
import { placesOf } from "./places.js";
import { requireEngine, requireOutput } from "./supported.js";
import { WorkerLink } from "./worker_link.js";
import { startWorker } from "./workers.js";

/** What a player is made of. */
export interface Parts {
    link: WorkerLink;
    context: AudioContext;
    /** Whether the context was made for this player. */
    own: boolean;
    node: AudioWorkletNode;
    mode: Mode;
    about: About;
    /** What relative names of files count from. */
    base: string | undefined;
    options: PlayerOptions;
}

/** What plays first. */
export interface First {
    about: About;
    base: string | undefined;
}

/** Loads a track and the files that it names; `entry`: of a list, that of the track. */
export async function loadTrack(
    link: WorkerLink,
    track: Track,
    options: PlayerOptions,
    entry?: number,
): Promise<First> {
    const { text, base: address } = await readTrack(track);
    const base = baseOf(options, address);
    await insertFiles(link, text, options.files ?? {}, base);
    return { about: await link.call("load", [text, options.measureFirst ?? false, entry]), base };
}

/** Start the engine, let `load` load what plays first, and connect it to the output. */
export async function open(options: PlayerOptions, load: (link: WorkerLink) => Promise<First>): Promise<Parts> {
    requireOutput();
    checkMode(options.mode);
    if (!options.context) wakeOutput();
    const latency = latencySeconds(options.latency);
    const places = placesOf(options.urls);
    const link = new WorkerLink(startWorker(places.worker, "realtime-backend"));
    let context = options.context;
    try {
        requireEngine(); // takes some milliseconds, in which the worker starts
        const rate = context?.sampleRate ?? options.sampleRate;
        await link.call("open", [engineOptions(options, rate), places.wasm, places.fullWasm]);
        let first = await load(link);
        if (!context) {
            context = contextAt(first.about.sampleRate);
            if (context.sampleRate !== first.about.sampleRate) {
                await link.call("open", [engineOptions(options, context.sampleRate), places.wasm, places.fullWasm]);
                first = await load(link);
            }
        }
        const output = await outputNode(context, link, options.mode, latency, places.worklet);
        return { ...first, ...output, link, context, own: options.context === undefined, options };
    } catch (error) {
        link.close();
        if (context && !options.context) await context.close();
        throw error;
    }
}
