// The axis of time; a click goes there.

import { useComputed } from "@preact/signals";
import { t } from "../i18n";
import { useStudio } from "../studio";
import { drag } from "./drag";
import type { Axis } from "./state";
import { clock, tick, ticks } from "./viewport";

export const RULER_HEIGHT = 32;
const ARROW_S = 5;
const PAGE_S = 30;

export function Ruler({ axis }: { axis: Axis }) {
    const { engine } = useStudio();
    const unit = tick(axis.view, axis.width, 76);
    const small = tick(axis.view, axis.width, 12);
    const go = (event: PointerEvent) => {
        const { left } = (event.currentTarget as Element).closest("svg")!.getBoundingClientRect();
        const to = (pixels: number) => void engine.seek(Math.min(Math.max(axis.seconds(pixels - left), 0), axis.duration));
        to(event.clientX);
        event.stopPropagation();
        drag(event, { move: (_dx, _dy, now) => to(now.clientX) });
    };
    const key = (event: KeyboardEvent) => {
        const now = engine.position.peek();
        const goals: Record<string, number> = {
            ArrowLeft: now - ARROW_S,
            ArrowDown: now - ARROW_S,
            ArrowRight: now + ARROW_S,
            ArrowUp: now + ARROW_S,
            PageDown: now - PAGE_S,
            PageUp: now + PAGE_S,
            Home: 0,
            End: axis.duration,
        };
        const goal = goals[event.key];
        if (goal === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        void engine.seek(Math.min(Math.max(goal, 0), axis.duration));
    };
    // whole seconds are enough to be read out
    const now = useComputed(() => Math.round(engine.position.value)).value;
    return (
        <g
            class="ruler"
            role="slider"
            tabindex={0}
            aria-label={t("playhead")}
            aria-valuemin={0}
            aria-valuemax={Math.round(axis.duration)}
            aria-valuenow={now}
            aria-valuetext={t("playheadOf", { at: clock(now), all: clock(axis.duration) })}
            onPointerDown={go}
            onKeyDown={key}
        >
            <rect class="target" width={axis.width} height={RULER_HEIGHT} />
            {ticks(axis.view, small).map((at) => (
                <line key={at} class="tick" x1={axis.x(at)} x2={axis.x(at)} y1={RULER_HEIGHT - 5} y2={RULER_HEIGHT} />
            ))}
            {ticks(axis.view, unit).map((at) => (
                <g key={at}>
                    <line class="tick" x1={axis.x(at)} x2={axis.x(at)} y1={RULER_HEIGHT - 10} y2={RULER_HEIGHT} />
                    {axis.x(at) < axis.width - 34 && (
                        <text class="small" x={axis.x(at) + 4} y={RULER_HEIGHT - 13}>
                            {clock(at, unit)}
                        </text>
                    )}
                </g>
            ))}
        </g>
    );
}
