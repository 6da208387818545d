// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/replica.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "core/base/error.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"

namespace dissectd::server {
namespace {

constexpr char kDigits[] = "0123456789abcdef0123456789abcdef";

bool HasReason(const absl::Status& status, const std::string& reason) {
  return SerializeFailure(status).find(reason) != std::string::npos;
}

class ReplicaTest : public testing::Test {
 protected:
  ~ReplicaTest() override { SetReplica(""); }
};

TEST_F(ReplicaTest, NamesAreThoseOfHosts) {
  for (const std::string& name :
       {std::string("a"), std::string("Lab-1"), std::string(63, 'x')}) {
    EXPECT_TRUE(IsReplicaName(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("-a"), std::string("a-"), std::string("a~b"),
        std::string("a.b"), std::string("a/b"), std::string("ä"),
        std::string(64, 'x')}) {
    EXPECT_FALSE(IsReplicaName(name)) << name;
  }
}

TEST_F(ReplicaTest, WithoutAReplicaIdsAreRandomOnly) {
  const std::string id = NewResourceId();
  EXPECT_EQ(id.size(), sizeof(kDigits) - 1);
  EXPECT_TRUE(IsResourceId(id));
  EXPECT_EQ(ReplicaIn(SessionName(id)), "");
  EXPECT_EQ(WithReplica("x.pcap"), "x.pcap");
  EXPECT_FALSE(IsOfOtherReplica(std::string("sessions/a~") + kDigits));
}

TEST_F(ReplicaTest, IdsBeginWithTheReplica) {
  SetReplica("lab-1");
  const std::string id = NewResourceId();
  EXPECT_TRUE(absl::StartsWith(id, "lab-1~"));
  EXPECT_TRUE(IsResourceId(id));
  for (const std::string& name :
       {CaptureName(id), UploadName(id), SessionName(id),
        FileName("captures/" + id + "/x.pcapng"),
        FileName("uploads/" + id + "/x.pcapng"),
        FileName("exports/" + WithReplica("x.pcapng"))}) {
    EXPECT_EQ(ReplicaIn(name), "lab-1") << name;
    EXPECT_FALSE(IsOfOtherReplica(name)) << name;
  }
  EXPECT_EQ(*ParseCaptureName(CaptureName(id)), id);
  EXPECT_EQ(*ParseUploadName(UploadName(id)), id);
  EXPECT_EQ(WithReplica("lab-1~x"), "lab-1~x");
}

TEST_F(ReplicaTest, OtherTextsAreNoIds) {
  for (const std::string& text :
       {std::string("~") + kDigits, std::string("a~b~") + kDigits,
        std::string("a/~") + kDigits, std::string("a~"),
        std::string("a~0123")}) {
    EXPECT_FALSE(IsResourceId(text)) << text;
  }
  EXPECT_EQ(ReplicaIn("files/a~x.pcap"), "");
  EXPECT_EQ(ReplicaIn("files/exports/.~x.pcap"), "");
}

TEST_F(ReplicaTest, NamesOfOtherReplicasHaveAnErrorOfTheirOwn) {
  SetReplica("lab-1");
  const std::string other = std::string("lab-2~") + kDigits;
  for (const absl::Status& status :
       {errors::CaptureNotFound(CaptureName(other)),
        errors::UploadNotFound(UploadName(other)),
        errors::FileNotFound(FileName("exports/lab-2~x.pcap"))}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_TRUE(HasReason(status, "OTHER_REPLICA")) << status;
  }
  const std::string own = CaptureName(std::string("lab-1~") + kDigits);
  EXPECT_TRUE(HasReason(errors::CaptureNotFound(own), "CAPTURE_NOT_FOUND"));
}

}  // namespace
}  // namespace dissectd::server
