"""What kinds of problems, and the effects of what was done about them, are called."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.aggregate.followup import Effect
from qa_pipeline.aggregate.spread import Kind
from qa_pipeline.texts import Text

KINDS: Mapping[Kind, Text] = MappingProxyType(
    {
        "common": Text(en="common", zh="共性"),
        "individual": Text(en="individual", zh="个性"),
        "both": Text(en="common and individual", zh="共性兼个性"),
        "too_few": Text(en="too few to tell", zh="数量太少，无法判断"),
    }
)
EFFECTS: Mapping[Effect, Text] = MappingProxyType(
    {
        "improved": Text(
            en="improved, beyond regression to the mean", zh="有改进，且超出向均值回归的幅度"
        ),
        "no_evidence": Text(
            en="no evidence of more than regression to the mean", zh="不足以证明超出向均值回归"
        ),
        "worse": Text(en="worse", zh="变差"),
        "too_few": Text(en="too few calls", zh="通话太少"),
    }
)
