"""The head that two published scorers share: five linear layers, nothing between them."""

from torch import Tensor, nn


class LinearHead(nn.Module):
    """width → 1024 → 128 → 64 → 16 → 1, without activations; (n, width) → (n,).

    The activations are commented out in the published code, and the dropout that stands between in
    training explains the gaps in the numbers: ``layers.0``, ``.2``, ``.4``, ``.6``, ``.7``.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(width, 1024),
            nn.Identity(),
            nn.Linear(1024, 128),
            nn.Identity(),
            nn.Linear(128, 64),
            nn.Identity(),
            nn.Linear(64, 16),
            nn.Linear(16, 1),
        )

    def forward(self, features: Tensor) -> Tensor:
        numbers: Tensor = self.layers(features)
        return numbers.squeeze(-1)
