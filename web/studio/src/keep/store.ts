// What this browser keeps: the tracks that were opened, with their files and edits, in IndexedDB.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Files, Track } from "../document";

export interface Kept {
    id: string;
    title: string;
    track: Track;
    files: Files;
    /** Milliseconds since the epoch. */
    when: number;
}

interface Schema extends DBSchema {
    tracks: { key: string; value: Kept; indexes: { when: number } };
}

const MOST = 24;
let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
    const forgotten = () => (opened = undefined);
    opened ??= openDB<Schema>("studio", 1, {
        upgrade(db) {
            db.createObjectStore("tracks", { keyPath: "id" }).createIndex("when", "when");
        },
        // a page of a newer studio waits for this one
        blocking: (_now, _next, event) => {
            (event.target as IDBDatabase).close();
            forgotten();
        },
        terminated: forgotten,
    });
    opened.catch(forgotten);
    return opened;
}

/** The tracks that are kept, the latest first; nothing where the browser keeps nothing (private windows). */
export async function recent(): Promise<Kept[]> {
    try {
        return (await (await database()).getAllFromIndex("tracks", "when")).reverse();
    } catch {
        return [];
    }
}

/**
 * Keep a track, and let go of the oldest beyond two dozen. `known` is when the version that was changed had been kept:
 * if another page has kept a later one, that one stays, and this one is kept beside it. Resolves to the id.
 */
export async function keep(kept: Kept, known = Infinity): Promise<string> {
    const transaction = (await database()).transaction("tracks", "readwrite");
    const { store } = transaction;
    const done = transaction.done.catch((error: unknown) => Promise.reject(transaction.error ?? error));
    const work = async () => {
        const there = await store.get(kept.id);
        const id = there && there.when > known ? crypto.randomUUID() : kept.id;
        await store.put({ ...kept, id });
        const keys = await store.index("when").getAllKeys();
        for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await store.delete(key);
        return id;
    };
    const [id] = await Promise.all([work().catch((error: unknown) => done.then(() => Promise.reject(error))), done]);
    return id;
}

export async function forget(id: string): Promise<void> {
    await (await database()).delete("tracks", id);
}
