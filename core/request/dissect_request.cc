// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/dissect_request.h"

#include <protozero/pbf_message.hpp>

#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

absl::string_view Bytes(protozero::data_view bytes) {
  return {bytes.data(), bytes.size()};
}

ColumnSpec ReadColumn(protozero::data_view bytes) {
  ColumnSpec column;
  TextOrBytes title;
  protozero::pbf_message<schema::Column> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::Column::kFormat:
        column.format = Text(&message);
        break;
      case schema::Column::kTitle:
        title.ReadText(&message);
        break;
      case schema::Column::kRawTitle:
        title.ReadBytes(&message);
        break;
      case schema::Column::kCustomFields:
        column.custom_fields = Text(&message);
        break;
      case schema::Column::kCustomOccurrence:
        column.custom_occurrence = message.get_int32();
        break;
      case schema::Column::kResolved:
        column.resolved = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  column.title = title.value();
  return column;
}

ColumnSelection ReadColumnSelection(protozero::data_view bytes) {
  ColumnSelection selection;
  protozero::pbf_message<schema::ColumnSelection> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::ColumnSelection::kUseProfileColumns:
        selection.use_profile_columns = GetBool(&message);
        break;
      case schema::ColumnSelection::kColumns:
        selection.columns.push_back(ReadColumn(message.get_view()));
        break;
      default:
        message.skip();
    }
  }
  return selection;
}

View ReadView(protozero::data_view bytes) {
  View view;
  TextOrBytes display_filter;
  protozero::pbf_message<schema::View> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::View::kDisplayFilter:
        display_filter.ReadText(&message);
        break;
      case schema::View::kRawDisplayFilter:
        display_filter.ReadBytes(&message);
        break;
      case schema::View::kRange:
        view.range = ReadFrameRange(Bytes(message.get_view()));
        break;
      case schema::View::kColumns:
        view.columns = ReadColumnSelection(message.get_view());
        break;
      case schema::View::kFields:
        view.fields.push_back(Text(&message));
        break;
      case schema::View::kTree:
        view.tree = static_cast<TreeDetail>(message.get_enum());
        break;
      case schema::View::kTreeProtocols:
        view.tree_protocols.push_back(Text(&message));
        break;
      case schema::View::kLabels:
        view.labels = GetBool(&message);
        break;
      case schema::View::kBytes:
        view.bytes = static_cast<ByteDetail>(message.get_enum());
        break;
      case schema::View::kForm:
        view.form = static_cast<Form>(message.get_enum());
        break;
      case schema::View::kIncludeHidden:
        view.include_hidden = GetBool(&message);
        break;
      case schema::View::kColors:
        view.colors = GetBool(&message);
        break;
      case schema::View::kMaxBytesPerSource:
        view.max_bytes_per_source = message.get_uint32();
        break;
      case schema::View::kMaxValueBytes:
        view.max_value_bytes = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  view.display_filter = display_filter.value();
  return view;
}

NameResolutionFlags ReadNameResolution(protozero::data_view bytes) {
  NameResolutionFlags flags;
  protozero::pbf_message<schema::NameResolution> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::NameResolution::kMac:
        flags.mac = GetBool(&message);
        break;
      case schema::NameResolution::kNetwork:
        flags.network = GetBool(&message);
        break;
      case schema::NameResolution::kTransport:
        flags.transport = GetBool(&message);
        break;
      case schema::NameResolution::kCapturedDns:
        flags.captured_dns = GetBool(&message);
        break;
      case schema::NameResolution::kExternalResolver:
        flags.external_resolver = GetBool(&message);
        break;
      case schema::NameResolution::kVlan:
        flags.vlan = GetBool(&message);
        break;
      case schema::NameResolution::kHandshakeSni:
        flags.handshake_sni = GetBool(&message);
        break;
      case schema::NameResolution::kSs7PointCodes:
        flags.ss7_point_codes = GetBool(&message);
        break;
      case schema::NameResolution::kGeoip:
        flags.geoip = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  return flags;
}

