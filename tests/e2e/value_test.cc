// SPDX-License-Identifier: GPL-2.0-or-later

// Tests RegistryService.ParseValue and FormatValue.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "dissectd/v1/registry.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/raw_call.h"
#include "tests/e2e/wireshark_release.h"

namespace dissectd {
namespace {

// One daemon serves all tests, as none changes anything in it.
DaemonProcess* daemon_process = nullptr;

class ValueTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { daemon_process = new DaemonProcess; }
  static void TearDownTestSuite() { delete daemon_process; }

  grpc::Status Parse(const v1::ParseValueRequest& request,
                     v1::ParseValueResponse* response) {
    grpc::ClientContext context;
    return stub_->ParseValue(&context, request, response);
  }

  grpc::Status Format(const v1::FormatValueRequest& request,
                      v1::FormatValueResponse* response) {
    grpc::ClientContext context;
    return stub_->FormatValue(&context, request, response);
  }

  v1::ParseValueResponse ParseAs(v1::FieldType type, const std::string& text,
                                 bool allow_partial = false) {
    v1::ParseValueRequest request;
    request.set_type(type);
    request.set_text(text);
    request.set_allow_partial(allow_partial);
    v1::ParseValueResponse response;
    const grpc::Status status = Parse(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::ParseValueResponse ParseFor(const std::string& field,
                                  const std::string& text) {
    v1::ParseValueRequest request;
    request.set_field(field);
    request.set_text(text);
    v1::ParseValueResponse response;
    const grpc::Status status = Parse(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::FormatValueResponse FormatFor(const std::string& field,
                                    const v1::TypedValue& value) {
    v1::FormatValueRequest request;
    request.set_field(field);
    *request.mutable_value() = value;
    v1::FormatValueResponse response;
    const grpc::Status status = Format(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // Returns the reason why a value cannot be formatted.
  std::string ReasonOf(v1::FieldType type, const v1::TypedValue& value) {
    v1::FormatValueRequest request;
    request.set_type(type);
    *request.mutable_value() = value;
    v1::FormatValueResponse response;
    const grpc::Status status = Format(request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return FailureOf(status).reason();
  }

  const std::unique_ptr<v1::RegistryService::Stub> stub_ =
      v1::RegistryService::NewStub(daemon_process->Connect());
};

v1::TypedValue Unsigned(uint64_t number) {
  v1::TypedValue value;
  value.set_unsigned_value(number);
  return value;
}

v1::TypedValue Signed(int64_t number) {
  v1::TypedValue value;
  value.set_signed_value(number);
  return value;
}

v1::TypedValue Bytes(const std::string& bytes) {
  v1::TypedValue value;
  value.set_bytes_value(bytes);
  return value;
}

v1::TypedValue Time(int64_t seconds, int32_t nanos) {
  v1::TypedValue value;
  value.mutable_time_value()->set_seconds(seconds);
  value.mutable_time_value()->set_nanos(nanos);
  return value;
}

std::string Zeros(size_t count) { return std::string(count, '\0'); }

// A text, the value that it is parsed as, and the text of that value.
struct TypeCase {
  v1::FieldType type;
  std::string text;
  v1::TypedValue value;
  // Empty if the type has no such representation.
  std::string display;
  std::string filter;
  uint32_t length = 0;
};

v1::TypedValue Text(const std::string& text) {
  v1::TypedValue value;
  value.set_string_value(text);
  return value;
}

v1::TypedValue Double(double number) {
  v1::TypedValue value;
  value.set_double_value(number);
  return value;
}

const TypeCase kTypeCases[] = {
    {v1::FIELD_TYPE_PROTOCOL, "01:fe", Bytes("\x01\xfe"), "", "01:fe", 2},
    {v1::FIELD_TYPE_BOOLEAN, "1", Unsigned(1), "1", "1", 0},
    {v1::FIELD_TYPE_CHAR, "65", Unsigned(65), "'A'", "'A'", 1},
    {v1::FIELD_TYPE_UINT8, "0xff", Unsigned(255), "255", "255", 1},
    {v1::FIELD_TYPE_UINT16, "65535", Unsigned(65535), "65535", "65535", 2},
    {v1::FIELD_TYPE_UINT24, "16777215", Unsigned(16777215), "16777215",
     "16777215", 3},
    {v1::FIELD_TYPE_UINT32, "4294967295", Unsigned(4294967295u), "4294967295",
     "4294967295", 4},
    {v1::FIELD_TYPE_UINT40, "1", Unsigned(1), "1", "1", 5},
    {v1::FIELD_TYPE_UINT48, "1", Unsigned(1), "1", "1", 6},
    {v1::FIELD_TYPE_UINT56, "1", Unsigned(1), "1", "1", 7},
    {v1::FIELD_TYPE_UINT64, "18446744073709551615",
     Unsigned(18446744073709551615u), "18446744073709551615",
     "18446744073709551615", 8},
    {v1::FIELD_TYPE_INT8, "-128", Signed(-128), "-128", "-128", 1},
    {v1::FIELD_TYPE_INT16, "-2", Signed(-2), "-2", "-2", 2},
    {v1::FIELD_TYPE_INT24, "-2", Signed(-2), "-2", "-2", 3},
    {v1::FIELD_TYPE_INT32, "-2147483648", Signed(-2147483648), "-2147483648",
     "-2147483648", 4},
    {v1::FIELD_TYPE_INT40, "-2", Signed(-2), "-2", "-2", 5},
    {v1::FIELD_TYPE_INT48, "-2", Signed(-2), "-2", "-2", 6},
    {v1::FIELD_TYPE_INT56, "-2", Signed(-2), "-2", "-2", 7},
    {v1::FIELD_TYPE_INT64, "-9223372036854775807", Signed(-9223372036854775807),
     "-9223372036854775807", "-9223372036854775807", 8},
    {v1::FIELD_TYPE_FLOAT, "0.5", Double(0.5), "0.5", "0.5", 4},
    {v1::FIELD_TYPE_DOUBLE, "-1e100", Double(-1e100), "-1e+100", "-1e+100", 8},
    {v1::FIELD_TYPE_ABSOLUTE_TIME, "2020-01-01 00:00:00.5Z",
     Time(1577836800, 500000000), "Jan  1, 2020 00:00:00.500000000 UTC",
     "\"2020-01-01 00:00:00.500000000+0000\"", 0},
    {v1::FIELD_TYPE_RELATIVE_TIME, "1.25", Time(1, 250000000), "1.250000000",
     "1.250000000", 0},
    {v1::FIELD_TYPE_STRING, "a\"b", Text("a\"b"), "a\"b", "\"a\\\"b\"", 3},
    {v1::FIELD_TYPE_STRINGZ, "ab", Text("ab"), "ab", "\"ab\"", 2},
    {v1::FIELD_TYPE_UINT_STRING, "ab", Text("ab"), "ab", "\"ab\"", 2},
    {v1::FIELD_TYPE_STRINGZPAD, "ab", Text("ab"), "ab", "\"ab\"", 2},
    {v1::FIELD_TYPE_STRINGZTRUNC, "ab", Text("ab"), "ab", "\"ab\"", 2},
    {v1::FIELD_TYPE_ETHER, "00:00:00:00:00:00", Bytes(Zeros(6)),
     "00:00:00:00:00:00", "00:00:00:00:00:00", 6},
    {v1::FIELD_TYPE_BYTES, "", Bytes(""), "", "\"\"", 0},
    {v1::FIELD_TYPE_UINT_BYTES, "00:11", Bytes(std::string("\0\x11", 2)),
     "00:11", "00:11", 2},
    {v1::FIELD_TYPE_IPV4, "192.0.2.1", Bytes({"\xc0\0\2\1", 4}), "192.0.2.1",
     "192.0.2.1", 4},
    {v1::FIELD_TYPE_IPV6, "::", Bytes(Zeros(16)), "::", "::", 16},
    {v1::FIELD_TYPE_IPXNET, "300", Unsigned(300), "0x0000012c", "0x0000012c",
     4},
    {v1::FIELD_TYPE_FRAMENUM, "7", Unsigned(7), "7", "7", 4},
    {v1::FIELD_TYPE_GUID, "01020304-0506-0708-090a-0b0c0d0e0f10",
     Bytes("\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10"),
     "01020304-0506-0708-090a-0b0c0d0e0f10",
     "01020304-0506-0708-090a-0b0c0d0e0f10", 16},
    {v1::FIELD_TYPE_OID, "1.2.3", Bytes("\x2a\3"), "1.2.3", "1.2.3", 2},
    {v1::FIELD_TYPE_EUI64, "00:00:00:00:00:00:01:2c", Unsigned(300),
     "00:00:00:00:00:00:01:2c", "00:00:00:00:00:00:01:2c", 8},
    {v1::FIELD_TYPE_AX25, "00:00:00:00:00:00:00", Bytes(Zeros(7)),
     "00:00:00:00:00:00:00", "00:00:00:00:00:00:00", 7},
    {v1::FIELD_TYPE_VINES, "00:00:00:00:00:00", Bytes(Zeros(6)),
     "00:00:00:00:00:00", "00:00:00:00:00:00", 6},
    {v1::FIELD_TYPE_SYSTEM_ID, "00:00:00:00:00:00", Bytes(Zeros(6)),
     "0000.0000.0000", "0000.0000.0000", 6},
    {v1::FIELD_TYPE_FCWWN, "00:00:00:00:00:00:00:00", Bytes(Zeros(8)),
     "00:00:00:00:00:00:00:00", "00:00:00:00:00:00:00:00", 8},
};

// Returns the text of a value, given that in 4.0. 4.4 has words for booleans,
// and more digits for networks of IPX.
std::string TextIn(bool is_old, v1::FieldType type, const std::string& text) {
  if (is_old) return text;
  if (type == v1::FIELD_TYPE_BOOLEAN) return "True";
  if (type == v1::FIELD_TYPE_IPXNET) return "0x00000000" + text.substr(2);
  return text;
}

TEST_F(ValueTest, ReadsAndWritesEachType) {
  const bool is_old = WiresharkRelease(daemon_process->Connect()) == "4.0";
  for (const TypeCase& type : kTypeCases) {
    SCOPED_TRACE(v1::FieldType_Name(type.type) + " " + type.text);
    if (type.type == v1::FIELD_TYPE_AX25 && !is_old) {
      // 4.4 has callsigns as text.
      EXPECT_EQ(ParseAs(type.type, "N0CALL").value().string_value(), "N0CALL");
      continue;
    }
    const v1::ParseValueResponse parsed = ParseAs(type.type, type.text);
    EXPECT_EQ(parsed.message(), "");
    EXPECT_EQ(parsed.type(), type.type);
    EXPECT_EQ(parsed.value().SerializeAsString(),
              type.value.SerializeAsString())
        << parsed.ShortDebugString();
    v1::FormatValueRequest request;
    request.set_type(type.type);
    *request.mutable_value() = type.value;
    v1::FormatValueResponse written;
    const grpc::Status status = Format(request, &written);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(written.has_display(), type.type != v1::FIELD_TYPE_PROTOCOL);
    EXPECT_EQ(written.display(), TextIn(is_old, type.type, type.display));
    EXPECT_EQ(written.filter(), TextIn(is_old, type.type, type.filter));
    EXPECT_EQ(written.length_bytes(), type.length);
  }
}

// Medical floats are sent as their bits.
TEST_F(ValueTest, WritesBackTheBitsOfMedicalFloats) {
  for (const v1::FieldType type :
       {v1::FIELD_TYPE_IEEE_11073_SFLOAT, v1::FIELD_TYPE_IEEE_11073_FLOAT}) {
    const v1::ParseValueResponse parsed = ParseAs(type, "0.5");
    v1::FormatValueRequest request;
    request.set_type(type);
    *request.mutable_value() = parsed.value();
    v1::FormatValueResponse written;
    const grpc::Status status = Format(request, &written);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(written.display(), "0.5");
  }
}

TEST_F(ValueTest, SaysWhyATextIsNoValue) {
  const v1::ParseValueResponse parsed = ParseAs(v1::FIELD_TYPE_UINT8, "256");
  EXPECT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.message(), "\"256\" too big for this field, maximum 255.");
  EXPECT_EQ(ParseAs(v1::FIELD_TYPE_IPV4, "192.168").message(),
            "\"192.168\" is not a valid hostname or IPv4 address.");
  EXPECT_EQ(ParseAs(v1::FIELD_TYPE_NONE, "x").message(),
            "\"x\" cannot be converted to Label.");
  EXPECT_NE(ParseAs(v1::FIELD_TYPE_IEEE_11073_FLOAT, "x").message(), "");
  EXPECT_EQ(ParseFor("ip.proto", "no such").message(),
            WiresharkRelease(daemon_process->Connect()) == "4.0"
                ? "\"no such\" is not a valid number."
                : "\"no such\" cannot be converted to Unsigned integer (8 "
                  "bits).");
}

TEST_F(ValueTest, ReadsTheBeginningOfAValueIfAsked) {
  EXPECT_EQ(ParseAs(v1::FIELD_TYPE_ETHER, "00:11").message(),
            "\"00:11\" contains too few bytes to be a valid Ethernet address.");
  const v1::ParseValueResponse parsed =
      ParseAs(v1::FIELD_TYPE_ETHER, "00:11", /*allow_partial=*/true);
  EXPECT_EQ(parsed.value().bytes_value(), std::string("\0\x11", 2));
  EXPECT_EQ(parsed.message(), "");
  // Only IPv4 and IPv6 addresses have prefixes.
  EXPECT_FALSE(ParseAs(v1::FIELD_TYPE_IPV4, "192.168", /*allow_partial=*/true)
                   .has_value());
}

TEST_F(ValueTest, KeepsThePrefixOfAddresses) {
  EXPECT_EQ(ParseAs(v1::FIELD_TYPE_IPV4, "10.0.0.0/8").value().prefix_length(),
            8u);
  EXPECT_EQ(ParseAs(v1::FIELD_TYPE_IPV6, "::/64").value().prefix_length(), 64u);
  EXPECT_FALSE(
      ParseAs(v1::FIELD_TYPE_IPV4, "10.0.0.0").value().has_prefix_length());
}

TEST_F(ValueTest, KnowsTheNamesThatFieldsHave) {
  EXPECT_EQ(ParseFor("ip.proto", "TCP").value().unsigned_value(), 6u);
  EXPECT_EQ(ParseFor("ip.proto", "tcp").value().unsigned_value(), 6u);
  EXPECT_EQ(ParseFor("eth.type", "IPv4").value().unsigned_value(), 0x800u);
  EXPECT_EQ(ParseFor("tcp.flags.syn", "Set").value().unsigned_value(), 1u);
  EXPECT_EQ(FormatFor("ip.proto", Unsigned(6)).name(), "TCP");
  EXPECT_EQ(FormatFor("tcp.flags.syn", Unsigned(0)).name(), "Not set");
  EXPECT_EQ(FormatFor("tcp.port", Unsigned(80)).name(), "");
}

TEST_F(ValueTest, WritesAsTheFieldIsShown) {
  EXPECT_EQ(FormatFor("eth.type", Unsigned(0x800)).display(), "0x0800");
  v1::FormatValueRequest request;
  request.set_type(v1::FIELD_TYPE_UINT16);
  *request.mutable_value() = Unsigned(0x800);
  request.set_display(v1::FIELD_DISPLAY_HEX);
  v1::FormatValueResponse written;
  ASSERT_TRUE(Format(request, &written).ok());
  EXPECT_EQ(written.display(), "0x0800");
}

TEST_F(ValueTest, RefusesValuesThatTheTypeDoesntHave) {
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_NONE, Unsigned(0)),
            "FIELD_TYPE_WITHOUT_VALUES");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_UINT8, Unsigned(256)), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_UINT8, Signed(1)), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_UINT8, v1::TypedValue()), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_INT8, Signed(128)), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_INT8, Signed(-129)), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_IPV4, Bytes("123")), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_ETHER, Bytes("1234567")), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_GUID, Bytes("")), "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_ABSOLUTE_TIME, Time(0, -1)),
            "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_RELATIVE_TIME, Time(0, 1000000000)),
            "VALUE_INVALID");
  EXPECT_EQ(ReasonOf(v1::FIELD_TYPE_UNSPECIFIED, Unsigned(0)),
            "FIELD_TYPE_INVALID");
  EXPECT_EQ(ReasonOf(static_cast<v1::FieldType>(47), Unsigned(0)),
            "FIELD_TYPE_INVALID");
}

