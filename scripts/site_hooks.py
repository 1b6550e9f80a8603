"""What the site has beyond its pages: sounds, links of references to the specification, and a check of both.

mkdocs calls these functions (`hooks` in mkdocs.yml). A warning fails the build, which is strict.
"""

from __future__ import annotations

import logging
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).parent))

import realtime_backend as rb
import site_sounds
from realtime_backend import cluster, session
from voice_examples import ROOT, families
from voice_pages import REFERENCE, heading

LOG = logging.getLogger("mkdocs.hooks.site")
QUOTED = re.compile(r"(<(pre|code|a|h\d)\b.*?</\2>)", re.DOTALL)
"""Parts of a page in which a reference stays text."""


def on_config(config: Any) -> Any:
    """Name the page of each voice in the navigation, below the overview."""
    reference = next(section["Reference"] for section in config.nav if "Reference" in section)
    voices = next(section["Voices"] for section in reference if "Voices" in section)
    voices += [{family: f"voices/{family}.md"} for family in families()]
    return config


def on_page_context(context: Any, *, page: Any, **_: Any) -> Any:
    """Leave the width of the table of contents to wide tables."""
    if page.file.src_uri.startswith("voices/") or page.file.src_uri in ("compat.md", "format.md", "command-line.md"):
        page.meta["hide"] = ["toc"]
    return context


def on_page_content(html: str, *, page: Any, **_: Any) -> str:
    """Make links of references such as ``spec noise 3 and 4``."""
    up = "../" * page.url.count("/")
    parts = QUOTED.split(html)
    # a group of the separator is a part of its own: text, quoted, its tag, text, ...
    for at in range(0, len(parts), 3):
        parts[at] = REFERENCE.sub(lambda match: linked(match, up, page.file.src_uri), parts[at])
    return "".join(part for at, part in enumerate(parts) if at % 3 != 2)


def linked(match: re.Match[str], up: str, page: str) -> str:
    """Return a reference with a link for each section."""
    name, sections = match.group(1), match.group(2)

    def link(section: re.Match[str]) -> str:
        anchor = heading(name, section.group())
        if anchor is None:
            LOG.warning("%s: spec %s %s does not exist", page, name, section.group())
        return f'<a href="{up}spec/{name}.html#{anchor}">{section.group()}</a>'

    return f"spec {name} " + re.sub(r"\d+(?:\.\d+)*", link, sections)


def on_post_build(*, config: Any, **_: Any) -> None:
    """Write the sounds, add the studio, then look for what pages name and the site does not have."""
    folder = Path(config.site_dir)
    site_sounds.write(folder)
    shutil.copytree(ROOT / "web" / "studio" / "dist", folder / "studio", dirs_exist_ok=True)
    pages = {page: page.read_text() for page in folder.rglob("*.html")}
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in pages.items()}
    for page, text in pages.items():
        for name, anchor in re.findall(r'\b(?:href|src)="(?![a-z]+:|/)([^"#?]*)(?:\?[^"#]*)?(#[^"]*)?"', text):
            target = (page.parent / unquote(name)).resolve() if name else page
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (anchor[1:] and unquote(anchor[1:]) not in anchors.get(target, ())):
                LOG.warning("%s: there is no %s%s", page.relative_to(folder), name, anchor)
    known = set().union(*anchors.values())
    for module in (rb, cluster, session, rb.dsp, rb.hrtf, rb.synth):
        for name in module.__all__:
            section = isinstance(getattr(module, name), ModuleType) or name in ("__version__", "voices")
            if not section and f"{module.__name__}.{name}" not in known:
                LOG.warning("the reference has no %s.%s", module.__name__, name)
