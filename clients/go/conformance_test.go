// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

const vectors = "../conformance/vectors"

// TestStreamsDecodeAsExpected decodes the streams that all clients must decode.
func TestStreamsDecodeAsExpected(t *testing.T) {
	streams, err := filepath.Glob(vectors + "/*.stream")
	if err != nil || len(streams) == 0 {
		t.Fatalf("there are no vectors: %v", err)
	}
	for _, stream := range streams {
		name := strings.TrimSuffix(filepath.Base(stream), ".stream")
		t.Run(name, func(t *testing.T) {
			expected, err := os.ReadFile(filepath.Join(vectors, name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			responses := readStream(t, stream)
			if strings.HasPrefix(name, "columnar-") {
				compareColumns(t, responses, expected)
			} else {
				compareFrames(t, responses, expected)
			}
		})
	}
}

func readStream(t *testing.T, path string) []*v1.DissectResponse {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var responses []*v1.DissectResponse
	for reader := bufio.NewReader(file); ; {
		response := &v1.DissectResponse{}
		err := protodelim.UnmarshalFrom(reader, response)
		if errors.Is(err, io.EOF) {
			return responses
		}
		if err != nil {
			t.Fatal(err)
		}
		responses = append(responses, response)
	}
}

func compareFrames(t *testing.T, responses []*v1.DissectResponse, text []byte) {
	var expected []json.RawMessage
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	decoder := NewDecoder()
	var frames []*Frame
	for _, response := range responses {
		decoded, err := decoder.Frames(response.GetBatch())
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, decoded...)
	}
	if len(frames) != len(expected) {
		t.Fatalf("decoded %d frames, not %d", len(frames), len(expected))
	}
	for i, frame := range frames {
		want := &v1.PlainFrame{}
		if err := protojson.Unmarshal(expected[i], want); err != nil {
			t.Fatal(err)
		}
		comparePlain(t, plainFrame(frame), want)
	}
}

// comparePlain compares node by node, so that a failure shows what is wrong.
func comparePlain(t *testing.T, got, want *v1.PlainFrame) {
	nodes := func(frame *v1.PlainFrame) []*v1.PlainNode {
		return append(frame.GetFields(), frame.GetTree()...)
	}
	for i, node := range nodes(want) {
		if i < len(nodes(got)) && !proto.Equal(nodes(got)[i], node) {
			t.Errorf("frame %d has\n%v, not\n%v", want.GetNumber(), nodes(got)[i], node)
		}
	}
	if !t.Failed() && !proto.Equal(got, want) {
		t.Errorf("decoded\n%v, not\n%v", got, want)
	}
}

func plainFrame(frame *Frame) *v1.PlainFrame {
	plain := &v1.PlainFrame{
		Number:         frame.Number,
		CapturedLength: frame.CapturedLength,
		OriginalLength: frame.OriginalLength,
		Columns:        frame.Columns,
		ColoringRule:   frame.ColoringRule,
	}
	if !frame.Time.IsZero() {
		plain.Time = plainTime(frame.Time)
	}
	for i := range frame.Fields {
		plain.Fields = append(plain.Fields, plainNode(&frame.Fields[i]))
	}
	for i := range frame.Tree {
		plain.Tree = append(plain.Tree, plainNode(&frame.Tree[i]))
	}
	for _, source := range frame.Sources {
		plain.Sources = append(plain.Sources, &v1.PlainSource{
			Name: source.Name, Data: source.Data, Length: source.Length,
		})
	}
	return plain
}

// plainTime returns nil outside the years that the plain form can express.
func plainTime(t time.Time) *timestamppb.Timestamp {
	if t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return timestamppb.New(t)
}

func plainNode(node *Node) *v1.PlainNode {
	plain := &v1.PlainNode{
		Name:            node.Name(),
		Depth:           uint32(node.Depth),
		Layer:           uint32(node.Layer),
		SourceNumber:    uint32(node.Source),
		Start:           int32(node.Start),
		Length:          int32(node.Length),
		Severity:        node.Severity,
		ExpertGroup:     node.ExpertGroup,
		Hidden:          node.Has(v1.NodeFlag_NODE_FLAG_HIDDEN),
		Generated:       node.Has(v1.NodeFlag_NODE_FLAG_GENERATED),
		ChildrenOmitted: node.Has(v1.NodeFlag_NODE_FLAG_CHILDREN_OMITTED),
		ValueCut:        node.Has(v1.NodeFlag_NODE_FLAG_VALUE_CUT),
	}
	if node.HasLabel() {
		plain.Label = proto.String(node.Label())
	}
	setPlainValue(plain, node.Value())
	return plain
}

func setPlainValue(plain *v1.PlainNode, value any) {
	switch value := value.(type) {
	case nil:
	case bool:
		plain.Value = &v1.PlainNode_BoolValue{BoolValue: value}
	case uint64:
		if value <= math.MaxUint32 {
			plain.Value = &v1.PlainNode_Uint32Value{Uint32Value: uint32(value)}
		} else {
			plain.Value = &v1.PlainNode_Uint64Value{Uint64Value: value}
		}
	case int64:
		if value == int64(int32(value)) {
			plain.Value = &v1.PlainNode_Sint32Value{Sint32Value: int32(value)}
		} else {
			plain.Value = &v1.PlainNode_Sint64Value{Sint64Value: value}
		}
	case float64:
		plain.Value = &v1.PlainNode_DoubleValue{DoubleValue: value}
	case string:
		plain.Value = &v1.PlainNode_StringValue{StringValue: value}
	case []byte:
		plain.Value = &v1.PlainNode_BytesValue{BytesValue: value}
	case time.Time:
		if sent := plainTime(value); sent != nil {
			plain.Value = &v1.PlainNode_TimeValue{TimeValue: sent}
		}
	case time.Duration:
		plain.Value = &v1.PlainNode_DurationValue{DurationValue: durationpb.New(value)}
	case LongDuration:
		long := &durationpb.Duration{Seconds: value.Seconds, Nanos: value.Nanos}
		plain.Value = &v1.PlainNode_DurationValue{DurationValue: long}
	default:
		plain.Value = &v1.PlainNode_AddressValue{AddressValue: valueText(value)}
	}
}

type jsonColumns struct {
	Frames []uint32 `json:"frames"`
	Fields []struct {
		Name      string   `json:"name"`
		Values    [][]any  `json:"values"`
		Truncated []uint32 `json:"truncated"`
	} `json:"fields"`
	Columns [][]string `json:"columns"`
}

func compareColumns(t *testing.T, responses []*v1.DissectResponse, text []byte) {
	var expected jsonColumns
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&expected); err != nil {
		t.Fatal(err)
	}
	var batches []*ColumnBatch
	for _, response := range responses {
		if response.GetColumnBatch() != nil {
			batch, err := DecodeColumns(response.GetColumnBatch())
			if err != nil {
				t.Fatal(err)
			}
			batches = append(batches, batch)
		}
	}
	numbers := []uint32{}
	for _, batch := range batches {
		numbers = append(numbers, batch.FrameNumbers...)
	}
	expectEqual(t, "frames", numbers, expected.Frames)
	if len(batches) == 0 {
		return
	}
	expectEqual(t, "number of fields", len(batches[0].Fields), len(expected.Fields))
	expectEqual(t, "number of columns", len(batches[0].Texts), len(expected.Columns))
	for i, field := range expected.Fields {
		values, truncated := [][]any{}, []uint32{}
		before := 0
		for _, batch := range batches {
			column := &batch.Fields[i]
			expectEqual(t, "name", column.Name, field.Name)
			for frame := range batch.FrameNumbers {
				values = append(values, jsonValues(column.Values(frame)))
			}
			for _, index := range column.Truncated() {
				truncated = append(truncated, uint32(before)+index)
			}
			before += column.Offsets[len(batch.FrameNumbers)]
		}
		expectEqual(t, field.Name, normalized(values), normalized(field.Values))
		expectEqual(t, "truncated values of "+field.Name, truncated, field.Truncated)
	}
	for i, texts := range expected.Columns {
		var got []string
		for _, batch := range batches {
			got = append(got, batch.Texts[i]...)
		}
		expectEqual(t, fmt.Sprintf("column %d", i), got, texts)
	}
}

