// SPDX-License-Identifier: Apache-2.0

// Jobs shows what people do most often with the daemon: `jobs JOB ARGUMENT...`.
// DISSECTD_SERVER has the daemon's address.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	dissectd "github.com/dissectd/dissectd/clients/go"
	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

func count(ctx context.Context, client *dissectd.Client, file string) error {
	// [job count]
	counts := map[string]int{}
	for frame, err := range client.Frames(ctx, dissectd.File(file, &v1.View{Columns: dissectd.Columns("%p")})) {
		if err != nil {
			return err
		}
		counts[frame.Columns[0]]++
	}
	for _, protocol := range slices.Sorted(maps.Keys(counts)) {
		fmt.Println(protocol, counts[protocol])
	}
	// [end]
	return nil
}

func dns(ctx context.Context, client *dissectd.Client, file string) error {
	// [job dns]
	view := &v1.View{DisplayFilter: "dns", Columns: dissectd.Columns("%s", "%d", "%i")}
	for frame, err := range client.Frames(ctx, dissectd.File(file, view)) {
		if err != nil {
			return err
		}
		fmt.Println(asJSON(row{frame.Columns[0], frame.Columns[1], frame.Columns[2]}))
	}
	// [end]
	return nil
}

func http(ctx context.Context, client *dissectd.Client, file string) error {
	// [job http]
	view := &v1.View{DisplayFilter: "http.request", Fields: []string{"http.host", "http.request.uri"}}
	for frame, err := range client.Frames(ctx, dissectd.File(file, view)) {
		if err != nil {
			return err
		}
		fmt.Printf("%d.%09d %s %s\n", frame.Time.Unix(), frame.Time.Nanosecond(),
			frame.Value("http.host"), frame.Value("http.request.uri"))
	}
	// [end]
	return nil
}

func tree(ctx context.Context, client *dissectd.Client, file string, number uint32) error {
	// [job tree]
	view := &v1.View{Tree: v1.TreeDetail_TREE_DETAIL_FULL, Labels: true}
	view.Range = &v1.FrameRange{FirstFrame: number, LastFrame: number}
	for frame, err := range client.Frames(ctx, dissectd.File(file, view)) {
		if err != nil {
			return err
		}
		for _, node := range frame.Tree {
			fmt.Println(strings.Repeat("  ", node.Depth) + node.Label())
		}
	}
	// [end]
	return nil
}

func follow(ctx context.Context, client *dissectd.Client, file, follower string, stream uint32) error {
	// [job follow]
	for chunk, err := range client.Follow(ctx, file, follower, stream) {
		if err != nil {
			return err
		}
		if chunk.GetFromServer() {
			fmt.Print(hex.EncodeToString(chunk.GetData()))
		}
	}
	fmt.Println()
	// [end]
	return nil
}

func live(ctx context.Context, client *dissectd.Client, port string) error {
	// [job live]
	capture, err := client.StartCapture(ctx, "lo", "udp port "+port, &v1.StopConditions{Packets: 5})
	if err != nil {
		return err
	}
	view := &v1.View{Fields: []string{"udp.srcport", "udp.dstport"}}
	for frame, err := range client.Frames(ctx, dissectd.Live(capture, view)) {
		if err != nil {
			return err
		}
		fmt.Println(frame.Value("udp.srcport"), frame.Value("udp.dstport"), frame.OriginalLength)
	}
	// The frames end when the capture does.
	fmt.Println("stopped")
	// [end]
	return nil
}

func interfaces(ctx context.Context, client *dissectd.Client) error {
	// [job interfaces]
	response, err := client.Captures.ListInterfaces(ctx, &v1.ListInterfacesRequest{})
	if err != nil {
		return err
	}
	for _, device := range response.GetInterfaces() {
		fmt.Println(device.GetName(), strings.Join(device.GetAddresses(), ","))
	}
	// [end]
	return nil
}

func wrongFilter(ctx context.Context, client *dissectd.Client, filter string) error {
	// [job wrong-filter]
	var wrong *dissectd.Error
	if errors.As(client.CheckFilter(ctx, filter), &wrong) {
		fmt.Println(wrong.Underline(filter))
		os.Exit(2)
	}
	// [end]
	return nil
}

func upload(ctx context.Context, client *dissectd.Client, local, filter string) error {
	// [job upload]
	file, err := client.Upload(ctx, local)
	if err != nil {
		return err
	}
	passing := 0
	for _, err := range client.Frames(ctx, dissectd.File(file, &v1.View{DisplayFilter: filter})) {
		if err != nil {
			return errors.Join(err, client.Delete(ctx, file))
		}
		passing++
	}
	fmt.Println(passing)
	err = client.Delete(ctx, file)
	// [end]
	return err
}

func rates(ctx context.Context, client *dissectd.Client, port string, seconds int) error {
	// [job rates]
	capture, err := client.StartCapture(ctx, "lo", "udp port "+port, nil)
	if err != nil {
		return err
	}
	for rate, err := range client.Rates(ctx, capture) {
		if err != nil {
			return err
		}
		fmt.Println(rate.GetCounts().GetPackets())
		if seconds--; seconds == 0 {
			break
		}
	}
	_, err = client.StopCapture(ctx, capture)
	// [end]
	return err
}

type row struct {
	Source      string `json:"src"`
	Destination string `json:"dst"`
	Info        string `json:"info"`
}

func asJSON(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

func number(text string) int {
	value, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		fail(err)
	}
	return int(value)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "jobs:", err)
	os.Exit(1)
}

func run(ctx context.Context, client *dissectd.Client, job string, arguments []string) error {
	// Missing arguments are empty ones.
	a := append(arguments, "", "", "")
	switch job {
	case "count":
		return count(ctx, client, a[0])
	case "dns":
		return dns(ctx, client, a[0])
	case "http":
		return http(ctx, client, a[0])
	case "tree":
		return tree(ctx, client, a[0], uint32(number(a[1])))
	case "follow":
		return follow(ctx, client, a[0], a[1], uint32(number(a[2])))
	case "live":
		return live(ctx, client, a[0])
	case "interfaces":
		return interfaces(ctx, client)
	case "wrong-filter":
		return wrongFilter(ctx, client, a[0])
	case "upload":
		return upload(ctx, client, a[0], a[1])
	case "rates":
		return rates(ctx, client, a[0], number(a[1]))
	default:
		return fmt.Errorf("there is no job %q", job)
	}
}

func main() {
	if len(os.Args) < 2 {
		fail(errors.New("usage: jobs JOB ARGUMENT..."))
	}
	client, err := dissectd.Dial("")
	if err != nil {
		fail(err)
	}
	if err := run(context.Background(), client, os.Args[1], os.Args[2:]); err != nil {
		fail(err)
	}
}
