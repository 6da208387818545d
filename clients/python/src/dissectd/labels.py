# SPDX-License-Identifier: Apache-2.0
"""Labels of nodes: the texts that Wireshark shows in its packet details."""

from __future__ import annotations

from typing import Any

from dissectd.decoding import FieldInfo, Nodes
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import NANOS_PER_SECOND, converter, seconds_text, text

_UNSPECIFIED = int(pb.LabelForm.LABEL_FORM_UNSPECIFIED)
_DERIVED = int(pb.LabelForm.LABEL_FORM_DERIVED)
_CUSTOM = int(pb.LabelForm.LABEL_FORM_CUSTOM)
_NO_VALUE = int(pb.ValueKind.VALUE_KIND_UNSPECIFIED)
_UINT32 = int(pb.ValueKind.VALUE_KIND_UINT32)
_TIME = int(pb.ValueKind.VALUE_KIND_TIME)
_HEX = int(common.FieldDisplay.FIELD_DISPLAY_HEX)
_HEX_DEC = int(common.FieldDisplay.FIELD_DISPLAY_HEX_DEC)
_DEC_HEX = int(common.FieldDisplay.FIELD_DISPLAY_DEC_HEX)
_HEX_DIGITS = {
    common.FieldType.FIELD_TYPE_UINT8: 2,
    common.FieldType.FIELD_TYPE_UINT16: 4,
    common.FieldType.FIELD_TYPE_UINT24: 6,
}


def label(nodes: Nodes, position: int) -> str:
    """Returns the label of a node; empty if labels weren't requested."""
    form = nodes.batch.label_forms[nodes.templates[position]]
    if form == _UNSPECIFIED:
        return ""
    if form != _DERIVED:
        return nodes.sent_label(position)
    template = nodes.template(position)
    definition = nodes.info(position).definition
    if template.value_kind == _NO_VALUE:
        return definition.display_name
    value = _derived_value(nodes, position, template)
    suffix = nodes.batch.strings[template.label_suffix_index]
    return f"{definition.display_name}: {value}{suffix}"


def has_custom_label(nodes: Nodes, position: int) -> bool:
    """Returns whether the dissector has set the label."""
    template = nodes.template(position)
    if template.label_form == _DERIVED:
        return template.label_suffix_index != 0
    return template.label_form == _CUSTOM


def _derived_value(
    nodes: Nodes, position: int, template: pb.NodeTemplate
) -> str:
    raw = nodes.transferred(position)
    info = nodes.info(position)
    if template.value_kind == _TIME:
        return f"{seconds_text(raw[0] * NANOS_PER_SECOND + raw[1])} seconds"
    if template.value_kind == _UINT32:
        return _derived_number(info, raw)
    convert = converter(info.definition.type)
    return text(convert(raw) if convert else raw)


def _derived_number(info: FieldInfo, value: Any) -> str:
    definition = info.definition
    digits = _HEX_DIGITS.get(definition.type, 8)
    hexadecimal = f"0x{value:0{digits}x}"
    if definition.display == _HEX:
        return hexadecimal
    if definition.display == _HEX_DEC:
        return f"{hexadecimal} ({value})"
    if definition.display == _DEC_HEX:
        return f"{value} ({hexadecimal})"
    return str(value)
