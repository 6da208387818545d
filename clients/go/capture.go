// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"context"
	"iter"

	"google.golang.org/grpc/codes"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// StartCapture captures on an interface what passes a filter of libpcap, until a stop
// condition is met, or until StopCapture; `stop` may be nil. It returns the name of
// the capture, "captures/…", for Live. Captures.CreateCapture has all options.
func (c *Client) StartCapture(ctx context.Context, device, filter string, stop *v1.StopConditions) (string, error) {
	response, err := c.Captures.CreateCapture(ctx, &v1.CreateCaptureRequest{
		Options: &v1.CaptureOptions{
			Interfaces: []*v1.InterfaceOptions{{Name: device, CaptureFilter: filter}},
			Stop:       stop,
		},
	})
	return response.GetCapture().GetName(), err
}

// StopCapture ends a capture, and returns it with its totals.
func (c *Client) StopCapture(ctx context.Context, capture string) (*v1.Capture, error) {
	response, err := c.Captures.StopCapture(ctx, &v1.StopCaptureRequest{Name: capture})
	return response.GetCapture(), err
}

// Rates yields the packets and bytes of each second of a capture, until it ends.
func (c *Client) Rates(ctx context.Context, capture string) iter.Seq2[*v1.WatchCaptureStatisticsResponse, error] {
	return func(yield func(*v1.WatchCaptureStatisticsResponse, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		request := &v1.WatchCaptureStatisticsRequest{Name: capture}
		All(c.Captures.WatchCaptureStatistics(ctx, request))(yield)
	}
}

// CheckFilter returns an *Error if a display filter doesn't compile, with the place
// in it if that is known.
func (c *Client) CheckFilter(ctx context.Context, filter string) error {
	response, err := c.Filters.CompileFilter(ctx, &v1.CompileFilterRequest{Filter: filter})
	if err != nil || response.GetValid() {
		return err
	}
	wrong := &Error{Code: codes.InvalidArgument, Reason: "DISPLAY_FILTER_INVALID"}
	for _, diagnostic := range response.GetDiagnostics() {
		wrong.Message, wrong.Span = diagnostic.GetMessage(), diagnostic.GetSpan()
	}
	return wrong
}
