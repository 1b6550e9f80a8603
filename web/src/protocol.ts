// What page, worker and worklet say to each other.

import type { EngineOptions, Problem } from "../engine/engine.js";
import type { FileOptions, Imported } from "../engine/full.js";

export type State = "stopped" | "playing" | "paused" | "finished" | "failed";

/** A call of the page to the worker; answered by a `Reply` with the same `id`. */
export interface Call {
    id: number;
    verb: string;
    arguments: unknown[];
}

/** What every worker can do with the files that tracks name. */
export interface FileVerbs {
    wantedFiles(track: string): string[] | Promise<string[]>;
    /** False if the engine does not know the file's format. */
    insertFile(path: string, bytes: ArrayBuffer): boolean;
}

/** The verbs of the worker of a player: arguments and result of each. */
export interface Verbs extends FileVerbs {
    /** Start the engine; `module`: where the compiled module is, `fullModule`: the one with everything. */
    open(options: EngineOptions, module: string, fullModule: string): void;
    /** `entry`: of a list, that of the track. */
    load(track: string, measureFirst: boolean, entry?: number): About;
    /** Where the frames go: a port to the worklet; with `ring` (shared memory) only for signals. */
    connect(port: MessagePort, ring: SharedArrayBuffer | undefined, sizes: Sizes): void;
    play(): void;
    pause(): void;
    stop(): void;
    seek(seconds: number): void;
    /** `end` may be infinite; without a part: end the loop. */
    setLoop(part: [number, number] | undefined): void;
    /** Without `seconds`: end the timer. */
    stopAfter(seconds: number | undefined, fade: number): void;
    /** Nothing happens if files are wanted, unless the track is `complete`. */
    update(track: string, complete: boolean): About | undefined;
    /** Play `count` tracks in turn, with a seed by chance. */
    setTurns(count: number, seed: number | undefined, repeat: boolean): void;
    /** The first turn from `entry` on, or the last one before it. */
    turn(entry: number, way: "from" | "before"): Turn | undefined;
    /** The turn of the track `index` in the round of `entry`. */
    turnOf(index: number, entry: number): Turn | undefined;
    /** Give the track with this index no turn any more. */
    leaveOut(index: number): void;
    /** Play a track after the entry `after`; without effect if another one is rendered by now. */
    follow(track: string, entry: number, after: number, crossfade: number): About;
    /** Go to the start of a track. */
    goTo(track: string, entry: number, crossfade: number): About;
    /** Go to the start of the track that follows; false if it is not there. */
    skip(crossfade: number): boolean;
    /** Whether another track follows. */
    setContinues(continues: boolean): void;
    pushClipSamples(index: number, samples: Float32Array, finished: boolean): [number, number];
}

/** The verbs of the worker of an export. */
export interface ExportVerbs extends FileVerbs {
    /** Read a file as a track; `module`: where the compiled module is. */
    read(content: Uint8Array, name: string | undefined, module: string): Imported | Promise<Imported>;
    /** `module`: where the compiled module is. */
    open(options: EngineOptions, file: FileOptions, module: string): void;
    /** Compile a track and measure it; sends `Measured`. */
    begin(track: string): void;
    /** Render a piece: its bytes, and the share of the sound that is done. Nothing after the last one. */
    take(): [Uint8Array<ArrayBuffer>, number] | undefined;
}

/** How much of the measurement before an export is done, 0 to 1. */
export interface Measured {
    measured: number;
}

/** A turn of a list: which one, counted from the first track that is played, and the index of its track. */
export interface Turn {
    entry: number;
    index: number;
}

/** Frames. */
export interface Sizes {
    /** Sound to keep in the ring, at first and at most. */
    target: number;
    deepest: number;
    /** Distance from the reader at which frames can still be replaced at once. */
    margin: number;
    capacity: number;
}

/** What is known about the track that plays. */
export interface About {
    sampleRate: number;
    duration: number;
    stepTimes: [number, number][];
    warnings: Problem[];
}

export interface Reply {
    id: number;
    result?: unknown;
    error?: { name: string; message: string; problems?: Problem[] };
}

/** Counters since the start, and levels since the last call. */
export interface Stats {
    /** Times that the audio thread found too little, and frames of silence it played instead. */
    underrunEvents: number;
    underrunFrames: number;
    /** Commands whose sound came later than expected, and was faded in where the listener was by then. */
    lateSplices: number;
    /** Share of real time that rendering takes (1: all of it), mean and worst block. */
    renderLoadAverage: number;
    renderLoadPeak: number;
    /** Seconds of sound ready now. */
    buffered: number;
    /** Largest output level, left and right, before the volume. */
    peak: [number, number];
}

/** How playback is, some twenty times a second and after every call. */
export interface Status {
    status: true;
    state: State;
    /** Seconds on the track, and when that was (milliseconds since the epoch). */
    position: number;
    when: number;
    /** The last call whose effect is heard at `position`. */
    after: number;
    step: number | undefined;
    /** The entry of a list that is heard, and the one that was rendered last. */
    entry: number;
    last: number;
    /** Whether the track after that one is there. */
    hasNext: boolean;
    /** Whether the end of all was heard, and not only that of the sleep timer. */
    ended: boolean;
    settled: boolean;
    /** Seconds of sound until the sleep timer ends the playback. */
    timer: number | undefined;
    /** Since the start; `peak`: since the last status. */
    stats: Stats;
}

/** Worker to worklet where memory is not shared; `at` is an index. */
export interface Chunk {
    at: number;
    count: number;
    open: number;
    left: Float32Array;
    right: Float32Array;
}

/** Worklet to worker: the header of its ring, and a chunk's buffers back. */
export interface Report {
    words: Int32Array;
    left?: Float32Array;
    right?: Float32Array;
}
