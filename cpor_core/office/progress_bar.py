"""The progress of some work: a percentage and a sentence, drawn by `cpor_core/office/parts/progress_bar.html`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProgressBar:
    """One bar. Without `percent` the rest of the work is unknown."""

    sentence: str
    url: str
    percent: int | None
    is_over: bool
