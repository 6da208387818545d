// SPDX-License-Identifier: GPL-2.0-or-later

// Compares dissectctl's texts of values with libwireshark's own, for each type
// and display. The program itself must not link libwireshark; this test links
// both.

#include "clients/cpp/value_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "clients/cpp/field_table.h"
#include "clients/cpp/node.h"
#include "clients/cpp/output_buffer.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::cli {
namespace {

// A type in the API and in libwireshark, and a literal of it.
struct Type {
  v1::FieldType api;
  ftenum_t native;
  const char* literal;
};

constexpr Type kUnsigned32[] = {
    {v1::FIELD_TYPE_CHAR, FT_CHAR, "65"},
    {v1::FIELD_TYPE_UINT8, FT_UINT8, "1"},
    {v1::FIELD_TYPE_UINT16, FT_UINT16, "1"},
    {v1::FIELD_TYPE_UINT24, FT_UINT24, "1"},
    {v1::FIELD_TYPE_UINT32, FT_UINT32, "1"},
    {v1::FIELD_TYPE_FRAMENUM, FT_FRAMENUM, "1"},
    {v1::FIELD_TYPE_IPXNET, FT_IPXNET, "1"},
};
constexpr Type kUnsigned64[] = {
    {v1::FIELD_TYPE_BOOLEAN, FT_BOOLEAN, "1"},
    {v1::FIELD_TYPE_UINT40, FT_UINT40, "1"},
    {v1::FIELD_TYPE_UINT48, FT_UINT48, "1"},
    {v1::FIELD_TYPE_UINT56, FT_UINT56, "1"},
    {v1::FIELD_TYPE_UINT64, FT_UINT64, "1"},
    {v1::FIELD_TYPE_EUI64, FT_EUI64, "01:02:03:04:05:06:07:08"},
};
constexpr Type kSigned32[] = {
    {v1::FIELD_TYPE_INT8, FT_INT8, "1"},
    {v1::FIELD_TYPE_INT16, FT_INT16, "1"},
    {v1::FIELD_TYPE_INT24, FT_INT24, "1"},
    {v1::FIELD_TYPE_INT32, FT_INT32, "1"},
};
constexpr Type kSigned64[] = {
    {v1::FIELD_TYPE_INT40, FT_INT40, "1"},
    {v1::FIELD_TYPE_INT48, FT_INT48, "1"},
    {v1::FIELD_TYPE_INT56, FT_INT56, "1"},
    {v1::FIELD_TYPE_INT64, FT_INT64, "1"},
};
constexpr Type kFloating[] = {
    {v1::FIELD_TYPE_FLOAT, FT_FLOAT, "1.5"},
    {v1::FIELD_TYPE_DOUBLE, FT_DOUBLE, "1.5"},
};
constexpr Type kStrings[] = {
    {v1::FIELD_TYPE_STRING, FT_STRING, "a"},
    {v1::FIELD_TYPE_STRINGZ, FT_STRINGZ, "a"},
    {v1::FIELD_TYPE_UINT_STRING, FT_UINT_STRING, "a"},
    {v1::FIELD_TYPE_STRINGZPAD, FT_STRINGZPAD, "a"},
    {v1::FIELD_TYPE_STRINGZTRUNC, FT_STRINGZTRUNC, "a"},
};
constexpr Type kByteArrays[] = {
    {v1::FIELD_TYPE_ETHER, FT_ETHER, "01:02:03:04:05:06"},
    {v1::FIELD_TYPE_BYTES, FT_BYTES, "01:02"},
    {v1::FIELD_TYPE_UINT_BYTES, FT_UINT_BYTES, "01:02"},
    {v1::FIELD_TYPE_AX25, FT_AX25, "01:02:03:04:05:06:07"},
    {v1::FIELD_TYPE_VINES, FT_VINES, "01:02:03:04:05:06"},
    {v1::FIELD_TYPE_FCWWN, FT_FCWWN, "01:02:03:04:05:06:07:08"},
    {v1::FIELD_TYPE_OID, FT_OID, "1.2.3"},
    {v1::FIELD_TYPE_REL_OID, FT_REL_OID, ".1.2.3"},
    {v1::FIELD_TYPE_SYSTEM_ID, FT_SYSTEM_ID, "01:02:03:04:05:06"},
};

// A value in both representations.
class Value {
 public:
  explicit Value(const Type& type) : type_(type) {
    char* error = nullptr;
    native_ = fvalue_from_literal(type.native, type.literal, TRUE, &error);
    EXPECT_NE(native_, nullptr) << error;
  }

  fvalue_t* native() { return native_; }
  Node* node() { return &node_; }
  void SetText(const std::string& text) {
    text_ = text;
    node_.text = text_;
  }

