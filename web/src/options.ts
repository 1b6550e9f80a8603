// How to play.

import type { EngineOptions } from "../engine/engine.js";
import type { Files } from "./files.js";
import type { Places } from "./places.js";

/** What can be chosen when a player is made. Times are seconds. */
export interface PlayerOptions extends EngineOptions {
    /** Sound kept ready: `"low"` (0.1), `"normal"` (0.3), `"high"` (1) or seconds. Commands overtake it. */
    latency?: "low" | "normal" | "high" | number;
    /** Measure all levels before playing, so that every sample equals the file's from the first step on. */
    measureFirst?: boolean;
    /** How frames reach the audio thread; default: shared memory where the page is isolated, else messages. */
    mode?: "auto" | "shared" | "messages";
    /** Play through this context, at its rate, instead of a new one at the track's rate. */
    context?: AudioContext;
    /** Connect the player here instead of to the context's destination; `null`: nowhere. */
    destination?: AudioNode | null;
    /** Audio and noise files by the names that the track gives them; others are fetched. */
    files?: Files;
    /** What relative names of files count from; default: the track's address, or the page's. */
    baseUrl?: string | URL;
    /** Where the package's parts are, if a bundler cannot find them. */
    urls?: Places;
}

const LATENCIES = { low: 0.1, normal: 0.3, high: 1 } as const;

/** Seconds to keep ready. */
export function latencySeconds(latency: PlayerOptions["latency"] = "normal"): number {
    if (typeof latency === "number" && latency >= 0.05 && latency <= 5) return latency;
    if (typeof latency === "string" && latency in LATENCIES) return LATENCIES[latency];
    throw new RangeError(
        `latency: expected "low", "normal", "high" or 0.05 to 5 seconds, got ${JSON.stringify(latency)}`,
    );
}

/** What relative names in a track count from, if it lies at `address`. */
export function baseOf(options: { baseUrl?: string | URL }, address: string | undefined): string | undefined {
    return options.baseUrl === undefined ? address : new URL(options.baseUrl, address).href;
}

/** The part that the engine reads. */
export function engineOptions(options: EngineOptions, sampleRate: number | undefined): EngineOptions {
    const { start, startupFade, ramp, compat, seed, onError } = options;
    const given = { sampleRate, start, startupFade, ramp, compat, seed, onError };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
