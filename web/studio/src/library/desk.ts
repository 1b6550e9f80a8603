// What lies open, where it came from, and how it gets there.

import { batch, effect, type Signal, signal } from "@preact/signals";
import type { TrackDocument } from "../document";
import type { Engine, Item } from "../engine";
import { t } from "../i18n";
import { type Kept, forget, keep, recent } from "../keep/store";
import { shared } from "../keep/link";
import { Refused } from "../refused";
import { bounded, boundedAudio, fromFiles, fromText, isAudio } from "./read";
import { ownTrack, SESSIONS, spokenTrack } from "./sessions";

/** Milliseconds without an edit until it is kept. */
const KEEP_AFTER = 800;

export class Desk {
    readonly view: Signal<"library" | "session"> = signal("library");
    /** Why something could not be opened. */
    readonly refusal: Signal<string | undefined> = signal(undefined);
    readonly kept: Signal<Kept[]> = signal([]);
    /** Why this browser does not keep what is open: no room, or no storage at all. */
    readonly unkept: Signal<"full" | "never" | undefined> = signal(undefined);
    /** The session of the studio that is open. */
    readonly own: Signal<string | undefined> = signal(undefined);
    #id = "";
    /** As it was opened. */
    #title = "";
    #opening = 0;
    #generation = 0;
    #later: ReturnType<typeof setTimeout> | undefined;
    /** When the versions that this page knows were kept, by their ids. */
    readonly #known = new Map<string, number>();
    readonly #told = new Set<string>();

    constructor(
        readonly document: TrackDocument,
        readonly engine: Engine,
    ) {
        void this.#list();
        // another page may have kept something
        window.addEventListener("focus", () => void this.#list());
        effect(() => {
            const [track, title, files] = [document.track.value, document.title.value, document.files.value];
            const fresh = this.#generation !== document.generation.value;
            this.#generation = document.generation.value;
            if (fresh) {
                this.#title = title;
                this.#id = crypto.randomUUID();
                this.own.value = undefined;
            }
            if (fresh || (title === this.#title && !document.canUndo.peek())) return;
            clearTimeout(this.#later);
            const id = this.#id;
            this.#later = setTimeout(() => void this.#keep({ id, title, track, files, when: Date.now() }), KEEP_AFTER);
        });
    }

    /** Open one of the studio's own sessions. */
    openOwn(id: string, play = true): Promise<void> {
        const own = SESSIONS.find((session) => session.id === id);
        if (!own) return Promise.resolve();
        return this.#open(async () => [{ title: t(own.title), track: spokenTrack(await ownTrack(id)) }], { own: id, play });
    }

    openKept({ id, title, track, files, when }: Kept): Promise<void> {
        this.#known.set(id, when);
        return this.#open(() => Promise.resolve([{ title, track, files }]), { id, play: true });
    }

    /** Open tracks and what belongs to them; audio goes on the track that is open, if there is one. */
    async openFiles(list: Iterable<File>): Promise<void> {
        const all = [...list];
        if (all.length === 0) return;
        if (this.view.peek() === "session" && all.every(isAudio)) return this.#addClips(all);
        await this.#open(() => fromFiles(all), { keep: true });
    }

    async openText(text: string, name = t("pasted")): Promise<void> {
        const link = shared(text);
        await this.#open(async () => [link ? await link : await fromText(text, name)], { keep: true });
    }

    /** Open the track at an address of this site. */
    async openAddress(address: string): Promise<void> {
        await this.#open(
            async () => {
                const url = new URL(address, location.href);
                if (url.origin !== location.origin) throw new Refused(t("otherSite", { name: url.host }));
                const answer = await fetch(url).catch(() => undefined);
                if (!answer?.ok) throw new Refused(t("notFetched", { name: url.href, reason: String(answer?.status ?? "") }));
                const name = decodeURIComponent(url.pathname.split("/").pop() ?? "");
                bounded({ name, size: Number(answer.headers.get("Content-Length") ?? 0) });
                return [{ ...(await fromText(await answer.text(), name)), base: url.href }];
            },
            { keep: false },
        );
    }

    /** What the address of the page asks for: `?track=`, `?session=` or a shared track. */
    async openLocation(): Promise<void> {
        const link = shared(location.href);
        const asked = new URLSearchParams(location.search);
        const [track, session] = [asked.get("track"), asked.get("session")];
        if (link) await this.#open(async () => [await link], { keep: true });
        else if (track) await this.openAddress(track);
        else if (session) await this.openOwn(session, false);
    }

    async forget(id: string): Promise<void> {
        await forget(id);
        await this.#list();
    }

    async #open(read: () => Promise<Item[]>, how: { own?: string; id?: string; play?: boolean; keep?: boolean }): Promise<void> {
        const opening = ++this.#opening;
        this.refusal.value = undefined;
        if (how.play) void this.engine.context.resume();
        try {
            const items = await read();
            if (opening !== this.#opening || items.length === 0) return;
            if (!(await this.engine.openQueue(items, how.play))) return;
            batch(() => {
                this.#id = how.id ?? this.#id;
                this.own.value = how.own;
                this.view.value = "session";
            });
            const [first] = items;
            if (how.keep && first && items.length === 1) {
                await this.#keep({ id: this.#id, title: first.title, track: first.track, files: first.files ?? {}, when: Date.now() });
            }
        } catch (error) {
            if (opening === this.#opening) this.refusal.value = (error as Error).message;
        }
    }

    #addClips(files: File[]): void {
        const start = Math.round(this.engine.position.peek() * 100) / 100;
        const held = { ...this.document.files.peek(), ...Object.fromEntries(files.map((file) => [file.name, file])) };
        try {
            boundedAudio(held);
        } catch (error) {
            this.refusal.value = (error as Error).message;
            return;
        }
        batch(() => {
            this.refusal.value = undefined;
            this.document.files.value = held;
            this.document.edit(t("addClip"), (draft) => {
                draft.overlay_clips ??= [];
                for (const { name } of files) draft.overlay_clips.push({ file_path: name, start, amp: 0.7, fade_in: 0.5, fade_out: 0.5 });
            });
        });
    }

    async #keep(kept: Kept): Promise<void> {
        try {
            const id = await keep(kept, this.#known.get(kept.id));
            this.#known.set(id, kept.when);
            if (this.#id === kept.id) this.#id = id;
            this.unkept.value = undefined;
            await this.#list();
        } catch (error) {
            const why = (error as Error).name === "QuotaExceededError" ? "full" : "never";
            if (!this.#told.has(why)) this.unkept.value = why;
            this.#told.add(why);
        }
    }

    async #list(): Promise<void> {
        this.kept.value = await recent();
    }
}
