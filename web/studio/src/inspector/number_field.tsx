// A number: a field with its unit, a slider, and what is wrong in words.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { fromSlider, type Reading, read, scaleOf, shown, toSlider } from "./number";
import type { Parameter } from "./table";

interface Props {
    parameter: Parameter;
    label: string;
    /** The stated value; nothing: the default. */
    value: unknown;
    fallback: number | undefined;
    /** What the engine says of it. */
    problem?: string | undefined;
    describedBy?: string | undefined;
    change: (value: number | undefined) => void;
    seal: () => void;
}

const STEPS = 1000;

function complaint(reading: Reading): string | undefined {
    if (!("wrong" in reading)) return undefined;
    const words = { number: "notNumber", whole: "notWhole", least: "tooSmall", most: "tooLarge" } as const;
    return t(words[reading.wrong], { limit: reading.limit ?? "" });
}

export function NumberField({ parameter, label, value, fallback, problem, describedBy, change, seal }: Props) {
    const id = useId();
    const stated = value === undefined || value === null ? undefined : Number(value);
    const text = stated === undefined ? "" : Number.isFinite(stated) ? shown(stated) : String(value);
    // what is typed stays until it is left, so that "0." is not taken away
    const [typed, setTyped] = useState<string | undefined>(undefined);
    const [, redraw] = useState(0);
    const [wrong, setWrong] = useState<string | undefined>(undefined);
    useEffect(() => setWrong(undefined), [text]);
    const current = stated ?? fallback ?? 0;
    // the scale of a slider holds still while it is dragged
    const held = useRef<ReturnType<typeof scaleOf> | undefined>(undefined);
    const scale = held.current ?? scaleOf(parameter, Number.isFinite(current) ? current : 0);
    const message = wrong ?? problem;

    const type = (given: string) => {
        setTyped(given);
        const reading = read(given, parameter);
        setWrong(complaint(reading));
        if ("value" in reading) change(reading.value);
    };
    const nudge = (event: KeyboardEvent) => {
        const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
        if (by === 0) return;
        event.preventDefault();
        const step = parameter.kind === "integer" ? 1 : scale.step * (event.shiftKey ? 0.1 : 1);
        const next = Math.min(Math.max(Number((current + by * step).toPrecision(8)), parameter.min ?? -Infinity), parameter.max ?? Infinity);
        setTyped(undefined);
        change(next);
    };
    return (
        <div class="number">
            <input
                id={id}
                class="number-text"
                type="text"
                inputMode="decimal"
                autoComplete="off"
                aria-label={label}
                aria-invalid={message !== undefined}
                aria-describedby={[describedBy, message && `${id}-wrong`].filter(Boolean).join(" ") || undefined}
                value={typed ?? text}
                placeholder={fallback === undefined ? t("none") : shown(fallback)}
                onInput={(event) => type(event.currentTarget.value)}
                onKeyDown={nudge}
                onKeyUp={(event) => event.key.startsWith("Arrow") && seal()}
                onBlur={() => {
                    setTyped(undefined);
                    setWrong(undefined);
                    seal();
                }}
            />
            {parameter.unit && <span class="unit">{parameter.unit === "us" ? "µs" : parameter.unit}</span>}
            <input
                class="number-slider"
                type="range"
                min={0}
                max={STEPS}
                step={1}
                tabIndex={-1}
                aria-hidden="true"
                value={Math.round(STEPS * toSlider(current, scale))}
                onInput={(event) => {
                    setTyped(undefined);
                    held.current = scale;
                    change(fromSlider(event.currentTarget.valueAsNumber / STEPS, scale));
                }}
                onChange={() => {
                    held.current = undefined;
                    redraw((count) => count + 1);
                    seal();
                }}
            />
            {message && (
                <p class="wrong" id={`${id}-wrong`}>
                    {message}
                </p>
            )}
        </div>
    );
}
