// Several tracks in turn: the verbs and events of the Python `Playlist`.

import { insertFiles, readTrack, type Track } from "./files.js";
import { loadTrack, open, type Parts } from "./opening.js";
import { baseOf, type PlayerOptions } from "./options.js";
import { Player } from "./player.js";
import type { About, Status, Turn } from "./protocol.js";

/** What can be chosen when a list is made. Times are seconds. */
export interface PlaylistOptions extends PlayerOptions {
    /** Play in an order by chance, and in another one in each round of a loop. Default: the order of the list. */
    shuffle?: boolean;
    /** Begin again after the last track. */
    loop?: boolean;
    /** Length of the crossfade between two tracks, 0 to 60, at most half of the shorter one. Default: 5. */
    crossfade?: number;
    /** Seed of the order and of random parts of the tracks. Default: another order each time. */
    seed?: number;
}

/** Longest crossfade of a skip in seconds. */
const SKIP_S = 1;
/** Longest time after which `previous` goes to the track before, in seconds. */
const AGAIN_S = 3;

/** Tracks that cannot be played: index and reason. */
type LeftOut = [number, string][];

/**
 * Plays several tracks in turn, each crossfaded into the next. All members of `Player` apply to the track that is heard. A
 * track that cannot be played is left out.
 */
export class Playlist extends Player {
    readonly #tracks: Track[];
    readonly #options: PlaylistOptions;
    readonly #crossfade: number;
    readonly #leftOut: LeftOut;
    /** Turns that are heard, buffered or ready, with what is known about their tracks. */
    #known: { turn: Turn; about: About }[];
    #current: Turn;
    /** The entry that is heard. */
    #entry: number;
    /** The entry to which commands have led. */
    #target: number;
    /** The entry whose follower was asked for last. */
    #followed: number | undefined;
    #work: Promise<unknown> = Promise.resolve();

    /** Make one with `createPlaylist`. */
    constructor(parts: Parts, tracks: Track[], options: PlaylistOptions, turn: Turn, leftOut: LeftOut) {
        super(parts);
        this.#tracks = tracks;
        this.#options = options;
        this.#crossfade = options.crossfade ?? 5;
        this.#leftOut = leftOut;
        this.#known = [{ turn, about: parts.about }];
        this.#current = turn;
        this.#entry = turn.entry;
        this.#target = turn.entry;
    }

    /** See `createPlaylist`. */
    static async create(tracks: Iterable<Track>, options: PlaylistOptions): Promise<Playlist> {
        const all = [...tracks];
        if (all.length === 0) throw new RangeError("tracks: expected at least one track");
        const { crossfade = 5, shuffle = false, loop = false } = options;
        if (!(crossfade >= 0 && crossfade <= 60)) {
            throw new RangeError(`crossfade: expected a number of seconds from 0 to 60, got ${crossfade}`);
        }
        const order = shuffle ? (options.seed ?? Math.floor(Math.random() * 2 ** 53)) : undefined;
        let first: Turn = { entry: 0, index: 0 };
        let leftOut: LeftOut = [];
        const parts = await open(options, async (link) => {
            leftOut = [];
            await link.call("setTurns", [all.length, order, loop]);
            let reason: unknown;
            for (let entry = 0; ; entry = first.entry + 1) {
                const turn = await link.call("turn", [entry, "from"]);
                if (!turn) throw reason;
                first = turn;
                try {
                    const loaded = await loadTrack(link, all[turn.index]!, options, turn.entry);
                    await link.call("setContinues", [(await link.call("turn", [turn.entry + 1, "from"])) !== undefined]);
                    return loaded;
                } catch (error) {
                    reason = error;
                    leftOut.push([turn.index, (error as Error).message]);
                    await link.call("leaveOut", [turn.index]);
                }
            }
        });
        return new Playlist(parts, all, options, first, leftOut).begin();
    }

    /** Begin, or go on after `pause`; after the end of the list, from its first track. */
    override async play(): Promise<void> {
        if (this.ended) {
            const resumed = this.context.resume();
            await this.#inTurn(() => this.#go(0));
            await resumed;
        }
        await super.play();
    }

