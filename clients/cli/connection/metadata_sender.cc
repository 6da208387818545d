// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/metadata_sender.h"

#include <utility>

namespace dissectd::cli {
namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;

using Entry = std::pair<std::string, std::string>;

class MetadataInterceptor final : public Interceptor {
 public:
  explicit MetadataInterceptor(const Entry* entry) : entry_(entry) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->insert(*entry_);
    }
    methods->Proceed();
  }

 private:
  const Entry* const entry_;
};

class MetadataInterceptors final : public ClientInterceptorFactoryInterface {
 public:
  explicit MetadataInterceptors(Entry entry) : entry_(std::move(entry)) {}

  // gRPC owns the result.
  Interceptor* CreateClientInterceptor(ClientRpcInfo* /*info*/) override {
    return std::make_unique<MetadataInterceptor>(&entry_).release();
  }

 private:
  const Entry entry_;
};

}  // namespace

std::unique_ptr<ClientInterceptorFactoryInterface> MetadataSender(
    std::string key, std::string value) {
  return std::make_unique<MetadataInterceptors>(
      Entry{std::move(key), std::move(value)});
}

}  // namespace dissectd::cli
