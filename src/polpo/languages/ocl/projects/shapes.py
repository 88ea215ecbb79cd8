"""What a block or a file says, as a table: read and written by the same two functions for every kind of file.

On the wire everything is a dictionary with the names of the REST API. What a file leaves out is left out there too: a
missing property means its default, on the wire as in the file. What the table does not know is kept in `Unmapped`, in
the plain form of elements, and written back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from polpo.languages.ocl.elements import Attribute, Block, Element
from polpo.languages.ocl.naming import file_name_of, folded
from polpo.languages.ocl.plain import from_plain, to_plain
from polpo.languages.ocl.projects.fields import Field
from polpo.languages.ocl.projects.translation import Translation

Wire = dict[str, Any]
UNMAPPED = "Unmapped"


@dataclass(frozen=True, slots=True)
class Child:
    """A block inside: one, or with `many` a list of them. `label` is the wire property that the block's label holds."""

    wire: str
    shape: Shape
    name: str = ""
    many: bool = False
    label: str | None = None
    always: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or file_name_of(self.wire))


@dataclass(frozen=True, slots=True)
class Shape:
    fields: tuple[Field, ...] = ()
    children: tuple[Child, ...] = ()
    first: tuple[str, ...] = ()
    """Attributes that precede the others; those are in alphabetical order."""
    _by_name: dict[str, Field | Child] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_name.update((folded(child.name), child) for child in self.children)
        for item in self.fields:
            self._by_name.update((folded(name), item) for name in (item.name, *item.aliases))

    def find(self, element: Element) -> Field | Child | None:
        found = self._by_name.get(folded(element.name))
        wanted = Field if isinstance(element, Attribute) else Child
        return found if isinstance(found, wanted) else None


def written(shape: Shape, wire: Mapping[str, Any], translation: Translation) -> list[Element]:
    """Attributes by name, then blocks in the order of the table."""
    unmapped = from_plain(wire.get(UNMAPPED, ()))
    attributes: list[Attribute] = [item for item in unmapped if isinstance(item, Attribute)]
    for item in shape.fields:
        value = item.kind.write(wire.get(item.wire), translation)
        if value is not None:
            attributes.append(Attribute(item.name, value))
    attributes.sort(key=lambda attribute: _rank(shape, attribute.name))
    blocks = [block for child in shape.children for block in _child_blocks(child, wire, translation)]
    return [*attributes, *blocks, *(item for item in unmapped if isinstance(item, Block))]


def _rank(shape: Shape, name: str) -> tuple[int, str]:
    return (shape.first.index(name) if name in shape.first else len(shape.first)), name


def _child_blocks(child: Child, wire: Mapping[str, Any], translation: Translation) -> list[Block]:
    value = wire.get(child.wire)
    items: Sequence[Mapping[str, Any]] = (value or []) if child.many else [value or {}]
    blocks = []
    for item in items:
        label = item.get(child.label) if child.label else None
        body = written(child.shape, item, translation)
        if body or label or child.many or child.always:
            blocks.append(Block(child.name, [label] if label else [], body))
    return blocks


def read(shape: Shape, body: Iterable[Element], translation: Translation) -> Wire:
    wire: Wire = {}
    unmapped: list[Element] = []
    for element in body:
        item = shape.find(element)
        if isinstance(element, Attribute) and isinstance(item, Field):
            if item.wire in wire:
                translation.fault(f"'{element.name}' stands twice", element.position)
            wire[item.wire] = item.kind.read(element, translation)
        elif isinstance(element, Block) and isinstance(item, Child):
            _read_child(item, element, wire, translation)
        else:
            unmapped.append(element)
    if unmapped:
        wire[UNMAPPED] = to_plain(unmapped)
    return wire


def _read_child(child: Child, block: Block, wire: Wire, translation: Translation) -> None:
    found = read(child.shape, block.body, translation)
    if child.label is not None:
        found[child.label] = label_of(block, translation)
    elif block.labels:
        translation.fault(f"'{block.name}' has no label", block.position)
    if child.many:
        wire.setdefault(child.wire, []).append(found)
    elif child.wire in wire:
        translation.fault(f"'{block.name}' stands twice", block.position)
    else:
        wire[child.wire] = found


def label_of(block: Block, translation: Translation, *, required: str | None = None) -> str:
    """Its one label, or an empty text where it has none; `required` says what the label would be."""
    if len(block.labels) > 1:
        translation.fault(f"'{block.name}' has more than one label", block.position)
    if required and not (block.labels and block.labels[0].strip()):
        translation.fault(f"'{block.name}' must have a label, {required}", block.position)
    return block.labels[0] if block.labels else ""
