// To come.

import { t } from "../i18n";
import { useStudio } from "../studio";

export function Timeline() {
    const { document } = useStudio();
    return (
        <section class="card" aria-label={t("timeline")}>
            {document.track.value.progression.length}
        </section>
    );
}
