// The parameters of one voice: in groups, to be searched, or only what differs from the defaults.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ofVoice, t, type Key } from "../i18n";
import { useStudio } from "../studio";
import { Actions } from "../timeline/actions";
import { makeMoving, makeStill } from "../timeline/voice_edits";
import { EnvelopeEditor } from "./envelope";
import { Field } from "./field";
import { differs, familyOf, flanger, moves, namesOf, type Parameter, spoken } from "./table";
import { words } from "./words";

/** Groups in the order of the page; the first ones are open. */
const GROUPS = ["tone", "level", "timing", "pan", "pulse", "tremolo", "vibrato", "phase", "colour", "burst", "path", "flanger"];
const OPEN = ["tone", "level", "timing"];

/** A group whose fields are made when it is opened: a voice has up to a hundred. */
function Group({ title, changed, open, children }: { title: string; changed: number; open: boolean; children: () => ComponentChildren }) {
    const [shown, setShown] = useState(open);
    return (
        <details class="group" open={open} onToggle={(event) => event.currentTarget.open && setShown(true)}>
            <summary>
                {title}
                {changed > 0 && <span class="count">{t("changedCount", { count: changed })}</span>}
            </summary>
            {shown && children()}
        </details>
    );
}

export function VoiceEditor({ step, place }: { step: number; place: number }) {
    const { document, engine } = useStudio();
    const actions = new Actions(document);
    const wanted = useSignal("");
    const stated = useSignal(false);
    const voice = document.track.value.progression[step]?.voices?.[place];
    if (!voice) return null;
    const family = familyOf(voice);
    const moving = moves(voice);
    const at = `progression[${step}].voices[${place}]`;
    const problems = engine.problems.value.filter(({ path }) => path.startsWith(at));
    const edit = (label: string, change: Parameters<Actions["voice"]>[3], name: string) =>
        actions.voice(step, place, label, change, `${at} ${name}`);
    const seal = () => document.seal();

    const needle = wanted.value.trim().toLowerCase();
    const matches = (parameter: Parameter) => {
        if (namesOf(parameter, moving).length === 0) return false;
        if (stated.value && !differs(voice, parameter)) return false;
        return needle === "" || [parameter.name, words(parameter.name), parameter.about ?? "", t(`group_${parameter.group}` as Key)].join(" ").toLowerCase().includes(needle);
    };
    const all = [...(family?.parameters ?? []), ...flanger];
    const found = all.filter(matches);
    const narrowed = needle !== "" || stated.value;
    const general = problems.filter(({ path }) => !path.includes(".params."));
    const unknown = Object.keys(voice.params ?? {}).filter((name) => !all.some((parameter) => namesOf(parameter, moving).includes(name) || parameter.name === name));
    return (
        <div class="voice-editor">
            <label class="line-field">
                <span>{t("voiceName")}</span>
                <input
                    type="text"
                    value={String(voice.description ?? "")}
                    placeholder={spoken(family?.name ?? String(voice.synth_function_name))}
                    onInput={(event) => {
                        const text = event.currentTarget.value;
                        edit(t("voiceName"), (draft) => (text ? (draft.description = text) : delete draft.description), "description");
                    }}
                    onBlur={seal}
                />
            </label>
            {family && <p class="muted summary">{ofVoice(family.summary)}</p>}
            {general.map(({ message }) => (
                <p key={message} class="wrong">
                    {message}
                </p>
            ))}
            {family?.moves && (
                <div class="segments" role="group" aria-label={t("form")}>
                    <button type="button" aria-pressed={!moving} onClick={() => edit(t("held"), makeStill, "form")}>
                        {t("held")}
                    </button>
                    <button type="button" aria-pressed={moving} onClick={() => edit(t("moving"), makeMoving, "form")}>
                        {t("moving")}
                    </button>
                </div>
            )}
            <div class="find">
                <input
                    type="search"
                    aria-label={t("searchParameters")}
                    placeholder={t("searchParameters")}
                    value={wanted.value}
                    onInput={(event) => (wanted.value = event.currentTarget.value)}
                />
                <label class="tick-box">
                    <input type="checkbox" checked={stated.value} onChange={(event) => (stated.value = event.currentTarget.checked)} />
                    {t("onlyDiffers")}
                </label>
            </div>
            <p class="hidden-text" role="status">
                {narrowed ? t("found", { count: found.length }) : ""}
            </p>
            {GROUPS.map((group) => {
                const listed = found.filter((parameter) => parameter.group === group);
                if (listed.length === 0) return null;
                const changed = listed.filter((parameter) => differs(voice, parameter)).length;
                return (
                    <Group key={`${group} ${narrowed}`} title={t(`group_${group}` as Key)} changed={changed} open={narrowed || OPEN.includes(group)}>
                        {() =>
                            listed.map((parameter) => (
                                <Field key={parameter.name} voice={voice} parameter={parameter} problems={problems} edit={edit} seal={seal} />
                            ))
                        }
                    </Group>
                );
            })}
            {narrowed && found.length === 0 && <p class="muted">{t("nothingFound")}</p>}
            {!narrowed && <EnvelopeEditor voice={voice} edit={edit} seal={seal} />}
            {unknown.length > 0 && <p class="muted">{t("otherParameters", { names: unknown.join(", ") })}</p>}
        </div>
    );
}
