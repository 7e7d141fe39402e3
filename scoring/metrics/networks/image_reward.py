"""ImageReward (Xu et al. 2023): BLIP-large, and a linear head on its first text token.

Names as in ``ImageReward.pt``. From the paper's code: ViT-L/16 at 224 pixels, BERT-base with
cross-attention, head 768 → 1024 → 128 → 64 → 16 → 1 without activations, and the mean and the
deviation that the reward is standardised with.
"""

import re
from collections.abc import Mapping

from torch import Tensor, nn

from scoring.metrics.networks.blip import TextEncoder, TextSizes, VisionSizes, VisionTransformer
from scoring.metrics.networks.checkpoints import built
from scoring.metrics.networks.linear_head import LinearHead

_MEAN, _DEVIATION = 0.16717362830052426, 1.0333394966054072

VISION = VisionSizes(width=1024, layers=24, heads=16, side=224, patch=16, feed_forward=4096)
TEXT = TextSizes(
    width=768, layers=12, heads=12, feed_forward=3072, vocabulary=30524, context=512, seen=1024
)
# The file also holds BLIP's projections for its contrastive loss, and position numbers.
_USED = re.compile(
    r"(blip\.visual_encoder|blip\.text_encoder\.(embeddings|encoder)|mlp)\.(?!position_ids).+"
)


class ImageReward(nn.Module):
    """Images (n, 3, side, side) and their prompts' tokens (n, length) → rewards (n,)."""

    def __init__(self, vision: VisionSizes, text: TextSizes) -> None:
        super().__init__()
        self.blip = _Blip(vision, text)
        self.mlp = LinearHead(text.width)

    def forward(self, pixels: Tensor, ids: Tensor, real: Tensor) -> Tensor:
        """Standardised: over its authors' training images mean 0, deviation 1."""
        hidden = self.blip.text_encoder(ids, real, self.blip.visual_encoder(pixels))
        rewards: Tensor = self.mlp(hidden[:, 0].float())
        return (rewards - _MEAN) / _DEVIATION


class _Blip(nn.Module):
    def __init__(self, vision: VisionSizes, text: TextSizes) -> None:
        super().__init__()
        self.visual_encoder = VisionTransformer(vision)
        self.text_encoder = TextEncoder(text)


def image_reward_from(
    state: Mapping[str, Tensor],
    *,
    source: str,
    vision: VisionSizes = VISION,
    text: TextSizes = TEXT,
) -> ImageReward:
    """The network of a checkpoint, on the CPU in float32. Raises Unavailable, naming ``source``."""
    used = {name: value for name, value in state.items() if _USED.fullmatch(name)}
    return built(lambda: ImageReward(vision, text), used, source=source)
