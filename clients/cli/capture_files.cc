// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_files.h"

#include "clients/cli/pages.h"
#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {

grpc::Status ForEachCaptureFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& capture,
    const std::function<void(const v1::CaptureFile&)>& use) {
  const auto stub = v1::CaptureService::NewStub(channel);
  v1::ListCaptureFilesRequest request;
  request.set_name(capture);
  return ForEachPage(stub.get(), &v1::CaptureService::Stub::ListCaptureFiles,
                     request, [&use](const v1::ListCaptureFilesResponse& page) {
                       for (const v1::CaptureFile& file : page.files()) {
                         use(file);
                       }
                     });
}

}  // namespace dissectd::cli
