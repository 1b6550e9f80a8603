// A worker's answers to the calls of the page.

import type { Problem } from "../engine/engine.js";
import type { Call, Reply } from "./protocol.js";

/** What `verbs` say to a call; an error is part of the answer. */
export async function answered(verbs: object, { id, verb, arguments: given }: Call): Promise<Reply> {
    const reply: Reply = { id };
    try {
        reply.result = await (verbs as Record<string, (...given: unknown[]) => unknown>)[verb]!(...given);
    } catch (thrown) {
        const error = thrown as Error & { problems?: Problem[] };
        reply.error = { name: error.name, message: error.message };
        if (error.problems) reply.error.problems = error.problems;
    }
    return reply;
}
