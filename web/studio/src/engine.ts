// Plays the document and follows its edits.

import { batch, effect, type Signal, signal, untracked } from "@preact/signals";
import { createPlaylist, type Playlist, type Problem, type State, TrackError, wakeOutput } from "realtime-backend";
import type { Files, Track, TrackDocument } from "./document";
import { beforePicture } from "./frames";
import { remember, remembered } from "./keep/settings";

/** A track in the queue. */
export interface Item {
    title: string;
    track: Track;
    files?: Files;
    /** What relative names of files count from. */
    base?: string;
}

/** Seconds of sound that are kept ready. */
const READY_S = 2;
/** Blocks of the output: short ones where edits are made with a mouse, long ones where a battery lasts longer. */
const LATENCY = matchMedia("(pointer: fine)").matches ? "balanced" : "playback";
const KEPT_VOLUME = "volume";

function keptVolume(): number {
    const kept = Number.parseFloat(remembered(KEPT_VOLUME) ?? "");
    return kept >= 0 && kept <= 1 ? kept : 0.5;
}

export class Engine {
    readonly state: Signal<State> = signal("stopped");
    /** Seconds on the track of what is heard; follows every frame of the screen. */
    readonly position: Signal<number> = signal(0);
    readonly duration: Signal<number> = signal(0);
    /** Start and end of every step in seconds. */
    readonly stepTimes: Signal<[number, number][]> = signal([]);
    /** Index of the step that is heard. */
    readonly step: Signal<number | undefined> = signal(undefined);
    /** Largest level of the last tenth of a second, left and right, linear. */
    readonly level: Signal<[number, number]> = signal([0, 0]);
    /** What is wrong with the last edit, else what was noticed about the track. */
    readonly problems: Signal<Problem[]> = signal([]);
    /** Why nothing plays, in the engine's words. */
    readonly failure: Signal<string | undefined> = signal(undefined);
    /** Whether a track is being prepared. */
    readonly loading: Signal<boolean> = signal(false);
    /** Whether the machine was too busy for a moment; more sound is kept ready since then. */
    readonly slow: Signal<boolean> = signal(false);
    readonly volume: Signal<number> = signal(keptVolume());
    readonly loop: Signal<[number, number] | undefined> = signal(undefined);
    /** Seconds until the sleep timer ends the playback. */
    readonly timer: Signal<number | undefined> = signal(undefined);
    /** Index of the track that plays, and how many there are. */
    readonly turn: Signal<[number, number]> = signal([0, 0]);
    /** The player of the present track, for what the page shows elsewhere. */
    readonly player: Signal<Playlist | undefined> = signal(undefined);

    readonly #out = signal<{ context: AudioContext; node: GainNode } | undefined>(undefined);
    #queue: Item[] = [];
    #given: Files = {};
    #heard = 0;
    #opening = 0;
    #wanted = false;
    /** The document is being opened by this engine. */
    #ours = false;
    readonly #following = () => this.#watch();

