// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/request_check.h"

#include <gmock/gmock.h>
#include <grpcpp/support/slice.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/request_limits.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/filter.pb.h"
#include "dissectd/v1/preference.pb.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/testing/request_fields.h"

namespace dissectd::server {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;
using ::testing::UnorderedElementsAre;

// Returns the reason of the refusal, and the field and the limit if it names
// any; empty if the request is accepted.
std::string RefusalOf(const Descriptor& type, const grpc::ByteBuffer& bytes) {
  const absl::Status status = CheckRequest(type, bytes);
  if (status.ok()) return "";
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const v1::Failure failure = FailureOf(status);
  std::string refusal = failure.reason();
  for (const char* key : {"field", "limit"}) {
    const auto found = failure.metadata().find(key);
    if (found != failure.metadata().end()) {
      absl::StrAppend(&refusal, " ", found->second);
    }
  }
  return refusal;
}

std::string RefusalOf(const Message& request) {
  return RefusalOf(*request.GetDescriptor(), SerializeMessage(request));
}

std::string RefusalOfBytes(const Descriptor& type, const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return RefusalOf(type, grpc::ByteBuffer(&slice, 1));
}

bool IsTextOrBytes(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING ||
         field.type() == FieldDescriptor::TYPE_BYTES;
}

std::vector<RequestField> AllFields() {
  std::vector<RequestField> all;
  for (const MethodDescriptor* method : ApiMethods()) {
    for (const RequestField& field : FieldsOf(*method->input_type())) {
      all.push_back(field);
    }
  }
  return all;
}

std::string RefusalOfText(const RequestField& field, size_t size) {
  const auto request = NewRequest(*field.request);
  SetText(field, std::string(size, 'x'), request.get());
  return RefusalOf(*request);
}

TEST(RequestCheckTest, NoTextIsLongerThanItsLimit) {
  int texts = 0;
  for (const RequestField& field : AllFields()) {
    if (!IsTextOrBytes(field.field())) continue;
    const std::optional<uint32_t> limit = MaxBytesOf(field.field());
    if (!limit.has_value()) continue;
    const std::string name =
        absl::StrCat(field.request->name(), " ", field.Name());
    EXPECT_EQ(RefusalOfText(field, *limit), "") << name;
    const std::string refusal = RefusalOfText(field, *limit + 1);
    const std::string rest = absl::StrCat(" ", field.Name(), " ", *limit);
    EXPECT_TRUE(refusal == "TEXT_TOO_LONG" + rest ||
                refusal == "FILTER_TOO_LONG" + rest)
        << name << ": " << refusal;
    ++texts;
  }
  EXPECT_GT(texts, 200);
}

TEST(RequestCheckTest, FiltersHaveALimitOfTheirOwn) {
  std::set<std::string> filters;
  for (const RequestField& field : AllFields()) {
    if (!IsTextOrBytes(field.field()) || !MaxBytesOf(field.field())) continue;
    const std::string refusal =
        RefusalOfText(field, *MaxBytesOf(field.field()) + 1);
    if (refusal.rfind("FILTER_TOO_LONG", 0) != 0) continue;
    EXPECT_EQ(MaxBytesOf(field.field()), kMaxFilterBytes);
    filters.insert(field.field().name());
  }
  EXPECT_THAT(filters,
              UnorderedElementsAre("filter", "raw_filter", "display_filter",
                                   "raw_display_filter", "read_filter",
                                   "raw_read_filter", "custom_fields",
                                   "capture_filter"));
}

TEST(RequestCheckTest, TheFiltersOfARequestHaveALimitTogether) {
  v1::DissectRequest request;
  v1::ColumnSelection* columns = request.mutable_view()->mutable_columns();
  constexpr uint32_t kColumns = kMaxFiltersBytes / 1024;
  for (uint32_t i = 0; i < kColumns; ++i) {
    columns->add_columns()->set_custom_fields(std::string(1024, 'x'));
  }
  EXPECT_EQ(RefusalOf(request), "");
  request.mutable_view()->set_display_filter("x");
  EXPECT_EQ(RefusalOf(request),
            absl::StrCat("FILTER_TOO_LONG view.columns.columns.custom_fields ",
                         kMaxFiltersBytes));
}

TEST(RequestCheckTest, ContentsAreLimitedElsewhere) {
  std::set<std::string> contents;
  for (const RequestField& field : AllFields()) {
    if (!IsTextOrBytes(field.field()) || MaxBytesOf(field.field())) continue;
    EXPECT_EQ(RefusalOfText(field, size_t{kMaxTextBytes} * 2), "")
        << field.Name();
    contents.insert(field.field().name());
  }
  EXPECT_THAT(contents,
              UnorderedElementsAre("content", "data", "hosts", "inline_capture",
                                   "kerberos_keytab", "ssh_key_log",
                                   "tls_key_log", "wireguard_key_log"));
}

// Adds items to a repeated field of a request until it has `count`.
void AddItems(const RequestField& field, uint32_t count, Message* request) {
  Message* owner = OwnerOf(field, request);
  const google::protobuf::Reflection& reflection = *owner->GetReflection();
  for (uint32_t i = 0; i < count; ++i) {
    switch (field.field().cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        reflection.AddMessage(owner, &field.field());
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        reflection.AddString(owner, &field.field(), "");
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection.AddEnumValue(owner, &field.field(), 1);
        break;
      default:
        FAIL() << "no request has such a field yet: " << field.Name();
    }
  }
}

TEST(RequestCheckTest, NoRepeatedFieldHasMoreItemsThanItsLimit) {
  int repeated = 0;
  for (const RequestField& field : AllFields()) {
    // The entries of a map need different keys.
    if (!field.field().is_repeated() || field.field().is_map()) continue;
    const uint32_t limit = MaxItemsOf(field.field());
    EXPECT_EQ(limit, field.field().name() == "columns" ? kMaxColumns
                                                       : kMaxRepeatedItems);
    const auto request = NewRequest(*field.request);
    AddItems(field, limit, request.get());
    EXPECT_EQ(RefusalOf(*request), "") << field.Name();
    const auto more = NewRequest(*field.request);
    AddItems(field, limit + 1, more.get());
    EXPECT_EQ(RefusalOf(*more),
              absl::StrCat("TOO_MANY_ITEMS ", field.Name(), " ", limit));
    ++repeated;
  }
  EXPECT_GT(repeated, 40);
}

TEST(RequestCheckTest, EntriesOfAMapAreItems) {
  v1::CreateCaptureRequest request;
  auto& arguments =
      *request.mutable_options()->add_interfaces()->mutable_extcap_arguments();
  for (uint32_t i = 0; i <= kMaxRepeatedItems; ++i) {
    arguments[absl::StrCat(i)] = "x";
  }
  EXPECT_EQ(RefusalOf(request),
            absl::StrCat("TOO_MANY_ITEMS options.interfaces.extcap_arguments ",
                         kMaxRepeatedItems));
}

TEST(RequestCheckTest, ItemsOfSeveralMessagesAreAddedUp) {
  v1::DissectRequest request;
  for (uint32_t i = 0; i <= kMaxRepeatedItems / 100; ++i) {
    v1::LuaScript* script = request.mutable_options()->add_lua_scripts();
    for (int j = 0; j < 100; ++j) script->add_arguments("x");
  }
  EXPECT_EQ(RefusalOf(request),
            absl::StrCat("TOO_MANY_ITEMS options.lua_scripts.arguments ",
                         kMaxRepeatedItems));
}

TEST(RequestCheckTest, ItemsOfAMessageThatComesTwiceAreAddedUp) {
  v1::DissectRequest request;
  for (uint32_t i = 0; i <= kMaxColumns / 2; ++i) {
    request.mutable_view()->mutable_columns()->add_columns();
  }
  const std::string half = request.SerializeAsString();
  EXPECT_EQ(RefusalOfBytes(*request.GetDescriptor(), half), "");
  EXPECT_EQ(RefusalOfBytes(*request.GetDescriptor(), half + half),
            absl::StrCat("TOO_MANY_ITEMS view.columns.columns ", kMaxColumns));
}

TEST(RequestCheckTest, ItemsMayBePackedOrNot) {
  const Descriptor& type = *v1::ListCapturesRequest::descriptor();
  const int number = v1::ListCapturesRequest::kStatesFieldNumber;
  const std::string single = {static_cast<char>(number << 3), 1};
  std::string unpacked;
  for (uint32_t i = 0; i < kMaxRepeatedItems; ++i) unpacked += single;
  EXPECT_EQ(RefusalOfBytes(type, unpacked), "");
  EXPECT_EQ(RefusalOfBytes(type, unpacked + single),
            absl::StrCat("TOO_MANY_ITEMS states ", kMaxRepeatedItems));
  const std::string packed = {static_cast<char>(number << 3 | 2), 2, 1, 1};
  EXPECT_EQ(RefusalOfBytes(type, packed), "");
  EXPECT_EQ(RefusalOfBytes(type, unpacked + packed),
            absl::StrCat("TOO_MANY_ITEMS states ", kMaxRepeatedItems));
}

// A message that contained its own type could be nested as deep as a client
// likes.
void ExpectNotNested(const Descriptor& message,
                     std::vector<const Descriptor*> parents) {
  for (const Descriptor* parent : parents) {
    ASSERT_NE(parent, &message) << message.full_name() << " contains itself";
  }
  parents.push_back(&message);
  for (int i = 0; i < message.field_count(); ++i) {
    const Descriptor* type = message.field(i)->message_type();
    if (type != nullptr) ExpectNotNested(*type, parents);
  }
}

TEST(RequestCheckTest, NoRequestContainsItself) {
  for (const MethodDescriptor* method : ApiMethods()) {
    ExpectNotNested(*method->input_type(), {});
  }
}

TEST(RequestCheckTest, MalformedRequestsAreRefused) {
  const std::string malformed[] = {
      // A tag that isn't complete, that has no field, or ends a group.
      std::string("\xff"), std::string("\0", 1), std::string("\x0c"),
      // A field without a number.
      std::string("\x02\x01x"),
      // A group, with its end and without.
      std::string("\xfb\x0f\xfc\x0f"), std::string("\xfb\x0f"),
      // A tag, a length of a text, and one of an unknown field with too many
      // bytes.
      std::string("\xf8\x8f\x80\x80\x80\x00\x01", 7),
      std::string("\x0a\x81\x80\x80\x80\x80\x00x", 8),
      std::string("\xfa\x0f\x81\x80\x80\x80\x80\x00x", 9),
      // A text that is longer than the message.
      std::string("\x0a\x05tcp"), std::string("\x0a\xff\xff\xff\xff\x7f"),
      // A text that isn't UTF-8, and a number in place of a text.
      std::string("\x0a\x01\xff"), std::string("\x08\x01")};
  for (const std::string& bytes : malformed) {
    for (const Descriptor* type : {v1::CompileFilterRequest::descriptor(),
                                   v1::GetPreferenceRequest::descriptor()}) {
      EXPECT_EQ(RefusalOfBytes(*type, bytes), "REQUEST_MALFORMED")
          << testing::PrintToString(bytes);
    }
  }
}

TEST(RequestCheckTest, MessagesEndWithinTheirParents) {
  // A text that is longer than the options it belongs to.
  EXPECT_EQ(RefusalOfBytes(*v1::ValidateOptionsRequest::descriptor(),
                           std::string("\x0a\x02\x12\x05tcp")),
            "REQUEST_MALFORMED");
  EXPECT_EQ(RefusalOfBytes(*v1::ValidateOptionsRequest::descriptor(),
                           std::string("\x0a\x7f")),
            "REQUEST_MALFORMED");
  // A message is longer than the message that it is in.
  EXPECT_EQ(RefusalOfBytes(*v1::ValidateOptionsRequest::descriptor(),
                           std::string("\x0a\x02\x3a\x02\x0a\x00", 6)),
            "REQUEST_MALFORMED");
}

TEST(RequestCheckTest, FieldsOfNewerClientsAreIgnored) {
  // Field 255 as a number and as bytes.
  const std::string newer =
      std::string("\xf8\x0f\x01") + std::string("\xfa\x0f\x01\xff");
  EXPECT_EQ(RefusalOfBytes(*v1::CompileFilterRequest::descriptor(), newer), "");
}

}  // namespace
}  // namespace dissectd::server
