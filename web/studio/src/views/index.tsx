// To come.

import { t } from "../i18n";
import { useStudio } from "../studio";

export function Views() {
    const { document } = useStudio();
    return (
        <section class="card" aria-label={t("views")}>
            {document.track.value.progression.length}
        </section>
    );
}
