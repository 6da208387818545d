// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_QUERIES_H_
#define SERVER_INTERFACE_INTERFACE_QUERIES_H_

#include "dissectd/v1/capture.pb.h"
#include "server/base/done_fn.h"
#include "server/base/thread_checker.h"
#include "server/dumpcap/dumpcap.h"
#include "server/extcap/extcap.h"
#include "server/process/command_runner.h"

namespace dissectd::server {

// Asks dumpcap and extcap programs about interfaces. No program runs for askers
// that have gone (CANCELLED). Used on the loop's thread only.
class InterfaceQueries {
 public:
  // `dumpcap` and `extcap` are not owned and outlive this.
  InterfaceQueries(Dumpcap* dumpcap, Extcap* extcap)
      : dumpcap_(dumpcap), extcap_(extcap) {}

  // Implements CaptureService.ListInterfaces. The response outlives the call of
  // `done`.
  void List(const CommandRunner::Asker& asker,
            v1::ListInterfacesResponse* response, DoneFn done);

  // Implements CaptureService.GetInterfaceCapabilities. The response outlives
  // the call of `done`.
  void GetCapabilities(const CommandRunner::Asker& asker,
                       const v1::GetInterfaceCapabilitiesRequest& request,
                       v1::GetInterfaceCapabilitiesResponse* response,
                       DoneFn done);

 private:
  void ListExtcap(v1::ListInterfacesResponse* response, DoneFn done);
  void DescribeExtcap(const CommandRunner::Asker& asker,
                      const v1::GetInterfaceCapabilitiesRequest& request,
                      v1::GetInterfaceCapabilitiesResponse* response,
                      DoneFn done);

  Dumpcap* const dumpcap_;
  Extcap* const extcap_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_QUERIES_H_
