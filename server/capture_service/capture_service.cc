// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/capture_service.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/capture_service/watch_capture_call.h"
#include "server/capture_service/watch_statistics_call.h"
#include "server/dumpcap/capture_errors.h"
#include "server/interface/interface_watch_call.h"
#include "server/rpc/loop_call.h"

namespace dissectd::server {
namespace {

// Ends a call with a capture or an error.
template <typename Response>
Captures::Done AnswerWith(Response* response, LoopCallDone done) {
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

template <typename Start>
grpc::ServerUnaryReactor* CaptureService::OnLoop(
    grpc::CallbackServerContext* context, Start start) {
  return StartOnLoop(deps_.loop, deps_.tracker, context, std::move(start));
}

grpc::ServerUnaryReactor* CaptureService::ListInterfaces(
    grpc::CallbackServerContext* context, const v1::ListInterfacesRequest*,
    v1::ListInterfacesResponse* response) {
  return OnLoop(context, [this, response](LoopCallDone done) {
    deps_.interfaces->List(response, std::move(done));
  });
}

grpc::ServerUnaryReactor* CaptureService::GetInterfaceCapabilities(
    grpc::CallbackServerContext* context,
    const v1::GetInterfaceCapabilitiesRequest* request,
    v1::GetInterfaceCapabilitiesResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    deps_.interfaces->GetCapabilities(*request, response, std::move(done));
  });
}

grpc::ServerWriteReactor<v1::WatchInterfaceStatisticsResponse>*
CaptureService::WatchInterfaceStatistics(
    grpc::CallbackServerContext*, const v1::WatchInterfaceStatisticsRequest*) {
  return InterfaceWatchCall::Create(deps_.loop, deps_.interface_watch,
                                    deps_.tracker->Enter());
}

grpc::ServerUnaryReactor* CaptureService::CompileCaptureFilter(
    grpc::CallbackServerContext* context,
    const v1::CompileCaptureFilterRequest* request,
    v1::CompileCaptureFilterResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    if (!request->has_interface()) {
      return deps_.filters->Compile(*request, response, std::move(done));
    }
    FindLinkType(deps_.interfaces, request->interface(),
                 [this, request, response, done = std::move(done)](
                     const absl::StatusOr<std::string>& link_type) mutable {
                   if (!link_type.ok()) return done(link_type.status());
                   deps_.filters->CompileFor(*link_type, *request, response,
                                             std::move(done));
                 });
  });
}

grpc::ServerUnaryReactor* CaptureService::CreateCapture(
    grpc::CallbackServerContext* context,
    const v1::CreateCaptureRequest* request,
    v1::CreateCaptureResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    deps_.captures->Create(*request, AnswerWith(response, std::move(done)));
  });
}

grpc::ServerUnaryReactor* CaptureService::GetCapture(
    grpc::CallbackServerContext* context, const v1::GetCaptureRequest* request,
    v1::GetCaptureResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    const absl::StatusOr<std::shared_ptr<Capture>> capture =
        deps_.captures->Find(request->name());
    if (capture.ok()) {
      *response->mutable_capture() = (*capture)->description();
    }
    done(capture.status());
  });
}

grpc::ServerUnaryReactor* CaptureService::ListCaptures(
    grpc::CallbackServerContext* context,
    const v1::ListCapturesRequest* request,
    v1::ListCapturesResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    done(deps_.captures->List(*request, response));
  });
}

grpc::ServerUnaryReactor* CaptureService::ListCaptureFiles(
    grpc::CallbackServerContext* context,
    const v1::ListCaptureFilesRequest* request,
    v1::ListCaptureFilesResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    done(deps_.captures->ListFiles(*request, response));
  });
}

grpc::ServerWriteReactor<v1::WatchCaptureResponse>*
CaptureService::WatchCapture(grpc::CallbackServerContext*,
                             const v1::WatchCaptureRequest* request) {
  return WatchCaptureCall::Create(deps_.loop, deps_.captures,
                                  deps_.tracker->Enter(), *request);
}

grpc::ServerWriteReactor<v1::WatchCaptureStatisticsResponse>*
CaptureService::WatchCaptureStatistics(
    grpc::CallbackServerContext*,
    const v1::WatchCaptureStatisticsRequest* request) {
  return WatchStatisticsCall::Create(deps_.loop, deps_.capture_statistics,
                                     deps_.tracker->Enter(), *request);
}

grpc::ServerUnaryReactor* CaptureService::StopCapture(
    grpc::CallbackServerContext* context, const v1::StopCaptureRequest* request,
    v1::StopCaptureResponse* response) {
  return OnLoop(context, [this, request, response](LoopCallDone done) {
    deps_.captures->Stop(request->name(), request->mode(),
                         AnswerWith(response, std::move(done)));
  });
}

grpc::ServerUnaryReactor* CaptureService::DeleteCapture(
    grpc::CallbackServerContext* context,
    const v1::DeleteCaptureRequest* request, v1::DeleteCaptureResponse*) {
  return OnLoop(context, [this, request](LoopCallDone done) {
    deps_.captures->Delete(*request, std::move(done));
  });
}

}  // namespace dissectd::server
