// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_files.h"

#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {

grpc::Status ForEachCaptureFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& capture,
    const std::function<void(const v1::CaptureFile&)>& use) {
  const auto stub = v1::CaptureService::NewStub(channel);
  v1::ListCaptureFilesRequest request;
  request.set_name(capture);
  do {
    grpc::ClientContext context;
    v1::ListCaptureFilesResponse response;
    const grpc::Status status =
        stub->ListCaptureFiles(&context, request, &response);
    if (!status.ok()) return status;
    for (const v1::CaptureFile& file : response.files()) use(file);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return grpc::Status::OK;
}

}  // namespace dissectd::cli
