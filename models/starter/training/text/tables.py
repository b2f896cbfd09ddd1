"""The hand-written lists in tables/: rows of named columns, or plain words, one a line."""
import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "tables"


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of a tab-separated file with a heading."""
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_words(name: str) -> frozenset[str]:
    return frozenset((FOLDER / name).read_text(encoding="utf-8").splitlines())


def split(cell: str) -> list[str]:
    """A cell that holds several values, separated by semicolons."""
    return [part for part in cell.split(";") if part]
