// Curves through points.

/** A position: x to the front, y to the left, z up, in metres. */
export type Spot = [number, number, number];
/** A curve from 0 to 1. */
export type Way = (u: number) => Spot;

const mixed = (a: Spot, b: Spot, u: number): Spot => [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u];
const apart = (a: Spot, b: Spot): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Straight pieces, gone along at constant speed. */
export function polyline(points: Spot[], isClosed: boolean): Way {
    const all = isClosed ? [...points, points[0]!] : points;
    const ends = [0];
    for (let i = 1; i < all.length; i++) ends.push(ends[i - 1]! + apart(all[i - 1]!, all[i]!));
    const length = ends.at(-1)!;
    return (u) => {
        const goal = Math.min(Math.max(u, 0), 1) * length;
        const next = Math.max(1, ends.findIndex((end) => end >= goal));
        const piece = ends[next]! - ends[next - 1]!;
        return mixed(all[next - 1]!, all[next] ?? all[next - 1]!, piece > 0 ? (goal - ends[next - 1]!) / piece : 0);
    };
}

/** One Bezier curve. */
export function bezier(points: Spot[]): Way {
    return (u) => {
        let row = points;
        while (row.length > 1) row = row.slice(1).map((point, index) => mixed(row[index]!, point, u));
        return row[0]!;
    };
}

/** Second derivatives of a cubic spline at its knots, one axis; 0 at both ends. */
function bends(times: number[], values: number[]): number[] {
    const n = times.length;
    const found = new Array<number>(n).fill(0);
    const rest = new Array<number>(n).fill(0);
    for (let i = 1; i < n - 1; i++) {
        const [h0, h1] = [times[i]! - times[i - 1]!, times[i + 1]! - times[i]!];
        const share = h0 / (h0 + h1);
        const pivot = share * found[i - 1]! + 2;
        found[i] = (share - 1) / pivot;
        const slope = (values[i + 1]! - values[i]!) / h1 - (values[i]! - values[i - 1]!) / h0;
        rest[i] = ((6 * slope) / (h0 + h1) - share * rest[i - 1]!) / pivot;
    }
    for (let i = n - 2; i > 0; i--) found[i] = found[i]! * found[i + 1]! + rest[i]!;
    found[0] = 0;
    return found;
}

/** A natural cubic spline over the times. */
function spline(times: number[], points: Spot[]): Way {
    const axes = [0, 1, 2].map((axis) => bends(times, points.map((point) => point[axis]!)));
    return (time) => {
        const next = Math.max(1, times.findIndex((one) => one >= time));
        const [t0, t1] = [times[next - 1]!, times[next]!];
        const h = t1 - t0;
        const [a, b] = [(t1 - time) / h, (time - t0) / h];
        return axes.map((bent, axis) => {
            const [v0, v1] = [points[next - 1]![axis]!, points[next]![axis]!];
            return a * v0 + b * v1 + (((a ** 3 - a) * bent[next - 1]! + (b ** 3 - b) * bent[next]!) * h * h) / 6;
        }) as Spot;
    };
}

/** A cubic spline over equal knots, with straight ends. */
export function natural(points: Spot[]): Way {
    const last = points.length - 1;
    const curve = spline(points.map((_, index) => index), points);
    return (u) => curve(Math.min(Math.max(u, 0), 1) * last);
}

/** A periodic spline through the points; three rounds of it have no ends in the middle one. */
export function closed(points: Spot[]): Way {
    const rounds = [...points, ...points, ...points, points[0]!];
    const curve = spline(rounds.map((_, index) => index), rounds);
    return (u) => curve(points.length * (1 + (u - Math.floor(u))));
}

/** A path through places at times. */
export function keyframes(listed: unknown, interpolation: string, sphere: (a: number, e: number, d: number) => Spot): Way | undefined {
    if (!Array.isArray(listed) || listed.length < 2) return undefined;
    const rows = listed as Record<string, unknown>[];
    const number = (row: Record<string, unknown>, fallback: number, ...names: string[]) =>
        Number(names.map((name) => row[name]).find((value) => value !== undefined && value !== null) ?? fallback);
    const times = rows.map((row) => number(row, 0, "timeSeconds", "timeS", "time"));
    const points = rows.map((row): Spot => {
        const position = row.position ?? row.positionM;
        if (Array.isArray(position)) return [0, 1, 2].map((axis) => Number(position[axis] ?? 0)) as Spot;
        return sphere(
            number(row, 0, "azimuthDegrees", "azimuthDeg"),
            number(row, 0, "elevationDegrees", "elevationDeg"),
            number(row, 1, "distanceMetres", "distanceM"),
        );
    });
    if ([...times, ...points.flat()].some((value) => !Number.isFinite(value))) return undefined;
    if (times.slice(1).some((time, index) => time <= times[index]!)) return undefined;
    const [first, last] = [times[0]!, times.at(-1)!];
    const cubic = spline(times, points);
    return (u) => {
        const time = first + Math.min(Math.max(u, 0), 1) * (last - first);
        if (interpolation === "cubic") return cubic(time);
        const next = Math.max(1, times.findIndex((one) => one >= time));
        const share = (time - times[next - 1]!) / (times[next]! - times[next - 1]!);
        const [a, b] = [points[next - 1]!, points[next]!];
        if (interpolation === "hold") return share < 1 ? a : b;
        if (interpolation !== "catmull_rom") return mixed(a, b, share);
        const [before, after] = [points[next - 2] ?? a, points[next + 1] ?? b];
        const [u2, u3] = [share ** 2, share ** 3];
        return [0, 1, 2].map((axis) => {
            const [m0, m1] = [(b[axis]! - before[axis]!) / 2, (after[axis]! - a[axis]!) / 2];
            return (2 * u3 - 3 * u2 + 1) * a[axis]! + (u3 - 2 * u2 + share) * m0 + (3 * u2 - 2 * u3) * b[axis]! + (u3 - u2) * m1;
        }) as Spot;
    };
}

/** The same curve at constant speed. */
export function along(way: Way, pieces: number): Way {
    const ends = new Float64Array(pieces + 1);
    let last = way(0);
    for (let i = 1; i <= pieces; i++) {
        const point = way(i / pieces);
        ends[i] = ends[i - 1]! + apart(last, point);
        last = point;
    }
    const length = ends[pieces]!;
    if (!(length > 0)) return way;
    return (u) => {
        const goal = Math.min(Math.max(u, 0), 1) * length;
        let [low, high] = [0, pieces];
        while (high - low > 1) {
            const middle = (low + high) >> 1;
            if (ends[middle]! <= goal) low = middle;
            else high = middle;
        }
        const piece = ends[high]! - ends[low]!;
        return way((low + (piece > 0 ? (goal - ends[low]!) / piece : 0)) / pieces);
    };
}
