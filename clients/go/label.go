// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"fmt"
	"net/netip"
	"strconv"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// Label returns the text that Wireshark shows for the node, without the brackets
// around generated ones. It is empty if the view didn't ask for labels.
func (n *Node) Label() string {
	if n.labelForm != v1.LabelForm_LABEL_FORM_DERIVED {
		return n.label
	}
	name := n.Field.GetDisplayName()
	if n.raw.kind == v1.ValueKind_VALUE_KIND_UNSPECIFIED {
		return name
	}
	return name + ": " + n.derivedValue() + n.label
}

// HasLabel returns whether a label was sent, which may be empty.
func (n *Node) HasLabel() bool {
	return n.labelForm != v1.LabelForm_LABEL_FORM_UNSPECIFIED
}

func (n *Node) derivedValue() string {
	switch n.raw.kind {
	case v1.ValueKind_VALUE_KIND_UINT32:
		return derivedNumber(n.Field, n.raw.number)
	case v1.ValueKind_VALUE_KIND_TIME:
		return secondsText(int64(n.raw.number), n.raw.nanos) + " seconds"
	default:
		return valueText(n.Value())
	}
}

func derivedNumber(field *v1.Field, number uint64) string {
	decimal := strconv.FormatUint(number, 10)
	hexadecimal := fmt.Sprintf("0x%0*x", hexDigits(field.GetType()), number)
	switch field.GetDisplay() {
	case v1.FieldDisplay_FIELD_DISPLAY_HEX:
		return hexadecimal
	case v1.FieldDisplay_FIELD_DISPLAY_HEX_DEC:
		return hexadecimal + " (" + decimal + ")"
	case v1.FieldDisplay_FIELD_DISPLAY_DEC_HEX:
		return decimal + " (" + hexadecimal + ")"
	default:
		return decimal
	}
}

// hexDigits returns two digits for each byte of an integer of up to 32 bits.
func hexDigits(fieldType v1.FieldType) int {
	switch fieldType {
	case v1.FieldType_FIELD_TYPE_UINT8:
		return 2
	case v1.FieldType_FIELD_TYPE_UINT16:
		return 4
	case v1.FieldType_FIELD_TYPE_UINT24:
		return 6
	default:
		return 8
	}
}

// secondsText writes the sign first, which stands for both parts.
func secondsText(seconds int64, nanos int32) string {
	if seconds < 0 || nanos < 0 {
		return fmt.Sprintf("-%d.%09d", -seconds, -nanos)
	}
	return fmt.Sprintf("%d.%09d", seconds, nanos)
}

// valueText returns a value as Wireshark writes it.
func valueText(value any) string {
	if ip, ok := value.(netip.Addr); ok {
		return ipText(ip)
	}
	return fmt.Sprint(value)
}

// ipText differs from netip's text for IPv4-compatible addresses, such as
// ::192.0.2.1.
func ipText(ip netip.Addr) string {
	bytes := ip.As16()
	if ip.Is6() && [12]byte(bytes[:12]) == [12]byte{} && (bytes[12] != 0 || bytes[13] != 0) {
		return "::" + netip.AddrFrom4([4]byte(bytes[12:])).String()
	}
	return ip.String()
}
