// The path of a moving source round the head (docs/spec/spatial-workbench.md, 5): x to the front, y to the left, z up.

import type { Voice } from "../document";
import { familyName } from "../inspector/table";
import { compile } from "../timeline/expression";
import { type Spot, type Way, along, bezier, closed, keyframes, natural, polyline } from "./splines";

/** Where a source is, in metres, at seconds since the start of its step. */
export type Path = (seconds: number) => Spot;

type Numbers = Record<string, unknown>;

const RADIANS = Math.PI / 180;
const TURN = 2 * Math.PI;
/** Pieces over which the length of a path is measured. */
const PIECES = 2048;

const isObject = (value: unknown): value is Numbers => typeof value === "object" && value !== null && !Array.isArray(value);
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Reads numbers and triples by their names in camel or snake case. */
class Reader {
    constructor(private readonly given: Numbers) {}

    any(...names: string[]): unknown {
        for (const name of names) {
            const value = this.given[name] ?? this.given[snake(name)];
            if (value !== undefined && value !== null) return value;
        }
        return undefined;
    }

    number(name: string, fallback: number): number {
        const value = Number(this.any(name) ?? fallback);
        return Number.isFinite(value) ? value : fallback;
    }

    triple(name: string, fallback: Spot, other = name): Spot {
        return spot(this.any(name, other)) ?? fallback;
    }
}

function spot(value: unknown): Spot | undefined {
    if (!Array.isArray(value)) return undefined;
    const found = [0, 1, 2].map((axis) => Number(value[axis] ?? 0));
    return found.every(Number.isFinite) ? (found as Spot) : undefined;
}

const plus = (a: Spot, b: Spot): Spot => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

/** A position from angles in degrees. */
export function sphere(azimuth: number, elevation: number, distance: number): Spot {
    const [a, e] = [azimuth * RADIANS, elevation * RADIANS];
    return [distance * Math.cos(e) * Math.cos(a), distance * Math.cos(e) * Math.sin(a), distance * Math.sin(e)];
}

/** A position turned about the upright axis. */
function yawed([x, y, z]: Spot, degrees: number): Spot {
    const [c, s] = [Math.cos(degrees * RADIANS), Math.sin(degrees * RADIANS)];
    return [c * x - s * y, s * x + c * y, z];
}

/** A position turned about the axis to the left. */
function pitched([x, y, z]: Spot, degrees: number): Spot {
    const [c, s] = [Math.cos(degrees * RADIANS), Math.sin(degrees * RADIANS)];
    return [c * x + s * z, y, -s * x + c * z];
}

const between = (a: number, b: number, u: number): number => a + (b - a) * u;

