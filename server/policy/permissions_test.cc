// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/permissions.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "dissectd/v1/analysis.pb.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/export.pb.h"
#include "dissectd/v1/file.pb.h"
#include "dissectd/v1/filter.pb.h"
#include "dissectd/v1/preference.pb.h"
#include "dissectd/v1/registry.pb.h"
#include "dissectd/v1/server.pb.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd::server {
namespace {

void AddMethods(const google::protobuf::ServiceDescriptor& service,
                std::set<std::string>* names) {
  for (int i = 0; i < service.method_count(); ++i) {
    names->insert(service.full_name() + "/" + service.method(i)->name());
  }
}

// Returns the full names of all methods of the API, and of gRPC's service for
// administrators.
std::set<std::string> MethodsOfTheApi() {
  std::set<std::string> names;
  AddMethods(
      *google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          "grpc.channelz.v1.Channelz"),
      &names);
  for (const google::protobuf::Descriptor* message :
       {v1::RunStatisticsRequest::descriptor(),
        v1::OpenSessionRequest::descriptor(), v1::GetFileRequest::descriptor(),
        v1::DissectRequest::descriptor(),
        v1::ExportPacketsRequest::descriptor(),
        v1::CompileFilterRequest::descriptor(),
        v1::GetPreferenceRequest::descriptor(),
        v1::GetProtocolRequest::descriptor(),
        v1::GetServerInfoRequest::descriptor(),
        v1::GetCaptureRequest::descriptor()}) {
    const google::protobuf::FileDescriptor* file = message->file();
    for (int i = 0; i < file->service_count(); ++i) {
      AddMethods(*file->service(i), &names);
    }
  }
  return names;
}

TEST(PermissionsTest, EachMethodOfTheApiHasOneRule) {
  std::set<std::string> ruled;
  for (const MethodRule& rule : MethodRules()) {
    EXPECT_TRUE(ruled.insert(std::string(rule.method)).second) << rule.method;
  }
  EXPECT_GT(ruled.size(), 60u);
  EXPECT_EQ(ruled, MethodsOfTheApi());
}

TEST(PermissionsTest, EachRuleNeedsAPermissionThatExists) {
  for (const MethodRule& rule : MethodRules()) {
    EXPECT_NE(std::find(permissions::All().begin(), permissions::All().end(),
                        rule.permission),
              permissions::All().end())
        << rule.method;
    EXPECT_EQ(FindMethodRule(rule.method), &rule);
  }
  EXPECT_EQ(FindMethodRule("dissectd.v1.FileService/Nothing"), nullptr);
}

}  // namespace
}  // namespace dissectd::server
