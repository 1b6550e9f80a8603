// The volume envelope of a voice.

import type { Voice } from "../document";
import { type Key, t } from "../i18n";
import { type Row, Rows } from "./rows";

const number = (name: string, fallback: number, more: Partial<Row>): Row => ({ name, kind: "number", min: 0, fallback, ...more });
const SECONDS = { unit: "s" };
const SHARE = { max: 1 };
/** What each kind of envelope has (docs/format.md). */
const KINDS: Record<string, Row[]> = {
    linear_fade: [
        number("fade_duration", 5, SECONDS),
        number("start_amp", 0, SHARE),
        number("end_amp", 1, SHARE),
    ],
    adsr: [
        number("attack", 0.01, SECONDS),
        number("decay", 0.1, SECONDS),
        number("sustain_level", 0.8, SHARE),
        number("release", 0.1, SECONDS),
    ],
    linen: [
        number("attack", 0.1, SECONDS),
        number("release", 0.1, SECONDS),
    ],
};

interface Props {
    voice: Voice;
    edit: (label: string, change: (draft: Voice) => void, name: string) => void;
    seal: () => void;
}

export function EnvelopeEditor({ voice, edit, seal }: Props) {
    const given = voice.volume_envelope;
    const rows = (given && KINDS[given.type]) || [];
    const choose = (type: string) => {
        edit(
            t("envelope"),
            (draft) => {
                if (!KINDS[type]) delete draft.volume_envelope;
                else draft.volume_envelope = { type, params: Object.fromEntries(KINDS[type].map((row) => [row.name, Number(row.fallback)])) };
            },
            "envelope",
        );
        seal();
    };
    return (
        <details class="group" open={given !== undefined && given !== null}>
            <summary>{t("envelope")}</summary>
            <label class="line-field">
                <span>{t("envelopeKind")}</span>
                <select value={given?.type ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
                    <option value="">{t("envelope_none")}</option>
                    {Object.keys(KINDS).map((type) => (
                        <option key={type} value={type}>
                            {t(`envelope_${type}` as Key)}
                        </option>
                    ))}
                </select>
            </label>
            <Rows
                rows={rows}
                words="envelope"
                values={given?.params ?? {}}
                set={(row, label, value) =>
                    edit(
                        label,
                        (draft) => {
                            if (draft.volume_envelope) draft.volume_envelope.params[row.name] = Number(value ?? row.fallback);
                        },
                        `envelope ${row.name}`,
                    )
                }
                seal={seal}
            />
        </details>
    );
}
