// The bed and the clips.

import { t } from "../i18n";
import { useStudio } from "../studio";
import { Actions } from "./actions";
import { drag } from "./drag";
import { Handle } from "./handle";
import { tidy } from "./placement";
import { type Axis, type Lane, lane, snap } from "./state";
import { clock, snapped, span } from "./viewport";

export const LANE_HEIGHT = 48;
const TOP = 4;
const BOTTOM = LANE_HEIGHT - 4;
/** Pixels of a clip whose length is not stated. */
const OPEN = 120;

const number = (value: unknown, fallback: number): number => {
    const found = Number(value ?? fallback);
    return Number.isFinite(found) ? found : fallback;
};
const fileName = (path: unknown): string => {
    const text = String(path ?? "");
    return text.startsWith("data:") ? "" : (text.split(/[\\/]/).at(-1) ?? "");
};

export function clipName(clip: Record<string, unknown>, index: number): string {
    return String(clip.description || fileName(clip.file_path) || t("clipNumber", { number: index + 1 }));
}

interface Shape {
    name: string;
    label: string;
    from: number;
    to: number;
    fadeIn: number;
    fadeOut: number;
    open?: boolean;
    what: Lane;
    class: string;
    setStart: (seconds: number) => void;
    setFadeIn: (seconds: number) => void;
    setFadeOut: (seconds: number) => void;
    setEnd?: (seconds: number) => void;
    remove: () => void;
}

const same = (one: Lane | undefined, other: Lane): boolean =>
    one?.kind === other.kind && (one.kind === "bed" || one.index === (other as { index: number }).index);

