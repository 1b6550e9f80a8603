// The steps as shapes: their slopes are the crossfades, their edges the lengths.

import type { Step } from "../document";
import { t } from "../i18n";
import { useStudio } from "../studio";
import { Actions, select, stepName } from "./actions";
import { drag } from "./drag";
import { Handle } from "./handle";
import { laps, longestLap, type Place, places, shortest } from "./placement";
import { focusEnd, focusNeighbour } from "./roving";
import { type Axis, snap } from "./state";
import { clock, snapped, span } from "./viewport";

export const STEPS_HEIGHT = 92;
const TOP = 4;
const BOTTOM = STEPS_HEIGHT - 4;
const SLOPE_POINTS = 8;
/** Pixels of a letter of a name, of one of a length, and of the end of words that do not fit. */
const LETTER = 8.8;
const SMALL = 6.5;
const FADING = 24;

/** The outline of a step: rising and falling as the fades do. */
function outline(axis: Axis, place: Place, rise: number, fall: number, curves: (string | undefined)[]): string {
    const height = BOTTOM - TOP;
    const points: [number, number][] = [];
    const slope = (from: number, seconds: number, falling: boolean, curve: string | undefined) => {
        const count = curve === "equal_power" ? SLOPE_POINTS : 1;
        for (let i = 0; i <= count; i++) {
            const u = i / count;
            const gain = curve === "equal_power" ? Math.sin((u * Math.PI) / 2) : u;
            const mirrored = curve === "equal_power" ? Math.cos((u * Math.PI) / 2) : 1 - u;
            points.push([axis.x(from + u * seconds), BOTTOM - height * (falling ? mirrored : gain)]);
        }
    };
    slope(place.start, rise, false, curves[0]);
    slope(place.end - fall, fall, true, curves[1]);
    return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}

/** Name and length of a step, which fade out where there is no room for all of them. */
function Words({ id, name, about, room }: { id: string; name: string; about: string; room: number }) {
    const fading = (text: string, letter: number) => text.length * letter > room && { style: { fill: `url(#${id})` } };
    return (
        <>
            <linearGradient id={id} class="fading" gradientUnits="userSpaceOnUse" x1={Math.max(0, room - FADING)} x2={room}>
                <stop />
                <stop offset="1" stop-opacity={0} />
            </linearGradient>
            <text y={40} class="step-name" aria-hidden="true" {...fading(name, LETTER)}>
                {`${name} `}
            </text>
            <text y={60} class="small" aria-hidden="true" {...fading(about, SMALL)}>
                {about}
            </text>
        </>
    );
}

const voicesOf = ({ voices = [] }: Step): string => (voices.length === 1 ? t("voiceOne") : t("voiceCount", { count: voices.length }));