  // Expects the same text from both, for a display attribute.
  void Check(int display) {
    v1::Field definition;
    definition.set_type(type_.api);
    definition.set_display(
        static_cast<v1::FieldDisplay>(engine::PublicFieldDisplay(display)));
    definition.set_display_flags(display & ~0xff);
    const Field field(definition);
    node_.field = &field;
    OutputBuffer text;
    AppendValueText(node_, &text);

    char* expected =
        fvalue_to_string_repr(nullptr, native_, FTREPR_DISPLAY, display);
    ASSERT_NE(expected, nullptr);
    EXPECT_EQ(std::string(text.view()), expected)
        << "of a " << ftype_name(type_.native) << " with display " << display;
    wmem_free(nullptr, expected);
  }

 private:
  const Type type_;
  fvalue_t* native_;
  Node node_;
  std::string text_;
};

constexpr int kNumberDisplays[] = {
    BASE_NONE,   BASE_DEC,     BASE_HEX,
    BASE_OCT,    BASE_DEC_HEX, BASE_HEX_DEC,
    BASE_CUSTOM, BASE_PT_TCP,  BASE_HEX | BASE_RANGE_STRING,
    BASE_OUI,    BASE_EXP,     BASE_HEX_DEC | BASE_VAL64_STRING};
constexpr int kByteDisplays[] = {BASE_NONE,
                                 SEP_DOT,
                                 SEP_DASH,
                                 SEP_COLON,
                                 SEP_SPACE,
                                 SEP_DOT | BASE_ALLOW_ZERO,
                                 BASE_SHOW_ASCII_PRINTABLE};

constexpr uint64_t kNumbers[] = {
    0,          1,          7,           8,
    9,          10,         13,          27,
    34,         39,         65,          92,
    127,        200,        255,         256,
    65535,      0x123456,   0xffffff,    0x7fffffff,
    0x80000000, 0xffffffff, 0x123456789, 0xfedcba9876543210,
    UINT64_MAX};

TEST(ValueTextTest, UnsignedNumbersAgree) {
  for (const uint64_t number : kNumbers) {
    for (const Type& type : kUnsigned32) {
      if (type.native == FT_CHAR && number > 0xff) continue;
      Value value(type);
      engine::SetUint32(value.native(), static_cast<uint32_t>(number));
      value.node()->unsigned_value = static_cast<uint32_t>(number);
      for (const int display : kNumberDisplays) value.Check(display);
    }
    for (const Type& type : kUnsigned64) {
      Value value(type);
      engine::SetUint64(value.native(), number);
      value.node()->unsigned_value = number;
      for (const int display : kNumberDisplays) value.Check(display);
    }
  }
}

TEST(ValueTextTest, SignedNumbersAgree) {
  for (const uint64_t number : kNumbers) {
    for (const Type& type : kSigned32) {
      Value value(type);
      engine::SetInt32(value.native(), static_cast<int32_t>(number));
      value.node()->signed_value = static_cast<int32_t>(number);
      for (const int display : kNumberDisplays) value.Check(display);
    }
    for (const Type& type : kSigned64) {
      Value value(type);
      engine::SetInt64(value.native(), static_cast<int64_t>(number));
      value.node()->signed_value = static_cast<int64_t>(number);
      for (const int display : kNumberDisplays) value.Check(display);
    }
  }
}

TEST(ValueTextTest, FloatingPointAgrees) {
  const double kValues[] = {0,
                            -0.0,
                            1.5,
                            0.1,
                            1e10,
                            1e-10,
                            123456.789,
                            1234567,
                            1e15,
                            1e16,
                            M_PI,
                            -1e300,
                            std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity(),
                            std::nan(""),
                            -std::nan("")};
  for (const Type& type : kFloating) {
    for (const double number : kValues) {
      Value value(type);
      engine::SetDouble(value.native(), number);
      value.node()->double_value = number;
      for (const int display : {BASE_NONE, BASE_DEC, BASE_EXP, BASE_HEX}) {
        value.Check(display);
      }
    }
  }
}

TEST(ValueTextTest, AllShortIeee11073FloatsAgree) {
  Value value({v1::FIELD_TYPE_IEEE_11073_SFLOAT, FT_IEEE_11073_SFLOAT, "1.5"});
  for (uint32_t bits = 0; bits <= 0xffff; ++bits) {
    engine::SetMedicalFloat16(value.native(), static_cast<uint16_t>(bits));
    value.node()->unsigned_value = bits;
    value.Check(BASE_NONE);
  }
}

TEST(ValueTextTest, Ieee11073FloatsAgree) {
  Value value({v1::FIELD_TYPE_IEEE_11073_FLOAT, FT_IEEE_11073_FLOAT, "1.5"});
  std::mt19937 random(1);
  for (int i = 0; i < 100000; ++i) {
    uint32_t bits = random();
    // Includes mantissas with few digits, and those next to special values.
    if (i % 3 == 0) bits &= 0xff0000ff;
    if (i % 7 == 0) bits = (bits & 0xff00000f) | 0x7ffff0;
    engine::SetMedicalFloat32(value.native(), bits);
    value.node()->unsigned_value = bits;
    value.Check(BASE_NONE);
  }
}

TEST(ValueTextTest, TimesAgree) {
  const int64_t kSeconds[] = {0,
                              1,
                              -1,
                              60,
                              1577934245,
                              1594000000,
                              2147483648,
                              4294967296,
                              -62135596801,
                              253402300800,
                              67767976233532799,
                              67767976268092800,
                              INT64_MAX,
                              INT64_MIN};
  const int32_t kNanos[] = {0,          5,    999999999, INT32_MAX, -1,
                            1000000000, -500, 123456789, INT32_MIN};
  for (const int64_t seconds : kSeconds) {
    for (const int32_t nanos : kNanos) {
      Value absolute({v1::FIELD_TYPE_ABSOLUTE_TIME, FT_ABSOLUTE_TIME,
                      "2020-01-02 03:04:05"});
      engine::SetTime(absolute.native(), {seconds, nanos});
      absolute.node()->seconds = seconds;
      absolute.node()->nanos = nanos;
      for (const int display :
           {BASE_NONE + 0, ABSOLUTE_TIME_LOCAL + 0, ABSOLUTE_TIME_UTC + 0,
            ABSOLUTE_TIME_DOY_UTC + 0, ABSOLUTE_TIME_NTP_UTC + 0}) {
        absolute.Check(display);
      }
      Value relative({v1::FIELD_TYPE_RELATIVE_TIME, FT_RELATIVE_TIME, "1.5"});
      engine::SetTime(relative.native(), {seconds, nanos});
      relative.node()->seconds = seconds;
      relative.node()->nanos = nanos;
      relative.Check(BASE_NONE);
    }
  }
}

TEST(ValueTextTest, StringsAgree) {
  const std::string kTexts[] = {"",
                                "plain",
                                "tab\tand\nline",
                                std::string("null\0inside\0", 12),
                                "quote\" back\\slash",
                                "\x01\x1b\x7f",
                                "caf\xc3\xa9",
                                "bad\xff\xc3 utf8"};
  for (const Type& type : kStrings) {
    for (const std::string& text : kTexts) {
      Value value(type);
      engine::SetText(value.native(), text);
      value.SetText(text);
      value.Check(BASE_NONE);
    }
  }
}

TEST(ValueTextTest, ByteArraysAgree) {
  std::mt19937 random(2);
  for (const Type& type : kByteArrays) {
    for (int round = 0; round < 2000; ++round) {
      std::string bytes(round % 40, '\0');
      for (char& byte : bytes) byte = static_cast<char>(random());
      // Most identifiers have short numbers.
      if (round % 2 == 0) {
        for (char& byte : bytes) byte &= 0x7f;
      }
      Value value(type);
      GByteArray* array = g_byte_array_new();
      g_byte_array_append(array, reinterpret_cast<guint8*>(bytes.data()),
                          static_cast<guint>(bytes.size()));
      value.native()->value.bytes = array;
      value.SetText(bytes);
      for (const int display : kByteDisplays) value.Check(display);
    }
  }
}

TEST(ValueTextTest, AddressesAgree) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes(16, '\0');
    for (char& byte : bytes) {
      byte = random() % 3 == 0 ? static_cast<char>(random()) : '\0';
    }
    if (round % 4 == 0) bytes.replace(0, 12, 12, '\0');
    if (round % 8 == 0) bytes[10] = bytes[11] = '\xff';

