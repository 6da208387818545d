// SPDX-License-Identifier: GPL-2.0-or-later

// Calls a daemon with the shipped roles as callers with each of them, and with
// a policy for what they share.

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dissectd/v1/analysis.grpc.pb.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "server/policy/permissions.h"
#include "server/store/testing/opened_folders.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/policy_files.h"

namespace dissectd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

// Longer than any call takes that is answered at all.
constexpr std::chrono::seconds kTimeout(60);

// Calls a method of any kind with an empty request, and takes no answer.
grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& token, const std::string& method) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  Authorize(&context, token);
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  grpc::CompletionQueue queue;
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call = stub.PrepareCall(&context, "/" + method, &queue);
  call->StartCall(&queue);
  grpc::Status status;
  if (wait()) {
    const grpc::Slice nothing("");
    call->WriteLast(grpc::ByteBuffer(&nothing, 1), grpc::WriteOptions(),
                    &queue);
    wait();
    grpc::ByteBuffer received;
    call->Read(&received, &queue);
    // A stream that goes on is permitted.
    if (wait()) context.TryCancel();
  }
  call->Finish(&status, &queue);
  wait();
  return status;
}

// Returns the permission that the daemon says is missing; empty if it says
// anything else.
std::string MissingIn(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::PERMISSION_DENIED) return "";
  const v1::Failure failure = FailureOf(status);
  EXPECT_EQ(failure.reason(), "PERMISSION_MISSING");
  EXPECT_NE(status.error_message().find(failure.metadata().at("permission")),
            std::string::npos)
      << status.error_message();
  return failure.metadata().at("permission");
}

class PolicyTest : public ::testing::Test {
 protected:
  PolicyTest() : daemon_(files_.Arguments()), channel_(daemon_.Connect()) {
    daemon_.store().Write("lab/dns.pcap",
                          ContentsOf("tests/captures/dns.pcap"));
    daemon_.store().Write("other.pcap", ContentsOf("tests/captures/dns.pcap"));
  }

