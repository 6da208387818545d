// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"errors"
	"fmt"
	"math"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// ColumnBatch has the values of many frames, by field and column.
type ColumnBatch struct {
	// FrameNumbers has the number of each frame.
	FrameNumbers []uint32
	// Fields has the fields of the view.
	Fields []FieldColumn
	// Texts has the texts of each column, by frame.
	Texts [][]string
}

// FieldColumn has the values of a field in all frames of a batch.
type FieldColumn struct {
	// Name is the field's, and Type the type of its values.
	Name string
	Type v1.FieldType
	// Offsets says which values belong to a frame: those of the i-th frame begin at
	// Offsets[i] and end before Offsets[i+1].
	Offsets []int

	sent       *v1.FieldColumn
	strings    []string
	byteStarts []int
}

// Value returns a value, of the same types as Node.Value: the i-th of all frames.
func (c *FieldColumn) Value(i int) any {
	raw := c.raw(i)
	return raw.typed(c.Type)
}

// Values returns the values of the i-th frame.
func (c *FieldColumn) Values(frame int) []any {
	values := make([]any, 0, c.Offsets[frame+1]-c.Offsets[frame])
	for i := c.Offsets[frame]; i < c.Offsets[frame+1]; i++ {
		values = append(values, c.Value(i))
	}
	return values
}

// Truncated returns which values were truncated to View.max_value_bytes, by index.
func (c *FieldColumn) Truncated() []uint32 { return c.sent.GetTruncatedIndexes() }

// Sent returns the arrays as they were sent, for programs that copy them as a whole.
func (c *FieldColumn) Sent() *v1.FieldColumn { return c.sent }

func (c *FieldColumn) raw(i int) rawValue {
	const nanosPerSecond = 1_000_000_000
	sent := c.sent
	switch sent.GetValueKind() {
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_UINT32:
		return rawValue{kind: v1.ValueKind_VALUE_KIND_UINT32, number: uint64(sent.GetUint32Values()[i])}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_UINT64:
		return rawValue{kind: v1.ValueKind_VALUE_KIND_UINT64, number: sent.GetUint64Values()[i]}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_SINT32:
		return rawValue{kind: v1.ValueKind_VALUE_KIND_SINT32, number: uint64(sent.GetSint32Values()[i])}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_SINT64:
		return rawValue{kind: v1.ValueKind_VALUE_KIND_SINT64, number: uint64(sent.GetSint64Values()[i])}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_DOUBLE:
		bits := math.Float64bits(sent.GetDoubleValues()[i])
		return rawValue{kind: v1.ValueKind_VALUE_KIND_DOUBLE, number: bits}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_STRING:
		return rawValue{kind: v1.ValueKind_VALUE_KIND_STRING, text: c.strings[sent.GetStringIndexes()[i]]}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_BYTES:
		bytes := sent.GetByteData()[c.byteStarts[i]:c.byteStarts[i+1]]
		return rawValue{kind: v1.ValueKind_VALUE_KIND_BYTES, bytes: bytes}
	case v1.ColumnValueKind_COLUMN_VALUE_KIND_NANOSECONDS:
		nanos := sent.GetSint64Values()[i]
		return rawValue{
			kind:   v1.ValueKind_VALUE_KIND_TIME,
			number: uint64(nanos / nanosPerSecond),
			nanos:  int32(nanos % nanosPerSecond),
		}
	default:
		return rawValue{}
	}
}

// DecodeColumns returns the content of a batch in the columnar form.
func DecodeColumns(sent *v1.ColumnBatch) (*ColumnBatch, error) {
	batch := &ColumnBatch{
		FrameNumbers: sent.GetFrameNumbers(),
		Fields:       make([]FieldColumn, len(sent.GetFields())),
		Texts:        make([][]string, len(sent.GetColumns())),
	}
	for i, field := range sent.GetFields() {
		column := FieldColumn{
			Name:       field.GetName(),
			Type:       field.GetType(),
			Offsets:    offsets(field.GetCounts(), len(batch.FrameNumbers)),
			sent:       field,
			strings:    sent.GetStrings(),
			byteStarts: byteStarts(field),
		}
		if err := column.check(len(batch.FrameNumbers)); err != nil {
			return nil, fmt.Errorf("dissectd: the column of %s is damaged: %w", column.Name, err)
		}
		batch.Fields[i] = column
	}
	for i, column := range sent.GetColumns() {
		batch.Texts[i] = make([]string, len(column.GetStringIndexes()))
		for row, index := range column.GetStringIndexes() {
			if int(index) >= len(sent.GetStrings()) {
				return nil, errors.New("dissectd: a column is damaged: a text is missing")
			}
			batch.Texts[i][row] = sent.GetStrings()[index]
		}
	}
	return batch, nil
}

// offsets returns the sums of the counts, which are left out if all are 1.
func offsets(counts []uint32, frames int) []int {
	sums := make([]int, 1, frames+1)
	for i := range max(len(counts), frames) {
		count := 1
		if len(counts) > 0 {
			count = int(element32(counts, i))
		}
		sums = append(sums, sums[i]+count)
	}
	return sums
}

func element32(array []uint32, i int) uint32 {
	if i < len(array) {
		return array[i]
	}
	return 0
}

func byteStarts(field *v1.FieldColumn) []int {
	starts := []int{0}
	if width := int(field.GetByteWidth()); width > 0 && len(field.GetByteLengths()) == 0 {
		for end := width; end <= len(field.GetByteData()); end += width {
			starts = append(starts, end)
		}
	}
	for i, length := range field.GetByteLengths() {
		starts = append(starts, starts[i]+int(length))
	}
	return starts
}

// check returns an error if there aren't as many values as there must be.
func (c *FieldColumn) check(frames int) error {
	if len(c.Offsets) != frames+1 {
		return fmt.Errorf("it has %d frames, not %d", len(c.Offsets)-1, frames)
	}
	if end := c.byteStarts[len(c.byteStarts)-1]; end > len(c.sent.GetByteData()) {
		return errors.New("bytes are missing")
	}
	for _, index := range c.sent.GetStringIndexes() {
		if int(index) >= len(c.strings) {
			return errors.New("a text is missing")
		}
	}
	values := map[v1.ColumnValueKind]int{
		v1.ColumnValueKind_COLUMN_VALUE_KIND_UINT32:      len(c.sent.GetUint32Values()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_UINT64:      len(c.sent.GetUint64Values()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_SINT32:      len(c.sent.GetSint32Values()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_SINT64:      len(c.sent.GetSint64Values()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_NANOSECONDS: len(c.sent.GetSint64Values()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_DOUBLE:      len(c.sent.GetDoubleValues()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_STRING:      len(c.sent.GetStringIndexes()),
		v1.ColumnValueKind_COLUMN_VALUE_KIND_BYTES:       len(c.byteStarts) - 1,
	}
	expected := c.Offsets[frames]
	if sent, counted := values[c.sent.GetValueKind()]; counted && sent != expected {
		return fmt.Errorf("it has %d values, not %d", sent, expected)
	}
	return nil
}
