"""The corpus of a folder of packed data, with its teacher: what every command but `prepare.py` begins with."""
import json
from pathlib import Path

from data.captions import load_captions
from data.packed import load_sets
from data.teacher import Teacher, load_teacher
from text.corpus import Corpus


def load_corpus(packed: Path) -> tuple[Corpus, Teacher | None]:
    """Raises ValueError where `packed` holds no data set, FileNotFoundError where WordNet is not installed."""
    teacher = load_teacher(packed)
    drawn = packed / "drawings.json"
    emoji = {record["hex"]: record for record in json.loads(drawn.read_text())} if drawn.exists() else {}
    corpus = Corpus(load_sets(packed), load_captions(packed), emoji, teacher.classes if teacher else [])
    return corpus, teacher
