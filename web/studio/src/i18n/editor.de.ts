// German: timeline, inspector, views.

import type { editor as english } from "./editor.en";

export const editor: Record<keyof typeof english, string> = {
    timeline: "Zeitleiste",
    inspector: "Eigenschaften",
    views: "Ansichten",
};
