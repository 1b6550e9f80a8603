// The way from the worker to the ear: context, worklet, and what lies between.

import { UNHEARD_S } from "./line.js";
import type { PlayerOptions } from "./options.js";
import { Ring } from "./ring.js";
import type { WorkerLink } from "./worker_link.js";
import type { ProcessorOptions } from "./worklet.js";

/** How frames reach the audio thread. */
export type Mode = "shared" | "messages";

/** Blocks of the output for which the audio thread takes frames while some are replaced, and a few quanta. */
const REACH = { shared: 1, messages: 2 };
const REACH_S = 0.006;
/** Shortest block of an output: not all browsers tell theirs. */
const BLOCK_S = 0.01;

/** Most seconds of sound to keep ready where rendering falls behind. */
const DEEPEST_S = 4;

const canShare = () => globalThis.crossOriginIsolated === true;

/** Throws if `mode` cannot be had. */
export function checkMode(mode: PlayerOptions["mode"]): void {
    if (mode !== "shared" || canShare()) return;
    throw new Error('mode "shared" needs a cross-origin isolated page (COOP and COEP headers); see docs/browser.md');
}

/**
 * Have the browser start what plays sound, so that the first `AudioContext` does not wait for it, and the page with it (50 to
 * 170 ms in Chromium). Players do this by themselves; call it early on a page that makes contexts of its own.
 */
export function wakeOutput(): void {
    // asks for nothing: to a page without leave the devices have no names
    globalThis.navigator?.mediaDevices?.enumerateDevices?.().catch(() => undefined);
}

/** A context at `rate`, or at the device's own if the browser cannot. */
export function contextAt(rate: number): AudioContext {
    try {
        return new AudioContext({ sampleRate: rate, latencyHint: "playback" });
    } catch {
        return new AudioContext({ latencyHint: "playback" });
    }
}

/** A node that plays what the worker renders, over what the page allows or `mode` asks for. */
export async function outputNode(
    context: AudioContext,
    link: WorkerLink,
    mode: PlayerOptions["mode"] = "auto",
    latency: number,
    worklet: string,
): Promise<{ node: AudioWorkletNode; mode: Mode }> {
    await context.audioWorklet.addModule(worklet);
    if (mode === "shared" || (mode === "auto" && canShare())) {
        try {
            return { node: await connected(context, link, "shared", latency), mode: "shared" };
        } catch (error) {
            // a browser may have shared memory, and not for this thread
            if (mode === "shared") throw error;
        }
    }
    return { node: await connected(context, link, "messages", latency), mode: "messages" };
}

async function connected(context: AudioContext, link: WorkerLink, mode: Mode, latency: number): Promise<AudioWorkletNode> {
    const frames = (seconds: number) => Math.round(seconds * context.sampleRate);
    const target = frames(latency);
    const margin = frames(REACH_S + REACH[mode] * Math.max(context.baseLatency || 0, BLOCK_S));
    const deepest = Math.max(target, frames(DEEPEST_S));
    const capacity = 2 ** Math.ceil(Math.log2(target + deepest + margin + frames(UNHEARD_S) + 8192));
    const ring = mode === "shared" ? new SharedArrayBuffer(Ring.bytes(capacity)) : undefined;
    const processorOptions: ProcessorOptions = ring ? { ring, capacity } : { capacity };
    const node = new AudioWorkletNode(context, "realtime-backend", {
        numberOfInputs: 0,
        outputChannelCount: [2],
        processorOptions,
    });
    const { port1, port2 } = new MessageChannel();
    node.port.postMessage(port1, [port1]);
    await link.call("connect", [port2, ring, { target, deepest, margin, capacity }], [port2]);
    return node;
}
