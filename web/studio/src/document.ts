// The track that is open, and everything that was done to it.

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { freeze, produce } from "immer";

export interface Envelope {
    type: string;
    params: Record<string, number>;
}

export interface Voice {
    synth_function_name: string;
    is_transition?: boolean;
    params?: Record<string, unknown>;
    volume_envelope?: Envelope;
    description?: string;
    voice_id?: unknown;
    name?: unknown;
    [field: string]: unknown;
}

export interface Step {
    duration: number;
    start?: number;
    description?: string;
    voices?: Voice[];
    crossfade_duration?: number;
    crossfade_curve?: "linear" | "equal_power";
    crossfade_overlap?: number;
    [field: string]: unknown;
}

/** A track as its file has it; the engine reads more than is listed here. */
export interface Track {
    global?: { sample_rate?: number; crossfade_duration?: number; [field: string]: unknown };
    progression: Step[];
    background_noise?: Record<string, unknown>;
    overlay_clips?: Record<string, unknown>[];
    [field: string]: unknown;
}

/** What the inspector shows: a step, and one of its voices. */
export interface Selection {
    step: number | undefined;
    voice: number | undefined;
}

/** Content of audio and noise files by the names that the track gives them. */
export type Files = Record<string, Blob>;

interface Entry {
    label: string;
    track: Track;
    selection: Selection;
    key: string | undefined;
}

const EMPTY: Track = { global: { sample_rate: 44100 }, progression: [] };
const NOTHING: Selection = { step: undefined, voice: undefined };

/**
 * Holds one track. An edit makes a new snapshot, which shares with the old one whatever did not change, so that undo
 * has no limit. Snapshots are frozen: change a track with `edit` only.
 */
export class TrackDocument {
    readonly title: Signal<string> = signal("");
    readonly selection: Signal<Selection> = signal(NOTHING);
    /** Counts the tracks that were opened. */
    readonly generation: Signal<number> = signal(0);
    /** Files that belong to the track. */
    readonly files: Signal<Files> = signal({});
    readonly #track = signal<Track>(EMPTY);
    readonly #past = signal<readonly Entry[]>([]);
    readonly #future = signal<readonly Entry[]>([]);
    #key: string | undefined;

    readonly track: ReadonlySignal<Track> = computed(() => this.#track.value);
    readonly canUndo: ReadonlySignal<boolean> = computed(() => this.#past.value.length > 0);
    readonly canRedo: ReadonlySignal<boolean> = computed(() => this.#future.value.length > 0);
    /** What the next `undo` takes back. */
    readonly undoLabel: ReadonlySignal<string | undefined> = computed(() => this.#past.value.at(-1)?.label);
    /** What the next `redo` does again. */
    readonly redoLabel: ReadonlySignal<string | undefined> = computed(() => this.#future.value.at(-1)?.label);

    /** Show another track; what was done before is forgotten. */
    open(track: Track, title: string, files: Files = {}): void {
        batch(() => {
            this.#track.value = freeze(track, true);
            this.#past.value = [];
            this.#future.value = [];
            this.#key = undefined;
            this.title.value = title;
            this.files.value = files;
            this.selection.value = track.progression.length > 0 ? { step: 0, voice: undefined } : NOTHING;
            this.generation.value++;
        });
    }

    /**
     * Change the track. Edits in a row with the same `key` are one for `undo` (a drag, a held key); `seal` ends the row.
     */
    edit(label: string, mutate: (draft: Track) => void, key?: string): void {
        const before = this.#track.value;
        const after = produce(before, (draft) => void mutate(draft as Track));
        if (after === before) return;
        const joined = key !== undefined && key === this.#key && this.#past.value.length > 0;
        batch(() => {
            if (!joined) {
                const entry = { label, track: before, selection: this.selection.value, key };
                this.#past.value = [...this.#past.value, entry];
            }
            this.#future.value = [];
            this.#track.value = after;
            this.#key = key;
            this.#clampSelection();
        });
    }

    /** The next edit is one of its own. */
    seal(): void {
        this.#key = undefined;
    }

    undo(): void {
        this.#move(this.#past, this.#future);
    }

    redo(): void {
        this.#move(this.#future, this.#past);
    }

    #move(from: Signal<readonly Entry[]>, to: Signal<readonly Entry[]>): void {
        const entry = from.value.at(-1);
        if (!entry) return;
        batch(() => {
            from.value = from.value.slice(0, -1);
            to.value = [...to.value, { ...entry, track: this.#track.value, selection: this.selection.value }];
            this.#track.value = entry.track;
            this.selection.value = entry.selection;
            this.#key = undefined;
            this.#clampSelection();
        });
    }

    /** What is selected exists. */
    #clampSelection(): void {
        const { step, voice } = this.selection.value;
        const steps = this.#track.value.progression;
        if (step === undefined) return;
        if (steps.length === 0) this.selection.value = NOTHING;
        else if (step >= steps.length) this.selection.value = { step: steps.length - 1, voice: undefined };
        else if (voice !== undefined && voice >= (steps[step]?.voices?.length ?? 0)) {
            this.selection.value = { step, voice: undefined };
        }
    }
}
