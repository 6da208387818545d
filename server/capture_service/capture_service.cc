// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/capture_service.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/capture_service/feed_capture_call.h"
#include "server/capture_service/watch_capture_call.h"
#include "server/capture_service/watch_statistics_call.h"
#include "server/dumpcap/capture_errors.h"
#include "server/interface/interface_watch_call.h"

namespace dissectd::server {
namespace {

// Ends a call with a capture or an error.
template <typename Response>
Captures::Done AnswerWith(Response* response, DoneFn done) {
  return [response, done = std::move(done)](
             const absl::StatusOr<v1::Capture>& capture) mutable {
    if (capture.ok()) *response->mutable_capture() = *capture;
    done(capture.status());
  };
}

// Finds the name of the interface's default link-layer type.
void FindLinkType(InterfaceQueries* interfaces, const std::string& interface,
                  absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) {
  v1::GetInterfaceCapabilitiesRequest request;
  request.set_interface(interface);
  const auto capabilities =
      std::make_shared<v1::GetInterfaceCapabilitiesResponse>();
  interfaces->GetCapabilities(request, capabilities.get(),
                              [capabilities, interface, done = std::move(done)](
                                  const absl::Status& status) mutable {
                                if (!status.ok()) {
                                  done(status);
                                } else if (capabilities->link_types().empty()) {
                                  done(errors::InterfaceNotFound(interface));
                                } else {
                                  done(capabilities->link_types(0).name());
                                }
                              });
}

}  // namespace

CaptureService::CaptureService(const RpcService::Deps& rpc, const Deps& deps)
    : RpcService(rpc, "dissectd.v1.CaptureService"), deps_(deps) {
  BindOnLoop("ListInterfaces", &CaptureService::ListInterfaces);
  BindOnLoop("GetInterfaceCapabilities",
             &CaptureService::GetInterfaceCapabilities);
  BindStream("WatchInterfaceStatistics", WorkerUse::kNone,
             &CaptureService::WatchInterfaceStatistics);
  BindOnLoop("CompileCaptureFilter", &CaptureService::CompileCaptureFilter);
  BindOnLoop("CreateCapture", &CaptureService::CreateCapture);
  BindOnLoop("GetCapture", &CaptureService::GetCapture);
  BindOnLoop("ListCaptures", &CaptureService::ListCaptures);
  BindOnLoop("ListCaptureFiles", &CaptureService::ListCaptureFiles);
  BindStream("WatchCapture", WorkerUse::kNone, &CaptureService::WatchCapture);
  // Calls that watch the same capture share a worker.
  BindStream("WatchCaptureStatistics", WorkerUse::kOnDemand,
             &CaptureService::WatchCaptureStatistics);
  BindOnLoop("StopCapture", &CaptureService::StopCapture);
  BindUpload("FeedCapture", WorkerUse::kNone,
             [this](Context context, grpc::ByteBuffer* response) {
               return FeedCaptureCall::Create(this->deps().loop, deps_.captures,
                                              std::move(context), response);
             });
  BindOnLoop("DeleteCapture", &CaptureService::DeleteCapture);
  BindUnary("ShareCapture", WorkerUse::kNone,
            [this](Context context, const grpc::ByteBuffer&,
                   grpc::ByteBuffer*) -> UnaryReactor* {
              return Refuse<UnaryReactor>(
                  std::move(context),
                  absl::UnimplementedError("The daemon has no policy."));
            });
}

void CaptureService::ListInterfaces(CallContext*,
                                    const v1::ListInterfacesRequest&,
                                    v1::ListInterfacesResponse* response,
                                    DoneFn done) {
  deps_.interfaces->List(response, std::move(done));
}

void CaptureService::GetInterfaceCapabilities(
    CallContext*, const v1::GetInterfaceCapabilitiesRequest& request,
    v1::GetInterfaceCapabilitiesResponse* response, DoneFn done) {
  deps_.interfaces->GetCapabilities(request, response, std::move(done));
}

RpcService::StreamReactor* CaptureService::WatchInterfaceStatistics(
    Context context, const v1::WatchInterfaceStatisticsRequest&) {
  return InterfaceWatchCall::Create(deps().loop, deps_.interface_watch,
                                    std::move(context));
}

void CaptureService::CompileCaptureFilter(
    CallContext*, const v1::CompileCaptureFilterRequest& request,
    v1::CompileCaptureFilterResponse* response, DoneFn done) {
  if (!request.has_interface()) {
    return deps_.filters->Compile(request, response, std::move(done));
  }
  FindLinkType(deps_.interfaces, request.interface(),
               [this, &request, response, done = std::move(done)](
                   const absl::StatusOr<std::string>& link_type) mutable {
                 if (!link_type.ok()) return done(link_type.status());
                 deps_.filters->CompileFor(*link_type, request, response,
                                           std::move(done));
               });
}

void CaptureService::CreateCapture(CallContext* context,
                                   const v1::CreateCaptureRequest& request,
                                   v1::CreateCaptureResponse* response,
                                   DoneFn done) {
  deps_.captures->Create(context->principal(), context->info().share_key,
                         request, AnswerWith(response, std::move(done)));
}

void CaptureService::GetCapture(CallContext*,
                                const v1::GetCaptureRequest& request,
                                v1::GetCaptureResponse* response, DoneFn done) {
  const absl::StatusOr<std::shared_ptr<Capture>> capture =
      deps_.captures->Find(request.name());
  if (capture.ok()) {
    (*capture)->Touch();
    *response->mutable_capture() = (*capture)->description();
  }
  done(capture.status());
}

void CaptureService::ListCaptures(CallContext*,
                                  const v1::ListCapturesRequest& request,
                                  v1::ListCapturesResponse* response,
                                  DoneFn done) {
  done(deps_.captures->List(request, response));
}

void CaptureService::ListCaptureFiles(
    CallContext*, const v1::ListCaptureFilesRequest& request,
    v1::ListCaptureFilesResponse* response, DoneFn done) {
  done(deps_.captures->ListFiles(request, response));
}

RpcService::StreamReactor* CaptureService::WatchCapture(
    Context context, const v1::WatchCaptureRequest& request) {
  return WatchCaptureCall::Create(deps().loop, deps_.captures,
                                  std::move(context), request);
}

RpcService::StreamReactor* CaptureService::WatchCaptureStatistics(
    Context context, const v1::WatchCaptureStatisticsRequest& request) {
  return WatchStatisticsCall::Create(deps().loop, deps_.capture_statistics,
                                     std::move(context), request);
}

void CaptureService::StopCapture(CallContext*,
                                 const v1::StopCaptureRequest& request,
                                 v1::StopCaptureResponse* response,
                                 DoneFn done) {
  deps_.captures->Stop(request.name(), request.mode(),
                       AnswerWith(response, std::move(done)));
}

void CaptureService::DeleteCapture(CallContext*,
                                   const v1::DeleteCaptureRequest& request,
                                   v1::DeleteCaptureResponse*, DoneFn done) {
  deps_.captures->Delete(request, std::move(done));
}

}  // namespace dissectd::server
