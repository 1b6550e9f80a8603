// To come.

import { t } from "../i18n";
import { useStudio } from "../studio";

export function Inspector() {
    const { document } = useStudio();
    return (
        <section class="card" aria-label={t("inspector")}>
            {document.track.value.progression.length}
        </section>
    );
}
