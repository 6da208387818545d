// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

func TestAddressesAreThoseOfDissectctl(t *testing.T) {
	for text, target := range map[string]string{
		"":                      "dns:///localhost:50051",
		"lab.example":           "dns:///lab.example:50051",
		"lab.example:7":         "dns:///lab.example:7",
		":7":                    "dns:///localhost:7",
		"http://lab.example:7/": "dns:///lab.example:7",
		"https://lab.example":   "dns:///lab.example:50051",
		"[2001:db8::1]:7":       "dns:///[2001:db8::1]:7",
		"2001:db8::1":           "dns:///[2001:db8::1]:50051",
		"unix:/run/d":           "unix:///run/d",
		"/run/d":                "unix:///run/d",
		"ipv4:192.0.2.1:7":      "dns:///192.0.2.1:7",
	} {
		t.Setenv("DISSECTD_SERVER", "")
		client, err := Dial(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if client.connection.CanonicalTarget() != target {
			t.Errorf("%q is %s, not %s", text, client.connection.CanonicalTarget(), target)
		}
	}
	if _, err := Dial("a:b:c"); err == nil || !strings.Contains(err.Error(), "a:b:c") {
		t.Errorf("the error is %v", err)
	}
}

func TestCallsAfterCloseSayThatTheClientIsClosed(t *testing.T) {
	client := dial(t, startDaemon(t))
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		t.Helper()
		if !errors.Is(err, net.ErrClosed) || !strings.Contains(err.Error(), "the client is closed") {
			t.Errorf("the error is %v", err)
		}
		if errors.Is(err, context.Canceled) {
			t.Error("the error is that of a cancelled context")
		}
	}
	check(client.CheckFilter(t.Context(), "dns"))
	calls := 0
	for _, err := range client.Frames(t.Context(), File("dns.pcap", nil)) {
		check(err)
		calls++
	}
	if calls != 1 {
		t.Errorf("the loop ran %d times", calls)
	}
}

func TestWrongViewsAndFramesAreExplained(t *testing.T) {
	client := dial(t, startDaemon(t))
	reasonOf := func(err error) string {
		var failed *Error
		if !errors.As(err, &failed) {
			t.Errorf("the error is %v", err)
			return ""
		}
		return failed.Reason
	}
	tree := &v1.View{Tree: v1.TreeDetail_TREE_DETAIL_FULL}
	for _, err := range client.ColumnBatches(t.Context(), File("dns.pcap", tree)) {
		if reason := reasonOf(err); reason != "VIEW_NOT_COLUMNAR" {
			t.Errorf("the reason is %q", reason)
		}
	}
	var session string
	request := &v1.OpenSessionRequest{Source: &v1.OpenSessionRequest_File{File: "files/dns.pcap"}}
	for response, err := range All(client.Sessions.OpenSession(t.Context(), request)) {
		if err != nil {
			t.Fatal(err)
		}
		session = cmp.Or(response.GetSession().GetName(), session)
	}
	_, err := client.Sessions.GetFrame(t.Context(), &v1.GetFrameRequest{Session: session, View: tree})
	if reason := reasonOf(err); reason != "FRAME_NOT_FOUND" || !strings.Contains(err.Error(), "no frame 0") {
		t.Errorf("the error is %v", err)
	}
}

func TestATokenIsNotSentToOtherMachinesWithoutTLS(t *testing.T) {
	if _, err := Dial("lab.example", WithToken("secret")); err == nil {
		t.Error("the token would be sent")
	} else if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error has the token: %v", err)
	}
	for _, server := range []string{"localhost", "127.0.0.1:7", "[::1]:7", "/run/d"} {
		if _, err := Dial(server, WithToken("secret")); err != nil {
			t.Errorf("%s: %v", server, err)
		}
	}
	if _, err := Dial("https://lab.example", WithToken("secret")); err != nil {
		t.Error(err)
	}
}

func TestTLSIsNotForUnixSockets(t *testing.T) {
	for _, server := range []string{"/run/d", "http://lab.example"} {
		if _, err := Dial(server, WithTLS(&tls.Config{})); err == nil {
			t.Errorf("%s has TLS", server)
		}
	}
}

// policy lets all callers that the daemon knows do everything.
const policy = "../../deploy/policy/everyone.json"

// makeToken returns a new token, and the file with its hash, as dissectctl makes them
// for an operator.
func makeToken(t *testing.T, options ...string) (token, file string) {
	t.Helper()
	folder := t.TempDir()
	file = filepath.Join(folder, "tokens")
	output := filepath.Join(folder, "token")
	words := append([]string{"token", "create", "ada", "--append", file, "--output", output}, options...)
	if said, err := exec.Command(os.Getenv("DISSECTCTL"), words...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return firstToken(string(text)), file
}

func TestTokensSayWhoCalls(t *testing.T) {
	token, file := makeToken(t)
	daemon := startDaemon(t, "--token-file="+file, "--policy="+policy)
	client := dial(t, daemon, WithToken(token))
	response, err := client.Server.GetServerInfo(t.Context(), &v1.GetServerInfoRequest{})
	if err != nil || !strings.Contains(response.String(), "ada") {
		t.Errorf("the answer is %v: %v", response, err)
	}
	expectUnauthenticated(t, dial(t, daemon, WithToken("wrong")))
}

func TestACallWithAnExpiredTokenFails(t *testing.T) {
	end := time.Now().Add(3 * time.Second).Truncate(time.Second)
	token, file := makeToken(t, "--expires="+end.UTC().Format(time.RFC3339))
	client := dial(t, startDaemon(t, "--token-file="+file, "--policy="+policy), WithToken(token))
	time.Sleep(time.Until(end.Add(time.Second)))
	expectUnauthenticated(t, client)
}

func expectUnauthenticated(t *testing.T, client *Client) {
	t.Helper()
	var failure *Error
	for _, err := range client.Frames(t.Context(), File("dns.pcap", nil)) {
		if !errors.As(err, &failure) || failure.Code != codes.Unauthenticated || failure.Reason == "" {
			t.Errorf("the error is %v", err)
		}
		return
	}
	t.Error("nothing came")
}