const SHAPES: Record<string, (p: Reader, geometry: Reader) => Way | undefined> = {
    line: (p) => {
        const [from, to] = [p.triple("startM", [0, 0, 0]), p.triple("endM", [1, 0, 0])];
        return (u) => [0, 1, 2].map((axis) => between(from[axis]!, to[axis]!, u)) as Spot;
    },
    arc: (p) => {
        const [radius, from, to] = [p.number("radiusM", 1), p.number("startDeg", -45), p.number("endDeg", 45)];
        const centre = p.triple("centerM", [0, 0, 0]);
        return (u) => plus(sphere(between(from, to, u), 0, radius), centre);
    },
    circle: (p) => {
        const [radius, from, centre] = [p.number("radiusM", 1), p.number("startDeg", 0), p.triple("centerM", [0, 0, 0])];
        return (u) => plus(sphere(from + 360 * u, 0, radius), centre);
    },
    ellipse: (p) => {
        const radii = p.triple("radiiM", [1, 0.5, 0]);
        const centre = p.triple("centerM", [0, 0, 0]);
        return (u) => plus([radii[0] * Math.cos(TURN * u), radii[1] * Math.sin(TURN * u), 0], centre);
    },
    spiral: (p) => {
        const [from, to, turns] = [p.number("startRadiusM", 0.1), p.number("endRadiusM", 1), p.number("turns", 2)];
        const centre = p.triple("centerM", [0, 0, 0]);
        return (u) => plus(sphere(360 * turns * u, 0, between(from, to, u)), centre);
    },
    helix: (p) => {
        const [radius, height, turns] = [p.number("radiusM", 1), p.number("heightM", 1), p.number("turns", 1)];
        const centre = p.triple("centerM", [0, 0, 0]);
        return (u) => plus(plus(sphere(360 * turns * u, 0, radius), [0, 0, height * (u - 0.5)]), centre);
    },
    lissajous: (p) => {
        const [sizes, rates] = [p.triple("amplitudesM", [1, 1, 0]), p.triple("frequencies", [1, 2, 1])];
        const [phases, centre] = [p.triple("phasesDeg", [0, 90, 0]), p.triple("centerM", [0, 0, 0])];
        const axis = (i: number, u: number) => sizes[i]! * Math.sin(TURN * rates[i]! * u + phases[i]! * RADIANS);
        return (u) => plus([axis(0, u), axis(1, u), axis(2, u)], centre);
    },
    horizontal_orbit: (p) => {
        const [radius, elevation] = [p.number("radiusM", 1.5), p.number("elevationDeg", 0)];
        const [from, turns, centre] = [p.number("startAzimuthDeg", 0), p.number("turns", 1), p.triple("centreM", [0, 0, 0])];
        return (u) => plus(sphere(from + 360 * turns * u, elevation, radius), centre);
    },
    vertical_orbit: (p) => {
        const [radius, plane] = [p.number("radiusM", 1.5), p.number("planeAzimuthDeg", 0)];
        const [from, turns, centre] = [p.number("startAngleDeg", 0), p.number("turns", 1), p.triple("centreM", [0, 0, 0])];
        return (u) => {
            const angle = (from + 360 * turns * u) * RADIANS;
            return plus(yawed([radius * Math.cos(angle), 0, radius * Math.sin(angle)], plane), centre);
        };
    },
    tilted_orbit: (p) => {
        const [radius, tilt, axis] = [p.number("radiusM", 1.5), p.number("tiltDeg", 30), p.number("tiltAxisAzimuthDeg", 0)];
        const [from, turns, centre] = [p.number("startAzimuthDeg", 0), p.number("turns", 1), p.triple("centreM", [0, 0, 0])];
        return (u) => plus(yawed(pitched(yawed(sphere(from + 360 * turns * u, 0, radius), -axis), tilt), axis), centre);
    },
    spherical_orbit: (p) => {
        const [near, far, elevation] = [p.number("startDistanceM", 0.6), p.number("endDistanceM", 2), p.number("elevationDeg", 0)];
        const [turns, from, cycles] = [p.number("turns", 2), p.number("startAzimuthDeg", 0), p.number("cycles", 1)];
        return (u) => sphere(from + 360 * turns * u, elevation, between(near, far, 0.5 - 0.5 * Math.cos(TURN * cycles * u)));
    },
    rising_arc: (p) => {
        const [a0, a1] = [p.number("startAzimuthDeg", -45), p.number("endAzimuthDeg", 45)];
        const [e0, e1] = [p.number("startElevationDeg", -30), p.number("endElevationDeg", 60)];
        const [d0, d1] = [p.number("startDistanceM", 1.5), p.number("endDistanceM", 1.5)];
        return (u) => sphere(between(a0, a1, u), between(e0, e1, u), between(d0, d1, u));
    },
    overhead_sweep: (p) => {
        const [azimuth, from, to] = [p.number("azimuthDeg", 0), p.number("startElevationDeg", 0), p.number("endElevationDeg", 0)];
        const [distance, over] = [p.number("distanceM", 1.5), p.any("passOver") ?? true];
        // past the zenith an elevation above 90 is behind
        return (u) => sphere(azimuth, over ? between(from, 180 - to, u) : between(from, 90, u), distance);
    },
    elevation_sweep: (p) => {
        const [a0, a1, e0] = [p.number("startAzimuthDeg", 0), p.number("endAzimuthDeg", 180), p.number("elevationDeg", 45)];
        const [e1, distance] = [p.number("endElevationDeg", e0), p.number("distanceM", 1.5)];
        return (u) => sphere(between(a0, a1, u), between(e0, e1, u), distance);
    },
    dome_traversal: (p) => {
        const [distance, e0, e1] = [p.number("distanceM", 1.5), p.number("startElevationDeg", 0), p.number("endElevationDeg", 85)];
        const [turns, from] = [p.number("turns", 3), p.number("startAzimuthDeg", 0)];
        return (u) => sphere(from + 360 * turns * u, between(e0, e1, u), distance);
    },
    figure_eight_3d: (p) => {
        const [wide, high, tilt] = [p.number("azimuthExtentDeg", 60), p.number("elevationExtentDeg", 30), p.number("tiltDeg", 0) * RADIANS];
        const [a, e, distance] = [p.number("centreAzimuthDeg", 0), p.number("centreElevationDeg", 0), p.number("distanceM", 1.5)];
        return (u) => {
            const [x, y] = [wide * Math.sin(TURN * u), high * Math.sin(2 * TURN * u)];
            return sphere(a + x * Math.cos(tilt) - y * Math.sin(tilt), e + x * Math.sin(tilt) + y * Math.cos(tilt), distance);
        };
    },
    pendulum: (p) => {
        const [length, swing, plane] = [p.number("lengthM", 1.5), p.number("swingDeg", 60), p.number("planeAzimuthDeg", 90)];
        const [pivot, swings] = [p.triple("pivotM", [0, 0, 1]), p.number("swings", 1)];
        return (u) => {
            const angle = swing * Math.sin(TURN * swings * u) * RADIANS;
            return plus(yawed([length * Math.sin(angle), 0, -length * Math.cos(angle)], plane), pivot);
        };
    },
    torus: (p) => {
        const [major, minor] = [p.number("majorRadiusM", 1.5), p.number("minorRadiusM", 0.4)];
        const [rounds, coils, centre] = [p.number("majorTurns", 1), p.number("minorTurns", 6), p.triple("centreM", [0, 0, 0])];
        return (u) => {
            const coil = TURN * coils * u;
            return plus(yawed([major + minor * Math.cos(coil), 0, minor * Math.sin(coil)], 360 * rounds * u), centre);
        };
    },
    mathematical: (_, geometry) => {
        const texts = geometry.any("expressions");
        const given = isObject(texts) ? texts : {};
        const words = [given.x ?? "cos(2*pi*u)", given.y ?? "sin(2*pi*u)", given.z ?? "0"];
        const axes = words.map((word) => compile(String(word), "u"));
        return axes.every((axis) => axis !== undefined) ? (u) => axes.map((axis) => axis(u)) as Spot : undefined;
    },
    keyframes: (_, geometry) => keyframes(geometry.any("keyframes"), String(geometry.any("interpolation") ?? "cubic"), sphere),
};

