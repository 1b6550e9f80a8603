// What is selected, in numbers and words: a step and its voices, the bed, a clip; and the track itself.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Track } from "../document";
import { t } from "../i18n";
import { useStudio } from "../studio";
import { Actions, select, stepName } from "../timeline/actions";
import { colours, HUES, identity } from "../timeline/curves";
import { clipName } from "../timeline/lanes";
import { fadeOf, laps, overlap, resize } from "../timeline/placement";
import { levelled } from "../timeline/rules";
import { lane } from "../timeline/state";
import { AddVoice } from "./add_voice";
import { type Row, Rows } from "./rows";
import { titleOf } from "./table";
import { VoiceEditor } from "./voice_editor";
import "./inspector.css";

const CURVES = ["linear", "equal_power"];
const STEP: Row[] = [
    { name: "description", kind: "text" },
    { name: "duration", kind: "number", unit: "s", min: 0 },
    { name: "crossfade_duration", kind: "number", unit: "s", min: 0 },
    { name: "crossfade_curve", kind: "choice", choices: CURVES },
    { name: "binaural_volume", kind: "number", min: 0 },
    { name: "noise_volume", kind: "number", min: 0 },
];
const TRACK: Row[] = [
    { name: "crossfade_duration", kind: "number", unit: "s", min: 0, fallback: 1 },
    { name: "crossfade_curve", kind: "choice", choices: CURVES },
    { name: "normalization", kind: "choice", choices: ["step", "none"] },
    { name: "normalization_level", kind: "number", min: 0, max: 1, fallback: 0.95 },
    { name: "sample_rate", kind: "integer", unit: "Hz", min: 8000, max: 384_000, fallback: 44_100 },
    { name: "compat", kind: "choice", choices: ["intended", "default", "legacy"] },
];
const MODULATION: Row[] = [
    { name: "pan", kind: "number", min: -1, max: 1, fallback: 0 },
    { name: "am_rate", kind: "number", unit: "Hz", min: 0, max: 1000, fallback: 0 },
    { name: "am_depth", kind: "number", min: 0, max: 1, fallback: 0 },
    { name: "pan_rate", kind: "number", unit: "Hz", min: 0, max: 1000, fallback: 0 },
    { name: "pan_width", kind: "number", min: 0, max: 1, fallback: 0 },
    { name: "spin_rate", kind: "number", unit: "Hz", min: 0, max: 1000, fallback: 0 },
    { name: "spin_width", kind: "number", unit: "us", min: 0, max: 5000, fallback: 0 },
];
const LEVEL: Row = { name: "amp", kind: "number", min: 0, fallback: 1 };
const FADES: Row[] = [
    { name: "fade_in", kind: "number", unit: "s", min: 0, fallback: 0 },
    { name: "fade_out", kind: "number", unit: "s", min: 0, fallback: 0 },
];
const BED: Row[] = [LEVEL, { name: "start_time", kind: "number", unit: "s", min: 0, fallback: 0 }, ...FADES, ...MODULATION];
const CLIP: Row[] = [
    { name: "description", kind: "text" },
    LEVEL,
    { name: "start", kind: "number", unit: "s", min: 0, fallback: 0 },
    { name: "duration", kind: "number", unit: "s", min: 0 },
    { name: "loop", kind: "flag", fallback: false },
    ...FADES,
    ...MODULATION,
];

/** Highest gain of a bus where the engine levels the steps. */
const BUS = 0.48;

/** Colours of noise by name (docs/spec/noise.md, 4). */
const NOISES = ["white", "pink", "brown", "red", "deep brown", "blue", "purple", "green"];

/** Write a field, or take it out. */
function write(target: Record<string, unknown>, name: string, value: unknown): void {
    if (value === undefined || value === "") delete target[name];
    else target[name] = value;
}

function StepEditor({ index }: { index: number }) {
    const { document, engine } = useStudio();
    const actions = new Actions(document);
    const adding = useSignal(false);
    const track = document.track.value;
    const step = track.progression[index]!;
    const { voice: chosen } = document.selection.value;
    const hues = colours(track);
    const problem = (name: string) =>
        engine.problems.value.find(({ path, severity }) => severity === "error" && path === `progression[${index}].${name}`)?.message;
    const change = (draft: Track, row: Row, value: unknown) => {
        const found = draft.progression[index];
        if (!found) return;
        if (row.name === "duration") {
            if (typeof value === "number") resize(draft, index, value);
        } else if (row.name === "crossfade_duration" && index + 1 < draft.progression.length) {
            overlap(draft, index, typeof value === "number" ? value : fadeOf(draft, index));
        } else write(found, row.name, value);
    };
    const values = { ...step, crossfade_duration: index + 1 < track.progression.length ? Math.max(0, laps(track)[index] ?? 0) : undefined };
    // without a word of the step a bus has its full level
    const most = levelled(track) ? BUS : 1;
    const rows = STEP.filter(({ name }) => index + 1 < track.progression.length || !name.startsWith("crossfade")).map((row) =>
        row.name.endsWith("_volume") ? { ...row, max: most, fallback: most } : row,
    );
    const voices = step.voices ?? [];
    return (
        <>
            <h2>{stepName(track, index)}</h2>
            <details class="group" open={chosen === undefined}>
                <summary>{t("stepSettings")}</summary>
                <Rows
                    rows={rows}
                    words="step"
                    values={values}
                    problem={problem}
                    set={(row, label, value) => document.edit(label, (draft) => change(draft, row, value), `step ${index} ${row.name}`)}
                    seal={() => document.seal()}
                />
            </details>
            <h3>{t("voices")}</h3>
            <ul class="voice-chips">
                {voices.map((voice, place) => (
                    <li key={place}>
                        <button
                            type="button"
                            class={`chip hue-${(hues.get(identity(voice, place)) ?? 0) % HUES}`}
                            aria-pressed={place === chosen}
                            onClick={() => select(document, index, place === chosen ? undefined : place)}
                        >
                            <span class="dot" aria-hidden="true" />
                            {titleOf(voice)}
                        </button>
                    </li>
                ))}
                <li>
                    <button type="button" class="chip add" onClick={() => (adding.value = true)}>
                        <span aria-hidden="true">+</span> {t("addVoice")}
                    </button>
                </li>
            </ul>
            {adding.value && <AddVoice step={index} onClose={() => (adding.value = false)} />}
            {chosen !== undefined && voices[chosen] && (
                <section class="chosen-voice" aria-label={titleOf(voices[chosen])}>
                    <div class="chosen-head">
                        <h3>{titleOf(voices[chosen])}</h3>
                        <div class="chosen-tools">
                            <button type="button" class="quiet" onClick={() => actions.duplicateVoice(index, chosen)}>
                                {t("duplicate")}
                            </button>
                            <button type="button" class="quiet" onClick={() => actions.removeVoice(index, chosen)}>
                                {t("delete")}
                            </button>
                        </div>
                    </div>
                    <VoiceEditor key={`${index} ${chosen}`} step={index} place={chosen} />
                </section>
            )}
        </>
    );
}

