// SPDX-License-Identifier: GPL-2.0-or-later

// Drives the real dissectd-engine over its sockets, as dissectd does.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/engine/testing/capture_builder.h"
#include "core/engine/testing/engine_driver.h"
#include "core/ipc/control_packet.h"

namespace dissectd::engine {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

v1::DissectRequest Request(const std::string& text) {
  v1::DissectRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  return request;
}

std::string ThreeFrames() {
  return CaptureBuilder()
      .Add(UdpFrame(1000, 2000, "one"))
      .Add(UdpFrame(2000, 1000, "two"))
      .Add(UdpFrame(1000, 2000, "three"))
      .bytes();
}

class EngineTest : public ::testing::Test {
 protected:
  EngineDriver engine_;
};

TEST_F(EngineTest, StreamsHeaderFramesAndEnd) {
  const Answer answer = engine_.Dissect(ThreeFrames(), Request(""));
  ASSERT_TRUE(answer.status.has_value());
  EXPECT_EQ(answer.status->code(), 0) << answer.status->message();
  ASSERT_GE(answer.messages.size(), 3u);
  const v1::StreamHeader& header = answer.messages.front().header();
  EXPECT_EQ(header.engine_id(), "wireshark-" + header.wireshark_version());
  EXPECT_EQ(header.file().file_type(), "pcap");
  EXPECT_EQ(header.file().encapsulation(), "ether");
  EXPECT_EQ(header.file().timestamp_decimals(), 6u);
  const std::vector<v1::PlainFrame> frames = answer.Frames();
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[2].number(), 3u);
  EXPECT_EQ(frames[2].time().seconds(), 1'700'000'000);
  EXPECT_EQ(frames[2].time().nanos(), 2'000'000);
  EXPECT_EQ(frames[2].captured_length(), 14u + 20 + 8 + 5);
  EXPECT_TRUE(frames[2].has_time());
  const v1::StreamEnd& end = answer.messages.back().end();
  EXPECT_EQ(end.reason(), v1::END_REASON_END_OF_FILE);
  EXPECT_EQ(end.frames_read(), 3u);
  EXPECT_EQ(end.frames_sent(), 3u);
}

TEST_F(EngineTest, OnePassAndTwoPassesGiveTheSameFrames) {
  const char kView[] = "view { tree: TREE_DETAIL_FULL labels: true }";
  const Answer one = engine_.Dissect(ThreeFrames(), Request(kView));
  const Answer two = engine_.Dissect(
      ThreeFrames(),
      Request(std::string(kView) + "options { two_pass: true }"));
  ASSERT_EQ(one.Frames().size(), 3u);
  ASSERT_TRUE(two.status.has_value());
  ASSERT_EQ(two.Frames().size(), 3u) << two.messages.back().DebugString();
  EXPECT_EQ(one.Frames()[1].tree_size(), two.Frames()[1].tree_size());
}

TEST_F(EngineTest, SendsTypedValuesOfChosenFields) {
  const Answer answer = engine_.Dissect(
      ThreeFrames(),
      Request("view { fields: 'ip.src' fields: 'udp.srcport' labels: true }"));
  const v1::FrameBatch& batch = answer.messages[1].batch();
  ASSERT_EQ(batch.fields_size(), 2);
  const v1::Field& source = batch.fields(0).field();
  EXPECT_EQ(source.name(), "ip.src");
  EXPECT_EQ(source.type(), v1::FIELD_TYPE_IPV4);
  EXPECT_EQ(source.protocol(), "ip");
  const v1::Field& port = batch.fields(1).field();
  EXPECT_EQ(port.name(), "udp.srcport");
  EXPECT_EQ(port.display(), v1::FIELD_DISPLAY_PORT_UDP);
  EXPECT_EQ(batch.byte_strings(1), std::string("\x0a\0\0\x01", 4));
  const v1::PlainFrame frame = answer.Frames()[0];
  ASSERT_EQ(frame.fields_size(), 2);
  EXPECT_EQ(frame.fields(0).address_value(), "10.0.0.1");
  EXPECT_EQ(frame.fields(0).layer(), 3u);
  EXPECT_EQ(frame.fields(1).uint32_value(), 1000u);
  EXPECT_EQ(frame.fields(1).layer(), 4u);
  EXPECT_EQ(frame.fields(1).label(), "") << "its value says it all";
}

TEST_F(EngineTest, SendsThePositionsAndBytesOfATree) {
  const Answer answer = engine_.Dissect(
      ThreeFrames(), Request("view { tree: TREE_DETAIL_FULL "
                             "bytes: BYTE_DETAIL_ALL_SOURCES }"));
  const v1::PlainFrame frame = answer.Frames()[0];
  ASSERT_EQ(frame.sources_size(), 1);
  EXPECT_EQ(frame.sources(0).name(), "Frame (45 bytes)");
  EXPECT_EQ(frame.sources(0).data(), UdpFrame(1000, 2000, "one"));
  const v1::PlainNode& last = frame.tree(frame.tree_size() - 1);
  EXPECT_EQ(last.depth(), 1u);
  EXPECT_EQ(last.source_number(), 1u);
}

TEST_F(EngineTest, OmitsSubtreesOfProtocolsThatWereNotChosen) {
  const Answer answer = engine_.Dissect(
      ThreeFrames(), Request("view { tree: TREE_DETAIL_SELECTED "
                             "tree_protocols: 'udp' }"));
  ASSERT_EQ(answer.Frames().size(), 3u);
  int omitted = 0;
  int children = 0;
  const v1::PlainFrame frame = answer.Frames()[0];
  for (const v1::PlainNode& node : frame.tree()) {
    if (node.children_omitted()) ++omitted;
    if (node.depth() > 0) ++children;
  }
  EXPECT_EQ(omitted, 4);  // frame, eth, ip, data.
  EXPECT_GT(children, 4);
}

TEST_F(EngineTest, AppliesFilterRangeAndLimit) {
  const Answer filtered = engine_.Dissect(
      ThreeFrames(), Request("view { display_filter: 'udp.srcport == 1000' }"));
  EXPECT_EQ(filtered.Frames().size(), 2u);
  const Answer ranged = engine_.Dissect(
      ThreeFrames(),
      Request("view { range { first_frame: 2 last_frame: 2 } }"));
  ASSERT_EQ(ranged.Frames().size(), 1u);
  EXPECT_EQ(ranged.Frames()[0].number(), 2u);
  EXPECT_EQ(ranged.messages.back().end().reason(), v1::END_REASON_LIMIT);
  const Answer limited =
      engine_.Dissect(ThreeFrames(), Request("view { range { limit: 1 } }"));
  EXPECT_EQ(limited.Frames().size(), 1u);
}

TEST_F(EngineTest, FillsColumnsOfTheProfileAndOfTheRequest) {
  const Answer profile = engine_.Dissect(
      ThreeFrames(), Request("view { columns { use_profile_columns: true } }"));
  const v1::StreamHeader& header = profile.messages[0].header();
  ASSERT_EQ(header.columns_size(), 7);
  EXPECT_EQ(header.columns(2).title(), "Source");
  EXPECT_EQ(header.columns(2).format(), "%s");
  const v1::FrameBatch& batch = profile.messages[1].batch();
  EXPECT_EQ(batch.strings(static_cast<int>(batch.frames(0).column_indexes(2))),
            "10.0.0.1");
  const Answer custom = engine_.Dissect(
      ThreeFrames(), Request(R"pb(
        view {
          columns {
            columns { format: "%Cus" title: "P\"1" custom_fields: "udp.port" }
            columns { format: "%m" }
          }
        })pb"));
  ASSERT_EQ(custom.status->code(), 0) << custom.status->message();
  EXPECT_EQ(custom.messages[0].header().columns(0).title(), "P\"1");
  const v1::FrameBatch& custom_batch = custom.messages[1].batch();
  EXPECT_EQ(custom_batch.strings(
                static_cast<int>(custom_batch.frames(0).column_indexes(0))),
            "1000,2000");
}

struct BadRequest {
  const char* text;
  int code;
  const char* reason;
};

TEST_F(EngineTest, RefusesWhatHasNoMeaning) {
  constexpr int kInvalid = 3;
  constexpr int kPrecondition = 9;
  const BadRequest cases[] = {
      {"view { display_filter: 'ip.src ==' }", kInvalid,
       "DISPLAY_FILTER_INVALID"},
      {"options { two_pass: true read_filter: 'nosuch' }", kInvalid,
       "DISPLAY_FILTER_INVALID"},
      {"view { fields: 'ip.nosuch' }", kInvalid, "FIELD_UNKNOWN"},
      {"view { tree: TREE_DETAIL_SELECTED tree_protocols: 'nosuch' }", kInvalid,
       "PROTOCOL_UNKNOWN"},
      {"view { columns { columns { format: '%Q' } } }", kInvalid,
       "COLUMN_FORMAT_UNKNOWN"},
      {"view { columns { columns { format: '%Cus' custom_fields: 'x.y' } } }",
       kInvalid, "COLUMN_FIELDS_INVALID"},
      {"options { preferences { name: 'tcp.nosuch' value: '1' } }", kInvalid,
       "PREFERENCE_UNKNOWN"},
      {"options { preferences { name: 'http.tcp.port' value: 'maybe' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      {"options { preferences { name: 'tls.keylog_file' value: '/x' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'ssl.keylog_file' value: '/x' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'tls.keylog_file:/x' } }", kInvalid,
       "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat:pkcs11_libs' value: '\"/x\"' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat' "
       "value: 'RSA Private Keys:\"/x\",\"\"' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'tls.keys_list' "
       "value: '1.2.3.4,443,http,/x' } }",
       kInvalid, "PREFERENCE_OBSOLETE"},
      {"options { preferences { name: 'tls.keylog_file' "
       "value: 'attachment:b' } attachments { name: 'a' } }",
       kInvalid, "ATTACHMENT_UNKNOWN"},
      {"options { preferences { name: 'uat:rsa_keys' "
       "value: '\"attachment:a\",\"\"' } }",
       kInvalid, "ATTACHMENT_UNKNOWN"},
      {"options { preferences { name: 'uat:rsa_keys' "
       "value: '\"\\x2fetc\",\"\"' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      // libwireshark would read the first of these as hexadecimal digits, and
      // the others as several rows or values.
      {"options { preferences { name: 'uat:rsa_keys' value: '2f78,\"\"' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      {"options { preferences { name: 'uat:rsa_keys' "
       "value: '\"attachment:a\",\"\"\\n\"/x\",\"\"' } "
       "attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      {"options { preferences { name: 'uat:rsa_keys' "
       "value: '\"attachment:a\",\"\\\\\"\\n\"/x\",\"\"' } "
       "attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      {"options { preferences { name: 'uat:rsa_keys' "
       "value: '\"attachment:a\"' } attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      // A program, a file that includes others, a file to write and a library.
      {"options { preferences { name: 'snort.binary' "
       "value: 'attachment:a' } attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'mate.config' "
       "value: 'attachment:a' } attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'kip.key_info_file' "
       "value: 'attachment:a' } attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'tls.debug_file' "
       "value: 'attachment:a' } attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat:pkcs11_libs' "
       "value: '\"attachment:a\"' } attachments { name: 'a' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      // Folders of the server, and those that aren't in the request.
      {"options { preferences { name: 'uat:smi_paths' "
       "value: '\"/x\"' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat:protobuf_search_paths' "
       "value: '\"/x\",\"TRUE\"' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat:protobuf_search_paths' "
       "value: '\"attachment:a\",\"TRUE\"' } attachments { name: 'a' } }",
       kInvalid, "ATTACHMENT_UNKNOWN"},
      {"options { preferences { name: 'uat:maxmind_db_paths' "
       "value: '\"attachment:a/..\"' } attachments { name: 'a/b' } }",
       kInvalid, "ATTACHMENT_UNKNOWN"},
      {"options { preferences { name: 'etch.file' "
       "value: 'attachment:a' } attachments { name: 'a/b' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      // A schema, a module and a database with which libwireshark would open
      // other files or wait forever.
      {"options { preferences { name: 'uat:protobuf_search_paths' "
       "value: '\"attachment:a\",\"TRUE\"' } "
       "attachments { name: 'a/b/c.proto' content: 'import \"/etc/hosts\";' } "
       "}",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat:smi_modules' "
       "value: '\"/etc/hosts\"' } }",
       kInvalid, "PREFERENCE_NAMES_FILE"},
      {"options { preferences { name: 'uat:smi_modules' "
       "value: '2f657463' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      {"options { preferences { name: 'uat:maxmind_db_paths' "
       "value: '\"attachment:a\"' } "
       "attachments { name: 'a/b.mmdb' content: 'x' } }",
       kInvalid, "PREFERENCE_VALUE_INVALID"},
      {"options { attachments { name: '../a' } }", kInvalid,
       "ATTACHMENT_NAME_INVALID"},
      {"options { attachments { name: 'a' } attachments { name: 'a/b' } }",
       kInvalid, "ATTACHMENT_NAME_INVALID"},
      {"options { lua_scripts { content: 'print(1)' } }", kPrecondition,
       "LUA_NOT_ALLOWED"},
      {"options { kerberos_keytab: 'x' }", kInvalid, "KEYTAB_INVALID"},
      {"options { profile: 'nosuch' }", kInvalid, "PROFILE_UNKNOWN"},
      {"options { profile: '..' }", kInvalid, "PROFILE_UNKNOWN"},
      {"options { profile: 'Default/../..' }", kInvalid, "PROFILE_UNKNOWN"},
      {"read_format: 'nosuch'", kInvalid, "READ_FORMAT_UNKNOWN"},
      {"options { decode_as { table: 'nosuch' protocol: 'http' } }", kInvalid,
       "DECODE_AS_TABLE_UNKNOWN"},
      {"options { decode_as { table: 'udp.port' selector: 'x' "
       "protocol: 'dns' } }",
       kInvalid, "DECODE_AS_SELECTOR_INVALID"},
      {"options { decode_as { table: 'udp.port' selector: '1' "
       "protocol: 'nosuch' } }",
       kInvalid, "DECODE_AS_PROTOCOL_UNKNOWN"},
      {"options { disabled_protocols: 'nosuch' }", kInvalid,
       "PROTOCOL_UNKNOWN"},
      {"options { enabled_heuristics: 'nosuch' }", kInvalid,
       "HEURISTIC_UNKNOWN"},
      {"options { name_resolution { external_resolver: true } }", kPrecondition,
       "EXTERNAL_RESOLVER_NOT_ALLOWED"},
      {"options { time_zone: 'Europe/Berln' }", kInvalid, "TIME_ZONE_INVALID"},
      {"options { time_zone: '../../etc/passwd' }", kInvalid,
       "TIME_ZONE_INVALID"},
  };
  for (const BadRequest& bad : cases) {
    const Answer answer = engine_.Dissect(ThreeFrames(), Request(bad.text));
    ASSERT_TRUE(answer.status.has_value()) << bad.text;
    EXPECT_EQ(answer.status->code(), bad.code) << bad.text;
    EXPECT_EQ(answer.Failure().reason(), bad.reason) << bad.text;
    EXPECT_NE(answer.status->message(), "") << bad.text;
    EXPECT_TRUE(answer.messages.empty()) << bad.text;
  }
}

TEST_F(EngineTest, SaysWhereAFilterIsWrong) {
  const Answer answer = engine_.Dissect(
      ThreeFrames(), Request("view { display_filter: 'udp && ip.nosuch' }"));
  EXPECT_EQ(answer.Failure().span().start(), 7u);
  EXPECT_THAT(answer.status->message(), HasSubstr("ip.nosuch"));
}

TEST_F(EngineTest, TellsUnreadableFilesApart) {
  EXPECT_EQ(engine_.Dissect("", Request("")).Failure().reason(), "FILE_EMPTY");
  EXPECT_EQ(
      engine_.Dissect(std::string(300, '\xa5'), Request("")).Failure().reason(),
      "FILE_UNKNOWN_FORMAT");
  EXPECT_EQ(engine_.Dissect(CaptureBuilder(65000).bytes(), Request(""))
                .Failure()
                .reason(),
            "ENCAPSULATION_UNSUPPORTED");
}

TEST_F(EngineTest, SendsTheGoodFramesOfACutFile) {
  const std::string cut = CaptureBuilder()
                              .Add(UdpFrame(1000, 2000, "one"))
                              .AddCutShort(UdpFrame(1000, 2000, "two"), 7)
                              .bytes();
  for (const char* options : {"", "options { two_pass: true }"}) {
    const Answer answer = engine_.Dissect(cut, Request(options));
    EXPECT_EQ(answer.status->code(), 0);
    EXPECT_EQ(answer.Frames().size(), 1u);
    const v1::StreamEnd& end = answer.messages.back().end();
    EXPECT_EQ(end.reason(), v1::END_REASON_READ_ERROR);
    EXPECT_EQ(end.read_error().reason(), "FILE_CUT_SHORT");
    EXPECT_THAT(end.read_error().message(),
                HasSubstr("\"test.pcap\" appears to have been cut short"));
  }
}

TEST_F(EngineTest, SettingsNeverReachAnotherWorker) {
  const std::string capture =
      CaptureBuilder().Add(UdpFrame(1000, 7777, "<13>hello")).bytes();
  const Answer decoded = engine_.Dissect(
      capture, Request("view { fields: 'syslog' } options { decode_as { table: "
                       "'udp.port' selector: '7777' protocol: 'syslog' } }"));
  EXPECT_EQ(decoded.Frames()[0].fields_size(), 1);
  const Answer plain =
      engine_.Dissect(capture, Request("view { fields: 'syslog' }"));
  EXPECT_EQ(plain.Frames()[0].fields_size(), 0);
}

TEST_F(EngineTest, LoadsDissectorPluginsInC) {
  // gryphon is a plugin that comes with libwireshark.
  const Answer answer =
      engine_.Dissect(ThreeFrames(), Request("view { fields: 'gryphon' }"));
  EXPECT_EQ(answer.status->code(), 0) << answer.status->message();
}

TEST(EnginePluginTest, LoadsDissectorPluginsInLua) {
  const std::string home = std::string(std::getenv("TEST_TMPDIR")) + "/home";
  const std::string folder = home + "/.local/lib/wireshark/plugins";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/greeting.lua") << R"lua(
    local greeting = Proto("greeting", "A Greeting in Lua")
    local text = ProtoField.string("greeting.text", "Text")
    greeting.fields = { text }
    function greeting.dissector(tvb, pinfo, tree)
      tree:add(greeting, tvb()):add(text, tvb())
    end
    DissectorTable.get("udp.port"):add(7777, greeting)
  )lua";
  setenv("HOME", home.c_str(), 1);
  EngineDriver engine({"--allow-plugins"});
  const Answer answer =
      engine.Dissect(CaptureBuilder().Add(UdpFrame(1, 7777, "hello")).bytes(),
                     Request("view { fields: 'greeting.text' }"));
  ASSERT_EQ(answer.status->code(), 0) << answer.status->message();
  const v1::PlainFrame frame = answer.Frames()[0];
  ASSERT_EQ(frame.fields_size(), 1);
  EXPECT_EQ(frame.fields(0).string_value(), "hello");
}

// Returns a request with a script that dissects port 7777, and one that prints
// and fails.
v1::DissectRequest RequestWithScripts() {
  v1::DissectRequest request =
      Request("view { fields: 'said.text' display_filter: 'said.text' }");
  v1::LuaScript* said = request.mutable_options()->add_lua_scripts();
  said->set_content(R"lua(
    local said = Proto("said", "Said in Lua")
    local text = ProtoField.string("said.text", "Text")
    said.fields = { text }
    local before = ...
    function said.dissector(tvb, pinfo, tree)
      print("this is for nobody")
      tree:add(said, tvb()):add(text, tvb(), before .. tvb():string())
    end
    DissectorTable.get("udp.port"):add(7777, said)
  )lua");
  said->add_arguments("> ");
  v1::LuaScript* failing = request.mutable_options()->add_lua_scripts();
  failing->set_name("failing.lua");
  failing->set_content("print('begun')\nerror('failed')");
  return request;
}

TEST(LuaScriptTest, RunInTheWorkerOfTheirRequestOnly) {
  EngineDriver engine({"--allow-lua"});
  const std::string capture =
      CaptureBuilder().Add(UdpFrame(1, 7777, "hello")).bytes();
  const Answer answer = engine.Dissect(capture, RequestWithScripts());
  ASSERT_EQ(answer.status->code(), 0) << answer.status->message();
  const v1::PlainFrame frame = answer.Frames()[0];
  ASSERT_EQ(frame.fields_size(), 1);
  EXPECT_EQ(frame.fields(0).string_value(), "> hello");
  const v1::StreamHeader& header = answer.messages[0].header();
  ASSERT_EQ(header.notices_size(), 2);
  EXPECT_EQ(header.notices(0), "begun");
  EXPECT_THAT(header.notices(1), HasSubstr("failing.lua:2: failed"));

  const Answer without =
      engine.Dissect(capture, Request("view { fields: 'said.text' }"));
  EXPECT_NE(without.status->code(), 0);
}

TEST(LuaScriptTest, TheirNamesAreFileNames) {
  EngineDriver engine({"--allow-lua"});
  for (const std::string name :
       {"../a.lua", "/tmp/a.lua", "..", "failing.lua", "a\nb"}) {
    v1::DissectRequest request = RequestWithScripts();
    request.mutable_options()->add_lua_scripts()->set_name(name);
    EXPECT_EQ(engine.Dissect(ThreeFrames(), request).Failure().reason(),
              "LUA_SCRIPT_NAME_INVALID")
        << name;
  }
}

constexpr char kTwoPasses[] =
    "view { tree: TREE_DETAIL_FULL labels: true } options { two_pass: true }";

TEST(PassWorkerTest, TheStreamIsTheSameHoweverManyPassWorkersThereAre) {
  CaptureBuilder capture;
  for (int i = 0; i < 2'000; ++i) {
    capture.Add(UdpFrame(1000, static_cast<uint16_t>(2000 + i % 300), "x"));
  }
  EngineDriver alone({"--pass-workers=1", "--allow-plugins"});
  EngineDriver many({"--pass-workers=5"});
  const std::string time_range =
      "view { range { limit: 500 from_time { seconds: 1700000000 nanos: "
      "300000000 } until_time { seconds: 1700000001 nanos: 100 } } }";
  for (const std::string& view : std::vector<std::string>{
           "", "view { display_filter: 'udp.dstport % 2 == 1' }",
           "view { range { limit: 700 } }",
           "view { range { first_frame: 300 } }", time_range}) {
    v1::DissectRequest request = Request(kTwoPasses);
    request.MergeFrom(Request(view));
    const Answer one = alone.Dissect(capture.bytes(), request);
    const Answer five = many.Dissect(capture.bytes(), request);
    ASSERT_EQ(one.status->code(), 0) << one.status->message();
    ASSERT_GT(one.messages.size(), 3u);
    EXPECT_EQ(one.Stream(), five.Stream()) << view;
  }
}

// Makes engines that start from now on load a dissector in Lua.
void InstallDissector(const std::string& name, const std::string& code) {
  const std::string home = std::string(std::getenv("TEST_TMPDIR")) + "/" + name;
  const std::string folder = home + "/.local/lib/wireshark/plugins";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/" + name + ".lua") << code;
  setenv("HOME", home.c_str(), 1);
}

// The dissector begins a conversation when it sees a frame for a second time.
TEST(PassWorkerTest, ConversationsOfTheSecondPassAreTheSameInAllPassWorkers) {
  InstallDissector("late", R"lua(
    local late = Proto("late", "Late")
    function late.dissector(tvb, pinfo, tree)
      if pinfo.visited then Dissector.get("udp"):call(tvb, pinfo, tree) end
    end
    DissectorTable.get("udp.port"):add(7777, late)
  )lua");
  CaptureBuilder capture;
  for (int number = 1; number <= 4'000; ++number) {
    const bool first_of_two = number % 500 == 7;
    const bool late = first_of_two || number % 500 == 300;
    // The ICMP message is about a datagram from port 1 that comes only later.
    const std::string inner = {0, 1, 0, static_cast<char>(number / 500 + 2),
                               0, 8, 0, 0};
    capture.Add(UdpFrame(1000, late ? 7777 : 2000, late ? inner : "payload"));
  }
  EngineDriver alone({"--pass-workers=1", "--allow-plugins"});
  EngineDriver many({"--pass-workers=3", "--allow-plugins"});
  const v1::DissectRequest request = Request(
      "view { fields: 'udp.stream' tree: TREE_DETAIL_FULL } "
      "options { two_pass: true }");
  const Answer one = alone.Dissect(capture.bytes(), request);
  const Answer three = many.Dissect(capture.bytes(), request);
  ASSERT_EQ(one.status->code(), 0) << one.status->message();
  EXPECT_EQ(one.Stream(), three.Stream());
  const std::vector<v1::PlainFrame> frames = one.Frames();
  ASSERT_EQ(frames.size(), 4'000u);
  // There is one conversation from the first pass, one that all frames belong
  // to, and one for each pair of frames that the dissector has seen again.
  const v1::PlainFrame& last = frames[3'799];
  ASSERT_EQ(last.fields_size(), 2);
  EXPECT_EQ(last.fields(1).uint32_value(), 9u);
}

// The dissector counts the frames that it has seen for a second time, as HTTP's
// does with requests. A pass worker that dissects only its own frames would not
// know the number.
TEST(PassWorkerTest, StateThatTheSecondPassChangesIsTheSameInAllPassWorkers) {
  InstallDissector("count", R"lua(
    local count = Proto("count", "Count")
    local seen = ProtoField.uint32("count.seen", "Seen again")
    count.fields = { seen }
    local number = 0
    function count.dissector(tvb, pinfo, tree)
      if pinfo.visited then number = number + 1 end
      tree:add(count, tvb()):add(seen, number)
    end
    DissectorTable.get("udp.port"):add(7777, count)
  )lua");
  CaptureBuilder capture;
  for (int number = 1; number <= 3'000; ++number) {
    capture.Add(UdpFrame(1000, number % 3 == 0 ? 7777 : 2000, "payload"));
  }
  EngineDriver engine({"--pass-workers=3", "--allow-plugins"});
  const Answer answer = engine.Dissect(
      capture.bytes(),
      Request("view { fields: 'count.seen' tree: TREE_DETAIL_FULL } "
              "options { two_pass: true }"));
  ASSERT_EQ(answer.status->code(), 0) << answer.status->message();
  const std::vector<v1::PlainFrame> frames = answer.Frames();
  ASSERT_EQ(frames.size(), 3'000u);
  for (uint32_t count = 1; count <= 1'000; ++count) {
    const v1::PlainFrame& frame = frames[3 * count - 1];
    ASSERT_EQ(frame.fields_size(), 1) << frame.number();
    ASSERT_EQ(frame.fields(0).uint32_value(), count) << frame.number();
  }
}

// The dissector ends the process when it sees the frame for a second time.
TEST(PassWorkerTest, ACrashCostsTheFrameOnly) {
  v1::DissectRequest request = Request(kTwoPasses);
  request.mutable_options()->add_lua_scripts()->set_content(R"lua(
    local crash = Proto("crash", "Crash")
    function crash.dissector(tvb, pinfo, tree)
      pinfo.cols.protocol = "CRASH"
      if pinfo.visited then os.execute("kill -SEGV $PPID") end
    end
    DissectorTable.get("udp.port"):add(7777, crash)
  )lua");
  CaptureBuilder capture;
  for (int number = 1; number <= 1'500; ++number) {
    const bool crashes = number == 3 || number == 700;
    capture.Add(UdpFrame(1, crashes ? 7777 : 2, "payload"));
  }
  EngineDriver engine({"--pass-workers=2", "--allow-lua"});
  const Answer answer = engine.Dissect(capture.bytes(), request);
  ASSERT_TRUE(answer.status.has_value());
  EXPECT_EQ(answer.status->code(), 0) << answer.status->message();
  uint32_t expected = 1;
  for (const v1::DissectResponse& message : answer.messages) {
    if (message.has_crash()) {
      EXPECT_THAT(expected, AnyOf(3u, 700u));
      EXPECT_EQ(message.crash().frame_number(), expected++);
      EXPECT_EQ(message.crash().signal(), SIGSEGV);
    }
    for (const v1::Frame& frame : message.batch().frames()) {
      EXPECT_EQ(frame.number(), expected++);
    }
  }
  EXPECT_EQ(expected, 1'501u);
  EXPECT_EQ(answer.messages.back().end().frames_sent(), 1'498u);
}

TEST_F(EngineTest, ReportsHowAWorkerDied) {
  const auto worker =
      engine_.Start(ipc::WorkerKind::kDissection, ThreeFrames());
  engine_.Kill(*worker);
  const ipc::ControlMessage ended = engine_.WaitForEnd();
  EXPECT_EQ(ended.worker_id, worker->id());
  ASSERT_TRUE(WIFSIGNALED(ended.wait_status));
  EXPECT_EQ(WTERMSIG(ended.wait_status), SIGKILL);
  EXPECT_FALSE(worker->Finish().status.has_value());
}

TEST_F(EngineTest, NotesFrameAndProtocolOfACrash) {
  // The stream is far larger than the socket's buffer, so the worker blocks in
  // mid-stream.
  CaptureBuilder capture;
  for (int i = 0; i < 20'000; ++i) capture.Add(UdpFrame(1000, 2000, "payload"));
  const auto worker =
      engine_.Start(ipc::WorkerKind::kDissection, capture.bytes());
  worker->Request("x.pcap", Request("view { tree: TREE_DETAIL_FULL }"));
  ASSERT_TRUE(worker->Next().has_value());  // The header.
  ASSERT_TRUE(worker->Next().has_value());  // Frames.
  const auto other = engine_.Start(ipc::WorkerKind::kDissection, ThreeFrames());
  engine_.Kill(*worker);
  EXPECT_EQ(engine_.WaitForEnd().worker_id, worker->id());
  EXPECT_GT(worker->page().frame_number.load(), 1u);
  EXPECT_LT(worker->page().frame_number.load(), 20'000u);
  other->Request("y.pcap", Request(""));
  EXPECT_EQ(other->Finish().Frames().size(), 3u);
}

TEST_F(EngineTest, EndsAWorkerWhoseClientIsGone) {
  CaptureBuilder capture;
  for (int i = 0; i < 20'000; ++i) capture.Add(UdpFrame(1000, 2000, "payload"));
  {
    const auto worker =
        engine_.Start(ipc::WorkerKind::kDissection, capture.bytes());
    worker->Request("x.pcap", Request("view { tree: TREE_DETAIL_FULL }"));
    ASSERT_TRUE(worker->Next().has_value());
  }
  const ipc::ControlMessage ended = engine_.WaitForEnd();
  EXPECT_TRUE(WIFEXITED(ended.wait_status));
}

TEST_F(EngineTest, SaysWhichEngineItIs) {
  EXPECT_THAT(engine_.id(), ::testing::StartsWith("wireshark-4."));
}

// AddressSanitizer maps so much memory that a limit ends the process.
#ifndef __SANITIZE_ADDRESS__
TEST_F(EngineTest, LimitsApplyBeforeAnythingIsRead) {
  // The limit is below what the process has already, so nothing can be mapped
  // any more.
  ipc::WorkerLimits limits = {};
  limits.address_space_bytes = 1 << 20;
  for (const bool limited : {true, false}) {
    const auto worker =
        engine_.Start(ipc::WorkerKind::kDissection, ThreeFrames(),
                      limited ? limits : ipc::WorkerLimits());
    worker->Request("limited.pcap", Request(""));
    const Answer answer = worker->Finish();
    ASSERT_TRUE(answer.status.has_value());
    EXPECT_EQ(answer.status->code() != 0, limited);
    engine_.WaitForEnd();
  }
}
#endif  // __SANITIZE_ADDRESS__

TEST_F(EngineTest, AWorkerOfOneKindServesNoOther) {
  const auto worker =
      engine_.Start(ipc::WorkerKind::kStatistics, ThreeFrames());
  worker->Request("kind.pcap", Request(""));
  const Answer answer = worker->Finish();
  ASSERT_TRUE(answer.status.has_value());
  EXPECT_EQ(answer.status->code(), 13);
  EXPECT_TRUE(answer.messages.empty());
}

TEST_F(EngineTest, StartsNoWorkerForAnotherEngine) {
  ipc::ControlMessage message =
      ipc::MakeControlMessage(ipc::ControlKind::kStartWorker, 1000);
  message.worker_kind = ipc::WorkerKind::kDissection;
  ipc::SetEngine("wireshark-1.0.0", &message);
  engine_.SendControl(message, {0, 0, 0});
  const ipc::ControlMessage ended = engine_.WaitForEnd();
  EXPECT_EQ(ended.worker_id, 1000u);
  EXPECT_EQ(ended.pid, 0);
  EXPECT_EQ(ended.wait_status, EINVAL);
}

}  // namespace
}  // namespace dissectd::engine
