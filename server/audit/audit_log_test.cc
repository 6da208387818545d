// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/audit/audit_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/audit/audit_line.h"
#include "server/base/errors.h"
#include "server/base/identity_errors.h"
#include "server/base/testing/file_size_limit.h"
#include "server/rpc/caller_lines.h"

namespace dissectd::server {
namespace {

using Json = nlohmann::json;

const Method kRead = {"dissectd.v1.FileService/ReadFile", WorkerUse::kNone};
const Method kList = {"dissectd.v1.FileService/ListFiles", WorkerUse::kNone};

// More calls than lines that a caller may have, and fewer than can wait.
constexpr uint64_t kFlood = 5000;

class AuditLogTest : public ::testing::Test {
 protected:
  AuditLogTest()
      : path_(absl::StrCat(
            ::testing::TempDir(), "/audit-", getpid(), "-",
            ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    unlink(path_.c_str());
  }

  std::unique_ptr<AuditLog> Open() const {
    absl::StatusOr<std::unique_ptr<AuditLog>> log = AuditLog::Open(path_);
    EXPECT_TRUE(log.ok()) << log.status();
    return *std::move(log);
  }

  static void EndCall(AuditLog* log, const Method& method,
                      const absl::Status& status,
                      const std::string& request_id = "id",
                      const CallTraffic& traffic = {},
                      const ReadersChange& readers = {}) {
    CallInfo info;
    info.method = &method;
    info.principal.id = "token:alice";
    info.share_key = info.principal.id;
    info.peer = "ipv4:192.0.2.1:5000";
    info.request_id = request_id;
    const CallEnd end = {info,    status,      absl::ZeroDuration(),
                         traffic, {"files/a"}, readers};
    log->OnCallEnded(end);
  }

  // What a log has after many calls of one kind.
  struct Counts {
    // The most seconds of the clock that the calls were in.
    uint64_t seconds = 0;
    uint64_t lines = 0;
    std::map<std::string, uint64_t> lost;
  };

  Counts FillWith(const absl::Status& status, const CallTraffic& traffic) {
    unlink(path_.c_str());
    const std::unique_ptr<AuditLog> log = Open();
    const absl::Time start = absl::Now();
    for (uint64_t i = 0; i < kFlood; ++i) {
      EndCall(log.get(), kRead, status, "flood", traffic);
    }
    Counts counts;
    counts.seconds =
        static_cast<uint64_t>(absl::ToInt64Seconds(absl::Now() - start)) + 1;
    log->Stop();
    for (const Json& line : LinesOf(path_)) {
      if (line.contains("lost_calls")) {
        counts.lost[line.value("caller", "")] +=
            line["lost_calls"].get<uint64_t>();
      } else {
        ++counts.lines;
      }
    }
    return counts;
  }

  static std::vector<Json> LinesOf(const std::string& path) {
    std::vector<Json> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      lines.push_back(Json::parse(line));
    }
    return lines;
  }

  std::string path_;
};

TEST_F(AuditLogTest, ALineSaysWhoDidWhatToWhichResource) {
  const std::unique_ptr<AuditLog> log = Open();
  EndCall(log.get(), kRead, absl::OkStatus());
  EndCall(log.get(), kRead, errors::PermissionMissing("files.read", "files/a"));
  log->Stop();
  const std::vector<Json> lines = LinesOf(path_);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["principal"], "token:alice");
  EXPECT_EQ(lines[0]["peer"], "ipv4:192.0.2.1:5000");
  EXPECT_EQ(lines[0]["method"], kRead.name);
  EXPECT_EQ(lines[0]["resources"], Json({"files/a"}));
  EXPECT_EQ(lines[0]["request_id"], "id");
  EXPECT_EQ(lines[0]["code"], "OK");
  EXPECT_FALSE(lines[0].contains("reason"));
  EXPECT_EQ(lines[1]["code"], "PERMISSION_DENIED");
  EXPECT_EQ(lines[1]["reason"], "PERMISSION_MISSING");
  EXPECT_EQ(lines[1]["permission"], "files.read");
  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(AuditLogTest, ALineAboutSharingNamesTheReaders) {
  const std::unique_ptr<AuditLog> log = Open();
  const Method share = {"dissectd.v1.FileService/ShareFile", WorkerUse::kNone};
  EndCall(log.get(), share, absl::OkStatus(), "id", CallTraffic(),
          {{"token:bob", "group:lab"}, {"*"}});
  EndCall(log.get(), share, absl::OkStatus());
  log->Stop();
  const std::vector<Json> lines = LinesOf(path_);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["shared_with"], Json({"token:bob", "group:lab"}));
  EXPECT_EQ(lines[0]["unshared_from"], Json({"*"}));
  EXPECT_FALSE(lines[1].contains("shared_with"));
  EXPECT_FALSE(lines[1].contains("unshared_from"));
}

TEST_F(AuditLogTest, AHarmlessCallHasALineOnlyIfItIsRefused) {
  const std::unique_ptr<AuditLog> log = Open();
  EndCall(log.get(), kList, absl::OkStatus());
  EndCall(log.get(), kList, errors::FileNotFound("files/a"));
  EndCall(log.get(), kList, errors::Unauthenticated("There is no token."));
  log->Stop();
  const std::vector<Json> lines = LinesOf(path_);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["reason"], "UNAUTHENTICATED");
  EXPECT_FALSE(lines[0].contains("detail"));
}

