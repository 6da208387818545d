// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_QUERIES_H_
#define SERVER_INTERFACE_INTERFACE_QUERIES_H_

#include "dissectd/v1/capture.pb.h"
#include "server/base/done_fn.h"
#include "server/dumpcap/dumpcap.h"

namespace dissectd::server {

// Answers what dumpcap knows of interfaces. Used on the loop's thread only.
class InterfaceQueries {
 public:
  // `dumpcap` is not owned and outlives this.
  explicit InterfaceQueries(Dumpcap* dumpcap) : dumpcap_(dumpcap) {}

  // CaptureService.ListInterfaces. The response lasts until `done` is called.
  void List(v1::ListInterfacesResponse* response, DoneFn done);

  // CaptureService.GetInterfaceCapabilities. The response lasts until `done` is
  // called.
  void GetCapabilities(const v1::GetInterfaceCapabilitiesRequest& request,
                       v1::GetInterfaceCapabilitiesResponse* response,
                       DoneFn done);

 private:
  Dumpcap* const dumpcap_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_QUERIES_H_
