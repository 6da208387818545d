// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_QUERIES_H_
#define SERVER_INTERFACE_INTERFACE_QUERIES_H_

#include <grpcpp/server_context.h>

#include "dissectd/v1/capture.pb.h"
#include "server/dumpcap/dumpcap.h"
#include "server/rpc/loop_call.h"

namespace dissectd::server {

// Asks dumpcap about interfaces. Used on the loop's thread only.
class InterfaceQueries {
 public:
  // `dumpcap` is not owned and outlives this.
  explicit InterfaceQueries(Dumpcap* dumpcap) : dumpcap_(dumpcap) {}

  // Implements CaptureService.ListInterfaces. The response outlives the call of
  // `done`.
  void List(v1::ListInterfacesResponse* response, LoopCallDone done);

  // Implements CaptureService.GetInterfaceCapabilities. The response outlives
  // the call of `done`.
  void GetCapabilities(const v1::GetInterfaceCapabilitiesRequest& request,
                       v1::GetInterfaceCapabilitiesResponse* response,
                       LoopCallDone done);

 private:
  Dumpcap* const dumpcap_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_QUERIES_H_
