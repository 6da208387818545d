// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"testing"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// TestDamagedBatchesAreErrors shortens each table of a batch.
func TestDamagedBatchesAreErrors(t *testing.T) {
	for name, damage := range map[string]func(*v1.FrameBatch){
		"strings":        func(b *v1.FrameBatch) { b.Strings = nil },
		"byte strings":   func(b *v1.FrameBatch) { b.ByteStrings = b.ByteStrings[:1] },
		"node templates": func(b *v1.FrameBatch) { b.NodeTemplates = b.NodeTemplates[:1] },
		"fields":         func(b *v1.FrameBatch) { b.Fields = nil },
		"numbers":        func(b *v1.FrameBatch) { b.Frames[0].Tree.Uint32Values = nil },
		"times":          func(b *v1.FrameBatch) { b.Frames[0].Tree.TimeNanos = nil },
		"sources":        func(b *v1.FrameBatch) { b.Frames[0].Sources = nil },
		"source bytes":   func(b *v1.FrameBatch) { b.Frames[0].Sources[0].Data = nil },
	} {
		t.Run(name, func(t *testing.T) {
			for _, response := range readStream(t, vectors+"/tree-bytes.stream") {
				if response.GetBatch() == nil {
					continue
				}
				damage(response.GetBatch())
				if _, err := NewDecoder().Frames(response.GetBatch()); err == nil {
					t.Error("the batch was decoded")
				}
			}
		})
	}
}

// TestDamagedColumnsAreErrors shortens the arrays of a column.
func TestDamagedColumnsAreErrors(t *testing.T) {
	for name, damage := range map[string]func(*v1.ColumnBatch){
		"frames":  func(b *v1.ColumnBatch) { b.FrameNumbers = b.FrameNumbers[1:] },
		"strings": func(b *v1.ColumnBatch) { b.Strings = nil },
		"bytes":   func(b *v1.ColumnBatch) { b.Fields[0].ByteData = nil },
		"counts":  func(b *v1.ColumnBatch) { b.Fields[0].Counts = nil },
	} {
		t.Run(name, func(t *testing.T) {
			for _, response := range readStream(t, vectors+"/columnar-dns.stream") {
				if response.GetColumnBatch() == nil {
					continue
				}
				damage(response.GetColumnBatch())
				if _, err := DecodeColumns(response.GetColumnBatch()); err == nil {
					t.Error("the batch was decoded")
				}
			}
		})
	}
}
