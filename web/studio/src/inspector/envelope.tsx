// The volume envelope of a voice.

import type { Voice } from "../document";
import { type Key, t } from "../i18n";
import { NumberField } from "./number_field";
import type { Parameter } from "./table";

interface Row {
    name: string;
    fallback: number;
    unit?: string;
    max?: number;
}

const SECONDS = { unit: "s" };
/** What each kind of envelope has (docs/format.md). */
const KINDS: Record<string, Row[]> = {
    linear_fade: [
        { name: "fade_duration", fallback: 5, ...SECONDS },
        { name: "start_amp", fallback: 0, max: 1 },
        { name: "end_amp", fallback: 1, max: 1 },
    ],
    adsr: [
        { name: "attack", fallback: 0.01, ...SECONDS },
        { name: "decay", fallback: 0.1, ...SECONDS },
        { name: "sustain_level", fallback: 0.8, max: 1 },
        { name: "release", fallback: 0.1, ...SECONDS },
    ],
    linen: [
        { name: "attack", fallback: 0.1, ...SECONDS },
        { name: "release", fallback: 0.1, ...SECONDS },
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
                else draft.volume_envelope = { type, params: Object.fromEntries(KINDS[type].map((row) => [row.name, row.fallback])) };
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
            {rows.map((row) => {
                const parameter: Parameter = { name: row.name, group: "level", kind: "number", min: 0, ...(row.unit && { unit: row.unit }), ...(row.max && { max: row.max }) };
                const label = t(`envelope_${row.name}` as Key);
                return (
                    <div key={row.name} class="parameter">
                        <div class="field-head">
                            <span class="field-name">{label}</span>
                        </div>
                        <NumberField
                            parameter={parameter}
                            label={label}
                            value={given?.params?.[row.name]}
                            fallback={row.fallback}
                            change={(value) =>
                                edit(
                                    label,
                                    (draft) => {
                                        if (draft.volume_envelope) draft.volume_envelope.params[row.name] = value ?? row.fallback;
                                    },
                                    `envelope ${row.name}`,
                                )
                            }
                            seal={seal}
                        />
                    </div>
                );
            })}
        </details>
    );
}
