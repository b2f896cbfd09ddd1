"""Which pictures are told the same: drawings of one emoji by several vendors are each as right as the other for its sentences."""
import numpy as np

from text.corpus import Corpus
from text.prompts import emoji_captions


class Stories:
    def __init__(self, corpus: Corpus):
        drawn = [emoji_captions(record) for record in corpus.emoji.values()]
        self._story_of = {sentence: own[0] for own in (*corpus.trained_captions, *drawn) for sentence in own}

    def same(self, captions: list[list[str]]) -> np.ndarray:
        """Some sentences of each picture -> bool [pictures, pictures]: whether the same is told of both; not where nothing is told."""
        stories = [self._story_of.get(own[0], own[0]) if own else None for own in captions]
        number = {story: i for i, story in enumerate(dict.fromkeys(stories))}
        numbers = np.array([number[story] for story in stories])
        told = np.array([story is not None for story in stories])
        return (numbers[:, None] == numbers) & told
