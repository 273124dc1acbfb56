"""Checklists: sub-steps of a pipeline's stages, gathered under one name so that they can be gone through together."""

from dataclasses import dataclass
from dataclasses import field as attribute

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


@dataclass(frozen=True, slots=True)
class Checklist:
    """The `steps` are sub-steps of the pipeline of `object`, in the order in which they are shown. Hard ones are required."""

    name: str
    label: Label
    object: str
    steps: tuple[str, ...]
    help: Label | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


def read_checklist(m: Mapped) -> Checklist:
    """The definition in a manifest of the kind `checklist`."""
    return Checklist(
        place=m.place,
        name=m.name("checklist"),
        label=m.label("label"),
        object=m.text("object"),
        steps=m.texts("steps"),
        help=m.optional_label("help"),
    )
