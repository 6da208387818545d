// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that the limits on values hold at every entrance, and that whatever is
// within them does no harm.

#include "core/base/request_limits.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "dissectd/v1/preference.grpc.pb.h"
#include "server/rpc/testing/request_fields.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/raw_call.h"

namespace dissectd {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::MethodDescriptor;

std::string OneFrame() {
  return CaptureBuilder().Add(UdpFrame(1000, 2000, "x")).bytes();
}

// Returns the method as gRPC names it.
std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

class RequestLimitsTest : public ::testing::Test {
 protected:
  // Calls a method of any kind with one message, and returns why it failed.
  std::string ReasonOf(const MethodDescriptor& method,
                       const std::string& request) const {
    std::string response;
    const grpc::Status status =
        RawCall(channel_, PathOf(method), request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << PathOf(method) << ": " << status.error_message();
    return FailureOf(status).reason();
  }

  const DaemonProcess& daemon() const { return daemon_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Fails the test if the daemon doesn't dissect any more.
  void ExpectDissecting() const {
    v1::DissectRequest request;
    request.set_inline_capture(OneFrame());
    const DissectionResult result = Dissect(channel_, request);
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
    EXPECT_EQ(result.Frames().size(), 1u);
  }

 private:
  const DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
};

TEST_F(RequestLimitsTest, EveryMethodRefusesMalformedRequests) {
  for (const MethodDescriptor* method : server::ApiMethods()) {
    EXPECT_EQ(ReasonOf(*method, "\xff\xff\xff"), "REQUEST_MALFORMED")
        << PathOf(*method);
  }
  ExpectDissecting();
}

TEST_F(RequestLimitsTest, EveryMethodRefusesTextsThatAreTooLong) {
  int texts = 0;
  for (const MethodDescriptor* method : server::ApiMethods()) {
    for (const server::RequestField& field :
         server::FieldsOf(*method->input_type())) {
      if (field.field().type() != FieldDescriptor::TYPE_STRING) continue;
      const auto request = server::NewRequest(*field.request);
      server::SetText(field, std::string(kMaxTextBytes + 1, 'x'),
                      request.get());
      const std::string reason =
          ReasonOf(*method, request->SerializeAsString());
      EXPECT_TRUE(reason == "TEXT_TOO_LONG" || reason == "FILTER_TOO_LONG")
          << PathOf(*method) << " " << field.Name() << ": " << reason;
      ++texts;
    }
  }
  EXPECT_GT(texts, 150);
  ExpectDissecting();
}

TEST_F(RequestLimitsTest, ColumnsAreLimited) {
  v1::DissectRequest request;
  request.set_inline_capture(OneFrame());
  v1::ColumnSelection* columns = request.mutable_view()->mutable_columns();
  for (uint32_t i = 0; i < kMaxColumns; ++i) {
    columns->add_columns()->set_format("%m");
  }
  EXPECT_TRUE(Dissect(channel(), request).status.ok());
  columns->add_columns()->set_format("%m");
  EXPECT_EQ(FailureOf(Dissect(channel(), request).status).reason(),
            "TOO_MANY_ITEMS");
  ExpectDissecting();
}

TEST_F(RequestLimitsTest, ColumnsOfAPreferenceAreLimited) {
  v1::DissectRequest request;
  request.set_inline_capture(OneFrame());
  request.mutable_view()->mutable_columns()->set_use_profile_columns(true);
  v1::PreferenceSetting* setting = request.mutable_options()->add_preferences();
  setting->set_name("gui.column.format");
  std::string columns = "\"No.\",\"%m\"";
  for (uint32_t i = 1; i < kMaxColumns; ++i) columns += ",\"No.\",\"%m\"";
  setting->set_value(columns);
  EXPECT_TRUE(Dissect(channel(), request).status.ok());
  setting->set_value(columns + ",\"No.\",\"%m\"");
  EXPECT_EQ(FailureOf(Dissect(channel(), request).status).reason(),
            "TOO_MANY_ITEMS");
}

// Filters of a kind that make libwireshark's compiler recurse, as long as they
// may be.
struct LongFilter {
  const char* first;
  const char* repeated;
};

std::string TextOf(const LongFilter& filter) {
  std::string text = filter.first;
  const std::string repeated = filter.repeated;
  while (text.size() + repeated.size() <= kMaxFilterBytes) text += repeated;
  return text;
}

std::vector<std::string> LongestFilters() {
  std::vector<std::string> filters;
  for (const LongFilter& filter : std::vector<LongFilter>{
           {"ip", "||ip"}, {"ip", "&&ip"}, {"ip", "&&ip||ip"}}) {
    filters.push_back(TextOf(filter));
  }
  filters.push_back(std::string(kMaxFilterBytes - 2, '!') + "ip");
  filters.push_back(TextOf({"eth.src", "[0:]"}));
  const size_t half = (kMaxFilterBytes - 2) / 2;
  filters.push_back(std::string(half, '(') + "ip" + std::string(half, ')'));
  return filters;
}

// Workers raise the limit of their stack: the daemon of this test starts with
// less than these filters need.
class LongFilterTest : public ::testing::Test {
 protected:
  class SmallStack {
   public:
    SmallStack() {
      getrlimit(RLIMIT_STACK, &before_);
      rlimit small = before_;
      small.rlim_cur = 2 << 20;
      EXPECT_EQ(setrlimit(RLIMIT_STACK, &small), 0);
    }
    ~SmallStack() { setrlimit(RLIMIT_STACK, &before_); }
    SmallStack(const SmallStack&) = delete;
    SmallStack& operator=(const SmallStack&) = delete;

   private:
    rlimit before_ = {};
  };

  // Expects that the call has ended well, or with the filter's own fault.
  static void ExpectAnswer(const char* entrance, const std::string& filter,
                           const grpc::Status& status) {
    EXPECT_TRUE(status.ok() ||
                status.error_code() == grpc::StatusCode::INVALID_ARGUMENT)
        << entrance << " " << filter.substr(0, 20) << ": "
        << status.error_message();
  }

  grpc::Status DissectWith(v1::DissectRequest request) const {
    request.set_inline_capture(OneFrame());
    return Dissect(channel_, request).status;
  }

  grpc::Status Compile(const std::string& filter) const {
    v1::CompileFilterRequest request;
    request.set_filter(filter);
    grpc::ClientContext context;
    v1::CompileFilterResponse response;
    return v1::FilterService::NewStub(channel_)->CompileFilter(
        &context, request, &response);
  }

  grpc::Status Export(const std::string& filter) const {
    v1::ExportPacketsRequest request;
    request.set_inline_capture(OneFrame());
    request.mutable_selection()->set_display_filter(filter);
    grpc::ClientContext context;
    const auto stub = v1::ExportService::NewStub(channel_);
    const auto reader = stub->ExportPackets(&context, request);
    v1::ExportPacketsResponse response;
    while (reader->Read(&response)) continue;
    return reader->Finish();
  }

 private:
  const SmallStack stack_;
  const DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
};

TEST_F(LongFilterTest, NoEntranceLetsAFilterCrashAWorker) {
  for (const std::string& filter : LongestFilters()) {
    ASSERT_LE(filter.size(), kMaxFilterBytes);
    ExpectAnswer("CompileFilter", filter, Compile(filter));
    v1::DissectRequest shown;
    shown.mutable_view()->set_display_filter(filter);
    ExpectAnswer("display filter", filter, DissectWith(shown));
    v1::DissectRequest read;
    read.mutable_options()->set_two_pass(true);
    read.mutable_options()->set_read_filter(filter);
    ExpectAnswer("read filter", filter, DissectWith(read));
    v1::DissectRequest column;
    v1::Column* custom =
        column.mutable_view()->mutable_columns()->add_columns();
    custom->set_format("%Cus");
    custom->set_custom_fields(filter);
    ExpectAnswer("column", filter, DissectWith(column));
    ExpectAnswer("export", filter, Export(filter));
  }
}

void AppendNumber(uint32_t number, std::string* bytes) {
  for (int shift = 0; shift < 32; shift += 8) {
    bytes->push_back(static_cast<char>(number >> shift));
  }
}

void Pad(size_t alignment, std::string* bytes) {
  while (bytes->size() % alignment != 0) bytes->push_back('\0');
}

// Returns a D-Bus message with an array of 16-bit numbers, each of which is an
// item of its tree.
std::string BusMessage(uint32_t numbers) {
  std::string fields("\x01\x01o\0\x02\0\0\0/a\0", 11);
  Pad(8, &fields);
  fields += std::string("\x03\x01s\0\x01\0\0\0m\0", 10);
  Pad(8, &fields);
  fields += std::string(
      "\x08\x01g\0\x02"
      "an\0",
      8);
  std::string message("l\x01\0\x01", 4);
  AppendNumber(4 + numbers * 2, &message);
  AppendNumber(1, &message);
  AppendNumber(static_cast<uint32_t>(fields.size()), &message);
  message += fields;
  Pad(8, &message);
  AppendNumber(numbers * 2, &message);
  message += std::string(size_t{numbers} * 2, '\x01');
  return message;
}

constexpr uint32_t kDBus = 231;
constexpr char kCutOff[] = "items in the tree";

class TreeLimitTest : public RequestLimitsTest {
 protected:
  // Dissects a message and returns the messages of libwireshark about it.
  std::string WarningsOf(uint32_t numbers, const std::string& limit) const {
    daemon().store().Write(
        "bus.pcap", CaptureBuilder(kDBus).Add(BusMessage(numbers)).bytes());
    v1::DissectRequest request = RequestFor("bus.pcap");
    request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
    request.mutable_view()->add_tree_protocols("frame");
    request.mutable_view()->add_fields("_ws.expert.message");
    if (!limit.empty()) {
      v1::PreferenceSetting* setting =
          request.mutable_options()->add_preferences();
      setting->set_name("gui.max_tree_items");
      setting->set_value(limit);
    }
    const DissectionResult result = Dissect(channel(), request);
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
    std::string warnings;
    for (const v1::PlainFrame& frame : result.Frames()) {
      for (const v1::PlainNode& field : frame.fields()) {
        absl::StrAppend(&warnings, field.string_value(), "\n");
      }
    }
    return warnings;
  }
};

TEST_F(TreeLimitTest, ATreeWithTooManyItemsIsCutOff) {
  EXPECT_EQ(WarningsOf(kMaxTreeItems / 2, ""), "");
  EXPECT_TRUE(absl::StrContains(WarningsOf(kMaxTreeItems, ""), kCutOff));
}

TEST_F(TreeLimitTest, RequestsCanOnlyLowerTheLimit) {
  EXPECT_TRUE(absl::StrContains(WarningsOf(100, "50"), kCutOff));
  EXPECT_TRUE(
      absl::StrContains(WarningsOf(kMaxTreeItems, "4000000000"), kCutOff));
}

TEST_F(TreeLimitTest, RequestsCanNotMakeTreesDeeper) {
  v1::ExportPreferencesRequest request;
  v1::PreferenceSetting* setting = request.mutable_options()->add_preferences();
  setting->set_name("gui.max_tree_depth");
  setting->set_value("98765");
  grpc::ClientContext context;
  v1::ExportPreferencesResponse response;
  const grpc::Status status =
      v1::PreferenceService::NewStub(channel())->ExportPreferences(
          &context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(absl::StrContains(response.text(), "98765"));
}

}  // namespace
}  // namespace dissectd
