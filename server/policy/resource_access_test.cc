// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/resource_access.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "dissectd/v1/server.pb.h"
#include "server/base/random_id.h"
#include "server/policy/policy_check.h"
#include "server/policy/testing/identified.h"
#include "server/rpc/grpc_status.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {
namespace {

constexpr char kPolicy[] = R"({
  "roles": {
    "user": {"permissions": ["server.info", "files.*e", "files.read",
                             "captures.read", "captures.write", "dissect"],
             "paths": ["lab"]},
    "admin": {"permissions": ["*"], "paths": ["*"], "interfaces": ["*"]},
    "guest": {"permissions": ["server.info"]}},
  "bindings": [
    {"principals": ["token:a", "token:b"], "roles": ["user"]},
    {"principals": ["token:guest"], "roles": ["guest"]},
    {"principals": ["token:root"], "roles": ["admin"]}]})";
constexpr char kRead[] = "dissectd.v1.FileService/ReadFile";
constexpr char kDelete[] = "dissectd.v1.FileService/DeleteFile";
constexpr char kDissect[] = "dissectd.v1.DissectionService/Dissect";

class ResourceAccessTest : public ::testing::Test {
 protected:
  ResourceAccessTest()
      : policy_(OpenPolicy()),
        owners_(store_.files()->root_fd()),
        access_(policy_.get(), &owners_),
        a_(Identified("token:a")),
        b_(Identified("token:b", {"team"})),
        root_(Identified("token:root")) {}

  std::unique_ptr<PolicyAccess> OpenPolicy() const {
    const std::string path = store_.folder() + "/.policy";
    std::ofstream(path) << kPolicy;
    absl::StatusOr<std::unique_ptr<PolicyAccess>> policy =
        PolicyAccess::Open(path, "/no/filter/is/compiled");
    EXPECT_TRUE(policy.ok()) << policy.status();
    return *std::move(policy);
  }

  // Returns the path of a new upload of an owner.
  std::string Upload(const std::string& owner,
                     const std::vector<std::string>& readers = {}) {
    const std::string id = NewRandomId();
    const std::string folder = store_.folder() + "/uploads/" + id;
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/x.pcap") << "x";
    EXPECT_TRUE(owners_.Set(FileOwners::UploadKey(id), {owner, readers}).ok());
    return "uploads/" + id + "/x.pcap";
  }

  // Returns the permission that an error names.
  static std::string MissingIn(const absl::Status& status) {
    const v1::Failure failure = FailureOf(status);
    EXPECT_EQ(failure.reason(), status.ok() ? "" : "PERMISSION_MISSING");
    const auto found = failure.metadata().find("permission");
    return found == failure.metadata().end() ? "" : found->second;
  }

  std::string Missing(const Principal& principal, const char* method, Use use,
                      const std::string& path) const {
    const absl::Status status =
        access_.CheckFile({principal, method}, use, path);
    return status.ok() ? "" : MissingIn(status);
  }

  v1::CheckPolicyResponse Check(const Principal& caller,
                                const v1::CheckPolicyRequest& request) const {
    v1::CheckPolicyResponse response;
    const absl::Status status =
        CheckPolicy(caller, policy_.get(), access_, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  const TemporaryStore& store() const { return store_; }

  TemporaryStore store_;
  const std::unique_ptr<PolicyAccess> policy_;
  FileOwners owners_;
  const ResourceAccess access_;
  const Principal a_;
  const Principal b_;
  const Principal root_;
};

TEST_F(ResourceAccessTest, FilesOfTheOperatorArePermittedByPath) {
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, "lab/x.pcap"), "");
  EXPECT_EQ(Missing(a_, kDissect, Use::kRead, "lab/x.pcap"), "");
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, "other/x.pcap"), "files.read");
  EXPECT_EQ(Missing(root_, kRead, Use::kRead, "other/x.pcap"), "");
}

TEST_F(ResourceAccessTest, AFileOfACallerIsPermittedToItsOwner) {
  const std::string path = Upload("token:a");
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, path), "");
  EXPECT_EQ(Missing(a_, kDelete, Use::kChange, path), "");
  EXPECT_EQ(Missing(b_, kRead, Use::kRead, path), "files.read.any");
  EXPECT_EQ(Missing(b_, kDelete, Use::kChange, path), "files.write.any");
  EXPECT_EQ(Missing(root_, kDelete, Use::kChange, path), "");
  EXPECT_EQ(Missing(Identified("token:guest"), kRead, Use::kRead, path),
            "files.read");
}

