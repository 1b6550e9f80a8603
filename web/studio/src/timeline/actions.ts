// Edits of the timeline, with their names for undo.

import type { Track, TrackDocument, Voice } from "../document";
import { t } from "../i18n";
import { moves, titleOf } from "../inspector/table";
import type { Curve } from "./curves";
import { join } from "./join";
import { duplicate, insert, overlap, places, remove, reorder, resize, tidy } from "./placement";
import { type Cut, cutAt, split } from "./split";
import { lane, note, said } from "./state";
import { clock, span } from "./viewport";
import { type End, setCurve, voicesOf } from "./voice_edits";

/** What a step is called. */
export function stepName(track: Track, index: number): string {
    return track.progression[index]?.description || t("stepNumber", { number: index + 1 });
}

export function select(document: TrackDocument, step: number | undefined, voice?: number): void {
    lane.value = undefined;
    const now = document.selection.peek();
    if (now.step !== step || now.voice !== voice) document.selection.value = { step, voice };
}

export class Actions {
    constructor(private readonly document: TrackDocument) {}

    #track(): Track {
        return this.document.track.peek();
    }

    resize(index: number, seconds: number): void {
        this.document.edit(t("editLength"), (draft) => resize(draft, index, seconds), `length ${index}`);
        const step = this.#track().progression[index];
        if (step) said.value = `${stepName(this.#track(), index)}: ${span(step.duration)}`;
    }

    overlap(index: number, seconds: number): void {
        this.document.edit(t("editCrossfade"), (draft) => overlap(draft, index, seconds), `crossfade ${index}`);
    }

    /** Move a step; the selection goes with it. */
    move(from: number, to: number, key?: string): void {
        if (to < 0 || to >= this.#track().progression.length || from === to) return;
        this.document.edit(t("editOrder"), (draft) => reorder(draft, from, to), key);
        select(this.document, to);
        said.value = t("movedTo", { name: stepName(this.#track(), to), place: to + 1, count: this.#track().progression.length });
    }

    remove(index: number): void {
        const name = stepName(this.#track(), index);
        this.document.edit(t("editRemove"), (draft) => remove(draft, index));
        said.value = t("removed", { name });
    }

    duplicate(index: number): void {
        this.document.edit(t("editDuplicate"), (draft) => duplicate(draft, index));
        select(this.document, index + 1);
    }

    /** Cut the step that sounds at `seconds` in two: the selected one, if there are several. */
    split(seconds: number): void {
        const track = this.#track();
        const { step: selected } = this.document.selection.peek();
        const steps = track.progression.map((_, index) => index).sort((a, b) => Number(b === selected) - Number(a === selected));
        const cut = steps.map((index) => cutAt(track, index, seconds)).find((found) => found !== undefined);
        if (!cut) return this.#note(t("splitNot"));
        const [name, time] = [stepName(track, cut.index), clock(places(track)[cut.index]!.start + cut.at)];
        this.document.edit(t("editSplit"), (draft) => split(draft, cut));
        select(this.document, cut.index + 1);
        const limits = this.#limits(cut);
        this.#note([t("splitAt", { name, time }), ...limits].join(" "), limits.length === 0);
    }

    /** Make one step of a step and the next one. */
    join(index: number): void {
        const name = stepName(this.#track(), index);
        let changed: string[] = [];
        this.document.edit(t("editJoin"), (draft) => void (changed = join(draft, index)));
        select(this.document, index);
        const limits = changed.length > 0 ? [t("joinChanges", { voices: changed.join(", ") })] : [];
        this.#note([t("joined", { name }), ...limits].join(" "), limits.length === 0);
    }

    /** What is not as it was asked for, or as it was before. */
    #limits({ moved, crossfaded, overlap, levelled }: Cut): string[] {
        return [
            ...(moved ? [t("splitMoved")] : []),
            ...(crossfaded.length > 0 ? [t("splitFades", { seconds: span(overlap), voices: crossfaded.join(", ") })] : []),
            ...(levelled ? [t("splitLevels")] : []),
        ];
    }

    /** Say something about the timeline. It is shown, too, until the track changes, unless it can be seen anyway. */
    #note(text: string, seen = false): void {
        said.value = text;
        note.value = seen ? undefined : { text, track: this.#track() };
    }

    /** A new step behind `after`. */
    add(after: number): void {
        const step = { duration: 60, description: "", voices: [] };
        this.document.edit(t("editAdd"), (draft) => insert(draft, after, step));
        select(this.document, after + 1);
    }

    curve(step: number, voice: number, curve: Curve, end: End, value: number): void {
        const key = `${curve} ${end} ${step} ${voice}`;
        this.voice(step, voice, t(`curve_${curve}`), (draft) => setCurve(draft, curve, end, tidy(value)), key);
    }

    /** Change one voice. */
    voice(step: number, voice: number, label: string, change: (draft: Voice) => void, key?: string): void {
        this.document.edit(
            label,
            (draft) => {
                const found = draft.progression[step]?.voices?.[voice];
                if (found) change(found);
            },
            key,
        );
    }

    addVoice(step: number, voice: Voice): void {
        this.document.edit(t("editAddVoice"), (draft) => {
            const found = draft.progression[step];
            if (found) voicesOf(found).push(voice);
        });
        const count = this.#track().progression[step]?.voices?.length ?? 0;
        select(this.document, step, count - 1);
        said.value = t("addedVoice", { name: titleOf(voice), form: moves(voice) ? t("moving") : t("held") });
    }

    removeVoice(step: number, voice: number): void {
        const found = this.#track().progression[step]?.voices?.[voice];
        this.document.edit(t("editRemoveVoice"), (draft) => void draft.progression[step]?.voices?.splice(voice, 1));
        select(this.document, step);
        if (found) said.value = t("removed", { name: titleOf(found) });
    }

    duplicateVoice(step: number, voice: number): void {
        this.document.edit(t("editDuplicate"), (draft) => {
            const voices = draft.progression[step]?.voices;
            const copy = voices?.[voice] && (JSON.parse(JSON.stringify(voices[voice])) as Voice);
            if (!voices || !copy) return;
            delete copy.voice_id;
            voices.splice(voice + 1, 0, copy);
        });
        select(this.document, step, voice + 1);
    }

    /** Soft brown noise under all steps. */
    addBed(): void {
        this.document.edit(t("addBed"), (draft) => {
            draft.background_noise = { amp: 0.05, fade_in: 5, fade_out: 10, params: { noise_parameters: { name: "brown", seed: 1 } } };
        });
        lane.value = { kind: "bed" };
    }

    bed(label: string, change: (bed: Record<string, unknown>) => void, key?: string): void {
        this.document.edit(label, (draft) => draft.background_noise && change(draft.background_noise), key);
    }

    clip(index: number, label: string, change: (clip: Record<string, unknown>) => void, key?: string): void {
        this.document.edit(
            label,
            (draft) => {
                const clip = draft.overlay_clips?.[index];
                if (clip) change(clip);
            },
            key,
        );
    }

    removeClip(index: number): void {
        this.document.edit(t("editRemove"), (draft) => void draft.overlay_clips?.splice(index, 1));
        lane.value = undefined;
    }

    removeBed(): void {
        this.document.edit(t("editRemove"), (draft) => void delete draft.background_noise);
        lane.value = undefined;
    }
}
