// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/dissect_request.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "dissectd/v1/dissection.pb.h"

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;

std::string Serialized(const std::string& text) {
  v1::DissectRequest message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message.SerializeAsString();
}

TEST(DissectRequestTest, ReadsEveryFieldOfTheView) {
  const auto request = ParseDissectRequest(Serialized(R"pb(
    file: "files/a.pcap"
    view {
      display_filter: "tcp"
      range { first_frame: 2 last_frame: 9 limit: 3 }
      columns {
        use_profile_columns: true
        columns {
          format: "%Cus"
          title: "T"
          custom_fields: "ip.src"
          custom_occurrence: -1
          resolved: true
        }
      }
      fields: "ip.src"
      fields: "ip.dst"
      tree: TREE_DETAIL_SELECTED
      tree_protocols: "tcp"
      labels: true
      bytes: BYTE_DETAIL_ALL_SOURCES
      form: FORM_COLUMNAR
      include_hidden: true
      max_bytes_per_source: 77
      max_value_bytes: 300
    }
    batch { max_frames: 5 max_bytes: 70000 }
  )pb"));
  ASSERT_TRUE(request.ok()) << request.status();
  const View& view = request->view;
  EXPECT_EQ(view.display_filter, "tcp");
  EXPECT_EQ(view.range.first, 2u);
  EXPECT_EQ(view.range.last, 9u);
  EXPECT_EQ(view.range.limit, 3u);
  EXPECT_TRUE(view.columns.use_profile_columns);
  ASSERT_EQ(view.columns.columns.size(), 1u);
  EXPECT_EQ(view.columns.columns[0].format, "%Cus");
  EXPECT_EQ(view.columns.columns[0].title, "T");
  EXPECT_EQ(view.columns.columns[0].custom_fields, "ip.src");
  EXPECT_EQ(view.columns.columns[0].custom_occurrence, -1);
  EXPECT_TRUE(view.columns.columns[0].resolved);
  EXPECT_THAT(view.fields, ElementsAre("ip.src", "ip.dst"));
  EXPECT_EQ(view.tree, TreeDetail::kSelected);
  EXPECT_THAT(view.tree_protocols, ElementsAre("tcp"));
  EXPECT_TRUE(view.labels);
  EXPECT_EQ(view.bytes, ByteDetail::kAllSources);
  EXPECT_EQ(view.form, Form::kColumnar);
  EXPECT_TRUE(view.include_hidden);
  EXPECT_EQ(view.MaxBytesPerSource(), 77u);
  EXPECT_EQ(view.MaxValueBytes(), 300u);
  EXPECT_EQ(request->batch.max_frames, 5u);
  EXPECT_EQ(request->batch.max_bytes, 70000u);
}

TEST(DissectRequestTest, ReadsEveryOption) {
  const auto request = ParseDissectRequest(Serialized(R"pb(
    options {
      two_pass: true
      read_filter: "udp"
      name_resolution { mac: true transport: true vlan: true }
      timestamp_format {
        type: TIMESTAMP_TYPE_UTC
        precision: TIMESTAMP_PRECISION_MILLISECOND
        seconds_type: SECONDS_TYPE_HOUR_MIN_SEC
      }
      preferences { name: "tcp.check_checksum" value: "TRUE" }
      decode_as { table: "tcp.port" selector: "81" protocol: "http" }
      disabled_protocols: "dns"
      enabled_protocols: "x"
      disabled_heuristics: "a_b"
      enabled_heuristics: "c_d"
      tls_key_log: "CLIENT_RANDOM\000"
      hosts: "1.2.3.4 a"
      time_zone: "Europe/Berlin"
      attachments { name: "a" content: "\001\000" }
      attachments { name: "b" }
      ssh_key_log: "s\000"
      wireguard_key_log: "w"
      kerberos_keytab: "\005\002"
      profile: "office"
      lua_scripts { name: "a.lua" content: "x\000" arguments: "1" }
      lua_scripts {}
    }
    read_format: "MIME Files Format"
  )pb"));
  ASSERT_TRUE(request.ok()) << request.status();
  const DissectionOptions& options = request->options;
  EXPECT_TRUE(options.two_pass);
  EXPECT_EQ(options.read_filter, "udp");
  ASSERT_TRUE(options.name_resolution.has_value());
  EXPECT_TRUE(options.name_resolution->mac);
  EXPECT_FALSE(options.name_resolution->network);
  EXPECT_TRUE(options.name_resolution->transport);
  EXPECT_FALSE(options.name_resolution->captured_dns);
  EXPECT_FALSE(options.name_resolution->external_resolver);
  EXPECT_TRUE(options.name_resolution->vlan);
  EXPECT_EQ(options.time_format.type, v1::TIMESTAMP_TYPE_UTC);
  EXPECT_EQ(options.time_format.precision, v1::TIMESTAMP_PRECISION_MILLISECOND);
  EXPECT_EQ(options.time_format.seconds_type, v1::SECONDS_TYPE_HOUR_MIN_SEC);
  ASSERT_EQ(options.preferences.size(), 1u);
  EXPECT_EQ(options.preferences[0].name, "tcp.check_checksum");
  EXPECT_EQ(options.preferences[0].value, "TRUE");
  ASSERT_EQ(options.decode_as.size(), 1u);
  EXPECT_EQ(options.decode_as[0].table, "tcp.port");
  EXPECT_EQ(options.decode_as[0].selector, "81");
  EXPECT_EQ(options.decode_as[0].protocol, "http");
  EXPECT_THAT(options.protocols.disabled_protocols, ElementsAre("dns"));
  EXPECT_THAT(options.protocols.enabled_protocols, ElementsAre("x"));
  EXPECT_THAT(options.protocols.disabled_heuristics, ElementsAre("a_b"));
  EXPECT_THAT(options.protocols.enabled_heuristics, ElementsAre("c_d"));
  EXPECT_EQ(options.tls_key_log, std::string("CLIENT_RANDOM\0", 14));
  EXPECT_EQ(options.hosts, "1.2.3.4 a");
  EXPECT_EQ(options.time_zone, "Europe/Berlin");
  ASSERT_EQ(options.attachments.size(), 2u);
  EXPECT_EQ(options.attachments[0].name, "a");
  EXPECT_EQ(options.attachments[0].content, std::string("\1\0", 2));
  EXPECT_EQ(options.attachments[1].content, "");
  EXPECT_EQ(options.ssh_key_log, std::string("s\0", 2));
  EXPECT_EQ(options.wireguard_key_log, "w");
  EXPECT_EQ(options.kerberos_keytab, "\5\2");
  EXPECT_EQ(options.profile, "office");
  ASSERT_EQ(options.lua_scripts.size(), 2u);
  EXPECT_EQ(options.lua_scripts[0].name, "a.lua");
  EXPECT_EQ(options.lua_scripts[0].content, std::string("x\0", 2));
  EXPECT_THAT(options.lua_scripts[0].arguments, ElementsAre("1"));
  EXPECT_EQ(options.lua_scripts[1].name, "");
  EXPECT_EQ(request->read_format, "MIME Files Format");
}

TEST(DissectRequestTest, BytesReplaceTexts) {
  const auto request = ParseDissectRequest(Serialized(R"pb(
    view {
      raw_display_filter: "\374"
      columns { columns { format: "%m" raw_title: "\375" } }
    }
    options {
      raw_read_filter: "\376"
      preferences { name: "a.b" raw_value: "\377" }
      decode_as { table: "t" raw_selector: "\300" protocol: "p" }
    }
  )pb"));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->view.display_filter, "\374");
  EXPECT_EQ(request->view.columns.columns.at(0).title, "\375");
  EXPECT_EQ(request->options.read_filter, "\376");
  EXPECT_EQ(request->options.preferences.at(0).value, "\377");
  EXPECT_EQ(request->options.decode_as.at(0).selector, "\300");

  const auto both = ParseDissectRequest(Serialized(R"pb(
    view { display_filter: "tcp" raw_display_filter: "\374" }
  )pb"));
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->view.display_filter, "\374");
}

TEST(DissectRequestTest, AbsentNameResolutionIsNotAllOff) {
  const auto request = ParseDissectRequest(Serialized("options {}"));
  ASSERT_TRUE(request.ok());
  EXPECT_FALSE(request->options.name_resolution.has_value());
}

TEST(DissectRequestTest, RefusesNulInText) {
  const auto request =
      ParseDissectRequest(Serialized(R"(view { display_filter: "tcp\000x" })"));
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DissectRequestTest, RefusesGarbage) {
  EXPECT_FALSE(ParseDissectRequest("\x1a\xff\xff\xff\xff\x0f").ok());
  EXPECT_FALSE(ParseDissectRequest("\xff\xff\xff").ok());
}

}  // namespace
}  // namespace dissectd::engine
