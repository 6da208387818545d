// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

const defaultPort = "50051"

// address is a daemon's address, as dissectctl takes it.
type address struct {
	// The target for gRPC.
	target string
	// Whether the address asks for TLS, or for none.
	https, http bool
	// Whether it is on this machine, so that nobody else can read what is sent.
	local bool
}

// parseAddress reads `HOST:PORT`, `HOST`, `:PORT`, an IPv6 address, a URL, the path
// of a Unix socket, or another target of gRPC.
func parseAddress(text string) (address, error) {
	if path, isUnix := strings.CutPrefix(text, "unix:"); isUnix || strings.HasPrefix(text, "/") {
		return address{target: "unix:" + path, local: true}, nil
	}
	for _, scheme := range []string{"dns:", "passthrough:", "unix-abstract:"} {
		if strings.HasPrefix(text, scheme) {
			return address{target: text, local: scheme == "unix-abstract:"}, nil
		}
	}
	host, https := strings.CutPrefix(text, "https://")
	host, http := strings.CutPrefix(host, "http://")
	// grpc-go has no such schemes, unlike gRPC in C++.
	host = strings.TrimPrefix(strings.TrimPrefix(host, "ipv4:"), "ipv6:")
	host, port, err := splitHostPort(strings.TrimSuffix(host, "/"))
	if err != nil {
		return address{}, fmt.Errorf("dissectd: %q isn't the address of a daemon: %w", text, err)
	}
	ip, _ := netip.ParseAddr(host)
	return address{
		target: "dns:///" + net.JoinHostPort(host, port),
		https:  https,
		http:   http,
		local:  host == "localhost" || ip.IsLoopback(),
	}, nil
}

func splitHostPort(text string) (host, port string, err error) {
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if _, err := netip.ParseAddr(bare); err == nil {
		return bare, defaultPort, nil
	}
	if !strings.Contains(text, ":") {
		return text, defaultPort, nil
	}
	host, port, err = net.SplitHostPort(text)
	if host == "" {
		host = "localhost"
	}
	return host, port, err
}
