// The rendering thread: calls of the page in, answers and statuses out.

import { Host } from "./host.js";
import type { Call } from "./protocol.js";

/** Milliseconds between two looks at the ring. */
const TICK = 10;

const page = self as unknown as { postMessage(message: unknown): void; onmessage: unknown };
const host = new Host((message) => page.postMessage(message));
// one call after the other, in the order in which they came
let queue = Promise.resolve();
page.onmessage = ({ data }: MessageEvent<Call>) => {
    queue = queue.then(() => host.answer(data));
};
setInterval(() => host.tick(), TICK);