TimeFormat ReadTimeFormat(protozero::data_view bytes) {
  TimeFormat format;
  protozero::pbf_message<schema::TimestampFormat> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::TimestampFormat::kType:
        format.type = message.get_enum();
        break;
      case schema::TimestampFormat::kPrecision:
        format.precision = message.get_enum();
        break;
      case schema::TimestampFormat::kSecondsType:
        format.seconds_type = message.get_enum();
        break;
      default:
        message.skip();
    }
  }
  return format;
}

PreferenceSetting ReadPreference(protozero::data_view bytes) {
  PreferenceSetting setting;
  TextOrBytes value;
  protozero::pbf_message<schema::PreferenceSetting> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::PreferenceSetting::kName:
        setting.name = Text(&message);
        break;
      case schema::PreferenceSetting::kValue:
        value.ReadText(&message);
        break;
      case schema::PreferenceSetting::kRawValue:
        value.ReadBytes(&message);
        break;
      default:
        message.skip();
    }
  }
  setting.value = value.value();
  return setting;
}

DecodeAsRule ReadDecodeAs(protozero::data_view bytes) {
  DecodeAsRule rule;
  TextOrBytes selector;
  protozero::pbf_message<schema::DecodeAs> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::DecodeAs::kTable:
        rule.table = Text(&message);
        break;
      case schema::DecodeAs::kSelector:
        selector.ReadText(&message);
        break;
      case schema::DecodeAs::kRawSelector:
        selector.ReadBytes(&message);
        break;
      case schema::DecodeAs::kProtocol:
        rule.protocol = Text(&message);
        break;
      default:
        message.skip();
    }
  }
  rule.selector = selector.value();
  return rule;
}

Attachment ReadAttachment(protozero::data_view bytes) {
  Attachment attachment;
  protozero::pbf_message<schema::Attachment> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::Attachment::kName:
        attachment.name = Text(&message);
        break;
      case schema::Attachment::kContent:
        attachment.content = message.get_bytes();
        break;
      default:
        message.skip();
    }
  }
  return attachment;
}

LuaScript ReadLuaScript(protozero::data_view bytes) {
  LuaScript script;
  protozero::pbf_message<schema::LuaScript> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::LuaScript::kName:
        script.name = Text(&message);
        break;
      case schema::LuaScript::kContent:
        script.content = message.get_bytes();
        break;
      case schema::LuaScript::kArguments:
        script.arguments.push_back(Text(&message));
        break;
      default:
        message.skip();
    }
  }
  return script;
}

