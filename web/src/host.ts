// What the worker does: holds the engine, keeps the ring filled, carries out commands ahead of what is buffered.

import initialise, { Engine, type EngineOptions } from "../engine/engine.js";
import { answered } from "./answer.js";
import { Forecast } from "./forecast.js";
import { type Line, MessageLine, SharedLine } from "./line.js";
import type { About, Call, Reply, Sizes, State, Status, Turn, Verbs } from "./protocol.js";
import { Word } from "./ring.js";
import { goOn, needsMore, prepare, successor, SURVEY_MS, Tail, Told } from "./succession.js";

/** Frames per rendering step. */
const BLOCK = 1024;
/** Ticks between two reports of a player that plays. */
const STATUS_EVERY = 4;
/** Seconds of sound that are rendered at once. */
const NEAR_S = 0.5;
/** Milliseconds for rendering more per tick; half of the time where ticks are rare. */
const PUMP_MS = 8;
/** Milliseconds that compiling an edit, and rendering the first frames after a command, are expected to take. */
const COMPILING_MS = [1, 40] as const;
const STARTING_MS = [2, 30] as const;

export class Host implements Verbs {
    #memory: WebAssembly.Memory | undefined;
    #engine: Engine | undefined;
    /** What the engine was told, until the module with everything has taken over. */
    #said: Told | undefined = new Told();
    #options: EngineOptions = {};
    #fullModule = "";
    /** The end of the sound of the engine before. */
    #tail: Tail | undefined;
    #line: Line | undefined;
    #sizes: Sizes = { target: 0, deepest: 0, margin: 0, capacity: 0 };
    /** Sound to keep in the ring: more than at first after rendering fell behind. */
    #target = 0;
    /** Whether the ring was full since the last command. */
    #full = false;
    #left = new Float32Array();
    #right = new Float32Array();
    /** The last call, and the last one whose effect is heard. */
    #last = 0;
    #after = 0;
    readonly #compiling = new Forecast(...COMPILING_MS);
    readonly #starting = new Forecast(...STARTING_MS);
    #pumped = 0;
    #busy = 0;
    #rendered = 0;
    #loadPeak = 0;
    #ticks = 0;
    #told: State = "stopped";
    /** What had been heard when that was told. */
    #toldAt = 0;

    constructor(private readonly say: (message: Reply | Status) => void) {}

    async open(options: EngineOptions, module: string, fullModule: string): Promise<void> {
        this.#options = options;
        this.#fullModule = fullModule;
        this.#said = new Told();
        this.#memory = (await initialise({ module_or_path: module })).memory;
        this.#engine = new Engine(options);
        this.#engine.reserve(BLOCK);
    }

