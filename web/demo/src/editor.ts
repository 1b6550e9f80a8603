// A slider for every number of the voices of one step.

import { element } from "./page.js";

type Voice = { synth_function_name?: string; description?: string; params?: Record<string, unknown> };
type Step = { description?: string; voices?: Voice[] };
/** What the page reads of a track; the engine reads the rest. */
export type Document = { progression?: Step[]; steps?: Step[] };

export function stepsOf(track: Document): Step[] {
    return track.progression ?? track.steps ?? [];
}

/** What a step is called. */
export function nameOf(step: Step, index: number): string {
    return step.description || `step ${index + 1}`;
}

export class Editor {
    readonly #choice = element<HTMLSelectElement>("step");
    readonly #voices = element("voices");
    #track: Document = {};

    constructor(private readonly changed: () => void) {
        this.#choice.addEventListener("change", () => this.#fill());
    }

    /** Edit this track, in place. */
    open(track: Document): void {
        this.#track = track;
        const options = stepsOf(track).map((step, i) => new Option(`${i + 1} · ${nameOf(step, i)}`, String(i)));
        this.#choice.replaceChildren(...options);
        this.#fill();
    }

    /** Show the step that sounds. */
    follow(index: number): void {
        if (this.#choice.value === String(index) || this.#voices.contains(document.activeElement)) return;
        this.#choice.value = String(index);
        this.#fill();
    }

    #fill(): void {
        const step = stepsOf(this.#track)[Number(this.#choice.value)];
        this.#voices.replaceChildren(...(step?.voices ?? []).map((voice) => this.#voice(voice)));
    }

    #voice(voice: Voice): HTMLElement {
        const set = document.createElement("fieldset");
        set.className = "voice";
        const legend = document.createElement("legend");
        legend.textContent = (voice.synth_function_name ?? "").replaceAll("_", " ");
        const note = document.createElement("span");
        note.textContent = voice.description ? ` · ${voice.description}` : "";
        legend.append(note);
        const list = document.createElement("div");
        list.className = "parameters";
        for (const [name, value] of Object.entries(voice.params ?? {})) {
            if (typeof value === "number") list.append(this.#parameter(voice.params!, name, value));
        }
        set.append(legend, list);
        return set;
    }

    #parameter(params: Record<string, unknown>, name: string, value: number): HTMLElement {
        const label = document.createElement("label");
        const shown = document.createElement("output");
        const slider = document.createElement("input");
        const [least, most, step] = range(name, value);
        Object.assign(slider, { type: "range", min: String(least), max: String(most), step: String(step) });
        slider.value = String(value);
        const show = (now: number) => (shown.value = String(Number(now.toPrecision(4))));
        show(value);
        slider.addEventListener("input", () => {
            params[name] = slider.valueAsNumber;
            show(slider.valueAsNumber);
            this.changed();
        });
        label.append(name, shown, slider);
        return label;
    }
}

/** Bounds that make sense for a parameter of this name, and a step. */
function range(name: string, value: number): [number, number, number] {
    const word = name.toLowerCase();
    const bounds = (least: number, most: number, step: number): [number, number, number] => [
        Math.min(least, value),
        Math.max(most, value),
        step,
    ];
    if (/pan/.test(word)) return bounds(-1, 1, 0.01);
    if (/amp|depth|gap|ramp|percent|level/.test(word)) return bounds(0, 1, 0.01);
    if (/beat|mod|lfo|rate/.test(word)) return bounds(0, 40, 0.01);
    if (/freq/.test(word)) return bounds(20, 600, 0.1);
    return bounds(value < 0 ? 2 * value : 0, Math.max(1, 2 * value), 0.01);
}