func expectEqual[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: decoded %v, not %v", what, got, want)
	}
}

// normalized writes numbers in one way.
func normalized(values [][]any) string {
	var text strings.Builder
	for _, ofFrame := range values {
		for _, value := range ofFrame {
			if number, ok := value.(json.Number); ok {
				float, _ := number.Float64()
				value = float
			}
			fmt.Fprintf(&text, "%T:%v,", value, value)
		}
		text.WriteString("; ")
	}
	return text.String()
}

func jsonValues(values []any) []any {
	texts := make([]any, len(values))
	for i, value := range values {
		texts[i] = jsonValue(value)
	}
	return texts
}

func jsonValue(value any) any {
	switch value := value.(type) {
	case nil, bool, string:
		return value
	case uint64:
		if value <= math.MaxUint32 {
			return float64(value)
		}
		return strconv.FormatUint(value, 10)
	case int64:
		if value == int64(int32(value)) {
			return float64(value)
		}
		return strconv.FormatInt(value, 10)
	case float64:
		switch {
		case math.IsNaN(value):
			return "NaN"
		case math.IsInf(value, 0):
			return strings.TrimPrefix(strconv.FormatFloat(value, 'f', -1, 64), "+") + "inity"
		}
		return value
	case []byte:
		return base64.StdEncoding.EncodeToString(value)
	case time.Time:
		return strconv.FormatInt(value.UnixNano(), 10)
	case time.Duration:
		return strconv.FormatInt(value.Nanoseconds(), 10)
	case netip.Addr:
		return ipText(value)
	default:
		return fmt.Sprint(value)
	}
}
