// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/catalog_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "bench/client.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "dissectd/v1/filter.pb.h"
#include "dissectd/v1/registry.grpc.pb.h"
#include "dissectd/v1/registry.pb.h"

namespace dissectd {
namespace {

void Complete(v1::FilterService::Stub* stub, const std::string& text) {
  v1::CompleteFilterRequest request;
  request.set_filter(text);
  request.set_cursor(static_cast<uint32_t>(text.size()));
  grpc::ClientContext context;
  v1::CompleteFilterResponse response;
  const grpc::Status status =
      stub->CompleteFilter(&context, request, &response);
  if (!status.ok()) Fail(text + ": " + status.error_message());
}

}  // namespace

void MeasureRegistry(const std::string& server) {
  const ChannelPtr channel = Connect(server);
  const auto stub = v1::RegistryService::NewStub(channel);
  const Clock::time_point began = Clock::now();
  grpc::ClientContext context;
  const auto reader = stub->ReadRegistry(&context, {});
  size_t protocols = 0;
  size_t fields = 0;
  v1::ReadRegistryResponse response;
  while (reader->Read(&response)) {
    protocols += static_cast<size_t>(response.protocols_size());
    fields += static_cast<size_t>(response.fields_size());
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) Fail("registry: " + status.error_message());
  std::printf("{\"protocols\": %zu, \"fields\": %zu, \"seconds\": %.6f}\n",
              protocols, fields, SecondsSince(began));
}

void MeasureCompletion(const std::string& server,
                       const std::vector<std::string>& texts) {
  const ChannelPtr channel = Connect(server);
  const auto stub = v1::FilterService::NewStub(channel);
  // The first request makes the daemon build an index.
  Complete(stub.get(), "");
  std::vector<double> seconds;
  for (const std::string& text : texts) {
    for (size_t length = 1; length <= text.size(); ++length) {
      const Clock::time_point began = Clock::now();
      Complete(stub.get(), text.substr(0, length));
      seconds.push_back(SecondsSince(began));
    }
  }
  PrintQuantiles(seconds);
}

}  // namespace dissectd
