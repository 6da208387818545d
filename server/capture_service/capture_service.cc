// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/capture_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/capture/capture_options.h"
#include "server/capture_service/asker.h"
#include "server/capture_service/enforced_filters.h"
#include "server/capture_service/feed_capture_call.h"
#include "server/capture_service/watch_capture_call.h"
#include "server/capture_service/watch_statistics_call.h"
#include "server/interface/interface_watch_call.h"
#include "server/policy/keep_if.h"
#include "server/policy/readers.h"

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

std::vector<std::string> ReadersOf(const v1::Capture& capture) {
  return {capture.readers().begin(), capture.readers().end()};
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
                                              deps_.access, std::move(context),
                                              response);
             });
  BindOnLoop("DeleteCapture", &CaptureService::DeleteCapture);
  BindOnLoop("ShareCapture", &CaptureService::ShareCapture);
}

absl::Status CaptureService::CheckCapture(CallContext* context, Use use,
                                          const std::string& name) const {
  context->AddResource(name);
  return deps_.access->CheckCapture(ActorOf(*context), use, name);
}

absl::Status CaptureService::CheckInterface(
    CallContext* context, const std::string& interface) const {
  context->AddResource(absl::StrCat("interfaces/", interface));
  return deps_.access->CheckInterface(ActorOf(*context), interface);
}

absl::Status CaptureService::CheckInterfaces(
    CallContext* context, const v1::CaptureOptions& options) const {
  for (const v1::InterfaceOptions& interface : options.interfaces()) {
    // Packets from the client have no interface of this machine.
    if (interface.from_client()) continue;
    RETURN_IF_ERROR(CheckInterface(context, interface.name()));
  }
  return absl::OkStatus();
}

void CaptureService::ListInterfaces(CallContext* context,
                                    const v1::ListInterfacesRequest&,
                                    v1::ListInterfacesResponse* response,
                                    DoneFn done) {
  deps_.interfaces->List(
      AskerOf(*context), response,
      [this, context, response,
       done = std::move(done)](const absl::Status& status) mutable {
        const Actor actor = ActorOf(*context);
        KeepIf(
            [&](const v1::Interface& interface) {
              return deps_.access->CheckInterface(actor, interface.name()).ok();
            },
            response->mutable_interfaces());
        done(status);
      });
}

void CaptureService::GetInterfaceCapabilities(
    CallContext* context, const v1::GetInterfaceCapabilitiesRequest& request,
    v1::GetInterfaceCapabilitiesResponse* response, DoneFn done) {
  const absl::Status permitted = CheckInterface(context, request.interface());
  if (!permitted.ok()) return done(permitted);
  deps_.interfaces->GetCapabilities(AskerOf(*context), request, response,
                                    std::move(done));
}

RpcService::StreamReactor* CaptureService::WatchInterfaceStatistics(
    Context context, const v1::WatchInterfaceStatisticsRequest&) {
  return InterfaceWatchCall::Create(deps().loop, deps_.interface_watch,
                                    deps_.access, std::move(context));
}

void CaptureService::CompileCaptureFilter(
    CallContext* context, const v1::CompileCaptureFilterRequest& request,
    v1::CompileCaptureFilterResponse* response, DoneFn done) {
  if (!request.has_interface()) {
    return deps_.filters->Compile(AskerOf(*context), request, response,
                                  std::move(done));
  }
  const absl::Status permitted = CheckInterface(context, request.interface());
  if (!permitted.ok()) return done(permitted);
  FindLinkType(deps_.interfaces, AskerOf(*context), request.interface(), false,
               [this, context, &request, response, done = std::move(done)](
                   const absl::StatusOr<std::string>& link_type) mutable {
                 if (!link_type.ok()) return done(link_type.status());
                 deps_.filters->CompileFor(AskerOf(*context), *link_type,
                                           request, response, std::move(done));
               });
}

void CaptureService::CreateCapture(CallContext* context,
                                   const v1::CreateCaptureRequest& request,
                                   v1::CreateCaptureResponse* response,
                                   DoneFn done) {
  absl::Status permitted =
      CheckCaptureOptions(request.options(), deps_.captures->policy());
  if (permitted.ok()) permitted = CheckInterfaces(context, request.options());
  if (!permitted.ok()) return done(permitted);
  EnforcedFilters::Add(
      {deps_.captures, deps_.interfaces, deps_.filters, deps_.access}, *context,
      request,
      [this, context, response, done = std::move(done)](
          const absl::StatusOr<v1::CreateCaptureRequest>& enforced) mutable {
        if (!enforced.ok()) return done(enforced.status());
        deps_.captures->Create(
            context->principal(), context->info().share_key, *enforced,
            AnswerWith(response, [context, response, done = std::move(done)](
                                     const absl::Status& status) mutable {
              if (status.ok()) context->AddResource(response->capture().name());
              done(status);
            }));
      });
}

