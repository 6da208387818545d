// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"fmt"
	"math"
	"time"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// Decoder resolves frames of the compact form. A stream needs one of its own, which
// gets all batches in their order.
type Decoder struct {
	fields map[uint32]*v1.Field
}

// NewDecoder returns a decoder for a stream.
func NewDecoder() *Decoder {
	return &Decoder{fields: map[uint32]*v1.Field{}}
}

// Frames returns the frames of a batch.
func (d *Decoder) Frames(batch *v1.FrameBatch) ([]*Frame, error) {
	for _, definition := range batch.GetFields() {
		d.fields[definition.GetId()] = definition.GetField()
	}
	frames := make([]*Frame, 0, len(batch.GetFrames()))
	for _, sent := range batch.GetFrames() {
		reader := frameReader{decoder: d, batch: batch, sent: sent}
		frame := reader.frame()
		if reader.damage != "" {
			return nil, fmt.Errorf("dissectd: frame %d is damaged: %s", sent.GetNumber(), reader.damage)
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

// frameReader decodes a frame. It notes the first reference that leads nowhere, and
// goes on with empty values.
type frameReader struct {
	decoder *Decoder
	batch   *v1.FrameBatch
	sent    *v1.Frame
	damage  string
}

func (r *frameReader) frame() *Frame {
	frame := &Frame{
		Number:         r.sent.GetNumber(),
		CapturedLength: r.sent.GetCapturedLength(),
		OriginalLength: r.sent.GetOriginalLength(),
		Columns:        make([]string, len(r.sent.GetColumnIndexes())),
		Sources:        make([]Source, len(r.sent.GetSources())),
		ColoringRule:   r.sent.GetColoringRule(),
		Encoding:       r.sent.GetEncoding(),
	}
	if t := r.sent.GetTime(); t != nil {
		frame.Time = time.Unix(t.GetSeconds(), int64(t.GetNanos())).UTC()
	}
	for i, index := range r.sent.GetColumnIndexes() {
		frame.Columns[i] = r.text(index)
	}
	for i, source := range r.sent.GetSources() {
		frame.Sources[i] = Source{r.text(source.GetNameIndex()), source.GetData(), source.GetLength()}
	}
	frame.Fields = r.nodes(r.sent.GetFields())
	for i := range frame.Fields {
		frame.Fields[i].Layer = int(element(r, r.sent.GetFields().GetLayers(), uint32(i)))
	}
	frame.Tree = r.nodes(r.sent.GetTree())
	setLayers(frame.Tree)
	return frame
}

// setLayers counts top nodes. Layer 1 is the protocol frame, even in trees that
// don't begin with it.
func setLayers(tree []Node) {
	layer := 0
	if len(tree) > 0 && tree[0].Name() != "frame" {
		layer = 1
	}
	for i := range tree {
		if tree[i].Depth == 0 {
			layer++
		}
		tree[i].Layer = layer
	}
}

func (r *frameReader) nodes(list *v1.NodeList) []Node {
	nodes := make([]Node, len(list.GetTemplateIndexes()))
	next := positions{}
	start := int32(0)
	for i, index := range list.GetTemplateIndexes() {
		template := element(r, r.batch.GetNodeTemplates(), index)
		field := r.decoder.fields[template.GetFieldId()]
		if field == nil {
			r.note("a field isn't defined")
		}
		start += template.GetStartChange()
		nodes[i] = Node{
			Field:       field,
			Depth:       int(template.GetDepth()),
			Start:       int(start),
			Length:      int(template.GetLength()),
			Source:      int(template.GetSourceNumber()),
			Severity:    template.GetSeverity(),
			ExpertGroup: template.GetExpertGroup(),
			flags:       template.GetFlags(),
			labelForm:   template.GetLabelForm(),
			label:       r.label(template, list, &next),
			raw:         r.value(template, list, &next),
		}
		if nodes[i].raw.kind == v1.ValueKind_VALUE_KIND_SOURCE_BYTES {
			nodes[i].raw.bytes = r.sourceBytes(&nodes[i])
		}
	}
	return nodes
}

// positions are those of the next elements in the arrays of a NodeList.
type positions struct {
	label, uint32, uint64, sint32, sint64, double, text, bytes, time uint32
}

func take(position *uint32) uint32 {
	*position++
	return *position - 1
}

func (r *frameReader) label(template *v1.NodeTemplate, list *v1.NodeList, next *positions) string {
	switch template.GetLabelForm() {
	case v1.LabelForm_LABEL_FORM_COMPUTED, v1.LabelForm_LABEL_FORM_CUSTOM:
		return r.text(element(r, list.GetLabelIndexes(), take(&next.label)))
	case v1.LabelForm_LABEL_FORM_DERIVED:
		return r.text(template.GetLabelSuffixIndex())
	default:
		return ""
	}
}

func (r *frameReader) value(template *v1.NodeTemplate, list *v1.NodeList, next *positions) rawValue {
	value := rawValue{kind: template.GetValueKind()}
	switch value.kind {
	case v1.ValueKind_VALUE_KIND_UINT32:
		value.number = uint64(element(r, list.GetUint32Values(), take(&next.uint32)))
	case v1.ValueKind_VALUE_KIND_UINT64:
		value.number = element(r, list.GetUint64Values(), take(&next.uint64))
	case v1.ValueKind_VALUE_KIND_SINT32:
		value.number = uint64(element(r, list.GetSint32Values(), take(&next.sint32)))
	case v1.ValueKind_VALUE_KIND_SINT64:
		value.number = uint64(element(r, list.GetSint64Values(), take(&next.sint64)))
	case v1.ValueKind_VALUE_KIND_DOUBLE:
		value.number = math.Float64bits(element(r, list.GetDoubleValues(), take(&next.double)))
	case v1.ValueKind_VALUE_KIND_STRING:
		value.text = r.text(element(r, list.GetStringIndexes(), take(&next.text)))
	case v1.ValueKind_VALUE_KIND_BYTES:
		index := element(r, list.GetByteStringIndexes(), take(&next.bytes))
		if index != 0 {
			value.bytes = element(r, r.batch.GetByteStrings(), index)
		}
	case v1.ValueKind_VALUE_KIND_TIME:
		value.number = uint64(element(r, list.GetTimeSeconds(), next.time))
		value.nanos = element(r, list.GetTimeNanos(), take(&next.time))
	}
	return value
}

// sourceBytes returns the node's own bytes, which are not sent twice.
func (r *frameReader) sourceBytes(node *Node) []byte {
	data := element(r, r.sent.GetSources(), uint32(node.Source-1)).GetData()
	if node.Start < 0 || node.Length < 0 || node.Start+node.Length > len(data) {
		r.note("a value is outside its data source")
		return nil
	}
	return data[node.Start : node.Start+node.Length]
}

// text returns a string of the batch. Entry 0 is empty, even if there are none.
func (r *frameReader) text(index uint32) string {
	if index == 0 {
		return ""
	}
	return element(r, r.batch.GetStrings(), index)
}

func (r *frameReader) note(damage string) {
	if r.damage == "" {
		r.damage = damage
	}
}

// element returns an element of an array, or an empty one if there is none.
func element[T any](r *frameReader, array []T, index uint32) T {
	if uint64(index) >= uint64(len(array)) {
		r.note(fmt.Sprintf("element %d of %d was referred to", index, len(array)))
		var empty T
		return empty
	}
	return array[index]
}
