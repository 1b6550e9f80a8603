// The timeline: steps as shapes whose slopes are the crossfades; a slider for pointer and keyboard.

import { clock, colour, element, fresh } from "./page.js";

/** Seconds that the arrow and page keys move by. */
const ARROW_S = 5;
const PAGE_S = 30;

export interface Shown {
    duration: number;
    position: number;
    stepTimes: [number, number][];
    names: string[];
}

export class Timeline {
    readonly #slider = element("timeline");
    readonly #canvas = this.#slider.querySelector("canvas")!;
    #shown: Shown = { duration: 0, position: 0, stepTimes: [], names: [] };

    constructor(private readonly seek: (position: number) => void) {
        this.#slider.addEventListener("pointerdown", (event) => {
            this.#slider.setPointerCapture(event.pointerId);
            this.#point(event);
        });
        this.#slider.addEventListener("pointermove", (event) => event.buttons === 1 && this.#point(event));
        this.#slider.addEventListener("keydown", (event) => this.#key(event));
        new ResizeObserver(() => this.show(this.#shown)).observe(this.#slider);
    }

    #point(event: PointerEvent): void {
        const { left, width } = this.#slider.getBoundingClientRect();
        this.seek(Math.min(Math.max((event.clientX - left) / width, 0), 1) * this.#shown.duration);
    }

    #key(event: KeyboardEvent): void {
        const { position, duration } = this.#shown;
        const goals: Record<string, number> = {
            ArrowLeft: position - ARROW_S,
            ArrowDown: position - ARROW_S,
            ArrowRight: position + ARROW_S,
            ArrowUp: position + ARROW_S,
            PageDown: position - PAGE_S,
            PageUp: position + PAGE_S,
            Home: 0,
            End: duration,
        };
        const goal = goals[event.key];
        if (goal === undefined) return;
        event.preventDefault();
        this.seek(Math.min(Math.max(goal, 0), duration));
    }

    show(shown: Shown): void {
        this.#shown = shown;
        const { duration, position, stepTimes, names } = shown;
        this.#slider.setAttribute("aria-valuemax", duration.toFixed(1));
        this.#slider.setAttribute("aria-valuenow", position.toFixed(1));
        this.#slider.setAttribute("aria-valuetext", `${clock(position)} of ${clock(duration)}`);
        const [draw, width, height] = fresh(this.#canvas);
        if (duration <= 0) return;
        const x = (seconds: number) => (seconds / duration) * width;
        const [top, bottom] = [6, height - 20];
        draw.font = "12px system-ui, sans-serif";
        for (const [i, [from, to]] of stepTimes.entries()) {
            // where neighbours overlap, one rises while the other falls
            const rise = Math.max(from, Math.min(to, stepTimes[i - 1]?.[1] ?? from));
            const fall = Math.min(to, Math.max(from, stepTimes[i + 1]?.[0] ?? to));
            draw.beginPath();
            draw.moveTo(x(from), bottom);
            draw.lineTo(x(rise), top);
            draw.lineTo(x(fall), top);
            draw.lineTo(x(to), bottom);
            draw.closePath();
            draw.globalAlpha = 0.45;
            draw.fillStyle = colour(i % 2 === 0 ? "accent" : "accent-2");
            draw.fill();
            draw.globalAlpha = 1;
            draw.save();
            draw.clip();
            draw.fillStyle = colour("text");
            draw.fillText(names[i] ?? "", x(rise) + 8, (top + bottom) / 2 + 4);
            draw.restore();
        }
        draw.fillStyle = colour("muted");
        const unit = [5, 10, 30, 60, 300, 600, 1800, 3600].find((seconds) => x(seconds) > 60) ?? 7200;
        for (let mark = 0; mark < duration; mark += unit) {
            draw.fillRect(x(mark), bottom, 1, 5);
            if (x(mark) < width - 30) draw.fillText(clock(mark), x(mark) + 4, height - 5);
        }
        draw.fillStyle = colour("warm");
        draw.fillRect(Math.min(x(position), width - 2), 0, 2, bottom + 5);
    }
}