function Block({ axis, y, shape }: { axis: Axis; y: number; shape: Shape }) {
    const { document } = useStudio();
    const { from, to, fadeIn, fadeOut } = shape;
    const open = shape.open ? axis.x(from) + OPEN : axis.x(to);
    const d = `M${axis.x(from)} ${BOTTOM}L${axis.x(from + fadeIn)} ${TOP}L${shape.open ? open : axis.x(to - fadeOut)} ${TOP}L${open} ${BOTTOM}Z`;
    const round = (seconds: number) => (snap.peek() ? snapped(seconds, axis.unit) : Number(seconds.toFixed(2)));
    const press = (event: PointerEvent) => {
        event.stopPropagation();
        (event.currentTarget as SVGElement).focus({ preventScroll: true });
        lane.value = shape.what;
        drag(event, { move: (dx) => shape.setStart(Math.max(0, round(from + axis.span(dx)))), end: () => document.seal() });
    };
    const key = (event: KeyboardEvent) => {
        const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
        const unit = event.shiftKey ? axis.unit / 10 : axis.unit;
        if (by !== 0) shape.setStart(Math.max(0, tidy(from + by * unit)));
        else if (event.key === "Delete" || event.key === "Backspace") shape.remove();
        else if (event.key === "Enter") lane.value = shape.what;
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const shown = Math.max(axis.x(from + fadeIn), 0) + 10;
    const room = Math.min(open, axis.width) - shown - 8;
    const slider = { step: axis.unit, y: TOP + 18, stop: true, least: 0 };
    return (
        <g transform={`translate(0 ${y})`} role="group" aria-label={shape.name}>
            <g
                class={`block ${shape.class}`}
                role="button"
                data-stop
                tabindex={0}
                aria-pressed={same(lane.value, shape.what)}
                aria-label={shape.label}
                onPointerDown={press}
                onKeyDown={key}
                onKeyUp={() => document.seal()}
            >
                <rect class="target" x={axis.x(from)} y={TOP} width={Math.max(open - axis.x(from), 44)} height={BOTTOM - TOP} />
                <path d={d} class={shape.open ? "open" : ""} />
                {room > 20 && (
                    <svg x={shown} y={0} width={room} height={LANE_HEIGHT} class="clip" aria-hidden="true">
                        <text y={29} class="small" aria-hidden="true">
                            {shape.name}
                        </text>
                    </svg>
                )}
            </g>
            {same(lane.value, shape.what) && (
                <>
                    <Handle
                        {...slider}
                        label={t("fadeInOf", { name: shape.name })}
                        x={axis.x(from + fadeIn)}
                        value={fadeIn}
                        most={Math.max(to - from, 0)}
                        text={span(fadeIn)}
                        change={shape.setFadeIn}
                        dragged={(value, pixels) => round(value + axis.span(pixels))}
                    >
                        <circle class="mark" r={6} />
                    </Handle>
                    {!shape.open && (
                        <Handle
                            {...slider}
                            label={t("fadeOutOf", { name: shape.name })}
                            x={axis.x(to - fadeOut)}
                            value={fadeOut}
                            most={Math.max(to - from, 0)}
                            text={span(fadeOut)}
                            change={shape.setFadeOut}
                            dragged={(value, pixels) => round(value - axis.span(pixels))}
                        >
                            <circle class="mark" r={6} />
                        </Handle>
                    )}
                    {!shape.open && shape.setEnd && (
                        <Handle
                            {...slider}
                            y={BOTTOM - 14}
                            label={t("lengthOf", { name: shape.name })}
                            x={axis.x(to)}
                            value={to - from}
                            most={86_400}
                            text={span(to - from)}
                            change={(value) => shape.setEnd!(from + value)}
                            dragged={(value, pixels) => round(from + value + axis.span(pixels)) - from}
                        >
                            <rect class="mark" x={-3} y={-11} width={6} height={22} rx={3} />
                        </Handle>
                    )}
                </>
            )}
        </g>
    );
}

/** Lanes of the bed and of all clips. */
export function Lanes({ axis, y }: { axis: Axis; y: number }) {
    const { document } = useStudio();
    const actions = new Actions(document);
    const track = document.track.value;
    const bed = track.background_noise;
    const shapes: Shape[] = [];
    if (bed) {
        const from = number(bed.start_time, 0);
        const name = fileName(bed.file_path) || t("bed");
        shapes.push({
            name: name === t("bed") ? name : `${t("bed")}: ${name}`,
            label: t("bedLabel", { from: clock(from), level: number(bed.amp ?? bed.gain, 1) }),
            from,
            to: axis.duration,
            fadeIn: number(bed.fade_in, 0),
            fadeOut: number(bed.fade_out, 0),
            what: { kind: "bed" },
            class: "bed",
            setStart: (seconds) => actions.bed(t("editMove"), (draft) => (draft.start_time = seconds), "bed start"),
            setFadeIn: (seconds) => actions.bed(t("fadeIn"), (draft) => (draft.fade_in = seconds), "bed in"),
            setFadeOut: (seconds) => actions.bed(t("fadeOut"), (draft) => (draft.fade_out = seconds), "bed out"),
            remove: () => actions.removeBed(),
        });
    }
    for (const [index, clip] of (track.overlay_clips ?? []).entries()) {
        const from = number(clip.start, 0);
        const length = number(clip.duration, 0);
        const name = clipName(clip, index);
        const set = (field: string, label: string) => (seconds: number) =>
            actions.clip(index, label, (draft) => (draft[field] = tidy(seconds)), `clip ${index} ${field}`);
        shapes.push({
            name,
            label: t("clipLabel", { name, from: clock(from), length: length > 0 ? span(length) : t("wholeFile") }),
            from,
            to: length > 0 ? from + length : axis.duration,
            open: !(length > 0),
            fadeIn: number(clip.fade_in, 0),
            fadeOut: number(clip.fade_out, 0),
            what: { kind: "clip", index },
            class: "overlay",
            setStart: set("start", t("editMove")),
            setFadeIn: set("fade_in", t("fadeIn")),
            setFadeOut: set("fade_out", t("fadeOut")),
            setEnd: (end) => set("duration", t("editLength"))(Math.max(0.1, end - from)),
            remove: () => actions.removeClip(index),
        });
    }
    return (
        <>
            {shapes.map((shape, index) => (
                <g key={index}>
                    <rect class="panel-ground" y={y + index * (LANE_HEIGHT + 6)} width={axis.width} height={LANE_HEIGHT} rx={8} />
                    <Block axis={axis} y={y + index * (LANE_HEIGHT + 6)} shape={shape} />
                </g>
            ))}
        </>
    );
}
