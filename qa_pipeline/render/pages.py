"""What every page shares: one style sheet, nothing that runs, nothing that is fetched."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def environment(package: str, filters: Mapping[str, Callable[..., object]]) -> Environment:
    """Return an environment over a package's templates and ours; everything is escaped."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("qa_pipeline.render")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(filters)
    return made


@cache
def style(*sheets: tuple[str, str]) -> Markup:
    """Return the reports' style sheet and, after it, further (package, file name)."""
    ours = (("qa_pipeline.render", "charts.css"), ("qa_pipeline.render", "report.css"))
    texts = (
        (files(package) / "templates" / name).read_text(encoding="utf-8")
        for package, name in (*ours, *sheets)
    )
    return Markup("".join(texts))


def csp_hash(text: str) -> str:
    """Return the source expression that lets a policy allow exactly this style."""
    digest = hashlib.sha256(str(text).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