    constructor(readonly document: TrackDocument) {
        wakeOutput();
        effect(() => {
            const ours = this.#ours;
            this.#ours = false;
            if (document.generation.value > 0 && !ours) untracked(() => void this.#openDocument());
        });
        let generation = 0;
        effect(() => {
            const track = document.track.value;
            Object.assign(this.#given, document.files.value);
            if (generation !== document.generation.value) generation = document.generation.value;
            else this.#follow(track);
        });
        setInterval(() => this.#measure(), 100);
    }

    /** What plays; another one if the browser closed the old one. */
    get context(): AudioContext {
        return this.#output().context;
    }

    /** The sound, after the volume. */
    get output(): AudioNode {
        return this.#output().node;
    }

    /**
     * Open tracks that are played in turn; the document shows the one that is heard. Rejects if none can be played; what
     * was there then plays on. Resolves to false if another one was opened meanwhile.
     */
    async openQueue(items: Item[], play = false): Promise<boolean> {
        if (play) {
            // browsers want this to happen in the click itself
            void this.context.resume();
            this.#wanted = true;
        }
        const ready = await this.#open(items, 0);
        if (ready && this.#wanted) await this.play();
        return ready;
    }

    /** Play, as soon as the track is ready. */
    async play(): Promise<void> {
        this.#wanted = true;
        const player = this.player.peek();
        if (player) await player.play();
        else void this.context.resume();
        this.#watch();
    }

    async pause(): Promise<void> {
        this.#wanted = false;
        await this.player.peek()?.pause();
    }

    toggle(): Promise<void> {
        return this.state.peek() === "playing" || (this.loading.peek() && this.#wanted) ? this.pause() : this.play();
    }

    async seek(seconds: number): Promise<void> {
        const to = Math.min(Math.max(seconds, 0), this.duration.peek());
        this.position.value = to;
        await this.player.peek()?.seek(to);
    }

    setVolume(volume: number): void {
        this.volume.value = Math.min(Math.max(volume, 0), 1);
        remember(KEPT_VOLUME, String(this.volume.peek()));
        const player = this.player.peek();
        if (player) player.volume = this.volume.peek();
    }

    /** Fade out over the last `fade` of the next `seconds` of sound; without `seconds`: end the timer. */
    async stopAfter(seconds: number | undefined, fade = 60): Promise<void> {
        await this.player.peek()?.stopAfter(seconds, seconds === undefined ? fade : Math.min(fade, seconds));
        this.timer.value = seconds;
    }

    /** Play the whole track or a part of it again and again; `undefined`: no more. */
    async setLoop(part: boolean | [number, number] | undefined): Promise<void> {
        await this.player.peek()?.setLoop(part);
        this.loop.value = this.player.peek()?.loop;
    }

    async next(): Promise<void> {
        await this.player.peek()?.next();
    }

    async previous(): Promise<void> {
        await this.player.peek()?.previous();
    }

    /** The browser took the output away: make another one and go on where it was. */
    async restart(): Promise<void> {
        const [position, wanted] = [this.position.peek(), this.state.peek() === "playing" || this.#wanted];
        this.#out.value = undefined;
        if ((await this.#open(this.#queue, this.#heard, position)) && wanted) await this.play();
    }

    #output(): { context: AudioContext; node: GainNode } {
        const out = this.#out.value;
        if (out && out.context.state !== "closed") return out;
        const context = new AudioContext({ latencyHint: LATENCY });
        const node = new GainNode(context);
        node.connect(context.destination);
        return (this.#out.value = { context, node });
    }

    /** The document was opened by somebody else: play it. */
    async #openDocument(): Promise<void> {
        const { track, title, files } = this.document;
        try {
            await this.openQueue([{ title: title.peek(), track: track.peek(), files: files.peek() }]);
        } catch (error) {
            this.#complain(error as Error, true);
        }
    }

    /** Make a player for `items`, then let go of the old one. */
    async #open(items: Item[], first: number, start = 0): Promise<boolean> {
        const opening = ++this.#opening;
        const given = Object.assign({}, ...items.map((item) => item.files ?? {})) as Files;
        const baseUrl = items[0]?.base;
        this.loading.value = true;
        try {
            const { context, node } = this.#output();
            const player = await createPlaylist(
                // read again at each turn, with the edits of the last one
                items.map((item) => ({ toJSON: () => item.track })),
                {
                    context,
                    destination: node,
                    volume: this.volume.peek(),
                    files: given,
                    start,
                    // edits and seeks overtake what is kept ready, so much of it costs nothing
                    latency: READY_S,
                    onError: "warn",
                    crossfade: 5,
                    ...(baseUrl === undefined ? {} : { baseUrl }),
                },
            );
            if (opening !== this.#opening) {
                void player.stop();
                return false;
            }
            if (first > 0) {
                await player.goTo(first);
                if (start > 0) await player.seek(start);
            }
            void this.player.peek()?.stop();
            this.#queue = items;
            this.#given = given;
            this.#connect(player);
            return true;
        } finally {
            if (opening === this.#opening) this.loading.value = false;
        }
    }

    #connect(player: Playlist): void {
        player.on("state", (state) => {
            if (player !== this.player.peek()) return;
            if (state === "finished") this.#wanted = false;
            this.#show(player);
        });
        player.on("progress", () => player === this.player.peek() && document.hidden && this.#show(player));
        player.on("step", () => player === this.player.peek() && this.#show(player));
        player.on("slow", () => player === this.player.peek() && (this.slow.value = true));
        player.on("track", (index) => player === this.player.peek() && this.#turnTo(player, index));
        player.on("error", (message) => player === this.player.peek() && this.#complain(new Error(message), false));
        batch(() => {
            this.player.value = player;
            this.loop.value = undefined;
            this.#turnTo(player, player.current);
        });
    }

    /** Another track of the queue is heard. */
    #turnTo(player: Playlist, index: number): void {
        const item = this.#queue[index];
        if (!item) return;
        batch(() => {
            this.#heard = index;
            if (this.document.track.peek() !== item.track) {
                this.#ours = true;
                this.document.open(item.track, item.title, item.files);
            }
            this.failure.value = undefined;
            this.problems.value = player.warnings;
            this.loop.value = undefined;
            this.#show(player);
        });
    }

    /** The document was edited. */
    #follow(track: Track): void {
        const item = this.#queue[this.#heard];
        if (item) item.track = track;
        const player = this.player.peek();
        // while an edit is compiled, the player keeps only the newest one
        player?.update(track).then(
            (problems) => {
                if (player !== this.player.peek()) return;
                this.problems.value = problems;
                this.failure.value = undefined;
                this.#show(player);
            },
            (error: Error) => player === this.player.peek() && this.#complain(error, false),
        );
    }

    #complain(error: Error, fatal: boolean): void {
        batch(() => {
            const found = error instanceof TrackError ? error.problems : [];
            if (found.length > 0) this.problems.value = found;
            this.failure.value = error.message;
            if (fatal) this.state.value = "failed";
        });
    }

    /** Follow the position with every frame of the screen while it moves. */
    #watch(): void {
        const player = this.player.peek();
        if (!player) return;
        this.#show(player);
        if (player.state === "playing" || this.#wanted) beforePicture(this.#following);
    }

    #show(player: Playlist): void {
        batch(() => {
            this.state.value = player.state;
            this.position.value = player.position;
            this.duration.value = player.duration;
            if (this.stepTimes.peek() !== player.stepTimes) this.stepTimes.value = player.stepTimes;
            this.step.value = player.step;
            this.timer.value = player.timer;
            const [index, count] = this.turn.peek();
            if (index !== player.current || count !== player.count) this.turn.value = [player.current, player.count];
        });
    }

    #measure(): void {
        const [left, right] = this.player.peek()?.stats().peak ?? [0, 0];
        const [l, r] = this.level.peek();
        if (left !== l || right !== r) this.level.value = [left, right];
    }
}