/** Whose control points make a closed curve, and whose an open one. */
const CLOSED = ["circle", "ellipse", "lissajous"];
const OPEN = ["arc", "spiral", "helix"];

/** The curve of a `geometry`, from 0 to 1; nothing for what cannot be drawn. */
function geometry(given: Numbers): Way | undefined {
    const reader = new Reader(given);
    const type = String(reader.any("type") ?? "polyline").trim().toLowerCase();
    const listed = reader.any("controlPointsM");
    const points = (Array.isArray(listed) ? listed : []).map(spot).filter((one) => one !== undefined);
    const isClosed = Boolean(reader.any("closed"));
    if (points.length >= 2) {
        if (type === "polyline" || type === "polygon") return polyline(points, type === "polygon" || isClosed);
        if (type === "line") return polyline(points.slice(0, 2), false);
        if (type === "bezier") return bezier(points);
        if (points.length >= 3 && (CLOSED.includes(type) || (type === "spline" && isClosed))) return closed(points);
        if (points.length >= 3 && (OPEN.includes(type) || type === "spline")) return natural(points);
    }
    const parameters = reader.any("parameters");
    return SHAPES[type]?.(new Reader(isObject(parameters) ? parameters : {}), reader);
}

/** How far along a path a source is, from 0 to 1. */
export function progress(given: Numbers, seconds: number): number {
    const reader = new Reader(given);
    const x = seconds / Math.max(reader.number("durationS", 5), 1e-9);
    const mode = String(reader.any("mode") ?? "loop").trim().toLowerCase();
    const part = x - Math.floor(x);
    let p = part;
    if (mode === "one_shot") p = Math.min(Math.max(x, 0), 1);
    if (mode === "ping_pong") p = 1 - Math.abs(2 * part - 1);
    if (reader.number("direction", 1) < 0) p = 1 - p;
    const easing = String(reader.any("easing") ?? "linear");
    if (easing === "sine" || easing === "smooth") p = 0.5 - 0.5 * Math.cos(Math.PI * p);
    if (easing === "smoothstep") p = p * p * (3 - 2 * p);
    if (mode !== "discontinuous") return p;
    const steps = Math.max(2, Math.trunc(reader.number("steps", 8)));
    return Math.min(Math.max(Math.floor(p * steps) / (steps - 1), 0), 1);
}