void CaptureService::GetCapture(CallContext* context,
                                const v1::GetCaptureRequest& request,
                                v1::GetCaptureResponse* response, DoneFn done) {
  const absl::Status permitted =
      CheckCapture(context, Use::kRead, request.name());
  if (!permitted.ok()) return done(permitted);
  const absl::StatusOr<std::shared_ptr<Capture>> capture =
      deps_.captures->Find(request.name());
  if (capture.ok()) {
    (*capture)->Touch();
    *response->mutable_capture() = (*capture)->description();
  }
  done(capture.status());
}

void CaptureService::ListCaptures(CallContext* context,
                                  const v1::ListCapturesRequest& request,
                                  v1::ListCapturesResponse* response,
                                  DoneFn done) {
  const Actor actor = ActorOf(*context);
  done(deps_.captures->List(
      request,
      [&](const std::string& name) {
        return deps_.access->CheckCapture(actor, Use::kRead, name).ok();
      },
      response));
}

void CaptureService::ListCaptureFiles(
    CallContext* context, const v1::ListCaptureFilesRequest& request,
    v1::ListCaptureFilesResponse* response, DoneFn done) {
  const absl::Status permitted =
      CheckCapture(context, Use::kRead, request.name());
  if (!permitted.ok()) return done(permitted);
  done(deps_.captures->ListFiles(request, response));
}

RpcService::StreamReactor* CaptureService::WatchCapture(
    Context context, const v1::WatchCaptureRequest& request) {
  const absl::Status permitted =
      CheckCapture(context.get(), Use::kRead, request.name());
  if (!permitted.ok()) {
    return Refuse<StreamReactor>(std::move(context), permitted);
  }
  return WatchCaptureCall::Create(deps().loop, deps_.captures,
                                  std::move(context), request);
}

RpcService::StreamReactor* CaptureService::WatchCaptureStatistics(
    Context context, const v1::WatchCaptureStatisticsRequest& request) {
  const absl::Status permitted =
      CheckCapture(context.get(), Use::kRead, request.name());
  if (!permitted.ok()) {
    return Refuse<StreamReactor>(std::move(context), permitted);
  }
  return WatchStatisticsCall::Create(deps().loop, deps_.capture_statistics,
                                     std::move(context), request);
}

void CaptureService::StopCapture(CallContext* context,
                                 const v1::StopCaptureRequest& request,
                                 v1::StopCaptureResponse* response,
                                 DoneFn done) {
  const absl::Status permitted =
      CheckCapture(context, Use::kChange, request.name());
  if (!permitted.ok()) return done(permitted);
  deps_.captures->Stop(request.name(), request.mode(),
                       AnswerWith(response, std::move(done)));
}

void CaptureService::DeleteCapture(CallContext* context,
                                   const v1::DeleteCaptureRequest& request,
                                   v1::DeleteCaptureResponse*, DoneFn done) {
  const absl::Status permitted =
      CheckCapture(context, Use::kChange, request.name());
  if (!permitted.ok()) return done(permitted);
  deps_.captures->Delete(request, std::move(done));
}

void CaptureService::ShareCapture(CallContext* context,
                                  const v1::ShareCaptureRequest& request,
                                  v1::ShareCaptureResponse* response,
                                  DoneFn done) {
  absl::Status permitted = CheckReaders(request.readers());
  if (permitted.ok()) {
    permitted = CheckCapture(context, Use::kChange, request.name());
  }
  if (!permitted.ok()) return done(permitted);
  const absl::StatusOr<std::shared_ptr<Capture>> capture =
      deps_.captures->Find(request.name());
  if (!capture.ok()) return done(capture.status());
  const std::vector<std::string> before = ReadersOf((*capture)->description());
  deps_.captures->Share(
      request,
      AnswerWith(response, [context, response, before, done = std::move(done)](
                               const absl::Status& status) mutable {
        if (status.ok()) {
          context->NoteReaders(
              ChangeOfReaders(before, ReadersOf(response->capture())));
        }
        done(status);
      }));
}

}  // namespace dissectd::server
