// SPDX-License-Identifier: Apache-2.0

// Package dissectd is a client of dissectd, which serves Wireshark's dissection
// engine and packet capture over gRPC.
//
// Dial connects, and Frames dissects:
//
//	client, err := dissectd.Dial("")
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	view := &v1.View{DisplayFilter: "dns", Fields: []string{"dns.qry.name"}}
//	for frame, err := range client.Frames(ctx, dissectd.File("dns.pcap", view)) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(frame.Number, frame.Value("dns.qry.name"))
//	}
//
// Everything else that the daemon can do is in the generated package dissectdv1,
// whose services are fields of Client. All their errors are of type *Error.
package dissectd
