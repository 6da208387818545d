// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
)

// TestANetworkThatStallsEndsTheStream has a network between client and daemon that
// keeps its connections, but carries nothing any more.
func TestANetworkThatStallsEndsTheStream(t *testing.T) {
	daemon := startDaemon(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	var stalled atomic.Bool
	go serveNetwork(listener, strings.TrimPrefix(daemon.address, "unix:"), &stalled)

	// The shortest time that grpc-go permits.
	soon := grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: time.Second})
	client, err := Dial(listener.Addr().String(), WithGRPC(soon))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	var last error
	for _, last = range client.Frames(t.Context(), largeRequest()) {
		stalled.Store(true)
	}
	var failure *Error
	if !errors.As(last, &failure) || failure.Code != codes.Unavailable {
		t.Errorf("the error is %v", last)
	}
}

// serveNetwork connects clients with a Unix socket until it stalls.
func serveNetwork(listener net.Listener, socket string, stalled *atomic.Bool) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		daemon, err := net.Dial("unix", socket)
		if err != nil {
			return
		}
		go carry(daemon, client, stalled)
		go carry(client, daemon, stalled)
	}
}

// carry leaves both connections open when it stalls.
func carry(to io.Writer, from io.Reader, stalled *atomic.Bool) {
	for buffer := make([]byte, 4096); ; {
		size, err := from.Read(buffer)
		if err != nil || stalled.Load() {
			return
		}
		if _, err := to.Write(buffer[:size]); err != nil {
			return
		}
	}
}
