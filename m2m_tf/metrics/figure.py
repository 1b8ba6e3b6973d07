"""A measured figure with all that decides what it may be compared with."""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

KIN = ("metric", "extractor", "resize")  # figures that differ in one of these do not compare


@dataclass(frozen=True)
class Figure:
    """One figure, and how it was measured.

    `float(figure)` is its value. `<`, `>`, `<=`, `>=` and `-` between figures of another metric,
    extractor or resize filter are refused: such numbers have nothing to do with each other.

    Args:
        value: The figure, finite.
        metric: Its name, such as `"frechet_distance"`.
        extractor: The name of what made the features.
        resize: The resize filter on the way into the extractor, or `"none"`.
        real_count, generated_count: Samples of each side.
        error: Standard error of the value, finite, or None.
        notes: What limits the figure, in words.

    Raises:
        ValueError: If the value or the error is not finite.

    Example:

    ```python
    first = Figure(3.2, "frechet_distance", "pixels", "none", 1000, 1000)
    second = Figure(2.9, "frechet_distance", "pixels", "none", 1000, 1000)
    first > second, first - second  # True, 0.3
    ```
    """

    value: float
    metric: str
    extractor: str
    resize: str
    real_count: int
    generated_count: int
    error: float | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", float(self.value))
        object.__setattr__(self, "notes", tuple(self.notes))
        if self.error is not None:
            object.__setattr__(self, "error", float(self.error))
        if not math.isfinite(self.value) or not math.isfinite(self.error or 0.0):
            raise ValueError(
                f"A figure must be finite; {self.metric} came out as {self.value} ± {self.error}. "
                "Features of an extreme size overflow: look at their range, or divide both sets by "
                "one number."
            )

    def __float__(self) -> float:
        return self.value

    def __lt__(self, other: "Figure") -> bool:
        return self._compared(other, lambda: self.value < other.value)

    def __le__(self, other: "Figure") -> bool:
        return self._compared(other, lambda: self.value <= other.value)

    def __gt__(self, other: "Figure") -> bool:
        return self._compared(other, lambda: self.value > other.value)

    def __ge__(self, other: "Figure") -> bool:
        return self._compared(other, lambda: self.value >= other.value)

    def __sub__(self, other: "Figure") -> float:
        return self._compared(other, lambda: self.value - other.value)

    def __str__(self) -> str:
        error = "" if self.error is None else f" ± {self.error:.2g}"
        return (
            f"{self.metric} {self.value:.4g}{error} ({self.extractor}, resize {self.resize}, "
            f"{self.real_count} real, {self.generated_count} generated)"
        )

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that JSON takes."""
        return {**asdict(self), "notes": list(self.notes)}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """The figure that `to_json` gave.

        Raises:
            ValueError: If a field is missing or unknown.
        """
        known = {field.name for field in fields(cls)}
        needed = known - {"error", "notes"}
        if not needed <= set(facts) <= known:
            raise ValueError(
                f"A stored figure has the fields {sorted(known)}; got {sorted(facts)}. Write it "
                "with Figure.to_json."
            )
        return cls(**facts)

    def _compared(self, other, answer):
        if not isinstance(other, Figure):
            return NotImplemented
        for name in KIN:
            if getattr(self, name) != getattr(other, name):
                raise ValueError(
                    f"Figures compare only where {', '.join(KIN)} are the same; {name} is "
                    f"{getattr(self, name)!r} here and {getattr(other, name)!r} there. Measure "
                    "both in the same way, or compare float(figure) if you know why."
                )
        return answer()
