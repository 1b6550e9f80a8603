// Beat, carrier and level of every voice over time; the ends of ramps are grips.

import { useMemo } from "preact/hooks";
import { t } from "../i18n";
import type { Voice } from "../document";
import { moves, titleOf } from "../inspector/table";
import { useStudio } from "../studio";
import { Actions, select, stepName } from "./actions";
import { type Curve, colours, curveOf, HUES, identity, type Point, ramp } from "./curves";
import { Handle } from "./handle";
import { places } from "./placement";
import { type Axis, snap } from "./state";
import { axis as valueAxis, snapped } from "./viewport";
import { type End, endsOf } from "./voice_edits";

/** Most voices of a step whose grips are all shown. */
const CROWD = 5;
const PAD = 8;
/** Where the words of a mark are at least, so that the highest ones are inside. */
const MARK = 11;
/** Where the name of a panel begins: beside the playhead and the grips at the start of the track. */
const NAME = 26;
let frozen: { curve: Curve; low: number; high: number; unit: number } | undefined;
const thaw = (): void => {
    frozen = undefined;
};

const unitOf = (curve: Curve): string => (curve === "level" ? "" : " Hz");

interface LineProps {
    axis: Axis;
    scale: { low: number; high: number };
    height: number;
    /** When the step begins. */
    start: number;
    points: Point[];
    hue: number;
    on: boolean;
    chosen: () => void;
}

/** A curve; where nothing moved, its path is the one of before. */
function Line({ axis, scale, height, start, points, hue, on, chosen }: LineProps) {
    const d = useMemo(() => {
        const place = ([when, value]: Point) => `${axis.x(start + when).toFixed(1)} ${upwards(value, scale, height).toFixed(1)}`;
        return `M${points.map(place).join("L")}`;
    }, [axis.view.from, axis.view.span, axis.width, scale.low, scale.high, height, start, points]);
    return (
        <g
            class={`line hue-${hue} ${on ? "on" : ""}`}
            onPointerDown={(event) => {
                event.stopPropagation();
                chosen();
            }}
        >
            <path class="target" d={d} />
            <path class="stroke" d={d} />
        </g>
    );
}

/** Pixels from the upper edge. */
const upwards = (value: number, { low, high }: { low: number; high: number }, height: number): number =>
    height - PAD - ((value - low) / (high - low)) * (height - 2 * PAD);

interface PanelProps {
    axis: Axis;
    y: number;
    height: number;
    curve: Curve;
    /** False: only its ground, for now. */
    drawn: boolean;
}

export function CurvePanel({ drawn, ...panel }: PanelProps) {
    const { axis, y, height, curve } = panel;
    return (
        <g transform={`translate(0 ${y})`} class="panel" role="group" aria-label={t(`curve_${curve}`)} data-roving>
            <rect class="panel-ground" width={axis.width} height={height} rx={8} />
            {drawn && <Curves {...panel} />}
        </g>
    );
}

