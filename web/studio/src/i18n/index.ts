// Words of the page, in the language of the listener.

import { computed, signal } from "@preact/signals";
import { remember, remembered } from "../keep/settings";
import { de } from "./de";
import { en } from "./en";
import { parameters } from "./parameters.de";
import { sessions } from "./sessions.de";
import { voices } from "./voices.de";

export type Key = keyof typeof en;
const LANGUAGES = { en, de } as const;
export type Language = keyof typeof LANGUAGES;
export const NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };
const KEPT = "language";

function preferred(): Language {
    const wanted = [remembered(KEPT), ...navigator.languages].map((tag) => tag?.slice(0, 2));
    return (wanted.find((tag) => tag !== undefined && tag in LANGUAGES) ?? "en") as Language;
}

export const language = signal<Language>(preferred());
const words = computed<Record<Key, string>>(() => LANGUAGES[language.value]);

const SESSIONS: Partial<Record<Language, Record<string, string>>> = { de: sessions };

/** A word of one of the studio's own sessions, which are written in English. */
export function ofSession(text: string): string {
    return SESSIONS[language.peek()]?.[text] ?? text;
}

const VOICES: Partial<Record<Language, Record<string, string>>> = { de: voices };

/** What the engine's table says of a voice, which is written in English. */
export function ofVoice(text: string): string {
    return VOICES[language.value]?.[text] ?? text;
}

const PARAMETERS: Partial<Record<Language, Record<string, string>>> = { de: parameters };

/** What a parameter of voices is called, where the language has a name of its own for it. */
export function ofParameter(name: string): string | undefined {
    return PARAMETERS[language.value]?.[name];
}

export function speak(chosen: Language): void {
    language.value = chosen;
    remember(KEPT, chosen);
}

/** The words for `key`, with `{name}` replaced by `values.name`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
    return words.value[key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