/** The path that `canonicalTrajectory` describes. */
export function canonical(given: unknown): Path | undefined {
    if (!isObject(given) || !isObject(given.geometry)) return undefined;
    const way = geometry(given.geometry);
    if (!way) return undefined;
    const traversal = isObject(given.traversal) ? given.traversal : {};
    const even = new Reader(given).any("arcLength") ?? true;
    const moved = even ? along(way, PIECES) : way;
    return (seconds) => moved(progress(traversal, seconds));
}

/** The path of `spatialTrajectory` (docs/spec/binaural-and-isochronic.md, 6.1). */
export function segments(given: unknown): Path {
    const listed = Array.isArray(given) ? given.filter(isObject) : [{ mode: "oscillate", center_deg: 0, extent_deg: 75, period_s: 20, distance_m: [1, 1.4], seconds: 3600 }];
    const parts = listed.map((one) => segment(new Reader(one as Numbers))).filter((part) => part.seconds > 0);
    return (seconds) => {
        let left = seconds;
        for (const [index, part] of parts.entries()) {
            if (left < part.seconds || index === parts.length - 1) return part.at(Math.min(Math.max(left, 0), part.seconds));
            left -= part.seconds;
        }
        return [1, 0, 0];
    };
}

function segment(one: Reader): { seconds: number; at: Path } {
    const seconds = one.number("seconds", 0);
    const start = one.number("start_deg", 0);
    const extent = one.number("extent_deg", 180);
    const centre = one.number("center_deg", start);
    const given = one.number("period_s", seconds);
    const period = given > 0 ? given : Math.max(seconds, 1e-9);
    const mode = one.any("mode") ?? "rotate";
    const angle = (t: number): number => {
        if (mode === "rotate") return start + one.number("speed_deg_per_s", extent / Math.max(seconds, 1e-9)) * t;
        const swing = Math.cos((TURN * t) / period);
        if (mode === "rotating_arc") return start + 360 * one.number("rotate_freq_hz", 0) * t + (extent * (1 - swing)) / 2;
        return centre + extent * Math.sin((TURN * t) / period);
    };
    const bent = (t: number): number => {
        if (one.any("easing") !== "sine") return angle(t);
        return angle(0) + (angle(t) - angle(0)) * (0.5 + 0.5 * Math.sin(Math.PI * (t / seconds - 0.5)));
    };
    const distance = one.any("distance_m") ?? 1;
    const range = (Array.isArray(distance) ? distance : [distance, distance]).map(Number);
    return { seconds, at: (t) => sphere(bent(t), 0, between(range[0] ?? 1, range[1] ?? range[0] ?? 1, seconds > 0 ? t / seconds : 0)) };
}

/** The path of `spatial_angle_modulation` (docs/spec/spatial-angle-modulation.md, 1.4) at a radius of 1. */
function angles(params: Numbers): Path {
    const reader = new Reader(params);
    const rate = reader.number("beatFreq", reader.number("startBeatFreq", 4));
    const shape = String(params.pathShape ?? "circle");
    const [a0, a1] = [reader.number("arcStartDeg", 0), reader.number("arcEndDeg", 360)];
    return (seconds) => {
        const p = TURN * rate * seconds;
        if (shape === "arc" || shape === "oscillating_arc") return sphere(a0 + ((a1 - a0) * (1 - Math.cos(p))) / 2, 0, 1);
        if (shape === "linear") return [Math.sin(p), 0, 0];
        return sphere(p / RADIANS, 0, 1);
    };
}

/** The path of a voice; nothing for a voice that stays where it is. */
export function pathOf(voice: Voice): Path | undefined {
    const params = voice.params ?? {};
    const family = familyName(voice);
    const mode = String(params.rendererMode ?? "").trim().toLowerCase();
    if (family === "spatial_angle_modulation_sam2") {
        return mode === "geometric" || mode === "hrtf" ? canonical(params.canonicalTrajectory) : undefined;
    }
    if (family === "spatial_angle_modulation") return angles(params);
    return params.spatialEnable ? segments(params.spatialTrajectory) : undefined;
}
