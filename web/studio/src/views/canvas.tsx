// A canvas that is drawn while it is seen.

import { useEffect, useRef } from "preact/hooks";
import { beforePicture, forget } from "../frames";

export interface Surface {
    draw: CanvasRenderingContext2D;
    width: number;
    height: number;
    /** A colour of the style sheet. */
    colour: (name: string) => string;
    /** The size or the colours are new: what was drawn is gone. */
    fresh: boolean;
}

/** Milliseconds between pictures where motion is to be reduced. */
const CALM_MS = 250;
const WATCHED = ["text", "muted", "line", "accent", "left", "right", "violet", "danger", "warn", "card", "ground", "raised"];

const dark = matchMedia("(prefers-color-scheme: dark)");
const forced = matchMedia("(forced-colors: active)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const SYSTEM: Record<string, string> = { text: "CanvasText", muted: "CanvasText", line: "GrayText", card: "Canvas", ground: "Canvas", raised: "Canvas" };

/** Colours as values: the tokens are functions of the scheme, which a canvas does not know. */
function palette(element: Element): Record<string, string> {
    const probe = document.createElement("span");
    element.parentElement?.append(probe);
    const found: Record<string, string> = {};
    for (const name of WATCHED) {
        probe.style.color = forced.matches ? (SYSTEM[name] ?? "Highlight") : `var(--${name})`;
        found[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return found;
}

interface Props {
    class?: string;
    label: string;
    /** Whether there is something that moves. */
    running: boolean;
    paint: (surface: Surface) => void;
    /** What there is to be drawn, or its count: a picture of the same is not drawn again while all runs. */
    subject?: () => unknown;
    /** Moves what lies over the canvas, with every picture, drawn again or not. */
    move?: () => void;
    /** Somebody looks, or no longer. */
    onSeen?: (seen: boolean) => void;
    /** Draw once more when one of these is another. */
    redraw?: unknown[];
}

export function Canvas({ label, running, paint, subject, move, onSeen, redraw = [], class: name = "" }: Props) {
    const canvas = useRef<HTMLCanvasElement>(null);
    const latest = useRef({ paint, running, subject, move });
    latest.current = { paint, running, subject, move };
    const kick = useRef<() => void>(() => undefined);

    useEffect(() => {
        const element = canvas.current!;
        const draw = element.getContext("2d", { alpha: true })!;
        let colours = palette(element);
        let [width, height, fresh, inView, last] = [0, 0, true, false, -Infinity];
        let drawn: unknown;
        const visible = () => inView && document.visibilityState === "visible";
        const once = () => {
            if (width === 0 || height === 0) return;
            const { paint, running: moves, subject, move } = latest.current;
            const there = subject?.();
            const stands = moves && !fresh && there !== undefined && there === drawn;
            if (!stands) {
                drawn = there;
                draw.setTransform(element.width / width, 0, 0, element.height / height, 0, 0);
                paint({ draw, width, height, colour: (key) => colours[key] ?? "", fresh });
                fresh = false;
            }
            move?.();
        };
        const step = (now: number) => {
            if (!visible()) return;
            if (!calm.matches || now - last >= CALM_MS) {
                last = now;
                once();
            }
            if (latest.current.running) beforePicture(step);
        };
        kick.current = () => {
            if (visible()) beforePicture(step);
        };
        const seen = () => {
            onSeen?.(visible());
            kick.current();
        };
        const sizes = new ResizeObserver(([entry]) => {
            ({ width, height } = entry!.contentRect);
            const scale = Math.min(devicePixelRatio, 2);
            element.width = Math.round(width * scale);
            element.height = Math.round(height * scale);
            fresh = true;
            last = -Infinity;
            kick.current();
        });
        const sight = new IntersectionObserver(([entry]) => {
            inView = entry!.isIntersecting;
            seen();
        });
        const recolour = () => {
            colours = palette(element);
            fresh = true;
            kick.current();
        };
        sizes.observe(element);
        sight.observe(element);
        document.addEventListener("visibilitychange", seen);
        dark.addEventListener("change", recolour);
        forced.addEventListener("change", recolour);
        return () => {
            forget(step);
            sizes.disconnect();
            sight.disconnect();
            document.removeEventListener("visibilitychange", seen);
            dark.removeEventListener("change", recolour);
            forced.removeEventListener("change", recolour);
            onSeen?.(false);
        };
    }, []);
    useEffect(() => kick.current(), [running, ...redraw]);
    return <canvas ref={canvas} class={name} role="img" aria-label={label} />;
}