/** The colour of a bed that is no file. */
function Colour({ bed }: { bed: Record<string, unknown> }) {
    const { document } = useStudio();
    const actions = new Actions(document);
    const params = (bed.params ?? {}) as { noise_parameters?: { name?: string; seed?: number } };
    const now = String(params.noise_parameters?.name ?? "");
    const names = NOISES.includes(now.toLowerCase()) ? NOISES : [now, ...NOISES];
    const choose = (name: string) => {
        // what else was said of the colour would outweigh its name
        const colour = { name, seed: params.noise_parameters?.seed ?? 1 };
        actions.bed(t("noiseColour"), (draft) => (draft.params = { ...params, noise_parameters: colour }));
    };
    return (
        <label class="line-field">
            <span>{t("noiseColour")}</span>
            <select value={NOISES.includes(now.toLowerCase()) ? now.toLowerCase() : now} onChange={(event) => choose(event.currentTarget.value)}>
                {names.map((name) => (
                    <option key={name} value={name}>
                        {name || t("none")}
                    </option>
                ))}
            </select>
        </label>
    );
}

function LaneEditor() {
    const { document } = useStudio();
    const actions = new Actions(document);
    const what = lane.value!;
    const track = document.track.value;
    const clip = what.kind === "clip" ? track.overlay_clips?.[what.index] : track.background_noise;
    if (!clip) return null;
    const name = what.kind === "clip" ? clipName(clip, what.index) : t("bed");
    // an older spelling stays where it is used
    const field = (row: Row) => (row.name === "amp" && clip.amp === undefined && clip.gain !== undefined ? "gain" : row.name);
    const values = { ...clip, amp: clip.amp ?? clip.gain };
    const set = (row: Row, label: string, value: unknown) => {
        const change = (draft: Record<string, unknown>) => write(draft, field(row), value);
        const key = `${what.kind} ${what.kind === "clip" ? what.index : ""} ${row.name}`;
        if (what.kind === "clip") actions.clip(what.index, label, change, key);
        else actions.bed(label, change, key);
    };
    return (
        <>
            <div class="chosen-head">
                <h2>{name}</h2>
                <button type="button" class="quiet" onClick={() => (what.kind === "clip" ? actions.removeClip(what.index) : actions.removeBed())}>
                    {t("delete")}
                </button>
            </div>
            {what.kind === "bed" && !clip.file_path && <Colour bed={clip} />}
            <Rows rows={what.kind === "clip" ? CLIP : BED} words="layer" values={values} set={set} seal={() => document.seal()} />
        </>
    );
}

function TrackEditor() {
    const { document } = useStudio();
    const global = document.track.value.global ?? {};
    const set = (row: Row, label: string, value: unknown) =>
        document.edit(
            label,
            (draft) => {
                draft.global ??= {};
                write(draft.global, row.name, value);
            },
            `track ${row.name}`,
        );
    return (
        <details class="group track-settings">
            <summary>{t("trackSettings")}</summary>
            <Rows rows={TRACK} words="track" values={typeof global.compat === "object" ? { ...global, compat: undefined } : global} set={set} seal={() => document.seal()} />
        </details>
    );
}

export function Inspector() {
    const { document } = useStudio();
    const { step } = document.selection.value;
    const known = step !== undefined && document.track.value.progression[step] !== undefined;
    const keys = (event: KeyboardEvent) => {
        const control = event.ctrlKey || event.metaKey;
        const key = event.key.toLowerCase();
        // fields of text undo their own typing
        if (!control || event.defaultPrevented || (event.target as Element).matches("textarea, [type=search]")) return;
        if (key === "z" && !event.shiftKey) document.undo();
        else if (key === "y" || key === "z") document.redo();
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    let body: ComponentChildren = <p class="muted">{t("nothingSelected")}</p>;
    if (lane.value) body = <LaneEditor />;
    else if (known) body = <StepEditor key={step} index={step} />;
    return (
        <section class="card inspector" aria-label={t("inspector")} onKeyDown={keys}>
            {body}
            <TrackEditor />
        </section>
    );
}
