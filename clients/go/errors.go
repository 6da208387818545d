// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// Error is a failed call. errors.As finds it in the errors of all services.
type Error struct {
	// Code is gRPC's code.
	Code codes.Code
	// Reason is one of docs/errors.md, such as FILE_NOT_FOUND. It is empty if the
	// error isn't the daemon's, for example if it can't be reached.
	Reason string
	// Message is for people.
	Message string
	// Metadata has facts about this occurrence, by name.
	Metadata map[string]string
	// Span is the wrong part of a text of the request, such as a display filter;
	// nil if it isn't known.
	Span *v1.TextSpan
	// RetryDelay is the time to wait before the same call may succeed; 0 if it won't
	// by itself.
	RetryDelay time.Duration

	cause error
}

func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("dissectd: %s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("dissectd: %s (%s)", e.Message, e.Reason)
}

// Unwrap returns what gRPC reported, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the call ended because of its context.
func (e *Error) Is(target error) bool {
	return e.Code == codes.Canceled && target == context.Canceled ||
		e.Code == codes.DeadlineExceeded && target == context.DeadlineExceeded
}

// GRPCStatus makes status.FromError and status.Code work.
func (e *Error) GRPCStatus() *status.Status {
	if grpcStatus, ok := status.FromError(e.cause); ok && e.cause != nil {
		return grpcStatus
	}
	return status.New(e.Code, e.Message)
}

// Underline returns the message and, if the error has a place in a text, that text
// with a line of carets below the place, as dissectctl prints it.
func (e *Error) Underline(text string) string {
	start, end := int(e.Span.GetStart()), int(e.Span.GetStart()+e.Span.GetLength())
	if e.Span == nil || end > len(text) {
		return e.Message
	}
	indent := utf8.RuneCountInString(text[:start])
	width := max(utf8.RuneCountInString(text[start:end]), 1)
	return fmt.Sprintf("%s\n    %s\n    %s^%s", e.Message, text,
		strings.Repeat(" ", indent), strings.Repeat("~", width-1))
}

func errorOf(failure *v1.Failure) *Error {
	return &Error{
		Code:     codes.FailedPrecondition,
		Reason:   failure.GetReason(),
		Message:  failure.GetMessage(),
		Metadata: failure.GetMetadata(),
		Span:     failure.GetSpan(),
	}
}

// convert turns an error of gRPC into an *Error.
func convert(err error) error {
	var known *Error
	if err == nil || errors.Is(err, io.EOF) || errors.As(err, &known) {
		return err
	}
	grpcStatus, _ := status.FromError(err)
	converted := &Error{Code: grpcStatus.Code(), Message: grpcStatus.Message(), cause: err}
	for _, detail := range grpcStatus.Proto().GetDetails() {
		// The types are sent under the names that google.rpc has for them.
		_, name, _ := strings.Cut(detail.GetTypeUrl(), "/")
		switch name[strings.LastIndex(name, ".")+1:] {
		case "ErrorInfo":
			var info v1.ErrorInfo
			if proto.Unmarshal(detail.GetValue(), &info) == nil {
				converted.Reason, converted.Metadata = info.GetReason(), info.GetMetadata()
			}
		case "RetryInfo":
			var retry v1.RetryInfo
			if proto.Unmarshal(detail.GetValue(), &retry) == nil {
				converted.RetryDelay = retry.GetRetryDelay().AsDuration()
			}
		case "InvalidText":
			var text v1.InvalidText
			if proto.Unmarshal(detail.GetValue(), &text) == nil {
				converted.Span = text.GetSpan()
			}
		}
	}
	return converted
}

// errClosed tells calls after Close from those whose context was cancelled, as gRPC has
// the same code for both.
var errClosed = &Error{
	Code:    codes.FailedPrecondition,
	Message: "the client is closed",
	cause:   net.ErrClosed,
}

func isClosed(connection *grpc.ClientConn) bool {
	return connection.GetState() == connectivity.Shutdown
}

func convertUnaryError(ctx context.Context, method string, request, reply any,
	connection *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption,
) error {
	if isClosed(connection) {
		return errClosed
	}
	return convert(invoke(ctx, method, request, reply, connection, opts...))
}

func convertStreamErrors(ctx context.Context, description *grpc.StreamDesc,
	connection *grpc.ClientConn, method string, streamer grpc.Streamer, opts ...grpc.CallOption,
) (grpc.ClientStream, error) {
	if isClosed(connection) {
		return nil, errClosed
	}
	stream, err := streamer(ctx, description, connection, method, opts...)
	return convertingStream{stream}, convert(err)
}

type convertingStream struct{ grpc.ClientStream }

func (s convertingStream) RecvMsg(message any) error {
	return convert(s.ClientStream.RecvMsg(message))
}

func (s convertingStream) SendMsg(message any) error {
	return convert(s.ClientStream.SendMsg(message))
}
