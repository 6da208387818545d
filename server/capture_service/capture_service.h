// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_CAPTURE_SERVICE_H_
#define SERVER_CAPTURE_SERVICE_CAPTURE_SERVICE_H_

#include <grpcpp/support/server_callback.h>

#include "dissectd/v1/capture.grpc.pb.h"
#include "server/base/io_loop.h"
#include "server/capture/captures.h"
#include "server/capture_filter/filter_compiler.h"
#include "server/capture_statistics/capture_statistics.h"
#include "server/interface/interface_queries.h"
#include "server/interface/interface_watch.h"
#include "server/rpc/call_tracker.h"

namespace dissectd::server {

// Implements dissectd.v1.CaptureService by posting each call to the loop.
// Thread-safe.
class CaptureService final : public v1::CaptureService::CallbackService {
 public:
  // Nothing is owned; all outlives this.
  struct Deps {
    IoLoop* loop;
    CallTracker* tracker;
    Captures* captures;
    InterfaceQueries* interfaces;
    InterfaceWatch* interface_watch;
    FilterCompiler* filters;
    CaptureStatisticsPool* capture_statistics;
  };

  explicit CaptureService(const Deps& deps) : deps_(deps) {}

  grpc::ServerUnaryReactor* ListInterfaces(
      grpc::CallbackServerContext* context,
      const v1::ListInterfacesRequest* request,
      v1::ListInterfacesResponse* response) override;
  grpc::ServerUnaryReactor* GetInterfaceCapabilities(
      grpc::CallbackServerContext* context,
      const v1::GetInterfaceCapabilitiesRequest* request,
      v1::GetInterfaceCapabilitiesResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchInterfaceStatisticsResponse>*
  WatchInterfaceStatistics(
      grpc::CallbackServerContext* context,
      const v1::WatchInterfaceStatisticsRequest* request) override;
  grpc::ServerUnaryReactor* CompileCaptureFilter(
      grpc::CallbackServerContext* context,
      const v1::CompileCaptureFilterRequest* request,
      v1::CompileCaptureFilterResponse* response) override;
  grpc::ServerUnaryReactor* CreateCapture(
      grpc::CallbackServerContext* context,
      const v1::CreateCaptureRequest* request,
      v1::CreateCaptureResponse* response) override;
  grpc::ServerUnaryReactor* GetCapture(
      grpc::CallbackServerContext* context,
      const v1::GetCaptureRequest* request,
      v1::GetCaptureResponse* response) override;
  grpc::ServerUnaryReactor* ListCaptures(
      grpc::CallbackServerContext* context,
      const v1::ListCapturesRequest* request,
      v1::ListCapturesResponse* response) override;
  grpc::ServerUnaryReactor* ListCaptureFiles(
      grpc::CallbackServerContext* context,
      const v1::ListCaptureFilesRequest* request,
      v1::ListCaptureFilesResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchCaptureResponse>* WatchCapture(
      grpc::CallbackServerContext* context,
      const v1::WatchCaptureRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchCaptureStatisticsResponse>*
  WatchCaptureStatistics(
      grpc::CallbackServerContext* context,
      const v1::WatchCaptureStatisticsRequest* request) override;
  grpc::ServerUnaryReactor* StopCapture(
      grpc::CallbackServerContext* context,
      const v1::StopCaptureRequest* request,
      v1::StopCaptureResponse* response) override;
  grpc::ServerUnaryReactor* DeleteCapture(
      grpc::CallbackServerContext* context,
      const v1::DeleteCaptureRequest* request,
      v1::DeleteCaptureResponse* response) override;

 private:
  template <typename Start>
  grpc::ServerUnaryReactor* OnLoop(grpc::CallbackServerContext* context,
                                   Start start);

  const Deps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_CAPTURE_SERVICE_H_
