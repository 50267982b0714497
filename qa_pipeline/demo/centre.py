"""The made-up call centre as it is written down: who works there, how calls go, what goes wrong.

`centre.yaml` holds groups, agents and the rates of their faults; `history.<language>.yaml` the
scenes, the lines and what each fault does to a scene.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qa_pipeline.documents import read_document
from qa_pipeline.records import Role
from qa_pipeline.texts import Language

Share = Annotated[float, Field(ge=0, le=1)]
Digits = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v)), Field(min_length=10)]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Agent(_Written):
    """Somebody made up. `factor` multiplies the centre's rates of faults."""

    agent_id: str
    agent_since: str
    factor: float


class Group(_Written):
    """An ACD group. `trend` multiplies its agents' rates of faults, month by month."""

    group: str
    queue: str
    language: Language
    calls_per_day: float
    trend: dict[str, float]
    agents: tuple[Agent, ...]


class Centre(_Written):
    """The call centre. `rates`: how often an agent of factor 1 commits each fault.

    `criteria`: which faults an attentive listener marks down where, by scorecard and criterion.
    """

    months: tuple[str, ...]
    hours: tuple[int, int]
    rates: dict[str, Share]
    criteria: dict[str, dict[str, tuple[str, ...]]]
    groups: tuple[Group, ...]

    def rate(self, fault: str, group: Group, agent: Agent, month: str) -> float:
        """Return the chance of `fault` in a call of `agent` in `month`, at most 0.9."""
        return min(0.9, self.rates[fault] * agent.factor * group.trend[month])


class Step(_Written):
    """One turn of a scene, drawn from a pool. Without its `chance` it is left out.

    `with`: present exactly where that pool's step is, and answers its line where the two pools are
    of one length; `after_hold`: waits where a hold was said.
    """

    agent: str | None = None
    customer: str | None = None
    chance: Share = 1.0
    companion: str | None = Field(default=None, alias="with")
    after_hold: bool = False

    @model_validator(mode="after")
    def _one_speaker(self) -> "Step":
        if (self.agent is None) == (self.customer is None):
            raise ValueError("a step is of the agent or of the customer")
        return self

    @property
    def role(self) -> Role:
        """Who speaks."""
        return "customer" if self.agent is None else "agent"

    @property
    def pool(self) -> str:
        """Where the line is drawn from."""
        return self.agent or self.customer or ""


class Scene(_Written):
    """A kind of call; shares sum to 1."""

    share: Share
    steps: tuple[Step, ...]


class Fault(_Written):
    """What a fault does: pools that take another's place, and steps that must then be there."""

    swap: dict[str, str] = {}
    force: tuple[str, ...] = ()


class Other(_Written):
    """Words that a listener understands and a list of phrases does not know."""

    other: str
    chance: Share
    counts_as: str | None = None


class Manners(_Written):
    """How the calls of one language go. `pace` in characters a second."""

    pace: dict[Role, float]
    comma: str
    digit_gap: str
    fillers: tuple[str, ...]
    back_channels: tuple[str, ...]
    scenes: dict[str, Scene]
    faults: dict[str, Fault]
    beyond_the_list: dict[Literal["no_fault", "fault"], dict[str, Other]]
    slots: dict[str, tuple[str, ...]]
    digits: Digits
    pools: dict[str, tuple[str, ...]]


@cache
def centre() -> Centre:
    """Return the made-up call centre."""
    return Centre.model_validate(_written("centre.yaml"))


@cache
def manners(language: Language) -> Manners:
    """Return how calls in `language` go."""
    return Manners.model_validate(_written(f"history.{language}.yaml"))


def _written(name: str) -> object:
    raw = files("qa_pipeline.demo").joinpath(name).read_bytes()
    return read_document(raw, name).data
