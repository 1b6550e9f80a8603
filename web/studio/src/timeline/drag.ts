// Dragging with mouse, pen and finger.

interface Drag {
    /** Moved by so many pixels since the start. */
    move: (dx: number, dy: number, event: PointerEvent) => void;
    /** Let go; `moved` is false for a click. */
    end?: (moved: boolean, event: PointerEvent) => void;
}

/** Pixels that a click may move by. */
const STILL = 4;
let running: (() => void) | undefined;

/** Follow the pointer of `event` until it is let go. */
export function drag(event: PointerEvent, { move, end }: Drag): void {
    if (event.button !== 0) return;
    running?.();
    const [x, y, id] = [event.clientX, event.clientY, event.pointerId];
    let moved = false;
    const target = event.currentTarget as Element;
    const root = target.closest("svg") ?? target;
    root.setPointerCapture(id);
    const follow = (now: PointerEvent) => {
        if (now.pointerId !== id) return;
        const [dx, dy] = [now.clientX - x, now.clientY - y];
        moved ||= Math.hypot(dx, dy) > STILL;
        if (moved) move(dx, dy, now);
    };
    const stop = (now: PointerEvent) => {
        if (now.pointerId !== id) return;
        cancel();
        end?.(moved || now.type === "pointercancel", now);
    };
    const cancel = () => {
        window.removeEventListener("pointermove", follow);
        window.removeEventListener("pointerup", stop);
        window.removeEventListener("pointercancel", stop);
        running = undefined;
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
    running = () => {
        cancel();
        end?.(true, event);
    };
}

/** End a drag whose pointer is needed for something else. */
export function endDrag(): void {
    running?.();
}