TEST_F(AuditLogTest, ALineSaysWhyACallerIsNotIdentified) {
  const std::unique_ptr<AuditLog> log = Open();
  EndCall(log.get(), kList, errors::Unidentified("signature_wrong", "No."));
  EndCall(log.get(), kList, errors::TokenExpired());
  log->Stop();
  const std::vector<Json> lines = LinesOf(path_);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["reason"], "UNAUTHENTICATED");
  EXPECT_EQ(lines[0]["detail"], "signature_wrong");
  EXPECT_EQ(lines[1]["reason"], "TOKEN_EXPIRED");
  EXPECT_EQ(lines[1]["detail"], "token_expired");
}

TEST_F(AuditLogTest, ContinuesInANewFileIfTheOldOneIsRenamed) {
  const std::unique_ptr<AuditLog> log = Open();
  const std::string renamed = path_ + ".1";
  EndCall(log.get(), kRead, absl::OkStatus(), "first");
  while (LinesOf(path_).empty()) usleep(1000);
  ASSERT_EQ(rename(path_.c_str(), renamed.c_str()), 0);
  EndCall(log.get(), kRead, absl::OkStatus(), "second");
  log->Stop();
  ASSERT_EQ(LinesOf(renamed).size(), 1u);
  ASSERT_EQ(LinesOf(path_).size(), 1u);
  EXPECT_EQ(LinesOf(path_)[0]["request_id"], "second");
  unlink(renamed.c_str());
}

TEST_F(AuditLogTest, SaysHowManyLinesWereLostOnAFullDisk) {
  const std::unique_ptr<AuditLog> log = Open();
  EndCall(log.get(), kRead, absl::OkStatus(), "first");
  while (LinesOf(path_).empty()) usleep(1000);
  {
    struct stat status;
    ASSERT_EQ(stat(path_.c_str(), &status), 0);
    // Has room for a part of the next line.
    const FileSizeLimit full(static_cast<size_t>(status.st_size) + 10);
    EndCall(log.get(), kRead, absl::OkStatus(), "lost");
    log->Stop();
    EXPECT_EQ(LinesOf(path_).size(), 1u);
  }
}

TEST_F(AuditLogTest, CallersThatAreNotIdentifiedCannotFillTheDisk) {
  const absl::Status refused = errors::Unauthenticated("There is no token.");
  Counts counts = FillWith(refused, {1, 10, 0, 0});
  EXPECT_LE(counts.lines, counts.seconds * CallerLines::kMaxPerSecond);
  EXPECT_EQ(counts.lines + counts.lost["unidentified callers"], kFlood);
}

TEST_F(AuditLogTest, NeitherCanCallersThatAreIdentified) {
  for (const absl::Status& status :
       {errors::PermissionMissing("files.read", "files/a"),
        errors::CallRateExceeded(1), absl::CancelledError("")}) {
    SCOPED_TRACE(status.ToString());
    Counts counts = FillWith(status, {1, 10, 0, 0});
    EXPECT_LE(counts.lines, counts.seconds * CallerLines::kMaxPerSecond);
    EXPECT_EQ(counts.lines + counts.lost["token:alice"], kFlood);
  }
}

TEST_F(AuditLogTest, NoCallThatHadAnEffectIsLeftOut) {
  // It succeeded; it sent something before it was cancelled; it received more
  // than a request.
  EXPECT_EQ(FillWith(absl::OkStatus(), {1, 10, 1, 10}).lines, kFlood);
  EXPECT_EQ(FillWith(absl::CancelledError(""), {1, 10, 1, 10}).lines, kFlood);
  EXPECT_EQ(FillWith(absl::CancelledError(""), {2, 10, 0, 0}).lines, kFlood);
}

TEST_F(AuditLogTest, WhatIsLeftOutIsWrittenWithoutAnotherCall) {
  const std::unique_ptr<AuditLog> log = Open();
  for (uint64_t i = 0; i < kFlood; ++i) {
    EndCall(log.get(), kRead, absl::CancelledError(""));
  }
  const auto has_lost = [this] {
    for (const Json& line : LinesOf(path_)) {
      if (line.contains("lost_calls")) return true;
    }
    return false;
  };
  while (!has_lost()) usleep(1000);
  log->Stop();
}

TEST_F(AuditLogTest, BytesThatAreNotUtf8DoNotBreakALine) {
  CallInfo info;
  info.method = &kRead;
  info.principal.id = "token:\xff\n\"";
  const absl::Status ok;
  const CallEnd end = {info, ok, absl::ZeroDuration(), {}, {}};
  const std::string line = AuditLine(end, absl::UnixEpoch());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(Json::parse(line)["time"], "1970-01-01T00:00:00.000Z");
}

TEST_F(AuditLogTest, DoesNotStartWithoutItsFile) {
  EXPECT_FALSE(AuditLog::Open("/dev/null").ok());
  EXPECT_FALSE(AuditLog::Open("/nowhere/audit.log").ok());
}

}  // namespace
}  // namespace dissectd::server