TEST_F(ResourceAccessTest, ReadersMayOnlyRead) {
  for (const char* reader : {"token:b", "group:team", "*"}) {
    const std::string path = Upload("token:a", {reader});
    EXPECT_EQ(Missing(b_, kRead, Use::kRead, path), "") << reader;
    EXPECT_EQ(Missing(b_, kDelete, Use::kChange, path), "files.write.any");
  }
  const std::string path = Upload("token:a", {"token:c", "group:other"});
  EXPECT_EQ(Missing(b_, kRead, Use::kRead, path), "files.read.any");
}

TEST_F(ResourceAccessTest, AFileWithoutAnOwnerIsNotPermittedToJustAnyone) {
  const std::string path = "uploads/" + NewRandomId() + "/x.pcap";
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, path), "files.read.any");
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, "exports/x"), "files.read.any");
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, "captures/x"), "files.read.any");
  EXPECT_EQ(Missing(root_, kRead, Use::kRead, path), "");
}

TEST_F(ResourceAccessTest, AListLooksOnlyAtWhatItMayShow) {
  const std::string own = Upload("token:a");
  const std::string shared = Upload("token:root", {"group:team"});
  Upload("token:root");
  const auto names = [this](const Principal& principal,
                            const std::string& folder) {
    const auto found = access_.NamesToShow({principal, kRead}, folder);
    return found == nullptr ? std::vector<std::string>{"all"} : *found;
  };
  const auto folder_of = [](const std::string& path) {
    return path.substr(sizeof("uploads/") - 1, 32) + "/";
  };
  EXPECT_EQ(names(a_, "uploads/"), std::vector<std::string>{folder_of(own)});
  EXPECT_EQ(names(b_, "uploads/"), std::vector<std::string>{folder_of(shared)});
  EXPECT_TRUE(names(a_, "captures/").empty());
  ASSERT_TRUE(owners_.SetExport("exports/1-2-3", "x", {"token:a", {}}).ok());
  EXPECT_EQ(names(a_, "exports/"), std::vector<std::string>{"x"});
  EXPECT_TRUE(names(b_, "exports/").empty());
  EXPECT_EQ(names(a_, "exports/x/"), std::vector<std::string>{"all"});
  EXPECT_TRUE(names(Identified("token:guest"), "uploads/").empty());
  EXPECT_EQ(names(root_, "uploads/"), std::vector<std::string>{"all"});
  EXPECT_EQ(names(a_, "lab/"), std::vector<std::string>{"all"});
  EXPECT_EQ(names(a_, "uploads/x/"), std::vector<std::string>{"all"});
}

// Otherwise the advice would tell which files exist.
TEST_F(ResourceAccessTest, TheAdviceDoesNotDependOnWhetherAFileExists) {
  const std::string path = Upload("token:a");
  const std::string missing = "uploads/" + NewRandomId() + "/x.pcap";
  const auto message = [this](Use use, const std::string& file) {
    std::string text(access_.CheckFile({b_, kRead}, use, file).message());
    text.replace(text.find(file), file.size(), "FILE");
    return text;
  };
  EXPECT_EQ(message(Use::kRead, path),
            "You lack the permission \"files.read.any\" for files/FILE. Its "
            "owner can also share it with you.");
  EXPECT_EQ(message(Use::kRead, missing), message(Use::kRead, path));
  EXPECT_EQ(message(Use::kChange, path),
            "You lack the permission \"files.write.any\" for files/FILE.");
  EXPECT_EQ(message(Use::kRead, "other/x.pcap"),
            "You lack the permission \"files.read\" for files/FILE.");
}

