// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_CAPTURE_SERVICE_H_
#define SERVER_CAPTURE_SERVICE_CAPTURE_SERVICE_H_

#include "dissectd/v1/capture.pb.h"
#include "server/base/done_fn.h"
#include "server/capture/captures.h"
#include "server/capture_filter/filter_compiler.h"
#include "server/capture_statistics/capture_statistics.h"
#include "server/interface/interface_queries.h"
#include "server/interface/interface_watch.h"
#include "server/policy/resource_access.h"
#include "server/rpc/rpc_service.h"

namespace dissectd::server {

// dissectd.v1.CaptureService: passes each call to the loop. Thread-safe.
class CaptureService final : public RpcService {
 public:
  // Nothing is owned; everything outlives this.
  struct Deps {
    Captures* captures;
    InterfaceQueries* interfaces;
    InterfaceWatch* interface_watch;
    FilterCompiler* filters;
    CaptureStatisticsPool* capture_statistics;
    const ResourceAccess* access;
  };

  CaptureService(const RpcService::Deps& rpc, const Deps& deps);

 private:
  void ListInterfaces(CallContext* context,
                      const v1::ListInterfacesRequest& request,
                      v1::ListInterfacesResponse* response, DoneFn done);
  void GetInterfaceCapabilities(
      CallContext* context, const v1::GetInterfaceCapabilitiesRequest& request,
      v1::GetInterfaceCapabilitiesResponse* response, DoneFn done);
  StreamReactor* WatchInterfaceStatistics(
      Context context, const v1::WatchInterfaceStatisticsRequest& request);
  void CompileCaptureFilter(CallContext* context,
                            const v1::CompileCaptureFilterRequest& request,
                            v1::CompileCaptureFilterResponse* response,
                            DoneFn done);
  void CreateCapture(CallContext* context,
                     const v1::CreateCaptureRequest& request,
                     v1::CreateCaptureResponse* response, DoneFn done);
  void GetCapture(CallContext* context, const v1::GetCaptureRequest& request,
                  v1::GetCaptureResponse* response, DoneFn done);
  void ListCaptures(CallContext* context,
                    const v1::ListCapturesRequest& request,
                    v1::ListCapturesResponse* response, DoneFn done);
  void ListCaptureFiles(CallContext* context,
                        const v1::ListCaptureFilesRequest& request,
                        v1::ListCaptureFilesResponse* response, DoneFn done);
  StreamReactor* WatchCapture(Context context,
                              const v1::WatchCaptureRequest& request);
  StreamReactor* WatchCaptureStatistics(
      Context context, const v1::WatchCaptureStatisticsRequest& request);
  void StopCapture(CallContext* context, const v1::StopCaptureRequest& request,
                   v1::StopCaptureResponse* response, DoneFn done);
  void DeleteCapture(CallContext* context,
                     const v1::DeleteCaptureRequest& request,
                     v1::DeleteCaptureResponse* response, DoneFn done);

  void ShareCapture(CallContext* context,
                    const v1::ShareCaptureRequest& request,
                    v1::ShareCaptureResponse* response, DoneFn done);

  // Checks what a call wants to do with a capture. From any thread.
  absl::Status CheckCapture(CallContext* context, Use use,
                            const std::string& name) const;
  absl::Status CheckInterface(CallContext* context,
                              const std::string& interface) const;
  // Checks the interfaces that are to be captured from.
  absl::Status CheckInterfaces(CallContext* context,
                               const v1::CaptureOptions& options) const;

  const Deps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_CAPTURE_SERVICE_H_
