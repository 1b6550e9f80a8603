// What is drawn for the next picture of the screen. The browser is asked once for all who draw, since each question costs time.

type Step = (now: number) => void;

const waiting = new Set<Step>();
let asked = false;

function draw(now: number): void {
    asked = false;
    const due = [...waiting];
    waiting.clear();
    for (const step of due) {
        try {
            step(now);
        } catch (error) {
            // the others are drawn all the same
            reportError(error);
        }
    }
}

/** Call `step` once, before the next picture. */
export function beforePicture(step: Step): void {
    waiting.add(step);
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
}

/** Do not call `step` any more. */
export function forget(step: Step): void {
    waiting.delete(step);
}