    Value ipv6({v1::FIELD_TYPE_IPV6, FT_IPv6, "::1"});
    std::memcpy(ipv6.native()->value.ipv6.addr.bytes, bytes.data(), 16);
    ipv6.SetText(bytes);
    ipv6.Check(BASE_NONE);

    Value ipv4({v1::FIELD_TYPE_IPV4, FT_IPv4, "1.2.3.4"});
    uint32_t address = 0;
    for (int i = 12; i < 16; ++i) {
      address = address << 8 | static_cast<uint8_t>(bytes[i]);
    }
    ipv4.native()->value.ipv4.addr = address;
    ipv4.SetText(bytes.substr(12));
    ipv4.Check(BASE_NONE);
    ipv4.Check(BASE_NETMASK);

    Value guid(
        {v1::FIELD_TYPE_GUID, FT_GUID, "01020304-0506-0708-090a-0b0c0d0e0f10"});
    e_guid_t& native = guid.native()->value.guid;
    const auto byte = [&bytes](int i) {
      return static_cast<uint32_t>(static_cast<uint8_t>(bytes[i]));
    };
    native.data1 = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
    native.data2 = static_cast<uint16_t>(byte(4) << 8 | byte(5));
    native.data3 = static_cast<uint16_t>(byte(6) << 8 | byte(7));
    std::memcpy(native.data4, bytes.data() + 8, 8);
    guid.SetText(bytes);
    guid.Check(BASE_NONE);
  }
}

}  // namespace
}  // namespace dissectd::cli

int main(int argc, char** argv) {
  // A zone with daylight saving time, whose abbreviation changes in summer.
  setenv("TZ", "Europe/Berlin", 1);
  tzset();
  testing::InitGoogleTest(&argc, argv);
  init_process_policies();
  wtap_init(FALSE);
  if (!epan_init(nullptr, nullptr, FALSE)) return 1;
  return RUN_ALL_TESTS();
}
