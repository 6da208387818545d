// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

const (
	captures  = "../../tests/captures"
	testLimit = time.Minute
)

// daemon is a dissectd of a test, which serves a copy of the project's captures.
type daemon struct {
	address string
	store   string
	process *exec.Cmd
	ended   chan struct{}
}

func startDaemon(t *testing.T, options ...string) *daemon {
	t.Helper()
	program := os.Getenv("DISSECTD")
	if program == "" {
		t.Fatal("DISSECTD must have the path of dissectd")
	}
	folder := t.TempDir()
	store := filepath.Join(folder, "store")
	if err := os.CopyFS(store, os.DirFS(captures)); err != nil {
		t.Fatal(err)
	}
	started := &daemon{address: "unix:" + filepath.Join(folder, "socket"), store: store}
	started.start(t, program, append(options, "--listen="+started.address, "--store="+store))
	return started
}

func (d *daemon) start(t *testing.T, program string, options []string) {
	d.process = exec.Command(program, options...)
	log := &bytes.Buffer{}
	d.process.Stdout, d.process.Stderr = log, log
	if err := d.process.Start(); err != nil {
		t.Fatal(err)
	}
	d.ended = make(chan struct{})
	go func() {
		_ = d.process.Wait()
		close(d.ended)
	}()
	t.Cleanup(func() {
		d.kill()
		if t.Failed() {
			t.Logf("dissectd's log:\n%s", log)
		}
	})
	d.wait(t)
}

// wait returns once the daemon accepts connections.
func (d *daemon) wait(t *testing.T) {
	client := dial(t, d)
	ctx, cancel := context.WithTimeout(t.Context(), testLimit)
	defer cancel()
	go func() {
		<-d.ended
		cancel()
	}()
	for client.connection.Connect(); ; {
		state := client.connection.GetState()
		if state == connectivity.Ready {
			return
		}
		if !client.connection.WaitForStateChange(ctx, state) {
			t.Fatal("dissectd doesn't answer")
		}
		client.connection.Connect()
		client.connection.ResetConnectBackoff()
	}
}

func (d *daemon) kill() {
	_ = d.process.Process.Kill()
	<-d.ended
}

