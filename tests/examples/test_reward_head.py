"""From click to reward: a head learns from an export what people will choose elsewhere."""

import random
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image as Pillow

from annotator.items.models import Image, Item, ItemImage
from annotator.projects.models import Batch
from demo.dataset import IMAGES, prompts_by
from demo.truth import ImageTruth
from examples.train_reward_head import held_out_accuracy, read_pairs
from tests import judged
from tests.rooms.exported import batch, made, pair_project, people

PROMPTS = 9
CARELESS = 0.1


def stored(in_batch: Batch, drawn: ImageTruth) -> Image:
    """Half the size: the head's features are found as well, and much is saved."""
    whole = Pillow.open(IMAGES / drawn.file)
    return judged.stored(in_batch, drawn.generator, whole.resize((256, 256)))


@pytest.mark.django_db(transaction=True)
def test_a_reward_head_foretells_choices_about_prompts_it_never_saw(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    three = people(project)
    chance = random.Random(5)
    for scene, prompt in enumerate(prompts_by()[:PROMPTS]):
        drawn_all = prompt.images
        images = [stored(in_batch, drawn) for drawn in drawn_all]
        for first, second in combinations(range(len(drawn_all)), 2):
            item = Item.objects.create(
                project=project,
                batch=in_batch,
                key=f"{scene}-{first}-{second}",
                prompt=prompt.text,
            )
            for place, which in enumerate((first, second)):
                ItemImage.objects.create(item=item, image=images[which], place=place)
            better = drawn_all[first].quality["overall"] > drawn_all[second].quality["overall"]
            for slot, person in enumerate(three):
                mistaken = chance.random() < CARELESS
                choice = "a" if better != mistaken else "b"
                judged.answer(item, person, judged.said(choice, "overall"), slot=slot)
            judged.settle(item)

    folder = made(project, "preferences", tmp_path / "out")
    found = held_out_accuracy(folder, read_pairs(folder, "overall"), folds=3, seed=0)

    assert (found.pairs, found.prompts) == (PROMPTS * 6, PROMPTS)
    assert found.accuracy > 0.75
    assert found.low > 0.6