export function Steps({ axis, y }: { axis: Axis; y: number }) {
    const { document } = useStudio();
    const actions = new Actions(document);
    const track = document.track.value;
    const selected = document.selection.value.step;
    const found = places(track);
    const lapped = laps(track);
    const steps = track.progression;
    const global = track.global?.crossfade_curve as string | undefined;
    const stop = selected ?? 0;

    const press = (event: PointerEvent, index: number) => {
        event.stopPropagation();
        (event.currentTarget as SVGElement).focus({ preventScroll: true });
        select(document, index);
        let at = index;
        drag(event, {
            move: (dx) => {
                const now = places(document.track.peek());
                const middle = (found[index]!.start + found[index]!.end) / 2 + axis.span(dx);
                const left = now[at - 1];
                const right = now[at + 1];
                if (left && middle < (left.start + left.end) / 2) actions.move(at, --at, "order");
                else if (right && middle > (right.start + right.end) / 2) actions.move(at, ++at, "order");
            },
            end: () => document.seal(),
        });
    };
    const key = (event: KeyboardEvent, index: number) => {
        const target = event.currentTarget as Element;
        const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
        const control = event.ctrlKey || event.metaKey;
        if (by !== 0 && event.altKey) {
            actions.move(index, index + by);
            focusNeighbour(target, by);
        } else if (by !== 0 && event.shiftKey) {
            const unit = control ? axis.unit / 10 : axis.unit;
            actions.resize(index, steps[index]!.duration + by * unit);
        } else if (by !== 0 && !control) focusNeighbour(target, by);
        else if (event.key === "Home") focusEnd(target, false);
        else if (event.key === "End") focusEnd(target, true);
        else if (event.key === "Delete" || event.key === "Backspace") {
            focusNeighbour(target, index + 1 < steps.length ? 1 : -1);
            actions.remove(index);
        } else if (control && event.key.toLowerCase() === "d") actions.duplicate(index);
        else if (event.key === "Enter") void goTo(index);
        else if (event.key === "Insert") actions.add(index);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const { engine } = useStudio();
    const goTo = (index: number) => engine.seek(found[index]!.start);
    const name = (index: number) => {
        const { start, end } = found[index]!;
        const words = { place: index + 1, count: steps.length, name: stepName(track, index), from: clock(start), to: clock(end), length: span(end - start), voices: voicesOf(steps[index]!) };
        const fade = (lapped[index] ?? 0) > 0 ? `, ${t("crossfadeOf", { seconds: span(lapped[index]!) })}` : "";
        return t("stepLabel", words) + fade;
    };
    return (
        <g transform={`translate(0 ${y})`}>
            <g role="listbox" aria-label={t("steps")} aria-orientation="horizontal" data-roving>
                {steps.map((step, index) => {
                    const place = found[index]!;
                    const rise = Math.min(Math.max(lapped[index - 1] ?? 0, 0), step.duration);
                    const fall = Math.min(Math.max(lapped[index] ?? 0, 0), step.duration);
                    const before = steps[index - 1];
                    const curves = [before?.crossfade_curve ?? global, step.crossfade_curve ?? global];
                    const [left, right] = [axis.x(place.start + rise), axis.x(place.end - fall)];
                    const shown = Math.max(left, 0) + 10;
                    const room = Math.min(right, axis.width) - shown - 6;
                    return (
                        <g
                            key={index}
                            class={`step step-${index % 2}`}
                            role="option"
                            data-stop
                            data-step={index}
                            tabindex={index === stop ? 0 : -1}
                            aria-selected={index === selected}
                            aria-label={name(index)}
                            onPointerDown={(event) => press(event, index)}
                            onKeyDown={(event) => key(event, index)}
                            onKeyUp={() => document.seal()}
                            onFocus={() => select(document, index, selected === index ? document.selection.peek().voice : undefined)}
                            onDblClick={() => void goTo(index)}
                        >
                            <path d={outline(axis, place, rise, fall, curves)} />
                            {room > 20 && (
                                <svg x={shown} y={0} width={room} height={STEPS_HEIGHT} class="clip" aria-hidden="true">
                                    <Words
                                        id={`fading-${index}`}
                                        name={stepName(track, index)}
                                        about={span(step.duration) + (room > 110 ? ` · ${voicesOf(step)}` : "")}
                                        room={room}
                                    />
                                </svg>
                            )}
                        </g>
                    );
                })}
            </g>
            <g role="group" aria-label={t("lengths")} data-roving>
                {steps.map((step, index) => (
                    <Handle
                        key={index}
                        class={index === selected ? "of-selected" : ""}
                        label={t("lengthOf", { name: stepName(track, index) })}
                        x={axis.x(found[index]!.end)}
                        y={TOP + 22}
                        value={step.duration}
                        least={shortest(track, index)}
                        most={Math.max(step.duration, 86_400)}
                        text={span(step.duration)}
                        step={axis.unit}
                        stop={index === stop}
                        change={(value) => actions.resize(index, value)}
                        dragged={(value, pixels) => {
                            const end = found[index]!.start + value + axis.span(pixels);
                            const wanted = snap.peek() ? snapped(end, axis.unit) : Number(end.toFixed(2));
                            return wanted - found[index]!.start;
                        }}
                        onSelect={() => select(document, index, selected === index ? document.selection.peek().voice : undefined)}
                    >
                        <rect class="mark" x={-3} y={-13} width={6} height={26} rx={3} />
                    </Handle>
                ))}
            </g>
            <g role="group" aria-label={t("crossfades")} data-roving>
                {lapped.map((seconds, index) => (
                    <Handle
                        key={index}
                        class="grip-fade"
                        label={t("crossfadeBetween", { one: stepName(track, index), other: stepName(track, index + 1) })}
                        x={axis.x(found[index + 1]!.start)}
                        y={BOTTOM - 20}
                        value={Math.max(seconds, 0)}
                        least={0}
                        most={longestLap(track, index)}
                        text={span(Math.max(seconds, 0))}
                        step={axis.unit}
                        stop={index === Math.min(stop, lapped.length - 1)}
                        change={(value) => actions.overlap(index, value)}
                        dragged={(value, pixels) => {
                            const wanted = value - axis.span(pixels);
                            return snap.peek() ? snapped(wanted, axis.unit) : Number(wanted.toFixed(2));
                        }}
                    >
                        <path class="mark" d="M0 -9L9 0L0 9L-9 0Z" />
                    </Handle>
                ))}
            </g>
        </g>
    );
}
