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
    opened ??= openDB<Schema>("studio", 1, {
        upgrade(db) {
            db.createObjectStore("tracks", { keyPath: "id" }).createIndex("when", "when");
        },
    });
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

/** Keep a track, and let go of the oldest beyond two dozen. */
export async function keep(kept: Kept): Promise<void> {
    const db = await database();
    await db.put("tracks", kept);
    const keys = await db.getAllKeysFromIndex("tracks", "when");
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await db.delete("tracks", key);
}

export async function forget(id: string): Promise<void> {
    await (await database()).delete("tracks", id);
}