func dial(t *testing.T, daemon *daemon, options ...Option) *Client {
	t.Helper()
	client, err := Dial(daemon.address, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// largeRequest asks for more than gRPC's buffers hold, so that the daemon waits for
// its reader.
func largeRequest() *v1.DissectRequest {
	return File("redis.pcap", &v1.View{
		Tree: v1.TreeDetail_TREE_DETAIL_FULL, Labels: true, Bytes: v1.ByteDetail_BYTE_DETAIL_ALL_SOURCES,
	})
}

func TestFramesHaveTypedValues(t *testing.T) {
	client := dial(t, startDaemon(t))
	view := &v1.View{DisplayFilter: "dns.a", Fields: []string{"udp.srcport", "dns.qry.name", "dns"}}
	for frame, err := range client.Frames(t.Context(), File("dns.pcap", view)) {
		if err != nil {
			t.Fatal(err)
		}
		port, isPort := Value[uint64](frame, "udp.srcport")
		name, isName := Value[string](frame, "dns.qry.name")
		if !isPort || port != 53 || !isName || name != "www.example.org" || !frame.Has("dns") {
			t.Errorf("frame %d has %v and %v", frame.Number, port, name)
		}
		if _, isText := Value[string](frame, "udp.srcport"); isText || frame.Has("tcp") {
			t.Error("a port is a text, or there is TCP in UDP")
		}
		break
	}
}

func TestErrorsHaveReasonAndPlace(t *testing.T) {
	client := dial(t, startDaemon(t))
	var failure *Error
	for _, err := range client.Frames(t.Context(), File("no-such-file.pcap", nil)) {
		if !errors.As(err, &failure) || failure.Reason != "FILE_NOT_FOUND" || status.Code(err) != codes.NotFound {
			t.Errorf("the error is %v", err)
		}
	}
	wrong := "tcp && ip.adr"
	for _, err := range client.Frames(t.Context(), File("dns.pcap", &v1.View{DisplayFilter: wrong})) {
		if !errors.As(err, &failure) || failure.Reason != "DISPLAY_FILTER_INVALID" {
			t.Fatalf("the error is %v", err)
		}
		span := failure.Span
		if wrong[span.GetStart():span.GetStart()+span.GetLength()] != "ip.adr" {
			t.Errorf("the place is %v", span)
		}
	}
	if !errors.As(client.CheckFilter(t.Context(), wrong), &failure) || failure.Span.GetStart() != 7 {
		t.Errorf("the error is %v", failure)
	}
	if err := client.CheckFilter(t.Context(), "tcp"); err != nil {
		t.Error(err)
	}
}

func TestFramesBeforeDamageArrive(t *testing.T) {
	client := dial(t, startDaemon(t))
	frames := 0
	var missing *IncompleteError
	for _, err := range client.Frames(t.Context(), File("cut-short.pcap", nil)) {
		if err == nil {
			frames++
		} else if !errors.As(err, &missing) {
			t.Fatal(err)
		}
	}
	if frames != 25 || missing == nil || missing.ReadError.Reason != "FILE_CUT_SHORT" {
		t.Errorf("%d frames arrived, then %v", frames, missing)
	}
}

func TestCancellingEndsTheStream(t *testing.T) {
	client := dial(t, startDaemon(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, last = range client.Frames(ctx, largeRequest()) {
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the error is %v", last)
	}
}

func TestADeadlineEndsTheStream(t *testing.T) {
	client := dial(t, startDaemon(t))
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	for _, err := range client.Frames(ctx, largeRequest()) {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
	}
}

func TestLeavingTheLoopEndsTheDissection(t *testing.T) {
	client := dial(t, startDaemon(t, "--max-workers=1"))
	for range 5 {
		for _, err := range client.Frames(t.Context(), largeRequest()) {
			var busy *Error
			if errors.As(err, &busy) && busy.RetryDelay > 0 {
				// The daemon may not have noticed yet that the one before has ended.
				time.Sleep(busy.RetryDelay)
			} else if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

func TestADaemonThatDiesEndsTheStreamWithAnError(t *testing.T) {
	daemon := startDaemon(t)
	client := dial(t, daemon)
	var last error
	frames := 0
	for _, err := range client.Frames(t.Context(), largeRequest()) {
		if frames == 0 {
			daemon.kill()
		}
		frames++
		last = err
	}
	var failure *Error
	if !errors.As(last, &failure) || failure.Code != codes.Unavailable {
		t.Errorf("after %d frames, the error is %v", frames, last)
	}
}

func TestFramesAfterACrashArrive(t *testing.T) {
	client := dial(t, startDaemon(t, "--allow-lua"))
	script, err := os.ReadFile("../conformance/values.lua")
	if err != nil {
		t.Fatal(err)
	}
	// A capture of the link type that the script dissects: the second packet ends the
	// process.
	capture := []byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 147, 0, 0, 0}
	for _, kind := range []byte{2, 3, 2} {
		capture = append(capture, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, kind, 0, 0, 0)
	}
	request := &v1.DissectRequest{
		Source:  &v1.DissectRequest_InlineCapture{InlineCapture: capture},
		Options: &v1.DissectionOptions{LuaScripts: []*v1.LuaScript{{Name: "values.lua", Content: script}}},
	}
	var numbers []uint32
	var last error
	for frame, err := range client.Frames(t.Context(), request) {
		if last = err; err == nil {
			numbers = append(numbers, frame.Number)
		}
	}
	var missing *IncompleteError
	if !slices.Equal(numbers, []uint32{1, 3}) || !errors.As(last, &missing) ||
		len(missing.Crashes) != 1 || missing.Crashes[0].GetFrameNumber() != 2 {
		t.Errorf("the frames are %v, and the error is %v", numbers, last)
	}
}

func TestASequenceCanBeReadTwice(t *testing.T) {
	client := dial(t, startDaemon(t))
	view := &v1.View{Fields: []string{"dns.qry.name"}, Form: v1.Form_FORM_PLAIN}
	frames := client.Frames(t.Context(), File("dns.pcap", view))
	for range 2 {
		count := 0
		for frame, err := range frames {
			if err != nil {
				t.Fatal(err)
			}
			if frame.Has("dns.qry.name") {
				count++
			}
		}
		if count == 0 {
			t.Error("there are no names")
		}
	}
	if view.Form != v1.Form_FORM_PLAIN {
		t.Error("the request has changed")
	}
}

func TestColumnBatchesHaveValues(t *testing.T) {
	client := dial(t, startDaemon(t))
	request := File("dns.pcap", &v1.View{Fields: []string{"udp.port"}})
	frames := 0
	for batch, err := range client.ColumnBatches(t.Context(), request) {
		if err != nil {
			t.Fatal(err)
		}
		if ports := batch.Fields[0].Values(0); len(ports) != 2 || ports[1] != uint64(53) {
			t.Errorf("the ports are %v", ports)
		}
		frames += len(batch.FrameNumbers)
	}
	if frames != 26 {
		t.Errorf("%d frames arrived", frames)
	}
}

func TestUploadsAreFoundAgainByHash(t *testing.T) {
	daemon := startDaemon(t)
	client := dial(t, daemon)
	path := filepath.Join(t.TempDir(), "large.pcap")
	header, err := os.ReadFile(filepath.Join(daemon.store, "redis.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	content := append(header, bytes.Repeat(header[24:], 10)...)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := client.Upload(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(filepath.Join(daemon.store, first[len("files/"):]))
	if err != nil || !bytes.Equal(stored, content) {
		t.Errorf("the store has %d bytes, not %d: %v", len(stored), len(content), err)
	}
	if second, err := client.Upload(t.Context(), path); second != first || err != nil {
		t.Errorf("the second upload is %q, not %q: %v", second, first, err)
	}
	if err := client.Delete(t.Context(), first); err != nil {
		t.Error(err)
	}
}

func TestFollowYieldsBothSides(t *testing.T) {
	client := dial(t, startDaemon(t))
	sides := map[bool][]byte{}
	for chunk, err := range client.Follow(t.Context(), "http1.pcap.gz", "tcp", 0) {
		if err != nil {
			t.Fatal(err)
		}
		sides[chunk.GetFromServer()] = append(sides[chunk.GetFromServer()], chunk.GetData()...)
	}
	if !bytes.HasPrefix(sides[false], []byte("GET /")) || !bytes.HasPrefix(sides[true], []byte("HTTP/1.1 ")) {
		t.Errorf("the sides are %.20q and %.20q", sides[false], sides[true])
	}
}
