// A grip that is dragged or moved with the arrow keys; a slider for screen readers.

import type { ComponentChildren } from "preact";
import { useStudio } from "../studio";
import { drag } from "./drag";
import { focusNeighbour } from "./roving";

interface Grip {
    /** What it is, for screen readers. */
    label: string;
    /** Middle of the grip and of its target, in pixels. */
    x: number;
    y: number;
    value: number;
    least: number;
    most: number;
    /** The value in words. */
    text: string;
    /** What an arrow key adds. */
    step: number;
    vertical?: boolean;
    /** Whether Tab stops here. */
    stop: boolean;
    class?: string;
    /** Half the size of the target. */
    reach?: [number, number];
    change: (value: number) => void;
    /** Value after moving by so many pixels from `value`, in the direction of the grip. */
    dragged: (value: number, pixels: number) => number;
    onSelect?: () => void;
    children: ComponentChildren;
}

const CLOSE = 22;
const LARGE = 10;

export function Handle(grip: Grip) {
    const { document } = useStudio();
    const { x, y, value, least, most, vertical, reach = [CLOSE, CLOSE] } = grip;
    const set = (wanted: number) => grip.change(Math.min(Math.max(wanted, least), most));
    const down = (event: PointerEvent) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        grip.onSelect?.();
        (event.currentTarget as SVGElement).focus({ preventScroll: true });
        const before = value;
        drag(event, {
            move: (dx, dy) => set(grip.dragged(before, vertical ? -dy : dx)),
            end: () => document.seal(),
        });
    };
    const key = (event: KeyboardEvent) => {
        const by = event.shiftKey ? grip.step / LARGE : grip.step;
        const up = vertical ? "ArrowUp" : "ArrowRight";
        const less = vertical ? "ArrowDown" : "ArrowLeft";
        const goals: Record<string, number> = {
            [up]: value + by,
            [less]: value - by,
            PageUp: value + LARGE * grip.step,
            PageDown: value - LARGE * grip.step,
            Home: least,
            End: most,
        };
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const goal = goals[event.key];
        if (goal !== undefined) set(Number(goal.toPrecision(10)));
        else if (event.key === (vertical ? "ArrowRight" : "ArrowDown")) focusNeighbour(event.currentTarget as Element, 1);
        else if (event.key === (vertical ? "ArrowLeft" : "ArrowUp")) focusNeighbour(event.currentTarget as Element, -1);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <g
            class={`grip ${vertical ? "grip-up" : "grip-along"} ${grip.class ?? ""}`}
            role="slider"
            data-stop
            tabindex={grip.stop ? 0 : -1}
            aria-label={grip.label}
            aria-orientation={vertical ? "vertical" : "horizontal"}
            aria-valuemin={least}
            aria-valuemax={most}
            aria-valuenow={Number(value.toPrecision(6))}
            aria-valuetext={grip.text}
            onPointerDown={down}
            onKeyDown={key}
            onKeyUp={() => document.seal()}
            onFocus={grip.onSelect}
            transform={`translate(${x} ${y})`}
        >
            <rect class="target" x={-reach[0]} y={-reach[1]} width={2 * reach[0]} height={2 * reach[1]} />
            {grip.children}
        </g>
    );
}