TEST_F(ValueTest, RefusesRequestsThatMakeNoSense) {
  v1::FormatValueRequest display;
  display.set_type(v1::FIELD_TYPE_ABSOLUTE_TIME);
  *display.mutable_value() = Time(0, 0);
  display.set_display(v1::FIELD_DISPLAY_HEX);
  v1::FormatValueResponse written;
  EXPECT_EQ(FailureOf(Format(display, &written)).reason(),
            "FIELD_DISPLAY_INVALID");
  v1::ParseValueRequest parse;
  v1::ParseValueResponse parsed;
  parse.set_field("no.such");
  EXPECT_EQ(FailureOf(Parse(parse, &parsed)).reason(), "FIELD_UNKNOWN");
  parse.set_type(v1::FIELD_TYPE_STRING);
  parse.set_text(std::string("a\0b", 3));
  EXPECT_EQ(FailureOf(Parse(parse, &parsed)).reason(), "TEXT_HAS_NUL");
  std::string response;
  EXPECT_EQ(FailureOf(RawCall(daemon_process->Connect(),
                              "/dissectd.v1.RegistryService/ParseValue", "\x1a",
                              &response))
                .reason(),
            "REQUEST_MALFORMED");
}

// Extreme values don't crash the worker that answers.
TEST_F(ValueTest, WritesExtremes) {
  constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
  for (const int64_t seconds : {kLargest, -kLargest, int64_t{-1}}) {
    for (const v1::FieldType type :
         {v1::FIELD_TYPE_ABSOLUTE_TIME, v1::FIELD_TYPE_RELATIVE_TIME}) {
      v1::FormatValueRequest request;
      request.set_type(type);
      *request.mutable_value() = Time(seconds, 1);
      v1::FormatValueResponse written;
      const grpc::Status status = Format(request, &written);
      EXPECT_TRUE(status.ok()) << seconds << status.error_message();
    }
  }
  for (const double number : {std::nan(""), HUGE_VAL}) {
    v1::FormatValueRequest request;
    request.set_type(v1::FIELD_TYPE_DOUBLE);
    *request.mutable_value() = Double(number);
    v1::FormatValueResponse written;
    EXPECT_TRUE(Format(request, &written).ok());
  }
}

}  // namespace
}  // namespace dissectd
