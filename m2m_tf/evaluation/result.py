"""A result: figures that a program can read, and a page that people can."""

import dataclasses
from pathlib import Path
from typing import Any

from m2m_tf.hints import StrPath
from m2m_tf.reports import Page, write_json


@dataclasses.dataclass
class Result:
    """What `assess`, `rank_autoencoders` and `evaluate` return.

    Attributes:
        level: `"good"`, `"fair"` or `"poor"`.
        verdict: The verdict in plain words.
        figures: A dict of all figures, as `report.json` holds them; distances are `Figure`s, which
            carry their extractor and refuse to be compared with those of another.
        page: The report, a `Page`.

    Example:

    ```python
    result = m2m.assess("fashion_mnist_28", "demo:digits")
    print(result.verdict)
    result.save("runs/assess")  # report.html, report.json
    ```
    """

    level: str
    verdict: str
    figures: dict[str, Any]
    page: Page

    def save(self, folder: StrPath) -> None:
        """Writes `report.html` and `report.json` into a folder, which is made where missing."""
        folder = Path(folder)
        self.page.write(folder / "report.html")
        write_json(
            folder / "report.json", {"level": self.level, "verdict": self.verdict, **self.figures}
        )

    def __str__(self) -> str:
        return f"{self.level}: {self.verdict}"
