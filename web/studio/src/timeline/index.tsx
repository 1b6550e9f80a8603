// The timeline: steps, curves, bed and clips over time.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { effect } from "@preact/signals";
import { t } from "../i18n";
import { useStudio } from "../studio";
import { Actions } from "./actions";
import { CurvePanel } from "./curves_panel";
import { drag, endDrag } from "./drag";
import { LANE_HEIGHT, Lanes } from "./lanes";
import { Ruler, RULER_HEIGHT } from "./ruler";
import { CURVES, chosen, curve, narrow, note, said, show, snap, useAxis, width } from "./state";
import { Steps, STEPS_HEIGHT } from "./steps";
import { zoomed } from "./viewport";
import "./timeline.css";

const GAP = 6;
const PANELS = { beat: 124, carrier: 112, level: 96 };
const ALONE = 168;
/** Zoom of one press of a button or key, and of one notch of a wheel. */
const ZOOM = 1.5;
const WHEEL = 0.002;
/** Part of the view by which the playhead turns the page. */
const PAGE = 0.9;

/** `drawn`: how many panels have their curves already; below 0 there is only the place for all of it. */
export function Timeline({ drawn }: { drawn: number }) {
    const { document, engine } = useStudio();
    const box = useRef<HTMLDivElement>(null);
    const head = useRef<HTMLDivElement>(null);
    const actions = useMemo(() => new Actions(document), [document]);
    const axis = useAxis();
    const seen = useRef(axis);
    seen.current = axis;
    const track = document.track.value;
    const { step } = document.selection.value;

    useEffect(() => {
        const measure = (pixels: number) => (width.value = Math.max(200, Math.floor(pixels)));
        // at once: what is drawn next has the order of a narrow page or that of a wide one
        measure(box.current!.clientWidth);
        const observer = new ResizeObserver(([entry]) => measure(entry!.contentRect.width));
        observer.observe(box.current!);
        return () => observer.disconnect();
    }, []);

    useEffect(
        // the playhead moves with every frame, without drawing anything else
        () =>
            effect(() => {
                const position = engine.position.value;
                const playing = engine.state.value === "playing";
                void [chosen.value, width.value, engine.duration.value, document.track.value];
                queueMicrotask(() => {
                    const { view, duration, x } = seen.current;
                    const ahead = position - view.from;
                    const turns = playing && chosen.peek() && ahead > PAGE * view.span && ahead < 1.2 * view.span && view.from + view.span < duration;
                    if (turns) return show({ ...view, from: position - 0.1 * view.span }, duration);
                    const at = x(position);
                    const line = head.current;
                    if (!line) return;
                    line.style.transform = `translateX(${at.toFixed(1)}px)`;
                    line.hidden = at < -1 || at > width.peek() + 1;
                });
            }),
        [],
    );

    useEffect(() => {
        const element = box.current!;
        const wheel = (event: WheelEvent) => {
            const { view, duration, seconds, span } = seen.current;
            const upper = event.clientY - element.getBoundingClientRect().top < RULER_HEIGHT + STEPS_HEIGHT;
            const zooms = event.ctrlKey || event.metaKey || (upper && Math.abs(event.deltaY) > Math.abs(event.deltaX) && !event.shiftKey);
            const along = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
            if (zooms) {
                const anchor = seconds(event.clientX - element.getBoundingClientRect().left);
                show(zoomed(view, Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 3 : 1)), anchor, duration), duration);
            } else if (along !== 0 && chosen.peek()) show({ ...view, from: view.from + span(along) }, duration);
            else return;
            event.preventDefault();
        };
        const fingers = new Map<number, [number, number]>();
        const spread = () => {
            const [a, b] = [...fingers.values()];
            return a && b ? { apart: Math.max(Math.abs(a[0] - b[0]), 10), middle: (a[0] + b[0]) / 2 } : undefined;
        };
        const down = (event: PointerEvent) => {
            if (event.pointerType !== "touch") return;
            fingers.set(event.pointerId, [event.clientX, event.clientY]);
            if (fingers.size > 1) endDrag();
        };
        const move = (event: PointerEvent) => {
            if (!fingers.has(event.pointerId)) return;
            const before = spread();
            fingers.set(event.pointerId, [event.clientX, event.clientY]);
            const after = spread();
            if (!before || !after || fingers.size !== 2) return;
            const { view, duration, seconds, span } = seen.current;
            const left = element.getBoundingClientRect().left;
            const next = zoomed(view, after.apart / before.apart, seconds(before.middle - left), duration);
            show({ ...next, from: next.from - (span(after.middle - before.middle) * next.span) / view.span }, duration);
            event.stopPropagation();
        };
        const up = (event: PointerEvent) => fingers.delete(event.pointerId);
        element.addEventListener("wheel", wheel, { passive: false });
        element.addEventListener("pointerdown", down, true);
        element.addEventListener("pointermove", move, true);
        element.addEventListener("pointerup", up, true);
        element.addEventListener("pointercancel", up, true);
        return () => {
            element.removeEventListener("wheel", wheel);
            element.removeEventListener("pointerdown", down, true);
            element.removeEventListener("pointermove", move, true);
            element.removeEventListener("pointerup", up, true);
            element.removeEventListener("pointercancel", up, true);
        };
    }, []);

    const zoom = (factor: number) => {
        const now = engine.position.peek();
        const { view, duration } = axis;
        const anchor = now >= view.from && now <= view.from + view.span ? now : view.from + view.span / 2;
        show(zoomed(view, factor, anchor, duration), duration);
    };
    const keys = (event: KeyboardEvent) => {
        const control = event.ctrlKey || event.metaKey;
        const key = event.key.toLowerCase();
        if (event.defaultPrevented || (event.target as Element).matches("input, select, textarea")) return;
        if (control && key === "z" && !event.shiftKey) document.undo();
        else if (control && (key === "y" || key === "z")) document.redo();
        else if (!control && (key === "+" || key === "=")) zoom(ZOOM);
        else if (!control && key === "-") zoom(1 / ZOOM);
        else if (!control && key === "0") chosen.value = undefined;
        else if (!control && !event.altKey && key === "s") actions.split(engine.position.peek());
        else if (!control && !event.altKey && key === "j" && chosenStep !== undefined) actions.join(chosenStep);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    /** A click on nothing goes there, a drag pans. */
    const ground = (event: PointerEvent) => {
        const left = box.current!.getBoundingClientRect().left;
        const from = axis.view.from;
        drag(event, {
            move: (dx) => chosen.peek() && show({ ...axis.view, from: from - axis.span(dx) }, axis.duration),
            end: (moved, now) => {
                if (!moved) void engine.seek(Math.min(Math.max(seen.current.seconds(now.clientX - left), 0), axis.duration));
            },
        });
    };

    if (drawn < 0) {
        return (
            <section class="card timeline" aria-label={t("timeline")}>
                <div key="box" class="timeline-box" ref={box} />
            </section>
        );
    }
    const shown = narrow.value ? [curve.value] : CURVES;
    let y = RULER_HEIGHT + STEPS_HEIGHT + GAP;
    const panels = shown.map((name, index) => {
        const height = narrow.value ? ALONE : PANELS[name];
        const panel = <CurvePanel key={name} axis={axis} y={y} height={height} curve={name} drawn={index < drawn} />;
        y += height + GAP;
        return panel;
    });
    const lanes = y;
    y += ((track.background_noise ? 1 : 0) + (track.overlay_clips?.length ?? 0)) * (LANE_HEIGHT + GAP);
    const chosenStep = step !== undefined && track.progression[step] ? step : undefined;
    const room = Math.max(0, axis.duration * 1.02 - axis.view.span);

    const tools = (
        <div class="timeline-tools" role="toolbar" aria-label={t("timelineTools")}>
            <div class="timeline-group timeline-steps">
                <button type="button" onClick={() => actions.add(chosenStep ?? track.progression.length - 1)}>
                    <span aria-hidden="true">+</span> {t("addStep")}
                </button>
                {!track.background_noise && track.progression.length > 0 && (
                    <button type="button" onClick={() => actions.addBed()}>
                        <span aria-hidden="true">+</span> {t("addBed")}
                    </button>
                )}
                <button
                    type="button"
                    disabled={track.progression.length === 0}
                    title={t("splitHere")}
                    aria-keyshortcuts="S"
                    onClick={() => actions.split(engine.position.peek())}
                >
                    {t("split")}
                </button>
                <button
                    type="button"
                    disabled={chosenStep === undefined || chosenStep + 1 >= track.progression.length}
                    title={t("joinHere")}
                    aria-keyshortcuts="J"
                    onClick={() => actions.join(chosenStep!)}
                >
                    {t("join")}
                </button>
                <button type="button" disabled={chosenStep === undefined} onClick={() => actions.duplicate(chosenStep!)}>
                    {t("duplicate")}
                </button>
                <button type="button" disabled={chosenStep === undefined} onClick={() => actions.remove(chosenStep!)}>
                    {t("delete")}
                </button>
            </div>
            <div class="timeline-group">
                <button type="button" aria-pressed={snap.value} onClick={() => (snap.value = !snap.value)}>
                    {t("snap")}
                </button>
                <button type="button" aria-label={t("zoomOut")} title={t("zoomOut")} disabled={!chosen.value} onClick={() => zoom(1 / ZOOM)}>
                    <span aria-hidden="true">−</span>
                </button>
                <button type="button" disabled={!chosen.value} onClick={() => (chosen.value = undefined)}>
                    {t("fit")}
                </button>
                <button type="button" aria-label={t("zoomIn")} title={t("zoomIn")} onClick={() => zoom(ZOOM)}>
                    <span aria-hidden="true">+</span>
                </button>
            </div>
        </div>
    );
    const noted = note.value?.track === track && <p class="muted timeline-note">{note.value.text}</p>;
    return (
        <section class="card timeline" aria-label={t("timeline")} onKeyDown={keys}>
            {!narrow.value && [tools, noted]}
            {narrow.value && (
                <div class="timeline-group" role="group" aria-label={t("curves")}>
                    {CURVES.map((name) => (
                        <button key={name} type="button" aria-pressed={curve.value === name} onClick={() => (curve.value = name)}>
                            {t(`curve_${name}`)}
                        </button>
                    ))}
                </div>
            )}
            <div key="box" class="timeline-box" ref={box}>
                <svg width={axis.width} height={y} role="group" aria-label={t("timeline")} onPointerDown={ground}>
                    <Ruler axis={axis} />
                    <Steps axis={axis} y={RULER_HEIGHT} />
                    {panels}
                    <Lanes axis={axis} y={lanes} />
                </svg>
                <div class="playhead" ref={head} aria-hidden="true" />
            </div>
            {chosen.value && (
                <input
                    class="timeline-scroll"
                    type="range"
                    aria-label={t("scroll")}
                    min={0}
                    max={room}
                    step="any"
                    value={axis.view.from}
                    onInput={(event) => show({ ...axis.view, from: event.currentTarget.valueAsNumber }, axis.duration)}
                />
            )}
            {/* on a phone what is worked on comes first */}
            {narrow.value && [tools, noted]}
            <details class="timeline-help">
                <summary>{t("timelineKeys")}</summary>
                <p>{t("timelineHelp")}</p>
            </details>
            <div class="hidden-text" role="status">
                {said.value}
            </div>
            {track.progression.length === 0 && <p class="muted">{t("emptyTrack")}</p>}
        </section>
    );
}
