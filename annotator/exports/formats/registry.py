"""All formats by name. A new one is one more file and one more line."""

from collections.abc import Mapping

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports.formats.annotations import ANNOTATIONS
from annotator.exports.formats.coco import COCO
from annotator.exports.formats.diffusion_dpo import DIFFUSION_DPO
from annotator.exports.formats.dsdl.format import DSDL
from annotator.exports.formats.dsg import DSG
from annotator.exports.formats.editreward import EDITREWARD
from annotator.exports.formats.evalmuse import EVALMUSE
from annotator.exports.formats.format import Format
from annotator.exports.formats.heatmaps import HEATMAPS
from annotator.exports.formats.hf_dataset import HF_DATASET
from annotator.exports.formats.hpdv2 import HPDV2
from annotator.exports.formats.hpdv3 import HPDV3
from annotator.exports.formats.hpdv3pp import HPDV3PP
from annotator.exports.formats.imagereward import IMAGEREWARD
from annotator.exports.formats.imagerewarddb import IMAGEREWARDDB
from annotator.exports.formats.llamafactory import LLAMAFACTORY
from annotator.exports.formats.lora_pairs import LORA_PAIRS
from annotator.exports.formats.masks import MASKS
from annotator.exports.formats.mmrb2 import MMRB2
from annotator.exports.formats.mps import MPS
from annotator.exports.formats.pickapic import PICKAPIC
from annotator.exports.formats.preferences import PREFERENCES
from annotator.exports.formats.prompts import PROMPTS
from annotator.exports.formats.richhf import RICHHF
from annotator.exports.formats.scores import SCORES
from annotator.exports.formats.swift import SWIFT
from annotator.exports.formats.trl import TRL
from annotator.exports.formats.unifiedreward import UNIFIEDREWARD
from annotator.exports.formats.webdataset import WEBDATASET

# In the order in which the page shows them.
_FORMATS = (
    ANNOTATIONS,
    PREFERENCES,
    PICKAPIC,
    DIFFUSION_DPO,
    IMAGEREWARD,
    IMAGEREWARDDB,
    HPDV2,
    HPDV3,
    HPDV3PP,
    MMRB2,
    MPS,
    TRL,
    SWIFT,
    LLAMAFACTORY,
    UNIFIEDREWARD,
    EDITREWARD,
    LORA_PAIRS,
    HEATMAPS,
    RICHHF,
    MASKS,
    COCO,
    EVALMUSE,
    DSG,
    DSDL,
    SCORES,
    PROMPTS,
    HF_DATASET,
    WEBDATASET,
)

FORMATS: Mapping[str, Format] = {form.name: form for form in _FORMATS}


def format_named(name: str) -> Format:
    """The format; Invalid, naming those that exist, for another name."""
    if name not in FORMATS:
        reason = Reason(Code.NO_SUCH_FORMAT, name=name, names=tuple(FORMATS))
        raise Invalid(reason, fields={"format": reason})
    return FORMATS[name]
