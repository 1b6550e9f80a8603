// Plays one track, which may be edited while it plays: the verbs and events of the Python `Player`.

import type { Problem } from "../engine/engine.js";
import { Listeners, type PlayerEvents } from "./events.js";
import { type Files, insertFiles, readTrack, textOf, type Track } from "./files.js";
import { outputLatency } from "./latency.js";
import type { Parts } from "./opening.js";
import type { Mode } from "./output.js";
import { Playhead } from "./playhead.js";
import type { About, State, Stats, Status } from "./protocol.js";
import type { WorkerLink } from "./worker_link.js";

/** Most seconds that a fade-out takes from the worker to the audio thread. */
const SILENT_S = 0.04;

export class Player {
    /** What plays. */
    readonly context: AudioContext;
    /** The player's sound after the volume; connect meters and effects here. */
    readonly output: GainNode;
    /** How frames reach the audio thread. */
    readonly mode: Mode;

    protected readonly link: WorkerLink;
    protected readonly files: Files;
    protected base: string | undefined;
    protected about: About;
    protected readonly listeners = new Listeners();
    readonly #node: AudioWorkletNode;
    readonly #own: boolean;
    readonly #ramp: number;
    readonly #playhead: Playhead;
    #status: Status | undefined;
    #failed: Error | undefined;
    #stopped = false;
    #lastError: string | undefined;
    #volume: number;
    #loop: [number, number] | undefined;
    #step: number | undefined;
    #entry: number | undefined;
    #state: State = "stopped";
    #stats: Stats = {
        underrunEvents: 0,
        underrunFrames: 0,
        lateSplices: 0,
        renderLoadAverage: 0,
        renderLoadPeak: 0,
        buffered: 0,
        peak: [0, 0],
    };
    #pending: { track: Track; done: Promise<Problem[]> } | undefined;
    #updating: Promise<unknown> | undefined;

    /** Make one with `createPlayer`. */
    constructor(parts: Parts) {
        const { options } = parts;
        this.link = parts.link;
        this.context = parts.context;
        this.#own = parts.own;
        this.#node = parts.node;
        this.mode = parts.mode;
        this.about = parts.about;
        this.base = parts.base;
        this.files = options.files ?? {};
        this.#ramp = options.ramp ?? 0.015;
        this.#volume = checkedVolume(options.volume ?? 1);
        this.#playhead = new Playhead(Math.min(options.start ?? 0, parts.about.duration));
        this.output = new GainNode(this.context, { gain: this.#volume });
        this.#node.connect(this.output);
        if (options.destination !== null) this.output.connect(options.destination ?? this.context.destination);
    }

    /** Hear what the worker says; to be called once. */
    begin(): this {
        this.link.listen(
            (status) => this.#hear(status),
            (error) => this.#fail(error),
        );
        return this;
    }

    /** Begin, or go on after `pause`; after the end, from the start. Call it from a click or key: browsers insist. */
    async play(): Promise<void> {
        if (this.#stopped) throw new Error("the player was stopped");
        // during a phone call Safari refuses; afterwards it goes on by itself, or when the page asks again
        const resumed = this.context.resume().catch((error: unknown) => {
            if ((this.context.state as string) !== "interrupted") throw error;
        });
        await Promise.all([resumed, this.link.call("play", [])]);
    }

    /** Fade out and hold the position. */
    async pause(): Promise<void> {
        await this.#command("pause", []);
    }

    /** The same as `play`. */
    resume(): Promise<void> {
        return this.play();
    }

    /** Go to `position` seconds (clamped to the track). Stays paused when paused; past the end finishes. */
    async seek(position: number): Promise<void> {
        if (!Number.isFinite(position)) throw new RangeError(`position: expected a number, got ${position}`);
        this.moveTo(Math.min(Math.max(position, 0), this.duration));
        await this.#command("seek", [position]);
    }

    /** The next call moves to `position`. */
    protected moveTo(position: number): void {
        this.#playhead.seek(position, this.link.last + 1);
    }

    /**
     * Sleep timer: fade out over the last `fade` of the next `seconds` of sound, then finish. Pauses do not count; `play`
     * goes on at the same place. Without `seconds`: end the timer.
     */
    async stopAfter(seconds: number | undefined, fade = 60): Promise<void> {
        if (!this.#stopped) await this.link.call("stopAfter", [seconds, fade]);
    }

    /** Seconds of sound until the sleep timer finishes the playback. */
    get timer(): number | undefined {
        return this.#status?.timer;
    }

    /**
     * Play the track (`true`) or a part of it, start and end in seconds, again and again; `undefined` ends the loop. The
     * end joins the start with a crossfade as long as that of the track's steps, and voices continue their phases. A seek
     * behind the end leaves the loop.
     */
    async setLoop(part: boolean | [number, number] | undefined): Promise<void> {
        if (this.#stopped) return;
        const loop: [number, number] | undefined = part === true ? [0, Infinity] : part || undefined;
        await this.link.call("setLoop", [loop]);
        this.#loop = loop;
    }

    /** Start and end of the loop in seconds. */
    get loop(): [number, number] | undefined {
        return this.#loop && [this.#loop[0], Math.min(this.#loop[1], this.duration)];
    }

    /** Fade out and let go of everything. The player cannot be started again. */
    async stop(): Promise<void> {
        if (this.#stopped) return;
        this.#stopped = true;
        this.#setState("stopped");
        if (!this.#failed) await this.link.call("stop", []).catch(() => undefined);
        const wait = 1000 * (this.#ramp + SILENT_S + 2 * outputLatency(this.context));
        await new Promise((done) => setTimeout(done, wait));
        this.#node.port.postMessage("close");
        this.#node.disconnect();
        this.output.disconnect();
        this.link.close();
        if (this.#own) await this.context.close();
    }

    /**
     * Replace the track by an edited one without interrupting it: phases are carried over by voice identity, old and new
     * are crossfaded. Of edits that come faster than they can be compiled only the newest is made. When this rejects,
     * the old track plays on.
     *
     * @returns What was noticed about the new track.
     */
    update(track: Track): Promise<Problem[]> {
        if (this.#pending) {
            this.#pending.track = track;
            return this.#pending.done;
        }
        // at once if nothing is under way: what the page draws for an edit does not delay its sound
        if (!this.#updating) return this.#begin(track);
        const pending = { track, done: Promise.resolve<Problem[]>([]) };
        const next = () => {
            this.#pending = undefined;
            return this.#begin(pending.track);
        };
        pending.done = this.#updating.then(next, next);
        this.#pending = pending;
        return pending.done;
    }

    #begin(track: Track): Promise<Problem[]> {
        const updating = this.#edit(track);
        this.#updating = updating;
        const end = () => this.#updating === updating && (this.#updating = undefined);
        updating.then(end, end);
        return updating;
    }

    async #edit(track: Track): Promise<Problem[]> {
        try {
            const given = textOf(track);
            const { text, base } = given === undefined ? await readTrack(track) : { text: given, base: undefined };
            if (track instanceof URL) this.base = base;
            let about = await this.link.call("update", [text, false]);
            if (!about) {
                await insertFiles(this.link, text, this.files, this.base);
                about = await this.link.call("update", [text, true]);
            }
            if (about) this.about = about;
            this.#lastError = undefined;
            return this.about.warnings;
        } catch (error) {
            this.#complain(error as Error);
            throw error;
        }
    }

    /**
     * Append stereo samples, interleaved and at the context's rate, to the streamed clip `index` (a clip without a file).
     *
     * @returns Frames that the clip holds, and frames that were due before they came.
     */
    pushClipSamples(index: number, samples: Float32Array, finished = false): Promise<[number, number]> {
        return this.link.call("pushClipSamples", [index, samples, finished]);
    }

    /** Wait until the track has ended or playback stopped or failed; false if `timeout` seconds passed first. */
    wait(timeout?: number): Promise<boolean> {
        const over = (state: State) => state === "finished" || state === "stopped" || state === "failed";
        if (over(this.state)) return Promise.resolve(true);
        return new Promise((resolve) => {
            const done = (ended: boolean) => {
                off();
                clearTimeout(timer);
                resolve(ended);
            };
            const off = this.on("state", (state) => over(state) && done(true));
            const timer = timeout === undefined ? undefined : setTimeout(() => done(false), 1000 * timeout);
        });
    }

    /** 0 to 1; ramps when set. */
    get volume(): number {
        return this.#volume;
    }

    set volume(volume: number) {
        this.#volume = checkedVolume(volume);
        const { gain } = this.output;
        gain.cancelScheduledValues(this.context.currentTime);
        gain.setTargetAtTime(this.#volume, this.context.currentTime, this.#ramp / 3);
    }

    /** Seconds on the track of what is heard now: exact after a seek, equal to `duration` at the end. */
    get position(): number {
        return this.state === "playing" ? this.#playhead.moving(outputLatency(this.context), this.duration) : this.#playhead.shown;
    }

    /** Length of the track in seconds. */
    get duration(): number {
        return this.about.duration;
    }

    /** `stopped` (or not started), `playing`, `paused`, `finished` or `failed`. */
    get state(): State {
        return this.#state;
    }

    /** Index of the step that is heard now. */
    get step(): number | undefined {
        return this.#status?.step;
    }

    /** Start and end of every step in seconds. */
    get stepTimes(): [number, number][] {
        return this.about.stepTimes;
    }

    /** What plays. */
    get device(): { name: string; sampleRate: number; channels: number; mode: Mode } {
        const { sampleRate, destination } = this.context;
        return { name: "AudioContext", sampleRate, channels: destination.channelCount, mode: this.mode };
    }

    /** Whether all levels are measured. */
    get settled(): boolean {
        return this.#status?.settled ?? false;
    }

    /** What was noticed about the track that plays. */
    get warnings(): Problem[] {
        return this.about.warnings;
    }

    /** Why the last edit was refused or the engine failed. */
    get lastError(): string | undefined {
        return this.#lastError;
    }

    /** Counters since the start, and levels since the last call. */
    stats(): Stats {
        const stats = this.#stats;
        this.#stats = { ...stats, peak: [0, 0] };
        return stats;
    }

    /** Listen to an event; returns a function that ends it. */
    on<E extends keyof PlayerEvents>(event: E, listener: PlayerEvents[E]): () => void {
        return this.listeners.add(event, listener);
    }

    /** `on("progress", ...)`. */
    onProgress(listener: PlayerEvents["progress"]): () => void {
        return this.on("progress", listener);
    }

    /** `on("step", ...)`. */
    onStep(listener: PlayerEvents["step"]): () => void {
        return this.on("step", listener);
    }

    /** `on("finished", ...)`. */
    onFinished(listener: PlayerEvents["finished"]): () => void {
        return this.on("finished", listener);
    }

    /** `on("slow", ...)`. */
    onSlow(listener: PlayerEvents["slow"]): () => void {
        return this.on("slow", listener);
    }

    /** `on("error", ...)`. */
    onError(listener: PlayerEvents["error"]): () => void {
        return this.on("error", listener);
    }

    async #command(verb: "pause" | "seek", given: [] | [number]): Promise<void> {
        if (!this.#stopped) await this.link.call(verb, given as [number]);
    }

    #hear(status: Status): void {
        if (this.#stopped || this.#failed) return;
        this.#status = status;
        const [left, right] = this.#stats.peak;
        const { peak, underrunEvents } = status.stats;
        const slow = underrunEvents > 0 && this.#stats.underrunEvents === 0;
        this.#stats = { ...status.stats, peak: [Math.max(left, peak[0]), Math.max(right, peak[1])] };
        this.#playhead.hear(status);
        if (slow) this.listeners.tell("slow");
        if (status.entry !== this.#entry) {
            this.#entry = status.entry;
            this.#step = undefined;
            this.entered(status);
        }
        this.heard(status);
        if (status.state === "finished") {
            // what was handed over last is still on its way to the ear
            setTimeout(() => this.#finish(status), 1000 * outputLatency(this.context));
            return;
        }
        this.#setState(status.state);
        if (status.state !== "playing") return;
        this.listeners.tell("progress", this.position, this.duration);
        if (status.step !== undefined && status.step !== this.#step) {
            this.#step = status.step;
            this.listeners.tell("step", status.step);
        }
    }

    /** Another track of a list begins to be heard. */
    protected entered(_status: Status): void {}

    /** The worker said how playback is. */
    protected heard(_status: Status): void {}

    /** Whether the end was heard, and not only that of the sleep timer. */
    protected get ended(): boolean {
        return this.#state === "finished" && (this.#status?.ended ?? false);
    }

    /** Whether `stop` was called or the engine failed. */
    protected get closed(): boolean {
        return this.#stopped || this.#failed !== undefined;
    }

    #finish(status: Status): void {
        if (this.#status !== status || this.#stopped || this.#state === "finished") return;
        this.#playhead.rest(status.position);
        this.#step = undefined;
        this.#setState("finished");
        this.listeners.tell("progress", status.position, this.duration);
        this.listeners.tell("finished");
    }

    #setState(state: State): void {
        if (state === this.#state) return;
        this.#state = state;
        this.listeners.tell("state", state);
    }

    #complain(error: Error): void {
        this.#lastError = error.message;
        this.listeners.tell("error", error.message);
    }

    #fail(error: Error): void {
        if (this.#failed || this.#stopped) return;
        this.#failed = error;
        this.#setState("failed");
        this.#complain(error);
    }
}

function checkedVolume(volume: number): number {
    if (!Number.isFinite(volume)) throw new RangeError(`volume: expected a number from 0 to 1, got ${volume}`);
    return Math.min(Math.max(volume, 0), 1);
}