DissectionOptions ReadOptions(protozero::data_view bytes) {
  DissectionOptions options;
  TextOrBytes read_filter;
  protozero::pbf_message<schema::DissectionOptions> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::DissectionOptions::kTwoPass:
        options.two_pass = GetBool(&message);
        break;
      case schema::DissectionOptions::kReadFilter:
        read_filter.ReadText(&message);
        break;
      case schema::DissectionOptions::kRawReadFilter:
        read_filter.ReadBytes(&message);
        break;
      case schema::DissectionOptions::kNameResolution:
        options.name_resolution = ReadNameResolution(message.get_view());
        break;
      case schema::DissectionOptions::kTimestampFormat:
        options.time_format = ReadTimeFormat(message.get_view());
        break;
      case schema::DissectionOptions::kPreferences:
        options.preferences.push_back(ReadPreference(message.get_view()));
        break;
      case schema::DissectionOptions::kDecodeAs:
        options.decode_as.push_back(ReadDecodeAs(message.get_view()));
        break;
      case schema::DissectionOptions::kDisabledProtocols:
        options.protocols.disabled_protocols.push_back(Text(&message));
        break;
      case schema::DissectionOptions::kEnabledProtocols:
        options.protocols.enabled_protocols.push_back(Text(&message));
        break;
      case schema::DissectionOptions::kDisabledHeuristics:
        options.protocols.disabled_heuristics.push_back(Text(&message));
        break;
      case schema::DissectionOptions::kEnabledHeuristics:
        options.protocols.enabled_heuristics.push_back(Text(&message));
        break;
      case schema::DissectionOptions::kTlsKeyLog:
        options.tls_key_log = message.get_bytes();
        break;
      case schema::DissectionOptions::kHosts:
        options.hosts = message.get_bytes();
        break;
      case schema::DissectionOptions::kTimeZone:
        options.time_zone = Text(&message);
        break;
      case schema::DissectionOptions::kDefaultDecodeAs:
        options.default_decode_as = GetBool(&message);
        break;
      case schema::DissectionOptions::kAttachments:
        options.attachments.push_back(ReadAttachment(message.get_view()));
        break;
      case schema::DissectionOptions::kSshKeyLog:
        options.ssh_key_log = message.get_bytes();
        break;
      case schema::DissectionOptions::kWireguardKeyLog:
        options.wireguard_key_log = message.get_bytes();
        break;
      case schema::DissectionOptions::kKerberosKeytab:
        options.kerberos_keytab = message.get_bytes();
        break;
      case schema::DissectionOptions::kProfile:
        options.profile = Text(&message);
        break;
      case schema::DissectionOptions::kLuaScripts:
        options.lua_scripts.push_back(ReadLuaScript(message.get_view()));
        break;
      default:
        message.skip();
    }
  }
  options.read_filter = read_filter.value();
  return options;
}

BatchOptions ReadBatch(protozero::data_view bytes) {
  BatchOptions batch;
  protozero::pbf_message<schema::BatchOptions> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::BatchOptions::kMaxFrames:
        batch.max_frames = message.get_uint32();
        break;
      case schema::BatchOptions::kMaxBytes:
        batch.max_bytes = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return batch;
}

LiveOptions ReadLive(protozero::data_view bytes) {
  LiveOptions live;
  protozero::pbf_message<schema::LiveOptions> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::LiveOptions::kResetAfterFrames:
        live.reset_after_frames = message.get_uint32();
        break;
      case schema::LiveOptions::kResetAfterMib:
        live.reset_after_mib = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return live;
}

DissectRequest ReadDissectRequest(protozero::data_view bytes) {
  DissectRequest request;
  protozero::pbf_message<schema::DissectRequest> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::DissectRequest::kView:
        request.view = ReadView(message.get_view());
        break;
      case schema::DissectRequest::kOptions:
        request.options = ReadOptions(message.get_view());
        break;
      case schema::DissectRequest::kBatch:
        request.batch = ReadBatch(message.get_view());
        break;
      case schema::DissectRequest::kLive:
        request.live = ReadLive(message.get_view());
        break;
      case schema::DissectRequest::kReadFormat:
        request.read_format = Text(&message);
        break;
      default:
        message.skip();
    }
  }
  return request;
}

}  // namespace

absl::StatusOr<DissectRequest> ParseDissectRequest(absl::string_view bytes) {
  ASSIGN_OR_RETURN(DissectRequest request,
                   ReadRequestWith("DissectRequest", [bytes] {
                     return ReadDissectRequest({bytes.data(), bytes.size()});
                   }));
  RETURN_IF_ERROR(CheckFrameRange(request.view.range));
  return request;
}

absl::StatusOr<ColumnSpec> ParseColumn(absl::string_view bytes) {
  return ReadRequestWith("Column", [bytes] {
    return ReadColumn({bytes.data(), bytes.size()});
  });
}

absl::StatusOr<DissectionOptions> ParseDissectionOptions(
    absl::string_view bytes) {
  return ReadRequestWith("DissectionOptions", [bytes] {
    return ReadOptions({bytes.data(), bytes.size()});
  });
}

}  // namespace dissectd::engine