TEST_F(ResourceAccessTest, ACaptureIsPermittedToItsOwnerAndReaders) {
  const std::string id = NewRandomId();
  const std::string name = "captures/" + id;
  EXPECT_TRUE(access_.CheckCapture({b_, kRead}, Use::kRead, name).ok());
  owners_.Remember(FileOwners::CaptureKey(id), "token:a");
  EXPECT_TRUE(access_.CheckCapture({a_, kRead}, Use::kChange, name).ok());
  EXPECT_EQ(MissingIn(access_.CheckCapture({b_, kRead}, Use::kRead, name)),
            "captures.read.any");
  EXPECT_EQ(MissingIn(access_.CheckCapture({b_, kRead}, Use::kChange, name)),
            "captures.write.any");
  const std::string file = name + "/x.pcapng";
  EXPECT_EQ(Missing(a_, kRead, Use::kRead, file), "");
  EXPECT_EQ(Missing(b_, kRead, Use::kRead, file), "files.read.any");
  std::filesystem::create_directories(store().folder() + "/" + name);
  ASSERT_TRUE(
      owners_.Set(FileOwners::CaptureKey(id), {"token:a", {"token:b"}}).ok());
  EXPECT_TRUE(access_.CheckCapture({b_, kRead}, Use::kRead, name).ok());
  EXPECT_EQ(Missing(b_, kRead, Use::kRead, file), "");
}

TEST_F(ResourceAccessTest, AChangeOfThePolicyCountsAtOnce) {
  ASSERT_EQ(Missing(a_, kRead, Use::kRead, "lab/x.pcap"), "");
  std::ofstream(store_.folder() + "/.policy") << R"({"roles": {},
                                                     "bindings": []})";
  while (access_.CheckFile({a_, kRead}, Use::kRead, "lab/x.pcap").ok()) {
    usleep(1000);
  }
  // A broken one changes nothing.
  std::ofstream(store_.folder() + "/.policy") << "{";
  std::ofstream(store_.folder() + "/.policy") << kPolicy;
  while (!access_.CheckFile({a_, kRead}, Use::kRead, "lab/x.pcap").ok()) {
    usleep(1000);
  }
}

TEST_F(ResourceAccessTest, WithoutAPolicyEverythingIsPermitted) {
  const ResourceAccess open(nullptr, &owners_);
  const Principal anonymous;
  EXPECT_TRUE(
      open.CheckFile({anonymous, kDelete}, Use::kChange, "exports/x").ok());
  EXPECT_TRUE(open.CheckInterface({anonymous, kRead}, "lo").ok());
}

TEST_F(ResourceAccessTest, TellsWhatThePolicySays) {
  v1::CheckPolicyRequest request;
  request.set_method(kRead);
  v1::CheckPolicyResponse response = Check(a_, request);
  EXPECT_TRUE(response.allowed());
  EXPECT_EQ(response.permission(), "files.read");
  ASSERT_EQ(response.roles_size(), 1);
  EXPECT_EQ(response.roles(0), "user");
  request.set_resource("files/other/x.pcap");
  EXPECT_FALSE(Check(a_, request).allowed());
  request.set_resource("files/lab/x.pcap");
  EXPECT_TRUE(Check(a_, request).allowed());
  request.set_principal("token:guest");
  response = Check(root_, request);
  EXPECT_FALSE(response.allowed());
  ASSERT_EQ(response.roles_size(), 1);
  EXPECT_EQ(response.roles(0), "guest");
  EXPECT_EQ(
      MissingIn(CheckPolicy(a_, policy_.get(), access_, request, &response)),
      "policy.check");
}

TEST_F(ResourceAccessTest, AQuestionIsAboutOnePrincipalWithItsKind) {
  v1::CheckPolicyRequest request;
  request.set_method(kRead);
  for (const char* wrong : {"a", "unix:a", "group:team", "*", "token:*"}) {
    request.set_principal(wrong);
    v1::CheckPolicyResponse response;
    const absl::Status status =
        CheckPolicy(root_, policy_.get(), access_, request, &response);
    EXPECT_EQ(FailureOf(status).reason(), "PRINCIPAL_INVALID") << wrong;
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  }
  request.set_principal("unix:1000");
  EXPECT_FALSE(Check(root_, request).allowed());
}

TEST_F(ResourceAccessTest, AskingForOtherGroupsNeedsThePermission) {
  v1::CheckPolicyRequest request;
  request.set_method(kRead);
  request.add_groups("admins");
  v1::CheckPolicyResponse response;
  EXPECT_EQ(
      MissingIn(CheckPolicy(a_, policy_.get(), access_, request, &response)),
      "policy.check");
  request.set_method("dissectd.v1.FileService/Nothing");
  EXPECT_EQ(
      FailureOf(CheckPolicy(a_, policy_.get(), access_, request, &response))
          .reason(),
      "METHOD_UNKNOWN");
}

}  // namespace
}  // namespace dissectd::server
