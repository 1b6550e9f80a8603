// English.

import { editor } from "./editor.en";
import { embed } from "./embed.en";
import { shell } from "./shell.en";

export const en = { ...shell, ...editor, ...embed };