    /** Go to the next track, with a crossfade of at most a second. False after the last one, which then goes on. */
    next(): Promise<boolean> {
        return this.#inTurn(async () => {
            const turn = await this.link.call("turn", [this.#target + 1, "from"]);
            if (!turn) return false;
            this.moveTo(0);
            if (await this.link.call("skip", [this.#skipFade])) {
                this.#target = turn.entry;
                return true;
            }
            return this.#go(turn.entry);
        });
    }

    /** Go to the start of the track or, in its first 3 seconds, to the track before. */
    previous(): Promise<void> {
        return this.#inTurn(async () => {
            const again = this.position >= AGAIN_S;
            const turn = again ? undefined : await this.link.call("turn", [this.#target, "before"]);
            if (turn) await this.#go(turn.entry);
            else await this.seek(0);
        });
    }

    /** Go to the start of the track with this index, with a crossfade of at most a second. False if there is none. */
    goTo(index: number): Promise<boolean> {
        return this.#inTurn(async () => {
            if (!Number.isInteger(index) || index < 0) return false;
            const turn = await this.link.call("turnOf", [index, this.#target]);
            return turn !== undefined && this.#go(turn.entry);
        });
    }

    /** Index of the track that is heard, in the list as it was given. */
    get current(): number {
        return this.#current.index;
    }

    /** Number of tracks. */
    get count(): number {
        return this.#tracks.length;
    }

    /** Tracks that cannot be played, found when it was their turn: index and reason. */
    get leftOut(): LeftOut {
        return [...this.#leftOut];
    }

    /** `on("track", ...)`. */
    onTrack(listener: (index: number) => void): () => void {
        return this.on("track", listener);
    }

    protected override entered({ entry }: Status): void {
        this.#entry = entry;
        this.#show();
    }

    /** Tell the track that is heard, if it is known: what is known of a track may come after its first sound. */
    #show(): void {
        const known = this.#known.find(({ turn }) => turn.entry === this.#entry);
        if (!known || known.turn === this.#current) return;
        this.#current = known.turn;
        this.about = known.about;
        this.#known = this.#known.filter(({ turn }) => turn.entry >= Math.min(this.#entry, this.#target));
        this.#target = Math.max(this.#target, this.#entry);
        this.listeners.tell("track", known.turn.index);
    }

    protected override heard({ last, hasNext }: Status): void {
        // a command may take the next track back, and then it has to be followed anew
        if (hasNext) this.#followed = undefined;
        if (hasNext || last === this.#followed) return;
        this.#followed = last;
        this.#inTurn(() => this.#follow(last)).catch(() => undefined); // a player that was stopped needs nothing more
    }

    /** Get the track after `entry` ready. */
    async #follow(entry: number): Promise<void> {
        if (this.closed || entry !== this.#followed) return;
        const fade = this.#crossfade;
        const turn = await this.#load(entry + 1, (text, next) =>
            this.link.call("follow", [text, next.entry, entry, fade]),
        );
        await this.link.call("setContinues", [turn !== undefined]);
    }

    /** Go to the first track from `entry` on that can be played. */
    async #go(entry: number): Promise<boolean> {
        const turn = await this.#load(entry, (text, { entry }) => {
            this.moveTo(0);
            return this.link.call("goTo", [text, entry, this.#skipFade]);
        });
        if (!turn) return false;
        this.#target = turn.entry;
        this.#followed = undefined;
        await this.link.call("setContinues", [(await this.link.call("turn", [turn.entry + 1, "from"])) !== undefined]);
        return true;
    }

    /** Load the first track from `from` on that can be played, and let `act` hand it to the engine. */
    async #load(from: number, act: (text: string, turn: Turn) => Promise<About>): Promise<Turn | undefined> {
        for (;;) {
            const turn = await this.link.call("turn", [from, "from"]);
            if (!turn) return undefined;
            try {
                const { text, base } = await readTrack(this.#tracks[turn.index]!);
                await insertFiles(this.link, text, this.files, baseOf(this.#options, base));
                const about = await act(text, turn);
                this.#known = [...this.#known.filter((known) => known.turn.entry !== turn.entry), { turn, about }];
                this.#show();
                return turn;
            } catch (error) {
                if (this.closed) throw error;
                this.#leftOut.push([turn.index, (error as Error).message]);
                await this.link.call("leaveOut", [turn.index]);
            }
            from = turn.entry + 1;
        }
    }

    get #skipFade(): number {
        return Math.min(this.#crossfade, SKIP_S);
    }

    /** One after the other. */
    #inTurn<R>(act: () => Promise<R>): Promise<R> {
        const done = this.#work.then(act);
        this.#work = done.catch(() => undefined);
        return done;
    }
}
