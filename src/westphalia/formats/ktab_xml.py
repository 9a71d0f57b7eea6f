"""Scenarios of KTAB as XML, with the parameters of the model and the adjustments of ideals."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from westphalia.errors import suggest
from westphalia.formats.imported import Account, Format, ImportedCase, Ledger, Outgoing
from westphalia.formats.ktab import (
    LONGEST_DESCRIPTION,
    PARAMETERS,
    Actor,
    Adjustment,
    Scenario,
    actor_of,
    case_of,
    check_counts,
    check_scenario,
    name_in,
    parameter_of,
)
from westphalia.formats.ktab_writing import scenario_of
from westphalia.formats.raw import label_of
from westphalia.formats.reports import Notes, refusal
from westphalia.formats.stakes import number_in, words
from westphalia.formats.trees import Element, read_tree
from westphalia.formats.writing import write_file

_SEED = re.compile(r"[0-9]{1,40}|0x[0-9A-Fa-f]{1,32}")
_KTAB_SEED = "15455440707583219804"
_KNOWN = ("name", "desc", "prngseed", "modelparameters", "dimensions", "actors", "idealadjustment")


def read_ktab_xml(path: str | Path) -> ImportedCase:
    """Read a scenario of KTAB from XML as a case.

    Raises
    ------
    FileError: the file cannot be read, or is no such scenario; says the line.
    """
    at, ledger = Path(path), Ledger()
    return case_of(scenario_from_xml(at, ledger), at.name, ledger)


def scenario_from_xml(path: Path, ledger: Ledger) -> Scenario:
    """Return the scenario in a file; raises what `read_ktab_xml` raises."""
    notes = Notes()
    root = read_tree(path, notes)
    for sentence in notes.repaired:
        ledger.change(sentence)
    if root.tag != "scenario":
        raise refusal(f"The outermost element is <{root.tag}>.", root.where, "KTAB's is <Scenario>.")
    for child in root.children:
        if child.tag not in _KNOWN:
            ledger.leave(f"<{child.tag}> is not read ({child.where.rpartition(':')[2]}).")
    dimensions = [name_in(each.text, "name of the dimension", each.where) for each in _in(root, "dname")]
    elements = _in(root, "actor")
    check_counts(len(elements), len(dimensions), root.where)
    scenario = Scenario(
        name=name_in(_text(root, "name"), "name of the scenario", root.where),
        description=words(_text(root, "desc"), "description", root.where, LONGEST_DESCRIPTION),
        dimensions=tuple(dimensions),
        actors=tuple(_actor(element, len(dimensions)) for element in elements),
        parameters=_parameters(root),
        seed=_seed(root),
        adjustments=tuple(_adjustment(pair) for pair in _in(root, "iapair")),
    )
    _check_adjustments(scenario, str(path))
    return check_scenario(scenario, str(path))


_PARENT = {"dname": "dimensions", "actor": "actors", "iapair": "idealadjustment"}


def _in(root: Element, tag: str) -> list[Element]:
    """Return the elements of that tag in the element of the scenario that holds them."""
    return [each for parent in root.named(_PARENT[tag]) for each in parent.named(tag)]


def _one(parent: Element, tag: str) -> Element:
    found = parent.named(tag)
    if len(found) != 1:
        number = f"{len(found)} elements" if found else "no element"
        raise refusal(f"<{parent.tag}> has {number} <{tag}>.", parent.where, "Write it once.")
    return found[0]


def _text(parent: Element, tag: str) -> str:
    return _one(parent, tag).text if parent.named(tag) else ""


def _actor(element: Element, dimensions: int) -> Actor:
    positions = _one(element, "position").named("dcoord")
    saliences = _one(element, "salience").named("dsal")
    for what, given in (("positions", positions), ("saliences", saliences)):
        if len(given) != dimensions:
            message = f"There are {len(given)} {what} and {dimensions} dimensions."
            raise refusal(message, element.where, "Write one for each dimension.")
    pairs = [each.text for pair in zip(positions, saliences, strict=True) for each in pair]
    numbers = [_one(element, "capability").text, *pairs]
    return actor_of(_text(element, "name"), _text(element, "description"), list(numbers), element.where)


def _parameters(root: Element) -> dict[str, str]:
    """Return all nine parameters in their order, none where the file has none."""
    if not root.named("modelparameters"):
        return {}
    element = _one(root, "modelparameters")
    given = {child.tag: child for child in element.children}
    for tag, child in given.items():
        if tag not in {name.lower() for name in PARAMETERS}:
            hint = suggest(tag, PARAMETERS)
            raise refusal(f"<{tag}> is no parameter of the model.", child.where, hint, "unknown-parameter")
    return {
        name: parameter_of(name, _one(element, name.lower()).text, _one(element, name.lower()).where)
        for name in PARAMETERS
    }


def _seed(root: Element) -> str:
    seed = _text(root, "prngseed").strip()
    if seed and not _SEED.fullmatch(seed):
        raise refusal(
            f"The seed is '{seed[:60]}'.",
            _one(root, "prngseed").where,
            "It is a whole number, or 0x and hex.",
        )
    return seed


def _adjustment(pair: Element) -> Adjustment:
    amount = number_in(_one(pair, "adjust").text, "adjustment", pair.where)
    adjusting, reference = (
        name_in(_text(pair, tag), "name of the actor", pair.where)
        for tag in ("adjustingideal", "referencepos")
    )
    return Adjustment(adjusting, reference, amount)


def _check_adjustments(scenario: Scenario, where: str) -> None:
    known = {actor.name for actor in scenario.actors}
    for each in scenario.adjustments:
        for name in (each.adjusting, each.reference):
            if name not in known:
                raise refusal(f"An ideal is adjusted by '{name}'.", where, suggest(name, known))


# --- out -----------------------------------------------------------------------------------------


def write_ktab_xml(outgoing: Outgoing, path: Path) -> Account:
    """Write a case as a scenario of KTAB in XML, with KTAB's seed and its model as it sets it.

    Raises
    ------
    CallError: the case does not fit the format.
    FileError: the file cannot be written.
    """
    ledger = Ledger()
    write_file(path, xml_of(scenario_of(outgoing, ledger)))
    return ledger.account()


def xml_of(scenario: Scenario) -> str:
    """Return a scenario as XML."""
    root = ElementTree.Element("Scenario")
    _add(root, "name", scenario.name)
    _add(root, "desc", scenario.description)
    _add(root, "prngSeed", scenario.seed or _KTAB_SEED)
    if scenario.parameters:
        model = ElementTree.SubElement(root, "ModelParameters")
        for name, value in scenario.parameters.items():
            _add(model, name, value)
    dimensions = ElementTree.SubElement(root, "Dimensions")
    for name in scenario.dimensions:
        _add(dimensions, "dName", name)
    actors = ElementTree.SubElement(root, "Actors")
    for actor in scenario.actors:
        _add_actor(ElementTree.SubElement(actors, "Actor"), actor)
    if scenario.adjustments:
        ideals = ElementTree.SubElement(root, "IdealAdjustment")
        for each in scenario.adjustments:
            pair = ElementTree.SubElement(ideals, "iaPair")
            _add(pair, "adjustingIdeal", each.adjusting)
            _add(pair, "referencePos", each.reference)
            _add(pair, "adjust", label_of(each.amount))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add_actor(element: ElementTree.Element, actor: Actor) -> None:
    _add(element, "name", actor.name)
    _add(element, "description", actor.description)
    _add(element, "capability", label_of(actor.capability))
    for parent, tag, numbers in (
        ("Position", "dCoord", actor.positions),
        ("Salience", "dSal", actor.saliences),
    ):
        values = ElementTree.SubElement(element, parent)
        for number in numbers:
            _add(values, tag, label_of(number))


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text


# --- the format ----------------------------------------------------------------------------------


def _sniff(head: bytes) -> bool:
    plain = head.replace(b"\0", b"").lower()
    return b"<scenario" in plain and (b"<dimensions" in plain or b"<modelparameters" in plain)


KTAB_XML = Format(
    id="ktab-xml",
    title="KTAB scenario, XML",
    suffixes=(".xml",),
    sign="the outermost element is <Scenario>, with <Dimensions> and <Actors> in it",
    sniff=_sniff,
    read=read_ktab_xml,
    write=write_ktab_xml,
)