function Curves({ axis, height, curve }: Omit<PanelProps, "drawn">) {
    const { document } = useStudio();
    const actions = new Actions(document);
    const track = document.track.value;
    const selection = document.selection.value;
    const found = places(track);
    const hues = colours(track);

    const lines = track.progression.flatMap((step, index) =>
        (step.voices ?? []).map((voice, place) => ({
            step: index,
            place,
            voice,
            points: curveOf(step, voice, curve),
            hue: (hues.get(identity(voice, place)) ?? 0) % HUES,
        })),
    );
    const fresh = valueAxis(lines.flatMap(({ points }) => points.map(([, value]) => value)), height > 130 ? 5 : 3, curve !== "carrier");
    const scale = frozen?.curve === curve ? frozen : fresh;
    const up = (value: number) => upwards(value, scale, height);
    const fine = Math.max(fresh.unit / 20, 1e-3);
    const chosen = selection.step === undefined ? undefined : track.progression[selection.step];
    const crowded = (chosen?.voices?.length ?? 0) > CROWD;
    const handled = lines.filter(({ step, place, points }) => {
        if (step !== selection.step || points.length === 0) return false;
        return selection.voice === undefined ? !crowded : place === selection.voice;
    });
    const marks: number[] = [];
    for (let value = scale.low; value <= scale.high + 1e-9; value += scale.unit) marks.push(Number(value.toPrecision(8)));

    const grips = (step: number, place: number, voice: Voice, hue: number) => {
        const pair = endsOf(voice, curve);
        if (!pair) return [];
        const duration = track.progression[step]!.duration;
        const start = found[step]!.start;
        const moving = moves(voice);
        const [begin, end] = moving ? ramp(voice, duration) : [0, duration];
        const list: { end: End; at: number; value: number }[] = moving
            ? [
                  { end: "start", at: begin, value: pair[0] },
                  { end: "end", at: end, value: pair[1] },
              ]
            : [{ end: "start", at: duration / 2, value: pair[0] }];
        return list.map((one) => {
            const name = { curve: t(`curve_${curve}`), voice: titleOf(voice), step: stepName(track, step) };
            const label = moving ? t(one.end === "start" ? "curveStart" : "curveEnd", name) : t("curveHeld", name);
            return (
                <Handle
                    key={`${step} ${place} ${one.end}`}
                    class={`grip-curve hue-${hue}`}
                    label={label}
                    x={axis.x(start + one.at)}
                    y={up(one.value)}
                    value={one.value}
                    least={Math.min(0, one.value)}
                    most={Math.max(curve === "level" ? 1 : 20_000, one.value)}
                    text={`${Number(one.value.toPrecision(5))}${unitOf(curve)}`}
                    step={curve === "level" ? 0.01 : curve === "beat" ? 0.1 : 1}
                    vertical
                    stop={one.end === "start" && place === (handled[0]?.place ?? 0)}
                    change={(value) => actions.curve(step, place, curve, one.end, value)}
                    dragged={(value, pixels) => {
                        // the axis holds still while a grip on it moves
                        if (!frozen) {
                            for (const over of ["pointerup", "pointercancel"]) window.addEventListener(over, thaw, { once: true });
                        }
                        frozen ??= { curve, ...scale };
                        const wanted = value + (pixels / (height - 2 * PAD)) * (frozen.high - frozen.low);
                        return snap.peek() ? snapped(wanted, fine) : Number(wanted.toPrecision(5));
                    }}
                >
                    <circle class="mark" r={7} />
                </Handle>
            );
        });
    };
    return (
        <>
            {marks.map((value) => (
                <g key={value} aria-hidden="true">
                    <line class="grid" x2={axis.width} y1={up(value)} y2={up(value)} />
                </g>
            ))}
            {selection.step !== undefined && found[selection.step] && (
                <rect
                    class="panel-step"
                    x={axis.x(found[selection.step]!.start)}
                    width={Math.max(0, axis.x(found[selection.step]!.end) - axis.x(found[selection.step]!.start))}
                    height={height}
                />
            )}
            {lines.map(({ step, place, points, hue }) => {
                const on = step === selection.step && (selection.voice === undefined || place === selection.voice);
                if (points.length === 0) return null;
                const chosen = () => select(document, step, place);
                return <Line key={`${step} ${place}`} axis={axis} scale={scale} height={height} start={found[step]!.start} points={points} hue={hue} on={on} chosen={chosen} />;
            })}
            <g aria-hidden="true" class="panel-words">
                <text x={NAME} y={17} class="panel-name">
                    {t(`curve_${curve}`)}
                    {unitOf(curve) && `, ${unitOf(curve).trim()}`}
                </text>
                {marks.map((value) => (
                    <text key={value} class="small mark-text" x={axis.width - 8} y={Math.max(up(value) - 3, MARK)} text-anchor="end">
                        {value}
                    </text>
                ))}
            </g>
            {handled.flatMap(({ step, place, voice, hue }) => grips(step, place, voice, hue))}
        </>
    );
}
