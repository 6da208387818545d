// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// File returns the request to dissect a file of the store, such as "dns.pcap".
// Its options can be set before it is sent.
func File(name string, view *v1.View) *v1.DissectRequest {
	return &v1.DissectRequest{Source: &v1.DissectRequest_File{File: fileName(name)}, View: view}
}

func fileName(name string) string {
	if strings.HasPrefix(name, "files/") {
		return name
	}
	return "files/" + name
}

// Live returns the request to dissect a capture, "captures/…", while it runs.
func Live(capture string, view *v1.View) *v1.DissectRequest {
	return &v1.DissectRequest{Source: &v1.DissectRequest_Capture{Capture: capture}, View: view}
}

// Columns selects columns by their formats, such as "%p" for the protocol.
func Columns(formats ...string) *v1.ColumnSelection {
	selection := &v1.ColumnSelection{}
	for _, format := range formats {
		selection.Columns = append(selection.Columns, &v1.Column{Format: format})
	}
	return selection
}

// IncompleteError says, after all other frames, that a stream lacks frames. The
// call itself succeeded.
type IncompleteError struct {
	// ReadError is why reading ended, if the file is damaged or cut short.
	ReadError *Error
	// Crashes has the frames that were left out because they crashed a dissector.
	Crashes []*v1.Crash
	// Lost has those of a capture that were deleted before they were read.
	Lost []*v1.FramesLost
}

func (e *IncompleteError) Error() string {
	var parts []string
	if e.ReadError != nil {
		parts = append(parts, e.ReadError.Message)
	}
	for _, crash := range e.Crashes {
		parts = append(parts, fmt.Sprintf("frame %d crashed its dissector", crash.GetFrameNumber()))
	}
	for _, lost := range e.Lost {
		parts = append(parts, fmt.Sprintf("frames %d to %d were deleted before they were read",
			lost.GetFirstFrame(), lost.GetLastFrame()))
	}
	return "dissectd: " + strings.Join(parts, "; ")
}

// Unwrap returns the ReadError.
func (e *IncompleteError) Unwrap() error {
	if e.ReadError == nil {
		return nil
	}
	return e.ReadError
}

// Frames dissects, and yields the frames as they arrive. An error is the last thing
// that it yields: an *Error if the call fails, an *IncompleteError if it succeeds but
// frames are missing. To leave the loop, or to cancel the context, ends the
// dissection. The form of the view is always the compact one.
func (c *Client) Frames(ctx context.Context, request *v1.DissectRequest) iter.Seq2[*Frame, error] {
	request = withForm(request, v1.Form_FORM_COMPACT)
	return dissect(ctx, c, request, func() decodeFunc[Frame] {
		decoder := NewDecoder()
		return func(response *v1.DissectResponse) ([]*Frame, error) {
			return decoder.Frames(response.GetBatch())
		}
	})
}

// ColumnBatches dissects, and yields the values of the view's fields and columns,
// many frames at a time. The form of the view is always the columnar one. Errors are as
// of Frames.
func (c *Client) ColumnBatches(ctx context.Context, request *v1.DissectRequest) iter.Seq2[*ColumnBatch, error] {
	request = withForm(request, v1.Form_FORM_COLUMNAR)
	return dissect(ctx, c, request, func() decodeFunc[ColumnBatch] { return decodeColumnBatch })
}

func decodeColumnBatch(response *v1.DissectResponse) ([]*ColumnBatch, error) {
	if response.GetColumnBatch() == nil {
		return nil, nil
	}
	batch, err := DecodeColumns(response.GetColumnBatch())
	return []*ColumnBatch{batch}, err
}

// withForm returns a request for frames in a form, and leaves the given one as it is.
func withForm(request *v1.DissectRequest, form v1.Form) *v1.DissectRequest {
	request = proto.CloneOf(request)
	if request.View == nil {
		request.View = &v1.View{}
	}
	request.View.Form = form
	return request
}

type decodeFunc[T any] func(*v1.DissectResponse) ([]*T, error)

// dissect yields what a decoder makes of the messages, and then what was missing. Each
// loop over it makes a call of its own, with a new decoder.
func dissect[T any](ctx context.Context, c *Client, request *v1.DissectRequest,
	newDecode func() decodeFunc[T],
) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		decode := newDecode()
		var missing IncompleteError
		for response, err := range All(c.Dissection.Dissect(ctx, request)) {
			var items []*T
			if err == nil {
				items, err = decode(response)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			missing.note(response)
		}
		if missing.ReadError != nil || len(missing.Crashes) > 0 || len(missing.Lost) > 0 {
			yield(nil, &missing)
		}
	}
}

func (e *IncompleteError) note(response *v1.DissectResponse) {
	if crash := response.GetCrash(); crash != nil {
		e.Crashes = append(e.Crashes, crash)
	}
	if lost := response.GetLost(); lost != nil {
		e.Lost = append(e.Lost, lost)
	}
	if failure := response.GetEnd().GetReadError(); failure != nil {
		e.ReadError = errorOf(failure)
	}
}

// Follow yields the bytes of a stream of a file, as both sides have sent them. The
// follower is "tcp", "udp", "tls", "http" or another one of ListReports.
func (c *Client) Follow(ctx context.Context, file, follower string, stream uint32) iter.Seq2[*v1.StreamChunk, error] {
	return func(yield func(*v1.StreamChunk, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		request := &v1.FollowStreamRequest{
			Source:    &v1.AnalysisSource{Source: &v1.AnalysisSource_File{File: fileName(file)}},
			Follower:  follower,
			Selection: &v1.FollowStreamRequest_Stream{Stream: stream},
		}
		for response, err := range All(c.Analysis.FollowStream(ctx, request)) {
			if err != nil || response.GetChunk() != nil {
				if !yield(response.GetChunk(), err) {
					return
				}
			}
		}
	}
}

// All yields the messages of any call that streams answers, and an error last:
//
//	for rates, err := range dissectd.All(client.Captures.WatchCaptureStatistics(ctx, request)) {
//
// Cancel the context to leave the loop before the end.
func All[T any](stream grpc.ServerStreamingClient[T], err error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			message, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(message, err) || err != nil {
				return
			}
		}
	}
}
