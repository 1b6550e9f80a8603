// Fields of what is no parameter of a voice: steps, the track, the bed, clips, envelopes. Their names and ranges are those of docs/format.md.

import { type Key, t } from "../i18n";
import { NumberField } from "./number_field";
import type { Parameter } from "./table";

export interface Row {
    name: string;
    kind: "number" | "integer" | "text" | "flag" | "choice";
    unit?: string;
    min?: number;
    max?: number;
    fallback?: number | string | boolean;
    choices?: string[];
}

interface Props {
    rows: Row[];
    /** Before the key of each label. */
    words: "step" | "track" | "layer" | "envelope";
    values: Record<string, unknown>;
    set: (row: Row, label: string, value: unknown) => void;
    seal: () => void;
    problem?: (name: string) => string | undefined;
}

export function Rows({ rows, words, values, set, seal, problem }: Props) {
    return (
        <>
            {rows.map((row) => {
                const label = t(`${words}_${row.name}` as Key);
                const value = values[row.name];
                if (row.kind === "number" || row.kind === "integer") {
                    const parameter: Parameter = {
                        name: row.name,
                        kind: row.kind,
                        group: "",
                        ...(row.unit && { unit: row.unit }),
                        ...(row.min !== undefined && { min: row.min }),
                        ...(row.max !== undefined && { max: row.max }),
                        ...(row.fallback !== undefined && { default: row.fallback }),
                    };
                    return (
                        <div key={row.name} class="parameter" data-field={row.name}>
                            <div class="field-head">
                                <span class="field-name">{label}</span>
                            </div>
                            <NumberField
                                parameter={parameter}
                                label={label}
                                value={value}
                                fallback={typeof row.fallback === "number" ? row.fallback : undefined}
                                problem={problem?.(row.name)}
                                change={(next) => set(row, label, next)}
                                seal={seal}
                            />
                        </div>
                    );
                }
                const done = (next: unknown) => {
                    set(row, label, next);
                    seal();
                };
                if (row.kind === "flag") {
                    return (
                        <label key={row.name} class="tick-box" data-field={row.name}>
                            <input type="checkbox" checked={Boolean(value ?? row.fallback)} onChange={(event) => done(event.currentTarget.checked)} />
                            {label}
                        </label>
                    );
                }
                return (
                    <label key={row.name} class="line-field" data-field={row.name}>
                        <span>{label}</span>
                        {row.kind === "choice" ? (
                            <select value={String(value ?? "")} onChange={(event) => done(event.currentTarget.value || undefined)}>
                                <option value="">{t("usual")}</option>
                                {row.choices?.map((choice) => (
                                    <option key={choice} value={choice}>
                                        {choice.replaceAll("_", " ")}
                                    </option>
                                ))}
                            </select>
                        ) : (
                            <input
                                type="text"
                                value={String(value ?? "")}
                                onInput={(event) => set(row, label, event.currentTarget.value || undefined)}
                                onBlur={seal}
                            />
                        )}
                    </label>
                );
            })}
        </>
    );
}
