// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"iter"
	"time"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// Frame is a frame of a capture, with the parts that the view asked for.
type Frame struct {
	// Number is its number in the capture, from 1.
	Number uint32
	// Time is when it was captured; the zero time if the capture doesn't tell.
	Time time.Time
	// CapturedLength and OriginalLength are the bytes captured, and on the wire.
	CapturedLength, OriginalLength uint32
	// Columns has the text of each column of the view.
	Columns []string
	// Fields has all occurrences of the view's fields, in the order of the tree.
	Fields []Node
	// Tree has the nodes of the protocol tree: the children of a node follow it
	// with a depth of one more.
	Tree []Node
	// Sources has the bytes in which nodes have positions; the first is the frame.
	Sources []Source
	// ColoringRule is the number of a rule of the stream's header, from 1; 0 if none.
	ColoringRule uint32
	// Encoding is the encoding of the frame's bytes, for dumps.
	Encoding v1.CharacterEncoding
}

// Node is a node of a protocol tree, or an occurrence of a field.
type Node struct {
	// Field describes it: its name, type and so on.
	Field *v1.Field
	// Depth is its depth in the tree, from 0.
	Depth int
	// Layer tells apart two requests in one frame, for example: it is the number of
	// the top node that the node belongs to.
	Layer int
	// Start and Length are its place in the source of this number, from 1; 0 if it
	// has none.
	Start, Length, Source int
	// Severity and ExpertGroup are set if it has expert information.
	Severity    v1.Severity
	ExpertGroup v1.ExpertGroup

	flags     uint32
	labelForm v1.LabelForm
	label     string
	raw       rawValue
}

// Source is a run of bytes: the frame itself, or bytes that were reassembled,
// decompressed or decrypted.
type Source struct {
	Name string
	// Data has the bytes that the view asked for, and Length the number of all.
	Data   []byte
	Length uint32
}

// Name returns the name in display filters, for example "ip.src".
func (n *Node) Name() string { return n.Field.GetName() }

// Value returns the value: nil for protocols and others without one, bool, uint64,
// int64, float64, string, []byte, netip.Addr, net.HardwareAddr, time.Time,
// time.Duration, or a type of this package.
func (n *Node) Value() any { return n.raw.typed(n.Field.GetType()) }

// Has returns whether the node has a flag.
func (n *Node) Has(flag v1.NodeFlag) bool { return n.flags&uint32(flag) != 0 }

// Nodes yields all occurrences of a field or protocol, from Fields and then Tree.
func (f *Frame) Nodes(name string) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, list := range [][]Node{f.Fields, f.Tree} {
			for i := range list {
				if list[i].Name() == name && !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Has returns whether the field or protocol occurs in the frame.
func (f *Frame) Has(name string) bool {
	for range f.Nodes(name) {
		return true
	}
	return false
}

// Value returns the first value of a field; nil if it doesn't occur.
func (f *Frame) Value(name string) any {
	for node := range f.Nodes(name) {
		return node.Value()
	}
	return nil
}

// Value returns the first value of a field, and whether there is one of this type:
//
//	host, ok := dissectd.Value[string](frame, "http.host")
func Value[T any](frame *Frame, name string) (T, bool) {
	value, ok := frame.Value(name).(T)
	return value, ok
}
