// One parameter of a voice, whatever its kind.

import { useId, useState } from "preact/hooks";
import type { Problem } from "realtime-backend";
import type { Voice } from "../document";
import { t } from "../i18n";
import { setValue } from "../timeline/voice_edits";
import { NumberField } from "./number_field";
import { defaultOf, differs, ends, moves, namesOf, type Parameter } from "./table";
import { words } from "./words";

interface Props {
    voice: Voice;
    parameter: Parameter;
    problems: Problem[];
    /** Change the voice; edits with the same name in a row are one. */
    edit: (label: string, change: (draft: Voice) => void, name: string) => void;
    seal: () => void;
}

const SHAPES = ["linear", "logarithmic", "exponential"];

export function Field({ voice, parameter, problems, edit, seal }: Props) {
    const id = useId();
    const moving = moves(voice);
    const names = namesOf(parameter, moving);
    const title = words(parameter.name);
    const fallback = defaultOf(parameter, moving);
    const set = (name: string, value: unknown) => edit(title, (draft) => setValue(draft, parameter, name, value), name);
    const wrong = (name: string) => problems.find(({ path, severity }) => severity === "error" && path.endsWith(`params.${name}`))?.message;
    const pair = ends(voice, parameter);
    const stated = differs(voice, parameter);
    const numeric = parameter.kind === "number" || parameter.kind === "integer";
    const ramp = names.length === 2;
    return (
        <div class={`parameter ${stated ? "stated" : ""}`} data-parameter={parameter.name} role="group" aria-labelledby={`${id}-name`}>
            <div class="field-head">
                <span class="field-name" id={`${id}-name`}>
                    {title}
                </span>
                {stated && (
                    <button
                        type="button"
                        class="quiet reset"
                        aria-label={t("resetOf", { name: title })}
                        title={t("reset")}
                        onClick={() => edit(title, (draft) => names.forEach((name) => delete draft.params?.[name]), `reset ${parameter.name}`)}
                    >
                        <span aria-hidden="true">↺</span>
                    </button>
                )}
            </div>
            <div class={ramp ? "field-values ramp" : "field-values"}>
                {names.map((name, index) => {
                    const label = ramp ? `${title}, ${t(index === 0 ? "atStart" : "atEnd")}` : title;
                    const value = voice.params?.[name];
                    return (
                        <div key={name} class="field-value">
                            {ramp && (
                                <span class="end" aria-hidden="true">
                                    {t(index === 0 ? "atStart" : "atEnd")}
                                </span>
                            )}
                            {numeric ? (
                                <NumberField
                                    parameter={parameter}
                                    label={label}
                                    value={value}
                                    fallback={pair?.[index] ?? (typeof fallback === "number" ? fallback : undefined)}
                                    problem={wrong(name)}
                                    describedBy={`${id}-about`}
                                    change={(next) => set(name, next)}
                                    seal={seal}
                                />
                            ) : (
                                <Other
                                    parameter={parameter}
                                    label={label}
                                    value={value}
                                    fallback={fallback}
                                    problem={wrong(name)}
                                    describedBy={`${id}-about`}
                                    change={(next) => {
                                        set(name, next);
                                        seal();
                                    }}
                                />
                            )}
                        </div>
                    );
                })}
            </div>
            <p class="about" id={`${id}-about`}>
                <span lang="en">{parameter.about}</span> <code>{names.join(", ")}</code>
            </p>
        </div>
    );
}

interface OtherProps {
    parameter: Parameter;
    label: string;
    value: unknown;
    fallback: unknown;
    problem: string | undefined;
    describedBy: string;
    change: (value: unknown) => void;
}

function Other({ parameter, label, value, fallback, problem, describedBy, change }: OtherProps) {
    const id = useId();
    const [wrong, setWrong] = useState<string | undefined>(undefined);
    const message = wrong ?? problem;
    const shared = {
        "aria-label": label,
        "aria-describedby": [describedBy, message && `${id}-wrong`].filter(Boolean).join(" "),
        "aria-invalid": message !== undefined,
    };
    const under = message && (
        <p class="wrong" id={`${id}-wrong`}>
            {message}
        </p>
    );
    if (parameter.kind === "flag") {
        return (
            <label class="tick-box">
                <input {...shared} type="checkbox" checked={Boolean(value ?? fallback)} onChange={(event) => change(event.currentTarget.checked)} />
                <span aria-hidden="true">{t("on")}</span>
                {under}
            </label>
        );
    }
    if (parameter.kind === "choice" || parameter.name === "transition_curve") {
        const listed = parameter.kind === "choice" ? (parameter.choices ?? []) : SHAPES;
        const now = String(value ?? fallback ?? "");
        const all = listed.includes(now) ? listed : [now, ...listed];
        return (
            <>
                <select {...shared} value={now} onChange={(event) => change(event.currentTarget.value || undefined)}>
                    {all.map((choice) => (
                        <option key={choice} value={choice}>
                            {choice ? choice.replaceAll("_", " ") : t("none")}
                        </option>
                    ))}
                </select>
                {parameter.kind === "text" && (
                    <input
                        type="text"
                        class="formula"
                        aria-label={t("formula")}
                        placeholder={t("formulaExample")}
                        value={SHAPES.includes(now) ? "" : now}
                        onChange={(event) => change(event.currentTarget.value.trim() || undefined)}
                    />
                )}
                {under}
            </>
        );
    }
    if (parameter.kind === "structure" || parameter.kind === "files") {
        return (
            <>
                <textarea
                    {...shared}
                    rows={3}
                    spellcheck={false}
                    value={value === undefined || value === null ? "" : JSON.stringify(value, undefined, 1)}
                    placeholder={t("none")}
                    onChange={(event) => {
                        const text = event.currentTarget.value.trim();
                        try {
                            change(text === "" ? undefined : (JSON.parse(text) as unknown));
                            setWrong(undefined);
                        } catch (error) {
                            // a bare word is a text
                            if (/^[\w.-]+$/.test(text)) change(text);
                            else setWrong(t("badJson", { why: (error as Error).message }));
                        }
                    }}
                />
                {under}
            </>
        );
    }
    return (
        <>
            <input
                {...shared}
                type="text"
                value={String(value ?? "")}
                placeholder={String(fallback ?? "") || t("none")}
                onChange={(event) => change(event.currentTarget.value || undefined)}
            />
            {under}
        </>
    );
}
