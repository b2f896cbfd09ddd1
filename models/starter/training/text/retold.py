"""What several people wrote of one picture that is not at hand: which sentences mean the same, from far more pictures than there are."""
from batches import Chance


class Retold:
    def __init__(self, groups: list[list[str]]):
        """`groups`: two or more sentences of each picture."""
        self._groups = groups

    def __len__(self) -> int:
        return len(self._groups)

    def draw(self, count: int, chance: Chance) -> tuple[list[str], list[str]]:
        """Two sentences of each of `count` pictures, at most all."""
        chosen = chance.numbers.choice(len(self._groups), min(count, len(self._groups)), replace=False)
        pairs = [chance.words.sample(self._groups[i], 2) for i in chosen]
        return [first for first, _ in pairs], [second for _, second in pairs]