  // Calls a method of a service's stub as the owner of a token.
  template <typename Service, typename Request, typename Response>
  grpc::Status Call(const std::string& token,
                    grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                          const Request&,
                                                          Response*),
                    const Request& request, Response* response) const {
    grpc::ClientContext context;
    Authorize(&context, token);
    return (Service::NewStub(channel_).get()->*method)(&context, request,
                                                       response);
  }

  // Returns the names of all files that are listed to the owner of a token.
  std::vector<std::string> List(const std::string& token) const {
    v1::ListFilesResponse response;
    const grpc::Status status =
        Call<v1::FileService>(token, &v1::FileService::Stub::ListFiles,
                              v1::ListFilesRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> names;
    for (const v1::File& file : response.files()) names.push_back(file.name());
    return names;
  }

  grpc::Status Get(const std::string& token, const std::string& name,
                   v1::File* file = nullptr) const {
    v1::GetFileRequest request;
    request.set_name(name);
    v1::GetFileResponse response;
    grpc::Status status = Call<v1::FileService>(
        token, &v1::FileService::Stub::GetFile, request, &response);
    if (file != nullptr) *file = response.file();
    return status;
  }

  grpc::Status Delete(const std::string& token, const std::string& name) const {
    v1::DeleteFileRequest request;
    request.set_name(name);
    v1::DeleteFileResponse response;
    return Call<v1::FileService>(token, &v1::FileService::Stub::DeleteFile,
                                 request, &response);
  }

  grpc::Status Share(const std::string& token, const std::string& name,
                     const std::vector<std::string>& readers) const {
    v1::ShareFileRequest request;
    request.set_name(name);
    for (const std::string& reader : readers) request.add_readers(reader);
    v1::ShareFileResponse response;
    grpc::Status status = Call<v1::FileService>(
        token, &v1::FileService::Stub::ShareFile, request, &response);
    EXPECT_TRUE(!status.ok() || response.file().readers_size() ==
                                    static_cast<int>(readers.size()));
    return status;
  }

  grpc::Status Append(const std::string& token, const std::string& upload,
                      bool finish, v1::Upload* result) const {
    v1::AppendUploadRequest request;
    request.set_name(upload);
    request.set_finish(finish);
    v1::AppendUploadResponse response;
    grpc::Status status = Call<v1::FileService>(
        token, &v1::FileService::Stub::AppendUpload, request, &response);
    if (result != nullptr) *result = response.upload();
    return status;
  }

  std::string CreateUpload(const std::string& token) const {
    v1::CreateUploadRequest request;
    request.set_file_name("mine.pcap");
    v1::CreateUploadResponse response;
    const grpc::Status status = Call<v1::FileService>(
        token, &v1::FileService::Stub::CreateUpload, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.upload().name();
  }

  // Returns the name of a new file of the owner of a token.
  std::string Upload(const std::string& token) const {
    v1::Upload upload;
    const grpc::Status status =
        Append(token, CreateUpload(token), true, &upload);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return upload.file();
  }

  grpc::Status Export(const std::string& token, const std::string& from,
                      const std::string& to, bool overwrite,
                      v1::File* file = nullptr) const {
    v1::ExportPacketsToFileRequest request;
    request.mutable_export_()->set_file(from);
    request.set_name(to);
    request.set_overwrite(overwrite);
    v1::ExportPacketsToFileResponse response;
    grpc::Status status = Call<v1::ExportService>(
        token, &v1::ExportService::Stub::ExportPacketsToFile, request,
        &response);
    if (file != nullptr) *file = response.file();
    return status;
  }

  grpc::Status DissectFile(const std::string& token,
                           const std::string& file) const {
    grpc::ClientContext context;
    Authorize(&context, token);
    const auto stub = v1::DissectionService::NewStub(channel_);
    v1::DissectRequest request;
    request.set_file(file);
    const auto reader = stub->Dissect(&context, request);
    v1::DissectResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  // Opens a session, and returns its name.
  std::string OpenSession(const std::string& token) const {
    grpc::ClientContext context;
    Authorize(&context, token);
    v1::OpenSessionRequest request;
    request.set_file("files/lab/dns.pcap");
    const auto reader =
        v1::SessionService::NewStub(channel_)->OpenSession(&context, request);
    std::string name;
    v1::OpenSessionResponse response;
    while (reader->Read(&response)) {
      if (response.has_session()) name = response.session().name();
    }
    EXPECT_TRUE(reader->Finish().ok());
    return name;
  }

  // Asks for reports about a file, or about a session if one is named, and
  // returns how that ended.
  grpc::Status RunReports(const std::string& token,
                          const std::vector<v1::Report>& reports,
                          const std::string& session = "") const {
    grpc::ClientContext context;
    Authorize(&context, token);
    v1::RunStatisticsRequest request;
    if (session.empty()) {
      request.mutable_source()->set_file("files/lab/dns.pcap");
    } else {
      request.mutable_source()->set_session(session);
    }
    for (const v1::Report& report : reports) *request.add_reports() = report;
    const auto reader = v1::AnalysisService::NewStub(channel_)->RunStatistics(
        &context, request);
    v1::RunStatisticsResponse response;
    while (reader->Read(&response)) continue;
    return reader->Finish();
  }

  bool MayCall(const std::string& token, const std::string& method) const {
    v1::CheckPolicyRequest request;
    request.set_method(method);
    v1::CheckPolicyResponse response;
    const grpc::Status status = Call<v1::ServerService>(
        token, &v1::ServerService::Stub::CheckPolicy, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.allowed();
  }

  const PolicyFiles files_;
  DaemonProcess daemon_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(PolicyTest, EachMethodIsRefusedToEachRoleWithoutItsPermission) {
  // What the shipped roles have, as their documentation says.
  const std::map<std::string, std::set<std::string>> permissions = {
      {kViewer,
       {"server.info", "registry.read", "filters.compile", "files.read",
        "captures.read", "statistics.read", "dissect"}},
      {kAnalyst,
       {"server.info", "registry.read", "filters.compile", "preferences.read",
        "files.read", "files.write", "captures.read", "statistics.read",
        "dissect", "export"}},
      {kCapturer,
       {"server.info", "registry.read", "filters.compile", "interfaces.list",
        "captures.create", "captures.read", "captures.write", "statistics.read",
        "files.read", "dissect"}},
      {kNobody, {}},
  };
  int refused = 0;
  for (const server::MethodRule& rule : server::MethodRules()) {
    const std::string method(rule.method);
    const std::string permission(rule.permission);
    for (const auto& [token, held] : permissions) {
      const bool allowed = held.count(permission) != 0;
      EXPECT_EQ(MissingIn(CallEmpty(channel_, token, method)),
                allowed ? "" : permission)
          << token << " " << method;
      refused += allowed ? 0 : 1;
      if (token != kNobody) {
        EXPECT_EQ(MayCall(token, method), allowed) << token << " " << method;
      }
    }
    EXPECT_EQ(MissingIn(CallEmpty(channel_, kAdmin, method)), "") << method;
    EXPECT_EQ(CallEmpty(channel_, "wrong", method).error_code(),
              grpc::StatusCode::UNAUTHENTICATED)
        << method;
  }
  EXPECT_GT(refused, 100);
}

TEST_F(PolicyTest, PasswordsNeedAPermissionOfTheirOwn) {
  v1::Report harmless;
  harmless.set_argument("conv,tcp");
  v1::Report passwords;
  passwords.set_argument("credentials");
  v1::Report with_a_tail;
  with_a_tail.set_argument("credentials,x");
  v1::Report as_bytes;
  as_bytes.set_argument("conv,tcp");
  as_bytes.set_raw_argument("credentials");
  EXPECT_TRUE(RunReports(kAnalyst, {harmless}).ok());
  EXPECT_EQ(MissingIn(RunReports(kAnalyst, {passwords})), "credentials.read");
  EXPECT_EQ(MissingIn(RunReports(kAnalyst, {harmless, with_a_tail})),
            "credentials.read");
  EXPECT_EQ(MissingIn(RunReports(kAnalyst, {as_bytes})), "credentials.read");
  const std::string session = OpenSession(kAnalyst);
  EXPECT_TRUE(RunReports(kAnalyst, {harmless}, session).ok());
  EXPECT_EQ(MissingIn(RunReports(kAnalyst, {passwords}, session)),
            "credentials.read");
  const grpc::Status permitted =
      RunReports(kAdmin, {passwords, with_a_tail, as_bytes});
  EXPECT_TRUE(permitted.ok()) << permitted.error_message();
}

TEST_F(PolicyTest, ACallerSeesOnlyItsPartOfTheStore) {
  EXPECT_THAT(List(kLab), ElementsAre("files/lab/dns.pcap"));
  EXPECT_THAT(List(kViewer),
              ElementsAre("files/lab/dns.pcap", "files/other.pcap"));
  EXPECT_TRUE(Get(kLab, "files/lab/dns.pcap").ok());
  EXPECT_EQ(MissingIn(Get(kLab, "files/other.pcap")), "files.read");
  EXPECT_EQ(MissingIn(Get(kLab, "files/missing.pcap")), "files.read");
  EXPECT_TRUE(DissectFile(kLab, "files/lab/dns.pcap").ok());
  EXPECT_EQ(MissingIn(DissectFile(kLab, "files/other.pcap")), "files.read");
  EXPECT_EQ(MissingIn(Export(kLab, "files/other.pcap", "files/exports/a.pcap",
                             false)),
            "files.read");
}

TEST_F(PolicyTest, AnUploadBelongsToItsCreator) {
  const std::string upload = CreateUpload(kAnalyst);
  EXPECT_EQ(MissingIn(Append(kLab, upload, false, nullptr)), "files.write.any");
  EXPECT_TRUE(Append(kAnalyst, upload, false, nullptr).ok());
  EXPECT_TRUE(Append(kAdmin, upload, false, nullptr).ok());
  const std::string file = Upload(kAnalyst);
  v1::File description;
  EXPECT_TRUE(Get(kAnalyst, file, &description).ok());
  EXPECT_EQ(description.owner(), "token:analyst");
  EXPECT_THAT(List(kAnalyst), Contains(file));
  EXPECT_THAT(List(kLab), Not(Contains(file)));
  EXPECT_EQ(MissingIn(Get(kLab, file)), "files.read.any");
  EXPECT_EQ(MissingIn(DissectFile(kLab, file)), "files.read.any");
  EXPECT_EQ(MissingIn(Delete(kLab, file)), "files.write.any");
  EXPECT_EQ(MissingIn(Share(kLab, file, {"token:lab"})), "files.write.any");
  EXPECT_TRUE(Delete(kAnalyst, file).ok());
  EXPECT_EQ(Append(kAnalyst, "uploads/" + std::string(32, 'a'), true, nullptr)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(PolicyTest, SharingIsExplicitAndSurvivesARestart) {
  const std::string file = Upload(kAnalyst);
  EXPECT_EQ(MissingIn(Get(kViewer, file)), "files.read.any");
  ASSERT_TRUE(Share(kAnalyst, file, {"group:viewers"}).ok());
  EXPECT_TRUE(Get(kViewer, file).ok());
  EXPECT_THAT(List(kViewer), Contains(file));
  EXPECT_EQ(MissingIn(Get(kLab, file)), "files.read.any");
  daemon_.Restart();
  channel_ = daemon_.Connect();
  v1::File description;
  EXPECT_TRUE(Get(kViewer, file, &description).ok());
  EXPECT_EQ(description.owner(), "token:analyst");
  EXPECT_THAT(description.readers(), ElementsAre("group:viewers"));
  ASSERT_TRUE(Share(kAnalyst, file, {}).ok());
  EXPECT_EQ(MissingIn(Get(kViewer, file)), "files.read.any");
  EXPECT_EQ(FailureOf(Share(kAnalyst, file, {"tok*"})).reason(),
            "READERS_INVALID");
}

TEST_F(PolicyTest, TellsWhichFilesCanNotBeSharedOrDeleted) {
  const std::string folder = "captures/" + std::string(32, 'a') + "/";
  const std::string of_capture = folder + "a.pcapng";
  daemon_.store().Write(of_capture, "x");
  daemon_.store().Write(folder + ".journal", "x");
  const auto expect_read_only = [](const grpc::Status& status,
                                   const std::string& why) {
    EXPECT_EQ(FailureOf(status).reason(), "FILE_READ_ONLY");
    EXPECT_THAT(status.error_message(), HasSubstr(why));
  };
  expect_read_only(Share(kAdmin, "files/other.pcap", {"*"}),
                   "so it can't be shared");
  expect_read_only(Delete(kAdmin, "files/other.pcap"),
                   "so it can't be deleted");
  expect_read_only(Share(kAdmin, "files/" + of_capture, {"*"}),
                   "so it can only be shared with its capture");
  expect_read_only(Delete(kAdmin, "files/" + of_capture),
                   "so it can only be deleted with its capture");
}

TEST_F(PolicyTest, OnlyItsOwnerDeletesWhatACaptureHasLeft) {
  const std::string capture = "captures/" + std::string(32, 'a');
  daemon_.store().Write(capture + "/a.pcapng", "x");
  daemon_.store().Write(".owners/" + capture,
                        R"({"owner":"token:analyst","readers":["*"]})");
  daemon_.Restart();
  channel_ = daemon_.Connect();
  const std::string file = "files/" + capture + "/a.pcapng";
  EXPECT_EQ(MissingIn(Delete(kLab, file)), "files.write.any");
  v1::File description;
  EXPECT_TRUE(Get(kAnalyst, file, &description).ok());
  EXPECT_TRUE(description.deletable());
  EXPECT_TRUE(Delete(kAnalyst, file).ok());
  EXPECT_EQ(FailureOf(Get(kAdmin, file)).reason(), "FILE_NOT_FOUND");
}

TEST_F(PolicyTest, AListOpensNoUploadsThatItMayNotShow) {
  const auto folder_of = [](const std::string& file) {
    return file.substr(sizeof("files/uploads/") - 1, 32);
  };
  const std::string shared = Upload(kAnalyst);
  const std::string own = Upload(kLab);
  for (int i = 0; i < 5; ++i) Upload(kAnalyst);
  ASSERT_TRUE(Share(kAnalyst, shared, {"token:lab"}).ok());
  const server::OpenedFolders opened(daemon_.store().path() + "/uploads");
  EXPECT_THAT(List(kLab),
              UnorderedElementsAre("files/lab/dns.pcap", shared, own));
  EXPECT_THAT(opened.Take(),
              UnorderedElementsAre(folder_of(shared), folder_of(own)));
  EXPECT_EQ(List(kAdmin).size(), 9u);
  EXPECT_EQ(opened.Take().size(), 7u);
}

TEST_F(PolicyTest, AnExportBelongsToItsMakerAlsoUnderTheNameOfAnother) {
  const std::string name = "files/exports/a.pcap";
  v1::File file;
  ASSERT_TRUE(Export(kAnalyst, "files/lab/dns.pcap", name, false, &file).ok());
  EXPECT_EQ(file.owner(), "token:analyst");
  EXPECT_TRUE(Get(kAnalyst, name).ok());
  EXPECT_EQ(MissingIn(Get(kLab, name)), "files.read.any");
  EXPECT_THAT(List(kAnalyst), Contains(name));
  EXPECT_THAT(List(kLab), Not(Contains(name)));
  EXPECT_EQ(MissingIn(Export(kLab, "files/lab/dns.pcap", name, true)),
            "files.write.any");
  ASSERT_TRUE(Share(kAnalyst, name, {"token:viewer"}).ok());
  EXPECT_THAT(List(kViewer), Contains(name));
  ASSERT_TRUE(Delete(kAnalyst, name).ok());
  // Neither the owner nor the reader of the earlier file may see this one.
  ASSERT_TRUE(Export(kLab, "files/lab/dns.pcap", name, false).ok());
  EXPECT_EQ(MissingIn(Get(kAnalyst, name)), "files.read.any");
  EXPECT_EQ(MissingIn(Get(kViewer, name)), "files.read.any");
  ASSERT_TRUE(Export(kLab, "files/lab/dns.pcap", name, true).ok());
  EXPECT_TRUE(Get(kLab, name).ok());
  EXPECT_THAT(List(kLab), Contains(name));
  EXPECT_THAT(List(kViewer), Not(Contains(name)));
  daemon_.Restart();
  channel_ = daemon_.Connect();
  EXPECT_THAT(List(kLab), Contains(name));
}

TEST_F(PolicyTest, AChangedPolicyCountsWithoutARestart) {
  ASSERT_TRUE(Get(kViewer, "files/other.pcap").ok());
  files_.WritePolicy(R"({"roles": {}, "bindings": []})");
  WaitFor("the new policy", [this] {
    return MissingIn(Get(kViewer, "files/other.pcap")) == "files.read";
  });
}

TEST_F(PolicyTest, TellsCallersWhoTheyAreAndWhatTheyMay) {
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(Call<v1::ServerService>(kAnalyst,
                                      &v1::ServerService::Stub::GetServerInfo,
                                      v1::GetServerInfoRequest(), &info)
                  .ok());
  EXPECT_EQ(info.caller().principal(), "token:analyst");
  EXPECT_EQ(info.caller().authentication(), v1::AUTHENTICATION_TOKEN);
  EXPECT_THAT(info.caller().groups(), ElementsAre("analysts"));
  EXPECT_THAT(info.caller().roles(), ElementsAre("analyst"));
}

TEST_F(PolicyTest, TheAuditLogHasRefusalsAndReads) {
  const std::string file = Upload(kAnalyst);
  EXPECT_EQ(MissingIn(Get(kLab, file)), "files.read.any");
  EXPECT_TRUE(DissectFile(kViewer, "files/other.pcap").ok());
  EXPECT_FALSE(Get("wrong", file).ok());
  EXPECT_TRUE(Share(kAnalyst, file, {"token:lab", "*"}).ok());
  EXPECT_TRUE(Share(kAnalyst, file, {"*", "group:viewers"}).ok());
  ASSERT_EQ(daemon_.Stop(), 0);
  std::ifstream log(files_.AuditLog());
  std::vector<Json> lines;
  for (std::string line; std::getline(log, line);) {
    EXPECT_EQ(line.find("0123456789"), std::string::npos) << "a token";
    lines.push_back(Json::parse(line));
  }
  const auto has = [&lines](const Json& wanted) {
    for (const Json& line : lines) {
      bool all = true;
      for (const auto& [key, value] : wanted.items()) {
        all = all && line.value(key, Json()) == value;
      }
      if (all) return true;
    }
    return false;
  };
  EXPECT_TRUE(has({{"principal", "token:analyst"},
                   {"method", "dissectd.v1.FileService/AppendUpload"},
                   {"code", "OK"}}));
  EXPECT_TRUE(has({{"principal", "token:lab"},
                   {"method", "dissectd.v1.FileService/GetFile"},
                   {"resources", Json({file})},
                   {"code", "PERMISSION_DENIED"},
                   {"permission", "files.read.any"}}));
  EXPECT_TRUE(has({{"principal", "token:viewer"},
                   {"method", "dissectd.v1.DissectionService/Dissect"},
                   {"resources", Json({"files/other.pcap"})},
                   {"code", "OK"}}));
  EXPECT_TRUE(
      has({{"reason", "UNAUTHENTICATED"}, {"detail", "token_unknown"}}));
  EXPECT_TRUE(has({{"method", "dissectd.v1.FileService/ShareFile"},
                   {"resources", Json({file})},
                   {"shared_with", Json({"group:viewers"})},
                   {"unshared_from", Json({"token:lab"})}}));
  // Keeps the fixture from stopping it again.
  daemon_.Start();
}

CommandOutput Dissectctl(const DaemonProcess& daemon,
                         const std::string& arguments) {
  return RunCommand("clients/cli/dissectctl --server=" + daemon.address() +
                    " " + arguments + " 2>&1");
}

TEST(PolicyCommandTest, TellsWhatMayBeDone) {
  const DaemonProcess daemon;
  for (const char* method :
       {"ReadFile", "FileService/ReadFile", "dissectd.v1.FileService/ReadFile",
        "ReadFile files/a.pcap"}) {
    const CommandOutput output =
        Dissectctl(daemon, std::string("policy check ") + method);
    EXPECT_EQ(output.exit_status, 0) << method;
    EXPECT_EQ(output.text, "allowed: The daemon has no policy.\n");
  }
  const CommandOutput table = Dissectctl(daemon, "policy check --no-headers");
  EXPECT_EQ(table.exit_status, 0);
  EXPECT_EQ(static_cast<size_t>(
                std::count(table.text.begin(), table.text.end(), '\n')),
            server::MethodRules().size());
}

TEST(PolicyCommandTest, AWrongQuestionIsNoDenial) {
  const DaemonProcess daemon;
  const CommandOutput wrong = Dissectctl(daemon, "policy check ReadFlie");
  EXPECT_EQ(wrong.exit_status, 2);
  EXPECT_THAT(wrong.text, HasSubstr("did you mean \"ReadFile\"?"));
  EXPECT_EQ(Dissectctl(daemon, "policy check --nonsense").exit_status, 2);
  EXPECT_EQ(Dissectctl(daemon, "policy").exit_status, 2);
}

TEST(PolicyStartTest, DoesNotStartWithHalfOfWhatAccessNeeds) {
  const PolicyFiles files;
  const TemporaryFolder store;
  const auto exit_status = [&](const std::string& arguments) {
    return WEXITSTATUS(system(("server/dissectd --listen=localhost:0 --store=" +
                               store.path() + " " + arguments)
                                  .c_str()));
  };
  EXPECT_EQ(exit_status(files.TokenOption()), EXIT_FAILURE);
  EXPECT_EQ(exit_status(files.PolicyOption()), EXIT_FAILURE);
  files.WritePolicy(R"({"roles": {}})");
  EXPECT_EQ(exit_status(files.TokenOption() + " " + files.PolicyOption()),
            EXIT_FAILURE);
}

}  // namespace
}  // namespace dissectd
