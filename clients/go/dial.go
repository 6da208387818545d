// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

// Client is a connection to a daemon. Its methods and services can be used by
// several goroutines at once.
type Client struct {
	Analysis    v1.AnalysisServiceClient
	Captures    v1.CaptureServiceClient
	Dissection  v1.DissectionServiceClient
	Export      v1.ExportServiceClient
	Files       v1.FileServiceClient
	Filters     v1.FilterServiceClient
	Preferences v1.PreferenceServiceClient
	Registry    v1.RegistryServiceClient
	Server      v1.ServerServiceClient
	Sessions    v1.SessionServiceClient

	connection *grpc.ClientConn
}

type options struct {
	tls   *tls.Config
	token string
	grpc  []grpc.DialOption
}

// Option changes how Dial connects.
type Option func(*options)

// WithTLS uses TLS. An empty Config trusts the authorities that this machine trusts.
func WithTLS(config *tls.Config) Option {
	return func(o *options) { o.tls = config }
}

// WithToken sends a token with each call. It isn't sent to other machines without TLS.
func WithToken(token string) Option {
	return func(o *options) { o.token = token }
}

// WithGRPC adds options of grpc-go, such as interceptors.
func WithGRPC(dialOptions ...grpc.DialOption) Option {
	return func(o *options) { o.grpc = append(o.grpc, dialOptions...) }
}

// Dial returns a client of the daemon at an address: HOST:PORT, https://HOST:PORT,
// unix:/PATH, and others that dissectctl takes as well. If the address is empty, it
// is that of the variable DISSECTD_SERVER, or else localhost:50051.
//
// Without options, the variables DISSECTD_TLS_CA, DISSECTD_TOKEN and
// DISSECTD_TOKEN_FILE apply as for dissectctl. Contexts of dissectctl don't.
//
// Dial doesn't wait for the daemon: the first call tells whether it answers.
func Dial(server string, opts ...Option) (*Client, error) {
	server = cmp.Or(server, os.Getenv("DISSECTD_SERVER"), "localhost")
	daemon, err := parseAddress(server)
	if err != nil {
		return nil, err
	}
	chosen, err := chosenOptions(daemon, opts)
	if err != nil {
		return nil, err
	}
	dialOptions := []grpc.DialOption{
		grpc.WithTransportCredentials(transport(chosen.tls)),
		grpc.WithChainUnaryInterceptor(convertUnaryError),
		grpc.WithChainStreamInterceptor(convertStreamErrors),
		// A batch of frames exceeds its limit by up to one frame.
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)),
		// Streams end with an error if the network is gone. The daemon closes connections
		// that ask more often than every five minutes.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 6 * time.Minute}),
	}
	if chosen.token != "" {
		dialOptions = append(dialOptions, grpc.WithPerRPCCredentials(bearer{chosen.token}))
	}
	connection, err := grpc.NewClient(daemon.target, append(dialOptions, chosen.grpc...)...)
	if err != nil {
		return nil, fmt.Errorf("dissectd: %w", err)
	}
	return newClient(connection), nil
}

func newClient(connection *grpc.ClientConn) *Client {
	return &Client{
		Analysis:    v1.NewAnalysisServiceClient(connection),
		Captures:    v1.NewCaptureServiceClient(connection),
		Dissection:  v1.NewDissectionServiceClient(connection),
		Export:      v1.NewExportServiceClient(connection),
		Files:       v1.NewFileServiceClient(connection),
		Filters:     v1.NewFilterServiceClient(connection),
		Preferences: v1.NewPreferenceServiceClient(connection),
		Registry:    v1.NewRegistryServiceClient(connection),
		Server:      v1.NewServerServiceClient(connection),
		Sessions:    v1.NewSessionServiceClient(connection),
		connection:  connection,
	}
}

// Close ends the connection, and all calls that use it. Calls after it fail with an
// *Error that wraps net.ErrClosed.
func (c *Client) Close() error {
	return c.connection.Close()
}

func chosenOptions(daemon address, opts []Option) (options, error) {
	var chosen options
	for _, option := range opts {
		option(&chosen)
	}
	if err := chosen.addVariables(daemon); err != nil {
		return options{}, err
	}
	if chosen.tls != nil && (daemon.http || strings.HasPrefix(daemon.target, "unix:")) {
		return options{}, fmt.Errorf("dissectd: %s is an address without TLS", daemon.target)
	}
	if chosen.token != "" && chosen.tls == nil && !daemon.local {
		return options{}, fmt.Errorf("dissectd: the token isn't sent to %s without TLS, "+
			"as others could read it; use WithTLS or https://", daemon.target)
	}
	return chosen, nil
}

// addVariables adds what the environment says and the options leave open.
func (o *options) addVariables(daemon address) error {
	if authorities := os.Getenv("DISSECTD_TLS_CA"); o.tls == nil && authorities != "" {
		pem, err := os.ReadFile(authorities)
		if err != nil {
			return fmt.Errorf("dissectd: DISSECTD_TLS_CA: %w", err)
		}
		o.tls = &tls.Config{RootCAs: x509.NewCertPool()}
		if !o.tls.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("dissectd: %q has no certificates in PEM", authorities)
		}
	}
	if daemon.https && o.tls == nil {
		o.tls = &tls.Config{}
	}
	o.token = cmp.Or(o.token, os.Getenv("DISSECTD_TOKEN"))
	if file := os.Getenv("DISSECTD_TOKEN_FILE"); o.token == "" && file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("dissectd: DISSECTD_TOKEN_FILE: %w", err)
		}
		o.token = firstToken(string(text))
	}
	return nil
}

// firstToken returns the first line that is neither empty nor a comment.
func firstToken(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

func transport(config *tls.Config) credentials.TransportCredentials {
	if config == nil {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(config)
}

// bearer sends a token. Dial has checked where it goes.
type bearer struct{ token string }

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + b.token}, nil
}

func (bearer) RequireTransportSecurity() bool { return false }
