// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// GUID is a globally unique identifier.
type GUID [16]byte

func (g GUID) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", g[:4], g[4:6], g[6:8], g[8:10], g[10:])
}

// OID is an ASN.1 object identifier, encoded in BER.
type OID []byte

// RelativeOID is a relative ASN.1 object identifier, encoded in BER.
type RelativeOID []byte

// SystemID is an OSI system identifier.
type SystemID []byte

// IPXNetwork is the number of an IPX network.
type IPXNetwork uint32

// LongDuration is a duration that doesn't fit time.Duration, of more than 292 years.
type LongDuration struct {
	Seconds int64
	// Nanos has the sign of Seconds.
	Nanos int32
}

func (o OID) String() string {
	parts := identifierParts(o)
	if len(parts) == 0 {
		return "0"
	}
	// The first number holds the first two parts.
	root := min(parts[0]/40, 2)
	parts[0] -= root * 40
	return joinParts(append([]uint64{root}, parts...), "")
}

func (o RelativeOID) String() string {
	return joinParts(identifierParts(o), ".")
}

// identifierParts returns BER's base-128 numbers. Bytes after the last complete one
// do not count.
func identifierParts(ber []byte) []uint64 {
	var parts []uint64
	var part uint64
	for _, b := range ber {
		part = part<<7 | uint64(b&0x7f)
		if b&0x80 == 0 {
			parts = append(parts, part)
			part = 0
		}
	}
	return parts
}

// joinParts returns no text if a part exceeds 32 bits, as Wireshark does.
func joinParts(parts []uint64, before string) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		if part > math.MaxUint32 {
			return ""
		}
		texts[i] = strconv.FormatUint(part, 10)
	}
	if len(texts) == 0 {
		return ""
	}
	return before + strings.Join(texts, ".")
}

func (s SystemID) String() string {
	switch size := len(s); {
	case size == 0 || size > 15:
		return "<Invalid length of SYSTEM ID>"
	case size < 4:
		return fmt.Sprintf("%x", []byte(s))
	case size < 6 || size > 8:
		return fmt.Sprintf("%x.%x", []byte(s[:4]), []byte(s[4:]))
	case size == 6:
		return fmt.Sprintf("%x.%x.%x", []byte(s[:2]), []byte(s[2:4]), []byte(s[4:]))
	case size == 7:
		return fmt.Sprintf("%s.%x", s[:6], []byte(s[6:]))
	default:
		return fmt.Sprintf("%s-%x", s[:7], []byte(s[7:]))
	}
}

func (n IPXNetwork) String() string { return fmt.Sprintf("0x%08x", uint32(n)) }

func (d LongDuration) String() string {
	return secondsText(d.Seconds, d.Nanos) + "s"
}

// rawValue is a value as it was sent. Its kind says which members have it.
type rawValue struct {
	kind v1.ValueKind
	// An integer, the bits of a floating-point number, or seconds.
	number uint64
	nanos  int32
	text   string
	bytes  []byte
}

// typed returns the value in the type that belongs to the type of the field.
func (r *rawValue) typed(fieldType v1.FieldType) any {
	switch r.kind {
	case v1.ValueKind_VALUE_KIND_UINT32, v1.ValueKind_VALUE_KIND_UINT64:
		return typedNumber(fieldType, r.number)
	case v1.ValueKind_VALUE_KIND_SINT32, v1.ValueKind_VALUE_KIND_SINT64:
		return int64(r.number)
	case v1.ValueKind_VALUE_KIND_DOUBLE:
		return math.Float64frombits(r.number)
	case v1.ValueKind_VALUE_KIND_STRING:
		return r.text
	case v1.ValueKind_VALUE_KIND_BYTES, v1.ValueKind_VALUE_KIND_SOURCE_BYTES:
		return typedBytes(fieldType, r.bytes)
	case v1.ValueKind_VALUE_KIND_TIME:
		if fieldType == v1.FieldType_FIELD_TYPE_ABSOLUTE_TIME {
			return time.Unix(int64(r.number), int64(r.nanos)).UTC()
		}
		return duration(int64(r.number), r.nanos)
	default:
		return nil
	}
}

func typedNumber(fieldType v1.FieldType, number uint64) any {
	switch fieldType {
	case v1.FieldType_FIELD_TYPE_BOOLEAN:
		return number != 0
	case v1.FieldType_FIELD_TYPE_IPXNET:
		return IPXNetwork(number)
	case v1.FieldType_FIELD_TYPE_EUI64:
		return net.HardwareAddr(binary.BigEndian.AppendUint64(nil, number))
	default:
		return number
	}
}

func typedBytes(fieldType v1.FieldType, bytes []byte) any {
	switch fieldType {
	case v1.FieldType_FIELD_TYPE_IPV4:
		return netip.AddrFrom4([4]byte(sized(bytes, 4)))
	case v1.FieldType_FIELD_TYPE_IPV6:
		return netip.AddrFrom16([16]byte(sized(bytes, 16)))
	case v1.FieldType_FIELD_TYPE_GUID:
		return GUID(sized(bytes, 16))
	case v1.FieldType_FIELD_TYPE_OID:
		return OID(bytes)
	case v1.FieldType_FIELD_TYPE_REL_OID:
		return RelativeOID(bytes)
	case v1.FieldType_FIELD_TYPE_SYSTEM_ID:
		return SystemID(bytes)
	case v1.FieldType_FIELD_TYPE_ETHER, v1.FieldType_FIELD_TYPE_VINES,
		v1.FieldType_FIELD_TYPE_AX25, v1.FieldType_FIELD_TYPE_FCWWN:
		return net.HardwareAddr(bytes)
	default:
		return bytes
	}
}

// sized returns the bytes, or zeros if they have another size, as Wireshark shows
// them.
func sized(bytes []byte, size int) []byte {
	if len(bytes) == size {
		return bytes
	}
	return make([]byte, size)
}

func duration(seconds int64, nanos int32) any {
	const most = math.MaxInt64/int64(time.Second) - 1
	if seconds < -most || seconds > most {
		return LongDuration{seconds, nanos}
	}
	return time.Duration(seconds)*time.Second + time.Duration(nanos)
}
