// The path of moving voices round the head, from above and from the right, and where they are now.

import { useComputed } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Step, Voice } from "../document";
import { t } from "../i18n";
import { titleOf } from "../inspector/table";
import { useStudio } from "../studio";
import { places } from "../timeline/placement";
import { Canvas, type Surface } from "./canvas";
import { type Path, pathOf } from "./path";

/** Radius of the head and the distance of the ears, in metres, as docs/spatial.md has them. */
const EAR = 0.09;
const POINTS = 600;
/** Longest part of a path that is drawn, in seconds: a path that goes round again draws over itself. */
const LONGEST = 60;
/** From above, and from the right. */
const ABOVE = [true, false];
const TONES = ["accent", "right", "left", "violet"];

interface Source {
    voice: Voice;
    path: Path;
    /** When the step begins on the track. */
    start: number;
    points: [number, number, number][];
}

function sources(steps: { step: Step; start: number }[]): Source[] {
    return steps.flatMap(({ step, start }) =>
        (step.voices ?? []).flatMap((voice) => {
            const path = pathOf(voice);
            if (!path) return [];
            const seconds = Math.min(step.duration, LONGEST);
            const points = Array.from({ length: POINTS + 1 }, (_, i) => path((seconds * i) / POINTS));
            return [{ voice, path, start, points }];
        }),
    );
}

/** One of the two views: where a position is drawn. */
interface Plane {
    above: boolean;
    middle: [number, number];
    size: [number, number];
    scale: number;
    far: number;
    to: (point: readonly number[]) => [number, number];
}

function laidOut(width: number, height: number, shown: Source[]): Plane[] {
    const far = Math.max(0.5, ...shown.flatMap(({ points }) => points.map((point) => Math.max(...point.map(Math.abs)))));
    const across = width >= 360;
    const [w, h] = across ? [width / 2, height] : [width, height / 2];
    const scale = (Math.min(w, h) / 2 - 26) / far;
    return ABOVE.map((above) => {
        const place: [number, number] = above || !across ? [w / 2, (above ? 0.5 : 1.5) * h + 4] : [1.5 * w, h / 2 + 4];
        // from above, left is on the left
        const to = (p: readonly number[]): [number, number] =>
            above ? [place[0] - scale * p[1]!, place[1] - scale * p[0]!] : [place[0] + scale * p[0]!, place[1] - scale * p[2]!];
        return { above, middle: place, size: [w, h], scale, far, to };
    });
}

/** Axes, head and paths. */
function drawPaths({ draw, width, height, colour }: Surface, planes: Plane[], shown: Source[]): void {
    draw.clearRect(0, 0, width, height);
    draw.font = "12px system-ui, sans-serif";
    for (const { above, middle, size, scale, far, to } of planes) {
        draw.fillStyle = colour("muted");
        draw.fillText(t(above ? "fromAbove" : "fromRight"), middle[0] - size[0] / 2 + 4, middle[1] - size[1] / 2 + 10);
        draw.strokeStyle = colour("line");
        draw.lineWidth = 1;
        draw.beginPath();
        const across = above ? [0, far, 0] : [0, 0, far];
        for (const end of [[far, 0, 0], across]) {
            draw.moveTo(...to(end));
            draw.lineTo(...to(end.map((value) => -value)));
        }
        draw.stroke();
        // the head is large enough to be seen, with its nose to the front
        const head = Math.max(EAR * scale, 9);
        const [nx, ny] = above ? [0, -1] : [1, 0];
        draw.fillStyle = colour("card");
        draw.strokeStyle = colour("text");
        draw.lineWidth = 1.5;
        draw.beginPath();
        draw.moveTo(middle[0] + nx * (head + 6), middle[1] + ny * (head + 6));
        draw.lineTo(middle[0] + nx * head * 0.8 - ny * 4, middle[1] + ny * head * 0.8 + nx * 4);
        draw.lineTo(middle[0] + nx * head * 0.8 + ny * 4, middle[1] + ny * head * 0.8 - nx * 4);
        draw.closePath();
        draw.stroke();
        draw.beginPath();
        draw.arc(middle[0], middle[1], head, 0, 2 * Math.PI);
        draw.fill();
        draw.stroke();
        draw.lineWidth = 1.75;
        draw.globalAlpha = 0.75;
        for (const [index, { points }] of shown.entries()) {
            draw.strokeStyle = colour(TONES[index % TONES.length]!);
            draw.beginPath();
            for (const point of points) draw.lineTo(...to(point));
            draw.stroke();
        }
        draw.globalAlpha = 1;
    }
}

export function PathView() {
    const { document, engine } = useStudio();
    const track = document.track.value;
    const playing = engine.state.value === "playing";
    const selected = document.selection.value.step;
    // what sounds now, else what is selected
    const heard = useComputed(() => {
        const at = engine.position.value;
        const found = places(document.track.value);
        return found.flatMap(({ start, end }, index) => (at >= start && at < end ? [index] : [])).join(" ");
    }).value;
    const shown = useMemo(() => {
        const found = places(track);
        const indices = heard === "" ? (selected === undefined ? [] : [selected]) : heard.split(" ").map(Number);
        return sources(indices.filter((index) => track.progression[index]).map((index) => ({ step: track.progression[index]!, start: found[index]!.start })));
    }, [track, heard, selected]);

    const dots = useRef<HTMLDivElement>(null);
    const planes = useRef<Plane[]>([]);
    const paint = (surface: Surface) => {
        planes.current = laidOut(surface.width, surface.height, shown);
        drawPaths(surface, planes.current, shown);
    };
    // moving elements costs less than drawing a canvas with every picture
    const move = () => {
        const at = engine.position.peek();
        const spots = shown.map(({ path, start }) => path(Math.max(0, at - start)));
        const elements = dots.current!.children as HTMLCollectionOf<HTMLElement>;
        for (const [index, { to }] of planes.current.entries()) {
            for (const [source, spot] of spots.entries()) {
                const [x, y] = to(spot);
                elements[index * spots.length + source]!.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
            }
        }
    };
    const seconds = useComputed(() => Math.round(2 * engine.position.value) / 2).value;
    const words = shown.map(({ voice, path, start }) => {
        const [x, y, z] = path(Math.max(0, seconds - start));
        const azimuth = Math.round((Math.atan2(y, x) * 180) / Math.PI);
        return t("sourceAt", { name: titleOf(voice), azimuth, distance: Math.hypot(x, y, z).toFixed(1) });
    });
    return (
        <figure class="view view-path" data-view="path">
            <figcaption>{t("viewPath")}</figcaption>
            {shown.length > 0 ? (
                <div class="path">
                    <Canvas
                        label={`${t("viewPath")}: ${words.join("; ")}`}
                        running={playing}
                        paint={paint}
                        subject={() => shown}
                        move={move}
                        redraw={[shown, engine.position.peek(), seconds]}
                    />
                    <div ref={dots} aria-hidden="true">
                        {ABOVE.flatMap((above) => shown.map((_, index) => <span key={`${above} ${index}`} class={`tone-${TONES[index % TONES.length]}`} />))}
                    </div>
                </div>
            ) : (
                <p class="muted nothing">{t("noSource")}</p>
            )}
            {words.length > 0 && (
                <ul class="readout">
                    {words.map((text, index) => (
                        <li key={index} class={`tone-${TONES[index % TONES.length]}`}>
                            {text}
                        </li>
                    ))}
                </ul>
            )}
        </figure>
    );
}
