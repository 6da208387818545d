# SPDX-License-Identifier: Apache-2.0
"""Everything that users can see of packets, as plain values to compare."""

import collections.abc
import typing

FIELD_ATTRIBUTES = (
    "name",
    "showname",
    "showname_key",
    "showname_value",
    "show",
    "raw_value",
    "unmaskedvalue",
    "hide",
    "pos",
    "size",
    "binary_value",
    "int_value",
    "hex_value",
    "base16_value",
)
PACKET_ATTRIBUTES = (
    "number",
    "length",
    "captured_length",
    "sniff_timestamp",
    "sniff_time",
    "interface_captured",
    "highest_layer",
    "transport_layer",
)

# Each search goes through all fields.
MOST_SEARCHES = 50

Facts = typing.Any


def answer_of(question: collections.abc.Callable[[], object]) -> Facts:
    """Returns an answer with its type, or the type of the exception."""
    try:
        answer = question()
    except Exception as error:  # noqa: BLE001 (Any exception is an answer.)
        return f"raises {type(error).__name__}"
    # Python refuses to write long numbers in decimal.
    text = hex(answer) if isinstance(answer, int) else str(answer)
    return type(answer).__name__, text


def attributes_of(thing: object, names: collections.abc.Iterable[str]) -> Facts:
    return {name: answer_of(lambda n=name: getattr(thing, n)) for name in names}


def field_facts(field: typing.Any) -> Facts:
    return {
        **attributes_of(field, FIELD_ATTRIBUTES),
        "repr": repr(field),
        "default": answer_of(field.get_default_value),
    }


def container_facts(container: typing.Any) -> Facts:
    return (
        str(container),
        [field_facts(field) for field in container.all_fields],
        str(container.main_field),
        len(container.alternate_fields),
    )


def xml_layer_facts(layer: typing.Any) -> Facts:
    names = layer.field_names
    return {
        "name": layer.layer_name,
        "repr": repr(layer),
        "str": str(layer),
        "names": names,
        "fields": [
            container_facts(each) for each in layer._all_fields.values()
        ],
        "by_name": [
            (str(layer.get(name)), str(layer.get_field_value(name, raw=True)))
            for name in names
        ],
        "by_showname": [
            str(layer.get_field_by_showname(field.showname_key))
            for field in list(layer._all_fields.values())[:MOST_SEARCHES]
        ],
    }


def lines_of(layer: typing.Any) -> list[str]:
    """Returns what is printed of a layer. pyshark prints it in any order.

    A colon begins the line of whichever field comes first.
    """
    return sorted(str(layer).replace("\n:", "\n").splitlines())


def json_facts(thing: typing.Any) -> Facts:
    """Returns the facts about a layer or field from JSON, and those below."""
    if isinstance(thing, list):
        return [json_facts(each) for each in thing]
    if not hasattr(thing, "duplicate_layers"):
        return container_facts(thing)
    names = sorted(thing.field_names)
    return {
        "name": thing.layer_name,
        "repr": repr(thing),
        "lines": answer_of(lambda: lines_of(thing)),
        "value": answer_of(lambda: thing.value),
        "fields": {name: json_member(thing, name) for name in names},
        "duplicates": json_facts(thing.duplicate_layers),
    }


def json_member(layer: typing.Any, name: str) -> Facts:
    try:
        return layer.has_field(name), json_facts(layer.get_field(name))
    except Exception as error:  # noqa: BLE001 (Any exception is an answer.)
        return f"raises {type(error).__name__}"


def ek_facts(thing: typing.Any) -> Facts:
    """Returns the facts about a layer or field from Elasticsearch's JSON."""
    try:
        return ek_parts(thing)
    except Exception as error:  # noqa: BLE001 (Any exception is an answer.)
        return f"raises {type(error).__name__}"


def ek_parts(thing: typing.Any) -> Facts:
    if hasattr(thing, "all_field_names"):
        names = sorted({*thing.field_names, *thing.all_field_names})
        return {
            "name": thing.layer_name,
            "repr": repr(thing),
            "lines": answer_of(lambda: lines_of(thing)),
            "names": sorted(thing.field_names),
            "all_names": sorted(thing.all_field_names),
            "fields": {name: ek_member(thing, name) for name in names},
        }
    if hasattr(thing, "subfields"):
        names = sorted(thing.subfields)
        return {
            "repr": repr(thing),
            "value": (type(thing.value).__name__, repr(thing.value)),
            "name": thing.field_name,
            "fields": {name: ek_member(thing, name) for name in names},
        }
    return type(thing).__name__, repr(thing)


def ek_member(layer: typing.Any, name: str) -> Facts:
    try:
        return (
            ek_facts(layer.get_field(name)),
            repr(layer.get_field_as_list(name)),
        )
    except Exception as error:  # noqa: BLE001 (Any exception is an answer.)
        return f"raises {type(error).__name__}"


def packet_facts(
    packet: typing.Any, layer_facts: collections.abc.Callable[..., Facts]
) -> Facts:
    names = [layer.layer_name for layer in packet.layers]
    return {
        **attributes_of(packet, PACKET_ATTRIBUTES),
        "repr": repr(packet),
        "len": len(packet),
        "layers": [layer_facts(layer) for layer in packet.layers],
        "frame": layer_facts(packet.frame_info),
        "contains": [name in packet for name in names],
        "multiple": [len(packet.get_multiple_layers(name)) for name in names],
        "raw": answer_of(packet.get_raw_packet),
    }


def summary_facts(summary: typing.Any) -> Facts:
    return str(summary), repr(summary), summary.summary_line, vars(summary)


def difference(ours: Facts, theirs: Facts, place: str = "") -> str | None:
    """Returns the first difference and where it is, or None."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        pairs: typing.Any = [
            (key, ours.get(key, "missing"), theirs.get(key, "missing"))
            for key in [*theirs, *(key for key in ours if key not in theirs)]
        ]
    elif isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        if len(ours) != len(theirs):
            return f"{place}: {len(ours)} items, not {len(theirs)}"
        pairs = [
            (index, *pair)
            for index, pair in enumerate(zip(ours, theirs, strict=True))
        ]
    else:
        if ours == theirs:
            return None
        return f"{place}: {ours!r}, not {theirs!r}"
    for key, our, their in pairs:
        found = difference(our, their, f"{place}/{key}")
        if found is not None:
            return found
    return None
