// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/reflection.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "dissectd/v1/file.pb.h"

namespace dissectd::server {
namespace {

using google::protobuf::UnknownFieldSet;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kError = 7;

std::string Question(int field, const std::string& text) {
  UnknownFieldSet fields;
  fields.AddLengthDelimited(field, text);
  std::string bytes;
  fields.SerializeToString(&bytes);
  return bytes;
}

// Returns the values of a field of a message.
std::vector<std::string> Values(const std::string& message, int field) {
  UnknownFieldSet fields;
  EXPECT_TRUE(fields.ParseFromString(message));
  std::vector<std::string> values;
  for (int i = 0; i < fields.field_count(); ++i) {
    if (fields.field(i).number() == field) {
      values.push_back(fields.field(i).length_delimited());
    }
  }
  return values;
}

std::string Answer(const std::string& request) {
  const auto answer = AnswerReflection(request, {"a.B", "c.D"});
  EXPECT_TRUE(answer.has_value());
  return answer.value_or("");
}

TEST(ReflectionTest, ListsServices) {
  const std::string request = Question(7, "");
  const std::string answer = Answer(request);
  EXPECT_THAT(Values(answer, 2), ElementsAre(request));
  const std::vector<std::string> lists = Values(answer, 6);
  ASSERT_THAT(lists, SizeIs(1));
  std::vector<std::string> names;
  for (const std::string& service : Values(lists[0], 1)) {
    for (const std::string& name : Values(service, 1)) names.push_back(name);
  }
  EXPECT_THAT(names, ElementsAre("a.B", "c.D"));
  EXPECT_THAT(Values(answer, kError), IsEmpty());
}

TEST(ReflectionTest, AFileComesWithWhatItImports) {
  const std::string name = v1::GetFileRequest::descriptor()->file()->name();
  for (const std::string& request :
       {Question(3, name), Question(4, "dissectd.v1.FileService"),
        Question(4, "dissectd.v1.GetFileRequest")}) {
    const std::vector<std::string> files = Values(Answer(request), 4);
    ASSERT_THAT(files, SizeIs(1));
    // Builds each file, for which those that it imports have to be there.
    google::protobuf::DescriptorPool pool;
    for (const std::string& bytes : Values(files[0], 1)) {
      google::protobuf::FileDescriptorProto file;
      ASSERT_TRUE(file.ParseFromString(bytes));
      ASSERT_NE(pool.BuildFile(file), nullptr) << file.name();
    }
    EXPECT_NE(pool.FindServiceByName("dissectd.v1.FileService"), nullptr);
  }
}

TEST(ReflectionTest, WhatDoesNotExistIsAnError) {
  for (const std::string& request :
       {Question(3, "nowhere.proto"), Question(4, "no.Such"), Question(5, ""),
        Question(6, "dissectd.v1.GetFileRequest"), Question(1, "host"),
        std::string()}) {
    const std::string answer = Answer(request);
    EXPECT_THAT(Values(answer, kError), SizeIs(1));
    EXPECT_THAT(Values(answer, 4), IsEmpty());
  }
  EXPECT_THAT(Values(Answer(Question(1, "host")), 1), ElementsAre("host"));
}

TEST(ReflectionTest, AMalformedRequestHasNoAnswer) {
  EXPECT_EQ(AnswerReflection("\xff", {}), std::nullopt);
}

}  // namespace
}  // namespace dissectd::server