    async wantedFiles(track: string): Promise<string[]> {
        try {
            return this.#ready().wantedFiles(track);
        } catch (error) {
            if (!this.#said || !needsMore(error)) throw error;
            await this.#getEverything(this.#said);
            return this.#ready().wantedFiles(track);
        }
    }

    insertFile(path: string, bytes: ArrayBuffer): boolean {
        return this.#ready().insertFile(path, new Uint8Array(bytes));
    }

    load(track: string, measureFirst: boolean, entry?: number): About {
        const engine = this.#ready();
        engine.load(track, entry);
        if (measureFirst) while (engine.survey());
        return this.#about();
    }

    connect(port: MessagePort, ring: SharedArrayBuffer | undefined, sizes: Sizes): void {
        const { sampleRate } = this.#ready();
        this.#sizes = sizes;
        this.#target = sizes.target;
        this.#line = ring ? new SharedLine(ring, sizes.margin) : new MessageLine(port, sampleRate, BLOCK);
    }

    play(): void {
        this.#command((engine) => engine.play());
    }

    pause(): void {
        this.#command((engine) => engine.pause());
    }

    stop(): void {
        this.#command((engine) => engine.stop());
    }

    seek(seconds: number): void {
        this.#command((engine) => engine.seek(seconds));
    }

    setLoop(part: [number, number] | undefined): void {
        this.#command((engine) => (part ? engine.setLoop(...part) : engine.endLoop()));
    }

    stopAfter(seconds: number | undefined, fade: number): void {
        this.#command((engine) => engine.stopAfter(seconds, fade));
    }

    update(track: string, complete: boolean): About | undefined {
        const engine = this.#ready();
        if (!complete && this.#wantsMore(track)) return undefined;
        const at = this.#ahead(this.#told === "playing" ? this.#compiling.seconds : 0);
        const begun = performance.now();
        engine.compile(track, at);
        this.#compiling.took(performance.now() - begun);
        this.#command((engine) => engine.splice(), at);
        return this.#about();
    }

    setTurns(count: number, seed: number | undefined, repeat: boolean): void {
        this.#ready().setTurns(count, seed, repeat);
    }

    turn(entry: number, way: "from" | "before"): Turn | undefined {
        const engine = this.#ready();
        const found = way === "from" ? engine.turnFrom(entry) : engine.turnBefore(entry);
        return found === undefined ? undefined : { entry: found, index: engine.trackOf(found) };
    }

    turnOf(index: number, entry: number): Turn | undefined {
        const found = this.#ready().turnOf(index, entry);
        return found === undefined ? undefined : { entry: found, index };
    }

    leaveOut(index: number): void {
        this.#ready().leaveOut(index);
    }

    follow(track: string, entry: number, after: number, crossfade: number): About {
        const engine = this.#ready();
        engine.compileEntry(track, entry);
        const about = this.#about();
        engine.follow(after, crossfade);
        return about;
    }

    goTo(track: string, entry: number, crossfade: number): About {
        this.#ready().compileEntry(track, entry);
        const about = this.#about();
        this.#command((engine) => engine.goTo(crossfade));
        return about;
    }

    skip(crossfade: number): boolean {
        let done = false;
        this.#command((engine) => (done = engine.skip(crossfade)));
        return done;
    }

    setContinues(continues: boolean): void {
        this.#ready().setContinues(continues);
    }

    pushClipSamples(index: number, samples: Float32Array, finished: boolean): [number, number] {
        const [held = 0, missing = 0] = this.#ready().pushClipSamples(index, samples, finished);
        return [held, missing];
    }

    /** Answer a call, and say how things are then. */
    async answer(call: Call): Promise<void> {
        const reply = await answered(this, call);
        const waits = call.verb === "update" && !reply.result;
        if (!reply.error && !waits) this.#said?.note(call, this.#engine?.entry ?? 0);
        this.#last = call.id;
        this.#report();
        this.say(reply);
    }

    /** To be called every few milliseconds: fill the ring, measure levels, say how things are. */
    tick(): void {
        const engine = this.#engine;
        const line = this.#line;
        if (!engine || !line) return;
        this.#deepen();
        this.#pump();
        const until = performance.now() + SURVEY_MS;
        while (performance.now() < until && engine.survey());
        this.#ticks++;
        const heard = line.heard();
        const due = heard < engine.index ? this.#ticks % STATUS_EVERY === 0 : heard !== this.#toldAt;
        if (due || this.#state() !== this.#told) this.#report();
    }

    #ready(): Engine {
        if (!this.#engine) throw new Error("the engine is not open");
        return this.#engine;
    }

    /** Let the module with everything take over. What plays goes on. */
    async #getEverything(said: Told): Promise<void> {
        const { engine, memory } = await successor(this.#options, this.#fullModule, said);
        const old = this.#ready();
        const line = this.#line;
        engine.reserve(BLOCK);
        for (let loaded: number | undefined; ; ) {
            const entry = old.entry;
            const track = said.track(entry);
            if (track === undefined) break;
            if (loaded !== entry) {
                await prepare(engine, track, entry);
                loaded = entry;
                continue;
            }
            if (line) old.rewind(this.#ahead(0));
            if (old.entry !== loaded) continue;
            goOn(engine, old, said);
            this.#tail = new Tail(old.index);
            old.pause();
            for (let count; (count = old.fill(BLOCK)) > 0; ) {
                this.#look();
                this.#tail.add(this.#left.subarray(0, count), this.#right.subarray(0, count));
            }
            break;
        }
        old.free();
        this.#engine = engine;
        this.#memory = memory;
        this.#said = undefined;
        this.#full = false;
        if (line) this.#pump();
    }

    /** Whether a track needs files that the engine does not have, or another module. */
    #wantsMore(track: string): boolean {
        try {
            return this.#ready().wantedFiles(track).length > 0;
        } catch (error) {
            if (this.#said && needsMore(error)) return true;
            throw error;
        }
    }

    #about(): About {
        const { sampleRate, duration, stepTimes, warnings } = this.#ready();
        return { sampleRate, duration, stepTimes, warnings };
    }

    /** The first frame that can be replaced if work of `seconds` is done before. */
    #ahead(seconds: number): number {
        const frames = (seconds + this.#starting.seconds) * this.#ready().sampleRate;
        return (this.#line?.heard() ?? 0) + this.#sizes.margin + Math.round(frames);
    }

    /** Take back the frames from `at` on, or from where the listener is not yet, act, and render again from there. */
    #command(act: (engine: Engine) => void, at = 0): void {
        const engine = this.#ready();
        if (!this.#line) return act(engine);
        const begun = performance.now();
        engine.rewind(Math.max(at, this.#ahead(0)));
        this.#full = false;
        act(engine);
        this.#render(engine, this.#line);
        this.#starting.took(performance.now() - begun);
        this.#pump();
    }

    /** Keep twice as much sound ready if little is left of what was ready. */
    #deepen(): void {
        const engine = this.#engine!;
        const ready = engine.index - this.#line!.heard();
        if (!this.#full || ready > this.#target / 4 || engine.resting || engine.ended) return;
        this.#target = Math.min(2 * this.#target, this.#sizes.deepest);
        this.#full = false;
    }

    #pump(): void {
        const engine = this.#engine;
        const line = this.#line;
        if (!engine || !line) return;
        const heard = line.heard();
        const near = heard + NEAR_S * engine.sampleRate;
        const now = performance.now();
        // the rest is rendered by and by, so that calls do not wait; a browser that holds timers back gives fewer turns
        const until = now + Math.max(PUMP_MS, (now - this.#pumped) / 2);
        this.#pumped = now;
        while (engine.index < near || performance.now() < until) {
            if (engine.index >= heard + this.#target) {
                this.#full = true;
                break;
            }
            if (!this.#render(engine, line)) break;
        }
        line.open(!engine.resting && !engine.ended);
    }

    /** Render and hand over a block; false if there is none. */
    #render(engine: Engine, line: Line): boolean {
        const at = engine.index;
        const begun = performance.now();
        const count = engine.fill(BLOCK);
        if (count === 0) return false;
        this.#look();
        if (this.#tail?.mix(at, this.#left, this.#right, count) === false) this.#tail = undefined;
        line.write(at, this.#left, this.#right, count);
        this.#count(performance.now() - begun, count / engine.sampleRate);
        return true;
    }

    /** Views of the engine's blocks; new ones only after its memory has grown. */
    #look(): void {
        const { buffer } = this.#memory!;
        if (this.#left.buffer === buffer) return;
        this.#left = new Float32Array(buffer, this.#engine!.leftPointer, BLOCK);
        this.#right = new Float32Array(buffer, this.#engine!.rightPointer, BLOCK);
    }

    #count(milliseconds: number, seconds: number): void {
        this.#busy += milliseconds / 1000;
        this.#rendered += seconds;
        this.#loadPeak = Math.max(this.#loadPeak, milliseconds / 1000 / seconds);
    }

    #state(): State {
        return this.#ready().stateAt(this.#line?.heard() ?? 0) as State;
    }

    #report(): void {
        const engine = this.#engine;
        if (!engine) return;
        const line = this.#line;
        const heard = line?.heard() ?? 0;
        const position = engine.positionAt(heard);
        this.#told = this.#state();
        this.#toldAt = heard;
        if (heard >= engine.landing) this.#after = this.#last;
        const status: Status = {
            status: true,
            state: this.#told,
            position,
            when: performance.timeOrigin + performance.now(),
            after: this.#after,
            step: engine.stepAt(position),
            entry: engine.entryAt(heard),
            last: engine.entry,
            hasNext: engine.hasNext,
            ended: engine.ended && heard >= engine.index,
            settled: engine.settled,
            timer: engine.timerAt(heard),
            stats: {
                underrunEvents: line?.words[Word.Underruns] ?? 0,
                underrunFrames: line?.words[Word.Missing] ?? 0,
                lateSplices: line?.words[Word.Late] ?? 0,
                renderLoadAverage: this.#busy / Math.max(this.#rendered, 1e-9),
                renderLoadPeak: this.#loadPeak,
                buffered: (engine.index - heard) / Math.max(engine.sampleRate, 1),
                peak: line?.takePeaks() ?? [0, 0],
            },
        };
        this.say(status);
    }
}
